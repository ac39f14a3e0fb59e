"""Pure parts of my space: the timeline, deadlines in words, remedies and cards."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.kernel.types import (
    CaseId,
    DivisionCode,
    ItemCode,
    LicenceId,
    LicenceTypeCode,
    OrgId,
    Party,
    PartyKind,
    PersonId,
)
from shuzheng.engines.cases.types import (
    CaseState,
    CaseView,
    DeadlineProof,
    HistoryView,
    OutcomeView,
    ProcessStep,
    ProofDay,
    TaskView,
)
from shuzheng.engines.credentials.types import LicenceState, LicenceView
from shuzheng.portals.resident.remedies import months_later
from shuzheng.portals.resident.timeline import last_request, read_timeline
from shuzheng.portals.resident.wallet import read_cards
from shuzheng.portals.shell.answers import say_value
from shuzheng.portals.shell.deadlines import current, read_deadline, read_deadlines
from shuzheng.services.items.types import FieldSpec, FieldType, Option

AT = datetime(2026, 11, 20, 2, 12, tzinfo=UTC)
WINDOW = OrgId("11000000MBY0000001")
FIRM = Party(PartyKind.FIRM, UUID(int=7), "望溪饭店")


def make_task(**over: object) -> TaskView:
    values: dict[str, object] = {
        "n": 2,
        "node": "review",
        "name": "受理审查",
        "role": "service_window",
        "org": WINDOW,
        "due_on": date(2026, 11, 27),
        "assignee": None,
        "outcomes": (OutcomeView("accept", "受理", frozenset(), "primary"),),
    }
    return TaskView(**(values | over))  # type: ignore[arg-type]


def make_case(**over: object) -> CaseView:
    values: dict[str, object] = {
        "id": CaseId(UUID(int=1)),
        "number": "990102202611200001",
        "process_version": 1,
        "item": ItemCode("000125005002"),
        "title": "食品经营许可（餐饮服务）",
        "state": CaseState.OPEN,
        "result": "",
        "rev": 1,
        "applicant": FIRM,
        "contact": PersonId(UUID(int=2)),
        "parts": {"window": WINDOW, "decider": WINDOW},
        "opened_at": AT,
        "accepted_at": None,
        "closed_at": None,
        "paused_since": None,
        "due_on": date(2026, 11, 27),
        "tasks": (make_task(),),
        "division": DivisionCode("990102"),
    }
    return CaseView(**(values | over))  # type: ignore[arg-type]


def make_entry(**over: object) -> HistoryView:
    values: dict[str, object] = {
        "seq": 1,
        "at": AT,
        "act": "opened",
        "node": "start",
        "name": "提交申请",
        "outcome": "",
        "outcome_name": "",
        "by": "李小华",
        "org": None,
        "org_role": "申请人",
        "opinion": "",
        "reasons": (),
        "papers": (),
    }
    return HistoryView(**(values | over))  # type: ignore[arg-type]


def make_proof(**over: object) -> DeadlineProof:
    start = date(2026, 11, 20)
    marks = {20: "start", 21: "off", 22: "off", 23: "counted", 24: "paused", 25: "counted", 26: "counted", 27: "due"}
    why = {21: "周末", 22: "周末", 24: "等补正"}
    days = tuple(ProofDay(start.replace(day=day), mark, why.get(day, "")) for day, mark in marks.items())  # type: ignore[arg-type]
    values: dict[str, object] = {
        "kind": "decision",
        "started_on": start,
        "working_days": 4,
        "due_on": date(2026, 11, 27),
        "estimated": False,
        "stopped_on": None,
        "provisional": False,
        "remaining": 1,
        "days": days,
        "law": "《行政许可法》第四十二条",
        "rule": "受理的次日起算",
    }
    return DeadlineProof(**(values | over))  # type: ignore[arg-type]


def make_licence(**over: object) -> LicenceView:
    values: dict[str, object] = {
        "id": LicenceId(UUID(int=3)),
        "identifier": "1.2.156.3005.2.X",
        "number": "JY1",
        "type_code": LicenceTypeCode("11100000MBY000000X001"),
        "type_name": "食品经营许可证",
        "holder": FIRM,
        "issuer": WINDOW,
        "issuer_name": "市场监管局",
        "fields": {},
        "issued_on": date(2026, 1, 1),
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2031, 1, 1),
        "state": LicenceState.VALID,
        "version": 1,
    }
    return LicenceView(**(values | over))  # type: ignore[arg-type]


SUPPLEMENT = make_entry(
    seq=2, act="completed", node="review", name="受理审查", outcome="supplement", outcome_name="要求补正",
    by="王晓梅", org=WINDOW, org_name="市场监管局", reasons=("看不清：请重拍",), papers=(7,),
)  # fmt: skip


def test_a_timeline_tells_what_happened_who_acts_now_and_what_comes() -> None:
    steps = (
        ProcessStep("review", "受理审查", "窗口", "now"),
        ProcessStep("approve", "审批", "审批", "next"),
        ProcessStep("supplement", "补正", "申请人", "skipped"),
    )
    lines = read_timeline(make_case(), (make_entry(),), steps, {})
    assert [(line.kind, line.title) for line in lines] == [("done", "提交申请"), ("now", "受理审查"), ("", "审批")]


def test_a_timeline_masks_the_officer_and_names_the_papers_asked_for() -> None:
    lines = read_timeline(make_case(), (make_entry(), SUPPLEMENT), (), {7: "健康证明"})
    assert lines[1].text == "王*梅，市场监管局"
    assert (lines[1].papers, lines[1].reasons) == ("健康证明", ("看不清：请重拍",))


def test_a_paused_case_says_that_it_waits_for_the_applicant() -> None:
    task = make_task(org=None, name="补正", role="applicant")
    case = make_case(state=CaseState.PAUSED, paused_since=AT, tasks=(task,))
    line = read_timeline(case, (make_entry(), SUPPLEMENT), (), {})[-1]
    assert (line.kind, line.at) == ("wait", AT)
    assert "暂停" in line.text


def test_claims_are_the_officers_own_business() -> None:
    claimed = make_entry(act="claimed", name="受理审查", by="王晓梅", org=WINDOW)
    assert [line.title for line in read_timeline(make_case(tasks=()), (make_entry(), claimed), (), {})] == ["提交申请"]


def test_a_closed_case_has_nothing_to_come() -> None:
    steps = (ProcessStep("approve", "审批", "审批", "next"),)
    lines = read_timeline(make_case(state=CaseState.WITHDRAWN, tasks=()), (make_entry(),), steps, {})
    assert [line.kind for line in lines] == ["done"]


def test_the_last_request_is_the_newest_entry_of_an_office_with_papers() -> None:
    later = make_entry(seq=4, act="completed", outcome="supplement", org=WINDOW, papers=(2,))
    answer = make_entry(seq=3, act="completed", outcome="submit", papers=(9,))
    assert last_request((make_entry(), SUPPLEMENT, later, answer)) == later
    assert last_request((make_entry(),)) is None


def test_the_strip_shows_whole_weeks_and_each_days_mark() -> None:
    deadline = read_deadline(make_proof(), today=date(2026, 11, 26))
    assert len(deadline.cells) % 7 == 0
    assert [(cell.text, cell.css) for cell in deadline.cells[4:12]] == [
        ("20", "s"), ("21", "o"), ("22", "o"), ("23", "w"), ("24", "p"), ("25", "w"), ("26", "w"), ("27", "e"),
    ]  # fmt: skip
    assert deadline.used == 3


def test_days_left_out_are_told_with_their_reason_but_week_ends_are_not() -> None:
    assert read_deadline(make_proof(), today=date(2026, 11, 26)).left_out == ("11月24日：等补正",)


@pytest.mark.parametrize(
    ("over", "state", "words"),
    [
        ({"stopped_on": date(2026, 11, 25)}, "stopped", "用了 2 个工作日"),
        ({"estimated": True}, "estimated", "按受理期限最后一天估算"),
        ({"paused": True, "remaining": 3}, "paused", "暂停计时，还剩 3 个工作日"),
        ({"due_on": date(2026, 11, 24), "remaining": -2}, "late", "已超 2 个工作日"),
        ({"remaining": 0, "due_on": date(2026, 11, 26)}, "soon", "今天到期"),
        ({"remaining": 4}, "running", "还剩 4 个工作日"),
    ],
)
def test_a_deadline_says_how_it_stands(over: dict[str, object], state: str, words: str) -> None:
    deadline = read_deadline(make_proof(**over), today=date(2026, 11, 26))
    assert (deadline.state, deadline.words) == (state, words)


def test_the_running_clock_comes_before_the_estimated_one() -> None:
    proofs = [make_proof(kind="decision", estimated=True), make_proof(kind="acceptance")]
    chosen = current(read_deadlines(proofs, today=date(2026, 11, 24)))
    assert chosen is not None
    assert chosen.proof.kind == "acceptance"
    assert current(()) is None


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)), st.integers(min_value=0, max_value=24))
def test_months_later_lands_in_the_right_month_and_never_after_the_same_day(on: date, months: int) -> None:
    later = months_later(on, months)
    assert (later.year * 12 + later.month) - (on.year * 12 + on.month) == months
    assert later.day <= on.day
    assert later.day == on.day or (later + timedelta(days=1)).day == 1


def test_a_card_that_does_not_count_stands_last_and_says_so() -> None:
    revoked = make_licence(state=LicenceState.REVOKED)
    cards = read_cards([revoked, make_licence()], today=date(2026, 6, 1))
    assert [(card.css == "lic-x", card.state) for card in cards] == [(False, "有效"), (True, "已作废")]


def test_a_card_says_when_it_runs_out_soon() -> None:
    card = read_cards([make_licence(valid_to=date(2026, 6, 20))], today=date(2026, 6, 1))[0]
    assert card.soon == 19
    assert read_cards([make_licence(valid_to=None)], today=date(2026, 6, 1))[0].until == "长期有效"


@pytest.mark.parametrize(
    ("type_", "value", "masked", "said"),
    [
        (FieldType.BOOLEAN, True, False, "是"),
        (FieldType.BOOLEAN, False, False, "否"),
        (FieldType.MULTICHOICE, ["a", "b"], False, "甲、b"),
        (FieldType.DATE, "2026-11-20", False, "2026年11月20日"),
        (FieldType.DATE, "不知道", False, "不知道"),
        (FieldType.MOBILE, "13812346621", True, "138****6621"),
        (FieldType.MOBILE, "13812346621", False, "13812346621"),
        (FieldType.NUMBER, "12.5", False, "12.5 米"),
        (FieldType.TEXT, None, False, ""),
    ],
)
def test_a_stored_value_is_said_in_words(type_: FieldType, value: object, masked: bool, said: str) -> None:
    spec = FieldSpec(
        "f", "长度", type_, required=True, options=(Option("a", "甲"),), unit="米" if type_ is FieldType.NUMBER else ""
    )
    assert say_value(spec, value, masked=masked) == said
