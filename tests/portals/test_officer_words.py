"""Pure parts of the desk: the decision box, reasons, due tags."""

from datetime import date
from uuid import UUID

import pytest
from django.http import QueryDict

from shuzheng.engines.cases.types import OutcomeView
from shuzheng.portals.officer.forms import blank_decision, find_problems, read_decision
from shuzheng.portals.officer.presenting import due_tag, edge_of
from shuzheng.portals.officer.reasons import NOT_ACCEPT, SUPPLEMENT, reasons_for
from shuzheng.services.items.types import ConditionView
from tests.portals.making import make_guide

TODAY = date(2026, 11, 24)
SOON = date(2026, 11, 26)
COMMAND = "0192f0c1-2345-7000-8000-000000000001"


def make_posted(text: str) -> QueryDict:
    return QueryDict(f"command_id={COMMAND}&expected_rev=3&{text}")


def make_outcome(needs: str) -> OutcomeView:
    return OutcomeView("supplement", "要求补正", frozenset(filter(None, needs.split(","))), "")


def test_the_box_is_read_with_ticks_own_words_and_papers() -> None:
    decision = read_decision(
        make_posted("outcome=supplement&reason=甲&reason=乙&own_reason= 丙 &paper=7&paper=2&paper=x")
    )
    assert decision.command_id == UUID(COMMAND)
    assert decision.expected_rev == 3
    assert decision.given.reasons == ("甲", "乙", "丙")
    assert decision.given.papers == (2, 7)


def test_a_form_without_its_ids_gets_new_ones_and_is_still_read() -> None:
    decision = read_decision(QueryDict("outcome=accept&expected_rev=abc&command_id=nonsense"))
    assert decision.expected_rev is None
    assert decision.command_id.version == 4


@pytest.mark.parametrize(
    ("typed", "needs", "places"),
    [
        ("", "", []),
        ("", "reasons,papers", ["papers", "reasons"]),
        ("reason=甲", "reasons,papers", ["papers"]),
        ("own_reason=甲&paper=1", "reasons,papers", []),
        ("", "opinion", ["opinion"]),
        ("opinion=好", "opinion", []),
    ],
)
def test_a_box_is_told_what_the_chosen_button_needs(typed: str, needs: str, places: list[str]) -> None:
    problems = find_problems(read_decision(make_posted(typed)), make_outcome(needs))
    assert [problem.at for problem in problems] == places
    assert all(
        "要求补正" in problem.message and "例如" in problem.message for problem in problems if problem.at != "reasons"
    )


def test_a_blank_box_is_empty_and_carries_the_revision() -> None:
    assert blank_decision(5).is_empty
    assert blank_decision(5).expected_rev == 5
    assert blank_decision(5).command_id != blank_decision(5).command_id


def test_reasons_are_offered_by_outcome_and_a_refusal_names_the_condition() -> None:
    guide = make_guide(checks=(ConditionView(1, "有证", "没有营业执照，请先办理登记", "《许可办法》第三条"),))
    assert reasons_for("supplement", guide) == SUPPLEMENT
    assert reasons_for("not_accept", guide) == NOT_ACCEPT
    assert reasons_for("refuse", guide) == ("没有营业执照，请先办理登记（《许可办法》第三条）",)
    assert reasons_for("refuse", make_guide(conditions=("有加工场所",))) == ("没有满足条件：有加工场所",)


@pytest.mark.parametrize("reason", [*SUPPLEMENT, *NOT_ACCEPT])
def test_a_reason_says_what_to_do(reason: str) -> None:
    assert "：" in reason
    assert "请" in reason.split("：", 1)[1] or "您" in reason or "来申请" in reason


@pytest.mark.parametrize(
    ("due_on", "paused", "kind", "words"),
    [
        (date(2026, 11, 22), False, "bad", "超 2 天 · 11月22日"),
        (TODAY, False, "warn", "今天"),
        (date(2026, 11, 25), False, "warn", "明天"),
        (SOON, False, "warn", "11月26日"),
        (date(2026, 11, 27), False, "", "11月27日"),
        (None, False, "", "没有期限"),
        (date(2026, 11, 22), True, "", "暂停，等申请人"),
    ],
)
def test_a_due_date_is_said_in_words_and_colour(due_on: date | None, paused: bool, kind: str, words: str) -> None:
    tag = due_tag(due_on, today=TODAY, paused=paused, soon=SOON)
    assert (tag.kind, tag.words) == (kind, words)
    assert tag.icon


def test_the_edge_of_a_row_is_drawn_only_when_it_presses() -> None:
    assert [edge_of(date(2026, 11, day), today=TODAY, soon=SOON) for day in (23, 24, 26, 27)] == [
        "late",
        "soon",
        "soon",
        "",
    ]
