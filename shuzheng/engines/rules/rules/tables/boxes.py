"""Exact subtraction of boxes: a box is one set of stretches (bits) for each column.

What is left of a box after taking covers away is found depth first: the first cover that touches the box cuts it into
pieces that do not overlap, and each piece goes on by itself. Which covers touch or hold a piece is looked up for each
column and joined by bits, so a piece costs about the same whether there are ten covers or a thousand. The number of
pieces is limited; a table that needs more is looked at by samples.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias

Box: TypeAlias = tuple[int, ...]


class BudgetExceeded(Exception):
    """More pieces than allowed."""


class Budget:
    """Counts pieces, so that a hostile table cannot keep a worker busy."""

    def __init__(self, most: int) -> None:
        self._left = most

    def spend(self) -> None:
        """Take one.

        Raises:
            BudgetExceeded: Nothing is left.
        """
        self._left -= 1
        if self._left < 0:
            raise BudgetExceeded


class Covers:
    """Boxes in an order, asked which of them touch or hold another box."""

    def __init__(self, boxes: list[Box], width: int) -> None:
        self._boxes = list(boxes)
        self._touching: Final[list[dict[int, int]]] = [{} for _ in range(width)]
        self._holding: Final[list[dict[int, int]]] = [{} for _ in range(width)]

    def __len__(self) -> int:
        return len(self._boxes)

    def __getitem__(self, i: int) -> Box:
        return self._boxes[i]

    def touching(self, box: Box, among: int) -> int:
        """Return, as bits, which covers of `among` have a point of the box."""
        for i, mask in enumerate(box):
            known = self._touching[i]
            bits = known.get(mask)
            if bits is None:
                bits = known[mask] = _bits(cover[i] & mask for cover in self._boxes)
            among &= bits
        return among

    def holding(self, box: Box, among: int) -> int:
        """Return, as bits, which covers of `among` hold the whole box."""
        for i, mask in enumerate(box):
            known = self._holding[i]
            bits = known.get(mask)
            if bits is None:
                bits = known[mask] = _bits(not mask & ~cover[i] for cover in self._boxes)
            among &= bits
        return among


def _bits(flags: Iterable[object]) -> int:
    return sum(1 << i for i, flag in enumerate(flags) if flag)


def touch(one: Box, other: Box) -> bool:
    """Say whether two boxes have a point in common."""
    return all(a & b for a, b in zip(one, other, strict=True))


def holes_of(box: Box, covers: Covers, budget: Budget, *, most: int, among: int | None = None) -> list[Box]:
    """Return parts of a box that no cover touches, each as large as it can be; at most `most`, none when covered.

    Args:
        box: What should be covered.
        covers: What covers it.
        budget: How many pieces may be looked at.
        most: How many holes are wanted.
        among: As bits, the covers that count; all where None.

    Raises:
        BudgetExceeded: It takes too many pieces.
    """
    found: list[Box] = []
    counted = (1 << len(covers)) - 1 if among is None else among
    waiting = [(box, counted)]
    while waiting and len(found) < most:
        piece, left = waiting.pop()
        budget.spend()
        left = covers.touching(piece, left)
        if covers.holding(piece, left):
            continue
        hole = next((one for one in found if touch(piece, one)), None)
        if hole is not None:
            waiting.extend((rest, left) for rest in _minus(piece, hole))
        elif left:
            first = left & -left
            waiting.extend((rest, left ^ first) for rest in _minus(piece, covers[first.bit_length() - 1]))
        else:
            found.append(_grown(piece, box, covers, counted))
    return found


def _minus(piece: Box, cover: Box) -> list[Box]:
    """Return pieces of a box outside a cover, which together are all that is outside."""
    found = []
    inside = list(piece)
    for i, (mine, theirs) in enumerate(zip(piece, cover, strict=True)):
        outside = mine & ~theirs
        if outside:
            found.append((*inside[:i], outside, *piece[i + 1 :]))
        inside[i] = mine & theirs
    return found


def _grown(hole: Box, box: Box, covers: Covers, among: int) -> Box:
    """Return the hole made as wide as it can be within the box, column by column."""
    grown = list(hole)
    for i, whole in enumerate(box):
        taken, beside = 0, covers.touching((*grown[:i], whole, *grown[i + 1 :]), among)
        while beside:
            first = beside & -beside
            taken |= covers[first.bit_length() - 1][i]
            beside ^= first
        grown[i] = whole & ~taken
    return tuple(grown)
