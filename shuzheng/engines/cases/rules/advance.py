"""Pure token movement: from a flow to the places where the token rests. Run time and publication check share it."""

from collections.abc import Callable
from dataclasses import dataclass

from shuzheng.engines.cases.rules.table import (
    EndNode,
    Flow,
    GatewayNode,
    Marking,
    Node,
    ProcessTable,
    ServiceNode,
    TaskNode,
    TimerNode,
    flows_of,
    timers_of,
)


class Stuck(Exception):
    """A token can neither rest nor go on; publication refuses every drawing in which this can happen."""

    def __init__(self, node: str, what: str) -> None:
        self.node = node
        self.what = what
        super().__init__(f"{node}: {what}")


@dataclass(frozen=True, slots=True)
class Moved:
    """Where moving ended.

    Attributes:
        rests: Tasks and jobs now waiting, in order.
        ends: End nodes reached.
        trail: Every node passed or reached, in order.
    """

    rests: tuple[str, ...]
    ends: tuple[str, ...]
    trail: tuple[str, ...]


def rests_at(node: Node) -> bool:
    """Tell whether a token waits at the node: a task, or a background job."""
    return isinstance(node, TaskNode) or (isinstance(node, ServiceNode) and node.mode == "job")


def advance(
    table: ProcessTable,
    flow: Flow,
    *,
    outcome: str | None,
    visit: Callable[[Node], None] = lambda _: None,
    holds: Callable[[str], bool | None] = lambda _: None,
) -> Moved:
    """Move the token that left a node by `flow` until it rests or ends.

    Args:
        table: The compiled process.
        flow: The flow it leaves by.
        outcome: Outcome of the task just completed; None after a timer or job.
        visit: Called for every node passed through or ended at, before going on: runs the service action there.
        holds: Says what a guard comes to.

    Raises:
        Stuck: An endless loop without a task, or a gateway without a flow for the outcome.
    """
    waiting: list[Flow] = [flow]
    rests: list[str] = []
    ends: list[str] = []
    trail: list[str] = []
    while waiting:
        node = table.nodes[waiting.pop().target]
        if len(trail) > len(table.nodes):
            raise Stuck(node.id, "自动步骤成环，永远停不下来")
        trail.append(node.id)
        if rests_at(node):
            rests.append(node.id)
            continue
        visit(node)
        if isinstance(node, EndNode):
            ends.append(node.id)
        elif isinstance(node, GatewayNode):
            waiting.append(_choose(node, outcome, holds))
        else:
            waiting.extend(reversed(flows_of(node)))
    return Moved(tuple(rests), tuple(ends), tuple(trail))


def _choose(gateway: GatewayNode, outcome: str | None, holds: Callable[[str], bool | None]) -> Flow:
    flow = gateway.choose(outcome, holds)
    if flow is None:
        raise Stuck(gateway.id, f"没有一条流向对应“{outcome or '到时'}”")
    return flow


def places_of(table: ProcessTable, node_id: str) -> Marking:
    """Return a resting place with the timers armed beside it."""
    return frozenset((node_id, *timers_of(table.nodes[node_id])))


def leave(table: ProcessTable, marking: Marking, place: str) -> Marking:
    """Return the marking after the token at `place` left: a task falls with its timers, a timer may drop its host."""
    node = table.nodes[place]
    if isinstance(node, TimerNode):
        return marking - (places_of(table, node.host) if node.interrupting else {place})
    return marking - places_of(table, place)


def arrive(table: ProcessTable, marking: Marking, moved: Moved) -> Marking:
    """Return the marking after the moved tokens rest or end.

    Raises:
        Stuck: A second token would rest where one rests already.
    """
    if any(isinstance(node := table.nodes[end], EndNode) and node.terminates for end in moved.ends):
        return frozenset()
    for rest in moved.rests:
        places = places_of(table, rest)
        if places & marking:
            raise Stuck(rest, "同一个位置会同时停留两次")
        marking |= places
    return marking
