"""A map of the city drawn by the server: flat, north up, a county a link with its name and a number.

No script and no picture from elsewhere: outlines come from the pack, simplified when it was loaded. The pages that show
it list the same content beside it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from typing import Final

from shuzheng.base.directory.rules.outlines import BoundaryView, Point, Ring

WIDE: Final = 640
"""Width of the drawing in its own units."""
EDGE: Final = 10
NAME_HEIGHT: Final = 30
"""Height of the larger, the phone's lettering; a Chinese character is as wide."""
LABEL_LINES: Final = 2


@dataclass(frozen=True, slots=True)
class Shape:
    """A county on the map.

    Attributes:
        outline: Path data.
        x: Where the middle of its name stands; likewise `y` for its base line and `y2` for the number's.
        number: None draws no number.
    """

    code: str
    name: str
    href: str
    outline: str
    x: int
    y: int
    y2: int
    number: int | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Atlas:
    """The drawing: its size, and its counties by code."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class _Plane:
    """Degrees to units: equal distances at the middle latitude."""

    west: float
    north: float
    scale: float
    narrow: float

    def place(self, point: Point) -> tuple[int, int]:
        x, y = point
        return round(EDGE + (x - self.west) * self.narrow * self.scale), round(EDGE + (self.north - y) * self.scale)


def draw_atlas(
    boundaries: Sequence[BoundaryView],
    names: Mapping[str, str],
    *,
    href: Callable[[str], str],
    numbers: Mapping[str, int] | None = None,
    chosen: str = "",
) -> Atlas | None:
    """Return the map, None when there are no outlines.

    Args:
        boundaries: The counties.
        names: Names by code; a county without one is left out.
        href: Address a county leads to.
        numbers: What to count in each; a county that is not in it has none of it.
        chosen: Code of the county shown beside the map.
    """
    drawn = [boundary for boundary in boundaries if boundary.division in names and boundary.rings]
    if not drawn:
        return None
    plane, height = _plane([point for boundary in drawn for ring in boundary.rings for point in ring])
    places = spread({b.division: plane.place(b.label) for b in drawn}, {b.division: names[b.division] for b in drawn})
    return Atlas(
        WIDE,
        height,
        tuple(
            Shape(
                code=b.division,
                name=names[b.division],
                href=href(b.division),
                outline="".join(_path(ring, plane) for ring in b.rings),
                x=places[b.division][0],
                y=places[b.division][1],
                y2=places[b.division][1] + NAME_HEIGHT,
                number=None if numbers is None else numbers.get(b.division, 0),
                chosen=b.division == chosen,
            )
            for b in drawn
        ),
    )


def _plane(points: Sequence[Point]) -> tuple[_Plane, int]:
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = cos(radians((south + north) / 2))
    scale = (WIDE - 2 * EDGE) / ((east - west) * narrow)
    return _Plane(west, north, scale, narrow), round((north - south) * scale) + 2 * EDGE


def _path(ring: Ring, plane: _Plane) -> str:
    """Return one closed line with relative steps: shorter than absolute ones."""
    corners = [plane.place(point) for point in ring]
    steps = [f"{x2 - x1} {y2 - y1}" for (x1, y1), (x2, y2) in pairwise(corners)]
    return f"M{corners[0][0]} {corners[0][1]}l{' '.join(steps)}z"


def spread(places: Mapping[str, tuple[int, int]], names: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Move names that would overlap apart, up and down, the later one by code; others stay.

    Example:
        >>> spread({"1": (100, 100), "2": (110, 104)}, {"1": "甲区", "2": "乙县"})
        {'1': (100, 100), '2': (110, 160)}
    """
    placed: dict[str, tuple[int, int]] = {}
    for code in sorted(places):
        x, y = places[code]
        taken = [_box(placed[other], names[other]) for other in placed]
        tries = (y + sign * step for step in range(0, 400, 4) for sign in (1, -1))
        placed[code] = next(((x, at) for at in tries if _is_free(_box((x, at), names[code]), taken)), (x, y))
    return placed


def _box(place: tuple[int, int], name: str) -> tuple[float, float, float, float]:
    x, y = place
    half = len(name) * NAME_HEIGHT / 2
    return (x - half, y - NAME_HEIGHT, x + half, y + NAME_HEIGHT * (LABEL_LINES - 1))


def _is_free(box: tuple[float, float, float, float], taken: Iterable[tuple[float, float, float, float]]) -> bool:
    left, top, right, bottom = box
    return all(right <= l2 or r2 <= left or bottom <= t2 or b2 <= top for l2, t2, r2, b2 in taken)
