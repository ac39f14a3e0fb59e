"""Which tables there are, and where they lie."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from typing_extensions import override

from shuzheng.engines.lake.backends.delta import Store
from shuzheng.engines.lake.errors import TableNotFound
from shuzheng.engines.lake.models import GradeOverride, TableEdition
from shuzheng.engines.lake.rules.definitions import read_definition
from shuzheng.engines.lake.rules.overlaying import overlay
from shuzheng.engines.lake.types.tables import Grade, Mask, Table, TableCode


def store() -> Store:
    """Return the lake's folder of this city."""
    return Store(settings.SHUZHENG.var_dir / "lake")


def list_tables() -> Mapping[TableCode, Table]:
    """Return every table now defined, by code, in the order of codes."""
    rows = TableEdition.objects.filter(current=True).order_by("code").values_list("digest", "definition")
    read = [_read(digest, _Held(definition)) for digest, definition in rows]
    confirmed = _confirmed()
    return {table.code: overlay(table, confirmed.get(table.code, {})) for table in read}


def find_table(code: str) -> Table | None:
    """Return a table now defined, None when there is none."""
    row = TableEdition.objects.filter(code=code, current=True).values_list("digest", "definition").first()
    return None if row is None else overlay(_read(row[0], _Held(row[1])), _confirmed(code).get(code, {}))


def get_table(code: str) -> Table:
    """Return a table now defined.

    Raises:
        TableNotFound: There is none.
    """
    found = find_table(code)
    if found is None:
        raise TableNotFound(table=code)
    return found


def _confirmed(code: str = "") -> Mapping[str, Mapping[str, tuple[Grade, Mask]]]:
    """Return the grades persons confirmed, by table and column."""
    rows = GradeOverride.objects.filter(**({"table": code} if code else {}))
    found: dict[str, dict[str, tuple[Grade, Mask]]] = {}
    for table, column, grade, mask in rows.values_list("table", "column", "grade", "mask"):
        found.setdefault(table, {})[column] = (Grade(grade), Mask(mask))
    return found


class _Held:
    """Carries a definition past the cache, which goes by digest alone."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        self.definition = definition

    @override
    def __hash__(self) -> int:
        return 0

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)


@lru_cache(maxsize=2048)
def _read(digest: str, held: _Held) -> Table:  # noqa: ARG001 - names the entry
    return read_definition(held.definition)
