"""Who stood in a table as it was read whole: the answer to `base.access.types.HOLDERS`.

A version never changes, so what was found of one is kept in the process, under the keyed subject.
"""

from collections.abc import Collection, Mapping
from typing import Final

import duckdb

from shuzheng.base.access.queries import subject_key
from shuzheng.base.access.types import Edition, Standing
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.types import PartyKind
from shuzheng.engines.lake.backends.duckdb import DuckEngine, Means
from shuzheng.engines.lake.queries.engines import hash_key, seal_ring
from shuzheng.engines.lake.queries.tables import find_table, store
from shuzheng.engines.lake.rules.securing import spelt_sql
from shuzheng.engines.lake.types.tables import Table, TableCode

TABLES: Final = "urn:shuzheng:lake:table:"
"""How the URN of a table begins."""
_KEPT: Final = 50_000
_MEANS: Final = Means(memory="256MB")
_known: dict[tuple[str, int, str, bytes], bool] = {}


def urn_of(code: TableCode) -> str:
    """Return the URN of a table."""
    return f"{TABLES}{code}"


def find_standings(kind: PartyKind, number: str, editions: Collection[Edition]) -> Mapping[Edition, Standing]:
    """Return whether a person or firm stood in tables as they were read.

    Args:
        kind: What it is.
        number: As `base.access.queries.spelt` spells it.
        editions: Tables and versions.
    """
    return {one: _standing(kind, number, one) for one in editions}


def _standing(kind: PartyKind, number: str, edition: Edition) -> Standing:
    table = find_table(edition.resource.removeprefix(TABLES))
    if table is None or table.subject_kind is not kind:
        return Standing.UNKNOWN
    try:
        return _looked_up(table, edition.version, kind, number)
    except (ShuzhengError, duckdb.Error):  # what cannot be looked into is not known; the rest of the page is
        return Standing.UNKNOWN


def _looked_up(table: Table, version: int, kind: PartyKind, number: str) -> Standing:
    held = _holds(table, version, kind, number)
    if held is not None:
        return Standing.HELD if held else Standing.NOT_HELD
    now = store().version(table.code)
    if now is not None and _holds(table, now.number, kind, number):
        return Standing.HELD_NOW
    return Standing.UNKNOWN


def _holds(table: Table, version: int, kind: PartyKind, number: str) -> bool | None:
    """Tell whether a version holds a number, None when the version is kept no more."""
    place = store()
    known = (str(place.path(table.code)), version, table.subject, subject_key(kind, number))
    if known not in _known:
        files = place.files_at(table.code, version)
        if files is None:
            return None
        if len(_known) >= _KEPT:
            _known.clear()
        _known[known] = _look_up(table, files, number)
    return _known[known]


def _look_up(table: Table, files: tuple[str, ...], number: str) -> bool:
    ring = seal_ring() if table.by_name[table.subject].sealed else None
    tables, versions, root = {table.code: table}, {table.code: files}, store().root
    engine = DuckEngine(tables, versions, root=root, hash_key=hash_key(), sealing=ring, means=_MEANS, shared=True)
    try:
        sql = f"SELECT 1 FROM {engine.relation(table.code)} AS r WHERE {spelt_sql(table, '$1')} LIMIT 1"  # noqa: S608 - our names
        return bool(engine.connection.execute(sql, [number]).fetchall())
    finally:
        engine.close()
