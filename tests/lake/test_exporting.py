"""An answer as a file for a spreadsheet."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

from shuzheng.base.kernel.spreadsheet import FORMULA
from shuzheng.engines.lake.rules.exporting import write_csv


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


def test_every_kind_of_column_is_written_for_people() -> None:
    answer = pa.table(
        {
            "name": pa.array(["张*", None]),
            "n": pa.array([-5, None], pa.int64()),
            "yuan": pa.array([Decimal("-0.0000001"), None], pa.decimal128(12, 7)),
            "on": pa.array([date(2026, 1, 5), None]),
            "at": pa.array([datetime(2026, 1, 5, 16, tzinfo=UTC), None], pa.timestamp("us", tz="UTC")),
            "yes": pa.array([True, None]),
            "sealed": pa.array([b"\x01secret", None], pa.binary()),
        }
    )
    data = b"".join(write_csv(answer, labels={"name": "姓名"}, zone=ZoneInfo("Asia/Shanghai")))
    assert data.startswith(b"\xef\xbb\xbf")
    assert cells(data) == [
        ["姓名", "n", "yuan", "on", "at", "yes", "sealed"],
        ["张*", "-5", "-0.0000001", "2026-01-05", "2026-01-06 00:00:00", "是", ""],
        ["", "", "", "", "", "", ""],
    ]


@pytest.mark.parametrize("first", [*FORMULA, " =", "\u3000="])
def test_no_text_is_a_formula_not_in_the_head_either(first: str) -> None:
    text = f"{first}cmd|' /C calc'!A0"
    found = cells(b"".join(write_csv(pa.table({text: [text]}))))
    assert found == [[f"'{text}"], [f"'{text}"]]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), min_size=1))
def test_every_text_is_read_back_as_it_was_but_for_the_apostrophe(texts: list[str]) -> None:
    found = [row[0] for row in cells(b"".join(write_csv(pa.table({"t": texts})))) if row][1:]
    assert [cell if cell == text else cell.removeprefix("'") for cell, text in zip(found, texts, strict=True)] == texts
    assert not any(cell.startswith(FORMULA) for cell in found)


def test_it_comes_in_pieces_as_rows_are_read() -> None:
    taken: list[int] = []
    schema = pa.schema([("n", pa.int64())])

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(3):
            taken.append(number)
            yield pa.record_batch({"n": list(range(5))}, schema)

    pieces = write_csv(pa.RecordBatchReader.from_batches(schema, batches()), chunk_rows=2)
    assert next(pieces) == "\ufeffn\r\n".encode()
    assert not taken
    assert next(pieces) == b"0\r\n1\r\n"
    assert taken == [0]
    assert len(list(pieces)) == 8


def test_an_answer_without_rows_is_a_head() -> None:
    assert b"".join(write_csv(pa.table({"a": pa.array([], pa.string())}))) == "\ufeffa\r\n".encode()
