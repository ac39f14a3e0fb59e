"""Where data come from and where they go, as a picture: boxes in columns from left to right, lines between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

WIDE: Final = 760
BOX_HIGH: Final = 46
GAP: Final = 12
MARGIN: Final = 10
LANE: Final = 60
"""Least room between two columns, for the lines."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A thing to draw.

    Attributes:
        key: Names it in links.
        title: First line.
        more: Second line, smaller; may be empty.
        url: Where a click leads; '' nowhere.
        chief: The thing the picture is about.
    """

    key: str
    title: str
    more: str = ""
    url: str = ""
    chief: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A thing with its place, in units of the picture."""

    spot: Spot
    x: int
    y: int
    width: int
    height: int = BOX_HIGH

    @property
    def text_x(self) -> int:
        """Return where the text begins."""
        return self.x + 12

    @property
    def title_y(self) -> int:
        """Return the base line of the title."""
        return self.y + (20 if self.spot.more else 28)

    @property
    def more_y(self) -> int:
        """Return the base line of the second line."""
        return self.y + 37

    @property
    def middle(self) -> int:
        """Return the height lines come in and go out at."""
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: its size, boxes, and lines as SVG path data."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    """Titles of what is joined, for the list that says the same in words."""


def draw(columns: Sequence[Sequence[Spot]], links: Iterable[tuple[str, str]]) -> Drawing:
    """Lay out boxes in columns, each column in the middle of the height.

    Args:
        columns: From left to right; empty ones are left out.
        links: Pairs of keys, from left to right; a key that is not drawn is passed over.
    """
    filled = [column for column in columns if column]
    if not filled:
        return Drawing(WIDE, 0, (), (), ())
    width = (WIDE - 2 * MARGIN - LANE * (len(filled) - 1)) // len(filled)
    tallest = max(map(len, filled))
    height = tallest * (BOX_HIGH + GAP) - GAP + 2 * MARGIN
    boxes = tuple(box for place, column in enumerate(filled) for box in _column(column, place, width, height))
    by_key = {box.spot.key: box for box in boxes}
    joined = [(by_key[a], by_key[b]) for a, b in links if a in by_key and b in by_key]
    return Drawing(
        WIDE,
        height,
        boxes,
        tuple(_line(a, b) for a, b in joined),
        tuple((a.spot.title, b.spot.title) for a, b in joined),
    )


def _column(column: Sequence[Spot], place: int, width: int, height: int) -> Iterable[Box]:
    top = (height - len(column) * (BOX_HIGH + GAP) + GAP) // 2
    return (
        Box(spot, MARGIN + place * (width + LANE), top + n * (BOX_HIGH + GAP), width) for n, spot in enumerate(column)
    )


def _line(a: Box, b: Box) -> str:
    begin, end = a.x + a.width, b.x
    bend = (begin + end) // 2
    return f"M{begin} {a.middle}C{bend} {a.middle} {bend} {b.middle} {end} {b.middle}"


def cut(text: str, most: int = 18) -> str:
    """Return a text that fits a box: a Chinese character counts for two, others for one."""
    kept, room = "", most * 2
    for character in text:
        room -= 2 if ord(character) > 0x2E7F else 1
        if room < 0:
            return f"{kept}…"
        kept += character
    return kept


def by_title(spots: Mapping[str, Spot]) -> list[Spot]:
    """Return spots in a steady order."""
    return sorted(spots.values(), key=lambda spot: (spot.title, spot.key))
