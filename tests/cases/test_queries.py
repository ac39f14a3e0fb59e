"""Reads: who may see what, the inbox by keyset, deadlines, the drawing in words."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzheng.base.access.errors import NothingToSee, OtherUnit
from shuzheng.base.kernel.types import Actor, ItemCode
from shuzheng.engines.cases import actions, errors
from shuzheng.engines.cases.queries import (
    count_inbox,
    find_cases,
    get_case,
    get_deadlines,
    get_diagram,
    get_history,
    list_cases_of,
    list_inbox,
)
from shuzheng.engines.cases.types import CaseState, InboxFilter, InboxRow, TaskInput
from tests.cases.making import (
    AT,
    BUREAU,
    CITY,
    COUNTY,
    LEVELS,
    OTHER_BUREAU,
    complete,
    drawing,
    local,
    make_applicant,
    make_officer,
    make_owner,
    open_one,
)

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def clerk() -> Actor:
    return make_officer()


def test_the_applicant_and_the_unit_see_a_case(clerk: Actor) -> None:
    owner = make_owner()
    case = open_one(owner)
    for actor in (owner, clerk, make_officer(BUREAU, "approval")):
        assert get_case(case.number, actor=actor) == case
    assert get_case(case.number, actor=make_officer(COUNTY, "director")) == case


def test_others_do_not(clerk: Actor) -> None:
    owner = make_owner()
    case = open_one(owner)
    once = Actor(owner.name, person=owner.person)  # applied for the firm, and acts for it no longer
    limited = replace(owner, limited_to=frozenset({ItemCode("000000000000")}))
    for stranger in (make_applicant(), make_owner(), once, limited):
        with pytest.raises(NothingToSee) as caught:
            get_case(case.number, actor=stranger)
        assert caught.value.status == 404
        for read in (get_history, get_diagram):
            with pytest.raises(NothingToSee):
                read(case.id, actor=stranger)
        with pytest.raises(NothingToSee):
            get_deadlines(case.id, at=AT, actor=stranger)
    with pytest.raises(OtherUnit) as refused:
        get_case(case.number, actor=make_officer(OTHER_BUREAU, "approval"))
    assert refused.value.status == 403
    assert "墨溪区市场监管局" in refused.value.message
    with pytest.raises(errors.CaseNotFound):
        get_case("990102202611209999", actor=clerk)


def test_an_inbox_holds_what_the_post_may_act_on_by_due_date(clerk: Actor) -> None:
    late = open_one(at=local(2026, 11, 24))
    early = open_one(at=local(2026, 11, 19))
    middle = open_one(at=local(2026, 11, 20))
    accepted = complete(open_one(), "accept", clerk)
    paused = complete(open_one(), "supplement", clerk)
    rows = list_inbox(clerk).rows
    assert [row.number for row in rows] == [early.number, middle.number, late.number]
    assert (rows[0].task_name, rows[0].due_on, rows[0].state) == (
        "受理审查",
        local(2026, 11, 26).date(),
        CaseState.OPEN,
    )
    assert [row.number for row in list_inbox(make_officer(BUREAU, "approval")).rows] == [accepted.number]
    both = list_inbox(make_officer(BUREAU, "approval", "service_window")).rows
    assert [row.number for row in both] == [early.number, accepted.number, middle.number, late.number]
    assert list_inbox(make_officer(OTHER_BUREAU)).rows == ()
    assert list_inbox(make_owner()).rows == ()
    assert paused.number not in {row.number for row in both}


def test_an_inbox_continues_from_where_a_page_ended(clerk: Actor) -> None:
    for day in (18, 19, 19, 19, 20, 23, 24):
        open_one(at=local(2026, 11, day))
    everything = list_inbox(clerk, limit=100).rows
    listed: list[InboxRow] = []
    after, pages = None, 0
    while pages == 0 or after:
        page = list_inbox(clerk, limit=2, after=after)
        listed += page.rows
        after, pages = page.next, pages + 1
    assert tuple(listed) == everything
    assert (pages, len(listed)) == (4, 7)


@pytest.mark.parametrize(
    "after", ["", "x", "2026-11-20~1", "2026-11-20T10:00:00+00:00~x", "~", "2026-11-20T10:00:00+00:00~-1"]
)
def test_a_position_we_never_gave_is_refused(clerk: Actor, after: str) -> None:
    if not after:
        assert list_inbox(clerk, after=after).rows == ()
        return
    with pytest.raises(errors.PositionInvalid):
        list_inbox(clerk, after=after)
    with pytest.raises(errors.PositionInvalid):
        list_cases_of(make_owner(), after=after)


def test_an_inbox_is_filtered_and_counted_up_to_a_cap(clerk: Actor) -> None:
    mine, other = open_one(), open_one(item=ItemCode("000125005001"))
    actions.claim_task(mine.id, 1, command_id=uuid4(), actor=clerk, at=AT)

    def numbers(**filters: object) -> list[str]:
        return [row.number for row in list_inbox(clerk, filters=InboxFilter(**filters)).rows]  # type: ignore[arg-type]

    assert numbers(assignee="mine") == [mine.number]
    assert numbers(assignee="nobody") == [other.number]
    assert numbers(items=(ItemCode("000125005001"),)) == [other.number]
    assert numbers(due_by=local(2026, 11, 27, 23)) == []
    assert numbers(due_by=local(2026, 11, 28, 0)) == [mine.number, other.number]
    assert (count_inbox(clerk), count_inbox(clerk, cap=1)) == (2, 1)
    assert list_inbox(clerk).rows[0].assignee_name == "王小梅"


def test_a_director_sees_everything_open_under_the_organization(clerk: Actor) -> None:
    first, second = open_one(), complete(open_one(), "accept", clerk)
    director = make_officer(COUNTY, "director")
    assert list_inbox(director).rows == ()
    under = InboxFilter(under=True)
    assert {row.number for row in list_inbox(director, filters=under).rows} == {first.number, second.number}
    assert {row.number for row in list_inbox(make_officer(CITY, "director"), filters=under).rows} >= {first.number}
    assert [row.number for row in list_inbox(clerk, filters=under).rows] == [first.number]


def test_a_party_lists_its_own_cases_newest_first(clerk: Actor) -> None:
    owner = make_owner()
    cases = [open_one(owner) for _ in range(3)]
    open_one(Actor(owner.name, person=owner.person))
    open_one()
    done = complete(cases[0], "not_accept", clerk)
    page = list_cases_of(owner, limit=2)
    assert [case.number for case in page.rows] == [cases[2].number, cases[1].number]
    assert list_cases_of(owner, limit=2, after=page.next).rows == (done,)
    assert list_cases_of(owner, state=CaseState.DONE).rows == (done,)
    assert list_cases_of(clerk).rows == ()


def test_lists_take_one_statement(clerk: Actor) -> None:
    owner = make_owner()
    for _ in range(3):
        open_one(owner)
    list_inbox(clerk)
    for read in (lambda: list_inbox(clerk), lambda: list_cases_of(owner)):
        with CaptureQueriesContext(connection) as captured:
            read()
        assert len(captured) == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
def test_the_inbox_reads_its_partial_index(clerk: Actor) -> None:
    with CaptureQueriesContext(connection) as captured:
        list_inbox(clerk)
    (sql,) = (query["sql"] for query in captured if "cases_token" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"explain query plan {sql}")
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert "token_inbox (org=? AND role=?)" in plan
    assert "SCAN t" not in plan


def test_cases_are_found_by_number_or_by_the_applicants_name(clerk: Actor) -> None:
    owner = make_owner()
    case = open_one(owner)
    other = open_one(at=local(2026, 11, 21))
    approver, director = make_officer(BUREAU, "approval"), make_officer(COUNTY, "director")
    for actor in (clerk, approver, director):
        assert [found.number for found in find_cases("99010220261120", actor=actor).rows] == [case.number]
        assert [found.number for found in find_cases("墨溪区松风小馆", actor=actor).rows] == [other.number, case.number]
    assert find_cases(case.number, actor=owner).rows == (case,)
    for stranger in (make_owner(), make_officer(OTHER_BUREAU), make_officer(COUNTY, "approval")):
        assert find_cases(case.number, actor=stranger).rows == ()
    assert find_cases("  ", actor=clerk).rows == ()


def test_a_fresh_case_has_a_deadline_and_an_estimate() -> None:
    case = open_one()
    acceptance, decision = get_deadlines(case.id, at=AT)
    assert (acceptance.kind, acceptance.due_on, acceptance.estimated) == (
        "acceptance",
        local(2026, 11, 27).date(),
        False,
    )
    assert (decision.kind, decision.due_on, decision.estimated) == ("decision", local(2026, 12, 3).date(), True)


def test_an_instant_case_has_one_clock(clerk: Actor) -> None:
    case = open_one(process="instant", promised_days=0)
    assert [proof.kind for proof in get_deadlines(case.id, at=AT)] == ["acceptance"]


def test_after_the_end_only_clocks_that_ran_are_proved(clerk: Actor) -> None:
    case = complete(open_one(), "not_accept", clerk)
    (acceptance,) = get_deadlines(case.id, at=AT)
    assert acceptance.stopped_on == AT.date()


def steps(case_id: object) -> list[tuple[str, str]]:
    return [(step.name, step.state) for step in get_diagram(case_id).steps]  # type: ignore[arg-type]


def test_the_drawing_is_told_in_words(clerk: Actor) -> None:
    owner = make_owner()
    case = open_one(owner)
    assert steps(case.id) == [
        ("提交申请", "done"),
        ("受理审查", "now"),
        ("受理", "next"),
        ("审批", "next"),
        ("签发证照", "next"),
    ]
    case = complete(case, "supplement", clerk)
    diagram = get_diagram(case.id)
    assert diagram.xml == drawing("promised")
    assert (diagram.done, diagram.now) == (("start", "review", "review_result"), ("supplement",))
    assert steps(case.id) == [
        ("提交申请", "done"),
        ("受理审查", "done"),
        ("补正", "now"),
        ("受理", "next"),
        ("审批", "next"),
        ("签发证照", "next"),
    ]
    case = complete(complete(case, "submit", owner), "accept", clerk)
    assert steps(case.id)[-2:] == [("审批", "now"), ("签发证照", "next")]
    case = complete(case, "refuse", make_officer(BUREAU, "approval"), given=TaskInput(reasons=("面积不够",)))
    assert steps(case.id)[-3:] == [("告知不予许可", "done"), ("不予许可", "done"), ("签发证照", "skipped")]
    assert get_diagram(case.id).now == ()


def test_history_says_what_was_asked_for(clerk: Actor) -> None:
    given = TaskInput(opinion="请补", reasons=("健康证明看不清",), papers=(3, 5), note="可拍照")
    case = complete(open_one(), "supplement", clerk, given=given)
    entry = get_history(case.id)[-1]
    assert (entry.opinion, entry.reasons, entry.papers, entry.note) == ("请补", ("健康证明看不清",), (3, 5), "可拍照")
    assert (entry.org, entry.org_name, entry.task_n) == (BUREAU, "墨溪区市场监管局", 1)


def test_levels_stand_on_case_and_token() -> None:
    case = open_one()
    with connection.cursor() as cursor:
        cursor.execute("select c.l1, t.l3, t.l4 from cases_case c join cases_token t on t.case_id = c.id")
        assert cursor.fetchone() == (LEVELS.l1, LEVELS.l3, "")
    assert case.division == "990102"
