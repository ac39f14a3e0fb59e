"""Changing what is offered: proposed by its department, reviewed by another, in force from a day; cases keep theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.directory.queries import forget_depths
from shuzheng.base.jobs.actions import run_due
from shuzheng.base.jobs.types import HANDLERS
from shuzheng.base.kernel.pack import PackRows
from shuzheng.base.kernel.types import SYSTEM, Actor, Json
from shuzheng.base.ledger.queries import list_entries
from shuzheng.base.notices.queries import list_notices
from shuzheng.engines.cases.queries import get_case, get_deadlines
from shuzheng.services.items import pack
from shuzheng.services.items.actions import changing as act
from shuzheng.services.items.errors import (
    ChangeEffectTooEarly,
    ChangeEffectTooFar,
    ChangeMoved,
    ChangeNotFound,
    ChangeUnfit,
    ChangeWordsMissing,
    ItemMoved,
    MayNotPropose,
    MayNotReview,
    NotYourItem,
    OwnReview,
)
from shuzheng.services.items.models import Item, ItemChange, ItemChangeStep, Unit
from shuzheng.services.items.pack.reading import read_contents
from shuzheng.services.items.queries import changing as read, get_draft_form, get_guide, get_item, get_unit, search
from shuzheng.services.items.queries.catalogue import get_unit_row
from shuzheng.services.items.rules.changing.comparing import differences
from shuzheng.services.items.rules.changing.facts import changed_facts, item_facts, over, with_item_facts
from shuzheng.services.items.rules.changing.fields import blank_rows, typed_of_item
from shuzheng.services.items.rules.changing.limits import ItemBounds, UnitBounds
from shuzheng.services.items.rules.changing.merging import merge_content, overlay_units
from shuzheng.services.items.rules.changing.permitting import lies_in
from shuzheng.services.items.rules.changing.reading import read_item, read_unit
from shuzheng.services.items.rules.content import ItemContent
from shuzheng.services.items.types import Handling
from shuzheng.services.items.types.changing import ChangeAct, ChangeId, ChangeState, ChangeView
from tests.items.city import (
    APPROVER,
    AT,
    CLERK,
    COUNTY_UNIT,
    PERMIT,
    STRANGE_CLERK,
    for_firm,
    load_city,
    start,
    submitted,
    with_cell,
    without,
)
from tests.items.reviewing import (
    AUTHORITY,
    BUREAU,
    CITY_CLERK,
    COUNTY,
    SECOND_REVIEWER,
    THIRD_REVIEWER,
    TWO_POSTS,
    in_post,
    with_reviewers,
)

TODAY = date(2026, 11, 24)
LATER = TODAY + timedelta(days=7)


@pytest.fixture
def rows(db: None) -> PackRows:
    forget_depths()
    loaded = with_reviewers(load_city())
    directory_pack.apply(loaded, actor=SYSTEM, at=AT)
    if act.TAKE_EFFECT_JOB not in HANDLERS:
        HANDLERS.register(act.TAKE_EFFECT_JOB, act.take_effect)
    return loaded


def proposer() -> Actor:
    return in_post(CITY_CLERK, BUREAU)


def reviewer(id_no: str = SECOND_REVIEWER) -> Actor:
    return in_post(id_no, AUTHORITY)


def typed(**over: Any) -> dict[str, Sequence[str]]:
    """The editor as filled in: the reason, and what is changed."""
    fields: dict[str, Any] = {"reason": "并联审查后可以缩短", "wanted_on": TODAY.isoformat(), **over}
    return {
        name.replace("__", "-"): (value,) if isinstance(value, str) else tuple(value) for name, value in fields.items()
    }


def save(actor: Actor | None = None, at: datetime = AT, **over: Any) -> ChangeView:
    about: dict[str, Any] = {"base": 1, "item": PERMIT, "command_id": uuid4()}
    known = {key: over.pop(key) for key in list(over) if key in {*about, "unit", "change_id", "expected_rev"}}
    about |= known
    if "unit" in known or "change_id" in known:
        del about["item"]
    view, _problems = act.save_change(typed(**over), actor=actor or proposer(), at=at, **about)
    return view


def submit(change: ChangeView, actor: Actor | None = None, at: datetime = AT) -> ChangeView:
    return act.submit_change(change.id, command_id=uuid4(), actor=actor or proposer(), at=at)


def approve(
    change: ChangeView, on: date = TODAY, by: Actor | None = None, at: datetime = AT, **given: Any
) -> ChangeView:
    given.setdefault("command_id", uuid4())
    return act.approve_change(change.id, effective_on=on, actor=by or reviewer(), at=at, **given)


def in_force(at: datetime = AT, **over: Any) -> ChangeView:
    """A change approved for today."""
    return approve(submit(save(at=at, **over), at=at), at=at)


def state_of(change: ChangeView) -> tuple[str, int, int]:
    row = ItemChange.objects.get(public_id=change.id)
    return row.state, row.rev, Item.objects.filter(code=PERMIT).count()


# Rules


def content(**over: Any) -> ItemContent:
    columns: dict[str, Json] = {
        "code": PERMIT, "name": "小餐饮经营许可", "kind": "01", "department": "市市场监管局", "applicant": "both",
        "handling": "promised", "theme": "行业准营", "result_kind": "licence", "result_name": "许可证",
        "licence_type": "", "legal_basis": "办法第三条", "legal_days": 20, "promised_days": 4, "visits": 0,
        "fee_fen": 0,
        "levels": ["city"], "channels": ["window", "online"], **over,
    }  # fmt: skip
    material: dict[str, Json] = {
        "seq": 1, "name": "申请书", "source": "applicant", "licence_type": "", "dataset": "", "copies": 1,
        "required": "always", "condition_zh": "",
    }  # fmt: skip
    guide: Mapping[str, Json] = {
        "scope_zh": "本市",
        "flow_zh": ["申请", "受理"],
        "faq": [],
        "department": "市市场监管局",
    }
    return ItemContent(columns=columns, materials=[material], guide=guide, form={}, licence_fields=[])


FACTS = item_facts(content())
BOUNDS = ItemBounds(Handling.PROMISED, 20, frozenset({1}), frozenset({"营业执照"}))


def test_what_the_editor_shows_reads_back_as_it_was() -> None:
    assert read_item(typed_of_item(FACTS), FACTS, BOUNDS) == (FACTS, ())


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("promised_days", "21", "不能超过法定时限 20"),
        ("promised_days", "0", "至少 1 个工作日"),
        ("promised_days", "五", "0 到 999 的整数"),
        ("promised_days", "", "例如 5"),
        ("visits", "10", "0 到 9"),
        ("fee", "十元", "单位是元"),
        ("fee", "-1", "单位是元"),
        ("channels", "", "至少勾选一种"),
        ("scope", "长" * 2001, "最多 2000 个字"),
        ("flow", "长" * 401, "第 1 行太长"),
        ("m-1-name", "", "不再要这份材料"),
        ("m-1-source", "nowhere", "从哪里来"),
        ("m-1-source", "licence", "请写证照名称"),
        ("m-1-licence_type", "没有的证", "没有这种电子证照"),
        ("m-1-required", "conditional", "什么情况下要提供"),
        ("m-1-copies", "0", "份数至少是 1"),
        ("m-1-drop", "1", "不能单独去掉"),
        ("faq-1-question", "多久？", "请写这个问题的回答"),
    ],
)
def test_each_wrong_field_is_said_with_an_example_and_changes_nothing(field: str, wrong: str, said: str) -> None:
    read_back, problems = read_item({**typed_of_item(FACTS), field: (wrong,)}, FACTS, BOUNDS)
    assert any(said in problem.message for problem in problems)
    assert read_back == FACTS


def test_an_instant_item_promises_nothing() -> None:
    facts = item_facts(content(handling="instant", promised_days=0))
    _read, problems = read_item({"promised_days": ("1",)}, facts, ItemBounds(Handling.INSTANT, None))
    assert [problem.field for problem in problems] == ["promised_days"]


def test_full_width_digits_and_windows_line_ends_are_understood() -> None:
    read_back, problems = read_item({"promised_days": ("３",), "flow": ("申请\r\n当场办结\r\n",)}, FACTS, BOUNDS)
    assert problems == ()
    assert (read_back["promised_days"], read_back["guide.flow"]) == (3, ["申请", "当场办结"])


def test_a_new_material_gets_the_next_number_and_a_dropped_one_goes() -> None:
    raw = {f"m-n1-{part}": (value,) for part, value in (
        ("name", "房产证明"), ("source", "licence"), ("licence_type", "营业执照"), ("copies", "1"),
        ("required", "conditional"), ("condition", "租房的"),
    )}  # fmt: skip
    bounds = replace(BOUNDS, held=frozenset())
    read_back, problems = read_item({**typed_of_item(FACTS), **raw, "m-1-drop": ("1",)}, FACTS, bounds)
    assert problems == ()
    changed = changed_facts(FACTS, read_back)
    assert changed["material.1"] is None
    assert with_item_facts(content(), changed).materials == [
        {
            "seq": 2, "name": "房产证明", "source": "licence", "licence_type": "营业执照", "dataset": "", "copies": 1,
            "required": "conditional", "condition_zh": "租房的",
        }
    ]  # fmt: skip


def test_blank_rows_follow_those_in_use() -> None:
    shown = {**typed_of_item(FACTS), "m-n1-name": ("新",), "faq-1-question": ("问",)}
    assert blank_rows(shown) == (("1", "n1", "n2", "n3"), (1, 2, 3))


def test_a_difference_is_told_line_by_line() -> None:
    found = differences(FACTS, {"guide.flow": ["申请", "审查", "受理"], "promised_days": 3})
    assert [(d.label, [(line.mark, line.text) for line in d.lines]) for d in found] == [
        ("承诺时限（工作日）", [("gone", "4"), ("new", "3")]),
        ("办理流程", [("same", "申请"), ("new", "审查"), ("same", "受理")]),
    ]


@given(st.sampled_from(["promised_days", "visits", "guide.scope", "guide.flow"]), st.integers(1, 9))
def test_what_changed_put_over_what_was_gives_what_is(key: str, n: int) -> None:
    after = {**FACTS, key: [str(n)] if key == "guide.flow" else str(n) if key == "guide.scope" else n}
    changed = changed_facts(FACTS, after)
    assert over(FACTS, changed) == after
    assert item_facts(with_item_facts(content(), changed)) == after


def test_a_unit_promises_less_than_its_item_or_as_much_by_saying_nothing() -> None:
    facts: dict[str, Json] = {"window": "A", "promised_days": None, "address": "", "phone": "", "hours": ""}
    bounds = UnitBounds(Handling.PROMISED, 4, frozenset({"A", "B"}))
    assert read_unit({"promised_days": ("3",), "window": ("B",)}, facts, bounds)[0]["promised_days"] == 3
    for wrong in ("4", "0", "x"):
        assert read_unit({"promised_days": (wrong,)}, facts, bounds)[1][0].field == "promised_days"
    assert read_unit({"window": ("Z",)}, facts, bounds)[1][0].field == "window"
    assert read_unit({"phone": ("打给我",)}, facts, bounds)[1][0].field == "phone"


@pytest.mark.parametrize(
    ("inner", "outer", "inside"),
    [
        ("990102", "990100", True),
        ("990102100201", "990102", True),
        ("990100", "990102", False),
        ("980102", "990100", False),
    ],
)
def test_a_place_lies_in_another_by_its_code(inner: str, outer: str, inside: bool) -> None:
    assert lies_in(inner, outer) is inside


def test_a_pack_and_an_approved_change_of_different_fields_both_stand() -> None:
    merged = merge_content(loaded=content(), edited=content(promised_days=3), incoming=content(fee_fen=1000))
    assert (merged.content.columns["promised_days"], merged.content.columns["fee_fen"]) == (3, 1000)
    assert merged.words == ()


def test_where_a_pack_changes_the_same_field_the_approved_value_stays_and_it_is_said() -> None:
    merged = merge_content(loaded=content(), edited=content(promised_days=3), incoming=content(promised_days=5))
    assert merged.content.columns["promised_days"] == 3
    assert "平台“3”，城市包“5”" in merged.words[0]


def test_an_approved_promise_above_a_new_legal_term_gives_way_and_it_is_said() -> None:
    incoming = content(promised_days=2, legal_days=2)
    merged = merge_content(loaded=content(), edited=content(promised_days=3), incoming=incoming)
    assert merged.content == incoming
    assert "以城市包为准" in merged.words[0]


# Proposing


def test_a_draft_keeps_what_was_typed_wrong_and_says_what_is_wrong(rows: PackRows) -> None:
    view, problems = act.save_change(
        typed(promised_days="30", visits="1", wanted_on="明天"),
        item=PERMIT, base=1, command_id=uuid4(), actor=proposer(), at=AT,
    )  # fmt: skip
    assert [problem.field for problem in problems] == ["promised_days", "wanted_on"]
    assert [difference.key for difference in view.differences] == ["visits"]
    editor = read.get_editor(actor=proposer(), change_id=view.id)
    assert (editor.typed["promised_days"], editor.now["promised_days"]) == (("30",), ("4",))


def test_saving_twice_with_one_command_gives_one_draft(rows: PackRows) -> None:
    command = uuid4()
    first, again = save(promised_days="3", command_id=command), save(promised_days="2", command_id=command)
    assert (first.id, again.rev, ItemChange.objects.count()) == (again.id, 1, 1)


def test_a_wrong_change_is_not_submitted(rows: PackRows) -> None:
    change = save(promised_days="21", reason="")
    with pytest.raises(ChangeUnfit) as refused:
        submit(change)
    assert {getattr(problem, "field", "") for problem in refused.value.problems} == {"promised_days", "reason"}
    assert state_of(change) == ("draft", 1, 1)


def test_nothing_changed_is_not_submitted(rows: PackRows) -> None:
    with pytest.raises(ChangeUnfit):
        submit(save())


def test_an_effective_day_in_the_past_is_not_submitted(rows: PackRows) -> None:
    with pytest.raises(ChangeUnfit):
        submit(save(promised_days="3", wanted_on="2026-11-23"))


@pytest.mark.parametrize(
    ("id_no", "organization", "refusal"),
    [
        (APPROVER, COUNTY, NotYourItem),
        (STRANGE_CLERK, "11990102MBY0000C0T", NotYourItem),
        (TWO_POSTS, AUTHORITY, NotYourItem),
    ],
)
def test_another_department_cannot_propose(
    rows: PackRows, id_no: str, organization: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        save(in_post(id_no, organization), promised_days="3")
    assert not ItemChange.objects.exists()
    assert not ItemChangeStep.objects.exists()


def test_the_right_body_in_a_post_without_the_duty_cannot_propose(rows: PackRows) -> None:
    clerk = replace(proposer(), roles=frozenset({"service_window"}))
    with pytest.raises(MayNotPropose):
        save(clerk, promised_days="3")


def test_a_window_clerk_may_change_the_own_unit(rows: PackRows) -> None:
    change = save(in_post(CLERK, COUNTY), unit=COUNTY_UNIT, hours="周一至周五 9:00—17:00", phone="0990-3333333")
    assert [difference.label for difference in change.differences] == ["咨询电话", "办理时间"]


def test_a_colleague_who_saves_an_old_page_is_told_who_was_first(rows: PackRows) -> None:
    change = save(promised_days="3")
    save(change_id=change.id, expected_rev=1, promised_days="2")
    with pytest.raises(ChangeMoved) as refused:
        save(change_id=change.id, expected_rev=1, promised_days="1")
    assert "苏湖颖" in str(refused.value)
    assert ItemChange.objects.get().after == {"promised_days": 2}


def test_a_dropped_change_is_over(rows: PackRows) -> None:
    change = submit(save(promised_days="3"))
    dropped = act.drop_change(change.id, command_id=uuid4(), actor=proposer(), at=AT)
    assert dropped.state is ChangeState.DROPPED
    with pytest.raises(ChangeMoved):
        approve(change)


def test_a_draft_is_seen_by_its_own_body_only(rows: PackRows) -> None:
    change = save(promised_days="3")
    for stranger in (reviewer(), in_post(CLERK, COUNTY), for_firm()):
        with pytest.raises(ChangeNotFound):
            read.get_change(change.id, actor=stranger)
    submit(change)
    assert read.get_change(change.id, actor=reviewer()).may_approve
    with pytest.raises(ChangeNotFound):
        read.get_change(change.id, actor=in_post(CLERK, COUNTY))


# Reviewing


def test_an_approved_change_makes_a_new_version_with_its_digest(rows: PackRows) -> None:
    change = in_force(promised_days="3", scope="全市的小餐饮")
    item = Item.objects.get(code=PERMIT, current=True)
    assert (item.version, item.edited, change.version) == (2, True, 2)
    assert item.digest != Item.objects.get(code=PERMIT, version=1).digest
    guide = get_guide(PERMIT)
    assert (guide.item.promised_days, guide.scope) == (3, "全市的小餐饮")
    assert change.state is ChangeState.IN_FORCE


def test_a_change_is_found_by_its_new_words_at_once(rows: PackRows) -> None:
    assert not search("孔雀开屏").total
    in_force(scope="本市的小餐饮，包括孔雀开屏类")
    assert [hit.item.code for hit in search("孔雀开屏").hits] == [PERMIT]


def test_every_step_is_in_the_history_and_in_the_ledger(rows: PackRows) -> None:
    change = in_force(promised_days="3")
    acts = [ChangeAct.SAVED, ChangeAct.SUBMITTED, ChangeAct.APPROVED, ChangeAct.TOOK_EFFECT]
    assert [step.act for step in change.steps] == acts
    assert [(step.by, step.org_name) for step in change.steps[1:3]] == [
        ("苏湖颖", "市市场监管局"),
        ("章云烟", "市数管局"),
    ]
    entries = list_entries(f"urn:shuzheng:item-change:{change.id}")
    assert [entry.act for entry in entries] == [f"items.change_{a}" for a in acts]
    assert f"urn:shuzheng:item:{PERMIT}" in entries[0].related


def test_nobody_reviews_what_they_wrote_in_whatever_post(rows: PackRows) -> None:
    author = in_post(TWO_POSTS, BUREAU)
    change = submit(save(author, promised_days="3"), author)
    himself = in_post(TWO_POSTS, AUTHORITY)
    for review in (approve, lambda c, by: act.return_change(c.id, words="不", command_id=uuid4(), actor=by, at=AT)):
        with pytest.raises(OwnReview):
            review(change, by=himself)
    assert state_of(change) == ("review", 2, 1)
    assert read.get_change(change.id, actor=himself).why_not == OwnReview.text


def test_whoever_only_submitted_a_colleagues_draft_does_not_review_it_either(rows: PackRows) -> None:
    change = submit(save(promised_days="3"), in_post(TWO_POSTS, BUREAU))
    with pytest.raises(OwnReview):
        approve(change, by=in_post(TWO_POSTS, AUTHORITY))


def test_only_a_data_authority_of_the_place_reviews(rows: PackRows) -> None:
    change = submit(save(promised_days="3"))
    with pytest.raises(MayNotReview):
        approve(change, by=in_post(TWO_POSTS, BUREAU))
    county_authority = replace(in_post(CLERK, COUNTY), roles=frozenset({"data_authority"}))
    with pytest.raises(ChangeNotFound):
        approve(change, by=county_authority)
    own_unit = in_post(CLERK, COUNTY)
    unit_change = submit(save(own_unit, unit=COUNTY_UNIT, hours="每天 9:00—17:00"), own_unit)
    other_hand = replace(in_post(APPROVER, COUNTY), roles=frozenset({"data_authority"}))
    assert approve(unit_change, by=other_hand).state is ChangeState.IN_FORCE


@pytest.mark.parametrize(
    ("on", "refusal"),
    [(TODAY - timedelta(days=1), ChangeEffectTooEarly), (TODAY + timedelta(days=400), ChangeEffectTooFar)],
)
def test_a_change_takes_effect_from_today_to_a_year_ahead(rows: PackRows, on: date, refusal: type[Exception]) -> None:
    change = submit(save(promised_days="3"))
    with pytest.raises(refusal):
        approve(change, on)
    assert state_of(change) == ("review", 2, 1)


def test_sending_back_needs_a_reason_which_the_proposer_reads(rows: PackRows) -> None:
    change = submit(save(promised_days="3"))
    with pytest.raises(ChangeWordsMissing):
        act.return_change(change.id, words=" ", command_id=uuid4(), actor=reviewer(), at=AT)
    assert state_of(change) == ("review", 2, 1)
    act.return_change(change.id, words="请写明怎样缩短", command_id=uuid4(), actor=reviewer(), at=AT)
    assert read.get_editor(actor=proposer(), change_id=change.id).returned == "请写明怎样缩短"
    person_id = proposer().person
    assert person_id is not None
    assert "被退回" in list_notices(person_id, after=None).rows[0].title
    again = submit(save(change_id=change.id, promised_days="2"))
    assert approve(again).version == 2


def test_of_two_reviewers_at_once_the_second_is_told_who_was_first(rows: PackRows) -> None:
    change = submit(save(promised_days="3"))
    approve(change, expected_rev=change.rev)
    with pytest.raises(ChangeMoved) as refused:
        act.return_change(
            change.id,
            words="不同意",
            expected_rev=change.rev,
            command_id=uuid4(),
            actor=reviewer(THIRD_REVIEWER),
            at=AT,
        )
    assert state_of(change)[0] == "in_force"
    assert str(refused.value)


def test_approving_twice_with_one_command_makes_one_version(rows: PackRows) -> None:
    change, command = submit(save(promised_days="3")), uuid4()
    first, again = approve(change, command_id=command), approve(change, command_id=command)
    assert (first.version, again.version, Item.objects.filter(code=PERMIT).count()) == (2, 2, 2)


# Taking effect


def test_the_guide_shows_the_new_value_from_its_day_on(rows: PackRows) -> None:
    change = approve(submit(save(promised_days="3")), LATER)
    assert change.state is ChangeState.APPROVED
    eve = datetime.combine(LATER, AT.time(), tzinfo=AT.tzinfo) - timedelta(hours=11)
    run_due(at=eve)
    assert get_guide(PERMIT).item.promised_days == 4
    run_due(at=eve + timedelta(hours=2))
    assert get_guide(PERMIT).item.promised_days == 3
    run_due(at=eve + timedelta(hours=3))
    assert state_of(change) == ("in_force", 4, 2)


def test_an_approved_change_that_was_sent_back_does_not_take_effect(rows: PackRows) -> None:
    change = approve(submit(save(promised_days="3")), LATER)
    act.return_change(change.id, words="等新办法发布", command_id=uuid4(), actor=reviewer(), at=AT)
    run_due(at=AT + timedelta(days=8))
    assert get_item(PERMIT).promised_days == 4


def test_a_case_and_a_draft_under_way_keep_their_version_and_dates(rows: PackRows) -> None:
    case, draft = submitted(), start()
    due = get_deadlines(case.id, at=AT)
    in_force(promised_days="3", flow="申请\n办结")
    now = get_case(case.number, actor=for_firm())
    assert (now.item_version, now.due_on, get_deadlines(case.id, at=AT)) == (1, case.due_on, due)
    assert get_draft_form(draft.id, actor=for_firm(), at=AT).version == 1
    assert start(unit=f"11990122MBY0000A444{PERMIT}").item.version == 2


def test_a_change_on_an_old_version_is_refused_with_both_values(rows: PackRows) -> None:
    mine = save(promised_days="3", visits="1")
    in_force(promised_days="2")
    with pytest.raises(ItemMoved) as refused:
        submit(mine)
    (clash,) = refused.value.clashes
    lines = [[line.text for line in getattr(clash, side)] for side in ("was", "mine", "now")]
    assert lines == [["4"], ["3"], ["2"]]
    assert state_of(mine)[0] == "draft"
    assert read.get_change(mine.id, actor=proposer()).clashes == refused.value.clashes


def test_a_page_filled_in_on_an_old_version_changes_only_what_was_typed_on_it(rows: PackRows) -> None:
    page = read.get_editor(actor=proposer(), item=PERMIT)
    in_force(visits="1")
    sent: dict[str, Any] = {name.replace("-", "__"): value for name, value in page.typed.items()}
    change = save(**{**sent, "promised_days": "3"}, base=page.base)
    assert [difference.key for difference in change.differences] == ["promised_days"]
    with pytest.raises(ItemMoved):
        save(**{**sent, "visits": "2"}, base=page.base)


def test_a_change_whose_ground_moved_before_its_day_goes_back(rows: PackRows) -> None:
    first = approve(submit(save(promised_days="3")), LATER)
    in_force(promised_days="2")
    run_due(at=AT + timedelta(days=8))
    assert state_of(first)[0] == "returned"
    held = read.get_change(first.id, actor=proposer())
    assert held.steps[-1].act is ChangeAct.HELD_UP
    assert "承诺时限" in held.steps[-1].words
    assert get_item(PERMIT).promised_days == 2


def test_a_unit_has_its_own_promise_and_loses_it_when_the_item_promises_as_much(rows: PackRows) -> None:
    own = in_post(CLERK, COUNTY)
    change = approve(submit(save(own, unit=COUNTY_UNIT, promised_days="3", address="石桥路 8 号"), own))
    unit = get_unit(COUNTY_UNIT)
    assert (unit.promised_days, unit.address, change.version) == (3, "石桥路 8 号", None)
    in_force(promised_days="3")
    assert get_unit(COUNTY_UNIT).promised_days is None


# Packs


def test_loading_the_same_pack_again_leaves_an_approved_change_in_force(rows: PackRows) -> None:
    in_force(promised_days="3")
    assert pack.apply(rows, actor=SYSTEM, at=AT).nothing_changed
    assert get_item(PERMIT).promised_days == 3


def permit_row(rows: PackRows) -> int:
    return next(n for n, row in enumerate(rows.of("items.csv")) if row.text("basic_code") == PERMIT)


def test_a_new_pack_with_another_field_is_merged_and_once_more_changes_nothing(rows: PackRows) -> None:
    in_force(promised_days="3")
    newer = with_cell(rows, "items.csv", permit_row(rows), fee_fen="1000")
    later = AT + timedelta(days=1)
    changes = pack.apply(newer, actor=SYSTEM, at=later)
    item = get_item(PERMIT)
    assert (item.promised_days, item.fee_fen, item.version) == (3, 1000, 4)
    assert not [note for note in changes.notes if note.startswith("冲突")]
    assert pack.apply(newer, actor=SYSTEM, at=later).nothing_changed


def test_a_new_pack_with_the_same_field_reports_the_conflict_and_keeps_what_was_approved(rows: PackRows) -> None:
    in_force(promised_days="3")
    changes = pack.apply(with_cell(rows, "items.csv", permit_row(rows), promised_days="6"), actor=SYSTEM, at=AT)
    assert [note for note in changes.notes if note.startswith("冲突") and "平台“3”，城市包“6”" in note]
    assert get_item(PERMIT).promised_days == 3


def test_a_pack_that_caught_up_takes_over(rows: PackRows) -> None:
    in_force(promised_days="3")
    pack.apply(with_cell(rows, "items.csv", permit_row(rows), promised_days="3"), actor=SYSTEM, at=AT)
    assert not Item.objects.get(code=PERMIT, current=True).edited


def test_a_new_pack_leaves_what_was_approved_for_a_unit(rows: PackRows) -> None:
    own = in_post(CLERK, COUNTY)
    approve(submit(save(own, unit=COUNTY_UNIT, hours="每天 9:00—17:00"), own))
    fewer = replace(rows, rows={**rows.rows, "implementers.csv": rows.of("implementers.csv")[:-1]})
    pack.apply(fewer, actor=SYSTEM, at=AT)
    assert Unit.objects.get(code=COUNTY_UNIT).hours == "每天 9:00—17:00"


def test_a_window_whose_body_left_the_pack_gives_way(rows: PackRows) -> None:
    unit = get_unit_row(COUNTY_UNIT).to_row()
    edits = {unit.code: ({"window": unit.window, "hours": ""}, {"window": "gone", "hours": "每天"})}
    words: list[str] = []
    (kept,) = overlay_units([unit], edits, words, bodies={unit.window})
    assert (kept.window, kept.hours, len(words)) == (unit.window, "每天", 1)


def test_a_change_of_an_item_that_was_taken_away_can_still_be_given_up(rows: PackRows) -> None:
    change = approve(submit(save(promised_days="3")), LATER)
    other = save(visits="1")
    pack.apply(without(rows, "items.csv", permit_row(rows)), actor=SYSTEM, at=AT)
    run_due(at=AT + timedelta(days=8))
    assert state_of(change)[0] == "returned"
    for left in (change, other):
        dropped = act.drop_change(left.id, command_id=uuid4(), actor=proposer(), at=AT)
        assert dropped.state is ChangeState.DROPPED


def test_what_the_pack_says_reads_as_what_is_in_force(rows: PackRows) -> None:
    facts = item_facts(read_contents(rows)[PERMIT])
    assert typed_of_item(facts) == read.get_editor(actor=proposer(), item=PERMIT).now


# Lists


def test_a_body_sees_the_items_it_leads_or_implements(rows: PackRows) -> None:
    assert [(row.item.code, row.leads) for row in read.list_my_items(proposer()).rows] == [(PERMIT, True)]
    assert [(row.item.code, row.leads) for row in read.list_my_items(in_post(CLERK, COUNTY)).rows] == [(PERMIT, False)]
    assert read.list_my_items(proposer(), "没有的词").rows == ()
    every = read.list_my_items(reviewer(), everything=True, limit=2)
    assert len(every.rows) == 2
    assert len(read.list_my_items(reviewer(), everything=True, after=every.next).rows) == 1


def test_the_queues_hold_what_each_must_do(rows: PackRows) -> None:
    draft, waiting = save(visits="1"), submit(save(promised_days="3"))
    approved = approve(submit(save(scope="全市")), LATER)

    def ids(actor: Actor, show: str) -> list[ChangeId]:
        return [row.id for row in read.list_changes(actor, show).rows]

    assert ids(proposer(), "") == [waiting.id, draft.id]
    assert ids(reviewer(), "review") == [waiting.id]
    assert ids(proposer(), "review") == []
    assert ids(reviewer(), "waiting") == [approved.id] == ids(proposer(), "waiting")
    assert ids(in_post(CLERK, COUNTY), "waiting") == []
    assert read.count_for_review(reviewer()) == 1
    assert read.list_my_items(proposer()).rows[0].open_changes == 3
    first = read.list_changes(proposer(), limit=1)
    assert [row.id for row in read.list_changes(proposer(), after=first.next).rows] == [draft.id]


def test_an_item_shows_its_versions_and_what_each_changed(rows: PackRows) -> None:
    change = in_force(promised_days="3")
    pack.apply(with_cell(rows, "items.csv", permit_row(rows), fee_fen="1000"), actor=SYSTEM, at=AT + timedelta(days=1))
    desk = read.get_item_desk(PERMIT, actor=proposer())
    assert [(v.version, v.edited, v.in_force, v.change) for v in desk.versions] == [
        (4, True, True, None), (3, False, False, None), (2, True, False, change.id), (1, False, False, None),
    ]  # fmt: skip
    found = read.get_version_difference(PERMIT, 4)
    assert found.before is not None
    assert (found.before.version, [d.key for d in found.differences]) == (2, ["fee_fen"])
    assert read.get_version_difference(PERMIT, 1).before is None
    assert (desk.may_change, desk.refusal) == (True, None)
    stranger = read.get_item_desk(PERMIT, actor=in_post(STRANGE_CLERK, "11990102MBY0000C0T"))
    assert isinstance(stranger.refusal, NotYourItem)


def test_a_change_that_is_not_there_is_not_found(rows: PackRows) -> None:
    with pytest.raises(ChangeNotFound):
        read.get_change(UUID(int=1), actor=proposer())
