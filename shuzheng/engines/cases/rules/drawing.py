"""A drawing as read: its elements, lanes and flows, our attributes on them, and everything found wrong so far.

Faults are collected, never raised one by one: whoever drew the process sees all of them at once.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shuzheng.engines.cases.errors import ElementFault
from shuzheng.engines.cases.rules.guards import TYPES, schema_of
from shuzheng.engines.cases.rules.reading import (
    BPMN,
    ID,
    Element,
    attributes,
    children,
    extensions,
    is_bpmn,
    local,
    text_of,
)
from shuzheng.engines.cases.rules.table import APPLICANT, Flow, GuardFact
from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.rules.checking import check_rule

SUPPORTED: Final = frozenset({"startEvent", "endEvent", "userTask", "serviceTask", "exclusiveGateway", "boundaryEvent"})
IGNORED: Final = frozenset(
    {
        "extensionElements",
        "documentation",
        "laneSet",
        "ioSpecification",
        "property",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "association",
        "textAnnotation",
        "group",
        "category",
        "sequenceFlow",
    }
)
HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "inclusiveGateway": "请改用排他网关",
        "complexGateway": "请改用排他网关",
        "eventBasedGateway": "请在任务上加边界计时",
        "parallelGateway": "并行分支尚未开放，请依次排列",
        "scriptTask": "请改用服务任务，并登记动作",
        "businessRuleTask": "请改用服务任务，并登记动作",
        "sendTask": "请改用服务任务，并登记动作",
        "receiveTask": "请改用用户任务",
        "manualTask": "请改用用户任务",
        "task": "请写明类型：用户任务或服务任务",
        "subProcess": "请展开画在同一张图里",
        "adHocSubProcess": "请展开画在同一张图里",
        "transaction": "请展开画在同一张图里",
        "callActivity": "调用子流程尚未开放，请展开画在同一张图里",
        "intermediateCatchEvent": "请改用任务上的边界计时",
        "intermediateThrowEvent": "请改用服务任务",
    }
)
_OUTSIDE: Final = "请只用开始、结束、用户任务、服务任务、排他网关、边界计时和泳道"
_CONDITION: Final = re.compile(r"outcome\s*==?\s*(?:'([A-Za-z_]\w*)'|\"([A-Za-z_]\w*)\")")
_FACT: Final = re.compile(r"[a-z]\w{0,29}\.\w{1,60}")
_KNOWN: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "lane": {"assign": frozenset({"role", "org"})},
    "userTask": {
        "task": frozenset({"form", "due"}),
        "outcome": frozenset({"id", "name", "needs", "tone", "pause", "resume", "starts", "stops"}),
    },
    "serviceTask": {"action": frozenset({"name", "mode", "starts", "stops", "since"})},
    "boundaryEvent": {"timer": frozenset({"clock"})},
    "endEvent": {"result": frozenset({"code"})},
    "process": {"fact": frozenset({"name", "type", "label"})},
}


@dataclass(frozen=True, slots=True)
class Lane:
    """Who acts in a lane: the duty needed and the part of the case whose organization must hold it."""

    name: str = ""
    role: str = ""
    part: str = ""


_NO_FLOW: Final = Flow("", "")


class Drawing:
    """One process of a BPMN document, read; `faults` grows as its nodes are built and checked."""

    def __init__(self, root: Element, process: Element, *, sources: Collection[str] = ()) -> None:
        self.sources = sources
        self.facts: tuple[GuardFact, ...] = ()
        self.root = root
        self.process = process
        self.faults: list[ElementFault] = []
        self.elements: dict[str, Element] = {}
        self.lanes: dict[str, Lane] = {}
        self.flows: dict[str, list[Flow]] = {}
        self._read_facts()
        self._read_elements()
        self._read_lanes()
        self._read_flows()

    def fault(self, element: Element, what: str, hint: str) -> None:
        """Note one thing wrong with an element."""
        self.faults.append(ElementFault(text_of(element, "id") or local(element), text_of(element, "name"), what, hint))

    def lane(self, id_: str) -> Lane:
        """Return the lane an element lies in, a nameless one when in none."""
        return self.lanes.get(id_, Lane())

    def only_flow(self, id_: str) -> Flow:
        """Return the one flow that leaves an element; a fault when there is none or more."""
        flows = self.flows.get(id_, [])
        if len(flows) != 1:
            what = f"要有且只有一条流出，这里有 {len(flows)} 条"
            self.fault(self.elements[id_], what, "分支请画排他网关")
        return flows[0] if flows else _NO_FLOW

    def extension(self, element: Element, name: str) -> Mapping[str, str]:
        """Return the attributes of our element of that name, none when absent."""
        return next((attributes(found) for found in extensions(element) if local(found) == name), {})

    def _read_elements(self) -> None:
        if not ID.fullmatch(text_of(self.process, "id")) or not text_of(self.process, "name"):
            self.fault(self.process, "流程没有合格的编号和名称", "编号用英文字母开头，例如 promised；名称用中文")
        for flow in self.root.iter(f"{{{BPMN}}}messageFlow"):
            self.fault(flow, "消息流不在支持范围内", "请删去消息流，用服务任务代替")
        for element in self.process:
            kind = local(element)
            if not is_bpmn(element) or kind in IGNORED:
                continue
            if kind not in SUPPORTED:
                self.fault(element, f"{kind} 不在支持范围内", HINTS.get(kind, _OUTSIDE))
            elif not ID.fullmatch(text_of(element, "id")) or text_of(element, "id") in self.elements:
                self.fault(element, "编号不合格或重复", "编号用英文字母开头，不超过 60 个字符，一张图里不重复")
            else:
                self.elements[text_of(element, "id")] = element
                self._check_shape(element, kind)

    def _check_shape(self, element: Element, kind: str) -> None:
        """Refuse loop markers, and attributes of ours that nobody reads: a typing mistake would be silent."""
        for marker in ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics"):
            if children(element, marker):
                self.fault(element, "循环或多实例标记不在支持范围内", "请用网关画出循环")
        self._check_extensions(element, kind)

    def _check_extensions(self, element: Element, kind: str) -> None:
        known = _KNOWN.get(kind, {})
        for extension in extensions(element):
            name = local(extension)
            if name not in known:
                self.fault(element, f"sz:{name} 不能写在这里", "请核对扩展元素的名称")
                continue
            for attribute in sorted(set(attributes(extension)) - known[name]):
                self.fault(element, f"sz:{name} 没有“{attribute}”这个属性", f"可用：{'、'.join(sorted(known[name]))}")

    def _read_lanes(self) -> None:
        for lane in self.process.iter(f"{{{BPMN}}}lane"):
            if children(lane, "childLaneSet"):
                continue
            self._check_extensions(lane, "lane")
            assign = attributes(next((e for e in extensions(lane) if local(e) == "assign"), lane))
            read = Lane(text_of(lane, "name"), assign.get("role", ""), assign.get("org", ""))
            if not read.role or not read.part:
                self.fault(lane, "泳道没有写明由谁办", "请加 sz:assign，写 role（职责）和 org（机构），例如 window")
            elif (read.role == APPLICANT) != (read.part == APPLICANT):
                self.fault(lane, "申请人泳道的 role 和 org 都要写 applicant", "请把两处改成一致")
            for member in children(lane, "flowNodeRef"):
                self.lanes[(member.text or "").strip()] = read

    def _read_flows(self) -> None:
        for flow in children(self.process, "sequenceFlow"):
            source, target = text_of(flow, "sourceRef"), text_of(flow, "targetRef")
            if source not in self.elements or target not in self.elements:
                self.fault(flow, f"流向连着不支持的元素（{source} → {target}）", "请改接到支持的元素")
                continue
            when, guard = self._read_condition(flow, self.elements[source])
            self.flows.setdefault(source, []).append(Flow(text_of(flow, "id"), target, when, guard))

    def _read_condition(self, flow: Element, source: Element) -> tuple[str | None, str]:
        """Return the outcome a flow waits for, or the rule that guards it."""
        conditions = children(flow, "conditionExpression")
        text = (conditions[0].text or "").strip() if conditions else ""
        if not text:
            return None, ""
        if local(source) != "exclusiveGateway":
            self.fault(flow, "只有排他网关的流向可以带条件", "请删去条件，或在前面加一个排他网关")
        found = _CONDITION.fullmatch(text)
        if found is None:
            self._check_guard(flow, text)
        return (found[1] or found[2], "") if found else (None, text)

    def _check_guard(self, flow: Element, text: str) -> None:
        try:
            check_rule(text, schema_of(self.facts))
        except RuleTextInvalid as wrong:
            hint = f"{wrong.message}。写结果，例如 outcome = 'accept'；或写规则，例如 instance.promised_days > 20"
            self.fault(flow, f"条件“{text[:60]}”看不懂", hint)

    def _read_facts(self) -> None:
        self._check_extensions(self.process, "process")
        found: dict[str, GuardFact] = {}
        for given in (attributes(one) for one in extensions(self.process) if local(one) == "fact"):
            fact = GuardFact(given.get("name", ""), given.get("type", ""), given.get("label", ""))
            source = fact.name.partition(".")[0]
            if not _FACT.fullmatch(fact.name) or fact.name in found or fact.type not in TYPES or not fact.label:
                hint = f"例如 name='form.area' type='number' label='面积'；type 可用：{'、'.join(TYPES)}"
                self.fault(self.process, f"事实“{fact.name}”的名称、类型或说明不合格，或重复", hint)
            elif source not in self.sources:
                known = "、".join(sorted(self.sources))
                self.fault(self.process, f"没有“{source}”这个事实来源", f"可用：{known}")
            else:
                found[fact.name] = fact
        self.facts = tuple(found.values())
