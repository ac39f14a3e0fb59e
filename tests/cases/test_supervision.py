"""The inbox under every filter, what was done, and the figures of a subtree with the rows behind them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzheng.base.access.errors import NothingToSee, OtherUnit
from shuzheng.base.kernel.types import Actor, ItemCode, Levels, OrgId, Page, Party, PartyKind
from shuzheng.engines.cases import actions, errors
from shuzheng.engines.cases.models import Case, DayTally
from shuzheng.engines.cases.queries import (
    count_inbox,
    due_window,
    list_decided,
    list_done_by,
    list_inbox,
    list_inbox_items,
    list_steps,
    tally_units,
)
from shuzheng.engines.cases.types import DueBand, InboxFilter, InboxRow, TaskInput
from tests.cases.making import (
    AT,
    BUREAU,
    CITY,
    COUNTY,
    OTHER_BUREAU,
    complete,
    local,
    make_applicant,
    make_officer,
    make_owner,
    open_one,
)

pytestmark = pytest.mark.usefixtures("city")
OTHER_COUNTY = OrgId("11990122MBY000088E")
OTHER_LEVELS = Levels(CITY, OTHER_COUNTY, OTHER_BUREAU)
ELSEWHERE: dict[str, Any] = {"parts": {"window": OTHER_BUREAU, "decider": OTHER_BUREAU}, "levels": OTHER_LEVELS}
NOW = local(2026, 11, 25)
"""A Wednesday: nearly due is up to Friday."""
UNDER = InboxFilter(under=True)


@pytest.fixture
def clerk() -> Actor:
    return make_officer()


@pytest.fixture
def approver() -> Actor:
    return make_officer(BUREAU, "approval", name="程朱砂")


def numbers(actor: Actor, **filters: object) -> list[str]:
    return [row.number for row in list_inbox(actor, filters=InboxFilter(**filters)).rows]  # type: ignore[arg-type]


def in_band(actor: Actor, band: DueBand) -> list[str]:
    after, by = due_window(band, at=NOW)
    return numbers(actor, due_after=after, due_by=by)


def test_bands_tell_late_today_and_nearly_due_apart(clerk: Actor) -> None:
    late = open_one(at=local(2026, 11, 16))
    today = open_one(at=local(2026, 11, 18))
    soon = open_one(at=local(2026, 11, 20))
    open_one(at=local(2026, 11, 23))
    complete(open_one(at=local(2026, 11, 16)), "supplement", clerk, at=local(2026, 11, 17))
    assert in_band(clerk, DueBand.LATE) == [late.number]
    assert in_band(clerk, DueBand.TODAY) == [today.number]
    assert in_band(clerk, DueBand.SOON) == [today.number, soon.number]
    assert due_window(None, at=NOW) == (None, None)


def test_an_inbox_is_filtered_by_step_assignee_and_words(clerk: Actor) -> None:
    both = make_officer(BUREAU, "service_window", "approval")
    first, second = open_one(make_owner(Party(PartyKind.FIRM, uuid4(), "竹影茶社"))), open_one(make_applicant("程荷"))
    accepted = complete(open_one(item=ItemCode("000125005001")), "accept", clerk)
    colleague = make_officer(name="何知秋")
    actions.claim_task(first.id, 1, command_id=uuid4(), actor=colleague, at=AT)
    assert list_steps(both)[:3] == ("受理审查", "现场核查", "审批")
    assert list_steps(make_applicant()) == ()
    assert set(list_inbox_items(both)) == {ItemCode("000125005002"), ItemCode("000125005001")}
    assert list_inbox_items(make_applicant()) == {}
    assert numbers(both, step="审批") == [accepted.number]
    assert numbers(both, step="没有这一步") == []
    assert numbers(both, assignee=colleague.person) == [first.number]
    assert numbers(both, text="竹影") == [first.number]
    assert numbers(both, text="程荷") == [second.number]
    assert set(numbers(both, text=first.number[:12])) >= {first.number, second.number}
    assert numbers(both, text=accepted.number) == [accepted.number]
    assert numbers(both, text="食品", text_items=(ItemCode("000125005001"),)) == [accepted.number]
    assert numbers(both, text="%") == []
    assert numbers(both, text="_荷") == []


def test_a_deputy_sees_the_absent_officers_tasks_as_mine(clerk: Actor) -> None:
    case = open_one()
    actions.claim_task(case.id, 1, command_id=uuid4(), actor=clerk, at=AT)
    deputy = make_officer(stands_in_for=clerk.person, stands_in_for_name=clerk.name)
    assert numbers(deputy, assignee="mine") == [case.number]
    assert numbers(make_officer(), assignee="mine") == []


def test_what_waits_for_the_applicant_is_listed_for_the_unit_that_asked(clerk: Actor, approver: Actor) -> None:
    paused = complete(open_one(), "supplement", clerk)
    open_one()
    assert numbers(clerk, waiting=True) == [paused.number]
    assert numbers(approver, waiting=True) == [paused.number]
    assert numbers(make_officer(OTHER_BUREAU), waiting=True) == []
    assert numbers(make_officer(COUNTY, "director"), waiting=True, under=True) == [paused.number]


def walk(read: Callable[[str | None], Page[InboxRow]]) -> list[str]:
    listed: list[str] = []
    after, pages = None, 0
    while pages == 0 or after:
        page = read(after)
        listed += [row.number for row in page.rows]
        after, pages = page.next, pages + 1
        assert pages < 50
    return listed


def test_every_filter_pages_without_loss_or_repetition(clerk: Actor) -> None:
    both = make_officer(BUREAU, "service_window", "approval", "director")
    for day in (16, 17, 17, 18, 19, 20, 20, 23):
        case = open_one(make_owner(Party(PartyKind.FIRM, uuid4(), "松风小馆")), at=local(2026, 11, day))
        open_one(at=local(2026, 11, day), **ELSEWHERE)
        if day in {17, 20}:
            complete(case, "accept", clerk, at=local(2026, 11, day, 15))
        if day == 18:
            complete(case, "supplement", clerk, at=local(2026, 11, day, 15))
    after, by = due_window(DueBand.SOON, at=NOW)
    for filters in (
        InboxFilter(),
        InboxFilter(due_by=NOW),
        InboxFilter(due_after=after, due_by=by),
        InboxFilter(step="审批"),
        InboxFilter(text="松风"),
        InboxFilter(assignee="nobody"),
        InboxFilter(waiting=True),
        InboxFilter(items=(ItemCode("000125005002"),)),
        UNDER,
    ):
        whole = [row.number for row in list_inbox(both, limit=200, filters=filters).rows]
        assert walk(lambda after, f=filters: list_inbox(both, after=after, limit=2, filters=f)) == whole  # type: ignore[misc]
        assert count_inbox(both, filters=filters) == len(whole) > 0
        assert count_inbox(both, cap=1, filters=filters) == 1


def test_several_subtrees_are_merged_by_due_date_and_a_nested_one_counts_once() -> None:
    mine = [open_one(at=local(2026, 11, day)).number for day in (16, 20)]
    theirs = [open_one(at=local(2026, 11, day), **ELSEWHERE).number for day in (17, 23)]
    director = make_officer(CITY, "director")
    roots = InboxFilter(under=True, units=(BUREAU, OTHER_BUREAU))
    expected = [mine[0], theirs[0], mine[1], theirs[1]]
    assert walk(lambda after: list_inbox(director, after=after, limit=1, filters=roots)) == expected
    nested = InboxFilter(under=True, units=(COUNTY, BUREAU, BUREAU))
    assert walk(lambda after: list_inbox(director, after=after, limit=1, filters=nested)) == mine
    alone = InboxFilter(under=True, units=(COUNTY,), alone=True)
    assert list_inbox(director, filters=alone).rows == ()


def test_a_director_sees_no_unit_outside_the_subtree() -> None:
    open_one(**ELSEWHERE)
    director, leader = make_officer(COUNTY, "director"), make_officer(COUNTY, "team_lead")
    for unit in (OTHER_BUREAU, OTHER_COUNTY, CITY):
        with pytest.raises(OtherUnit):
            list_inbox(director, filters=InboxFilter(under=True, units=(unit,)))
        with pytest.raises(OtherUnit):
            list_inbox(director, filters=InboxFilter(under=True, units=(COUNTY, unit)))
        with pytest.raises(OtherUnit):
            tally_units(unit, actor=director, since=NOW.date(), at=NOW)
        with pytest.raises(OtherUnit):
            list_decided(unit, actor=director, since=NOW.date())
    with pytest.raises(OtherUnit):
        tally_units(BUREAU, actor=leader, since=NOW.date(), at=NOW)
    with pytest.raises(NothingToSee):
        tally_units(BUREAU, actor=make_applicant(), since=NOW.date(), at=NOW)
    assert list_inbox(director, filters=UNDER).rows == ()


def test_what_an_officer_did_is_listed_newest_first_for_the_unit_acted_in(clerk: Actor, approver: Actor) -> None:
    cases = [open_one() for _ in range(3)]
    for case in cases:
        complete(case, "accept", clerk)
    first = list_done_by(clerk, limit=2)
    assert [row.number for row in first.rows] == [cases[2].number, cases[1].number]
    assert (first.rows[0].task_name, first.rows[0].outcome_name) == ("受理审查", "受理")
    assert [row.number for row in list_done_by(clerk, limit=2, after=first.next).rows] == [cases[0].number]
    assert list_done_by(approver).rows == ()
    assert list_done_by(make_officer(OTHER_BUREAU, person=clerk.person)).rows == ()
    assert list_done_by(make_owner()).rows == ()
    with pytest.raises(errors.PositionInvalid):
        list_done_by(clerk, after="x")


def decide(at: tuple[int, int, int], clerk: Actor, approver: Actor, **over: Any) -> str:
    case = complete(open_one(at=local(*at), **over), "accept", clerk, at=local(*at, 15))
    return complete(case, "grant", approver, at=local(2026, 11, 24)).number


def test_figures_open_to_exactly_the_rows_behind_them(clerk: Actor, approver: Actor) -> None:
    open_one(at=local(2026, 11, 16))
    open_one(at=local(2026, 11, 20))
    open_one(at=local(2026, 11, 24))
    open_one(at=local(2026, 11, 16), **ELSEWHERE)
    complete(open_one(), "supplement", clerk)
    quick = decide((2026, 11, 19), clerk, approver)  # Thursday to Tuesday: three working days
    slow = decide((2026, 11, 12), clerk, approver)  # promised four, took eight
    director = make_officer(CITY, "director")
    mine, theirs = tally_units(CITY, actor=director, since=local(2026, 11, 1).date(), at=NOW)
    assert (mine.org, mine.open, mine.late, mine.soon, mine.waiting) == (COUNTY, 3, 1, 1, 1)
    assert (mine.done, mine.done_late, mine.used_days, mine.average_days) == (2, 1, 11, 5.5)
    assert (theirs.org, theirs.open, theirs.late, theirs.done, theirs.average_days) == (OTHER_COUNTY, 1, 1, 0, None)
    (own,) = tally_units(BUREAU, actor=director, since=local(2026, 11, 1).date(), at=NOW)
    assert (own.org, own.open, own.done) == (None, 3, 2)
    units = (COUNTY,)
    late = due_window(DueBand.LATE, at=NOW)
    soon = due_window(DueBand.SOON, at=NOW)
    assert len(numbers(director, under=True, units=units, due_by=late[1])) == mine.late
    assert len(numbers(director, under=True, units=units, due_after=soon[0], due_by=soon[1])) == mine.soon
    assert len(numbers(director, under=True, units=units, waiting=True)) == mine.waiting
    page = list_decided(COUNTY, actor=director, since=local(2026, 11, 1).date(), limit=1)
    more = list_decided(COUNTY, actor=director, since=local(2026, 11, 1).date(), limit=1, after=page.next)
    assert [row.number for row in (*page.rows, *more.rows)] == [slow, quick]
    assert more.next is None
    assert list_decided(COUNTY, actor=director, since=local(2026, 11, 25).date()).rows == ()
    with pytest.raises(errors.PositionInvalid):
        list_decided(COUNTY, actor=director, since=NOW.date(), after="2026-13-01~1")


def test_a_pause_is_no_working_day_and_a_withdrawn_case_no_decision(clerk: Actor, approver: Actor) -> None:
    owner = make_owner()
    asked = complete(open_one(owner, at=local(2026, 11, 9)), "supplement", clerk, at=local(2026, 11, 10))
    back = complete(asked, "submit", owner, at=local(2026, 11, 19), given=TaskInput(papers=(3,)))
    accepted = complete(back, "accept", clerk, at=local(2026, 11, 20))
    complete(accepted, "grant", approver, at=local(2026, 11, 24))
    gone = open_one(owner)
    actions.withdraw_case(gone.id, reason="", command_id=uuid4(), actor=owner, at=AT)
    (tally,) = DayTally.objects.all()
    assert (tally.org, tally.day, tally.done, tally.late) == (BUREAU, local(2026, 11, 24).date(), 1, 0)
    assert tally.used_days == 1 + 1 + 2, "9th to 10th; 19th to 20th; 20th to 24th"
    assert Case.objects.get(number=gone.number).closed_on is None


def test_figures_take_the_same_statements_however_many_units() -> None:
    director = make_officer(CITY, "director")
    open_one()
    tally_units(CITY, actor=director, since=NOW.date(), at=NOW)
    with CaptureQueriesContext(connection) as few:
        tally_units(CITY, actor=director, since=NOW.date(), at=NOW)
    for _ in range(5):
        open_one(**ELSEWHERE)
    with CaptureQueriesContext(connection) as many:
        tally_units(CITY, actor=director, since=NOW.date(), at=NOW)
    assert len(few) == len(many) == 3
    plan = explain(many.captured_queries[1]["sql"])
    if connection.vendor == "sqlite":
        assert "COVERING INDEX token_tally" in plan


def explain(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"explain query plan {sql}" if connection.vendor == "sqlite" else f"explain {sql}")
        return "\n".join(str(row) for row in cursor.fetchall())
