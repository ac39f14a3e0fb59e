"""An answer as a CSV file for a spreadsheet, piece by piece: UTF-8 with its mark, and no cell a formula.

A text that a spreadsheet program could take for a formula gets an apostrophe before it; numbers stay numbers, with
their minus. Whoever calls this hands in what the gate let out: nothing is masked here.

Source: RFC 4180.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from io import StringIO
from typing import Any, Final

import pyarrow as pa

from shuzheng.base.kernel.spreadsheet import plain_cell
from shuzheng.engines.lake.types.reading import values_of

BOM: Final = "\ufeff"
"""Without it a spreadsheet program takes the file for another encoding."""
CHUNK_ROWS: Final = 10_000


def write_csv(
    answer: pa.Table | pa.RecordBatchReader,
    *,
    labels: Mapping[str, str] | None = None,
    zone: tzinfo = UTC,
    chunk_rows: int = CHUNK_ROWS,
) -> Iterator[bytes]:
    """Yield the bytes of a CSV file; the first piece holds the head, also where there are no rows.

    NULL is an empty cell, a day ISO 8601, a moment `YYYY-MM-DD HH:MM:SS` in the zone, a truth value 是 or 否; what is
    still sealed is left empty.

    Args:
        answer: Rows; a reader is read as the pieces are taken.
        labels: What the head says of a column, by name; the name where there is none.
        zone: Of moments.
        chunk_rows: Most rows in one piece.
    """
    schema = answer.schema
    said = labels or {}
    yield (BOM + _lines([[plain_cell(said.get(name, name)) for name in schema.names]])).encode()
    cells = [_cell(field.type, zone) for field in schema]
    batches = answer.to_batches() if isinstance(answer, pa.Table) else answer
    for batch in batches:
        for start in range(0, batch.num_rows, chunk_rows):
            part = batch.slice(start, chunk_rows)
            columns = [
                ["" if value is None else cell(value) for value in values_of(column)]
                for cell, column in zip(cells, part.columns, strict=True)
            ]
            yield _lines(zip(*columns, strict=True)).encode()


def _lines(rows: Any) -> str:
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _cell(kind: pa.DataType, zone: tzinfo) -> Callable[[Any], str]:
    """Return what writes a known value of a type."""
    if pa.types.is_boolean(kind):
        return lambda value: "是" if value else "否"
    if pa.types.is_timestamp(kind):
        return lambda value: _moment(value, zone)
    if pa.types.is_integer(kind) or pa.types.is_date(kind):
        return str
    if pa.types.is_decimal(kind):
        return lambda value: f"{value:f}"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return lambda _value: ""
    return lambda value: plain_cell(str(value))


def _moment(value: datetime, zone: tzinfo) -> str:
    aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return aware.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
