"""What moves without a person: deemed acceptance, lapse, sleeping timers, background actions, the sweep."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4, uuid5

import pytest

from shuzheng.base.jobs.actions import run_due
from shuzheng.base.jobs.types import HANDLERS
from shuzheng.base.kernel.calendar import YearNotice, national_days
from shuzheng.base.kernel.types import SYSTEM, Actor
from shuzheng.engines.cases import actions, errors
from shuzheng.engines.cases.actions import recounting, steps
from shuzheng.engines.cases.actions.steps import RUN_ACTION
from shuzheng.engines.cases.models import Case, History, Token
from shuzheng.engines.cases.queries import get_case_by_id, get_deadlines, get_history
from shuzheng.engines.cases.rules.clocks import Calendar
from shuzheng.engines.cases.types import CaseState
from tests.cases.making import AT, BUREAU, WATCHED, acted, complete, failing, local, make_officer, make_owner, open_one

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def clerk() -> Actor:
    return make_officer()


def due_of(case_id: UUID, node: str) -> datetime:
    return Token.objects.get(case__public_id=case_id, node=node, state="o").due_at


def test_nobody_answers_and_the_case_is_accepted_by_law_from_the_day_of_receipt() -> None:
    case = open_one()
    assert actions.fire_due_timers(at=local(2026, 11, 27, 23, 59)) == 0
    assert actions.fire_due_timers(at=local(2026, 11, 28, 0, 0)) == 1
    deemed = get_case_by_id(case.id)
    assert (deemed.accepted_at, deemed.tasks[0].name) == (AT, "审批")
    acceptance, decision = get_deadlines(case.id, at=local(2026, 11, 28, 9))
    assert acceptance.stopped_on == local(2026, 11, 28).date()
    assert (decision.started_on, decision.due_on) == (AT.date(), local(2026, 11, 26).date())
    assert decision.remaining < 0
    entry = get_history(case.id)[-1]
    assert (entry.act, entry.name, entry.by, entry.org_role) == ("timer", "受理期限到", "系统", "系统")
    assert [context.node for context in acted] == ["deem_accepted"]
    assert actions.fire_due_timers(at=local(2026, 12, 30)) == 0


def test_after_a_supplement_the_receipt_is_the_day_it_came(clerk: Actor) -> None:
    owner = make_owner()
    case = complete(open_one(owner), "supplement", clerk, at=local(2026, 11, 23))
    complete(case, "submit", owner, at=local(2026, 11, 30))
    assert actions.fire_due_timers(at=local(2026, 12, 5, 0, 1)) == 1
    assert get_case_by_id(case.id).accepted_at == local(2026, 11, 30)


def test_who_was_too_late_is_told_that_the_law_decided(clerk: Actor) -> None:
    case = open_one()
    actions.fire_due_timers(at=local(2026, 11, 28, 0, 3))
    with pytest.raises(errors.TaskGone, match="系统已在 11月28日 00:03 作了“受理期限到”的处理"):
        complete(case, "supplement", clerk, at=local(2026, 11, 28, 9))


def test_a_supplement_that_never_comes_lapses_after_fifteen_working_days(clerk: Actor) -> None:
    owner = make_owner()
    case = complete(open_one(owner, at=local(2026, 9, 28)), "supplement", clerk, at=local(2026, 9, 29))
    # 30 September, then eight days of October lost to the holiday, 8-10 and 12-16, 19-23, and 26 October
    assert case.tasks[0].due_on == local(2026, 10, 26).date()
    assert actions.fire_due_timers(at=local(2026, 10, 26, 23, 59)) == 0
    assert actions.fire_due_timers(at=local(2026, 10, 27, 0, 0)) == 1
    over = get_case_by_id(case.id)
    assert (over.state, over.result, over.accepted_at) == (CaseState.DONE, "lapsed", None)
    with pytest.raises(errors.TaskGone):
        complete(case, "submit", owner)


def test_a_timer_of_a_paused_clock_sleeps_and_moves_on_resumption(clerk: Actor) -> None:
    actions.publish_process("watched", WATCHED, actor=SYSTEM, at=AT)
    owner, approver = make_owner(), make_officer(BUREAU, "approval")
    case = open_one(owner, process="watched")
    assert actions.fire_due_timers(at=local(2026, 11, 25, 0, 1)) == 1
    case = get_case_by_id(case.id)
    assert [task.name for task in case.tasks] == ["办理", "督办"]
    assert due_of(case.id, "late") == due_of(case.id, "remind") == local(2026, 11, 28, 0)
    case = actions.complete_task(case.id, 1, "ask", command_id=uuid4(), actor=clerk, at=local(2026, 11, 25))
    assert [task.due_on for task in case.tasks] == [None, None]
    assert actions.fire_due_timers(at=local(2026, 12, 30)) == 0
    answer = next(task.n for task in case.tasks if task.name == "答复")
    case = actions.complete_task(case.id, answer, "answered", command_id=uuid4(), actor=owner, at=local(2026, 12, 1))
    assert {task.due_on for task in case.tasks} == {local(2026, 12, 3).date()}
    assert due_of(case.id, "late") == local(2026, 12, 4, 0)
    remind = next(task.n for task in case.tasks if task.name == "督办")
    done = actions.complete_task(case.id, remind, "seen", command_id=uuid4(), actor=approver, at=local(2026, 12, 1))
    assert (done.tasks, done.state) == ((), CaseState.OPEN)


@pytest.fixture
def _handler(monkeypatch: pytest.MonkeyPatch) -> None:
    if RUN_ACTION not in HANDLERS:
        HANDLERS.register(RUN_ACTION, actions.run_action_job)


@pytest.mark.usefixtures("_handler")
def test_a_background_action_moves_the_case_on_by_a_job(clerk: Actor) -> None:
    actions.publish_process("watched", WATCHED, actor=SYSTEM, at=AT)
    case = complete(open_one(process="watched"), "done", clerk)
    assert (case.state, case.tasks) == (CaseState.OPEN, ())
    assert not acted
    failing.add("tests.issue_result")
    run_due(at=AT)
    assert get_case_by_id(case.id).state is CaseState.OPEN
    failing.clear()
    run_due(at=AT + timedelta(hours=6))
    assert get_case_by_id(case.id).result == "granted"
    actions.run_action_job({"case": str(case.id), "n": 3}, AT)
    assert [entry.act for entry in get_history(case.id)] == ["opened", "completed", "job"]


def test_a_timer_fires_under_a_command_id_of_its_own() -> None:
    case = open_one()
    n = Token.objects.get(node="acceptance_timer").n
    actions.fire_due_timers(at=local(2026, 11, 28, 0, 1))
    assert History.objects.get(act="timer").command_id == uuid5(case.id, f"timer:{n}")


def test_one_broken_case_does_not_hold_up_the_others(caplog: pytest.LogCaptureFixture) -> None:
    first, second = open_one(), open_one(at=AT + timedelta(minutes=1))
    Case.objects.filter(public_id=first.id).update(clocks=[{"broken": True}])
    night = local(2026, 11, 28, 0, 1)
    assert actions.fire_due_timers(at=night) == 1
    assert get_case_by_id(second.id).accepted_at is not None
    assert due_of(first.id, "acceptance_timer") == night + timedelta(minutes=10)
    assert "failed" in caplog.text


def test_the_sweep_takes_no_more_than_its_limit() -> None:
    for minute in range(5):
        open_one(at=AT + timedelta(minutes=minute))
    night = local(2026, 11, 28, 0, 1)
    assert [actions.fire_due_timers(at=night, limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_deadlines_are_counted_anew_when_the_official_notice_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    moving, staying = open_one(at=local(2026, 12, 30)), open_one(at=local(2026, 12, 1))
    assert (moving.due_on, actions.recount_deadlines(at=AT)) == (local(2027, 1, 6).date(), 0)
    notice = YearNotice(2027, {date(2027, 1, day): "元旦" for day in (1, 2, 3)}, frozenset(), "国办发明电〔2026〕9号")
    official = Calendar(national_days(2024, 2030, [notice]), "Asia/Shanghai")
    for module in (recounting, steps):
        monkeypatch.setattr(module, "city_calendar", lambda: official)
    assert actions.recount_deadlines(at=local(2026, 12, 31)) == 1
    case = get_case_by_id(moving.id)
    assert (case.due_on, case.tasks[0].due_on) == (local(2027, 1, 7).date(), local(2027, 1, 7).date())
    assert due_of(case.id, "acceptance_timer") == local(2027, 1, 8, 0)
    assert get_history(case.id)[-1].name == "放假安排公布，期限重新计算"
    assert get_case_by_id(staying.id).rev == 1
    assert actions.recount_deadlines(at=local(2026, 12, 31)) == 0
