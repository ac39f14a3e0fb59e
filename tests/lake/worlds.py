"""Two lakes that differ only in what a reader may not see: hidden rows, and the hidden parts of masked values."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from shuzheng.base.kernel.seal import KeyRing
from shuzheng.base.kernel.types import DivisionCode, OrgId, PartyKind
from shuzheng.engines.lake.backends.delta import Store
from shuzheng.engines.lake.backends.guarded_child import Job, Limits
from shuzheng.engines.lake.rules.arrow import arrow_type, stored_schema
from shuzheng.engines.lake.rules.planning import plan_reading
from shuzheng.engines.lake.rules.sealing import seal_column
from shuzheng.engines.lake.rules.securing import needs_opening
from shuzheng.engines.lake.types.reading import Reader, ReadingPlan
from shuzheng.engines.lake.types.tables import Access, Column, FieldKind, Grade, Mask, Table, TableCode

ROWS = 3000
MANY = 300_000
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
TODAY = date(2026, 1, 5)
DEPARTMENT = OrgId("11990100MBY0000455")
COUNTY = OrgId("11990101MBY0000456")
READER = Reader(COUNTY, frozenset({DEPARTMENT, COUNTY}), DivisionCode("110101"), frozenset({"analyst"}))
LEADER = Reader(COUNTY, frozenset({DEPARTMENT, COUNTY}), DivisionCode("110101"), frozenset({"leader"}))
OPENER = Reader(COUNTY, frozenset({DEPARTMENT, COUNTY}), DivisionCode("110101"), frozenset({"opener"}))
PURPOSE = "统计分析"
RING = KeyRing(active="1", keys={"1": b"k" * 32})
KEYS = {"hash": b"h" * 32, "subject": b"i" * 32}

PERSON = Table(
    code=TableCode("person"),
    label="人口",
    department=DEPARTMENT,
    columns=(
        Column("pid", "编号", FieldKind.INTEGER, required=True, key=True),
        Column("name", "姓名", grade=Grade.L2, mask=Mask.KEEP_ENDS),
        Column("id_no", "身份证号", grade=Grade.L3, mask=Mask.KEEP_ENDS),
        Column("dept_id", "部门", FieldKind.INTEGER),
        Column("income", "收入", FieldKind.DECIMAL, digits=14, scale=2, grade=Grade.L4, mask=Mask.DROP),
        Column("code", "代码"),
    ),
    subject="id_no",
    subject_kind=PartyKind.PERSON,
    access=(
        Access(frozenset({"analyst"}), (PURPOSE,), rows="dept_id IN (1, 2)"),
        Access(frozenset({"leader"}), (PURPOSE,), columns=("dept_id", "code", "income"), clear=Grade.L4, least_group=5),
        Access(frozenset({"opener"}), (PURPOSE,), clear=Grade.L4),
    ),
)
DEPT = Table(
    code=TableCode("dept"),
    label="部门",
    department=DEPARTMENT,
    columns=(Column("dept_id", "编号", FieldKind.INTEGER, key=True, required=True), Column("dname", "名称")),
    access=(Access(frozenset({"analyst", "leader", "opener"}), (PURPOSE,)),),
)
TABLES = {PERSON.code: PERSON, DEPT.code: DEPT}


def people(world: int, count: int = ROWS) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of one world; what a reader of departments 1 and 2 sees of them is the same in both."""
    for i in range(count):
        dept = 1 + i % 2 if i % 3 else 9
        hidden = dept == 9
        yield {
            "pid": i + world * 9_000_000_000_000_000_00 if hidden else i,
            "name": f"{'李钱孙'[(i + world) % 3]}某" if hidden else f"张{'三四五六'[(i + world) % 4]}丰",
            "id_no": f"3101{(i * 7919 + world * 104729) % 10**10:010d}{i % 10000:04d}",
            "dept_id": dept,
            "income": Decimal(1000 + i * (1 + world)),
            "code": ("bad" if world else "7") if hidden else str(i % 10),
        }


def make_world(world: int, root: Path, count: int = ROWS, ring: KeyRing = RING) -> Store:
    """Return a lake."""
    store = Store(root)
    land(store, PERSON, list(people(world, count)), ring)
    land(store, DEPT, [{"dept_id": n, "dname": name} for n, name in ((1, "甲"), (2, "乙"), (9, "丙"))])
    return store


def land(store: Store, table: Table, rows: list[Mapping[str, Any]], ring: KeyRing = RING) -> None:
    """Land rows, sealed columns sealed."""
    schema = stored_schema(table)
    columns: dict[str, pa.Array] = {}
    for column in table.columns:
        values = pa.array([row[column.name] for row in rows], arrow_type(column))
        columns[column.name] = seal_column(values, table.code, column, ring) if column.sealed else values
    own = {"_batch": ["b"] * len(rows), "_row": list(range(1, len(rows) + 1)), "_landed_at": [AT] * len(rows)}
    made = pa.table({**columns, **own}).cast(schema)
    store.append(table, made.to_reader(), writer="w", batch=1, said={})


def plan_of(reader: Reader = READER, **more: Any) -> ReadingPlan:
    """Return a reader's plan of both tables."""
    return plan_reading(TABLES.values(), reader, purpose=PURPOSE, today=TODAY, **more)


def job_of(store: Store, plan: ReadingPlan, sql: str = "", *, vetted: bool = True, limits: Limits | None = None) -> Job:
    """Return a job over a lake."""
    versions = {code: store.version(code) for code in plan.tables}
    opened = any(needs_opening(one, subject=True) for one in plan.tables.values())
    return Job(
        plan=plan,
        files={code: () if one is None else one.files for code, one in versions.items()},
        root=store.root,
        hash_key=KEYS["hash"],
        subject_key=KEYS["subject"],
        ring=RING if opened else None,
        sql=sql,
        vetted=vetted,
        limits=limits or Limits(),
    )
