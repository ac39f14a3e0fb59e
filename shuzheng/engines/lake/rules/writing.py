"""From a tree to one SELECT of an engine. Every part casts what it gives, so that no engine chooses a type.

Each source is a subquery with a name of its own, and every column is written with it: no name can mean another column
than the one meant. Ties of a sort are broken by the other columns, so that a limit keeps the same rows on every engine.
Names and texts are quoted by the dialect; nothing a person typed stands in the SQL (so S608 is off where it is built).
"""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Final

import pyarrow as pa

from shuzheng.engines.lake.rules.columns import Columns, columns_above, common_type, facts_of, sources_of
from shuzheng.engines.lake.rules.dialects import Dialect
from shuzheng.engines.lake.rules.masking import mask_sql
from shuzheng.engines.lake.types.tables import Mask, Table, TableCode
from shuzheng.engines.lake.types.trees import (
    Aggregate,
    Expression,
    Figure,
    Filter,
    Join,
    JoinKind,
    Masked,
    Measure,
    Plain,
    Project,
    Scan,
    Sort,
    Tree,
    Union,
)
from shuzheng.engines.rules.types import Kind, Node, Type

_KNOWN: Final = {Kind.BOOL: "TRUE", Kind.DATE: "DATE '2000-01-01'", Kind.TEXT: "''", Kind.NUMBER: "0"}
"""What stands for a sealed value that is known, where a rule asks whether it is."""
_MEASURES: Final = {
    Measure.COUNT: "count({0})",
    Measure.COUNT_KNOWN: "count({0})",
    Measure.COUNT_TRUE: "coalesce(count_if({0}), 0)",
    Measure.COUNT_FALSE: "coalesce(count_if(NOT {0}), 0)",
    Measure.COUNT_DISTINCT: "count(DISTINCT {0})",
    Measure.SUM: "sum({0})",
    Measure.LEAST: "min({0})",
    Measure.MOST: "max({0})",
}


class Writer:
    """Writes the trees of one engine.

    Args:
        dialect: How the engine writes.
        tables: What may be read.
        source: Table → a relation of the engine (a subquery in parentheses, or a name) that has its columns, typed.
        hash_key: Key of the mask HASH.
        opened: Whether the relations give sealed columns opened.
    """

    def __init__(
        self,
        dialect: Dialect,
        tables: Mapping[TableCode, Table],
        source: Callable[[TableCode], str],
        *,
        hash_key: bytes,
        opened: bool = False,
    ) -> None:
        self._dialect = dialect
        self._tables = tables
        self._source = source
        self._hash_key = hash_key
        self._opened = opened

    def write(self, tree: Tree) -> tuple[str, Columns]:
        """Return one SELECT and the columns it gives.

        Raises:
            TreeInvalid: It names what is not there, or compares what cannot be compared.
        """
        return _Text(self._dialect, self._hash_key, self._source, self._tables, opened=self._opened).write(tree)


class _Text:
    """One text under way; its subqueries are numbered."""

    def __init__(
        self,
        dialect: Dialect,
        hash_key: bytes,
        source: Callable[[TableCode], str],
        tables: Mapping[TableCode, Table],
        *,
        opened: bool,
    ) -> None:
        self._dialect, self._hash_key, self._source = dialect, hash_key, source
        self._tables, self._opened = tables, opened
        self._numbers = count()

    def write(self, tree: Tree) -> tuple[str, Columns]:
        below = [self.write(source) for source in sources_of(tree)]
        columns = columns_above(tree, [found for _sql, found in below], self._tables, opened=self._opened)
        return self._written(tree, below, columns), columns

    def _written(self, tree: Tree, below: list[tuple[str, Columns]], columns: Columns) -> str:
        match tree:
            case Scan():
                name = self._name()
                return f"SELECT {self._all(columns, name)} FROM {self._source(tree.table)} AS {name}"  # noqa: S608
            case Join():
                return self._join(tree, below, columns)
            case Union():
                return " UNION ALL ".join(self._part(sql, columns) for sql, _found in below)
        sql, found = below[0]
        name = self._name()
        return self._over(tree, found, name, f"FROM ({sql}) AS {name}")

    def _over(self, tree: Filter | Project | Aggregate | Sort, below: Columns, name: str, rows: str) -> str:
        match tree:
            case Filter():
                return f"SELECT {self._all(below, name)} {rows} WHERE {self._node(tree.condition, below, name)}"
            case Project():
                given = (self._as(self._value(one.expression, below, name), one.name) for one in tree.outputs)
                return f"SELECT {', '.join(given)} {rows}"
            case Aggregate():
                return self._aggregate(tree, below, name, rows)
            case Sort():
                limit = f" LIMIT {tree.limit}" if tree.limit else ""
                return f"SELECT {self._all(below, name)} {rows} ORDER BY {self._order(tree, below, name)}{limit}"

    def _aggregate(self, tree: Aggregate, below: Columns, name: str, rows: str) -> str:
        by = [self._column(one, name) for one in tree.by]
        given = [self._as(sql, one) for sql, one in zip(by, tree.by, strict=True)]
        given.extend(self._as(self._limited(one, tree, below, name), one.name) for one in tree.figures)
        groups = f" GROUP BY {', '.join(by)}" if by else ""
        whom = self._column(tree.of_whom, name)
        having = f" HAVING count(DISTINCT {whom}) >= {tree.least}" if tree.least else ""
        return f"SELECT {', '.join(given)} {rows}{groups}{having}"

    def _limited(self, figure: Figure, tree: Aggregate, below: Columns, name: str) -> str:
        """Return a figure, left out where it is made of the values of few, or could be taken from those of few."""
        sql = self._figure(figure, below, name)
        if not tree.least or figure.expression is None or figure.measure is Measure.COUNT_DISTINCT:
            return sql
        value, whom = self._value(figure.expression, below, name), self._column(tree.of_whom, name)
        having = f"count(DISTINCT CASE WHEN {value} IS NOT NULL THEN {whom} END)"
        lacking = f"count(DISTINCT CASE WHEN {value} IS NULL THEN {whom} END)"
        shown = f"{having} >= {tree.least} AND ({lacking} = 0 OR {lacking} >= {tree.least})"
        return f"CASE WHEN {shown} THEN {sql} END"

    def _figure(self, figure: Figure, below: Columns, name: str) -> str:
        measure = _MEASURES[figure.measure]
        if figure.expression is None:
            return measure.format("*")
        columns = columns_above(
            Aggregate(Scan(TableCode(""), ()), (), (figure,)), [below], self._tables, opened=self._opened
        )
        found = columns[figure.name]
        value = self._value(figure.expression, below, name)
        if figure.measure is Measure.SUM:
            value = self._dialect.typed(value, found)
        return self._dialect.typed(measure.format(value), found)

    def _join(self, tree: Join, below: list[tuple[str, Columns]], columns: Columns) -> str:
        (left_sql, left), (right_sql, right) = below
        one, other = self._name(), self._name()
        words = {
            JoinKind.INNER: "JOIN",
            JoinKind.LEFT: "LEFT JOIN",
            JoinKind.SEMI: self._dialect.semi,
            JoinKind.ANTI: self._dialect.anti,
        }[tree.kind]
        given = ", ".join(
            self._as(self._column(column, one if column in left else other), column) for column in columns
        )
        on = []
        for a, b in tree.on:
            found = common_type(left[a], right[b])
            sides = ((self._column(a, one), left[a]), (self._column(b, other), right[b]))
            on.append(" = ".join(sql if kind == found else self._dialect.typed(sql, found) for sql, kind in sides))
        rows = f"({left_sql}) AS {one} {words} ({right_sql}) AS {other}"
        return f"SELECT {given} FROM {rows} ON {' AND '.join(on)}"  # noqa: S608

    def _part(self, sql: str, columns: Columns) -> str:
        name = self._name()
        return f"SELECT {self._all(columns, name)} FROM ({sql}) AS {name}"  # noqa: S608

    def _order(self, tree: Sort, below: Columns, name: str) -> str:
        named = {one for one, _falls in tree.by}
        keys = (*tree.by, *((one, False) for one in below if one not in named))
        return ", ".join(f"{self._column(one, name)} {'DESC' if falls else 'ASC'} NULLS LAST" for one, falls in keys)

    def _value(self, expression: Expression, below: Columns, name: str) -> str:
        match expression:
            case Plain():
                return self._column(expression.column, name)
            case Masked():
                return self._masked(expression, below, name)
            case _:
                sql = self._node(expression, below, name)
                return self._narrowed(sql, expression.type)

    def _narrowed(self, sql: str, found: Type) -> str:
        """Whole numbers up to 18 digits are BIGINT as columns, DECIMAL inside a rule."""
        whole = found.kind is Kind.NUMBER and not found.scale and found.digits <= 18
        return self._dialect.typed(sql, pa.int64()) if whole else sql

    def _masked(self, expression: Masked, below: Columns, name: str) -> str:
        column = self._column(expression.column.name, name)
        if pa.types.is_binary(below[expression.column.name]) and expression.mask is Mask.NONE:
            return column
        return mask_sql(expression.column, expression.mask, column, self._dialect, hash_key=self._hash_key)

    def _node(self, node: Node, below: Columns, name: str) -> str:
        kinds = {str(fact.value): fact.type.kind for fact, _asked in facts_of(node)}

        def column(fact: str) -> str:
            sql = self._column(fact, name)
            if not pa.types.is_binary(below[fact]):
                return sql
            return f"(CASE WHEN {sql} IS NOT NULL THEN {_KNOWN[kinds[fact]]} END)"

        return self._dialect.node(node, column)

    def _all(self, columns: Columns, name: str) -> str:
        return ", ".join(self._as(self._column(one, name), one) for one in columns)

    def _column(self, column: str, name: str) -> str:
        return f"{name}.{self._dialect.quote_name(column)}"

    def _as(self, sql: str, name: str) -> str:
        return f"{sql} AS {self._dialect.quote_name(name)}"

    def _name(self) -> str:
        return f"t{next(self._numbers)}"
