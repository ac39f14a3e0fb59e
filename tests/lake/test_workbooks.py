"""An answer as an Excel workbook, read back by another library than wrote it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st
from python_calamine import CalamineWorkbook

from shuzheng.base.kernel.spreadsheet import FORMULA
from shuzheng.engines.lake.errors import SheetTooSmall
from shuzheng.engines.lake.rules import workbooks
from shuzheng.engines.lake.rules.workbooks import write_xlsx

CLOCK = datetime(2026, 1, 6, 0, 30)  # noqa: DTZ001 - sheets know no zones


def made(answer: pa.Table, **more: Any) -> bytes:
    return b"".join(write_xlsx(answer, **more))


def cells(answer: pa.Table, **more: Any) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(made(answer, **more))).get_sheet_by_index(0).to_python()


def test_every_kind_of_column_keeps_its_type() -> None:
    answer = pa.table(
        {
            "name": pa.array(["张*", None]),
            "n": pa.array([-5, None], pa.int64()),
            "yuan": pa.array([Decimal("-0.0000001"), None], pa.decimal128(12, 7)),
            "on": pa.array([date(2026, 1, 5), None]),
            "at": pa.array([datetime(2026, 1, 5, 16, 30, tzinfo=UTC), None], pa.timestamp("us", tz="UTC")),
            "yes": pa.array([True, None]),
            "sealed": pa.array([b"\x01secret", None], pa.binary()),
            "end": pa.array(["x", "y"]),
        }
    )
    assert cells(answer, labels={"name": "姓名"}, zone=ZoneInfo("Asia/Shanghai")) == [
        ["姓名", "n", "yuan", "on", "at", "yes", "sealed", "end"],
        ["张*", -5.0, -1e-07, date(2026, 1, 5), CLOCK, "是", "", "x"],
        ["", "", "", "", "", "", "", "y"],
    ]


@pytest.mark.parametrize("first", [*FORMULA, "http://", "mailto:"])
def test_no_text_is_a_formula_or_a_link(first: str) -> None:
    text = f"{first}cmd|' /C calc'!A0"
    answer = pa.table({text: [text, "0012", "1e5"]})
    assert cells(answer) == [[text], [text], ["0012"], ["1e5"]]
    with ZipFile(BytesIO(made(answer))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("110101199003070011", pa.string(), "110101199003070011"),
        (110101199003070011, pa.int64(), "110101199003070011"),
        (999999999999999, pa.int64(), 999999999999999.0),
        (1000000000000000, pa.int64(), "1000000000000000"),
        (Decimal("12345678901234.56"), pa.decimal128(20, 2), "12345678901234.56"),
        (Decimal("0." + "9" * 32), pa.decimal128(38, 32), "0." + "9" * 32),
        (Decimal("1234.50"), pa.decimal128(20, 2), 1234.5),
        (float("nan"), pa.float64(), "nan"),
        (date(1886, 3, 14), pa.date32(), "1886-03-14"),
        (date(1900, 3, 1), pa.date32(), date(1900, 3, 1)),
    ],
)
def test_nothing_is_rounded(value: object, kind: pa.DataType, shown: object) -> None:
    assert cells(pa.table({"x": pa.array([value], kind)}))[1] == [shown]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40), min_size=1))
def test_every_text_is_read_back_as_it_was(texts: list[str]) -> None:
    assert [row[0] for row in cells(pa.table({"t": texts}))[1:]] == texts


def test_what_a_sheet_does_not_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SheetTooSmall):
        write_xlsx(pa.table({"a": pa.nulls(workbooks.MOST_ROWS + 1)}))
    with pytest.raises(SheetTooSmall):
        write_xlsx(pa.table({str(n): [1] for n in range(workbooks.MOST_COLUMNS + 1)}))
    with pytest.raises(SheetTooSmall) as caught:
        write_xlsx(pa.table({"a": ["好" * (workbooks.MOST_TEXT + 1)]}))
    assert "32,767" in caught.value.message


def test_an_answer_without_rows_is_a_head() -> None:
    assert cells(pa.table({"a": pa.array([], pa.string())})) == [["a"]]
