"""Sources of tables: `lake/sources/<code>.toml`, one source a file."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from shuzheng.base.kernel.pack import Changes, Fault, PackRows, to_json
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.actions.sources import load_sources
from shuzheng.engines.lake.rules.sources import source_faults
from shuzheng.engines.lake.types.tables import Table

FILE = "lake/sources/*.toml"


def check_sources(pack: PackRows, tables: Mapping[str, Table]) -> Iterator[Fault]:
    """Yield every fault in files of sources.

    Args:
        pack: The pack.
        tables: Its tables by code, those that could be read.
    """
    for file in _files(pack):
        rows = pack.of(file)
        top = next((row.line for row in rows if not row.table), 1)
        lines = [row.line for row in rows if row.table == "map"]
        for part, place, what, remedy in source_faults(_definition(pack, file), tables):
            yield Fault(file, lines[place] if part else top, what, remedy)


def apply_sources(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:
    """Load the definitions inside the caller's transaction; applying twice changes nothing."""
    return load_sources([_definition(pack, file) for file in _files(pack)], actor=actor, at=at)


def _files(pack: PackRows) -> tuple[str, ...]:
    return pack.matching("lake/sources/", ".toml")


def _definition(pack: PackRows, file: str) -> dict[str, Any]:
    found: dict[str, Any] = {"code": PurePosixPath(file).stem}
    for row in pack.of(file):
        values = {key: to_json(value) for key, value in row.values.items()}
        if row.table:
            found.setdefault(row.table, []).append(values)
        else:
            found |= values
    return found
