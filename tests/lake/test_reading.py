# ruff: noqa: E501 - texts of files, in characters twice as wide as others
"""Reading fast is reading slowly: records, encodings and values against the plain Python that says what is meant."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

from shuzheng.base.kernel.types import OrgId
from shuzheng.engines.lake.backends.sources.reading import read_ahead
from shuzheng.engines.lake.errors import SourceAway
from shuzheng.engines.lake.rules.arrow import arrow_type
from shuzheng.engines.lake.rules.reading import chunks, encodings, records
from shuzheng.engines.lake.rules.reading.chunks import Shape, read_chunk
from shuzheng.engines.lake.rules.reading.records import split_records
from shuzheng.engines.lake.rules.reading.typing import Setting, Short, make_plan, steady_since
from shuzheng.engines.lake.rules.reading.values import BLANKS, clean_text, date_form, read_value
from shuzheng.engines.lake.types.gathering import WHOLE, Chunk
from shuzheng.engines.lake.types.tables import Column, FieldKind, Grade, Table, TableCode

ZONE = "Asia/Shanghai"
FORM = date_form("%d/%m/%Y")
assert FORM is not None
SETTING = Setting("b", datetime(2026, 1, 5, tzinfo=UTC), date(2026, 1, 5), ZONE, (FORM,))
KINDS = (
    Column("text", "文", grade=Grade.L1),
    Column("small", "小", FieldKind.INTEGER, digits=4),
    Column("whole", "整", FieldKind.INTEGER, digits=18),
    Column("wide", "大", FieldKind.INTEGER, digits=25),
    Column("money", "钱", FieldKind.DECIMAL, digits=12, scale=2),
    Column("part", "比", FieldKind.DECIMAL, digits=4, scale=4),
    Column("day", "日", FieldKind.DATE),
    Column("moment", "时", FieldKind.MOMENT),
    Column("yes", "是", FieldKind.BOOLEAN),
)


def plain(content: bytes, width: int) -> tuple[list[tuple[int, tuple[str, ...]]], list[tuple[int, str]]]:
    rows, faults = [], []
    for number, record in enumerate(split_records(content), 1):
        try:
            fields = None if record.fields is None else tuple(field.decode() for field in record.fields)
        except UnicodeDecodeError:
            faults.append((number, "encoding" if len(record.fields or ()) == width else "columns"))
            continue
        if fields is None:
            faults.append((number, "quote"))
        elif len(fields) != width:
            faults.append((number, "columns"))
        else:
            rows.append((number, fields))
    return rows, faults


def fast(content: bytes, width: int) -> tuple[list[tuple[int, tuple[str, ...]]], list[tuple[int, str]]]:
    chunk = read_chunk(content, Shape(width), 1)
    rows = [tuple(row.values()) for row in chunk.rows.to_pylist()]
    found = list(zip(chunk.numbers.to_pylist(), rows, strict=True))
    return found, [(fault.row, fault.rule) for fault in chunk.faults]


PIECES = st.sampled_from(
    ['"', '""', ",", "\n", "\r\n", "\r", "a", "b,c", '"x"', '"y,z"', '"p\nq"', "1,2\n", '3,"4"\n', " "]
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(PIECES, max_size=40), st.integers(1, 3))
def test_blocks_read_as_records_do(pieces: list[str], width: int) -> None:
    content = "".join(pieces).encode()
    assert fast(content, width) == plain(content, width)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, min_size=10, max_size=80), st.integers(1, 30))
def test_blocks_begun_small_read_the_same(pieces: list[str], small: int) -> None:
    content = "".join(pieces).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "_SMALL", small)
        assert fast(content, 2) == plain(content, 2)


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES, max_size=60), st.lists(st.integers(0, 40), min_size=1, max_size=8))
def test_blocks_that_come_bit_by_bit_read_the_same(pieces: list[str], sizes: list[int]) -> None:
    content = "".join(pieces).encode()
    rows, faults, waiting, here, first = [], [], b"", 0, 1
    for size in [*sizes, len(content)]:
        waiting, here = waiting + content[here : here + size], min(here + size, len(content))
        chunk = read_chunk(waiting, Shape(2), first, last=here == len(content))
        rows += list(
            zip(chunk.numbers.to_pylist(), [tuple(row.values()) for row in chunk.rows.to_pylist()], strict=True)
        )
        faults += [(fault.row, fault.rule) for fault in chunk.faults]
        first += chunk.rows.num_rows + len(chunk.faults)
        waiting = waiting[chunk.bytes :]
    assert (rows, faults) == plain(content, 2)


def test_a_quote_left_open_costs_one_record() -> None:
    content = b'1,a\n2,"b\n3,c\n4,"d"\n5,e\n'
    assert fast(content, 2) == ([(1, ("1", "a")), (3, ("3", "c")), (4, ("4", "d")), (5, ("5", "e"))], [(2, "quote")])


def test_a_record_of_too_many_lines_is_broken() -> None:
    content = b'1,"' + b"x\n" * (records.MOST_LINES + 1) + b'"\n2,b\n'
    rows, faults = fast(content, 2)
    assert (rows, faults) == plain(content, 2)
    assert (1, "quote") in faults


def test_a_line_in_another_encoding_is_one_fault() -> None:
    content = "1,张三\n".encode() + "2,李四\n".encode("gb18030") + "3,王五\n".encode()
    assert encodings.choose_encoding(content) == encodings.UTF_8
    chunk = read_chunk(content, Shape(2), 1)
    assert [(fault.row, fault.rule, fault.values[WHOLE]) for fault in chunk.faults] == [(2, "encoding", "2,李四")]
    assert chunk.numbers.to_pylist() == [1, 3]


def test_utf_8_within_gb18030_is_one_fault() -> None:
    content = "1,张三\n2,赵六\n".encode("gb18030") + "3,李四四\n".encode() + "4,王五\n".encode("gb18030")
    assert encodings.choose_encoding(content) == encodings.GB18030
    chunk = read_chunk(encodings.to_utf_8(content, encodings.GB18030), Shape(2), 1)
    assert [(fault.row, fault.rule, fault.values[WHOLE]) for fault in chunk.faults] == [(3, "encoding", "3,李四四")]
    assert [row["s1"] for row in chunk.rows.to_pylist()] == ["张三", "赵六", "王五"]


def test_ascii_tells_nothing_of_the_encoding() -> None:
    assert encodings.choose_encoding(b"a,b\n1,2\n") == encodings.AUTO
    assert encodings.choose_encoding("张\n".encode("gb18030")) == encodings.GB18030


# ---- values ----
def typed(texts: list[str]) -> list[list[object]]:
    table = Table(TableCode("t"), "表", OrgId("11990100MBY0000455"), KINDS)
    rows = pa.table({f"s{n}": pa.array(texts, pa.string()) for n in range(len(KINDS))})
    rows = rows.append_column("_row", pa.array(range(len(texts)), pa.int64()))
    plan = make_plan(table, {column.name: n for n, column in enumerate(KINDS)}, len(KINDS), SETTING)
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        engine.register("chunk", rows)
        query = plan.good.replace("WHERE _why IS NULL", "ORDER BY _row")
        found = engine.sql(query).to_arrow_table()
        check_short(engine, plan.short[False], found, rows)
        kept = [n for n, text in enumerate(texts) if text == text.strip(BLANKS)]
        rows = rows.take(pa.array(kept, pa.int64()))
        engine.register("chunk", rows)
        check_short(engine, plan.short[True], found.take(pa.array(kept, pa.int64())), rows)
        assert [found.schema.field(n).type for n in range(len(KINDS))] == [arrow_type(column) for column in KINDS]
        return [list(row.values())[: len(KINDS)] for row in found.to_pylist()]


def check_short(engine: duckdb.DuckDBPyConnection, short: Short, found: pa.Table, rows: pa.Table) -> None:
    """The short way gives rows the long way gives, and leaves the others as they came."""
    by_row = {row["_row"]: row for row in found.to_pylist()}
    good = engine.sql(short.good).to_arrow_table()
    assert good.schema.types == found.schema.types
    assert [row for row in good.to_pylist() if row != by_row[row["_row"]]] == []
    rest = engine.sql(f"FROM ({short.rest}) ORDER BY _row").to_arrow_table()
    names = set(good.column("_row").to_pylist())
    assert rest.to_pylist() == [row for row in rows.to_pylist() if row["_row"] not in names]


def meant(text: str) -> list[object]:
    cleaned = clean_text(text)
    if cleaned is None:
        return [None] * len(KINDS)
    return [read_value(cleaned, column, zone=ZONE, forms=SETTING.forms) for column in KINDS]


TEXTS = [
    "", " ", "\u3000", "0", "-0", "+7", "007", "12", "12.5", "12.50", "12.500", "12.501", "1,234", "12,34", "1,234.50",
    "１２３", "１，２３４．５", "－５", "9999", "10000", "99999", "1e3", "1E3", "1_000", " 12 ", "\u300012\u3000", "0x10", "nan", "inf",
    "999999999999999999", "9999999999999999999", "9223372036854775807", "1234567890123456789012345", "0.1234", "0.12345", ".5", "5.",
    "2023-01-05", "2023/1/5", "2023.01.05", "20230105", "2023年1月5日", "2023-02-29", "2024-02-29", "2023-13-01", "0000-01-01",
    "05/01/2023", "5/1/2023", "31/02/2023", "2023-01-05 00:00:00", "2023-01-05 08:30:00", "2023-01-05T08:30:00Z", "２０２３－０１－０５",
    "2023-01-05T08:30:00+08:00", "2023-01-05T08:30:00.123456789-0530", "2023-01-05 24:00:00", "2023-01-05 08:60", "2023年1月5日 8:05",
    "2023-01-05 8:05+08", "2023-01-05 08:30:60", "9999-12-31", "10000-01-01", "-2023-01-05", "2023-01-05 (BC)", "today", "epoch",
    "infinity", "是", "否", "有", "TRUE", "False", "y", "Ｙ", "1", "true ", "对", "2", "0.0", "00", "-", "+", "--1", "1-", "12.3.4", "1,,2",
    "2023-1-05", "2023-01-5 0:00", "0001-01-01", "1.0", "1.00000000000000000000000000000000000000000", "0000000000000000000000000000000000000000001",
]  # fmt: skip


def test_values_mean_what_they_mean_one_by_one() -> None:
    for text, found in zip(TEXTS, typed(TEXTS), strict=True):
        assert found == meant(text), text


SIGNS = st.text("0123456789-/.,:+ T年月日Ｚ１０\u3000eZ", max_size=24)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str)
DAYS = st.dates().map(str)
MOMENTS = st.datetimes(min_value=datetime(1992, 1, 1), max_value=datetime(2999, 1, 1)).map(str)  # noqa: DTZ001


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(SIGNS, NUMBERS, DAYS, MOMENTS), min_size=1, max_size=60))
def test_random_values_mean_the_same(texts: list[str]) -> None:
    for text, found in zip(texts, typed(texts), strict=True):
        assert found == meant(text), text


def test_usual_forms_need_no_long_way() -> None:
    columns = (Column("id", "号"), Column("n", "数", FieldKind.INTEGER, digits=4), *KINDS[4:9:2])
    table = Table(TableCode("t"), "表", OrgId("11990100MBY0000455"), columns)
    plan = make_plan(table, {column.name: n for n, column in enumerate(columns)}, len(columns), SETTING)
    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE chunk AS SELECT '1' s0, '12' s1, '1.50' s2, '2023-01-05' s3, '是' s4, 1 AS _row")
        assert engine.sql(plan.short[True].good).fetchall()[0][:5] == ("1", 12, Decimal("1.50"), date(2023, 1, 5), True)
        assert engine.sql(plan.short[True].rest).fetchall() == []


def test_the_offset_of_a_zone_is_looked_up_where_it_changes() -> None:
    assert steady_since("Asia/Shanghai") == (date(1991, 9, 17), 28_800)
    since, offset = steady_since("Europe/Berlin")
    assert (since > date(2036, 10, 1), offset) == (True, 3_600)
    assert steady_since("UTC") == (date(1971, 1, 2), 0)


FIELDS = st.text(st.sampled_from('ab" \t\u3000\u00a0\ufeff名，。（'), max_size=4)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.lists(FIELDS, min_size=2, max_size=2), max_size=6), st.sampled_from(["\n", "\r\n", "\r"]))
def test_trimmed_is_said_of_no_other_chunk(records_of: list[list[str]], end: str) -> None:
    chunk = read_chunk("".join(",".join(fields) + end for fields in records_of).encode(), Shape(2), 1)
    texts = [text for row in chunk.rows.to_pylist() for text in row.values()]
    assert not chunk.trimmed or all(text == text.strip(BLANKS) for text in texts)


def test_trimmed_is_said_of_plain_chunks() -> None:
    assert read_chunk("1,张 三\n2,\r\n3,（某）".encode(), Shape(2), 1).trimmed
    assert not read_chunk("1;张三 ;2\n".encode(), Shape(3, ";"), 1).trimmed
    assert not read_chunk(b"1,2 ", Shape(2), 1).trimmed


def test_reading_ahead_says_what_failed_and_ends_early() -> None:
    def chunks_of_two(closed: list[bool]) -> Iterator[Chunk]:
        try:
            yield from (read_chunk(b"1\n", Shape(1), 1) for _ in range(2))
            raise SourceAway(source="s", why="读写出错")
        finally:
            closed.append(True)

    closed: list[bool] = []
    reading = read_ahead(chunks_of_two(closed))
    assert [next(reading).bytes, next(reading).bytes] == [2, 2]
    with pytest.raises(SourceAway):
        next(reading)
    assert closed == [True]
    for _chunk in read_ahead(chunks_of_two(closed)):
        break


@pytest.mark.parametrize("text", ["%d", "%Y%m%d", "%d/%m/%y", "%Y-%m-%d %H", "a%Y-%m-%d"])
def test_a_form_of_dates_has_year_month_day_and_signs_between(text: str) -> None:
    assert date_form(text) is None


def test_nothing_is_rounded() -> None:
    assert meant("1.005")[4] is None
    assert meant("1.00500")[4] is None
    assert meant("1.50")[4] == Decimal("1.50")
