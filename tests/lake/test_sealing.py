"""Columns of grade L4: bytes in the lake, a value only where the key is."""

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

from shuzheng.base.kernel.seal import KeyRing, SealBroken
from shuzheng.base.kernel.types import OrgId
from shuzheng.engines.lake.backends.delta import Store
from shuzheng.engines.lake.backends.duckdb import DuckEngine, Means, open_duckdb
from shuzheng.engines.lake.errors import EngineFailed
from shuzheng.engines.lake.rules.arrow import arrow_type, stored_schema
from shuzheng.engines.lake.rules.masking import hash_keys, keep_ends, make_mask
from shuzheng.engines.lake.rules.sealing import keys_used, open_column, seal_column
from shuzheng.engines.lake.types.tables import Column, FieldKind, Grade, Mask, Table, TableCode
from shuzheng.engines.lake.types.trees import Aggregate, Figure, Filter, Masked, Measure, Output, Plain, Project, Scan
from shuzheng.engines.rules.rules.checking import check_rule

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
OLD = KeyRing("1", {"1": b"1" * 32})
BOTH = KeyRing("2", {"1": b"1" * 32, "2": b"2" * 32})
NEW = KeyRing("2", {"2": b"2" * 32})
CODE = TableCode("person")


def column(kind: FieldKind, digits: int = 18, scale: int = 0) -> Column:
    return Column("x", "x", kind, digits, scale, grade=Grade.L4, mask=Mask.DROP)


KINDS: dict[Column, list[Any]] = {
    column(FieldKind.TEXT): ["", "张三", "\U0010ffff", "a\x00b", None],
    column(FieldKind.INTEGER): [0, -(10**18) + 1, 10**18 - 1, None],
    column(FieldKind.INTEGER, 38): [Decimal(10**38 - 1), Decimal(-1), None],
    column(FieldKind.DECIMAL, 12, 2): [Decimal("1.20"), Decimal("-9999999999.99"), None],
    column(FieldKind.DECIMAL, 38, 38): [Decimal("1E-38"), Decimal("-0.5"), None],
    column(FieldKind.DATE): [date(1, 1, 1), date(9999, 12, 31), date(1969, 12, 31), date(1582, 10, 10), None],
    column(FieldKind.MOMENT): [datetime(1, 1, 1, tzinfo=UTC), datetime(2024, 2, 29, 1, 2, 3, 4, tzinfo=UTC), None],
    column(FieldKind.BOOLEAN): [True, False, None],
}


@pytest.mark.parametrize("found", KINDS, ids=lambda one: f"{one.kind} {one.digits} {one.scale}")
def test_what_is_sealed_opens_as_it_was(found: Column) -> None:
    values = pa.array(KINDS[found], arrow_type(found))
    sealed = seal_column(values, CODE, found, OLD)
    assert sealed.type == pa.binary()
    assert sealed.null_count == values.null_count
    assert len(set(sealed.to_pylist())) == len(values)
    assert open_column(sealed, CODE, found, OLD).equals(values)


@given(texts=st.lists(st.none() | st.text(max_size=30).filter(lambda text: text.isprintable()), max_size=20))
def test_any_text_opens_as_it_was(texts: list[str | None]) -> None:
    found = column(FieldKind.TEXT)
    values = pa.array(texts, pa.string())
    assert open_column(seal_column(values, CODE, found, OLD), CODE, found, OLD).equals(values)


def test_an_empty_or_unknown_column_is_sealed_too() -> None:
    found = column(FieldKind.DECIMAL, 12, 2)
    for values in (pa.array([], arrow_type(found)), pa.array([None, None], arrow_type(found))):
        assert open_column(seal_column(values, CODE, found, OLD), CODE, found, OLD).equals(values)


def test_a_slice_of_a_column_is_sealed_as_it_is_read() -> None:
    found = column(FieldKind.TEXT)
    values = pa.array(["a", None, "b", "c", None], pa.string())
    sealed = seal_column(values, CODE, found, OLD)
    assert open_column(sealed.slice(1, 3), CODE, found, OLD).to_pylist() == [None, "b", "c"]
    assert open_column(seal_column(values.slice(2), CODE, found, OLD), CODE, found, OLD).to_pylist() == ["b", "c", None]


def test_a_value_does_not_open_in_another_column_or_without_its_key() -> None:
    found = column(FieldKind.TEXT)
    sealed = seal_column(pa.array(["secret"]), CODE, found, OLD)
    for place, ring in ((TableCode("firm"), OLD), (CODE, NEW), (CODE, KeyRing("1", {"1": b"9" * 32}))):
        with pytest.raises(SealBroken):
            open_column(sealed, place, found, ring)
    changed = bytearray(sealed[0].as_py())
    changed[-1] ^= 1
    with pytest.raises(SealBroken):
        open_column(pa.array([bytes(changed)]), CODE, found, OLD)


def test_after_a_change_of_key_both_open_and_the_new_one_seals() -> None:
    found = column(FieldKind.TEXT)
    old = seal_column(pa.array(["a", None]), CODE, found, OLD)
    new = seal_column(pa.array(["b"]), CODE, found, BOTH)
    assert open_column(pa.concat_arrays([old, new]), CODE, found, BOTH).to_pylist() == ["a", None, "b"]
    assert keys_used(old.to_pylist()) == {"1"}
    assert keys_used(new.to_pylist()) == {"2"}


# ---- the engine with the key ----
TABLE = Table(
    CODE,
    "人口",
    OrgId("11990100MBY0000455"),
    (Column("id", "id"), Column("pay", "月收入", FieldKind.DECIMAL, 12, 2, grade=Grade.L4, mask=Mask.GENERALISE)),
)
PAY = TABLE.by_name["pay"]
SCAN = Scan(CODE, ("id", "pay"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "lake")
    pay = seal_column(pa.array([Decimal("8512.34"), None, Decimal("12.00")], arrow_type(PAY)), CODE, PAY, OLD)
    own = (pa.array(["b"] * 3), pa.array([1, 2, 3]), pa.array([AT] * 3, pa.timestamp("us", tz="UTC")))
    rows = pa.Table.from_arrays([pa.array(["a", "b", "c"]), pay, *own], schema=stored_schema(TABLE))
    made.append(TABLE, rows.to_reader(), writer="t", batch=1, said={})
    return made


def opened(store: Store, ring: KeyRing | None = OLD) -> DuckEngine:
    return open_duckdb({CODE: TABLE}, store=store, hash_key=b"k", sealing=ring)


def test_with_the_key_a_sealed_column_is_a_column(store: Store) -> None:
    engine = opened(store)
    rich = check_rule("pay > 100", TABLE.schema).root
    masked = Project(SCAN, (Output("id", Plain("id")), Output("pay", Masked(PAY, Mask.GENERALISE))))
    assert engine.run(Filter(SCAN, rich)).read_all().to_pylist() == [{"id": "a", "pay": Decimal("8512.34")}]
    assert engine.run(masked).read_all().column("pay").to_pylist() == [Decimal(8000), None, Decimal(10)]
    total = Aggregate(SCAN, (), (Figure("n", Measure.SUM, Plain("pay")),))
    assert engine.run(total).read_all().to_pylist() == [{"n": Decimal("8524.34")}]
    engine.close()


def test_with_the_wrong_key_nothing_is_given_and_nothing_is_said(store: Store) -> None:
    engine = opened(store, NEW)
    with pytest.raises(SealBroken) as refused:
        engine.run(SCAN).read_all()
    assert "8512" not in str(refused.value)
    engine.close()


def test_without_the_key_the_bytes_hold_no_value(store: Store) -> None:
    engine = opened(store, None)
    known = [value for value in engine.run(SCAN).read_all().column("pay").to_pylist() if value is not None]
    assert len(known) == 2
    assert all(b"8512" not in value for value in known)
    engine.close()


# ---- the locks ----
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_parquet('/tmp/*.parquet')",
        "COPY (SELECT 1) TO '/tmp/lake-a-test.csv'",
        "ATTACH '/tmp/lake-a-test.db'",
        "SET enable_external_access = true",
        "SET threads = 1",
        "INSTALL httpfs",
        "SELECT * FROM outside",
    ],
)
def test_the_engine_opens_nothing_but_the_lake(store: Store, sql: str) -> None:
    outside = pa.table({"a": [1]})
    engine = opened(store)
    with pytest.raises(duckdb.Error):
        engine.connection.cursor().execute(sql)
    assert outside.num_rows == 1
    engine.close()


def test_engines_that_share_a_database_are_locked_and_end_each_for_itself(store: Store) -> None:
    first, second = (open_duckdb({CODE: TABLE}, store=store, hash_key=b"k") for _ in range(2))
    first.close()
    assert second.run(Aggregate(Scan(CODE, ("_row",)), (), (Figure("n", Measure.COUNT),))).read_all().num_rows == 1
    for sql in ("FROM '/etc/passwd'", "SET enable_external_access = true", "COPY (SELECT 1) TO '/tmp/x.csv'"):
        with pytest.raises(duckdb.Error):
            second.connection.execute(sql)
    second.close()


def test_an_engine_without_memory_says_so(tmp_path: Path) -> None:
    narrow, made = Table(CODE, "a", OrgId("11990100MBY0000455"), (Column("id", "id"),)), Store(tmp_path)
    ids = pa.array([hashlib.sha256(str(n).encode()).hexdigest() for n in range(200_000)])
    own = (pa.array(["b"] * 200_000), pa.array(range(200_000)), pa.array([AT] * 200_000, pa.timestamp("us", tz="UTC")))
    rows = pa.Table.from_arrays([ids, *own], schema=stored_schema(narrow))
    made.append(narrow, rows.to_reader(), writer="t", batch=1, said={})
    groups = Aggregate(Scan(CODE, ("id",)), ("id",), (Figure("n", Measure.COUNT),))
    engine = open_duckdb({CODE: narrow}, store=made, hash_key=b"k", means=Means(memory="20MB", threads=1))
    with pytest.raises(EngineFailed, match="内存不够"):
        engine.run(groups).read_all()
    engine.close()
    spill = tmp_path / "spill"
    engine = open_duckdb({CODE: narrow}, store=made, hash_key=b"k", means=Means("60MB", 1, spill))
    assert engine.run(groups).read_all().num_rows == 200_000
    engine.close()


# ---- masks by themselves ----
def test_ends_are_kept_by_length() -> None:
    shown = ("", "张", "张三", "张三丰", "341502199003079916", "19912340001", "皖N12345")
    assert [keep_ends(text) for text in shown] == [
        *("", "*", "张*", "张*丰", "3415**********9916", "199****0001", "皖N***45")
    ]


@given(text=st.text(min_size=1, max_size=40))
def test_no_text_is_shown_whole(text: str) -> None:
    kept = keep_ends(text)
    assert len(kept) == len(text)
    assert kept.count("*") >= max(1, len(text) // 3)


def test_the_hash_is_keyed_and_joins() -> None:
    found = Column("x", "x")
    one, other = (make_mask(found, Mask.HASH, hash_key=key) for key in (b"1", b"2"))
    assert one("341502199003079916") == one("341502199003079916") != other("341502199003079916")
    inner, outer = hash_keys(b"1")
    assert inner != outer
    assert one("a") == hashlib.sha256((outer + hashlib.sha256((inner + "a").encode()).hexdigest()).encode()).hexdigest()
