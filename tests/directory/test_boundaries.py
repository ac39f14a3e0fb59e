"""Boundaries of a pack: read, simplified so that neighbours meet, stored once."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.directory.actions.boundaries import load_boundaries
from shuzheng.base.directory.queries.boundaries import list_boundaries
from shuzheng.base.directory.rules.outlines import Ring, deepest_point, is_inside, simplify
from shuzheng.base.directory.rules.pack_boundaries import read_boundaries
from shuzheng.base.kernel.pack import Fault, PackRows, Row
from shuzheng.base.kernel.types import DivisionCode
from tests.directory.builders import make_pack

FILE = "boundaries/counties.geojson"
PACKS = Path(__file__).resolve().parents[2] / "packs"
BORDER = [(0.5, 0.0), (0.52, 0.1), (0.5, 0.2), (0.47, 0.3), (0.5, 0.4), (0.51, 0.41), (0.5, 0.5)]
WEST: Ring = ((0.0, 0.0), *BORDER, (0.0, 0.5))
EAST: Ring = ((1.0, 0.0), (1.0, 0.5), *reversed(BORDER))


def features(**outlines: object) -> str:
    """A file with one polygon a division; names are codes behind a letter."""
    listed = [
        {"type": "Feature", "id": code[1:], "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for code, ring in outlines.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": listed})


def read(text: str) -> tuple[dict[str, tuple[Ring, ...]], list[Fault]]:
    faults: list[Fault] = []
    pack = PackRows(
        {
            FILE: [Row(FILE, 1, {"text": text})],
            "divisions.csv": [Row("divisions.csv", 2, {"code": "990102"}), Row("divisions.csv", 3, {"code": "990122"})],
        }
    )
    return read_boundaries(pack, faults), faults


def edges(ring: Ring) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return [(min(a, b), max(a, b)) for a, b in zip(ring, (*ring[1:], ring[0]), strict=True)]


SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


def test_a_boundary_is_read_by_the_code_of_its_division() -> None:
    found, faults = read(features(d990102=SQUARE))
    assert faults == []
    assert found == {"990102": (((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),)}


def test_a_division_of_several_parts_keeps_them() -> None:
    text = (
        features(d990102=SQUARE).replace('"Polygon"', '"MultiPolygon"').replace("[[[0", "[[[[0").replace("]]]", "]]]]")
    )
    found, faults = read(text)
    assert faults == []
    assert len(found["990102"]) == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "不是 JSON"),
        ("[]", "没有 features"),
        ('{"features": [{"geometry": {}}]}', "有一个 Feature 没有 id"),
        (features(d990199=SQUARE), "区划 990199 不在 divisions.csv 里"),
        (features(d990102=SQUARE[:-1]), "区划 990102 的边界不对：环至少四个点，首尾相同"),
        (features(d990102=[[0, 0], [1, 0], ["x", 1], [0, 0]]), "区划 990102 的边界不对：['x', 1] 不是经度、纬度"),
        (features(d990102=[[0, 0], [181, 0], [1, 1], [0, 0]]), "区划 990102 的边界不对：[181, 0] 不是经度、纬度"),
        (
            features(d990102=SQUARE).replace("Polygon", "Point"),
            "区划 990102 的边界不对：geometry 应是 Polygon 或 MultiPolygon",
        ),
    ],
)
def test_what_is_wrong_with_a_boundary_is_said(text: str, what: str) -> None:
    found, faults = read(text)
    assert [fault.what for fault in faults] == [what]
    assert all(fault.file == FILE and fault.remedy for fault in faults)
    assert found == {}


def test_a_division_drawn_twice_is_a_fault() -> None:
    text = features(d990102=SQUARE)
    twice = json.loads(text)
    twice["features"] *= 2
    assert [fault.what for fault in read(json.dumps(twice))[1]] == ["区划 990102 重复"]


def test_neighbours_still_meet_after_simplifying() -> None:
    thin = simplify({"990102": [WEST], "990122": [EAST]}, tolerance=15)
    (west,), (east,) = thin["990102"], thin["990122"]
    assert len(west) < len(WEST)
    shared = set(edges(west)) & set(edges(east))
    assert {point for edge in shared for point in edge} >= {(0.5, 0.0), (0.52, 0.1), (0.47, 0.3), (0.5, 0.5)}
    assert {point for point in west if 0 < point[0] < 1} == {point for point in east if 0 < point[0] < 1}


def test_the_counties_of_a_city_meet_without_gaps() -> None:
    content = json.loads((PACKS / "luan" / FILE).read_text("utf-8"))
    outlines = {
        feature["id"]: [tuple((x, y) for x, y in feature["geometry"]["coordinates"][0][:-1])]
        for feature in content["features"]
    }
    thin = simplify(outlines)
    assert sum(len(ring) for rings in thin.values() for ring in rings) < 1000
    uses = Counter(edge for rings in thin.values() for ring in rings for edge in edges(ring))
    assert set(uses.values()) == {1, 2}
    for code, rings in thin.items():
        label = deepest_point(rings)
        assert [other for other, others in thin.items() if is_inside(label, others[0])] == [code]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=3, max_size=40), st.floats(0, 50))
def test_simplifying_keeps_to_the_grid_points_given(points: list[tuple[float, float]], tolerance: float) -> None:
    given_ = {(round(x * 1000) / 1000, round(y * 1000) / 1000) for x, y in points}
    for ring in simplify({"1": [tuple(points)]}, tolerance=tolerance)["1"]:
        assert set(ring) <= given_


def test_boundaries_are_stored_once_and_leave_with_their_file(db: None) -> None:
    outlines, parents = {"990102": (WEST,), "990122": (EAST,)}, {"990102": "990100", "990122": "990100"}
    assert load_boundaries(outlines, parents).added == 2
    again = load_boundaries(outlines, parents)
    assert (again.unchanged, again.nothing_changed) == (2, True)
    west, east = list_boundaries(DivisionCode("990100"))
    assert (west.division, east.division) == ("990102", "990122")
    assert is_inside(west.label, west.rings[0])
    moved = load_boundaries({"990102": (WEST,)}, parents)
    assert (moved.changed, moved.retired) == (1, 1)
    assert [view.division for view in list_boundaries(DivisionCode("990100"))] == ["990102"]


def test_the_part_checks_boundaries_with_the_rest() -> None:
    pack = make_pack()
    faulty = PackRows({**pack.rows, FILE: [Row(FILE, 1, {"text": "{"})]})
    assert [(f.file, f.what) for f in directory_pack.check(faulty)] == [(FILE, "不是 JSON")]
