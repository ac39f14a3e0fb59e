"""Boundaries of a pack (`boundaries/*.geojson`, RFC 7946): outlines by division, and every fault in them."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from shuzheng.base.directory.rules.outlines import Point, Ring
from shuzheng.base.kernel.pack import Fault, PackRows, Row

PATTERN: Final = "boundaries/*.geojson"
DIVISIONS: Final = "divisions.csv"
CORNERS_LEAST: Final = 4
"""A ring of RFC 7946 has four positions at least, the last equal to the first."""
_SHAPE: Final = "写成 GeoJSON（RFC 7946）的 FeatureCollection，每个区划一个 Feature，id 写区划代码"


class _Wrong(Exception):
    """What is wrong with a feature; becomes a `Fault`."""


def boundary_files(pack: PackRows) -> tuple[str, ...]:
    """Return the names of the pack's boundary files."""
    return pack.matching("boundaries/", ".geojson")


def read_boundaries(pack: PackRows, faults: list[Fault]) -> dict[str, tuple[Ring, ...]]:
    """Return the good outlines by division code."""
    divisions = {row.text("code") for row in pack.of(DIVISIONS)}
    found: dict[str, tuple[Ring, ...]] = {}
    for name in boundary_files(pack):
        row = pack.of(name)[0]
        for code, feature in _features(row, faults):
            problem = "重复" if code in found else "" if code in divisions else f"不在 {DIVISIONS} 里"
            if problem:
                faults.append(
                    Fault(name, 1, f"区划 {code} {problem}", "每个区划写一次，id 与 divisions.csv 的 code 一致")
                )
                continue
            try:
                found[code] = tuple(_rings(feature.get("geometry")))
            except _Wrong as wrong:
                faults.append(Fault(name, 1, f"区划 {code} 的边界不对：{wrong}", _SHAPE))
    return found


def _features(row: Row, faults: list[Fault]) -> Iterator[tuple[str, dict[str, object]]]:
    try:
        content = json.loads(row.text("text"))
    except ValueError as problem:
        line = problem.lineno if isinstance(problem, json.JSONDecodeError) else 1
        faults.append(Fault(row.file, line, "不是 JSON", _SHAPE))
        return
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        faults.append(Fault(row.file, 1, "没有 features", _SHAPE))
        return
    for feature in features:
        code = feature.get("id") if isinstance(feature, dict) else None
        if not code:
            faults.append(Fault(row.file, 1, "有一个 Feature 没有 id", _SHAPE))
        elif isinstance(feature, dict):
            yield str(code), feature


def _rings(geometry: object) -> Iterator[Ring]:
    parts = geometry.get("coordinates") if isinstance(geometry, dict) else None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"} or not isinstance(parts, list) or not parts:
        raise _Wrong("geometry 应是 Polygon 或 MultiPolygon")
    polygons: Sequence[object] = parts if kind == "MultiPolygon" else [parts]
    for polygon in polygons:
        for ring in polygon if isinstance(polygon, list) else ():
            yield _ring(ring)


def _ring(ring: object) -> Ring:
    corners = tuple(_point(position) for position in ring) if isinstance(ring, list) else ()
    if len(corners) < CORNERS_LEAST or corners[0] != corners[-1]:
        raise _Wrong("环至少四个点，首尾相同")
    return corners[:-1]


def _point(position: object) -> Point:
    match position:
        case [int() | float() as x, int() | float() as y, *_] if abs(x) <= 180 and abs(y) <= 90:
            return (float(x), float(y))
        case _:
            raise _Wrong(f"{position} 不是经度、纬度")
