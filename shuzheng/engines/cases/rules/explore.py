"""Publication check: explore every marking with the run time's own `advance()`.

Refused: two tokens in one place, a token that cannot move on, a case that can never finish, a node nothing reaches.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from shuzheng.engines.cases.errors import ElementFault
from shuzheng.engines.cases.rules.advance import Stuck, advance, arrive, leave
from shuzheng.engines.cases.rules.table import Flow, Marking, ProcessTable, StartNode, TaskNode, flows_of

MARKINGS_MAX: Final = 20_000
OVER: Final[Marking] = frozenset()


@dataclass(frozen=True, slots=True)
class Exploration:
    """Every marking a process can reach, and what is wrong with it."""

    markings: frozenset[Marking]
    faults: tuple[ElementFault, ...]


@dataclass(slots=True)
class _Search:
    table: ProcessTable
    steps: dict[Marking, set[Marking]] = field(default_factory=dict)
    visited: set[str] = field(default_factory=set)
    faults: dict[str, str] = field(default_factory=dict)

    def try_moves(self, rest: Marking, flow: Flow, outcome: str | None) -> Iterator[Marking]:
        """Yield the marking after one token left `rest` by `flow`, for every way its guards can come out."""
        worlds: list[dict[str, bool]] = [{}]
        while worlds:
            world = worlds.pop()

            def holds(guard: str, world: dict[str, bool] = world) -> bool:
                if guard not in world:
                    worlds.append({**world, guard: True})
                    world[guard] = False
                return world[guard]

            try:
                moved = advance(self.table, flow, outcome=outcome, holds=holds)
                self.visited.update(moved.trail)
                yield arrive(self.table, rest, moved)
            except Stuck as stuck:
                self.faults.setdefault(stuck.node, stuck.what)

    def moves_from(self, marking: Marking) -> Iterator[Marking]:
        """Yield every marking one command can lead to: each outcome of each task, each job, each timer."""
        for place in sorted(marking):
            node = self.table.nodes[place]
            self.visited.add(place)
            outcomes = [o.id for o in node.outcomes] if isinstance(node, TaskNode) else [None]
            for outcome in outcomes:
                for flow in flows_of(node):
                    yield from self.try_moves(leave(self.table, marking, place), flow, outcome)


def explore(table: ProcessTable, *, limit: int = MARKINGS_MAX) -> Exploration:
    """Explore a process from its start.

    Args:
        table: Compiled process, markings still empty.
        limit: Refuse a process with more markings than this.
    """
    search = _Search(table)
    start = table.nodes[table.start]
    if not isinstance(start, StartNode):
        raise TypeError(f"{table.start} is not a start")
    search.visited.add(start.id)
    waiting = list(search.try_moves(OVER, start.flow, None))
    while waiting:
        marking = waiting.pop()
        if marking in search.steps:
            continue
        if len(search.steps) >= limit:
            search.faults.setdefault(table.start, f"可能的状态超过 {limit} 种")
            break
        search.steps[marking] = set(search.moves_from(marking))
        waiting.extend(search.steps[marking])
    _find_dead(search)
    faults = tuple(_fault(table, node, what) for node, what in search.faults.items())
    return Exploration(frozenset(search.steps), faults)


def _find_dead(search: _Search) -> None:
    """Add a fault for every node nothing reaches and every place from which the case can never finish."""
    if search.faults:
        return
    finishing = _can_finish(search.steps)
    for marking in sorted(search.steps, key=sorted):
        if marking not in finishing:
            search.faults.setdefault(min(marking), "走到这里以后，办件永远不能办结")
    for node in search.table.nodes:
        if node not in search.visited:
            search.faults.setdefault(node, "没有任何一条路能走到这里")


def _can_finish(steps: dict[Marking, set[Marking]]) -> set[Marking]:
    before: defaultdict[Marking, set[Marking]] = defaultdict(set)
    for marking, nexts in steps.items():
        for reached in nexts:
            before[reached].add(marking)
    finishing, waiting = {OVER}, [OVER]
    while waiting:
        fresh = before[waiting.pop()] - finishing
        finishing |= fresh
        waiting.extend(fresh)
    return finishing


def _fault(table: ProcessTable, node: str, what: str) -> ElementFault:
    return ElementFault(node, table.nodes[node].name, what, "请检查这里的流向")
