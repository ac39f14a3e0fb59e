"""Columns of a table as Arrow types: what Delta stores and engines give."""

from collections.abc import Iterable
from typing import Final

import pyarrow as pa

from shuzheng.engines.lake.types.tables import BATCH_COLUMN, LANDED_COLUMN, ROW_COLUMN, Column, FieldKind, Table

MOMENT: Final = pa.timestamp("us", tz="UTC")
_TYPES: Final = {
    FieldKind.TEXT: pa.string(),
    FieldKind.INTEGER: pa.int64(),
    FieldKind.DATE: pa.date32(),
    FieldKind.MOMENT: MOMENT,
    FieldKind.BOOLEAN: pa.bool_(),
}
OWN_FIELDS: Final = (
    pa.field(BATCH_COLUMN, pa.string(), nullable=False),
    pa.field(ROW_COLUMN, pa.int64(), nullable=False),
    pa.field(LANDED_COLUMN, MOMENT, nullable=False),
)


def arrow_type(column: Column) -> pa.DataType:
    """Return the type of a column as it is read: 64-bit integers up to 18 digits, decimals beyond and with a scale."""
    if column.kind is FieldKind.DECIMAL or (column.kind is FieldKind.INTEGER and column.digits > 18):
        return pa.decimal128(column.digits, column.scale if column.kind is FieldKind.DECIMAL else 0)
    return _TYPES[column.kind]


def stored_type(column: Column) -> pa.DataType:
    """Return the type of a column as it is stored: a sealed one is bytes."""
    return pa.binary() if column.sealed else arrow_type(column)


def stored_schema(table: Table) -> pa.Schema:
    """Return the columns as stored, and the lake's own after them."""
    return pa.schema([*_fields(table.columns), *OWN_FIELDS])


def _fields(columns: Iterable[Column]) -> list[pa.Field]:
    return [pa.field(column.name, stored_type(column)) for column in columns]
