"""What is wrong with a table as a whole: rows that hold together, cases no row answers, rows never used.

Where every column can be cut into stretches (`axes.py`), the answer is exact and quick. Where one cannot, or the table
needs too many cuts, seeded samples of facts are tried, and the findings say so.

A row that is unknown leaves a case open rather than unanswered; so a gap is a case in which every row is false. In a
table read from above, a row that is unknown stops the reading; so a row is never used where the rows above hold or
are unknown wherever it holds.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from shuzheng.engines.rules.rules.tables.axes import Axis, axes_of
from shuzheng.engines.rules.rules.tables.boxes import Box, Budget, BudgetExceeded, Covers, holes_of, touch
from shuzheng.engines.rules.rules.tables.sampling import sample
from shuzheng.engines.rules.rules.tables.wording import (
    say_gap,
    say_more,
    say_overlap,
    say_sampled,
    say_unreachable,
    typical_value,
)
from shuzheng.engines.rules.types import Value
from shuzheng.engines.rules.types.tables import HitPolicy, LookKind, Severity, Table, TableFinding

MOST_PIECES: Final = 60_000
MOST_OF_A_KIND: Final = 20
MOST_NOTED: Final = 3
"""Rows that may hold together are usual where the policy says what then happens; a few are shown."""
_READ_IN_ORDER: Final = frozenset({HitPolicy.FIRST, HitPolicy.PRIORITY})
_RANKS: Final = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def findings_of(table: Table) -> tuple[TableFinding, ...]:
    """Return what a look over the whole table finds, errors first."""
    axes = axes_of(table)
    try:
        found = _by_samples(table, because_big=False) if axes is None else list(_Exact(table, axes).look())
    except BudgetExceeded:
        found = _by_samples(table, because_big=True)
    return tuple(sorted(found, key=lambda one: (_RANKS.index(one.severity), one.kind is LookKind.MORE)))


def _most_overlaps(table: Table) -> int:
    return MOST_OF_A_KIND if table.policy is HitPolicy.UNIQUE else MOST_NOTED


def _overlap(table: Table, rows: tuple[int, int], example: dict[str, Value], *, sampled: bool) -> TableFinding:
    severity = Severity.ERROR if table.policy is HitPolicy.UNIQUE else Severity.NOTE
    return TableFinding(LookKind.OVERLAP, severity, rows, say_overlap(table, rows, example), example, sampled)


def _gap(table: Table, words: str, example: dict[str, Value], *, sampled: bool) -> TableFinding:
    severity = Severity.NOTE if table.policy is HitPolicy.COLLECT else Severity.WARNING
    return TableFinding(LookKind.GAP, severity, (), words, example, sampled)


class _Exact:
    def __init__(self, table: Table, axes: tuple[Axis, ...]) -> None:
        self._table, self._axes = table, axes
        self._must: list[Box] = [tuple(axis.must[i] for axis in axes) for i in range(len(table.rows))]
        self._may: list[Box] = [tuple(axis.may[i] for axis in axes) for i in range(len(table.rows))]
        self._ranked = Covers([self._may[row.number - 1] for row in table.ranked], len(axes))
        self._budget = Budget(MOST_PIECES)

    def look(self) -> Iterator[TableFinding]:
        yield from self._gaps()
        yield from self._unused()
        yield from self._overlaps()

    def _gaps(self) -> Iterator[TableFinding]:
        whole = tuple(axis.looked for axis in self._axes)
        holes = holes_of(whole, self._ranked, self._budget, most=MOST_OF_A_KIND + 1)
        for hole in holes[:MOST_OF_A_KIND]:
            example = self._example(hole)
            yield _gap(self._table, say_gap(self._table, self._axes, hole, example), example, sampled=False)
        if len(holes) > MOST_OF_A_KIND:
            yield TableFinding(LookKind.MORE, Severity.NOTE, (), say_more(LookKind.GAP, 0), {})

    def _unused(self) -> Iterator[TableFinding]:
        for place, row in enumerate(self._table.ranked):
            never = not all(self._must[row.number - 1])
            if never or (self._table.policy in _READ_IN_ORDER and self._is_behind(place, row.number)):
                words = say_unreachable(row.number, never=never)
                yield TableFinding(LookKind.UNREACHABLE, Severity.WARNING, (row.number,), words, {})

    def _is_behind(self, place: int, number: int) -> bool:
        """Say whether the rows before this one take every case in which it holds."""
        before = (1 << place) - 1
        return not holes_of(self._must[number - 1], self._ranked, self._budget, most=1, among=before)

    def _overlaps(self) -> Iterator[TableFinding]:
        pairs = [(i, k) for i, k in combinations(range(len(self._must)), 2) if touch(self._must[i], self._must[k])]
        most = _most_overlaps(self._table)
        for i, k in pairs[:most]:
            both = tuple(a & b for a, b in zip(self._must[i], self._must[k], strict=True))
            yield _overlap(self._table, (i + 1, k + 1), self._example(both), sampled=False)
        if len(pairs) > most:
            words = say_more(LookKind.OVERLAP, len(pairs) - most)
            yield TableFinding(LookKind.MORE, Severity.NOTE, (), words, {})

    def _example(self, box: Box) -> dict[str, Value]:
        return {
            str(axis.column.subject.value): typical_value(axis, mask & axis.looked or mask)
            for axis, mask in zip(self._axes, box, strict=True)
        }


def _by_samples(table: Table, *, because_big: bool) -> list[TableFinding]:
    found = sample(table)
    overlaps = sorted(found.overlaps.items())
    return [
        *(_gap(table, say_gap(table, (), (), facts), facts, sampled=True) for facts in found.gaps),
        *(_overlap(table, rows, facts, sampled=True) for rows, facts in overlaps[: _most_overlaps(table)]),
        TableFinding(
            LookKind.SAMPLED, Severity.NOTE, (), say_sampled(found.tried, because_big=because_big), {}, sampled=True
        ),
    ]
