"""What those who lead a unit do with its tasks: hand one to an officer, urge one that is overdue."""

from datetime import datetime, timedelta
from uuid import UUID

from shuzheng.base.directory.queries import list_posts_at
from shuzheng.base.directory.types import PostView
from shuzheng.base.kernel.events import publish
from shuzheng.base.kernel.types import Actor, CaseId, Json, OrgId, PostId
from shuzheng.engines.cases.actions.commands import Command, make_command, run_command
from shuzheng.engines.cases.actions.steps import Act, begin_step, end_step, find_task
from shuzheng.engines.cases.actions.writing import get_locked, set_assignee
from shuzheng.engines.cases.errors import (
    HoldsItAlready,
    NotOverdue,
    NotYoursToLead,
    ReasonMissing,
    UnfitColleague,
    UrgedAlready,
)
from shuzheng.engines.cases.events import TaskReassigned, TaskUrged
from shuzheng.engines.cases.models import History
from shuzheng.engines.cases.queries.cases import check_may_open
from shuzheng.engines.cases.queries.rows import Loaded
from shuzheng.engines.cases.queries.subtrees import leads_unit
from shuzheng.engines.cases.queries.tables import city_calendar, table_of
from shuzheng.engines.cases.rules.permissions import check_length
from shuzheng.engines.cases.rules.state import CaseData, Token
from shuzheng.engines.cases.rules.table import TaskNode
from shuzheng.engines.cases.types import CaseView, TaskInput


def reassign_task(
    case_id: CaseId, task_n: int, to: PostId, *, reason: str, command_id: UUID, actor: Actor, at: datetime
) -> CaseView:
    """Hand an open task to an officer of the same unit with the same duty (改派); it stands in the history.

    Args:
        case_id: The case.
        task_n: Number of the open task.
        to: A post of the task's unit with the task's duty, or one running under a deputy.
        reason: In the actor's words; may not be empty.
        command_id: Made when the page was shown.
        actor: A director of the unit or above it, or a team lead of the unit.
        at: Moment of the act.

    Raises:
        NotYoursToLead: The actor leads neither the unit nor one above it; from access when they may not see the case.
        UnfitColleague: The post is not of that unit and duty.
        HoldsItAlready: That officer has the task.
        ReasonMissing: No reason; `InputTooLong` when it is too long.
        TaskGone: The task was closed meanwhile.
        CommandReused: The id came before with other content.
    """
    given = TaskInput(note=reason.strip())
    content: Json = [str(case_id), task_n, str(to), given.note]
    command = make_command(command_id, "reassign", actor, content)
    return run_command(command, lambda: _reassign(case_id, task_n, to, given, command, actor=actor, at=at))


def urge_task(case_id: CaseId, task_n: int, *, note: str, command_id: UUID, actor: Actor, at: datetime) -> CaseView:
    """Urge whoever must act on an overdue task (催办), once a day; it stands in the history.

    Args:
        case_id: The case.
        task_n: Number of the open task.
        note: What is said with it; may be empty.
        command_id: Made when the page was shown.
        actor: A director of the unit or above it, or a team lead of the unit.
        at: Moment of the act.

    Raises:
        NotYoursToLead: The actor leads neither the unit nor one above it; from access when they may not see the case.
        NotOverdue: There is still time.
        UrgedAlready: It was urged today.
        TaskGone: The task was closed meanwhile.
        CommandReused: The id came before with other content.
    """
    given = TaskInput(note=note.strip())
    command = make_command(command_id, "urge", actor, [str(case_id), task_n, given.note])
    return run_command(command, lambda: _urge(case_id, task_n, given, command, actor=actor, at=at))


def _reassign(
    case_id: CaseId, n: int, to: PostId, given: TaskInput, command: Command, *, actor: Actor, at: datetime
) -> CaseView:
    loaded = get_locked(case_id)
    token, node = _get_led(loaded, n, actor=actor)
    if not given.note:
        raise ReasonMissing
    check_length(given)
    colleague = _find_colleague(token, to)
    if token.assignee == colleague.person:
        raise HoldsItAlready(who=colleague.person_name)
    before, before_name = token.assignee, token.assignee_name
    step = begin_step(loaded, command, actor=actor, at=at, given=given)
    step.claim()
    token.assignee, token.assignee_name = colleague.person, colleague.person_name
    set_assignee(step.case, token)
    handed = f"由{before_name}改为{colleague.person_name}" if before else f"交给{colleague.person_name}"
    act = Act("reassigned", node.id, n, payload={"note": f"{handed}：{given.note}"})
    view = end_step(step, act, command, actor=actor)
    task = next(task for task in view.tasks if task.n == n)
    publish(TaskReassigned(view, task, by=actor.signature, before=before, reason=given.note, at=at))
    return view


def _urge(case_id: CaseId, n: int, given: TaskInput, command: Command, *, actor: Actor, at: datetime) -> CaseView:
    loaded = get_locked(case_id)
    token, node = _get_led(loaded, n, actor=actor)
    check_length(given)
    if token.due_at > at:
        raise NotOverdue
    _check_not_urged_today(loaded[0], n, at=at)
    step = begin_step(loaded, command, actor=actor, at=at, given=given)
    step.claim()
    act = Act("urged", node.id, n, payload={"note": given.note} if given.note else {})
    view = end_step(step, act, command, actor=actor)
    task = next(task for task in view.tasks if task.n == n)
    publish(TaskUrged(view, task, by=actor.signature, note=given.note, at=at))
    return view


def _check_not_urged_today(case: CaseData, n: int, *, at: datetime) -> None:
    calendar = city_calendar()
    midnight = calendar.end_of(calendar.day_of(at) - timedelta(days=1))
    if History.objects.filter(case_id=case.pk, task_n=n, act="urged", at__gte=midnight).exists():
        raise UrgedAlready


def _get_led(loaded: Loaded, n: int, *, actor: Actor) -> tuple[Token, TaskNode]:
    """Return an open task whose unit the actor leads. Who may not even see the case learns nothing about it."""
    case, tokens = loaded
    found = next((token for token in tokens if token.n == n), None)
    if found is None or not _leads(found, actor):
        check_may_open(case, actor)
    token = find_task(loaded, n, actor=actor)
    node = table_of(case).task(token.node)
    if not _leads(token, actor):
        raise NotYoursToLead(task=node.name)
    return token, node


def _leads(token: Token, actor: Actor) -> bool:
    """Tell whether the actor leads the unit of a task; nobody leads an applicant."""
    return bool(token.org) and leads_unit(OrgId(token.org), actor)


def _find_colleague(token: Token, to: PostId) -> PostView:
    posts = list_posts_at(OrgId(token.org), role=token.role)
    found = next((post for post in posts if post.id == to), None)
    if found is None:
        raise UnfitColleague
    return found
