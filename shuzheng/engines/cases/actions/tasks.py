"""Complete a task, claim it, withdraw the case."""

from datetime import datetime
from uuid import UUID

from shuzheng.base.kernel.types import Actor, CaseId, Json
from shuzheng.engines.cases.actions.commands import Command, make_command, run_command
from shuzheng.engines.cases.actions.steps import Act, begin_step, check_open, check_rev, end_step, find_task
from shuzheng.engines.cases.actions.writing import get_locked, set_assignee
from shuzheng.engines.cases.errors import MayNotWithdraw
from shuzheng.engines.cases.queries.cases import check_may_open
from shuzheng.engines.cases.queries.rows import Loaded
from shuzheng.engines.cases.queries.tables import table_of
from shuzheng.engines.cases.rules.permissions import (
    check_length,
    check_may_act,
    check_not_taken,
    check_outcome,
    is_applicant,
    may_act,
)
from shuzheng.engines.cases.rules.state import Token
from shuzheng.engines.cases.rules.table import TaskNode
from shuzheng.engines.cases.rules.views import payload_of
from shuzheng.engines.cases.types import CaseView, TaskInput

NOTHING = TaskInput()


def complete_task(
    case_id: CaseId,
    task_n: int,
    outcome: str,
    *,
    given: TaskInput = NOTHING,
    command_id: UUID,
    expected_rev: int | None = None,
    actor: Actor,
    at: datetime,
) -> CaseView:
    """Complete a task by one of its outcomes and move the case on (办理一步).

    Args:
        case_id: The case.
        task_n: Number of the open task.
        outcome: Id of the outcome chosen.
        given: What was written; the outcome says what it needs.
        command_id: Made when the page was shown; sent twice it acts once.
        expected_rev: Revision the page showed; None acts on whatever is there.
        actor: An officer of the unit and duty of the task's lane, or the applicant.
        at: Moment of the act.

    Raises:
        TaskGone: Another, or a timer, closed the task first; nothing was written.
        CaseChanged: The case moved since `expected_rev`; nothing was written.
        TaskTaken: A colleague claimed the task.
        NotYourTask: Another duty; `NothingToSee` or `OtherUnit` from access when the case is not theirs to see.
        UnknownOutcome: No such outcome; `InputMissing`, `InputTooLong` when what is written does not fit.
        ActionFailed: A service action refused; the whole step was undone.
        CommandReused: The id came before with other content.
    """
    content: Json = [str(case_id), task_n, outcome, payload_of(given)]
    command = make_command(command_id, "complete", actor, content)

    def body() -> CaseView:
        loaded = get_locked(case_id)
        token, node = _get_task(loaded, task_n, actor=actor)
        check_rev(loaded[0], expected_rev, actor=actor)
        check_not_taken(token, actor)
        chosen = check_outcome(node, outcome, given)
        step = begin_step(loaded, command, actor=actor, at=at, given=given)
        step.complete(token, chosen)
        return end_step(step, Act("completed", node.id, task_n, outcome, payload_of(given)), command, actor=actor)

    return run_command(command, body)


def claim_task(case_id: CaseId, task_n: int, *, command_id: UUID, actor: Actor, at: datetime) -> CaseView:
    """Take a task on (认领), or over from a colleague (接手); both stand in the history.

    Raises:
        TaskGone: The task was closed meanwhile.
        NotYourTask: Another duty; from access as `complete_task`.
        CommandReused: The id came before with other content.
    """
    command = make_command(command_id, "claim", actor, [str(case_id), task_n])
    return run_command(command, lambda: _claim(case_id, task_n, command, actor=actor, at=at))


def _claim(case_id: CaseId, task_n: int, command: Command, *, actor: Actor, at: datetime) -> CaseView:
    loaded = get_locked(case_id)
    token, node = _get_task(loaded, task_n, actor=actor)
    step = begin_step(loaded, command, actor=actor, at=at)
    step.claim()
    before = token.assignee_name if token.assignee != actor.person else ""
    token.assignee, token.assignee_name = actor.person, actor.name
    set_assignee(step.case, token)
    payload = {"note": f"从{before}接手"} if before else {}
    return end_step(step, Act("claimed", node.id, task_n, payload=payload), command, actor=actor)


def withdraw_case(case_id: CaseId, *, reason: str, command_id: UUID, actor: Actor, at: datetime) -> CaseView:
    """Withdraw a case in any open state (撤回申请).

    Args:
        case_id: The case.
        reason: In the applicant's words; may be empty.
        command_id: Made when the page was shown.
        actor: The applicant, or who applied on its behalf.
        at: Moment of the act.

    Raises:
        MayNotWithdraw: Someone else who may see the case; strangers get `NothingToSee` from access.
        CaseClosedAlready: The case is over.
        CommandReused: The id came before with other content.
    """
    given = TaskInput(note=reason.strip())
    command = make_command(command_id, "withdraw", actor, [str(case_id), given.note])

    def body() -> CaseView:
        loaded = get_locked(case_id)
        if not is_applicant(loaded[0], actor):
            check_may_open(loaded[0], actor)
            raise MayNotWithdraw
        check_open(loaded[0])
        check_length(given)
        step = begin_step(loaded, command, actor=actor, at=at, given=given)
        step.withdraw()
        return end_step(step, Act("withdrawn", "", payload=payload_of(given)), command, actor=actor)

    return run_command(command, body)


def _get_task(loaded: Loaded, n: int, *, actor: Actor) -> tuple[Token, TaskNode]:
    """Return an open task the actor may do. Who may not even see the case learns nothing about the task."""
    case, tokens = loaded
    if not any(token.n == n and may_act(case, token, actor) for token in tokens):
        check_may_open(case, actor)
    token = find_task(loaded, n, actor=actor)
    node = table_of(case).task(token.node)
    check_may_act(case, token, node, actor)
    return token, node
