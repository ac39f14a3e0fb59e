"""Tables as folders: a batch lands whole and once, whoever reads sees a version."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import time

import pyarrow as pa
import pytest

from shuzheng.base.kernel.types import OrgId
from shuzheng.engines.lake.backends.delta import Store, said_of
from shuzheng.engines.lake.rules.arrow import stored_schema
from shuzheng.engines.lake.types.tables import Column, FieldKind, Grade, Mask, Table, TableCode

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
TABLE = Table(
    code=TableCode("wage"),
    label="工资",
    department=OrgId("11990100MBY0000455"),
    columns=(
        Column("id_no", "身份证号", required=True, key=True, grade=Grade.L3, mask=Mask.KEEP_ENDS),
        Column("wage", "工资", FieldKind.DECIMAL, digits=12, scale=2),
        Column("count", "次数", FieldKind.INTEGER, digits=20),
        Column("secret", "密", grade=Grade.L4, mask=Mask.DROP),
    ),
)


def rows(*ids: str, batch: str = "b1") -> pa.RecordBatchReader:
    schema = stored_schema(TABLE)
    made = [
        {"id_no": one, "wage": None, "count": None, "secret": b"x", "_batch": batch, "_row": n, "_landed_at": AT}
        for n, one in enumerate(ids, 1)
    ]
    return pa.Table.from_pylist(made, schema=schema).to_reader()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "lake")


def test_nothing_stored_is_no_version(store: Store) -> None:
    assert store.version(TABLE.code) is None
    assert store.landed(TABLE.code, "s") is None


def test_a_batch_lands_and_its_writer_is_known(store: Store) -> None:
    store.append(TABLE, rows("a", "b"), writer="s", batch=7, said=said_of("b1", AT))
    found = store.version(TABLE.code)
    assert found is not None
    assert found.rows == 2
    assert len(found.files) == 1
    assert store.landed(TABLE.code, "s") == 7
    assert store.landed(TABLE.code, "other") is None


def test_replacing_leaves_the_new_rows_alone(store: Store) -> None:
    store.append(TABLE, rows("a", "b"), writer="s", batch=1, said={})
    store.replace(TABLE, rows("c"), writer="s", batch=2, said={})
    found = store.version(TABLE.code)
    assert found is not None
    assert found.rows == 1
    assert len(found.files) == 1


def test_merging_replaces_by_key(store: Store) -> None:
    store.append(TABLE, rows("a", "b"), writer="s", batch=1, said={})
    store.merge(TABLE, rows("b", "c", batch="b2"), writer="s", batch=2, said={})
    found = store.version(TABLE.code)
    assert found is not None
    assert found.rows == 3
    assert store.landed(TABLE.code, "s") == 2


def test_a_new_column_is_added(store: Store) -> None:
    store.append(TABLE, rows("a"), writer="s", batch=1, said={})
    wider = replace(TABLE, columns=(*TABLE.columns, Column("town", "乡镇")))
    store.ensure(wider)
    found = store.find(TABLE.code)
    assert found is not None
    assert "town" in {field.name for field in found.schema().fields}


def test_tidying_joins_small_files(store: Store) -> None:
    for n in range(3):
        store.append(TABLE, rows(f"a{n}"), writer="s", batch=n, said={})
    store.tidy(TABLE.code)
    found = store.version(TABLE.code)
    assert found is not None
    assert found.rows == 3
    assert len(found.files) == 1


def test_tidying_removes_what_a_commit_that_failed_left_once_it_is_old(store: Store) -> None:
    store.append(TABLE, rows("a"), writer="s", batch=1, said={})
    store.tidy(TABLE.code)  # makes a checkpoint: what is left behind is older than that, or younger
    left = [store.path(TABLE.code) / f"part-{name}.parquet" for name in ("old", "young")]
    for path in left:
        path.write_bytes(b"x")
    long_ago = time() - 8 * 86400
    os.utime(left[0], (long_ago, long_ago))
    store.tidy(TABLE.code)
    assert [path.exists() for path in left] == [False, True]
    found = store.version(TABLE.code)
    assert found is not None
    assert [Path(file).exists() for file in found.files] == [True]
