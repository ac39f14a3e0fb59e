"""Guards on gateways: rules over what the case knows and what its process declares; what is not known is not true."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from shuzheng.engines.cases.actions import publish_process
from shuzheng.engines.cases.queries import get_case, get_diagram
from shuzheng.engines.cases.rules.compile import compile_process
from shuzheng.engines.cases.rules.explore import explore
from shuzheng.engines.cases.types import ACTIONS, FACTS, CaseView, TaskInput
from shuzheng.engines.rules.types import Value
from tests.cases.making import AT, BUREAU, complete, drawing, make_officer, open_one

SAID: dict[str, Value] = {}


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the application said, in place of the room that knows applications."""
    SAID.clear()
    monkeypatch.setitem(FACTS._entries, "form", lambda _case: SAID)


def accepted(**over: Any) -> CaseView:
    case = open_one(**over)
    return complete(case, "accept", make_officer())


def tasks(case: CaseView) -> list[str]:
    return [task.node for task in case.tasks]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"form.promise": False}, "site_visit"),
        ({"form.promise": True}, "approve"),
        ({"form.promise": None}, "approve"),
        ({}, "approve"),
        ({"form.promise": "承诺书.pdf"}, "approve"),
    ],
)
def test_who_did_not_promise_is_visited(city: None, said: Mapping[str, Value], expected: str) -> None:
    SAID.update(said)
    assert tasks(accepted()) == [expected]


def test_after_the_visit_comes_the_decision(city: None) -> None:
    SAID["form.promise"] = False
    case = complete(accepted(), "visited", make_officer(BUREAU, "approval"), given=TaskInput(opinion="现场和申请一致"))
    assert tasks(case) == ["approve"]
    assert get_case(case.number, actor=make_officer(BUREAU, "approval")).tasks[0].due_on is not None


def test_the_usual_way_shows_no_visit_until_there_is_one(city: None) -> None:
    assert "site_visit" not in [step.node for step in get_diagram(accepted().id).steps]
    SAID["form.promise"] = False
    assert "site_visit" in [step.node for step in get_diagram(accepted().id).steps]


def test_every_way_a_guard_can_come_out_is_explored() -> None:
    table = compile_process(drawing("promised"), actions=ACTIONS, sources={"form"})
    assert frozenset({"site_visit"}) in table.markings
    assert frozenset({"approve"}) in table.markings
    assert not explore(replace(table, markings=frozenset())).faults


def test_a_guard_asks_what_the_case_knows_of_itself(city: None) -> None:
    xml = drawing("promised").replace(
        "form.promise = FALSE", "instance.promised_days &gt; 5 AND instance.applicant = 'firm'"
    )
    publish_process("promised", xml, actor=make_officer(BUREAU, "approval"), at=AT)
    assert tasks(accepted(promised_days=6)) == ["site_visit"]
    assert tasks(accepted(promised_days=5)) == ["approve"]
