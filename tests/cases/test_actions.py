"""Each verb: the way it goes well, each refusal, and that a refusal writes nothing."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzheng.base.access.errors import NothingToSee, OtherUnit
from shuzheng.base.kernel.events import subscribe
from shuzheng.base.kernel.types import SYSTEM, Actor, CaseId, PersonId
from shuzheng.base.ledger.queries import list_entries
from shuzheng.engines.cases import actions, errors
from shuzheng.engines.cases.events import CaseClosed, CaseMoved, CaseOpened, TaskOpened
from shuzheng.engines.cases.models import Case, Counter, History, Token
from shuzheng.engines.cases.queries import get_case_by_id, get_history
from shuzheng.engines.cases.types import CaseState, TaskInput
from tests.cases.making import (
    AT,
    BUREAU,
    OTHER_BUREAU,
    REASONS,
    acted,
    complete,
    drawing,
    failing,
    local,
    make_applicant,
    make_new_case,
    make_officer,
    make_owner,
    open_one,
)

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def clerk() -> Actor:
    return make_officer(BUREAU, "service_window")


@pytest.fixture
def approver() -> Actor:
    return make_officer(BUREAU, "approval", name="程朱砂")


def counted() -> tuple[int, ...]:
    """Everything a step could have written, for comparing before and after a refusal."""
    rev = sum(Case.objects.values_list("rev", flat=True))
    live = Token.objects.filter(state="o").count()
    return (Case.objects.count(), rev, live, Token.objects.count(), History.objects.count())


def test_a_case_is_opened_at_the_window_with_a_number_of_its_county_and_day() -> None:
    owner = make_owner()
    case = open_one(owner)
    assert case.number == "990102202611200001"
    assert open_one(owner).number == "990102202611200002"
    assert open_one(owner, at=local(2026, 11, 21, 0, 1)).number == "990102202611210001"
    assert (case.state, case.rev, case.result) == (CaseState.OPEN, 1, "")
    (task,) = case.tasks
    assert (task.name, task.org, task.role) == ("受理审查", BUREAU, "service_window")
    assert task.due_on == case.due_on == local(2026, 11, 27).date()
    assert [outcome.name for outcome in task.outcomes] == ["受理", "要求补正", "不予受理"]


def test_the_whole_way_to_a_licence(clerk: Actor, approver: Actor) -> None:
    owner = make_owner()
    case = open_one(owner)
    case = complete(case, "supplement", clerk, at=local(2026, 11, 23))
    assert (case.state, case.due_on) == (CaseState.PAUSED, None)
    assert case.paused_since == local(2026, 11, 23)
    assert case.tasks[0].org is None
    case = complete(case, "submit", owner, at=local(2026, 11, 24))
    assert (case.state, case.paused_since) == (CaseState.OPEN, None)
    assert case.due_on == local(2026, 11, 30).date()
    case = complete(case, "accept", clerk, at=local(2026, 11, 25))
    assert case.accepted_at == local(2026, 11, 25)
    assert (case.tasks[0].name, case.due_on) == ("审批", local(2026, 12, 1).date())
    case = complete(case, "grant", approver, at=local(2026, 11, 26))
    assert (case.state, case.result, case.tasks) == (CaseState.DONE, "granted", ())
    assert case.closed_at == local(2026, 11, 26)
    assert [context.node for context in acted] == ["accept", "issue"]
    assert acted[0].case.accepted_at == local(2026, 11, 25)
    said = [(entry.name, entry.outcome_name, entry.by, entry.org_role) for entry in get_history(case.id)]
    assert said == [
        ("提交申请", "", "林知墨", "申请人"),
        ("受理审查", "要求补正", "王小梅", "窗口"),
        ("补正", "提交补正", "林知墨", "申请人"),
        ("受理审查", "受理", "王小梅", "窗口"),
        ("审批", "准予许可", "程朱砂", "审批"),
    ]
    acts = [entry.act for entry in list_entries(f"urn:shuzheng:case:{case.id}")]
    assert sorted(acts) == ["cases.completed"] * 4 + ["cases.opened"]


def test_a_refusal_carries_its_reasons(clerk: Actor, approver: Actor) -> None:
    case = complete(open_one(), "accept", clerk)
    case = complete(case, "refuse", approver, given=TaskInput(opinion="不符合", reasons=("食品处理区不足 8 平方米",)))
    assert (case.state, case.result) == (CaseState.DONE, "refused")
    entry = get_history(case.id)[-1]
    assert (entry.opinion, entry.reasons) == ("不符合", ("食品处理区不足 8 平方米",))
    assert acted[-1].given.reasons == ("食品处理区不足 8 平方米",)


def test_an_instant_item_is_decided_on_the_spot(clerk: Actor) -> None:
    case = open_one(process="instant", promised_days=0, parts={"window": BUREAU})
    case = complete(case, "grant", clerk)
    assert (case.state, case.result, case.accepted_at) == (CaseState.DONE, "granted", AT)


@pytest.mark.parametrize(
    ("outcome", "reads"),
    [("supplement", 0), ("accept", 1)],
    ids=["an ordinary step", "a step whose guard asks what was applied for"],
)
def test_a_step_takes_six_statements_and_what_its_guard_reads(clerk: Actor, outcome: str, reads: int) -> None:
    case = open_one()
    warm = complete(open_one(), outcome, clerk)
    assert warm.tasks
    with CaptureQueriesContext(connection) as captured:
        complete(case, outcome, clerk)
    statements = [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    expected = (6 if connection.vendor == "sqlite" else 7) + reads
    assert len(statements) <= expected, statements


def test_a_double_click_opens_one_case() -> None:
    owner = make_owner()
    new, command = make_new_case(owner), uuid4()
    first = actions.open_case(new, command_id=command, actor=owner, at=AT)
    again = actions.open_case(new, command_id=command, actor=owner, at=AT + timedelta(seconds=2))
    assert first == again
    assert Case.objects.count() == 1
    assert Counter.objects.get().last == 1


def test_a_replayed_step_gives_the_stored_answer_even_after_the_case_moved_on(clerk: Actor, approver: Actor) -> None:
    case, command = open_one(), uuid4()
    first = complete(case, "accept", clerk, command_id=command)
    complete(first, "grant", approver)
    before = counted()
    assert complete(case, "accept", clerk, command_id=command) == first
    assert counted() == before


def test_a_command_id_with_other_content_is_refused(clerk: Actor) -> None:
    case, command = open_one(), uuid4()
    complete(case, "accept", clerk, command_id=command)
    before = counted()
    with pytest.raises(errors.CommandReused):
        complete(case, "not_accept", clerk, command_id=command)
    with pytest.raises(errors.CommandReused):
        complete(case, "accept", make_officer(BUREAU, "service_window"), command_id=command)
    with pytest.raises(errors.CommandReused):
        complete(open_one(), "accept", clerk, command_id=command)
    owner = make_owner()
    with pytest.raises(errors.CommandReused):
        actions.open_case(make_new_case(owner), command_id=command, actor=owner, at=AT)
    assert counted()[4] == before[4] + 1


def test_of_two_officers_the_second_is_told_who_did_what_and_when(clerk: Actor) -> None:
    case = open_one()
    complete(case, "accept", clerk, at=local(2026, 11, 20, 10, 41))
    before = counted()
    with pytest.raises(errors.TaskGone) as caught:
        complete(case, "supplement", make_officer(BUREAU, "service_window", name="许研青"))
    assert caught.value.message == "王小梅已在 11月20日 10:41 作了“受理”的处理，您这次没有提交"
    assert caught.value.status == 409
    assert caught.value.facts["at"] == local(2026, 11, 20, 10, 41)
    assert counted() == before


def test_a_citizen_is_told_of_an_officer_by_a_masked_name(clerk: Actor) -> None:
    owner = make_owner()
    case = complete(open_one(owner), "supplement", clerk)
    late = complete(case, "submit", owner)
    complete(late, "accept", clerk)
    with pytest.raises(errors.TaskGone) as caught:
        complete(case, "submit", owner, given=TaskInput(note="又补了一份"))
    assert "林*墨" in caught.value.message


def test_a_page_that_is_out_of_date_decides_nothing(clerk: Actor) -> None:
    case = open_one()
    actions.claim_task(case.id, 1, command_id=uuid4(), actor=clerk, at=AT)
    before = counted()
    with pytest.raises(errors.CaseChanged) as caught:
        complete(case, "accept", clerk, expected_rev=case.rev)
    assert "认领受理审查" in caught.value.message
    assert counted() == before
    assert complete(case, "accept", clerk, expected_rev=2).rev == 3


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (make_officer(OTHER_BUREAU, "service_window"), OtherUnit),
        (make_officer(BUREAU, "approval"), errors.NotYourTask),
        (make_applicant("方素笺"), NothingToSee),
        (make_owner(), NothingToSee),
    ],
    ids=["officer of another unit", "wrong duty", "stranger", "another firm"],
)
def test_who_may_not_act_writes_nothing(actor: Actor, refusal: type[Exception]) -> None:
    case = open_one()
    before = counted()
    with pytest.raises(refusal):
        complete(case, "accept", actor)
    with pytest.raises(refusal):
        actions.claim_task(case.id, 1, command_id=uuid4(), actor=actor, at=AT)
    assert counted() == before


def test_an_officer_does_not_do_the_applicants_part_nor_the_applicant_the_officers(clerk: Actor) -> None:
    owner = make_owner()
    case = open_one(owner)
    with pytest.raises(errors.NotYourTask):
        complete(case, "accept", owner)
    case = complete(case, "supplement", clerk)
    with pytest.raises(errors.NotYourTask):
        complete(case, "submit", clerk)


def test_who_applied_for_the_firm_answers_only_while_acting_for_it(clerk: Actor) -> None:
    owner = make_owner()
    case = complete(open_one(owner), "supplement", clerk)
    before = counted()
    with pytest.raises(NothingToSee):
        complete(case, "submit", Actor(owner.name, person=owner.person))
    assert counted() == before
    assert complete(case, "submit", owner).state is CaseState.OPEN


@pytest.mark.parametrize(
    ("outcome", "given", "refusal"),
    [
        ("nonsense", TaskInput(), errors.UnknownOutcome),
        ("not_accept", TaskInput(opinion="不归我们办"), errors.InputMissing),
        ("supplement", TaskInput(reasons=("不清楚",)), errors.InputMissing),
        ("accept", TaskInput(opinion="长" * 5000), errors.InputTooLong),
        ("supplement", TaskInput(reasons=("长" * 2000,), papers=(1,)), errors.InputTooLong),
        ("supplement", TaskInput(reasons=("不清楚",), papers=tuple(range(200))), errors.InputTooLong),
    ],
)
def test_what_is_written_must_suffice(clerk: Actor, outcome: str, given: TaskInput, refusal: type[Exception]) -> None:
    case = open_one()
    before = counted()
    with pytest.raises(refusal):
        complete(case, outcome, clerk, given=given)
    assert counted() == before


def test_a_task_that_never_was_is_not_found(clerk: Actor) -> None:
    case = open_one()
    with pytest.raises(errors.TaskNotFound):
        actions.complete_task(case.id, 99, "accept", command_id=uuid4(), actor=clerk, at=AT)
    complete(complete(case, "accept", clerk), "grant", make_officer(BUREAU, "approval"))
    with pytest.raises(errors.TaskGone):
        complete(case, "accept", clerk)
    with pytest.raises(errors.CaseNotFound):
        actions.complete_task(CaseId(UUID(int=7)), 1, "accept", command_id=uuid4(), actor=clerk, at=AT)


def test_a_claimed_task_is_its_holders_until_taken_over(clerk: Actor) -> None:
    case, colleague = open_one(), make_officer(BUREAU, "service_window", name="许研青")
    claimed = actions.claim_task(case.id, 1, command_id=uuid4(), actor=clerk, at=AT)
    assert (claimed.tasks[0].assignee, claimed.tasks[0].assignee_name) == (clerk.person, "王小梅")
    before = counted()
    with pytest.raises(errors.TaskTaken, match="由王小梅认领"):
        complete(case, "accept", colleague)
    assert counted() == before
    command = uuid4()
    taken = actions.claim_task(case.id, 1, command_id=command, actor=colleague, at=AT)
    assert taken.tasks[0].assignee == colleague.person
    assert actions.claim_task(case.id, 1, command_id=command, actor=colleague, at=AT) == taken
    assert complete(case, "accept", colleague).accepted_at == AT
    assert [(entry.act, entry.by, entry.note) for entry in get_history(case.id)][1:3] == [
        ("claimed", "王小梅", ""),
        ("claimed", "许研青", "从王小梅接手"),
    ]


@pytest.mark.parametrize("steps", [(), ("supplement",), ("accept",)])
def test_the_applicant_withdraws_in_any_open_state(clerk: Actor, steps: tuple[str, ...]) -> None:
    owner = make_owner()
    case = open_one(owner)
    for outcome in steps:
        case = complete(case, outcome, clerk)
    command = uuid4()
    ended = actions.withdraw_case(case.id, reason="不办了", command_id=command, actor=owner, at=AT)
    assert (ended.state, ended.result, ended.tasks, ended.due_on) == (CaseState.WITHDRAWN, "", (), None)
    assert not Token.objects.filter(state="o").exists()
    assert actions.withdraw_case(case.id, reason="不办了", command_id=command, actor=owner, at=AT) == ended
    entry = get_history(case.id)[-1]
    assert (entry.act, entry.name, entry.note) == ("withdrawn", "撤回申请", "不办了")
    with pytest.raises(errors.CaseClosedAlready, match="已经撤回"):
        actions.withdraw_case(case.id, reason="再撤", command_id=uuid4(), actor=owner, at=AT)
    with pytest.raises(errors.TaskGone):
        actions.complete_task(case.id, 1, "accept", command_id=uuid4(), actor=clerk, at=AT)


def test_others_do_not_withdraw_and_nothing_is_withdrawn_after_the_end(clerk: Actor) -> None:
    owner = make_owner()
    case = open_one(owner)
    before = counted()
    for actor, refusal in (
        (clerk, errors.MayNotWithdraw),
        (make_applicant(), NothingToSee),
        (make_officer(OTHER_BUREAU, "approval"), OtherUnit),
    ):
        with pytest.raises(refusal):
            actions.withdraw_case(case.id, reason="", command_id=uuid4(), actor=actor, at=AT)
    assert counted() == before
    complete(case, "not_accept", clerk)
    with pytest.raises(errors.CaseClosedAlready, match="已经办结"):
        actions.withdraw_case(case.id, reason="", command_id=uuid4(), actor=owner, at=AT)


def test_an_officer_who_applied_withdraws_on_the_public_front_only(clerk: Actor) -> None:
    assert clerk.person
    case = open_one(Actor(clerk.name, person=clerk.person))
    with pytest.raises(errors.MayNotWithdraw):
        actions.withdraw_case(case.id, reason="", command_id=uuid4(), actor=clerk, at=AT)
    plain = Actor(clerk.name, person=PersonId(clerk.person))
    assert actions.withdraw_case(case.id, reason="", command_id=uuid4(), actor=plain, at=AT).state.is_over


def test_a_service_action_that_refuses_undoes_the_step(clerk: Actor, approver: Actor) -> None:
    case = complete(open_one(), "accept", clerk)
    failing.add("tests.issue_result")
    before, command = counted(), uuid4()
    with pytest.raises(errors.ActionFailed, match="签发证照"):
        complete(case, "grant", approver, command_id=command)
    assert counted() == before
    failing.clear()
    assert complete(case, "grant", approver, command_id=command).result == "granted"


def test_a_case_needs_a_published_process_and_every_part_of_it() -> None:
    owner = make_owner()
    with pytest.raises(errors.ProcessNotFound):
        open_one(owner, process="nothing")
    with pytest.raises(errors.PartMissing):
        open_one(owner, parts={"window": BUREAU})
    assert not Case.objects.exists()
    assert not Counter.objects.exists()


def test_events_tell_the_other_rooms_within_the_transaction(clerk: Actor) -> None:
    heard: list[object] = []
    subscribe(CaseOpened, heard.append)
    subscribe(TaskOpened, heard.append)
    subscribe(CaseMoved, heard.append)
    subscribe(CaseClosed, heard.append)
    case = open_one()
    moved = complete(case, "not_accept", clerk)
    kinds = [type(event).__name__ for event in heard]
    assert kinds == ["CaseOpened", "TaskOpened", "CaseMoved", "CaseClosed"]
    last = heard[2]
    assert isinstance(last, CaseMoved)
    assert (last.case, last.entry.outcome_name) == (moved, "不予受理")
    assert heard[3] == CaseClosed(moved)


def test_a_subscriber_that_fails_undoes_the_step(clerk: Actor) -> None:
    def fail(event: CaseMoved) -> None:
        raise errors.ActionFailed(task="通知", problem="收件人不存在")

    subscribe(CaseMoved, fail)
    case = open_one()
    before = counted()
    with pytest.raises(errors.ActionFailed):
        complete(case, "accept", clerk)
    assert counted() == before


def test_a_case_keeps_the_version_it_started_with(clerk: Actor) -> None:
    case = open_one()
    newer = drawing("promised").replace('name="受理审查"', 'name="初审"')
    published = actions.publish_process("promised", newer, actor=SYSTEM, at=AT)
    assert published.version == 2
    assert actions.publish_process("promised", newer, actor=SYSTEM, at=AT) == published
    assert open_one().tasks[0].name == "初审"
    assert get_case_by_id(case.id).tasks[0].name == "受理审查"
    assert complete(case, "supplement", clerk, given=REASONS).process_version == 1
    assert actions.publish_process("promised", drawing("promised"), actor=SYSTEM, at=AT).version == 3
