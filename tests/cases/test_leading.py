"""Those who lead a unit: handing tasks on, urging, and deadlines that tell of themselves."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from shuzheng.base.access.errors import NothingToSee, OtherUnit
from shuzheng.base.directory.models import Organization, Person, Post
from shuzheng.base.kernel import events
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor, OrgId, PersonId, PostId
from shuzheng.base.ledger.models import Entry
from shuzheng.engines.cases import actions, errors
from shuzheng.engines.cases.events import TaskNearlyDue, TaskOverdue, TaskReassigned, TaskUrged
from shuzheng.engines.cases.models import History, Token
from shuzheng.engines.cases.queries import get_case, get_history
from shuzheng.engines.cases.types import CaseView, TaskInput
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
LATE = local(2026, 11, 30)


def make_post(name: str, org: OrgId = BUREAU, roles: str = "service_window") -> Post:
    person = Person.objects.create(public_id=new_id(AT), name=name, status="正常")
    organization = Organization.objects.get(code=org)
    return Post.objects.create(
        public_id=new_id(AT), person=person, organization=organization, name=f"{name}岗", roles=f";{roles};"
    )


def officer_in(post: Post) -> Actor:
    roles = [role for role in post.roles.split(";") if role]
    return make_officer(
        OrgId(post.organization.code),
        *roles,
        name=post.person.name,
        person=PersonId(post.person.public_id),
        post=PostId(post.public_id),
    )


def reassign(case: CaseView, to: UUID, actor: Actor, **over: Any) -> CaseView:
    fields: dict[str, Any] = {"reason": "同事外出学习", "command_id": uuid4(), "actor": actor, "at": AT}
    return actions.reassign_task(case.id, case.tasks[0].n, PostId(to), **(fields | over))


def urge(case: CaseView, actor: Actor, *, at: datetime = LATE, **over: Any) -> CaseView:
    fields: dict[str, Any] = {"note": "", "command_id": uuid4(), "actor": actor, "at": at}
    return actions.urge_task(case.id, case.tasks[0].n, **(fields | over))


def heard(kind: type[events.Event]) -> list[Any]:
    found: list[Any] = []
    events.subscribe(kind, found.append)
    return found


@pytest.fixture
def lead() -> Actor:
    return make_officer(BUREAU, "approval", "team_lead", name="章云烟")


def test_a_team_lead_hands_a_task_to_a_colleague_who_is_named_in_history_and_ledger(lead: Actor) -> None:
    case, post = open_one(), make_post("何知秋")
    told = heard(TaskReassigned)
    after = reassign(case, post.public_id, lead)
    (task,) = after.tasks
    assert (task.assignee, task.assignee_name) == (post.person.public_id, "何知秋")
    last = get_history(case.id)[-1]
    assert (last.act, last.by, last.note) == ("reassigned", "章云烟", "交给何知秋：同事外出学习")
    assert Entry.objects.filter(act="cases.reassigned", subject=case.urn).count() == 1
    assert [(event.task.n, event.by, event.before) for event in told] == [(task.n, "章云烟", None)]
    with pytest.raises(errors.TaskTaken):
        complete(after, "accept", make_officer())
    assert complete(after, "accept", officer_in(post)).rev == after.rev + 1


def test_handing_on_says_from_whom(lead: Actor) -> None:
    case, clerk, post = open_one(), make_officer(), make_post("何知秋")
    actions.claim_task(case.id, 1, command_id=uuid4(), actor=clerk, at=AT)
    told = heard(TaskReassigned)
    reassign(get_case(case.number, actor=clerk), post.public_id, lead)
    assert get_history(case.id)[-1].note == "由王小梅改为何知秋：同事外出学习"
    assert told[0].before == clerk.person


def test_handing_on_twice_by_one_command_happens_once(lead: Actor) -> None:
    case, post, command = open_one(), make_post("何知秋"), uuid4()
    first = reassign(case, post.public_id, lead, command_id=command)
    assert reassign(case, post.public_id, lead, command_id=command) == first
    assert History.objects.filter(act="reassigned").count() == 1
    with pytest.raises(errors.CommandReused):
        reassign(case, post.public_id, lead, command_id=command, reason="另一个原因")


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (make_officer(), errors.NotYoursToLead),
        (make_officer(BUREAU, "approval", "licence_issuer"), errors.NotYoursToLead),
        (make_officer(OTHER_BUREAU, "team_lead"), OtherUnit),
        (make_officer(OTHER_BUREAU, "director"), OtherUnit),
        (make_officer(COUNTY, "team_lead"), OtherUnit),
        (make_applicant(), NothingToSee),
    ],
)
def test_only_who_leads_the_unit_or_one_above_hands_on_and_urges(actor: Actor, refusal: type[Exception]) -> None:
    case, post = open_one(), make_post("何知秋")
    with pytest.raises(refusal):
        reassign(case, post.public_id, actor)
    with pytest.raises(refusal):
        urge(case, actor)
    assert [entry.act for entry in get_history(case.id)] == ["opened"]


@pytest.mark.parametrize("org", [BUREAU, COUNTY, CITY])
def test_directors_of_the_unit_and_above_hand_on_and_urge(org: OrgId) -> None:
    case, post, director = open_one(), make_post("何知秋"), make_officer(org, "director", name="主任")
    handed = reassign(case, post.public_id, director)
    assert urge(handed, director).rev == handed.rev + 1


def test_a_task_goes_only_to_a_post_of_its_unit_and_duty(lead: Actor) -> None:
    case = open_one()
    ended = make_post("曾经")
    Post.objects.filter(pk=ended.pk).update(ended_at=AT)
    elsewhere, other_duty = make_post("别处", OTHER_BUREAU), make_post("别的", roles="approval")
    for post in (ended, elsewhere, other_duty):
        with pytest.raises(errors.UnfitColleague):
            reassign(case, post.public_id, lead)
    with pytest.raises(errors.ReasonMissing):
        reassign(case, make_post("何知秋").public_id, lead, reason=" ")
    assert get_case(case.number, actor=lead).tasks[0].assignee is None
    assert History.objects.count() == 1


def test_handing_on_to_who_has_it_changes_nothing(lead: Actor) -> None:
    case, post = open_one(), make_post("何知秋")
    reassign(case, post.public_id, lead)
    with pytest.raises(errors.HoldsItAlready):
        reassign(case, post.public_id, lead)
    assert History.objects.filter(act="reassigned").count() == 1


def test_the_applicants_own_task_is_nobodys_to_hand_on(lead: Actor) -> None:
    paused = complete(open_one(), "supplement", make_officer())
    with pytest.raises(errors.NotYoursToLead):
        reassign(paused, make_post("何知秋").public_id, lead)


def test_urging_is_for_what_is_overdue_once_a_day(lead: Actor) -> None:
    case = open_one()
    with pytest.raises(errors.NotOverdue):
        urge(case, lead, at=local(2026, 11, 27, 23))
    told = heard(TaskUrged)
    after = urge(case, lead, note="请今天办完")
    assert (get_history(case.id)[-1].act, get_history(case.id)[-1].note) == ("urged", "请今天办完")
    assert [(event.note, event.by) for event in told] == [("请今天办完", "章云烟")]
    with pytest.raises(errors.UrgedAlready):
        urge(after, lead)
    assert urge(after, lead, at=local(2026, 12, 1)).rev == after.rev + 1


def test_being_urged_does_not_cost_the_officer_the_decision_in_hand(lead: Actor) -> None:
    case = open_one()
    urge(case, lead)
    done = complete(case, "accept", make_officer(), at=LATE, expected_rev=case.rev)
    assert done.accepted_at is not None
    with pytest.raises(errors.CaseChanged):
        complete(done, "grant", make_officer(BUREAU, "approval"), at=LATE, expected_rev=case.rev)


def test_a_deputy_acts_on_what_the_absent_officer_holds_and_signs_for_them() -> None:
    absent, case = make_officer(name="许研青"), open_one()
    actions.claim_task(case.id, 1, command_id=uuid4(), actor=absent, at=AT)
    deputy = make_officer(name="何知秋", stands_in_for=absent.person, stands_in_for_name="许研青")
    complete(get_case(case.number, actor=deputy), "accept", deputy)
    last = get_history(case.id)[-1]
    assert last.by == "何知秋（代许研青）"
    entry = Entry.objects.get(act="cases.completed")
    assert f"urn:shuzheng:person:{absent.person}" in entry.related


def test_deadlines_tell_of_themselves_once_before_and_once_after() -> None:
    near, late = heard(TaskNearlyDue), heard(TaskOverdue)
    case = open_one()  # due 27 November, a Friday
    open_one(make_owner(), at=local(2026, 12, 20))
    assert actions.escalate_due(at=local(2026, 11, 24)) == 0
    assert actions.escalate_due(at=local(2026, 11, 25)) == 1
    assert actions.escalate_due(at=local(2026, 11, 26)) == 0
    assert [event.case.number for event in near] == [case.number]
    assert actions.escalate_due(at=local(2026, 11, 28, 0)) == 1
    assert actions.escalate_due(at=local(2026, 11, 29)) == 0
    assert [event.case.number for event in late] == [case.number]


def test_a_deadline_that_moved_is_told_of_anew_and_the_applicants_never() -> None:
    near, clerk = heard(TaskNearlyDue), make_officer()
    case = open_one()
    actions.escalate_due(at=local(2026, 11, 26))
    asked = complete(case, "supplement", clerk, at=local(2026, 11, 26))
    assert actions.escalate_due(at=local(2026, 12, 30)) == 0
    owner = Actor("林知墨", person=PersonId(uuid4()), on_behalf_of=case.applicant)
    complete(asked, "submit", owner, at=local(2026, 12, 1), given=TaskInput(papers=(3,)))
    assert actions.escalate_due(at=local(2026, 12, 1, 11)) == 1
    assert len(near) == 2


def test_a_failing_listener_leaves_the_deadline_to_be_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    open_one()

    def fail(_event: TaskNearlyDue) -> None:
        raise RuntimeError

    events.subscribe(TaskNearlyDue, fail)
    with pytest.raises(RuntimeError):
        actions.escalate_due(at=local(2026, 11, 26))
    assert Token.objects.filter(kind="u", told="").count() == 1
