"""What a tree means, in plain Python: rows are dicts, one function a node. Engines are held to this."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from shuzheng.engines.lake.rules.masking import make_mask
from shuzheng.engines.lake.types.tables import TableCode
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
from shuzheng.engines.rules.rules.closures import WIDE, make_closure

Row = dict[str, Any]
Rows = list[Row]


class Reference:
    """Evaluates trees over rows."""

    def __init__(self, tables: Mapping[TableCode, Sequence[Row]], hash_key: bytes) -> None:
        self.tables, self.hash_key = tables, hash_key

    def run(self, tree: Tree) -> Rows:
        match tree:
            case Scan():
                return [{name: row.get(name) for name in tree.columns} for row in self.tables[tree.table]]
            case Filter():
                holds = make_closure(tree.condition)
                return [row for row in self.run(tree.source) if holds(row) is True]
            case Project():
                given = [(one.name, self.value(one.expression)) for one in tree.outputs]
                return [{name: value(row) for name, value in given} for row in self.run(tree.source)]
            case Aggregate():
                return self.aggregate(tree)
            case Join():
                return self.join(tree)
            case Union() | Sort():
                return self.whole(tree)

    def whole(self, tree: Union | Sort) -> Rows:
        if isinstance(tree, Union):
            return [row for source in tree.sources for row in self.run(source)]
        rows = self.sort(tree, self.run(tree.source))
        return rows[: tree.limit] if tree.limit else rows

    def value(self, expression: Expression) -> Callable[[Row], Any]:
        match expression:
            case Plain():
                return lambda row: row[expression.column]
            case Masked():
                mask = make_mask(expression.column, expression.mask, hash_key=self.hash_key)
                return lambda row: mask(row[expression.column.name])
            case _:
                return make_closure(expression)

    def aggregate(self, tree: Aggregate) -> Rows:
        groups: dict[tuple[object, ...], tuple[Row, Rows]] = {} if tree.by else {(): ({}, [])}
        for row in self.run(tree.source):
            key = tuple(same_key(row[name]) for name in tree.by)
            groups.setdefault(key, ({name: row[name] for name in tree.by}, []))[1].append(row)
        found = []
        for by, rows in groups.values():
            whom = {same_key(row[tree.of_whom]) for row in rows if row[tree.of_whom] is not None} if tree.least else ()
            if tree.least and len(whom) < tree.least:
                continue
            found.append({**by, **{figure.name: self.measure(figure, rows, tree) for figure in tree.figures}})
        return found

    def measure(self, figure: Figure, rows: Rows, tree: Aggregate) -> Any:
        if figure.expression is None:
            return len(rows)
        value = self.value(figure.expression)
        if tree.least and figure.measure is not Measure.COUNT_DISTINCT:
            having, lacking = (
                {
                    same_key(row[tree.of_whom])
                    for row in rows
                    if row[tree.of_whom] is not None and (value(row) is None) is none
                }
                for none in (False, True)
            )
            if len(having) < tree.least or 0 < len(lacking) < tree.least:
                return None
        known = [one for row in rows if (one := value(row)) is not None]
        return _MEASURES[figure.measure](known)

    def join(self, tree: Join) -> Rows:
        left, right = self.run(tree.left), self.run(tree.right)
        empty: Row = dict.fromkeys(right[0] if right else (), None)
        found: Rows = []
        for row in left:
            key = [row[a] for a, _b in tree.on]
            matches = [
                other
                for other in right
                if all(k is not None and k == other[b] for k, (_a, b) in zip(key, tree.on, strict=True))
            ]
            match tree.kind:
                case JoinKind.SEMI:
                    found.extend([row] if matches else [])
                case JoinKind.ANTI:
                    found.extend([] if matches else [row])
                case _:
                    if tree.kind is JoinKind.LEFT and not matches:
                        matches = [empty]
                    found.extend({**row, **other} for other in matches)
        return found

    def sort(self, tree: Sort, rows: Rows) -> Rows:
        if not rows:
            return rows
        named = {name for name, _falls in tree.by}
        keys = (*tree.by, *((name, False) for name in rows[0] if name not in named))
        for name, falls in reversed(keys):
            known = [row for row in rows if row[name] is not None]
            known.sort(key=lambda row: row[name], reverse=falls)
            rows = [*known, *(row for row in rows if row[name] is None)]
        return rows


def added(values: Iterable[int | Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = WIDE.add(total, Decimal(value))
    return total


def same_key(value: Any) -> object:
    """Return something equal for equal values only: True is not 1, 1.0 is 1."""
    if value is None or isinstance(value, str | bytes):
        return value
    if isinstance(value, bool):
        return "bool", value
    if isinstance(value, int | Decimal):
        return "number", Fraction(value)
    if isinstance(value, datetime):
        return "moment", value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return "date", value.isoformat()
    raise TypeError(type(value))


def as_keys(rows: Iterable[Mapping[str, Any]]) -> list[tuple[object, ...]]:
    """Return rows as tuples that are equal when the rows are, columns in the order of names."""
    return [tuple(same_key(row[name]) for name in sorted(row)) for row in rows]


def as_bag(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return rows without their order."""
    return sorted(map(repr, as_keys(rows)))


_MEASURES: dict[Measure, Callable[[list[Any]], Any]] = {
    Measure.COUNT: len,
    Measure.COUNT_KNOWN: len,
    Measure.COUNT_TRUE: lambda known: sum(one is True for one in known),
    Measure.COUNT_FALSE: lambda known: sum(one is False for one in known),
    Measure.COUNT_DISTINCT: lambda known: len(set(map(same_key, known))),
    Measure.SUM: lambda known: added(known) if known else None,
    Measure.LEAST: lambda known: min(known, default=None),
    Measure.MOST: lambda known: max(known, default=None),
}
