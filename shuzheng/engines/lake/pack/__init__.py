"""This room's part of a pack: `lake/tables/<code>.toml`, one table a file, and `lake/sources/<code>.toml`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Final

from shuzheng.base.kernel.pack import Changes, Fault, PackRows, Row, to_json
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.actions import load_tables
from shuzheng.engines.lake.pack.sources import FILE as SOURCES, apply_sources, check_sources
from shuzheng.engines.lake.rules.definitions import faults_of, read_definition
from shuzheng.engines.lake.types.tables import Table

TABLES: Final = "lake/tables/*.toml"
FILES: Final[tuple[str, ...]] = (TABLES, SOURCES)
_PARTS: Final = ("column", "rule", "access")


def check(pack: PackRows) -> list[Fault]:
    """Return every fault in this part's files."""
    departments = _departments(pack)
    files = pack.matching("lake/tables/", ".toml")
    found = {file: list(_check(pack, file, departments)) for file in files}
    tables = {file: _definition(pack.of(file), file) for file in files if not found[file]}
    known: dict[str, Table] = {str(one["code"]): read_definition(one) for one in tables.values()}
    return [*(fault for faults in found.values() for fault in faults), *check_sources(pack, known)]


def apply(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:
    """Load the definitions inside the caller's transaction; applying twice changes nothing."""
    departments = _departments(pack)
    changes = load_tables(
        [
            {**found, "department": departments[str(found["department"])]}
            for found in (_definition(pack.of(file), file) for file in pack.matching("lake/tables/", ".toml"))
        ],
        actor=actor,
        at=at,
    )
    changes.include(apply_sources(pack, actor=actor, at=at))
    return changes


def _departments(pack: PackRows) -> Mapping[str, str]:
    """Return codes by short name; of several bodies with one name the first of the file, the highest."""
    found: dict[str, str] = {}
    for row in pack.of("organizations.csv"):
        found.setdefault(row.text("short_name"), row.text("code"))
    return found


def _definition(rows: Sequence[Row], file: str) -> dict[str, Any]:
    top: dict[str, Any] = {"code": PurePosixPath(file).stem}
    for row in rows:
        values = {key: to_json(value) for key, value in row.values.items()}
        if row.table:
            top.setdefault(row.table, []).append(values)
        else:
            top |= values
    return top


def _check(pack: PackRows, file: str, departments: Mapping[str, str]) -> Iterator[Fault]:
    rows = pack.of(file)
    top = next((row for row in rows if not row.table), Row(file, 1, {}))
    if top.text("department") not in departments:
        what = f"department “{top.text('department')}”不在 organizations.csv 里"
        yield Fault(file, top.line, what, "写该文件中的一个 short_name")
    lines = {part: [row.line for row in rows if row.table == part] for part in _PARTS}
    for part, place, what, remedy in faults_of(_definition(rows, file)):
        yield Fault(file, lines[part][place] if part else top.line, what, remedy)
