"""Rows of a foreign list as items: rows of one basic code are one item that several bodies implement."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from shuzheng.packs.foreign.types import ForeignItem, Remark

FIRST_GIVEN: Final = 90001
"""Main numbers from here on are ours to give; none of the lists seen uses them."""
LEVELS: Final = ("province", "city", "county", "town", "village")


@dataclass(slots=True)
class FoldedItem:
    """An item with every row of the list that is about it, the first first."""

    code: str
    rows: list[ForeignItem] = field(default_factory=list)

    @property
    def first(self) -> ForeignItem:
        """Return the row that names it."""
        return self.rows[0]

    @property
    def levels(self) -> tuple[str, ...]:
        """Return the levels it is handled at, the highest first."""
        return tuple(level for level in LEVELS if any(row.level == level for row in self.rows))

    def conditions(self) -> tuple[str, ...]:
        """Return the conditions of acceptance; those of another body than the first with its name."""
        said = dict.fromkeys(self.first.conditions)
        for row in self.rows[1:]:
            said |= {f"在{row.department}办理的：{text}": None for text in row.conditions if text not in said}
        return tuple(said)

    def materials(self) -> Iterator[tuple[str, str]]:
        """Give each paper and under which condition it is needed, '' for always.

        A paper that only some of the bodies ask for is needed where one of them handles the item.
        """
        counts: Counter[str] = Counter()
        where: dict[tuple[str, int], list[str]] = {}
        for row in self.rows:
            times: Counter[str] = Counter()
            for name in row.materials:
                times[name] += 1
                where.setdefault((name, times[name]), []).append(row.department)
                counts[name] = max(counts[name], times[name])
        for (name, _), departments in where.items():
            everywhere = len(departments) == len(self.rows)
            yield name, "" if everywhere else f"在{'、'.join(dict.fromkeys(departments))}办理的"


def give_codes(rows: Sequence[ForeignItem], known: Mapping[str, str]) -> Iterator[ForeignItem]:
    """Give the rows, each with a basic code.

    Args:
        rows: Of one list.
        known: Codes given at an earlier import, by the code in the list: a code once given stays.
    """
    taken = {row.basic_code for row in rows if row.basic_code} | set(known.values())
    mains = _Mains({int(code[4:9]) for code in taken})
    for row in rows:
        if row.basic_code:
            yield row
            continue
        code = known.get(row.source_code) or mains.next_code(row)
        yield replace(row, basic_code=code)


class _Mains:
    """Gives numbers: one main number for each named main item, its own for an item without."""

    def __init__(self, used: set[int]) -> None:
        self._used = used
        self._last = FIRST_GIVEN - 1
        self._groups: dict[tuple[str, str], tuple[int, int]] = {}

    def next_code(self, row: ForeignItem) -> str:
        if not row.group:
            return f"{row.province}{row.kind}{self._next_main():05d}000"
        key = (row.kind, row.group)
        main, sub = self._groups.get(key) or (self._next_main(), 0)
        if sub == 999:
            main, sub = self._next_main(), 0
        self._groups[key] = (main, sub + 1)
        return f"{row.province}{row.kind}{main:05d}{sub + 1:03d}"

    def _next_main(self) -> int:
        self._last += 1
        while self._last in self._used:
            self._last += 1
        return self._last


def fold(rows: Sequence[ForeignItem], remarks: list[Remark]) -> list[FoldedItem]:
    """Return the items; what rows of one item say differently and an item can say only once is remarked."""
    items: dict[str, FoldedItem] = {}
    for row in rows:
        item = items.setdefault(row.basic_code, FoldedItem(row.basic_code))
        item.rows.append(row)
        for what, own, first in (
            ("名称", row.name, item.first.name),
            ("法定时限", row.legal_days, item.first.legal_days),
        ):
            if own != first:
                said = f"“{own}”" if isinstance(own, str) else ""
                remarks.append(
                    Remark(row.line, row.source_code, f"与第 {item.first.line} 行是同一事项，{what}{said}以那一行为准")
                )
    return list(items.values())
