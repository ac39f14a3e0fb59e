"""Lineage of a vetted query: its scopes are walked from the tables up; what cannot be followed is said so.

sqlglot reads the text, gives every column its table and takes stars apart; the walk over scopes is ours. A query that
the gate let pass never fails here: where a name finds no place, every output is said to come from every column of the
tables read, and the lineage is marked as not exact.

A mask on a column lies beneath the query, so it counts as the first step: `masks` says which.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

from shuzheng.engines.lake.rules.lineage.gathering import (
    Masks,
    Origins,
    Relation,
    all_of,
    carry,
    every_column,
    leaf,
    make_lineage,
)
from shuzheng.engines.lake.rules.parsing import SQL, parse_texts
from shuzheng.engines.lake.types.lineage import By, How, Lineage, Origin, Source
from shuzheng.engines.lake.types.tables import Table, TableCode

_GATHERED: Final[tuple[tuple[type[exp.Expr], How], ...]] = (
    (exp.Column, How.AS_IS),
    (exp.Query, How.AS_IS),
    (exp.Count, How.COUNTED),
    (exp.CountIf, How.COUNTED),
    (exp.ApproxDistinct, How.COUNTED),
    (exp.Sum, How.SUMMED),
    (exp.Min, How.LEAST),
    (exp.Max, How.MOST),
    (exp.AggFunc, How.GATHERED),
)
_CHOOSING: Final = (
    ("where", By.FILTERED),
    ("having", By.FILTERED),
    ("qualify", By.FILTERED),
    ("group", By.GROUPED),
    ("distinct", By.GROUPED),
    ("order", By.SORTED),
    ("limit", By.SORTED),
)
_WHOLE: Final = (exp.Paren, exp.Alias, exp.Filter, exp.WithinGroup)
"""What lies around an expression without changing what becomes of its values."""


class _Lost(Exception):
    """A name finds no place."""


def lineage_of_sql(text: str, tables: Mapping[TableCode, Table], *, masks: Masks | None = None) -> Lineage:
    """Return where each column of a query's result comes from.

    Args:
        text: One SELECT or set operation over names of tables, in DuckDB's dialect, as the gate let it pass.
        tables: What the actor may read; a star stands for the columns given here and no others.
        masks: What lies on columns for the actor; what is not named lies open.
    """
    try:
        [first] = parse_texts(text)
        parsed = _unwrapped(first)
    except (SqlglotError, RecursionError, ValueError):
        return _everything(["*"], tables.values(), masks or {})
    read = {table.name.lower() for table in parsed.find_all(exp.Table)}
    read_tables = [table for code, table in tables.items() if code.lower() in read]
    typed = _typed_names(parsed)
    try:
        return _followed(parsed, read_tables, masks or {}, typed)
    except (SqlglotError, _Lost, RecursionError, KeyError, AttributeError, TypeError, ValueError):
        return _everything(typed or ["*"], read_tables, masks or {})


def _followed(parsed: exp.Expr, tables: list[Table], masks: Masks, typed: list[str]) -> Lineage:
    schema: dict[str, object] = {
        table.code.lower(): {column.name.lower(): "TEXT" for column in table.columns} for table in tables
    }
    qualified = qualify(
        parsed.copy(),
        dialect=SQL,
        schema=schema,
        validate_qualify_columns=False,
        quote_identifiers=False,
        isolate_tables=False,
    )
    scope = build_scope(qualified)
    if scope is None:
        raise _Lost
    found = _Walk(tables, masks).relation(scope)
    names = _names(typed, list(found.columns))
    return make_lineage(list(zip(names, found.columns.values(), strict=True)), found.influences, exact=True)


def _unwrapped(parsed: exp.Expr) -> exp.Expr:
    """Take off parentheses that hold a whole query and nothing beside it."""
    while isinstance(parsed, exp.Subquery) and not any(value for key, value in parsed.args.items() if key != "this"):
        parsed = parsed.this
    return parsed


def _typed_names(parsed: exp.Expr) -> list[str]:
    """Return the names of outputs as they were typed; of what has no name its text."""
    first = parsed
    while isinstance(first, exp.SetOperation | exp.Subquery):
        first = first.this
    if not isinstance(first, exp.Select):
        return []
    return [
        one.alias or (one.name if isinstance(one, exp.Column | exp.Star) else one.sql(SQL)) for one in first.expressions
    ]


def _names(typed: list[str], found: list[str]) -> list[str]:
    if len(typed) == len(found) and "*" not in typed:
        return typed
    written = {name.lower(): name for name in typed}
    return [written.get(name, name) for name in found]


def _everything(names: list[str], tables: Iterable[Table], masks: Masks) -> Lineage:
    origins = all_of(
        carry({leaf(table.code, column.name, masks)}, How.COMPUTED) for table in tables for column in table.columns
    )
    return make_lineage([(name or "*", origins) for name in names], (), exact=False)


class _Walk:
    """Walks the scopes of one query; each once."""

    def __init__(self, tables: Iterable[Table], masks: Masks) -> None:
        self._tables = {table.code.lower(): table for table in tables}
        self._masks = masks
        self._known: dict[int, Relation] = {}

    def relation(self, scope: Scope) -> Relation:
        """Return the columns a scope gives."""
        if id(scope) not in self._known:
            self._known[id(scope)] = self._walked(scope)
        return self._known[id(scope)]

    def _walked(self, scope: Scope) -> Relation:
        if scope.set_operation_scopes:
            return self._set_operation(scope)
        if isinstance(scope.expression, exp.Select):
            return self._select(scope, scope.expression)
        if scope.is_udtf:
            return self._table_function(scope)
        raise _Lost

    def _select(self, scope: Scope, select: exp.Select) -> Relation:
        below = [self._source(source) for source in self._selected(scope)]
        made = Relation({}, {one for source in below for one in source.influences}, all_of(one.rows for one in below))
        for number, expression in enumerate(select.expressions):
            if isinstance(expression, exp.Star) or (isinstance(expression, exp.Column) and expression.is_star):
                raise _Lost
            name = expression.alias_or_name or f"_{number}"
            while name in made.columns:
                name += "_"
            made.columns[name] = self._value(expression, scope, made)
        self._choose(scope, select, made)
        return made

    def _choose(self, scope: Scope, select: exp.Select, made: Relation) -> None:
        for name, by in _CHOOSING:
            part = select.args.get(name)
            if isinstance(part, exp.Expr):
                made.chosen(self._columns(part, scope, made), by)
        distinct, group = select.args.get("distinct"), select.args.get("group")
        if distinct is not None and not distinct.args.get("on"):
            made.chosen(every_column(made.columns), By.GROUPED)
        if group is not None and group.args.get("all"):
            plain = [one.alias_or_name for one in select.expressions if not one.find(exp.AggFunc)]
            made.chosen(all_of(made.columns[name] for name in plain if name in made.columns), By.GROUPED)
        for window in select.args.get("windows") or ():
            made.chosen(self._columns(window, scope, made), By.SORTED)
        for join in select.args.get("joins") or ():
            made.chosen(self._columns(join, scope, made, past_sources=True), By.JOINED)

    def _value(self, expression: exp.Expr, scope: Scope, made: Relation) -> Origins:
        inner = expression
        while isinstance(inner, _WHOLE):
            inner = inner.this
        if isinstance(inner, exp.Window):
            how = self._how(inner.this)
            how = How.RANKED if how in (How.COMPUTED, How.AS_IS, How.GATHERED) else how
            return carry(self._rows_or(self._columns(expression, scope, made), made), how)
        how = self._how(inner)
        found = self._columns(expression, scope, made)
        return carry(self._rows_or(found, made) if how is How.COUNTED else found, how)

    @staticmethod
    def _how(expression: exp.Expr) -> How:
        return next((how for kind, how in _GATHERED if isinstance(expression, kind)), How.COMPUTED)

    @staticmethod
    def _rows_or(found: Origins, made: Relation) -> Origins:
        return found or made.rows

    def _columns(self, part: exp.Expr, scope: Scope, made: Relation, *, past_sources: bool = False) -> Origins:
        """Return what the columns in a part come from; of a query inside it, what it gives."""
        found: list[Origins] = []
        for node in _own_nodes(part, past_sources=past_sources):
            if isinstance(node, exp.TableColumn):
                found.append(every_column(self._source(self._named(node.name, scope)).columns))
            elif isinstance(node, exp.Column):
                found.append(self._column(node, scope, made))
            elif isinstance(node, exp.Query):
                inner = self.relation(self._inner(node, scope))
                made.influences |= inner.influences
                found.append(every_column(inner.columns))
        return all_of(found)

    @staticmethod
    def _inner(query: exp.Expr, scope: Scope) -> Scope:
        wanted = query.unnest() if isinstance(query, exp.Subquery) else query
        for inner in (*scope.subquery_scopes, *scope.derived_table_scopes, *scope.cte_scopes):
            if inner.expression is wanted or inner.expression is query:
                return inner
        raise _Lost

    def _column(self, column: exp.Column, scope: Scope, made: Relation) -> Origins:
        name, table = column.name, column.table
        if not table:
            return self._unqualified(name, scope, made)
        return self._given(self._named(table, scope), name)

    @staticmethod
    def _named(table: str, scope: Scope) -> exp.Expr | Scope:
        """Return the source of that name, of the scope or of one around it."""
        above: Scope | None = scope
        while above is not None:
            if table in above.sources:
                return above.sources[table]
            above = above.parent
        raise _Lost

    def _unqualified(self, name: str, scope: Scope, made: Relation) -> Origins:
        if name in made.columns:
            return made.columns[name]
        sources = list(self._selected(scope))
        if len(sources) == 1:
            return self._given(sources[0], name)
        raise _Lost

    def _given(self, source: exp.Expr | Scope, name: str) -> Origins:
        columns = self._source(source).columns
        if name in columns:
            return columns[name]
        if isinstance(source, exp.Table) and name.startswith("_"):
            return frozenset({Origin(Source(self._table(source).code, name))})
        if isinstance(source, Scope) and source.is_udtf:
            return every_column(columns)
        raise _Lost

    def _source(self, source: exp.Expr | Scope) -> Relation:
        if isinstance(source, Scope):
            return self.relation(source)
        if any(source.args.get(key) for key in ("pivots", "sample", "laterals")):
            raise _Lost
        table = self._table(source)
        columns = {one.name.lower(): frozenset({leaf(table.code, one.name, self._masks)}) for one in table.columns}
        return Relation(columns, rows=frozenset({Origin(Source(table.code, ""))}))

    def _table(self, source: exp.Expr) -> Table:
        found = self._tables.get(source.name.lower())
        if found is None:
            raise _Lost
        return found

    @staticmethod
    def _selected(scope: Scope) -> Iterator[exp.Expr | Scope]:
        for _node, source in scope.selected_sources.values():
            yield source

    def _set_operation(self, scope: Scope) -> Relation:
        left, right = (self.relation(one) for one in scope.set_operation_scopes)
        if not isinstance(scope.expression, exp.Union):
            made = Relation(dict(left.columns), left.influences | right.influences, left.rows)
            made.chosen(every_column(right.columns), By.FILTERED)
            return made
        columns = _by_name(left, right) if scope.expression.args.get("by_name") else _by_place(left, right)
        made = Relation(columns, left.influences | right.influences, left.rows | right.rows)
        order = scope.expression.args.get("order")
        if order is not None:
            made.chosen(self._columns(order, scope, made), By.SORTED)
        return made

    def _table_function(self, scope: Scope) -> Relation:
        """Return what UNNEST, VALUES and the like give: every column is made of all that goes in."""
        found: list[Origins] = []
        outside = scope.parent
        for column in scope.expression.find_all(exp.Column):
            if outside is None:
                raise _Lost
            found.append(self._column(column, outside, Relation({})))
        names = scope.expression.alias_column_names or [scope.expression.alias or "_"]
        return Relation({name: carry(all_of(found), How.COMPUTED) for name in names})


def _own_nodes(part: exp.Expr, *, past_sources: bool) -> Iterator[exp.Expr]:
    """Yield the columns and queries of a part, nothing inside of these; of a join not what is joined."""
    if isinstance(part, exp.Column | exp.TableColumn | exp.Query):
        yield part
        return
    for key in part.arg_types:
        if past_sources and key == "this":
            continue
        given = part.args.get(key)
        for one in given if isinstance(given, list) else [given]:
            if isinstance(one, exp.Star) and not isinstance(part, exp.Count):
                raise _Lost
            if isinstance(one, exp.Column | exp.TableColumn | exp.Query):
                yield one
            elif isinstance(one, exp.Expr):
                yield from _own_nodes(one, past_sources=False)


def _by_place(left: Relation, right: Relation) -> dict[str, Origins]:
    pairs = zip(left.columns.items(), right.columns.values(), strict=True)
    return {name: one | other for (name, one), other in pairs}


def _by_name(left: Relation, right: Relation) -> dict[str, Origins]:
    names = dict.fromkeys((*left.columns, *right.columns))
    return {name: left.columns.get(name, frozenset()) | right.columns.get(name, frozenset()) for name in names}
