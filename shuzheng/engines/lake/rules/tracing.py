"""Column level lineage, read off trees and off queries: from columns of tables to columns of an answer."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

from shuzheng.engines.lake.types.reading import ReadingPlan
from shuzheng.engines.lake.types.tables import Mask, TableCode
from shuzheng.engines.lake.types.tracing import Edge, How, Lineage, Source
from shuzheng.engines.lake.types.trees import (
    Aggregate,
    Expression,
    Filter,
    Join,
    Masked,
    Measure,
    Plain,
    Project,
    Scan,
    Sort,
    Tree,
    Union,
)
from shuzheng.engines.rules.rules.checking import facts_of
from shuzheng.engines.rules.types import Op

_Ways: TypeAlias = frozenset[tuple[Source, How]]
"""What one column comes from."""
_Columns: TypeAlias = dict[str, _Ways]
_ORDER: Final = tuple(How)
_COUNTS: Final = frozenset(
    {Measure.COUNT_KNOWN, Measure.COUNT_TRUE, Measure.COUNT_FALSE, Measure.COUNT_DISTINCT, Measure.COUNT}
)


def lineage_of_tree(tree: Tree, plan: ReadingPlan | None = None) -> Lineage:
    """Return where each column of a tree comes from.

    Args:
        tree: A tree that an engine can run.
        plan: Of whoever reads; what it masks is said to be masked. None: nothing is.
    """
    filters: set[Source] = set()
    return _graph(_of_tree(tree, plan, filters), filters)


def lineage_of_query(tree: exp.Expr, plan: ReadingPlan) -> Lineage | None:
    """Return where each column of a reader's query comes from, None where a name cannot be resolved.

    Args:
        tree: As the reader wrote it, names of tables bare; not changed.
        plan: Of the tables it names.
    """
    schema: dict[str, object] = {code: dict.fromkeys(one.columns, "unknown") for code, one in plan.tables.items()}
    try:
        named = qualify(tree.copy(), dialect="duckdb", schema=schema, quote_identifiers=False)
        root = build_scope(named)
        return None if root is None else _Walk(plan).graph(root)
    except (SqlglotError, RecursionError, _Unresolved):
        return None


def _graph(columns: Mapping[str, _Ways], filters: Iterable[Source]) -> Lineage:
    edges = [Edge(source, name, how) for name, ways in columns.items() for source, how in sorted(ways, key=_place)]
    return Lineage(tuple(columns), tuple(edges), tuple(sorted(set(filters))))


def _place(way: tuple[Source, How]) -> tuple[Source, int]:
    return way[0], _ORDER.index(way[1])


def _raised(ways: Iterable[tuple[Source, How]], how: How) -> _Ways:
    """Return the same sources after one more step."""
    return frozenset((source, max(before, how, key=_ORDER.index)) for source, before in ways)


# ---- trees ----
def _of_tree(tree: Tree, plan: ReadingPlan | None, filters: set[Source]) -> _Columns:  # noqa: PLR0911 - a case each
    match tree:
        case Scan():
            return {name: _scanned(tree.table, name, plan) for name in tree.columns}
        case Join():
            return _joined(tree, plan, filters)
        case Union():
            return _together([_of_tree(one, plan, filters) for one in tree.sources])
    below = _of_tree(tree.source, plan, filters)
    match tree:
        case Filter():
            _filter(below, facts_of(tree.condition), filters)
            return below
        case Sort():
            _filter(below, (name for name, _falls in tree.by), filters)
            return below
        case Project():
            return {one.name: _of_expression(one.expression, below) for one in tree.outputs}
        case Aggregate():
            return _grouped(tree, below, filters)


def _scanned(table: TableCode, column: str, plan: ReadingPlan | None) -> _Ways:
    one = None if plan is None else plan.tables.get(table)
    masked = one is not None and one.masks.get(column, Mask.NONE) is not Mask.NONE
    return frozenset({(Source(table, column), How.MASKED if masked else How.AS_IS)})


def _joined(tree: Join, plan: ReadingPlan | None, filters: set[Source]) -> _Columns:
    left, right = _of_tree(tree.left, plan, filters), _of_tree(tree.right, plan, filters)
    _filter(left, (one for one, _other in tree.on), filters)
    _filter(right, (other for _one, other in tree.on), filters)
    return left if tree.kind in {"semi", "anti"} else {**left, **right}


def _together(sources: list[_Columns]) -> _Columns:
    return {name: frozenset().union(*(one.get(name, frozenset()) for one in sources)) for name in sources[0]}


def _grouped(tree: Aggregate, below: _Columns, filters: set[Source]) -> _Columns:
    found = {name: below[name] for name in tree.by}
    _filter(below, (*tree.by, *([tree.of_whom] if tree.least else [])), filters)
    for figure in tree.figures:
        ways = (
            frozenset[tuple[Source, How]]() if figure.expression is None else _of_expression(figure.expression, below)
        )
        found[figure.name] = _raised(ways, How.COUNTED if figure.measure in _COUNTS else How.COMPUTED)
    return found


def _of_expression(expression: Expression, below: _Columns) -> _Ways:
    match expression:
        case Plain():
            return below[expression.column]
        case Masked():
            return _raised(below[expression.column.name], How.MASKED)
        case _:
            ways = [way for name in facts_of(expression) for way in below[name]]
            return frozenset(ways) if expression.op is Op.FACT else _raised(ways, How.COMPUTED)


def _filter(below: _Columns, names: Iterable[str], filters: set[Source]) -> None:
    filters.update(source for name in names for source, _how in below.get(name, ()))


# ---- queries ----
class _Unresolved(Exception):
    pass


class _Walk:
    """Goes through the scopes of one query whose columns are all written with their tables."""

    def __init__(self, plan: ReadingPlan) -> None:
        self.plan = plan
        self.filters: set[Source] = set()
        self.known: dict[int, _Columns] = {}
        self.scopes: dict[int, Scope] = {}

    def graph(self, root: Scope) -> Lineage:
        scopes = list(root.traverse())
        self.scopes = {id(scope.expression): scope for scope in scopes}
        columns = self.outputs(root)
        for scope in scopes:
            self.outputs(scope)
            self.filtered(scope)
        return _graph(columns, self.filters)

    def outputs(self, scope: Scope) -> _Columns:
        if id(scope) not in self.known:
            self.known[id(scope)] = self._outputs(scope)
        return self.known[id(scope)]

    def _outputs(self, scope: Scope) -> _Columns:
        if isinstance(scope.expression, exp.SetOperation):
            first, *others = [self.outputs(one) for one in scope.set_operation_scopes]
            others_by_place = [list(one.values()) for one in others]
            merged = {
                name: frozenset().union(ways, *(one[place] for one in others_by_place))
                for place, (name, ways) in enumerate(first.items())
            }
            self.filters.update(source for ways in merged.values() for source, _how in _if_distinct(scope, ways))
            return merged
        found: _Columns = {}
        for place, projection in enumerate(_selects(scope)):
            name = projection.alias_or_name or f"col{place}"
            found[f"{name}:{place}" if name in found else name] = self.projected(projection.unalias(), scope)
        return found

    def projected(self, value: exp.Expr, scope: Scope) -> _Ways:
        if isinstance(value, exp.Column):
            return self.column(value, scope)
        ways: set[tuple[Source, How]] = set()
        for column in value.find_all(exp.Column):
            how = How.COUNTED if _is_counted(column, value) else How.COMPUTED
            ways |= _raised(self.column(column, self._scope_of(column, scope)), how)
        return frozenset(ways)

    def column(self, column: exp.Column, scope: Scope) -> _Ways:
        source = self._source(column.table, scope)
        if isinstance(source, Scope):
            found = {name.lower(): ways for name, ways in self.outputs(source).items()}
            if column.name.lower() not in found:
                raise _Unresolved
            return found[column.name.lower()]
        if not isinstance(source, exp.Table) or source.name.lower() not in self.plan.tables:
            return frozenset()
        return _scanned(TableCode(source.name.lower()), column.name.lower(), self.plan)

    def filtered(self, scope: Scope) -> None:
        """Whatever stands in a select beside its columns decides which rows there are."""
        if not isinstance(scope.expression, exp.Select):
            return
        select = scope.expression
        for part, value in select.args.items():
            if part in {"expressions", "from_", "with_"} and not (
                part == "expressions" and select.args.get("distinct")
            ):
                continue
            for column in _columns(value):
                found = self.column(column, self._scope_of(column, scope))
                self.filters.update(source for source, _how in found)
        for window in select.find_all(exp.Window):
            for part in ("partition_by", "order"):
                for column in _columns(window.args.get(part)):
                    self.filters.update(s for s, _how in self.column(column, self._scope_of(column, scope)))

    def _source(self, table: str, scope: Scope) -> object:
        place: Scope | None = scope
        while place is not None:
            if table in place.sources:
                return place.sources[table]
            place = place.parent
        raise _Unresolved

    def _scope_of(self, column: exp.Column, scope: Scope) -> Scope:
        """Return the scope a column stands in: this one, or that of a select within it."""
        return self.scopes.get(id(column.parent_select), scope)


def _selects(scope: Scope) -> list[exp.Expr]:
    return list(scope.expression.selects) if isinstance(scope.expression, exp.Query) else []


def _if_distinct(scope: Scope, ways: _Ways) -> _Ways:
    return ways if scope.expression.args.get("distinct") else frozenset()


def _columns(value: object) -> Iterator[exp.Column]:
    if isinstance(value, list):
        for one in value:
            yield from _columns(one)
    elif isinstance(value, exp.Expr):
        yield from value.find_all(exp.Column)


def _is_counted(column: exp.Column, top: exp.Expr) -> bool:
    node: exp.Expr | None = column
    while node is not None:
        if isinstance(node, exp.Count):
            return True
        if node is top:
            return False
        node = node.parent
    return False
