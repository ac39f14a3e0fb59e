"""An answer as an Excel workbook of one sheet: typed numbers and days, every text a text, nothing a formula.

A number of more than 15 digits is written as text, for a spreadsheet program would round it: an identity number, an
account. What does not fit a sheet is refused, never cut. Whoever calls this hands in what the gate let out: nothing is
masked here.

Source: ECMA-376 (SpreadsheetML); the limits are those Excel states.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from io import BytesIO
from itertools import count
from math import isfinite
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from shuzheng.base.kernel.said import said
from shuzheng.engines.lake.errors import SheetTooSmall
from shuzheng.engines.lake.types.reading import values_of

MOST_ROWS: Final = 1_048_575
"""Of a sheet, below its head."""
MOST_COLUMNS: Final = 16_384
MOST_TEXT: Final = 32_767
"""Characters of a cell."""
MOST_DIGITS: Final = 15
"""What a spreadsheet program keeps of a number."""
FIRST_DAY: Final = date(1900, 3, 1)
"""Earlier days have no number all programs agree on, so they are text."""
CHUNK_ROWS: Final = 10_000
CHUNK_BYTES: Final = 1 << 20
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_WIDE: Final = 18


def write_xlsx(
    answer: pa.Table, *, labels: Mapping[str, str] | None = None, zone: tzinfo = UTC, title: str = "查询结果"
) -> Iterator[bytes]:
    """Return the bytes of a workbook in pieces; it is whole before the first is taken.

    NULL is an empty cell, a moment the clock of the zone, a truth value 是 or 否; what is still sealed is left empty.

    Args:
        answer: Rows.
        labels: What the head says of a column, by name; the name where there is none.
        zone: Of moments.
        title: Of the sheet.

    Raises:
        SheetTooSmall: More rows, columns or characters in a cell than a sheet holds; raised here.
    """
    if answer.num_rows > MOST_ROWS:
        raise SheetTooSmall(what=said("超过 {most} 行", most=f"{MOST_ROWS:,}"))
    if answer.num_columns > MOST_COLUMNS:
        raise SheetTooSmall(what=said("超过 {most} 列", most=f"{MOST_COLUMNS:,}"))
    made = BytesIO()
    with (
        TemporaryDirectory(prefix="shuzheng-xlsx-") as folder,
        closing(xlsxwriter.Workbook(made, {**_OPTIONS, "tmpdir": folder})) as book,
    ):
        _fill(book, book.add_worksheet(title), answer, labels or {}, zone)
    return _pieces(made)


def _pieces(made: BytesIO) -> Iterator[bytes]:
    made.seek(0)
    return iter(lambda: made.read(CHUNK_BYTES), b"")


def _fill(book: Workbook, sheet: Worksheet, answer: pa.Table, labels: Mapping[str, str], zone: tzinfo) -> None:
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(answer.num_columns - 1, 0), _WIDE)
    for place, name in enumerate(answer.schema.names):
        _text(sheet, 0, place, labels.get(name, name), bold)
    writers = [_writer(field.type, book, zone) for field in answer.schema]
    rows = count(1)
    for batch in answer.to_batches(max_chunksize=CHUNK_ROWS):
        for values in zip(*map(values_of, batch.columns), strict=True):
            row = next(rows)
            for place, (write, value) in enumerate(zip(writers, values, strict=True)):
                if value is not None:
                    write(sheet, row, place, value)


def _writer(kind: pa.DataType, book: Workbook, zone: tzinfo) -> Callable[[Worksheet, int, int, Any], None]:
    """Return what writes a known value of a type."""
    if pa.types.is_boolean(kind):
        return lambda sheet, row, place, value: _text(sheet, row, place, "是" if value else "否")
    if pa.types.is_timestamp(kind):
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        return lambda sheet, row, place, value: _day(sheet, row, place, _local(value, zone), moment)
    if pa.types.is_date(kind):
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        return lambda sheet, row, place, value: _day(sheet, row, place, value, day)
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        return _number
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return lambda _sheet, _row, _place, _value: None
    return lambda sheet, row, place, value: _text(sheet, row, place, str(value))


def _text(sheet: Worksheet, row: int, place: int, value: str, form: Format | None = None) -> None:
    if len(value) > MOST_TEXT:
        raise SheetTooSmall(what=said("第 {row} 行有一格超过 {most} 个字", row=row, most=f"{MOST_TEXT:,}"))
    sheet.write_string(row, place, value, form)


def _number(sheet: Worksheet, row: int, place: int, value: int | Decimal | float) -> None:
    if isfinite(value) if isinstance(value, float) else _keeps(Decimal(value)):
        sheet.write_number(row, place, value)
    else:
        _text(sheet, row, place, f"{value:f}" if isinstance(value, Decimal) else str(value))


def _keeps(value: Decimal) -> bool:
    """Tell whether a spreadsheet program keeps every digit of a number."""
    digits = "".join(map(str, value.as_tuple().digits)).strip("0")
    return len(digits) <= MOST_DIGITS and value.copy_abs() < Decimal(10**MOST_DIGITS)


def _local(value: datetime | str, zone: tzinfo) -> datetime | str:
    if isinstance(value, str):
        return value
    aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return aware.astimezone(zone).replace(tzinfo=None)


def _day(sheet: Worksheet, row: int, place: int, value: date | str, form: Format) -> None:
    """Write a day or a moment; what spreadsheets cannot count is text."""
    if isinstance(value, str):
        _text(sheet, row, place, value)
    elif (value.date() if isinstance(value, datetime) else value) < FIRST_DAY:
        _text(sheet, row, place, value.isoformat(" ", "seconds") if isinstance(value, datetime) else value.isoformat())
    else:
        sheet.write_datetime(row, place, value, form)
