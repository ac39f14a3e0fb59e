"""From rows to what others see: case, task, history entry, drawing in words; and the stored answer of a command."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from shuzheng.base.kernel.said import said, said_together
from shuzheng.base.kernel.types import Json, JsonObject, OrgId, PersonId
from shuzheng.engines.cases.rules.clocks import Calendar, ProofTexts, estimate_decision, prove_clock
from shuzheng.engines.cases.rules.state import CaseData, Token, TokenKind
from shuzheng.engines.cases.rules.step import last_day
from shuzheng.engines.cases.rules.table import (
    EndNode,
    GatewayNode,
    Node,
    ProcessTable,
    StartNode,
    TaskNode,
    TimerNode,
    flows_of,
    marks_of,
)
from shuzheng.engines.cases.types import (
    CaseState,
    CaseView,
    DeadlineProof,
    HistoryView,
    OutcomeView,
    ProcessStep,
    StepState,
    TaskInput,
    TaskView,
)


def case_view(case: CaseData, tokens: Iterable[Token], table: ProcessTable, calendar: Calendar) -> CaseView:
    """Return the picture of a case with its open tasks in order."""
    tasks = sorted((token for token in tokens if token.kind is TokenKind.TASK), key=lambda token: token.n)
    return CaseView(
        id=case.id,
        number=case.number,
        process_version=case.process_version,
        item=case.item,
        title=case.title,
        state=case.state,
        result=case.result,
        rev=case.rev,
        applicant=case.applicant,
        contact=case.contact,
        parts=case.parts,
        opened_at=case.opened_at,
        accepted_at=case.accepted_at,
        closed_at=case.closed_at,
        paused_since=case.paused_at,
        due_on=case.due_on,
        tasks=tuple(task_view(token, table.task(token.node), calendar) for token in tasks),
        process=case.process_key,
        item_version=case.item_version,
        division=case.division,
    )


def task_view(token: Token, node: TaskNode, calendar: Calendar) -> TaskView:
    """Return the picture of an open task."""
    return TaskView(
        n=token.n,
        node=node.id,
        name=node.name,
        role=node.role,
        org=OrgId(token.org) if token.org else None,
        due_on=last_day(token.due_at, calendar),
        assignee=token.assignee,
        outcomes=tuple(OutcomeView(o.id, o.name, o.needs, o.tone) for o in node.outcomes),
        assignee_name=token.assignee_name,
        form=node.form,
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """A history row in memory; `payload` holds opinion, reasons, papers, note."""

    seq: int
    at: datetime
    act: str
    node: str
    outcome: str
    by: str
    org: str
    org_name: str
    task_n: int | None
    payload: Mapping[str, Json]
    trail: tuple[str, ...]


def payload_of(given: TaskInput) -> JsonObject:
    """Return what was written, without what was left empty."""
    written: JsonObject = {
        "opinion": given.opinion,
        "reasons": list(given.reasons),
        "papers": list(given.papers),
        "note": given.note,
    }
    return {key: value for key, value in written.items() if value}


def history_view(entry: Entry, table: ProcessTable) -> HistoryView:
    """Return an entry in words; the names are those of the process version the case follows."""
    node = table.nodes.get(entry.node)
    outcome = node.outcome(entry.outcome) if isinstance(node, TaskNode) else None
    return HistoryView(
        seq=entry.seq,
        at=entry.at,
        act=entry.act,
        node=entry.node,
        name=_NAMES.get(entry.act) or (node.name if node else entry.node),
        outcome=entry.outcome,
        outcome_name=outcome.name if outcome else "",
        by=entry.by,
        org=OrgId(entry.org) if entry.org else None,
        org_role=_LANES.get(entry.act) or (node.lane if node else ""),
        opinion=_text(entry.payload.get("opinion")),
        reasons=tuple(map(str, _list(entry.payload.get("reasons")))),
        papers=tuple(seq for seq in _list(entry.payload.get("papers")) if isinstance(seq, int)),
        note=_text(entry.payload.get("note")),
        task_n=entry.task_n,
        org_name=entry.org_name,
    )


_NAMES: Final = {"withdrawn": said("撤回申请"), "recounted": said("放假安排公布，期限重新计算")}
_LANES: Final = {"withdrawn": said("申请人"), "timer": said("系统"), "job": said("系统"), "recounted": said("系统")}
"""Name and lane of acts that no node of the process says."""


_QUIET_WORDS: Final = {"claimed": said("认领"), "reassigned": said("改派"), "urged": said("催办")}
"""Acts that leave a case where it is."""


def say_act(entry: HistoryView) -> str:
    """Return in a few Chinese words what an entry did, for conflicts and lists."""
    if entry.act in _QUIET_WORDS:
        return said_together((_QUIET_WORDS[entry.act], entry.name))
    return entry.outcome_name or entry.name


def remember(case: CaseData, tokens: Iterable[Token]) -> JsonObject:
    """Return what a command answered: the moving part of the picture, to be stored with it."""
    return {
        "rev": case.rev,
        "state": case.state.value,
        "result": case.result,
        "accepted_at": _stamp(case.accepted_at),
        "closed_at": _stamp(case.closed_at),
        "paused_at": _stamp(case.paused_at),
        "due_on": case.due_on.isoformat() if case.due_on else None,
        "tasks": [
            [t.n, t.node, _stamp(t.due_at), t.org, str(t.assignee or ""), t.assignee_name]
            for t in tokens
            if t.kind is TokenKind.TASK
        ],
    }


def recall(case: CaseData, answer: Mapping[str, Json]) -> tuple[CaseData, list[Token]]:
    """Return a case and its tasks as they were when a command answered."""
    due_on = _text(answer.get("due_on"))
    then = replace(
        case,
        rev=int(_text(answer["rev"])),
        state=CaseState(_text(answer["state"])),
        result=_text(answer["result"]),
        accepted_at=_moment(answer["accepted_at"]),
        closed_at=_moment(answer["closed_at"]),
        paused_at=_moment(answer["paused_at"]),
        due_on=date.fromisoformat(due_on) if due_on else None,
    )
    tokens = []
    for row in _list(answer["tasks"]):
        n, node, due_at, org, assignee, name = map(_text, _list(row))
        token = Token(int(n), node, TokenKind.TASK, datetime.fromisoformat(due_at), org=org, assignee_name=name)
        token.assignee = PersonId(UUID(assignee)) if assignee else None
        tokens.append(token)
    return then, tokens


def prove_deadlines(case: CaseData, table: ProcessTable, calendar: Calendar, today: date) -> tuple[DeadlineProof, ...]:
    """Return a proof for each clock started, and the decision's estimate while acceptance is still open."""
    texts = ProofTexts(case.law, case.legal_days)
    proofs = [prove_clock(clock, today=today, days=calendar.days, texts=texts) for clock in case.clocks]
    acceptance = case.clock("acceptance")
    if acceptance and acceptance.state != "stopped" and case.clock("decision") is None and _decides(table):
        proofs.append(estimate_decision(acceptance, case.promised_days, today=today, days=calendar.days, texts=texts))
    return tuple(proofs)


def _decides(table: ProcessTable) -> bool:
    """Tell whether a process ever starts the decision clock."""
    return any("decision" in marks.starts for node in table.nodes.values() for marks in marks_of(node))


def steps_of(table: ProcessTable, done: Sequence[str], now: Sequence[str], *, over: bool) -> tuple[ProcessStep, ...]:
    """Return the way of a case in words: what was done, what is now, what comes on the usual way.

    The usual way takes a task's first outcome. When the case is over, what it never reached there is skipped.

    Args:
        table: The case's process.
        done: Nodes passed, in order, repeated ones too.
        now: Nodes where it rests.
        over: Whether the case is over.
    """
    was = [node for node in dict.fromkeys(done) if node not in now]
    ahead = _usual_way(table, now[0] if now else table.start)
    steps = [_step(table.nodes[node], "done") for node in was]
    steps += [_step(table.nodes[node], "now") for node in now]
    ahead = [node for node in ahead if node not in was and node not in now]
    steps += [_step(table.nodes[node], "skipped" if over else "next") for node in ahead]
    return tuple(step for step in steps if not _is_passage(table.nodes[step.node], step.state))


def _step(node: Node, state: StepState) -> ProcessStep:
    return ProcessStep(node.id, node.name, node.lane, state)


def _is_passage(node: Node, state: StepState) -> bool:
    """Gateways are not steps, timers only when they went off, an end only when it was reached."""
    if isinstance(node, GatewayNode):
        return True
    return isinstance(node, TimerNode | EndNode) and state != "done"


def _usual_way(table: ProcessTable, start: str) -> list[str]:
    way: list[str] = []
    node = table.nodes[start]
    outcome: str | None = None
    while node.id not in way:
        way.append(node.id)
        if isinstance(node, TaskNode):
            outcome = node.outcomes[0].id
        flow = node.choose(outcome) if isinstance(node, GatewayNode) else next(iter(flows_of(node)), None)
        if flow is None:
            break
        node = table.nodes[flow.target]
    return way


def start_node(table: ProcessTable) -> StartNode:
    """Return the start of a process."""
    node = table.nodes[table.start]
    if not isinstance(node, StartNode):
        raise TypeError(f"{table.start} is not a start")
    return node


def _stamp(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _moment(value: Json) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None


def _text(value: Json) -> str:
    return "" if value is None else str(value)


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
