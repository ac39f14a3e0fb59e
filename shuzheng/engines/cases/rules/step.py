"""One command on one case, in memory: what it closes, opens and retimes, and what it does to the clocks.

Pure: the caller loads the case and its live tokens, calls one verb here, and writes the difference. A service action
inside the step is the caller's `act`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from shuzheng.base.kernel.types import OrgId
from shuzheng.engines.cases.rules.advance import advance
from shuzheng.engines.cases.rules.clocks import (
    Calendar,
    Clock,
    parse_duration,
    pause_clock,
    recount_clock,
    resume_clock,
    start_clock,
    stop_clock,
)
from shuzheng.engines.cases.rules.guards import holds_for
from shuzheng.engines.cases.rules.nodes import CLOCK_DUE, CLOCKS
from shuzheng.engines.cases.rules.state import FAR, CaseData, Token, TokenKind
from shuzheng.engines.cases.rules.table import (
    EndNode,
    Flow,
    Marks,
    Node,
    Outcome,
    ProcessTable,
    ServiceNode,
    TaskNode,
    flows_of,
    timers_of,
)
from shuzheng.engines.cases.types import CaseState, ClockKind
from shuzheng.engines.rules.types import Value


class Step:
    """A command at work.

    Attributes:
        live: Open tokens by number, changed in place.
        opened: Numbers of tokens that are new.
        done: Numbers closed because their work was done.
        cancelled: Numbers closed with something else.
        retimed: Numbers of older tokens whose due moment moved.
        trail: Nodes passed, in order.
        look_up: Gives the facts guards ask for beside what the case knows of itself.
    """

    def __init__(
        self,
        case: CaseData,
        tokens: Iterable[Token],
        table: ProcessTable,
        calendar: Calendar,
        *,
        at: datetime,
        act: Callable[[ServiceNode], None],
        look_up: Callable[[], Mapping[str, Value]] = dict,
    ) -> None:
        self.case = case
        self.table = table
        self.calendar = calendar
        self.at = at
        self.act = act
        self.look_up = look_up
        self.live = {token.n: token for token in tokens}
        self.opened: list[int] = []
        self.done: list[int] = []
        self.cancelled: list[int] = []
        self.retimed: list[int] = []
        self.trail: list[str] = []

    @property
    def today(self) -> date:
        """Return the local day of the command."""
        return self.calendar.day_of(self.at)

    # Verbs

    def start(self) -> None:
        """Begin: the acceptance clock runs, the token leaves the start."""
        self.case.received_at = self.at
        self._start_clock("acceptance", self.case.acceptance_days, since=self.at)
        self.trail.append(self.table.start)
        self._move(self._flows(self.table.start), None)

    def complete(self, token: Token, outcome: Outcome) -> None:
        """Close a task by an outcome and move on."""
        self.trail.append(token.node)
        self._close(token, self.done)
        self._mark(outcome.marks)
        self._move(self._flows(token.node), outcome.id)

    def finish_job(self, token: Token) -> None:
        """Run a background service task's action, close it and move on."""
        node = self.table.nodes[token.node]
        self.trail.append(token.node)
        self._close(token, self.done)
        if isinstance(node, ServiceNode):
            self._serve(node)
        self._move(self._flows(token.node), None)

    def fire(self, token: Token) -> None:
        """Let a timer go off: an interrupting one closes its host."""
        timer = self.table.timer(token.node)
        self.trail.append(token.node)
        host = self.live.get(token.host or 0)
        self._close(token, self.done)
        if timer.interrupting and host is not None:
            self._close(host, self.cancelled)
        self._move(self._flows(token.node), None)

    def withdraw(self) -> None:
        """Close everything; the case ends without a result."""
        for token in list(self.live.values()):
            self._close(token, self.cancelled)
        self._end(CaseState.WITHDRAWN)

    def claim(self) -> None:
        """Nothing moves; the revision does."""
        self._settle()

    def recount(self) -> None:
        """Count the clocks anew with the calendar as it is now; what follows them is retimed."""
        self.case.clocks = tuple(recount_clock(clock, self.calendar.days) for clock in self.case.clocks)
        self._settle()

    # Movement

    def _flows(self, node_id: str) -> Sequence[Flow]:
        return flows_of(self.table.nodes[node_id])

    def _move(self, flows: Sequence[Flow], outcome: str | None) -> None:
        holds = holds_for(self.case, self.table, outcome=outcome, today=self.today, look_up=self.look_up)
        for flow in flows:
            moved = advance(self.table, flow, outcome=outcome, visit=self._visit, holds=holds)
            self.trail.extend(moved.trail)
            for rest in moved.rests:
                self._open(self.table.nodes[rest])
        if self.live:
            self._settle()
        else:
            self._end(CaseState.DONE)

    def _visit(self, node: Node) -> None:
        if isinstance(node, ServiceNode):
            self._serve(node)
        elif isinstance(node, EndNode):
            self.case.result = node.result or self.case.result
            if node.terminates:
                for token in list(self.live.values()):
                    self._close(token, self.cancelled)

    def _serve(self, node: ServiceNode) -> None:
        """Mark the clocks first: the action sees the case as accepted or decided."""
        self._mark(node.marks)
        self.act(node)

    def _open(self, node: Node) -> None:
        if isinstance(node, TaskNode):
            due = node.due
            token = self._add(node.id, TokenKind.TASK)
            token.role, token.org = node.role, self.case.parts.get(node.part, OrgId(""))
            if due.startswith(CLOCK_DUE):
                token.clock = due.removeprefix(CLOCK_DUE)
            elif due:
                token.due_at = parse_duration(due).after(self.at, self.calendar)
        else:
            token = self._add(node.id, TokenKind.JOB)
            token.due_at = self.at
        for timer_id in timers_of(node):
            self._arm(timer_id, token.n)

    def _arm(self, timer_id: str, host: int) -> None:
        timer = self.table.timer(timer_id)
        token = self._add(timer_id, TokenKind.TIMER)
        token.host, token.clock = host, timer.clock
        if timer.duration:
            token.due_at = parse_duration(timer.duration).after(self.at, self.calendar)

    def _add(self, node_id: str, kind: TokenKind) -> Token:
        token = Token(self.case.next_n, node_id, kind)
        self.case.next_n += 1
        self.live[token.n] = token
        self.opened.append(token.n)
        return token

    def _close(self, token: Token, how: list[int]) -> None:
        """Close a token; its timers fall with it. One opened within this very step leaves no row."""
        if self.live.pop(token.n, None) is None:
            return
        if token.n in self.opened:
            self.opened.remove(token.n)
        else:
            how.append(token.n)
        for timer in [other for other in self.live.values() if other.host == token.n]:
            self._close(timer, self.cancelled)

    # Clocks

    def _mark(self, marks: Marks) -> None:
        for kind in marks.stops:
            self._stop(kind, since_receipt=marks.since_receipt)
        for kind in marks.starts:
            since = self.case.received_at if marks.since_receipt else self.at
            days = self.case.acceptance_days if kind == "acceptance" else self.case.promised_days
            self._start_clock(kind, days, since=since)
        for kind in marks.pauses:
            self._change(kind, lambda clock: pause_clock(clock, self.today, self.calendar.days))
        for kind in marks.resumes:
            self._change(kind, lambda clock: resume_clock(clock, self.today, self.calendar.days))
        if marks.resumes:
            self.case.received_at = self.at

    def _stop(self, kind: ClockKind, *, since_receipt: bool) -> None:
        self._change(kind, lambda clock: stop_clock(clock, self.today))
        if kind == "acceptance" and self.case.accepted_at is None:
            self.case.accepted_at = self.case.received_at if since_receipt else self.at

    def _start_clock(self, kind: ClockKind, working_days: int, *, since: datetime) -> None:
        if self.case.clock(kind) is None:
            clock = start_clock(kind, working_days, self.calendar.day_of(since), self.calendar.days)
            self.case.clocks = (*self.case.clocks, clock)

    def _change(self, kind: ClockKind, how: Callable[[Clock], Clock]) -> None:
        self.case.clocks = tuple(how(clock) if clock.kind == kind else clock for clock in self.case.clocks)

    def _settle(self) -> None:
        """Bring state, due day and everything that follows a clock in line with the clocks."""
        case = self.case
        paused = any(clock.state == "paused" for clock in case.clocks)
        if paused and case.paused_at is None:
            case.paused_at = self.at
        elif not paused:
            case.paused_at = None
        case.state = CaseState.PAUSED if paused else CaseState.OPEN
        case.due_on = next((on for kind in reversed(CLOCKS) if (on := self._running_due(kind))), None)
        for token in self.live.values():
            if token.clock:
                self._retime(token)

    def _running_due(self, kind: str) -> date | None:
        clock = next((clock for clock in self.case.clocks if clock.kind == kind), None)
        return clock.due_on if clock is not None and clock.state == "running" else None

    def _retime(self, token: Token) -> None:
        due_on = self._running_due(token.clock)
        due_at = FAR if due_on is None else self.calendar.end_of(due_on)
        if due_at == token.due_at:
            return
        token.due_at = due_at
        if token.n not in self.opened:
            self.retimed.append(token.n)

    def _end(self, state: CaseState) -> None:
        case = self.case
        case.state, case.closed_at, case.paused_at, case.due_on = state, self.at, None, None
        case.clocks = tuple(stop_clock(clock, self.today) for clock in case.clocks)


def last_day(due_at: datetime, calendar: Calendar) -> date | None:
    """Return the last local day before a due moment, None for `FAR`."""
    return None if due_at >= FAR else calendar.day_of(due_at - timedelta(microseconds=1))


def marking_of(tokens: Iterable[Token]) -> frozenset[str]:
    """Return where a case rests, to compare with the markings its process was published with."""
    return frozenset(token.node for token in tokens)
