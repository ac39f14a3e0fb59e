"""What every command shares: set up the step, write it, tell the other rooms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from shuzheng.base.jobs.actions import enqueue
from shuzheng.base.kernel.events import publish
from shuzheng.base.kernel.mask import mask_signature
from shuzheng.base.kernel.types import Actor, Json
from shuzheng.engines.cases.actions.commands import Command
from shuzheng.engines.cases.actions.writing import write_step
from shuzheng.engines.cases.errors import ActionFailed, CaseChanged, CaseClosedAlready, TaskGone, TaskNotFound
from shuzheng.engines.cases.events import CaseClosed, CaseMoved, CaseOpened, TaskOpened
from shuzheng.engines.cases.models import History
from shuzheng.engines.cases.queries.cases import entry_of
from shuzheng.engines.cases.queries.rows import Loaded
from shuzheng.engines.cases.queries.tables import city_calendar, table_of
from shuzheng.engines.cases.rules.state import CaseData, Token, TokenKind
from shuzheng.engines.cases.rules.step import Step
from shuzheng.engines.cases.rules.table import ServiceNode
from shuzheng.engines.cases.rules.views import Entry, case_view, history_view, say_act
from shuzheng.engines.cases.types import ACTIONS, FACTS, STATE_LABELS, CaseView, HistoryView, StepContext, TaskInput
from shuzheng.engines.rules.types import Value

NOTHING = TaskInput()
RUN_ACTION = "cases.run_action"
"""Name under which `run_action_job` is registered with `base.jobs`."""


LEADERS = ("reassigned", "urged")
"""Acts of those who lead a unit."""
QUIET = ("claimed", *LEADERS)
"""Acts on a task that leave it open."""


@dataclass(frozen=True, slots=True)
class Act:
    """What a command does, for the history: the verb, the task, the outcome and what was written."""

    verb: str
    node: str
    task_n: int | None = None
    outcome: str = ""
    payload: Mapping[str, Json] | None = None


def begin_step(loaded: Loaded, command: Command, *, actor: Actor, at: datetime, given: TaskInput = NOTHING) -> Step:
    """Return a step on a loaded case; a service action inside it sees the case as it stands then."""
    case, tokens = loaded
    table, calendar = table_of(case), city_calendar()

    def act(node: ServiceNode) -> None:
        view = case_view(case, step.live.values(), table, calendar)
        failed = ACTIONS[node.action](StepContext(view, actor, at, given, node.id, command.id))
        if failed is not None:
            raise ActionFailed(task=node.name, problem=failed)

    def look_up() -> Mapping[str, Value]:
        sources = {one.name.partition(".")[0] for one in table.facts}
        return {name: value for source in sorted(sources) for name, value in FACTS[source](case.id).items()}

    step = Step(case, tokens, table, calendar, at=at, act=act, look_up=look_up)
    return step


def end_step(step: Step, act: Act, command: Command, *, actor: Actor) -> CaseView:
    """Write a step on a stored case and announce it; returns the picture after it."""
    entry = make_entry(step, act, actor=actor)
    write_step(step, entry, command, actor=actor)
    view = case_view(step.case, step.live.values(), step.table, step.calendar)
    announce(step, view, history_view(entry, step.table))
    return view


def make_entry(step: Step, act: Act, *, actor: Actor) -> Entry:
    """Return the next history entry of the step's case."""
    return Entry(
        seq=step.case.rev + 1,
        at=step.at,
        act=act.verb,
        node=act.node,
        outcome=act.outcome,
        by=actor.signature,
        org=actor.org or "",
        org_name=actor.org_name,
        task_n=act.task_n,
        payload=act.payload or {},
        trail=tuple(step.trail),
    )


def announce(step: Step, view: CaseView, entry: HistoryView) -> None:
    """Publish what happened, inside the transaction: the move, each new task, the end; queue background tasks."""
    for token in (step.live[n] for n in step.opened):
        if token.kind is TokenKind.JOB:
            key = f"{step.case.id}:{token.n}"
            enqueue(RUN_ACTION, {"case": str(step.case.id), "n": token.n}, key=key, at=step.at)
    publish(CaseOpened(view) if entry.act == "opened" else CaseMoved(view, entry))
    for task in view.tasks:
        if task.n in step.opened:
            publish(TaskOpened(view, task))
    if view.state.is_over:
        publish(CaseClosed(view))


def find_task(loaded: Loaded, n: int, *, actor: Actor) -> Token:
    """Return an open task.

    Raises:
        TaskGone: It was closed; the error says by whom, when and how.
        TaskNotFound: There never was one of that number.
    """
    case, tokens = loaded
    token = next((token for token in tokens if token.n == n and token.kind is TokenKind.TASK), None)
    if token is not None:
        return token
    if not 0 < n < case.next_n:
        raise TaskNotFound
    raise TaskGone(**_said(case, actor, History.objects.filter(case_id=case.pk, task_n=n).exclude(act__in=QUIET)))


def check_rev(case: CaseData, expected: int | None, *, actor: Actor) -> None:
    """Let pass when the case is as the page showed it; that it was urged or handed over since changes nothing.

    Raises:
        CaseChanged: It moved; the error says who did what, when.
    """
    if expected is None or expected == case.rev:
        return
    since = History.objects.filter(case_id=case.pk, seq__gt=expected)
    if expected > case.rev or since.exclude(act__in=LEADERS).exists():
        raise CaseChanged(**_said(case, actor, History.objects.none()))


def check_open(case: CaseData) -> None:
    """Let pass while the case is open.

    Raises:
        CaseClosedAlready: It is over.
    """
    if case.state.is_over:
        raise CaseClosedAlready(state=STATE_LABELS[case.state].removeprefix("已"))


def _said(case: CaseData, actor: Actor, closing: QuerySet[History]) -> dict[str, object]:
    """Return who did what and when: the entry that closed the task, else the last one. Citizens see masked names."""
    row = closing.order_by("-seq").first() or History.objects.filter(case_id=case.pk).order_by("-seq")[0]
    entry = history_view(entry_of(row), table_of(case))
    local = entry.at.astimezone(ZoneInfo(city_calendar().zone))
    return {
        "by": entry.by if actor.is_officer or row.person is None else mask_signature(entry.by),
        "at": entry.at,
        "when": f"{local.month}月{local.day}日 {local:%H:%M}",
        "outcome": say_act(entry),
    }
