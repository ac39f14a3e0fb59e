"""Build the table's nodes from a drawing, one function per kind; what is wrong is noted on the drawing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, Literal, get_args

from shuzheng.engines.cases.rules.clocks import parse_duration
from shuzheng.engines.cases.rules.drawing import Drawing
from shuzheng.engines.cases.rules.reading import (
    ID,
    Element,
    attributes,
    children,
    event_definition,
    extensions,
    local,
    text_of,
)
from shuzheng.engines.cases.rules.table import (
    SYSTEM_LANE,
    EndNode,
    GatewayNode,
    Marks,
    Node,
    Outcome,
    ServiceNode,
    StartNode,
    TaskNode,
    TimerNode,
)
from shuzheng.engines.cases.types import RESULT_LABELS, ClockKind

CLOCKS: Final[tuple[ClockKind, ...]] = get_args(ClockKind)
CLOCK_DUE: Final = "clock:"
_NEEDS: Final = frozenset({"opinion", "reasons", "papers"})
_TONES: Final = frozenset({"", "primary", "danger"})


def build_nodes(drawing: Drawing) -> dict[str, Node]:
    """Return every node of a drawing by id, in the order of the file; boundary timers are attached to their hosts."""
    nodes = {id_: _BUILDERS[local(element)](drawing, id_, element) for id_, element in drawing.elements.items()}
    for timer in [node for node in nodes.values() if isinstance(node, TimerNode)]:
        host = nodes.get(timer.host)
        if isinstance(host, TaskNode) or (isinstance(host, ServiceNode) and host.mode == "job"):
            nodes[host.id] = replace(host, timers=(*host.timers, timer.id))
        else:
            hint = "请附在用户任务或后台（job）服务任务上"
            drawing.fault(drawing.elements[timer.id], "计时没有附在会等待的步骤上", hint)
    return nodes


def _build_start(drawing: Drawing, id_: str, element: Element) -> StartNode:
    if event_definition(element) is not None:
        drawing.fault(element, "开始事件带有触发条件", "请改成普通的开始，办件由平台开立")
    return StartNode(id_, text_of(element, "name") or "提交申请", drawing.only_flow(id_), drawing.lane(id_).name)


def _build_end(drawing: Drawing, id_: str, element: Element) -> EndNode:
    definition = event_definition(element)
    kind = "" if definition is None else local(definition)
    if kind not in ("", "terminateEventDefinition"):
        drawing.fault(element, f"结束事件的类型 {kind} 不在支持范围内", "请用普通结束或终止结束")
    if drawing.flows.get(id_):
        drawing.fault(element, "结束事件不能有流出", "请删去这条流向")
    result = drawing.extension(element, "result").get("code", "")
    if result not in RESULT_LABELS:
        known = "、".join(filter(None, RESULT_LABELS))
        drawing.fault(element, f"没有“{result}”这种结果", f"可用：{known}")
    return EndNode(id_, text_of(element, "name") or "办结", result, bool(kind), drawing.lane(id_).name)


def _build_task(drawing: Drawing, id_: str, element: Element) -> TaskNode:
    _need_name(drawing, element)
    lane = drawing.lane(id_)
    if not lane.role or lane.role == SYSTEM_LANE:
        drawing.fault(element, "用户任务不在有人办理的泳道里", "请把它移到申请人、窗口或审批的泳道")
    extension = drawing.extension(element, "task")
    due = extension.get("due", "")
    _check_due(drawing, element, due)
    return TaskNode(
        id=id_,
        name=text_of(element, "name"),
        flow=drawing.only_flow(id_),
        lane=lane.name,
        role=lane.role,
        part=lane.part,
        form=extension.get("form", ""),
        due=due,
        outcomes=_read_outcomes(drawing, element),
    )


def _read_outcomes(drawing: Drawing, element: Element) -> tuple[Outcome, ...]:
    outcomes: dict[str, Outcome] = {}
    for extension in extensions(element):
        if local(extension) != "outcome":
            continue
        given = attributes(extension)
        id_, needs = given.get("id", ""), frozenset(_words(given.get("needs", "")))
        if not ID.fullmatch(id_) or id_ in outcomes or not given.get("name"):
            drawing.fault(element, f"结果“{id_}”的编号不合格、重复或没有名称", "例如 id='accept' name='受理'")
        if needs - _NEEDS or given.get("tone", "") not in _TONES:
            hint = "needs 可用 opinion、reasons、papers；tone 可用 primary、danger"
            drawing.fault(element, f"结果“{id_}”的 needs 或 tone 不认识", hint)
        outcomes[id_] = Outcome(
            id_, given.get("name", ""), needs, given.get("tone", ""), _read_marks(drawing, element, given)
        )
    if not outcomes:
        drawing.fault(element, "用户任务没有写办理结果", "请至少加一个 sz:outcome，例如 id='done' name='办结'")
    return tuple(outcomes.values())


def _build_service(drawing: Drawing, id_: str, element: Element) -> ServiceNode:
    _need_name(drawing, element)
    given = drawing.extension(element, "action")
    name, mode = given.get("name", ""), given.get("mode", "tx")
    if not name:
        drawing.fault(element, "服务任务没有写动作", "请加 sz:action name=…")
    if mode not in ("tx", "job"):
        drawing.fault(element, f"动作方式“{mode}”不认识", "tx 表示随这一步办，job 表示后台办")
    if given.get("since", "") not in ("", "receipt"):
        drawing.fault(element, f"since 不能写“{given['since']}”", "只能写 receipt，表示自收到材料之日起")
    marks = replace(_read_marks(drawing, element, given), since_receipt=given.get("since") == "receipt")
    kind: Literal["tx", "job"] = "job" if mode == "job" else "tx"
    return ServiceNode(
        id_, text_of(element, "name"), drawing.only_flow(id_), name, kind, marks, lane=drawing.lane(id_).name
    )


def _build_gateway(drawing: Drawing, id_: str, element: Element) -> GatewayNode:
    default = text_of(element, "default")
    flows = drawing.flows.get(id_, [])
    if not flows:
        drawing.fault(element, "网关没有流出", "请画出它通向哪里")
    if default and default not in {flow.id for flow in flows}:
        drawing.fault(element, f"默认流向 {default} 不是从这里出去的", "请重新指定默认流向")
    for flow in flows:
        plain = flow.when is None and not flow.guard
        if len(flows) > 1 and plain and flow.id != default:
            drawing.fault(element, f"流向 {flow.id} 没有条件，也不是默认流向", "请写条件，或设为默认流向")
        if not plain and flow.id == default:
            drawing.fault(element, f"默认流向 {flow.id} 又带了条件", "请二者留一")
    return GatewayNode(id_, text_of(element, "name"), tuple(flows), drawing.lane(id_).name)


def _build_timer(drawing: Drawing, id_: str, element: Element) -> TimerNode:
    definition = event_definition(element)
    duration = ""
    if definition is None or local(definition) != "timerEventDefinition":
        drawing.fault(element, "边界事件只支持计时", "请改成边界计时")
    else:
        duration = "".join((e.text or "").strip() for e in children(definition, "timeDuration"))
        if children(definition, "timeDate") or children(definition, "timeCycle"):
            drawing.fault(element, "计时不支持固定日期和循环", "请用时长，例如 P5WD（5 个工作日）")
    clock = drawing.extension(element, "timer").get("clock", "")
    if clock and clock not in CLOCKS:
        drawing.fault(element, f"没有名为“{clock}”的时钟", "可用：acceptance、decision")
    if bool(duration) == bool(clock):
        drawing.fault(element, "计时要写时长或时钟，二者只写一个", "例如 P15WD，或 sz:timer clock='acceptance'")
    elif duration:
        _check_due(drawing, element, duration)
    return TimerNode(
        id=id_,
        name=text_of(element, "name") or "到期",
        flow=drawing.only_flow(id_),
        host=text_of(element, "attachedToRef"),
        interrupting=text_of(element, "cancelActivity") != "false",
        duration=duration,
        clock=_clock(clock) or "",
        lane=drawing.lane(id_).name,
    )


def _need_name(drawing: Drawing, element: Element) -> None:
    if not text_of(element, "name"):
        drawing.fault(element, "没有名称", "请用中文写明这一步做什么，例如 受理审查")


def _check_due(drawing: Drawing, element: Element, due: str) -> None:
    if due.startswith(CLOCK_DUE):
        if due.removeprefix(CLOCK_DUE) not in CLOCKS:
            drawing.fault(element, f"没有名为“{due}”的时钟", "可用：clock:acceptance、clock:decision")
    elif due and not _is_duration(due):
        drawing.fault(element, f"时长“{due}”看不懂", "例如 P5WD（5 个工作日）、P3D（3 天）、PT12H（12 小时）")


def _read_marks(drawing: Drawing, element: Element, given: Mapping[str, str]) -> Marks:
    return Marks(
        starts=_read_clocks(drawing, element, given, "starts"),
        stops=_read_clocks(drawing, element, given, "stops"),
        pauses=_read_clocks(drawing, element, given, "pause"),
        resumes=_read_clocks(drawing, element, given, "resume"),
    )


def _read_clocks(drawing: Drawing, element: Element, given: Mapping[str, str], attribute: str) -> tuple[ClockKind, ...]:
    words = _words(given.get(attribute, ""))
    named = CLOCKS if words == ["both"] else tuple(clock for word in words if (clock := _clock(word)))
    if words and len(named) != len(words) and words != ["both"]:
        drawing.fault(element, f"{attribute}=“{given[attribute]}”不认识", "可用：acceptance、decision、both")
    return named


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _clock(word: str) -> ClockKind | None:
    return next((clock for clock in CLOCKS if clock == word), None)


def _is_duration(text: str) -> bool:
    try:
        parse_duration(text)
    except ValueError:
        return False
    return True


_BUILDERS: Final[Mapping[str, Callable[[Drawing, str, Element], Node]]] = {
    "startEvent": _build_start,
    "endEvent": _build_end,
    "userTask": _build_task,
    "serviceTask": _build_service,
    "exclusiveGateway": _build_gateway,
    "boundaryEvent": _build_timer,
}
