"""What could not land is put right, or set aside."""

from uuid import uuid4

import pytest

from shuzheng.base.kernel.types import SYSTEM, Actor, OrgId, PersonId, PostId
from shuzheng.base.ledger.models import Entry
from shuzheng.engines.lake.actions.gathering import gather
from shuzheng.engines.lake.actions.quarantine import discard, mend
from shuzheng.engines.lake.errors import MayNotTend, MendInvalid, QuarantinedOver, ReasonMissing
from shuzheng.engines.lake.models import Batch
from shuzheng.engines.lake.queries.gathering import list_quarantined, open_quarantined
from shuzheng.engines.lake.queries.jobs import count_open
from shuzheng.engines.lake.types.gathering import BatchKind, QuarantinedId, QuarantineState
from shuzheng.engines.lake.types.tables import TableCode
from tests.lake.making import DEPARTMENT, define, put, quarantine, rows
from tests.lake.times import AT

pytestmark = pytest.mark.usefixtures("lake", "city")

HEAD = "证件号,姓名,出生日期,工资,次数\n"


def steward(org: str = DEPARTMENT) -> Actor:
    return Actor(
        "专员", person=PersonId(uuid4()), post=PostId(uuid4()), org=OrgId(org), roles=frozenset({"data_steward"})
    )


def bad() -> list[QuarantinedId]:
    put(HEAD + "1,张三,,,\n2,,,,\n3,王五,坏,,\n")
    gather("people", actor=SYSTEM, at=AT)
    return [one.id for one in list_quarantined(actor=SYSTEM)[0]]


@pytest.mark.parametrize("mode", ["full", "append", "merge"])
def test_a_row_is_put_right_and_lands(mode: str) -> None:
    define(mode=mode)
    first, _ = bad()
    values = open_quarantined(first, actor=steward()).values
    assert values is not None
    batch = mend(first, {**values, "姓名": "李四"}, actor=steward(), at=AT)
    assert (batch.kind, batch.landed) == (BatchKind.MEND, 1)
    assert rows("_row, id_no, name") == [(1, "1", "张三"), (2, "2", "李四")]
    [mended], _ = list_quarantined(actor=SYSTEM, state=QuarantineState.MENDED)
    assert mended.id == first
    with pytest.raises(QuarantinedOver):
        mend(first, values, actor=SYSTEM, at=AT)


def test_values_that_are_not_right_either_change_nothing() -> None:
    define()
    _, second = bad()
    with pytest.raises(MendInvalid, match="出生日期"):
        mend(second, {"证件号": "3", "姓名": "王五", "出生日期": "昨天", "工资": "", "次数": ""}, actor=SYSTEM, at=AT)
    with pytest.raises(MendInvalid, match="缺少的列"):
        mend(second, {"证件号": "3"}, actor=SYSTEM, at=AT)
    assert len(quarantine()) == 2
    assert len(rows()) == 1
    assert "昨天" not in str(list(Batch.objects.values_list("message", flat=True)))


def test_a_row_is_set_aside_with_a_reason() -> None:
    define()
    first, _ = bad()
    with pytest.raises(ReasonMissing):
        discard(first, " ", actor=steward(), at=AT)
    discard(first, "测试数据", actor=steward(), at=AT)
    with pytest.raises(QuarantinedOver):
        discard(first, "测试数据", actor=steward(), at=AT)
    assert count_open(TableCode("person")) == 1
    assert Entry.objects.filter(act="lake.discarded").count() == 1


def test_strangers_neither_see_nor_act() -> None:
    define()
    first, _ = bad()
    stranger = steward("11990100MBY0000999")
    assert list_quarantined(actor=stranger) == ([], 0)
    for act in (
        lambda: open_quarantined(first, actor=stranger),
        lambda: mend(first, {}, actor=stranger, at=AT),
        lambda: discard(first, "不要", actor=stranger, at=AT),
    ):
        with pytest.raises(MayNotTend):
            act()


def test_the_list_goes_on_where_a_page_ended() -> None:
    define()
    bad()
    [one], after = list_quarantined(actor=SYSTEM, limit=1)
    [two], _ = list_quarantined(actor=SYSTEM, limit=1, after=after)
    assert (one.row, two.row) == (2, 3)
    assert one.values is None
    assert two.reason == "“出生日期”的写法不对"
