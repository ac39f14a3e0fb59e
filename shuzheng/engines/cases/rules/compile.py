"""Compile BPMN 2.0 XML into a transition table; everything outside the subset is refused at once, by id and name.

Subset: one start, end (none, terminate), user task, service task, exclusive gateway on the outcome of the task before
it or on guards (rules over facts), boundary timer (interrupting or not), lanes, annotations. Ours,
in `urn:shuzheng:bpmn:1` (prefix `sz`):

| on | element | attributes |
|---|---|---|
| process | `sz:fact` | `name` (`form.promise`), `type`, `label`: what guards may ask for; see `guards` |
| lane | `sz:assign` | `role`, `org` (a part of the case; `applicant`; `system` for service tasks) |
| user task | `sz:task` | `form`, `due` (`clock:acceptance`, `clock:decision`, `P5WD`, ISO days, hours, minutes) |
| user task | `sz:outcome` | `id`, `name`, `needs`, `tone`, `pause`, `resume`, `starts`, `stops` |
| service task | `sz:action` | `name`, `mode` (`tx`, `job`), `starts`, `stops`, `since` (`receipt`) |
| boundary timer | `sz:timer` | `clock` (in place of timeDuration) |
| end | `sz:result` | `code` |

Guard expressions, parallel gateways and call activities come later; nothing here evaluates text.
Source: OMG BPMN 2.0.2 (formal/2013-12-09).
"""

from collections.abc import Collection, Container
from dataclasses import replace

from shuzheng.engines.cases.errors import ElementFault, ProcessRefused
from shuzheng.engines.cases.rules.checks import check_drawing
from shuzheng.engines.cases.rules.drawing import Drawing
from shuzheng.engines.cases.rules.explore import explore
from shuzheng.engines.cases.rules.nodes import build_nodes
from shuzheng.engines.cases.rules.reading import children, read_xml, text_of
from shuzheng.engines.cases.rules.table import APPLICANT, ProcessTable, StartNode, TaskNode


def compile_process(xml: str, *, actions: Container[str], sources: Collection[str] = ()) -> ProcessTable:
    """Compile a drawn process and explore every marking it can reach.

    Args:
        xml: BPMN 2.0 document with one process.
        actions: Names of registered service actions.
        sources: Names of registered fact sources.

    Raises:
        ProcessRefused: With every fault of the drawing; of reachability only when the drawing itself is right.
    """
    root = read_xml(xml)
    processes = children(root, "process")
    if len(processes) != 1:
        what = f"一个文件只能有一个流程，这里有 {len(processes)} 个"
        raise ProcessRefused([ElementFault("definitions", "", what, "请每个流程单独存一个文件")])
    drawing = Drawing(root, processes[0], sources=sources)
    nodes = build_nodes(drawing)
    check_drawing(drawing, nodes, actions=actions)
    if drawing.faults:
        raise ProcessRefused(drawing.faults)
    table = ProcessTable(
        key=text_of(drawing.process, "id"),
        name=text_of(drawing.process, "name"),
        start=next(id_ for id_, node in nodes.items() if isinstance(node, StartNode)),
        nodes=nodes,
        parts=frozenset(node.part for node in nodes.values() if isinstance(node, TaskNode)) - {APPLICANT},
        facts=drawing.facts,
    )
    exploration = explore(table)
    if exploration.faults:
        raise ProcessRefused(exploration.faults)
    return replace(table, markings=exploration.markings)
