"""The transition table a drawn process is compiled into: typed, immutable, stored as JSON with its version.

A node is a value of one class per kind, so a reader (and mypy) knows which attributes it has.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Discriminator, TypeAdapter

from shuzheng.engines.cases.types import ClockKind

APPLICANT: Final = "applicant"
"""Role and part of the lane in which the applicant acts."""
SYSTEM_LANE: Final = "system"
"""Role and part of the lane of service tasks; no person acts in it."""

Marking: TypeAlias = frozenset[str]
"""Where a case rests: ids of its open tasks, waiting jobs and armed timers. Empty: the case is over."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow.

    Attributes:
        when: Outcome of the task before it that takes it, None for the only or default flow.
        guard: Rule that takes it, '' for none; a flow has one of the two at most.
    """

    id: str
    target: str
    when: str | None = None
    guard: str = ""


@dataclass(frozen=True, slots=True)
class GuardFact:
    """A fact the guards of a process may ask for; `type` is one of `guards.TYPES`."""

    name: str
    type: str
    label: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What passing here does to the clocks.

    Attributes:
        since_receipt: Count the started clock from the day the papers came, not from today (行政许可法 第三十二条).
    """

    starts: tuple[ClockKind, ...] = ()
    stops: tuple[ClockKind, ...] = ()
    pauses: tuple[ClockKind, ...] = ()
    resumes: tuple[ClockKind, ...] = ()
    since_receipt: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way to complete a task."""

    id: str
    name: str
    needs: frozenset[str] = frozenset()
    tone: str = ""
    marks: Marks = Marks()


@dataclass(frozen=True, slots=True)
class StartNode:
    """The one plain start."""

    id: str
    name: str
    flow: Flow
    lane: str = ""
    kind: Literal["start"] = "start"


@dataclass(frozen=True, slots=True)
class EndNode:
    """An end; `result` becomes the case's result, `terminates` drops every other token."""

    id: str
    name: str
    result: str
    terminates: bool
    lane: str = ""
    kind: Literal["end"] = "end"


@dataclass(frozen=True, slots=True)
class TaskNode:
    """Someone must act.

    Attributes:
        part: Which of the case's parts acts: `window`, `decider`, or `applicant`.
        due: `clock:acceptance`, `clock:decision`, a duration such as `P5WD`, or '' for no limit.
        timers: Ids of the boundary timers armed with it.
    """

    id: str
    name: str
    flow: Flow
    lane: str
    role: str
    part: str
    form: str
    due: str
    outcomes: tuple[Outcome, ...]
    timers: tuple[str, ...] = ()
    kind: Literal["task"] = "task"

    def outcome(self, outcome_id: str) -> Outcome | None:
        """Return the outcome of that id, None when the task lacks it."""
        return next((outcome for outcome in self.outcomes if outcome.id == outcome_id), None)


@dataclass(frozen=True, slots=True)
class ServiceNode:
    """A registered action, inside the step (`tx`) or in the background (`job`)."""

    id: str
    name: str
    flow: Flow
    action: str
    mode: Literal["tx", "job"]
    marks: Marks
    lane: str = ""
    timers: tuple[str, ...] = ()
    kind: Literal["service"] = "service"


@dataclass(frozen=True, slots=True)
class GatewayNode:
    """An exclusive gateway: the first flow whose `when` is the outcome or whose guard holds, else the default."""

    id: str
    name: str
    flows: tuple[Flow, ...]
    lane: str = ""
    kind: Literal["gateway"] = "gateway"

    def choose(self, outcome: str | None, holds: Callable[[str], bool | None] = lambda _: None) -> Flow | None:
        """Return the flow to take, None when no flow fits; `holds` says what a guard comes to."""
        for flow in self.flows:
            if flow.when is not None and flow.when == outcome:
                return flow
            if flow.guard and holds(flow.guard) is True:
                return flow
        return next((flow for flow in self.flows if flow.when is None and not flow.guard), None)


@dataclass(frozen=True, slots=True)
class TimerNode:
    """A boundary timer: after `duration`, or when `clock` runs out; one of the two is ''."""

    id: str
    name: str
    flow: Flow
    host: str
    interrupting: bool
    duration: str
    clock: ClockKind | Literal[""]
    lane: str = ""
    kind: Literal["timer"] = "timer"


Node: TypeAlias = StartNode | EndNode | TaskNode | ServiceNode | GatewayNode | TimerNode


@dataclass(frozen=True, slots=True)
class ProcessTable:
    """A compiled process.

    Attributes:
        key: Id of the BPMN process; the same key again is a new version.
        nodes: By id, in the order of the file.
        parts: Parts of a case that lanes name, without applicant and system.
        markings: Every marking that can be reached; the empty one is the end.
        facts: What its guards may ask for beside what every case knows.
    """

    key: str
    name: str
    start: str
    nodes: Mapping[str, Annotated[Node, Discriminator("kind")]]
    parts: frozenset[str] = frozenset()
    markings: frozenset[Marking] = field(default_factory=frozenset)
    facts: tuple[GuardFact, ...] = ()

    def task(self, node_id: str) -> TaskNode:
        """Return a task by id; anything else under that id is a programming error."""
        node = self.nodes[node_id]
        if not isinstance(node, TaskNode):
            raise TypeError(f"{node_id} is a {node.kind}, not a task")
        return node

    def timer(self, node_id: str) -> TimerNode:
        """Return a boundary timer by id; anything else under that id is a programming error."""
        node = self.nodes[node_id]
        if not isinstance(node, TimerNode):
            raise TypeError(f"{node_id} is a {node.kind}, not a timer")
        return node


def flows_of(node: Node) -> tuple[Flow, ...]:
    """Return the flows that leave a node, in the order of the file."""
    if isinstance(node, EndNode):
        return ()
    return node.flows if isinstance(node, GatewayNode) else (node.flow,)


def timers_of(node: Node) -> tuple[str, ...]:
    """Return the ids of the boundary timers armed while a token rests at the node."""
    return node.timers if isinstance(node, TaskNode | ServiceNode) else ()


def marks_of(node: Node) -> tuple[Marks, ...]:
    """Return everything a node may do to the clocks: one per outcome of a task, one of a service task."""
    if isinstance(node, TaskNode):
        return tuple(outcome.marks for outcome in node.outcomes)
    return (node.marks,) if isinstance(node, ServiceNode) else ()


_ADAPTER: Final = TypeAdapter(ProcessTable)


def table_to_json(table: ProcessTable) -> str:
    """Return the table as JSON text for storing; markings sorted, so that equal tables give equal texts."""
    document = _ADAPTER.dump_python(table, mode="json")
    document["markings"] = sorted(sorted(marking) for marking in table.markings)
    document["parts"] = sorted(table.parts)
    return _JSON.dump_json(document).decode()


def table_from_json(text: str) -> ProcessTable:
    """Return a stored table."""
    return _ADAPTER.validate_json(text)


_JSON: Final = TypeAdapter(dict[str, object])
