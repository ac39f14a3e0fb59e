"""The case engine: steps of a case beside another BPMN engine, and the inbox and figures under sixteen readers at once.

Peer: SpiffWorkflow walks the same path (open, accept, grant) and keeps its state as one row that it reads and writes at
every step, as an application of it must.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from importlib.util import find_spec
from threading import Barrier
from time import process_time
from typing import Final
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.desk import AT, CITY, PAGE, ROLE, _actor, _make_cases, _make_units
from bench.frame import SEED, Outcome, Say, quantile, scratch_database, seconds, time_pairs
from shuzheng.base.kernel.types import SYSTEM, Actor, DivisionCode, ItemCode, Levels, OrgId, PersonId, PostId
from shuzheng.config.configuration import build_dir
from shuzheng.engines.cases.actions import complete_task, open_case, publish_process
from shuzheng.engines.cases.queries import list_inbox, tally_units
from shuzheng.engines.cases.types import ACTIONS, NewCase, TaskInput
from shuzheng.packs.actions import load_pack

HAS_SPIFF: Final = find_spec("SpiffWorkflow") is not None
if HAS_SPIFF:
    import logging

    from SpiffWorkflow.bpmn import BpmnWorkflow
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
    from SpiffWorkflow.util.task import TaskState

KEYS: Final = (
    "ratio_spiffworkflow",
    "steps_per_cpu_second",
    "statements_per_step",
    "inbox_p50_ms_16",
    "supervisor_p50_ms_16",
    "supervisor_p95_ms_16",
)
CASES: Final = 20_000
"""Cases in the tables while readers read."""
WALKED: Final = 20
"""Cases of one pair."""
STEPS: Final = 3
"""Of one case: open, accept, grant."""
READERS: Final = 16
READS: Final = 320
WORK_AT: Final = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MONTH: Final = date(2026, 11, 1)
BUREAU: Final = OrgId("11990102MBY000096A")
COUNTY: Final = OrgId("11990102MBY00007XF")
APPLICANT: Final = Actor("林知墨", person=PersonId(UUID(int=1)))
PATH: Final = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  targetNamespace="urn:bench" id="d"><process id="promised" isExecutable="true">
  <startEvent id="start"/><sequenceFlow id="f1" sourceRef="start" targetRef="review"/>
  <userTask id="review"/><sequenceFlow id="f2" sourceRef="review" targetRef="accepted"/>
  <exclusiveGateway id="accepted" default="f4"/>
  <sequenceFlow id="f3" sourceRef="accepted" targetRef="approve">
    <conditionExpression xsi:type="tFormalExpression">outcome == 'accept'</conditionExpression></sequenceFlow>
  <sequenceFlow id="f4" sourceRef="accepted" targetRef="refused"/>
  <userTask id="approve"/><sequenceFlow id="f5" sourceRef="approve" targetRef="granted"/>
  <exclusiveGateway id="granted" default="f7"/>
  <sequenceFlow id="f6" sourceRef="granted" targetRef="done">
    <conditionExpression xsi:type="tFormalExpression">outcome == 'grant'</conditionExpression></sequenceFlow>
  <sequenceFlow id="f7" sourceRef="granted" targetRef="refused"/>
  <endEvent id="done"/><endEvent id="refused"/></process></definitions>"""


def run(scale: float, say: Say) -> Outcome:
    """Walk cases beside the peer, then read with sixteen readers."""
    outcome = Outcome(peers=("SpiffWorkflow",))
    walked, number = max(2, int(WALKED * min(1.0, scale))), max(400, int(CASES * scale))
    with scratch_database():
        pack = build_dir("packs") / "template"
        load_pack(pack, actor=SYSTEM, at=AT)
        drawing = (pack / "processes" / "promised.bpmn").read_text("utf-8")
        for name in ("accept_case", "issue_result", "tell_refused"):
            ACTIONS.register(f"bench.{name}", lambda _context: None)
        publish_process("promised", drawing.replace('name="items.', 'name="bench.'), actor=SYSTEM, at=AT)
        say(f"walking {walked} cases a pair")
        _walk_cases(outcome, walked)
        units = _make_units()
        say(f"making {number} cases")
        _make_cases(number, units)
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        say(f"{READERS} readers")
        reads = max(READERS, int(READS * min(1.0, scale)))
        clerk, director = _actor(OrgId(units[0].bureau), ROLE), _actor(CITY, "director")
        _read(outcome, "inbox", reads, lambda: list_inbox(clerk, limit=PAGE))
        _read(outcome, "supervisor", reads, lambda: tally_units(CITY, actor=director, since=MONTH, at=AT))
        outcome.work = {"scale": scale, "walked": walked, "cases": number, "reads": reads, "seed": SEED}
    outcome.notes.append(
        "ratio_spiffworkflow: the same path by SpiffWorkflow with its state in one row; ours also checks authority,"
        " runs two clocks, keeps history and writes the ledger"
    )
    outcome.notes.append("statements_per_step: what begins and ends transactions is counted too")
    outcome.notes.append(f"_16: {READERS} threads of one process read at once, waiting for one another included")
    return outcome


def _walk_cases(outcome: Outcome, walked: int) -> None:
    _walk()
    with CaptureQueriesContext(connection) as asked:
        _walk()
    outcome.figures["statements_per_step"] = len(asked) / STEPS
    began = process_time()
    for _ in range(walked):
        _walk()
    outcome.figures["steps_per_cpu_second"] = walked * STEPS / (process_time() - began)
    if not HAS_SPIFF:
        outcome.notes.append("SpiffWorkflow is not installed (dependency group `bench`): ratio_spiffworkflow left out")
        return
    peer = _make_peer()
    pairs = time_pairs(lambda: [_walk() for _ in range(walked)], lambda: [peer() for _ in range(walked)])
    outcome.figures |= pairs.figures("ratio_spiffworkflow")


def _walk() -> None:
    """Open, accept and grant one case by three people."""
    fields = {"parts": {"window": BUREAU, "decider": BUREAU}, "levels": Levels(CITY, COUNTY, BUREAU)}
    new = NewCase(
        process="promised",
        item=ItemCode("000199001001"),
        item_version=1,
        title="小餐饮经营许可（新办）",
        division=DivisionCode("990102"),
        applicant=APPLICANT.party,
        contact=APPLICANT.person,
        acceptance_days=5,
        promised_days=4,
        legal_days=20,
        law="",
        **fields,
    )
    case = open_case(new, command_id=uuid4(), actor=APPLICANT, at=WORK_AT)
    for number, (role, outcome) in enumerate((("service_window", "accept"), ("approval", "grant")), start=2):
        (task,) = case.tasks
        officer = Actor(
            "王小梅",
            person=PersonId(UUID(int=number)),
            post=PostId(UUID(int=number)),
            org=BUREAU,
            org_name="墨溪区市场监管局",
            roles=frozenset({role}),
        )
        case = complete_task(
            case.id, task.n, outcome, command_id=uuid4(), given=TaskInput(opinion="同意"), actor=officer, at=WORK_AT
        )
    if case.closed_at is None:
        raise AssertionError("the case did not end")


def _make_peer() -> Callable[[], None]:
    """Return a walk by SpiffWorkflow, its state kept in a table of the same database."""
    logging.getLogger("spiff").setLevel(logging.WARNING)
    parser = BpmnParser()
    parser.add_bpmn_str(PATH.encode())
    spec = parser.get_spec("promised")
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_spiff (id char(32) PRIMARY KEY, state text)")

    def walk() -> None:
        key = uuid4().hex
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        with transaction.atomic(), connection.cursor() as cursor:
            state = serializer.serialize_json(workflow)
            cursor.execute("INSERT INTO bench_spiff VALUES (%s, %s)", [key, state])
        for outcome in ("accept", "grant"):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT state FROM bench_spiff WHERE id = %s", [key])
                workflow = serializer.deserialize_json(cursor.fetchone()[0])
                (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
                task.data["outcome"] = outcome
                task.run()
                workflow.do_engine_steps()
                state = serializer.serialize_json(workflow)
                cursor.execute("UPDATE bench_spiff SET state = %s WHERE id = %s", [state, key])
        if not workflow.is_completed():
            raise AssertionError("the peer's case did not end")

    return walk


def _read(outcome: Outcome, name: str, reads: int, read: Callable[[], object]) -> None:
    """Read with all readers at once; each has a connection of its own, and all begin together."""
    together = Barrier(READERS)

    def one_reader() -> list[float]:
        try:
            read()
            together.wait(60)
            return [seconds(read) * 1000 for _ in range(reads // READERS)]
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=READERS) as pool:
        waits = [pool.submit(one_reader) for _ in range(READERS)]
        taken = [ms for wait in waits for ms in wait.result()]
    outcome.figures |= {f"{name}_p{percent}_ms_{READERS}": quantile(taken, percent) for percent in (50, 95)}
