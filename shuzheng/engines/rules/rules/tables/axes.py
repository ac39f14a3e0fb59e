"""The values of a column cut into stretches on which no cell changes its answer.

A cell that compares its column's value with constants changes its answer at those constants only. So the values of a
column fall into a few stretches (numbers and days in order, each text that is named and "any other", yes and no, and
not known), and a cell is two sets of stretches, kept as the bits of a whole number: where it must hold, and where it
may (it holds or is unknown). Which stretch gives what is asked of the cell's own closure, so that this file cannot
disagree with what decides.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Final

from shuzheng.engines.rules.rules.checking import facts_of
from shuzheng.engines.rules.rules.closures import WIDE, make_closure
from shuzheng.engines.rules.types import Kind, Node, Op, Type, Value
from shuzheng.engines.rules.types.tables import Column, Table

_PLAIN: Final = frozenset(
    {Op.LITERAL, Op.FACT, Op.COMPARE, Op.IN, Op.AND, Op.OR, Op.NOT, Op.IS_NULL, Op.IS_TRUE, Op.IS_FALSE, Op.NEGATE}
)
ORDERED: Final = frozenset({Kind.NUMBER, Kind.DATE})
_DAYS: Final = (1, date.max.toordinal())


@dataclass(frozen=True, slots=True)
class Stretch:
    """Values from `low` to `high`, both included; `known` is False for "not known", `other` for texts not named."""

    low: Value
    high: Value
    known: bool = True
    other: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """One column cut into stretches.

    Attributes:
        full: The bits of all stretches.
        looked: The bits of those whose values occur at all (`Column.allowed`); bit 0 is "not known".
        must: By row, where its cell holds.
        may: By row, where its cell holds or is unknown.
    """

    column: Column
    stretches: tuple[Stretch, ...]
    full: int
    looked: int
    must: tuple[int, ...]
    may: tuple[int, ...]


def axes_of(table: Table) -> tuple[Axis, ...] | None:
    """Return every column of a table cut into stretches; None where one cannot be.

    It can where each cell compares the column's value with constants, and no fact stands in two columns.
    """
    seen: set[str] = set()
    found = []
    for i, column in enumerate(table.columns):
        asked = facts_of(column.root)
        axis = None if asked & seen else _axis(column, tuple(row.tests[i] for row in table.rows))
        if axis is None:
            return None
        seen |= asked
        found.append(axis)
    return tuple(found)


def _axis(column: Column, tests: tuple[Node | None, ...]) -> Axis | None:
    cells = {test for test in (*tests, column.allowed) if test is not None}
    if not all(_is_plain(cell, column.subject) for cell in cells):
        return None
    constants = {constant for cell in cells for constant in _constants(cell)}
    stretches = _STRETCHES[column.subject.type.kind](constants, column.subject.type)
    full = (1 << len(stretches)) - 1
    ordered = column.subject.type.kind in ORDERED
    starts = {_place(stretch.low): i for i, stretch in enumerate(stretches)} if ordered else {}
    masks = {cell: _masks(cell, column, stretches, starts) for cell in cells}
    either = [(full, full) if test is None else masks[test] for test in tests]
    looked = full if column.allowed is None else masks[column.allowed][1]
    return Axis(column, stretches, full, looked, tuple(m for m, _ in either), tuple(m for _, m in either))


def _is_plain(cell: Node, subject: Node) -> bool:
    """Say whether a cell compares its column's value with constants and does nothing else."""
    if cell.op not in _PLAIN or (cell.op is Op.FACT and cell.value != subject.value):
        return False
    if cell.op is Op.COMPARE and cell.parts[0].type.kind is Kind.TEXT and cell.value not in {"=", "<>"}:
        return False
    return all(_is_plain(part, subject) for part in cell.parts)


def _constants(cell: Node) -> Iterator[Value]:
    if cell.op is Op.LITERAL:
        yield make_closure(cell)({})
    for part in cell.parts:
        yield from _constants(part)


def _place(value: Value) -> int | Decimal | date | None:
    """Return a value that has an order."""
    if isinstance(value, str | list):
        raise TypeError(value)
    return value


def _masks(
    test: Node, column: Column, stretches: tuple[Stretch, ...], starts: Mapping[int | Decimal | date | None, int]
) -> tuple[int, int]:
    """Return where a cell holds, and where it may.

    Where values have an order, the cell is asked once for each stretch between its own constants, and `starts` says
    at which stretch of the column that one begins.
    """
    closure, name, kind = make_closure(test), str(column.subject.value), column.subject.type.kind
    own, firsts = stretches, list(range(len(stretches)))
    if starts:
        own = _STRETCHES[kind](set(_constants(test)), column.subject.type)
        firsts = [starts[_place(stretch.low)] for stretch in own]
    must = may = 0
    for stretch, first, after in zip(own, firsts, [*firsts[1:], len(stretches)], strict=True):
        bits = (1 << after) - (1 << first)
        holds = closure({name: stretch.low})
        must |= bits * (holds is True)
        may |= bits * (holds is not False)
    return must, may


_NOT_KNOWN: Final = Stretch(None, None, known=False)


def _numbers(constants: set[Value], found: Type) -> tuple[Stretch, ...]:
    """Cut the numbers a type holds; they are counted in its last digit."""
    widest, unit = 10**found.digits - 1, Decimal(1).scaleb(-found.scale)
    starts = {-widest}
    for constant in constants:
        if isinstance(constant, bool) or not isinstance(constant, int | Decimal):
            continue
        counted = WIDE.scaleb(Decimal(constant), found.scale)
        floor = int(counted.to_integral_value(ROUND_FLOOR))
        starts |= {floor, floor + 1} if counted == floor else {floor + 1}
    return _between(starts, (-widest, widest), lambda n: WIDE.multiply(Decimal(n), unit))


def _days(constants: set[Value], _found: Type) -> tuple[Stretch, ...]:
    days = {constant.toordinal() for constant in constants if isinstance(constant, date)}
    return _between({_DAYS[0], *days, *(day + 1 for day in days)}, _DAYS, date.fromordinal)


def _between(starts: set[int], ends: tuple[int, int], value: Callable[[int], Value]) -> tuple[Stretch, ...]:
    ordered = sorted(start for start in starts if ends[0] <= start <= ends[1])
    lasts = [*(start - 1 for start in ordered[1:]), ends[1]]
    return _NOT_KNOWN, *(Stretch(value(low), value(high)) for low, high in zip(ordered, lasts, strict=True))


def _texts(constants: set[Value], _found: Type) -> tuple[Stretch, ...]:
    named = sorted(str(constant) for constant in constants if isinstance(constant, str))
    other = "其他"
    while other in named:
        other += "…"
    return _NOT_KNOWN, *(Stretch(text, text) for text in named), Stretch(other, other, other=True)


def _bools(_constants: set[Value], _found: Type) -> tuple[Stretch, ...]:
    return _NOT_KNOWN, Stretch(low=True, high=True), Stretch(low=False, high=False)


def _lists(_constants: set[Value], _found: Type) -> tuple[Stretch, ...]:
    nothing: list[str] = []
    return _NOT_KNOWN, Stretch(nothing, nothing, other=True)


_STRETCHES: Final[dict[Kind, Callable[[set[Value], Type], tuple[Stretch, ...]]]] = {
    Kind.NUMBER: _numbers,
    Kind.DATE: _days,
    Kind.TEXT: _texts,
    Kind.BOOL: _bools,
    Kind.LIST: _lists,
}


def finder_of(axis: Axis) -> Callable[[Value], int]:
    """Return the function that says in which stretch a known value lies."""
    kind = axis.column.subject.type.kind
    if kind in ORDERED:
        lows = [_ordered(stretch.low) for stretch in axis.stretches[1:]]
        return lambda value: max(bisect_right(lows, value), 1)  # type: ignore[type-var]  # numbers, or days
    if kind is Kind.LIST:
        return lambda _value: 1
    places = {stretch.low: i for i, stretch in enumerate(axis.stretches) if not isinstance(stretch.low, list)}
    other = len(axis.stretches) - 1
    return lambda value: other if isinstance(value, list) else places.get(value, other)


def _ordered(value: Value) -> int | Decimal | date:
    place = _place(value)
    if place is None:
        raise TypeError(value)
    return place
