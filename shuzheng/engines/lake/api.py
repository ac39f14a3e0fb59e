"""JSON door of the lake: which tables there are, and one SELECT through the gate; for machine accounts of a body."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from shuzheng.base.directory.api import MachineKey
from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.actions import run_query
from shuzheng.engines.lake.errors import GrantMissing
from shuzheng.engines.lake.queries import get_table, plans_of, see_readable, table_lineage
from shuzheng.engines.lake.types.lineage import TableLineage, Taken, UseKind
from shuzheng.engines.lake.types.reading import TablePlan
from shuzheng.engines.lake.types.tables import Mask

router = Router(tags=["数据湖"], auth=MachineKey())
MOST_ROWS = 10_000


class LakeColumnOut(Schema):
    """A column the reader may use, and what is left of it."""

    name: str
    label: str
    type: str
    grade: str
    mask: Mask


class LakeTableOut(Schema):
    """A table the reader may ask."""

    code: str
    label: str
    purposes: list[str]
    least_group: int = Field(description="没有授权看单行时，每组至少多少个；0 可以看单行")
    columns: list[LakeColumnOut]


class LakeQueryIn(Schema):
    """One SELECT and what it is for."""

    text: str = Field(min_length=1, max_length=20_000, description="一条 SELECT，表名和列名见 /api/lake/tables")
    purpose: str = Field(max_length=60, description="授权里写明的一个用途")
    limit: int = Field(1000, ge=1, le=MOST_ROWS)


class LakeAnswerColumnOut(Schema):
    """A column of the answer."""

    name: str
    label: str
    type: str
    mask: Mask
    sources: list[str] = Field(description="来自哪些 表.列")


class LakeAnswerOut(Schema):
    """The answer, masked as the reader's grants say; `more`: there were further rows."""

    columns: list[LakeAnswerColumnOut]
    rows: list[list[Any]]
    more: bool
    milliseconds: int
    notes: list[str]


class LakeInflowOut(Schema):
    """A column of a source that fills one of the table."""

    source: str
    headers: list[str] = Field(description="在来源里按这些表头找，先找到的算")
    taken: Taken


class LakeUseOut(Schema):
    """What reads a column."""

    kind: UseKind
    name: str
    title: str = Field(description="保存的查询的名称；别的是空")
    how: list[str]


class LakeColumnLineageOut(Schema):
    """Where a column comes from and what reads it."""

    column: str
    sources: list[LakeInflowOut]
    uses: list[LakeUseOut]


@router.get("/lake/tables", response=list[LakeTableOut], summary="能查的数据表")
def lake_tables(request: HttpRequest) -> list[LakeTableOut]:
    """Return the tables the reader may ask, with columns and masks of the first purpose."""
    readable = see_readable(_actor(request), at=now())
    return [_table(plans) for plans in readable.values()]


@router.get("/lake/tables/{code}/lineage", response=list[LakeColumnLineageOut], summary="数据表逐列的来龙去脉")
def lake_lineage(request: HttpRequest, code: str) -> list[LakeColumnLineageOut]:
    """Return the lineage of each column the reader may use; of saved queries none, a machine keeps none."""
    actor, at = _actor(request), now()
    plans = plans_of(get_table(code), actor, at=at)
    if not plans:
        raise GrantMissing(table=code)
    found = table_lineage(code, actor=actor, at=at)
    return [_lineage(found, name) for name in next(iter(plans.values())).columns]


@router.post("/lake/query", response=LakeAnswerOut, summary="查询数据湖")
def lake_query(request: HttpRequest, asked: LakeQueryIn) -> LakeAnswerOut:
    """Answer one SELECT; whom the rows are about is written into their reader log first."""
    answer = run_query(asked.text, actor=_actor(request), purpose=asked.purpose, at=now(), limit=asked.limit)
    columns = [
        LakeAnswerColumnOut(name=one.name, label=one.label, type=one.type, mask=one.mask, sources=list(one.sources))
        for one in answer.columns
    ]
    return LakeAnswerOut(
        columns=columns,
        rows=[list(row) for row in zip(*answer.values, strict=True)],
        more=answer.more,
        milliseconds=answer.milliseconds,
        notes=list(answer.notes),
    )


def _table(plans: Mapping[str, TablePlan]) -> LakeTableOut:
    plan = next(iter(plans.values()))
    columns = [
        LakeColumnOut(name=one.name, label=one.label, type=one.kind, grade=one.grade, mask=plan.masks[one.name])
        for one in (plan.table.by_name[name] for name in plan.columns)
    ]
    return LakeTableOut(
        code=plan.table.code,
        label=plan.table.label,
        purposes=list(plans),
        least_group=plan.least_group,
        columns=columns,
    )


def _lineage(found: TableLineage, column: str) -> LakeColumnLineageOut:
    return LakeColumnLineageOut(
        column=column,
        sources=[
            LakeInflowOut(source=one.source, headers=list(one.headers), taken=one.taken) for one in found.into(column)
        ],
        uses=[
            LakeUseOut(kind=use.kind, name=use.name, title=use.title, how=list(use.ways(column)))
            for use in found.out_of(column)
        ],
    )


def _actor(request: HttpRequest) -> Actor:
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor) or actor.org is None:
        raise GrantMissing(table="数据湖")
    return actor
