"""The compiler: what it reads of the template's processes, and a table of everything it refuses."""

from collections.abc import Callable

import pytest

from shuzheng.engines.cases.errors import ProcessRefused
from shuzheng.engines.cases.rules.compile import compile_process
from shuzheng.engines.cases.rules.reading import BYTES_MAX
from shuzheng.engines.cases.rules.table import Marks, ServiceNode, table_from_json, table_to_json
from shuzheng.engines.cases.types import ACTIONS
from tests.cases.making import drawing

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:sz="urn:shuzheng:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:t">'
)
START = '<bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="a"/>'
TASK = (
    '<bpmn:userTask id="a" name="审查"><bpmn:extensionElements><sz:outcome id="ok" name="同意"/>'
    '<sz:outcome id="no" name="不同意"/></bpmn:extensionElements></bpmn:userTask>'
)
END = '<bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="e"/><bpmn:endEvent id="e"/>'
LANE = (
    '<bpmn:laneSet id="l"><bpmn:lane id="w" name="窗口"><bpmn:extensionElements>'
    '<sz:assign role="service_window" org="window"/></bpmn:extensionElements>'
    "<bpmn:flowNodeRef>a</bpmn:flowNodeRef><bpmn:flowNodeRef>b</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
)


def make_xml(*parts: str, lane: str = LANE) -> str:
    body = "".join(parts) or START + TASK + END
    return f'{HEAD}<bpmn:process id="p" name="流程">{lane}{body}</bpmn:process></bpmn:definitions>'


def gateway(first: str, second: str, *, attributes: str = "") -> str:
    """A branching gateway after task a, with the text inside its two flows."""
    return (
        f'<bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="g"/>'
        f'<bpmn:exclusiveGateway id="g" name="结果"{attributes}/>'
        f'<bpmn:sequenceFlow id="g1" sourceRef="g" targetRef="e">{first}</bpmn:sequenceFlow>'
        f'<bpmn:sequenceFlow id="g2" sourceRef="g" targetRef="a">{second}</bpmn:sequenceFlow><bpmn:endEvent id="e"/>'
    )


def when(text: str) -> str:
    return f"<bpmn:conditionExpression>{text}</bpmn:conditionExpression>"


def declare(name: str, kind: str, label: str) -> str:
    return f'<bpmn:extensionElements><sz:fact name="{name}" type="{kind}" label="{label}"/></bpmn:extensionElements>'


def boundary(inside: str, *, host: str = "a", attributes: str = "") -> str:
    return (
        f'<bpmn:boundaryEvent id="t" attachedToRef="{host}"{attributes}>{inside}</bpmn:boundaryEvent>'
        '<bpmn:sequenceFlow id="ft" sourceRef="t" targetRef="e"/>'
    )


def timer(duration: str) -> str:
    inside = f"<bpmn:timeDuration>{duration}</bpmn:timeDuration>" if duration else ""
    return f"<bpmn:timerEventDefinition>{inside}</bpmn:timerEventDefinition>"


def service(extension: str) -> str:
    return (
        f'<bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="x"/><bpmn:serviceTask id="x" name="签发">'
        f"<bpmn:extensionElements>{extension}</bpmn:extensionElements></bpmn:serviceTask>"
        '<bpmn:sequenceFlow id="f3" sourceRef="x" targetRef="e"/><bpmn:endEvent id="e"/>'
    )


def element(tag: str) -> str:
    """An element outside the subset between task and end."""
    return (
        f'<bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="z"/><bpmn:{tag} id="z" name="多余"/>'
        '<bpmn:sequenceFlow id="f3" sourceRef="z" targetRef="e"/><bpmn:endEvent id="e"/>'
    )


def refused(xml: str) -> list[tuple[str, str, str]]:
    with pytest.raises(ProcessRefused) as caught:
        compile_process(xml, actions=ACTIONS, sources={"form"})
    assert all(fault.hint for fault in caught.value.faults), "every fault says how to put it right"
    return [(fault.element, fault.name, fault.what) for fault in caught.value.faults]


def test_the_promised_process_compiles_into_the_markings_it_can_reach() -> None:
    table = compile_process(drawing("promised"), actions=ACTIONS, sources={"form"})
    assert {tuple(sorted(marking)) for marking in table.markings} == {
        (),
        ("acceptance_timer", "review"),
        ("lapse_timer", "supplement"),
        ("approve",),
        ("site_visit",),
    }
    assert table.parts == {"window", "decider"}
    review, deemed = table.task("review"), table.nodes["deem_accepted"]
    assert (review.role, review.part, review.lane, review.due) == (
        "service_window",
        "window",
        "窗口",
        "clock:acceptance",
    )
    assert review.outcomes[1].needs == {"reasons", "papers"}
    assert review.outcomes[1].marks.pauses == ("acceptance", "decision")
    assert isinstance(deemed, ServiceNode)
    assert deemed.marks == Marks(starts=("decision",), stops=("acceptance",), since_receipt=True)
    assert table.timer("acceptance_timer").clock == "acceptance"
    assert table.timer("lapse_timer").duration == "P15WD"


@pytest.mark.parametrize("key", ["promised", "instant"])
def test_a_table_survives_storing(key: str) -> None:
    table = compile_process(drawing(key), actions=ACTIONS, sources={"form"})
    assert table_from_json(table_to_json(table)) == table


def test_a_small_process_with_every_supported_element_compiles() -> None:
    body = START + TASK + gateway(when("outcome = 'ok'"), "", attributes=' default="g2"')
    body += boundary(timer("P5WD"), attributes=' cancelActivity="false"')
    body = body.replace('targetRef="e"/><bpmn:endEvent', 'targetRef="e"/><bpmn:textAnnotation id="n"/><bpmn:endEvent')
    table = compile_process(make_xml(body), actions=ACTIONS, sources={"form"})
    assert table.markings == {frozenset(), frozenset({"a"}), frozenset({"a", "t"})}


REFUSED: list[tuple[str, str, str, str]] = [
    *(
        (f"{tag} is outside the subset", START + TASK + element(tag), "z", f"{tag} 不在支持范围内")
        for tag in (
            "inclusiveGateway",
            "complexGateway",
            "eventBasedGateway",
            "parallelGateway",
            "scriptTask",
            "businessRuleTask",
            "sendTask",
            "receiveTask",
            "manualTask",
            "task",
            "subProcess",
            "callActivity",
            "intermediateCatchEvent",
            "intermediateThrowEvent",
        )
    ),
    ("no start", TASK + END, "p", "要有且只有一个开始，这里有 0 个"),
    (
        "two starts",
        START + TASK + END + '<bpmn:startEvent id="s2"/><bpmn:sequenceFlow id="f9" sourceRef="s2" targetRef="a"/>',
        "p",
        "要有且只有一个开始，这里有 2 个",
    ),
    (
        "a start that waits for a message",
        START.replace('"s"/>', '"s"><bpmn:messageEventDefinition/></bpmn:startEvent>') + TASK + END,
        "s",
        "开始事件带有触发条件",
    ),
    (
        "an end that throws",
        START + TASK + END.replace('id="e"/>', 'id="e"><bpmn:signalEventDefinition/></bpmn:endEvent>'),
        "e",
        "结束事件的类型 signalEventDefinition 不在支持范围内",
    ),
    (
        "an unknown result",
        START
        + TASK
        + END.replace(
            'id="e"/>',
            'id="e"><bpmn:extensionElements><sz:result code="won"/></bpmn:extensionElements></bpmn:endEvent>',
        ),
        "e",
        "没有“won”这种结果",
    ),
    (
        "two flows out of a task",
        START + TASK + END + '<bpmn:sequenceFlow id="f3" sourceRef="a" targetRef="e"/>',
        "a",
        "要有且只有一条流出，这里有 2 条",
    ),
    ("no flow out of a task", START + TASK, "a", "要有且只有一条流出，这里有 0 条"),
    (
        "a flow into nowhere",
        START + TASK + END + '<bpmn:sequenceFlow id="f3" sourceRef="a" targetRef="q"/>',
        "f3",
        "流向连着不支持的元素（a → q）",
    ),
    (
        "a node nobody reaches",
        START + TASK + END + TASK.replace('"a"', '"b"') + '<bpmn:sequenceFlow id="f4" sourceRef="b" targetRef="e"/>',
        "b",
        "没有流向通到这里",
    ),
    ("a flow back to the start", START + TASK + END.replace('targetRef="e"', 'targetRef="s"'), "s", "流向不能回到开始"),
    ("the same id twice", START + TASK + TASK + END, "a", "编号不合格或重复"),
    ("a task without a name", START + TASK.replace(' name="审查"', "") + END, "a", "没有名称"),
    ("a task without outcomes", START + '<bpmn:userTask id="a" name="审查"/>' + END, "a", "用户任务没有写办理结果"),
    ("an outcome twice", START + TASK.replace('id="no"', 'id="ok"') + END, "a", "结果“ok”的编号不合格、重复或没有名称"),
    (
        "an outcome with an unknown need",
        START + TASK.replace('name="同意"', 'name="同意" needs="blood"') + END,
        "a",
        "结果“ok”的 needs 或 tone 不认识",
    ),
    (
        "an unknown attribute of ours",
        START + TASK.replace('name="同意"', 'name="同意" guard="x"') + END,
        "a",
        "sz:outcome 没有“guard”这个属性",
    ),
    (
        "an unknown element of ours",
        START + TASK.replace("<sz:outcome", "<sz:magic/><sz:outcome", 1) + END,
        "a",
        "sz:magic 不能写在这里",
    ),
    (
        "a pause of an unknown clock",
        START + TASK.replace('name="同意"', 'name="同意" pause="sun"') + END,
        "a",
        "pause=“sun”不认识",
    ),
    (
        "a pause nothing resumes",
        START + TASK.replace('name="同意"', 'name="同意" pause="both"') + END,
        "a",
        "暂停了时钟，却没有一步恢复它",
    ),
    (
        "a due in days of nobody",
        START + TASK.replace("<sz:outcome", '<sz:task due="5 days"/><sz:outcome', 1) + END,
        "a",
        "时长“5 days”看不懂",
    ),
    (
        "a due of an unknown clock",
        START + TASK.replace("<sz:outcome", '<sz:task due="clock:sun"/><sz:outcome', 1) + END,
        "a",
        "没有名为“clock:sun”的时钟",
    ),
    (
        "a clock never started",
        START + TASK.replace("<sz:outcome", '<sz:task due="clock:decision"/><sz:outcome', 1) + END,
        "a",
        "用到的时钟 decision 从没有开始",
    ),
    (
        "a loop marker",
        START
        + TASK.replace("<bpmn:extensionElements>", "<bpmn:multiInstanceLoopCharacteristics/><bpmn:extensionElements>")
        + END,
        "a",
        "循环或多实例标记不在支持范围内",
    ),
    (
        "a condition outside a gateway",
        START
        + TASK
        + END.replace('targetRef="e"/>', f'targetRef="e">{when("outcome = &apos;ok&apos;")}</bpmn:sequenceFlow>'),
        "f2",
        "只有排他网关的流向可以带条件",
    ),
    (
        "a condition that is code",
        START + TASK + gateway(when("__import__('os').system('x')"), "", attributes=' default="g2"'),
        "g1",
        "条件“__import__('os').system('x')”看不懂",
    ),
    (
        "a condition on a fact",
        START + TASK + gateway(when("area &gt; 8"), "", attributes=' default="g2"'),
        "g1",
        "条件“area > 8”看不懂",
    ),
    (
        "a guard without a default",
        START + TASK + gateway(when("instance.promised_days &gt; 20"), when("outcome = 'no'")),
        "g",
        "带规则条件的网关没有默认流向",
    ),
    (
        "a guard that is no question",
        START + TASK + gateway(when("instance.promised_days + 1"), "", attributes=' default="g2"'),
        "g1",
        "条件“instance.promised_days + 1”看不懂",
    ),
    (
        "a guard on a fact nobody declared",
        START + TASK + gateway(when("form.area &gt; 8"), "", attributes=' default="g2"'),
        "g1",
        "条件“form.area > 8”看不懂",
    ),
    (
        "a fact of a source nobody has",
        declare("weather.rain", "boolean", "下雨") + START + TASK + END,
        "p",
        "没有“weather”这个事实来源",
    ),
    (
        "a fact of a type there is none of",
        declare("form.area", "double", "面积") + START + TASK + END,
        "p",
        "事实“form.area”的名称、类型或说明不合格，或重复",
    ),
    (
        "an outcome without a way",
        START + TASK + gateway(when("outcome = 'ok'"), when("outcome = 'ok'")),
        "g",
        "结果“no”没有流向",
    ),
    (
        "an outcome with two ways",
        START + TASK + gateway(when("outcome = 'ok'"), when("outcome = 'ok'")),
        "g",
        "同一个结果有两条流向",
    ),
    (
        "an outcome nobody has",
        START + TASK + gateway(when("outcome = 'maybe'"), "", attributes=' default="g2"'),
        "g",
        "前面的任务没有“maybe”这个结果",
    ),
    (
        "a branch without condition",
        START + TASK + gateway(when("outcome = 'ok'"), ""),
        "g",
        "流向 g2 没有条件，也不是默认流向",
    ),
    (
        "a default with a condition",
        START + TASK + gateway(when("outcome = 'ok'"), when("outcome = 'no'"), attributes=' default="g2"'),
        "g",
        "默认流向 g2 又带了条件",
    ),
    (
        "a default from elsewhere",
        START + TASK + gateway(when("outcome = 'ok'"), when("outcome = 'no'"), attributes=' default="f1"'),
        "g",
        "默认流向 f1 不是从这里出去的",
    ),
    (
        "a branch with no task before it",
        '<bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="g"/>'
        + TASK
        + gateway(when("outcome = 'ok'"), when("outcome = 'no'")),
        "g",
        "分支网关前面不是用户任务，没有结果可以判断",
    ),
    ("a service task without action", START + TASK + service(""), "x", "服务任务没有写动作"),
    (
        "an unregistered action",
        START + TASK + service('<sz:action name="tests.isue"/>'),
        "x",
        "动作“tests.isue”没有登记",
    ),
    (
        "an unknown mode",
        START + TASK + service('<sz:action name="tests.issue_result" mode="later"/>'),
        "x",
        "动作方式“later”不认识",
    ),
    (
        "an unknown since",
        START + TASK + service('<sz:action name="tests.issue_result" since="never"/>'),
        "x",
        "since 不能写“never”",
    ),
    (
        "a timer with a date",
        START
        + TASK
        + END
        + boundary("<bpmn:timerEventDefinition><bpmn:timeDate>2026-12-01</bpmn:timeDate></bpmn:timerEventDefinition>"),
        "t",
        "计时不支持固定日期和循环",
    ),
    ("a timer without time", START + TASK + END + boundary(timer("")), "t", "计时要写时长或时钟，二者只写一个"),
    ("a timer in words", START + TASK + END + boundary(timer("5 days")), "t", "时长“5 days”看不懂"),
    ("a boundary message", START + TASK + END + boundary("<bpmn:messageEventDefinition/>"), "t", "边界事件只支持计时"),
    ("a timer on nothing", START + TASK + END + boundary(timer("P5WD"), host="q"), "t", "计时没有附在会等待的步骤上"),
    (
        "a timer on a service inside the step",
        START + TASK + service('<sz:action name="tests.issue_result"/>') + boundary(timer("P5WD"), host="x"),
        "t",
        "计时没有附在会等待的步骤上",
    ),
    (
        "a timer of an unknown clock",
        START
        + TASK
        + END
        + boundary('<bpmn:extensionElements><sz:timer clock="sun"/></bpmn:extensionElements>' + timer("")),
        "t",
        "没有名为“sun”的时钟",
    ),
]


@pytest.mark.parametrize(("body", "where", "what"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused_with_id_and_reason(body: str, where: str, what: str) -> None:
    found = refused(make_xml(body))
    assert (where, what) in [(element, said) for element, _, said in found]


LANES: list[tuple[str, Callable[[str], str], str, str]] = [
    ("a lane without a role", lambda lane: lane.replace(' role="service_window"', ""), "w", "泳道没有写明由谁办"),
    (
        "a lane without our element",
        lambda lane: lane.replace('<sz:assign role="service_window" org="window"/>', ""),
        "w",
        "泳道没有写明由谁办",
    ),
    (
        "an applicant's lane with an office",
        lambda lane: lane.replace("service_window", "applicant"),
        "w",
        "申请人泳道的 role 和 org 都要写 applicant",
    ),
    (
        "a task in no lane",
        lambda lane: lane.replace("<bpmn:flowNodeRef>a</bpmn:flowNodeRef>", ""),
        "a",
        "用户任务不在有人办理的泳道里",
    ),
    (
        "a task in the system's lane",
        lambda lane: lane.replace('"service_window" org="window"', '"system" org="system"'),
        "a",
        "用户任务不在有人办理的泳道里",
    ),
]


@pytest.mark.parametrize(("spoil", "where", "what"), [row[1:] for row in LANES], ids=[row[0] for row in LANES])
def test_lanes_say_who_acts(spoil: Callable[[str], str], where: str, what: str) -> None:
    found = refused(make_xml(lane=spoil(LANE)))
    assert (where, what) in [(element, said) for element, _, said in found]


def test_every_fault_is_told_at_once_with_the_name_drawn() -> None:
    body = START + TASK.replace('name="同意"', 'name="同意" pause="sun"') + element("scriptTask")
    found = refused(make_xml(body, lane=LANE.replace(' role="service_window"', "")))
    assert {(element, name) for element, name, _ in found} >= {("z", "多余"), ("w", "窗口"), ("a", "审查")}


UNSOUND: list[tuple[str, str, str, str]] = [
    (
        "a case that can never finish",
        START
        + TASK
        + '<bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="b"/>'
        + TASK.replace('"a"', '"b"')
        + '<bpmn:sequenceFlow id="f3" sourceRef="b" targetRef="a"/>',
        "a",
        "走到这里以后，办件永远不能办结",
    ),
    (
        "two tokens in one place",
        START
        + TASK
        + gateway(when("outcome = 'ok'"), when("outcome = 'no'")).replace('targetRef="a"', 'targetRef="b"')
        + TASK.replace('"a"', '"b"')
        + '<bpmn:sequenceFlow id="f5" sourceRef="b" targetRef="e"/>'
        + boundary(timer("P5WD"), attributes=' cancelActivity="false"').replace('targetRef="e"', 'targetRef="b"'),
        "b",
        "同一个位置会同时停留两次",
    ),
    (
        "an endless loop without a person",
        START
        + TASK
        + service('<sz:action name="tests.issue_result"/>')
        .replace('targetRef="e"', 'targetRef="x"')
        .replace('<bpmn:endEvent id="e"/>', ""),
        "x",
        "自动步骤成环，永远停不下来",
    ),
    (
        "a node that only itself reaches",
        START + TASK + END + TASK.replace('"a"', '"b"') + '<bpmn:sequenceFlow id="f5" sourceRef="b" targetRef="b"/>',
        "b",
        "没有任何一条路能走到这里",
    ),
    (
        "a timer that brings no outcome to a gateway",
        START
        + TASK
        + gateway(when("outcome = 'ok'"), when("outcome = 'no'"))
        + boundary(timer("P5WD")).replace('targetRef="e"', 'targetRef="g"'),
        "g",
        "分支网关前面不是用户任务，没有结果可以判断",
    ),
]


@pytest.mark.parametrize(("body", "where", "what"), [row[1:] for row in UNSOUND], ids=[row[0] for row in UNSOUND])
def test_the_publication_check_refuses_what_cannot_end_well(body: str, where: str, what: str) -> None:
    found = refused(make_xml(body))
    assert (where, what) in [(element, said) for element, _, said in found]


BAD_FILES: list[tuple[str, str, str]] = [
    ("not XML", "这不是流程", "不是正确的 XML"),
    ("cut off", drawing("promised")[:900], "不是正确的 XML"),
    ("another document", "<html/>", "不是 BPMN 2.0 文件"),
    ("no process", HEAD + "</bpmn:definitions>", "一个文件只能有一个流程，这里有 0 个"),
    (
        "two processes",
        make_xml().replace("</bpmn:definitions>", '<bpmn:process id="q" name="又一"/></bpmn:definitions>'),
        "一个文件只能有一个流程，这里有 2 个",
    ),
    ("too large", make_xml() + " " * BYTES_MAX, "超过 512 KB"),
    ("a DOCTYPE", "<!DOCTYPE a>" + make_xml(), "带有 DOCTYPE 声明"),
    (
        "an entity from a file",
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + make_xml().replace('name="审查"', 'name="&x;"'),
        "",
    ),
    (
        "an entity bomb",
        '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]>' + make_xml().replace("审查", "&y;"),
        "带有 DOCTYPE 声明",
    ),
]


@pytest.mark.parametrize(("xml", "what"), [row[1:] for row in BAD_FILES], ids=[row[0] for row in BAD_FILES])
def test_a_file_that_is_no_process_is_refused(xml: str, what: str) -> None:
    found = refused(xml)
    assert found[0][0] == "definitions"
    assert what in found[0][2]
    assert "root:" not in str(found)


def test_a_message_flow_is_refused() -> None:
    flow = '<bpmn:collaboration id="c"><bpmn:messageFlow id="m" sourceRef="a" targetRef="e"/></bpmn:collaboration>'
    found = refused(make_xml().replace('<bpmn:process id="p"', f'{flow}<bpmn:process id="p"'))
    assert ("m", "", "消息流不在支持范围内") in found
