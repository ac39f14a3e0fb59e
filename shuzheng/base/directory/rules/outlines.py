"""Outlines of divisions made small enough to draw: snapped to a grid, simplified so that neighbours still meet.

A border that two divisions share is cut into the same arcs for both and each arc is simplified once, so that no gap and
no overlap appears between them. Pure geometry in degrees; good for maps of one city.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians
from typing import Final

from shuzheng.base.kernel.types import DivisionCode

Point = tuple[float, float]
Ring = tuple[Point, ...]
"""Corner points of a closed line, longitude and latitude in degrees; the first is not repeated at the end."""


@dataclass(frozen=True, slots=True)
class BoundaryView:
    """The outline of a division.

    Attributes:
        rings: Closed lines: outer borders, and holes.
        label: Where its name stands on a map.
    """

    division: DivisionCode
    rings: tuple[Ring, ...]
    label: Point


_Cell = tuple[int, int]
_Edge = tuple[_Cell, _Cell]

GRID: Final = 1000
"""Cells to a degree that corners are snapped to: about 100 m."""
TOLERANCE: Final = 3.0
"""How far a simplified border may lie from the given one, in cells."""
CORNERS_LEAST: Final = 4
_SEARCH_CELLS: Final = 12
"""Cells along the longer side of the first search for a point deep inside."""


def simplify(outlines: Mapping[str, Sequence[Ring]], *, tolerance: float = TOLERANCE) -> dict[str, tuple[Ring, ...]]:
    """Return the outlines with fewer corners; what neighbours share stays shared, islets below the tolerance go.

    Example:
        >>> square = ((0.0, 0.0), (0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
        >>> simplify({"990102": [square]})
        {'990102': (((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),)}
    """
    cells = {code: [_snap(ring) for ring in rings] for code, rings in outlines.items()}
    owners = _owners(cells)
    return {
        code: tuple(
            _degrees(thin) for ring in rings if len(thin := _thin(ring, owners, tolerance)) >= CORNERS_LEAST - 1
        )
        for code, rings in cells.items()
    }


def _snap(ring: Ring) -> list[_Cell]:
    snapped = [(round(x * GRID), round(y * GRID)) for x, y in ring]
    return [cell for cell, following in zip(snapped, snapped[1:] + snapped[:1], strict=True) if cell != following]


def _degrees(ring: Sequence[_Cell]) -> Ring:
    return tuple((x / GRID, y / GRID) for x, y in ring)


def _owners(cells: Mapping[str, Sequence[Sequence[_Cell]]]) -> dict[_Edge, frozenset[str]]:
    found: dict[_Edge, set[str]] = defaultdict(set)
    for code, rings in cells.items():
        for ring in rings:
            for edge in _edges(ring):
                found[_undirected(edge)].add(code)
    return {edge: frozenset(codes) for edge, codes in found.items()}


def _edges(ring: Sequence[_Cell]) -> Iterator[_Edge]:
    return zip(ring, (*ring[1:], *ring[:1]), strict=True)


def _undirected(edge: _Edge) -> _Edge:
    return edge if edge[0] <= edge[1] else (edge[1], edge[0])


def _thin(ring: Sequence[_Cell], owners: Mapping[_Edge, frozenset[str]], tolerance: float) -> list[_Cell]:
    """Cut a ring where it changes neighbours, and simplify piece by piece."""
    if len(ring) < CORNERS_LEAST:
        return list(ring)
    sides = [owners[_undirected(edge)] for edge in _edges(ring)]
    cuts = [i for i, side in enumerate(sides) if side != sides[i - 1]] or [_start(ring)]
    turned = [*ring[cuts[0] :], *ring[: cuts[0]], ring[cuts[0]]]
    places = [cut - cuts[0] for cut in cuts] + [len(ring)]
    thin: list[_Cell] = []
    for first, last in pairwise(places):
        thin += _simplify_arc(turned[first : last + 1], tolerance)[:-1]
    return thin


def _start(ring: Sequence[_Cell]) -> int:
    return min(range(len(ring)), key=ring.__getitem__)


def _simplify_arc(arc: list[_Cell], tolerance: float) -> list[_Cell]:
    """Simplify in one direction whoever asks, so that both neighbours get the same line."""
    if arc[0] == arc[-1]:
        middle = max(range(len(arc)), key=lambda i: (hypot(arc[i][0] - arc[0][0], arc[i][1] - arc[0][1]), arc[i]))
        return _simplify_arc(arc[: middle + 1], tolerance)[:-1] + _simplify_arc(arc[middle:], tolerance)
    if arc[0] > arc[-1]:
        return _douglas_peucker(arc[::-1], tolerance)[::-1]
    return _douglas_peucker(arc, tolerance)


def _douglas_peucker(line: list[_Cell], tolerance: float) -> list[_Cell]:
    kept = {0, len(line) - 1}
    open_spans = [(0, len(line) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        away = [(_distance(line[i], line[first], line[last]), i) for i in range(first + 1, last)]
        if away and max(away)[0] > tolerance:
            middle = max(away)[1]
            kept.add(middle)
            open_spans += [(first, middle), (middle, last)]
    return [line[i] for i in sorted(kept)]


def _distance(point: Point, start: Point, end: Point) -> float:
    """Return how far a point lies from a segment."""
    (x, y), (ax, ay), (bx, by) = point, start, end
    length = (bx - ax) ** 2 + (by - ay) ** 2
    share = max(0.0, min(1.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) if length else 0.0
    return hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay))


def deepest_point(rings: Sequence[Ring]) -> Point:
    """Return a point far from every border, where a name stands best; of several parts, in the largest.

    Distances count a degree of longitude as its length at that latitude, with width before height: a name is wide.
    """
    ring = max(rings, key=_extent)
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    best, step = _search(ring, (min(xs), min(ys), max(xs), max(ys)))
    for _ in range(4):
        (x, y), (dx, dy) = best, step
        best, step = _search(ring, (x - dx, y - dy, x + dx, y + dy))
    return (round(best[0], 4), round(best[1], 4))


def _search(ring: Ring, box: tuple[float, float, float, float]) -> tuple[Point, Point]:
    """Return the best point of a grid over a box, and the size of a cell."""
    left, low, right, high = box
    dx, dy = (right - left) / _SEARCH_CELLS, (high - low) / _SEARCH_CELLS
    points = [(left + dx * (i + 0.5), low + dy * (j + 0.5)) for i in range(_SEARCH_CELLS) for j in range(_SEARCH_CELLS)]
    return max(points, key=lambda point: _depth(point, ring)), (dx, dy)


def _depth(point: Point, ring: Ring) -> float:
    wide = cos(radians(point[1])) * 0.6
    flat = [(x * wide, y) for x, y in ring]
    here = (point[0] * wide, point[1])
    away = min(_distance(here, a, b) for a, b in zip(flat, (*flat[1:], *flat[:1]), strict=True))
    return away if is_inside(point, ring) else -away


def is_inside(point: Point, ring: Ring) -> bool:
    """Tell whether a point lies inside a ring.

    Example:
        >>> is_inside((0.5, 0.5), ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
        True
    """
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in zip(ring, (*ring[1:], *ring[:1]), strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def _extent(ring: Ring) -> float:
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(ring, (*ring[1:], *ring[:1]), strict=True)))
