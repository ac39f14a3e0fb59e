"""A sample of a table's rows, the same at every look, column by column as counted values."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from shuzheng.engines.lake.backends.duckdb import DuckEngine
from shuzheng.engines.lake.rules.dialects import DUCKDB
from shuzheng.engines.lake.types.discovery import Sample
from shuzheng.engines.lake.types.tables import BATCH_COLUMN, ROW_COLUMN, TableCode

SEED: Final = 20_231_124
SAMPLED: Final = 20_000
"""Rows looked at; the whole table is read once for it, by a heap of this size."""


def sample(engine: DuckEngine, table: TableCode, columns: Sequence[str]) -> Mapping[str, Sample]:
    """Return the values of columns in at most `SAMPLED` rows, drawn by a hash of batch and row: the same each time.

    Args:
        engine: Opened over the table, without its sealing keys.
        table: Which.
        columns: Names, none of them sealed.
    """
    if not columns:
        return {}
    chosen = ", ".join(f"CAST({DUCKDB.quote_name(name)} AS VARCHAR)" for name in columns)
    order = f"hash({DUCKDB.quote_name(BATCH_COLUMN)}, {DUCKDB.quote_name(ROW_COLUMN)}, {SEED})"
    with engine.connection.cursor() as cursor:
        found = cursor.sql(
            f"SELECT {chosen} FROM {engine.relation(table)} AS t ORDER BY {order}, {BATCH_COLUMN}, {ROW_COLUMN} LIMIT {SAMPLED}"  # noqa: S608, E501 - our own names
        ).to_arrow_table()
    return {name: _counted(found.column(place).to_pylist()) for place, name in enumerate(columns)}


def _counted(values: Sequence[str | None]) -> Sample:
    full = Counter(value for value in values if value is not None and value.strip())
    return Sample(dict(full), len(values) - full.total())
