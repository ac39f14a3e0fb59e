"""Checks that need the whole drawing: flows reach every node, gateways decide on outcomes, clocks run."""

from collections.abc import Container, Mapping, Sequence
from typing import TypeAlias

from shuzheng.engines.cases.rules.drawing import Drawing
from shuzheng.engines.cases.rules.nodes import CLOCK_DUE
from shuzheng.engines.cases.rules.table import (
    GatewayNode,
    Node,
    ServiceNode,
    StartNode,
    TaskNode,
    TimerNode,
    flows_of,
    marks_of,
)

Nodes: TypeAlias = Mapping[str, Node]


def check_drawing(drawing: Drawing, nodes: Nodes, *, actions: Container[str]) -> None:
    """Note on the drawing whatever is wrong between its nodes.

    Args:
        drawing: As read; its `faults` grow.
        nodes: Built from it.
        actions: Names of registered service actions.
    """
    starts = sum(isinstance(node, StartNode) for node in nodes.values())
    if starts != 1:
        drawing.fault(drawing.process, f"要有且只有一个开始，这里有 {starts} 个", "请只留一个开始事件")
    _check_actions(drawing, nodes, actions)
    _check_flows(drawing, nodes)
    _check_gateways(drawing, nodes)
    _check_clocks(drawing, nodes)


def _check_actions(drawing: Drawing, nodes: Nodes, actions: Container[str]) -> None:
    for id_, node in nodes.items():
        if isinstance(node, ServiceNode) and node.action and node.action not in actions:
            hint = "请核对动作名称，或先在平台登记这个动作"
            drawing.fault(drawing.elements[id_], f"动作“{node.action}”没有登记", hint)


def _check_flows(drawing: Drawing, nodes: Nodes) -> None:
    targets = {flow.target for node in nodes.values() for flow in flows_of(node)}
    for id_, node in nodes.items():
        if isinstance(node, StartNode) and id_ in targets:
            drawing.fault(drawing.elements[id_], "流向不能回到开始", "请改接到第一个任务")
        elif not isinstance(node, StartNode | TimerNode) and id_ not in targets:
            drawing.fault(drawing.elements[id_], "没有流向通到这里", "请接上流向，或删去它")
        elif isinstance(node, TimerNode) and id_ in targets:
            drawing.fault(drawing.elements[id_], "流向不能接到边界计时", "请改接到任务")


def _check_gateways(drawing: Drawing, nodes: Nodes) -> None:
    for node in list(nodes.values()):
        if isinstance(node, GatewayNode) and len(node.flows) > 1:
            _check_branches(drawing, nodes, node)


def _check_branches(drawing: Drawing, nodes: Nodes, gateway: GatewayNode) -> None:
    """A branching gateway decides on outcomes of the tasks right before it, each exactly once, and on guards."""
    element = drawing.elements[gateway.id]
    asked = [flow.when for flow in gateway.flows if flow.when is not None]
    if any(flow.guard for flow in gateway.flows):
        _check_default(drawing, gateway)
        if not asked:
            return
    before = _before(nodes, gateway.id)
    tasks = [node for node in before if isinstance(node, TaskNode)]
    if len(tasks) != len(before) or not tasks:
        drawing.fault(element, "分支网关前面不是用户任务，没有结果可以判断", "请把网关紧接在用户任务后面")
        return
    offered = {outcome.id for task in tasks for outcome in task.outcomes}
    for outcome in sorted(set(asked) - offered):
        drawing.fault(element, f"前面的任务没有“{outcome}”这个结果", f"可用：{'、'.join(sorted(offered))}")
    if len(set(asked)) != len(asked):
        drawing.fault(element, "同一个结果有两条流向", "请每个结果只留一条")
    if len(asked) == len(gateway.flows):
        for outcome in sorted(offered - set(asked)):
            drawing.fault(element, f"结果“{outcome}”没有流向", "请补一条流向，或设默认流向")


def _check_default(drawing: Drawing, gateway: GatewayNode) -> None:
    if all(flow.guard or flow.when is not None for flow in gateway.flows):
        hint = "规则可能都不成立，请设一条默认流向"
        drawing.fault(drawing.elements[gateway.id], "带规则条件的网关没有默认流向", hint)


def _before(nodes: Nodes, id_: str) -> Sequence[Node]:
    """Return the nodes before a gateway, looking through other gateways."""
    found: dict[str, Node] = {}
    waiting, seen = [id_], set()
    while waiting:
        target = waiting.pop()
        if target in seen:
            continue
        seen.add(target)
        for node in nodes.values():
            if any(flow.target == target for flow in flows_of(node)):
                if isinstance(node, GatewayNode):
                    waiting.append(node.id)
                else:
                    found[node.id] = node
    return tuple(found.values())


def _check_clocks(drawing: Drawing, nodes: Nodes) -> None:
    """A clock used must be started somewhere; what is paused must be resumed somewhere."""
    marks = [(id_, mark) for id_, node in nodes.items() for mark in marks_of(node)]
    started: set[str] = {"acceptance"} | {clock for _, mark in marks for clock in mark.starts}
    resumed = {clock for _, mark in marks for clock in mark.resumes}
    for id_, node in nodes.items():
        used = _clock_used(node)
        if used and used not in started:
            drawing.fault(drawing.elements[id_], f"用到的时钟 {used} 从没有开始", "请在受理的步骤上写 starts")
    for id_, mark in marks:
        if set(mark.pauses) - resumed:
            drawing.fault(drawing.elements[id_], "暂停了时钟，却没有一步恢复它", "请在补正的结果上写 resume")


def _clock_used(node: Node) -> str:
    if isinstance(node, TaskNode) and node.due.startswith(CLOCK_DUE):
        return node.due.removeprefix(CLOCK_DUE)
    return node.clock if isinstance(node, TimerNode) else ""
