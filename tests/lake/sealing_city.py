"""A table with names, who reads it for what, and where a name can still be read; for tests of sealing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from pyarrow.parquet import read_schema

from shuzheng.base.kernel.types import DivisionCode, OrgId
from shuzheng.engines.lake.backends import guarded
from shuzheng.engines.lake.backends.guarded import Limits
from shuzheng.engines.lake.models import Proposal
from shuzheng.engines.lake.queries import get_table, store
from shuzheng.engines.lake.queries.reading import job_of
from shuzheng.engines.lake.rules.planning import plan_reading
from shuzheng.engines.lake.types.discovery import Found, ProposalState
from shuzheng.engines.lake.types.reading import Reader
from shuzheng.engines.lake.types.tables import Grade, Mask, Table, TableCode
from tests.lake.making import COLUMNS, DEPARTMENT, RULES
from tests.lake.times import AT

CODE = TableCode("person")
LATER = AT + timedelta(minutes=11)
NAMES = ("密甲某", "密乙某", "密丙某")
HEAD = "证件号,姓名,出生日期,工资,次数\n"
UNIT = OrgId(DEPARTMENT)
OPENER = Reader(UNIT, frozenset({UNIT}), DivisionCode("990100"), frozenset({"opener"}))
CLERK = replace(OPENER, roles=frozenset({"clerk"}))
GRANTS = [
    {"roles": ["opener"], "purposes": ["核查"], "clear": "L4"},
    {"roles": ["clerk"], "purposes": ["核查"], "clear": "L3"},
]


def row_of(number: int) -> str:
    return f"{number},{NAMES[number % 3]},1990-01-0{1 + number % 9},{number}.5,{number}\n"


def content(first: int, last: int) -> str:
    return HEAD + "".join(map(row_of, range(first, last)))


def definition(name: str = "L1", wage: str = "L1") -> dict[str, Any]:
    grades = {"name": name, "wage": wage}
    columns = [
        {**one, "grade": grades.get(one["name"], one.get("grade", "L1"))}
        | ({"mask": "drop"} if grades.get(one["name"]) in {"L3", "L4"} else {})
        for one in COLUMNS
    ]
    return {
        "code": "person",
        "label": "人员",
        "department": DEPARTMENT,
        "column": columns,
        "rule": [*RULES, {"code": "named", "text": "name IS NOT NULL", "label": "有姓名", "dimension": "完整性"}],
        "access": GRANTS,
    }


def propose(column: str = "name") -> int:
    return Proposal.objects.create(
        table=CODE,
        column=column,
        found=Found.SPECIAL,
        confidence=0.9,
        share=1,
        evidence={},
        grade=Grade.L4,
        mask=Mask.DROP,
        reason="x",
        state=ProposalState.OPEN,
        version=1,
        at=AT,
    ).pk


def seen_by(reader: Reader, table: Table | None = None, column: str = "name") -> list[Any]:
    """Return what the gate gives a reader, in order."""
    plan = plan_reading([table or get_table(CODE)], reader, purpose="核查", today=AT.date())
    sql = f'SELECT "{column}" FROM "memory"."main"."person" ORDER BY id_no'
    rows = guarded.pool.run(job_of(plan, sql, limits=Limits(), vetted=False))
    return list(rows.column(0).to_pylist())


def in_clear() -> list[str]:
    """Return the files of the table, commits too, in which a value of `name` can be read."""
    folder = store().path(CODE)
    texts = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    parquet = [
        path.name for path in folder.glob("*.parquet") if "binary" not in str(read_schema(path).field("name").type)
    ]
    return sorted({*parquet, *(name for name, text in texts.items() if any(one.encode() in text for one in NAMES))})
