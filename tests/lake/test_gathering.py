# ruff: noqa: E501 - texts of files, in characters twice as wide as others
"""A source is gathered: whole, once, no row lost."""

import datetime
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from shuzheng.base.kernel.types import SYSTEM, Actor, OrgId, PersonId
from shuzheng.engines.lake.actions.gathering import gather, run_due_sources
from shuzheng.engines.lake.errors import HeaderInvalid, MayNotTend, SourceAway, SourceEmpty, SourceNotFound, TooManyBad
from shuzheng.engines.lake.models import Batch
from shuzheng.engines.lake.queries.gathering import freshness, list_batches
from shuzheng.engines.lake.types.gathering import BatchState, Freshness
from tests.lake.making import define, put, quarantine, rows
from tests.lake.times import AT

pytestmark = pytest.mark.usefixtures("lake")

HEAD = "证件号,姓名,出生日期,工资,次数\n"
TWO = HEAD + '1,张三,1990-01-05,"1,234.50",３\n2,李四,1991年2月3日,,7\n'


def test_a_file_lands_typed() -> None:
    define()
    put(TWO)
    [batch] = gather("people", actor=SYSTEM, at=AT)
    assert (batch.state, batch.read, batch.landed, batch.quarantined) == (BatchState.DONE, 2, 2, 0)
    assert rows("id_no, name, born, wage, visits, _row") == [
        ("1", "张三", datetime.date(1990, 1, 5), Decimal("1234.50"), 3, 1),
        ("2", "李四", datetime.date(1991, 2, 3), None, 7, 2),
    ]
    assert {row[0] for row in rows("_batch")} == {str(batch.id)}
    assert {row[0] for row in rows("_landed_at")} == {batch.started_at}
    assert batch.started_at >= AT
    assert batch.ended_at is not None
    assert batch.started_at < batch.ended_at < AT + timedelta(minutes=5), "it says how long it took"
    assert batch.bytes == len(TWO.encode())


def test_bad_rows_go_to_quarantine_and_good_ones_land() -> None:
    define()
    put(
        HEAD
        + "1,张三,1990-01-05,1,1\n2,,1990-01-05,1,1\n3,王五,2023-02-29,1,1\n4,赵六,,1,1,多\n1234567890123456789,钱七,,,\n"
    )
    [batch] = gather("people", actor=SYSTEM, at=AT)
    assert (batch.read, batch.landed, batch.quarantined) == (5, 1, 4)
    found = quarantine()
    assert sorted((row, rule) for row, rule, _ in found) == [
        (2, "missing:name"), (3, "type:born"), (4, "columns"), (5, "rule:id_length"),
    ]  # fmt: skip
    assert next(values for row, _, values in found if row == 3) == {
        "证件号": "3", "姓名": "王五", "出生日期": "2023-02-29", "工资": "1", "次数": "1",
    }  # fmt: skip
    assert [row[0] for row in rows("id_no")] == ["1"]


def test_the_same_file_again_is_known() -> None:
    define()
    put(TWO)
    [first] = gather("people", actor=SYSTEM, at=AT)
    [again] = gather("people", actor=SYSTEM, at=AT + timedelta(hours=1))
    assert again.id == first.id
    assert Batch.objects.count() == 1
    assert len(rows()) == 2


def test_appending_the_same_content_again_doubles_nothing() -> None:
    define(mode="append")
    put(TWO)
    gather("people", actor=SYSTEM, at=AT)
    put(HEAD + "3,王五,,,\n")
    gather("people", actor=SYSTEM, at=AT)
    put(TWO)
    gather("people", actor=SYSTEM, at=AT)
    assert sorted(row[0] for row in rows("id_no")) == ["1", "2", "3"]


def test_full_replaces_and_merge_keeps() -> None:
    define()
    put(TWO)
    gather("people", actor=SYSTEM, at=AT)
    put(HEAD + "3,王五,,,\n")
    gather("people", actor=SYSTEM, at=AT)
    assert [row[0] for row in rows("id_no")] == ["3"]
    define(mode="merge")
    put(HEAD + "3,王六,,,\n4,孙八,,,\n")
    [batch] = gather("people", actor=SYSTEM, at=AT)
    assert rows("id_no, name") == [("3", "王六"), ("4", "孙八")]
    assert batch.landed == 2


def test_of_a_key_that_stands_twice_the_last_row_lands() -> None:
    define()
    put(HEAD + "1,张三,,,\n2,李四,,,\n1,张三丰,,5,\n1,张三疯,,6,\n")
    [batch] = gather("people", actor=SYSTEM, at=AT)
    assert (batch.read, batch.landed, batch.quarantined) == (4, 2, 2)
    assert rows("id_no, name") == [("2", "李四"), ("1", "张三疯")]
    assert quarantine() == [
        (1, "duplicate", {"证件号": "1", "姓名": "张三", "出生日期": None, "工资": None, "次数": None}),
        (3, "duplicate", {"证件号": "1", "姓名": "张三丰", "出生日期": None, "工资": "5.00", "次数": None}),
    ]


def test_what_fails_lands_nothing_and_says_why() -> None:
    define()
    put(TWO)
    gather("people", actor=SYSTEM, at=AT)
    put("证件号,出生日期,工资,次数\n1,,,\n")
    with pytest.raises(HeaderInvalid, match="缺少的列：姓名"):
        gather("people", actor=SYSTEM, at=AT)
    [batch, _], _ = list_batches(source="people")
    assert batch.state is BatchState.FAILED
    assert "缺少的列：姓名" in batch.message
    assert len(rows()) == 2


def test_too_many_bad_rows_fail_the_batch() -> None:
    define(most_quarantined=2)
    put(HEAD + "1,,,,\n2,,,,\n3,,,,\n4,李四,,,\n")
    with pytest.raises(TooManyBad):
        gather("people", actor=SYSTEM, at=AT)
    assert rows() == []


def test_sealed_columns_land_sealed() -> None:
    define(
        columns=[
            {"name": "id_no", "label": "证件号", "required": True, "key": True},
            {
                "name": "wage",
                "label": "工资",
                "type": "decimal",
                "digits": 12,
                "scale": 2,
                "grade": "L4",
                "mask": "drop",
            },
        ],
    )
    put("证件号,工资\n1,12.5\n2,\n1,13\n")
    [batch] = gather("people", actor=SYSTEM, at=AT)
    assert (batch.landed, batch.quarantined) == (2, 1)
    found = rows("id_no, wage")
    assert found[0] == ("2", None)
    assert isinstance(found[1][1], bytes)
    assert b"13" not in found[1][1]
    assert quarantine() == [(1, "duplicate", {"证件号": "1", "工资": "12.50"})]


def test_nothing_there_and_nobody_allowed() -> None:
    define()
    with pytest.raises(SourceAway):
        gather("people", actor=SYSTEM, at=AT)
    with pytest.raises(SourceNotFound):
        gather("nothing", actor=SYSTEM, at=AT)
    with pytest.raises(MayNotTend):
        gather(
            "people",
            actor=Actor("某人", person=PersonId(uuid4()), org=OrgId("1"), roles=frozenset({"data_steward"})),
            at=AT,
        )


def test_an_empty_source_does_not_empty_the_table() -> None:
    define()
    put(TWO)
    gather("people", actor=SYSTEM, at=AT)
    put(HEAD)
    with pytest.raises(SourceEmpty):
        gather("people", actor=SYSTEM, at=AT)
    assert len(rows()) == 2
    define(may_be_empty=True)
    gather("people", actor=SYSTEM, at=AT)
    assert rows() == []


def test_what_is_due_is_gathered_and_ages() -> None:
    define(every_minutes=60)
    put(TWO)
    assert [one.state for one in freshness(AT)] == [Freshness.NEVER]
    assert run_due_sources(AT, actor=SYSTEM) == 1
    assert run_due_sources(AT + timedelta(minutes=59), actor=SYSTEM) == 0
    assert [one.state for one in freshness(AT + timedelta(days=2))] == [Freshness.FRESH]
    assert [one.state for one in freshness(AT + timedelta(days=3, hours=1))] == [Freshness.AGEING]
    assert [one.state for one in freshness(AT + timedelta(days=4, minutes=5))] == [Freshness.STALE]
