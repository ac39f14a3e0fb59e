"""Builders of this room's tests: people, units, cases, and the template's processes under actions of our own."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import shuzheng
from shuzheng.base.kernel.types import (
    Actor,
    CaseId,
    DivisionCode,
    FirmId,
    ItemCode,
    Levels,
    OrgId,
    Party,
    PartyKind,
    PersonId,
    PostId,
)
from shuzheng.engines.cases import actions
from shuzheng.engines.cases.types import ACTIONS, CaseView, NewCase, StepContext, TaskInput

PACK = Path(shuzheng.__file__).parents[1] / "packs" / "template"
ZONE = ZoneInfo("Asia/Shanghai")
CITY = OrgId("11990100MBY000010J")
COUNTY = OrgId("11990102MBY00007XF")
BUREAU = OrgId("11990102MBY000096A")
OTHER_BUREAU = OrgId("11990122MBY0000A44")
LEVELS = Levels(CITY, COUNTY, BUREAU)
REASONS = TaskInput(reasons=("健康证明看不清",), papers=(3,))

acted: list[StepContext] = []
"""What the service actions of the tests were told, newest last."""
failing: set[str] = set()
"""Names of service actions that refuse now."""


def local(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A moment in the city's local time, in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


AT = local(2026, 11, 20)
"""A Friday."""


def _register(name: str) -> None:
    def act(context: StepContext) -> str | None:
        acted.append(context)
        return "not_possible" if name in failing else None

    if name not in ACTIONS:
        ACTIONS.register(name, act)


for _name in ("tests.accept_case", "tests.issue_result", "tests.tell_refused"):
    _register(_name)


def drawing(key: str) -> str:
    """A process of the template pack, with our own actions in place of those of the service items."""
    xml = (PACK / "processes" / f"{key}.bpmn").read_text("utf-8")
    return xml.replace('name="items.', 'name="tests.')


def make_officer(org: OrgId = BUREAU, *roles: str, name: str = "王小梅", **over: Any) -> Actor:
    fields: dict[str, Any] = {
        "person": PersonId(uuid4()),
        "post": PostId(uuid4()),
        "org": org,
        "org_name": "墨溪区市场监管局",
        "roles": frozenset(roles or ("service_window",)),
    }
    return Actor(name, **(fields | over))


def make_applicant(name: str = "林知墨", **over: Any) -> Actor:
    return Actor(name, **({"person": PersonId(uuid4())} | over))


def make_owner(firm: Party | None = None) -> Actor:
    """A legal representative who acts for the firm."""
    firm = firm or Party(PartyKind.FIRM, FirmId(uuid4()), "墨溪区松风小馆")
    return make_applicant(on_behalf_of=firm)


def make_new_case(applicant: Actor, **over: Any) -> NewCase:
    fields: dict[str, Any] = {
        "process": "promised",
        "item": ItemCode("000125005002"),
        "item_version": 1,
        "title": "食品经营许可（餐饮服务）",
        "division": DivisionCode("990102"),
        "applicant": applicant.party,
        "contact": applicant.person,
        "parts": {"window": BUREAU, "decider": BUREAU},
        "levels": LEVELS,
        "acceptance_days": 5,
        "promised_days": 4,
        "legal_days": 20,
        "law": "",
    }
    return NewCase(**(fields | over))


def open_one(applicant: Actor | None = None, *, at: datetime = AT, **over: Any) -> CaseView:
    applicant = applicant or make_owner()
    return actions.open_case(make_new_case(applicant, **over), command_id=uuid4(), actor=applicant, at=at)


def complete(
    case: CaseView, outcome: str, actor: Actor, *, at: datetime = AT, given: TaskInput | None = None, **over: Any
) -> CaseView:
    """Complete the case's only task."""
    (task,) = case.tasks
    needed = next((o.needs for o in task.outcomes if o.id == outcome), frozenset())
    given = given or (REASONS if needed else TaskInput())
    fields: dict[str, Any] = {"command_id": uuid4(), "given": given, "actor": actor, "at": at}
    return actions.complete_task(case.id, task.n, outcome, **(fields | over))


def case_id(text: str) -> CaseId:
    return CaseId(UUID(text))


WATCHED = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:sz="urn:shuzheng:bpmn:1"
  id="d" targetNamespace="urn:t"><bpmn:process id="watched" name="带督办的办理">
  <bpmn:laneSet id="lanes">
    <bpmn:lane id="l1" name="申请人"><bpmn:extensionElements><sz:assign role="applicant" org="applicant"/>
      </bpmn:extensionElements><bpmn:flowNodeRef>answer</bpmn:flowNodeRef></bpmn:lane>
    <bpmn:lane id="l2" name="窗口"><bpmn:extensionElements><sz:assign role="service_window" org="window"/>
      </bpmn:extensionElements><bpmn:flowNodeRef>work</bpmn:flowNodeRef></bpmn:lane>
    <bpmn:lane id="l3" name="审批"><bpmn:extensionElements><sz:assign role="approval" org="decider"/>
      </bpmn:extensionElements><bpmn:flowNodeRef>remind</bpmn:flowNodeRef></bpmn:lane>
  </bpmn:laneSet>
  <bpmn:startEvent id="start" name="提交申请"/>
  <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="work"/>
  <bpmn:userTask id="work" name="办理"><bpmn:extensionElements><sz:task due="clock:acceptance"/>
    <sz:outcome id="done" name="办好"/><sz:outcome id="ask" name="问申请人" pause="both"/>
    </bpmn:extensionElements></bpmn:userTask>
  <bpmn:boundaryEvent id="soon" name="快到期" attachedToRef="work" cancelActivity="false">
    <bpmn:timerEventDefinition><bpmn:timeDuration>P2WD</bpmn:timeDuration></bpmn:timerEventDefinition>
  </bpmn:boundaryEvent>
  <bpmn:sequenceFlow id="f2" sourceRef="soon" targetRef="remind"/>
  <bpmn:userTask id="remind" name="督办"><bpmn:extensionElements><sz:task due="clock:acceptance"/>
    <sz:outcome id="seen" name="已督办"/></bpmn:extensionElements></bpmn:userTask>
  <bpmn:boundaryEvent id="late" name="超期" attachedToRef="remind" cancelActivity="true">
    <bpmn:extensionElements><sz:timer clock="acceptance"/></bpmn:extensionElements>
    <bpmn:timerEventDefinition/></bpmn:boundaryEvent>
  <bpmn:sequenceFlow id="f3" sourceRef="late" targetRef="end_reminded"/>
  <bpmn:sequenceFlow id="f4" sourceRef="remind" targetRef="end_reminded"/>
  <bpmn:endEvent id="end_reminded" name="督办完毕"/>
  <bpmn:sequenceFlow id="f5" sourceRef="work" targetRef="what"/>
  <bpmn:exclusiveGateway id="what" default="f6"/>
  <bpmn:sequenceFlow id="f6" sourceRef="what" targetRef="print"/>
  <bpmn:sequenceFlow id="f7" sourceRef="what" targetRef="answer">
    <bpmn:conditionExpression>outcome = 'ask'</bpmn:conditionExpression></bpmn:sequenceFlow>
  <bpmn:userTask id="answer" name="答复"><bpmn:extensionElements>
    <sz:outcome id="answered" name="已答复" resume="both"/></bpmn:extensionElements></bpmn:userTask>
  <bpmn:sequenceFlow id="f8" sourceRef="answer" targetRef="print"/>
  <bpmn:serviceTask id="print" name="打印结果"><bpmn:extensionElements>
    <sz:action name="tests.issue_result" mode="job"/></bpmn:extensionElements></bpmn:serviceTask>
  <bpmn:sequenceFlow id="f9" sourceRef="print" targetRef="end"/>
  <bpmn:endEvent id="end" name="办结"><bpmn:extensionElements><sz:result code="granted"/></bpmn:extensionElements>
    <bpmn:terminateEventDefinition/></bpmn:endEvent>
</bpmn:process></bpmn:definitions>"""
"""A process with what the template's lack: a timer that does not interrupt, a background action, a terminating end."""
