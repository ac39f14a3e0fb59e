"""The key of sealed columns changes and no row is lost."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError

from shuzheng.base.kernel.seal import KeyRing
from shuzheng.base.kernel.types import OrgId
from shuzheng.engines.lake.actions import resealing
from shuzheng.engines.lake.backends.delta import Store
from shuzheng.engines.lake.rules.arrow import arrow_type, stored_schema
from shuzheng.engines.lake.rules.sealing import keys_used, open_column, seal_column
from shuzheng.engines.lake.types.tables import Column, FieldKind, Grade, Mask, Table, TableCode

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
OLD, BOTH = KeyRing("1", {"1": b"1" * 32}), KeyRing("2", {"1": b"1" * 32, "2": b"2" * 32})
PAY = Column("pay", "月收入", FieldKind.DECIMAL, 12, 2, grade=Grade.L4, mask=Mask.DROP)
TABLE = Table(TableCode("person"), "人口", OrgId("11990100MBY0000455"), (Column("id", "id"), PAY))
VALUES = [Decimal("1.00"), None, Decimal("3.00")]


def land(store: Store, ring: KeyRing, batch: int) -> None:
    pay = seal_column(pa.array(VALUES, arrow_type(PAY)), TABLE.code, PAY, ring)
    own = (pa.array([f"b{batch}"] * 3), pa.array([1, 2, 3]), pa.array([AT] * 3, pa.timestamp("us", tz="UTC")))
    rows = pa.Table.from_arrays([pa.array(["a", "b", "c"]), pay, *own], schema=stored_schema(TABLE))
    store.append(TABLE, rows.to_reader(), writer="t", batch=batch, said={})


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    made = Store(tmp_path / "lake")
    monkeypatch.setattr(resealing, "store", lambda: made)
    monkeypatch.setattr(resealing, "seal_ring", lambda: BOTH)
    return made


def test_every_value_is_sealed_with_the_new_key_and_every_row_is_there(store: Store) -> None:
    for batch, ring in ((1, OLD), (2, OLD), (3, BOTH)):
        land(store, ring, batch)
    plain = Table(TableCode("a_plain"), "a", TABLE.department, (Column("id", "id"),))
    store.ensure(plain)
    first = resealing.STORE.reseal(after=0, limit=200)
    assert (first.after, first.seen) == (1, 0)
    step = resealing.STORE.reseal(after=1, limit=200)
    assert (step.after, step.seen, step.changed, step.old) == (None, 6, 4, 0)
    rows = store.scan(TABLE.code)[1].read_all()
    assert keys_used(rows.column("pay").to_pylist()) == {"2"}
    opened = open_column(rows.column("pay").combine_chunks(), TABLE.code, PAY, BOTH).to_pylist()
    assert sorted(map(str, opened)) == sorted(map(str, VALUES * 3))
    assert store.landed(TABLE.code, "t") == 3
    assert resealing.STORE.reseal(after=1, limit=200).changed == 0


def test_an_empty_lake_needs_no_key(store: Store) -> None:
    assert resealing.STORE.reseal(after=0, limit=200).after is None


def test_a_batch_that_lands_meanwhile_is_not_lost(store: Store) -> None:
    land(store, OLD, 1)
    landed: list[bool] = []

    def change(batch: pa.RecordBatch) -> pa.RecordBatch:
        if not landed:
            landed.append(True)
            other = Thread(target=land, args=(store, OLD, 2))
            other.start()
            other.join(timeout=20)
        return batch

    with pytest.raises(CommitFailedError):
        store.rewrite(TABLE.code, change, said={})
    assert store.scan(TABLE.code)[1].read_all().num_rows == 6


def test_a_column_no_definition_has_any_more_is_kept(store: Store) -> None:
    land(store, OLD, 1)
    more = pa.table(
        {"gone": ["x"], "_batch": ["b"], "_row": [1], "_landed_at": pa.array([AT], pa.timestamp("us", "UTC"))}
    )
    write_deltalake(DeltaTable(str(store.path(TABLE.code))), more, mode="append", schema_mode="merge")
    resealing.STORE.reseal(after=0, limit=200)
    assert "x" in store.scan(TABLE.code)[1].read_all().column("gone").to_pylist()
