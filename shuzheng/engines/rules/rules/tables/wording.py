"""Findings in words: which rows, which cases, with an example a person can try."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from shuzheng.base.kernel.said import said, said_together
from shuzheng.engines.rules.rules.saying import say_value
from shuzheng.engines.rules.rules.tables.axes import ORDERED, Axis, Stretch
from shuzheng.engines.rules.types import Node, Op, Value
from shuzheng.engines.rules.types.tables import LookKind, Table

MOST_RUNS: Final = 4
_PLAIN_DAY: Final = date(2024, 1, 1)


def say_overlap(table: Table, rows: tuple[int, int], example: Mapping[str, Value]) -> str:
    """Return that two rows hold together."""
    first, second = rows
    shown = say_example(table, example)
    return said("第 {first} 行和第 {second} 行会同时符合。例如：{example}", first=first, second=second, example=shown)


def say_gap(table: Table, axes: Sequence[Axis], hole: Sequence[int], example: Mapping[str, Value]) -> str:
    """Return that no row answers a case; without a hole only the example is said."""
    where = [_say_axis(table, axis, mask) for axis, mask in zip(axes, hole, strict=True) if mask != axis.looked]
    shown = say_example(table, example)
    if not where:
        return said("有的情形没有一行管到。例如：{example}", example=shown)
    return said("没有一行管到：{where}。例如：{example}", where=said_together(where, "；"), example=shown)


def say_unreachable(row: int, *, never: bool) -> str:
    """Return that a row is never used: no value fits one of its cells, or the rows before it take every case."""
    if never:
        return said("第 {row} 行永远不会符合：有一格没有值能满足", row=row)
    return said("第 {row} 行用不到：它管的情形，排在前面的行都已符合或待核", row=row)


def say_more(kind: LookKind, n: int) -> str:
    """Return that there is more than is listed; 0 where it was not counted."""
    what = said("同时符合的行") if kind is LookKind.OVERLAP else said("没有管到的情形")
    return said("{what}另有 {n} 处，没有列出", what=what, n=n) if n else said("{what}还有，没有列出", what=what)


def say_sampled(tried: int, *, because_big: bool) -> str:
    """Return that samples were tried instead of an exact search, and why."""
    why = said("表太大") if because_big else said("有的格子不是拿一个值和常量比较，或者一个事实用在几列里")
    return said("{why}，不能逐格推算；抽查了 {n} 组情形，没有查到的不等于没有", why=why, n=tried)


def say_example(table: Table, example: Mapping[str, Value]) -> str:
    """Return values of facts and columns in words."""
    return said_together(
        [
            said("{label}：{value}", label=table.schema[name].label, value=_say(table, name, value))
            for name, value in example.items()
        ],
        "；",
    )


def _say(table: Table, name: str, value: Value) -> str:
    if value is None:
        return said("未提供")
    return say_value(value, table.schema, Node(Op.FACT, table.schema[name].type, (), name))


def _say_axis(table: Table, axis: Axis, mask: int) -> str:
    name = str(axis.column.subject.value)
    every = list(_runs(axis, mask))
    runs = [_say_run(table, name, axis, run) for run in every[:MOST_RUNS]]
    if len(every) > MOST_RUNS:
        runs.append(said("等 {n} 段", n=len(every)))
    return said("{label}：{value}", label=table.schema[name].label, value=said_together(runs, "、"))


def _runs(axis: Axis, mask: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a set as runs `(first, last)`; only values with an order run together."""
    ordered = axis.column.subject.type.kind in ORDERED
    i, n = 0, len(axis.stretches)
    while i < n:
        last = i
        if mask >> i & 1:
            while ordered and i > 0 and last + 1 < n and mask >> (last + 1) & 1:
                last += 1
            yield i, last
        i = last + 1


def _say_run(table: Table, name: str, axis: Axis, run: tuple[int, int]) -> str:
    first, last = run
    low, high = axis.stretches[first], axis.stretches[last]
    if not low.known:
        return said("未提供")
    if low.other:
        return said("其他")
    if low.low == high.high:
        return _say(table, name, low.low)
    return _say_range(
        "" if first == 1 else _say(table, name, low.low),
        "" if last == len(axis.stretches) - 1 else _say(table, name, high.high),
    )


def _say_range(low: str, high: str) -> str:
    if low and high:
        return said("{low}至{high}", low=low, high=high)
    if low:
        return said("{low}以上（含）", low=low)
    return said("{high}以下（含）", high=high) if high else said("任何值")


def typical_value(axis: Axis, mask: int) -> Value:
    """Return a plain value of a set of stretches: a known one where there is one, near nought or a day of our time."""
    stretches = [stretch for i, stretch in enumerate(axis.stretches) if mask >> i & 1]
    known = [stretch for stretch in stretches if stretch.known]
    return min((_nearest(stretch) for stretch in known), key=_distance, default=None)


def _nearest(stretch: Stretch) -> Value:
    low, high = stretch.low, stretch.high
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        return min(max(low, Decimal(0)), high)
    if isinstance(low, date) and isinstance(high, date):
        return min(max(low, _PLAIN_DAY), high)
    return low


def _distance(value: Value) -> Decimal:
    if isinstance(value, Decimal):
        return value.copy_abs()
    if isinstance(value, date):
        return Decimal(abs(value.toordinal() - _PLAIN_DAY.toordinal()))
    return Decimal(0)
