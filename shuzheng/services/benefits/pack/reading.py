"""Rows of the pack, by kind of table."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from shuzheng.base.kernel.pack import PackRows, Row
from shuzheng.base.kernel.types import Json, JsonObject

POLICIES: Final = "policies.toml"
SUBJECT_FACTS: Final = "subject_facts.csv"


def rows_of(pack: PackRows, table: str) -> list[Row]:
    """Return the `[[fact]]`, `[[policy]]` or `[meta]` rows of policies.toml."""
    return [row for row in pack.of(POLICIES) if row.table == table]


def meta_of(pack: PackRows) -> Mapping[str, object]:
    """Return the table `[meta]`, empty when the pack has no policies."""
    found = rows_of(pack, "meta")
    return found[0].values if found else {}


def table_of(row: Row) -> JsonObject:
    """Return a row as JSON: dates as ISO text."""
    return {key: to_json(value) for key, value in row.values.items()}


def to_json(value: object) -> Json:
    """Return a value of a TOML file as JSON."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_json(part) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [to_json(part) for part in value]
    return str(value)
