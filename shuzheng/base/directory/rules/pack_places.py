"""Divisions and organizations of a pack: rows, and every fault in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shuzheng.base.directory.rules.pack_cells import Cells, first_of_each, values_in
from shuzheng.base.directory.types import DivisionLevel, Duty, OrganizationKind, System
from shuzheng.base.kernel.codes import check_division_code, check_uscc
from shuzheng.base.kernel.pack import Fault, PackRows

DIVISIONS: Final = "divisions.csv"
ORGANIZATIONS: Final = "organizations.csv"
DEPTH_MOST: Final = 4
_RANKS: Final = {level: rank for rank, level in enumerate(DivisionLevel)}
_LENGTHS: Final = {"province": 6, "city": 6, "county": 6, "town": 9, "village": 12}
_LEVELS: Final = tuple(map(str, DivisionLevel))
_KINDS: Final = tuple(map(str, OrganizationKind))
_SYSTEMS: Final = tuple(map(str, System))
_DUTIES: Final = tuple(map(str, Duty))


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """A division of a pack; `full_name` begins with the highest division."""

    code: str
    name: str
    full_name: str
    level: str
    parent_code: str
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """An organization of a pack with its levels, top down, '' below its own."""

    code: str
    short_name: str
    full_name: str
    parent_code: str
    kind: str
    division_code: str
    level: str
    duties: frozenset[str]
    system: str
    levels: tuple[str, str, str, str]


def read_divisions(pack: PackRows, faults: list[Fault]) -> dict[str, DivisionRow]:
    """Return the good divisions by code; parents may stand after their children."""
    seen: dict[str, int] = {}
    names: dict[str, tuple[str, str, str]] = {}
    read: list[tuple[Cells, str]] = []
    for row in pack.of(DIVISIONS):
        cells = Cells(row, faults)
        code = cells.code("code", check_division_code)
        level = cells.choice("level", _LEVELS)
        name = cells.need("name", most=80)
        if cells.good and len(code) != _LENGTHS[level]:
            cells.fault(f"{level} 的代码应为 {_LENGTHS[level]} 位，这里是 {len(code)} 位", "请核对 level 和 code")
        if first_of_each(cells, "code", seen, code):
            names[code] = (name, level, row.text("parent_code"))
            read.append((cells, code))
    found = {}
    for cells, code in read:
        _check_division_parent(cells, code, names)
        longitude, latitude = cells.degrees("longitude", 180), cells.degrees("latitude", 90)
        if cells.good:
            name, level, parent = names[code]
            found[code] = DivisionRow(code, name, _full_name(code, names), level, parent, longitude, latitude)
    return found


def _check_division_parent(cells: Cells, code: str, names: Mapping[str, tuple[str, str, str]]) -> None:
    _, level, parent = names[code]
    if not parent:
        return
    if parent not in names:
        cells.fault(f"上级区划 {parent} 不在 {DIVISIONS} 里", "请补上这一行，或改正 parent_code")
    elif level in _RANKS and _RANKS.get(DivisionLevel(level), 0) <= _rank(names[parent][1]):
        cells.fault(f"上级区划 {parent} 的级别不高于本级", "上级应是更高一级，例如村居的上级是乡镇")


def _rank(level: str) -> int:
    return _RANKS[DivisionLevel(level)] if level in _LEVELS else -1


def _full_name(code: str, names: Mapping[str, tuple[str, str, str]]) -> str:
    parts: list[str] = []
    here = code
    while here in names and len(parts) < len(_LEVELS):
        parts.append(names[here][0])
        here = names[here][2]
    return "".join(reversed(parts))


def read_organizations(pack: PackRows, faults: list[Fault]) -> dict[str, OrganizationRow]:
    """Return the good organizations by code; the tree has one root and at most four levels."""
    seen: dict[str, int] = {}
    parents = {row.text("code"): row.text("parent_code") for row in pack.of(ORGANIZATIONS)}
    divisions = values_in(pack, DIVISIONS, "code")
    root = ""
    found = {}
    for row in pack.of(ORGANIZATIONS):
        cells = Cells(row, faults)
        code = cells.code("code", check_uscc)
        read = OrganizationRow(
            code=code,
            short_name=cells.need("short_name", most=80),
            full_name=cells.need("full_name", most=160),
            parent_code=row.text("parent_code"),
            kind=cells.choice("kind", _KINDS),
            division_code=row.text("division_code"),
            level=cells.choice("level", _LEVELS),
            duties=cells.words("duties", _DUTIES),
            system=cells.choice("system", _SYSTEMS),
            levels=_levels(cells, code, parents),
        )
        if read.division_code not in divisions:
            cells.fault(f"区划 {read.division_code} 不在 {DIVISIONS} 里", "请改正 division_code，或补上区划")
        root = _check_root(cells, read, root)
        if first_of_each(cells, "code", seen, code) and cells.good:
            found[code] = read
    return found


def _check_root(cells: Cells, read: OrganizationRow, root: str) -> str:
    if read.parent_code or not read.code:
        return root
    if root:
        cells.fault(f"有两个没有上级的机构，另一个是 {root}", "组织树只有一个根；请填写 parent_code")
    return root or read.code


def _levels(cells: Cells, code: str, parents: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Return l1 to l4 by walking up the parents, and compare what the row says."""
    chain = [code]
    while parents.get(chain[-1]) and len(chain) <= DEPTH_MOST:
        chain.append(parents[chain[-1]])
    if chain[-1] not in parents:
        cells.fault(f"上级机构 {chain[-1]} 不在 {ORGANIZATIONS} 里", "请补上上级机构，或改正 parent_code")
        return (code, "", "", "")
    if len(chain) > DEPTH_MOST:
        cells.fault(f"组织树超过 {DEPTH_MOST} 层，或上级互相引用", "请把机构挂到更高一级的机构之下")
        return (code, "", "", "")
    l1, l2, l3, l4 = [*reversed(chain), "", "", ""][:DEPTH_MOST]
    given = tuple(cells.row.text(name) for name in ("l1", "l2", "l3", "l4"))
    if any(given) and given != (l1, l2, l3, l4):
        cells.fault("l1 至 l4 与按 parent_code 推出的层级不一致", "请改正 l1 至 l4，或整列留空")
    return (l1, l2, l3, l4)
