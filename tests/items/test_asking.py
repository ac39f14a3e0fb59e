"""A form asks only what is still needed and says early what will not do: over the thirty forms."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from shuzheng.base.kernel.types import ItemCode
from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.types import TEXT, Value
from shuzheng.services.items.rules.asking import Asking, ask
from shuzheng.services.items.rules.conditions import Condition, conditions_to_decide, derive, schema_of
from shuzheng.services.items.rules.specs import form_of
from shuzheng.services.items.types import ConditionView
from tests.items.test_conditions import FORMS, SAMPLES, facts_of_sample

LIFT, FIRE, SET_UP, AD, SHOW, DISABLED = (
    "000125012001",
    "000178001001",
    "000125001001",
    "000126001001",
    "000119001001",
    "000769001001",
)


def asked(code: str, answers: Mapping[str, Value], **facts: Value) -> Asking:
    """Ask with these fields answered, in any order, and these facts from registers."""
    form = FORMS[code]
    known = derive(form, {"today": date(2023, 6, 1)} | {f"form.{n}": v for n, v in answers.items()})
    known |= {f"fact.{n}": v for n, v in facts.items()}
    fields = tuple(form_of(ItemCode(code), 1, form).fields())
    return ask(form, fields, conditions_to_decide(form), known, answers.keys())


def test_nothing_answered_skips_and_refuses_nothing() -> None:
    for code in FORMS:
        assert asked(code, {}) == Asking(required=asked(code, {}).required), code
        assert not asked(code, {}).failing


def test_a_rescue_unit_is_asked_for_a_lift_only() -> None:
    assert "rescue" in asked(LIFT, {"kind": "电梯"}).required
    assert asked(LIFT, {"kind": "锅炉"}).skipped == {"rescue"}
    unanswered = asked(LIFT, {})
    assert "rescue" not in unanswered.skipped | unanswered.required


def test_an_answer_left_empty_that_decides_is_said_once_it_was_asked() -> None:
    assert not asked(LIFT, {"kind": "电梯"}).failing
    assert asked(LIFT, {"kind": "电梯", "rescue": None}).failing
    assert not asked(LIFT, {"kind": "锅炉", "rescue": None}).failing


def test_what_a_control_room_needs_is_asked_where_there_is_one() -> None:
    assert "operator_cert" in asked(FIRE, {"control_room": False}).skipped
    assert "operator_cert" in asked(FIRE, {"control_room": True}).required


def test_a_guardian_is_required_for_a_child_as_soon_as_the_age_is_known() -> None:
    assert "guardian" in asked(DISABLED, {"category": "肢体"}, age=9).required
    grown = asked(DISABLED, {"category": "肢体"}, age=30)
    assert "guardian" not in grown.required


def test_a_field_of_the_licence_is_asked_in_any_case() -> None:
    form = FORMS[LIFT]
    fields = tuple(form_of(ItemCode(LIFT), 1, form).fields())
    facts: dict[str, Value] = {"form.kind": "锅炉"}
    found = ask(form, fields, conditions_to_decide(form), facts, {"kind"}, recorded={"rescue"})
    assert not found.skipped


def test_a_rule_on_an_older_edition_of_the_form_takes_an_answer_of_another_type_as_not_known() -> None:
    form = FORMS[SHOW]
    fields = tuple(form_of(ItemCode(SHOW), 1, form).fields())
    was = {**schema_of(form), "form.audience": replace(schema_of(form)["form.audience"], type=TEXT)}
    old = Condition(ConditionView(1, "", "", ""), check_rule("form.audience = '多'", was))
    facts: dict[str, Value] = {"form.audience": Decimal(500)}
    assert ask(form, fields, [old], facts, {"audience"}) == Asking()


def test_the_form_is_asked_as_decided() -> None:
    spec = form_of(ItemCode(LIFT), 1, FORMS[LIFT])
    needed = {one.name: one for one in asked(LIFT, {"kind": "电梯"}).apply(spec).fields()}
    assert needed["rescue"].required
    spared = {one.name: one for one in asked(LIFT, {"kind": "锅炉"}).apply(spec).fields()}
    assert not spared["rescue"].asked
    assert not spared["rescue"].required


@pytest.mark.parametrize(("code", "sample"), sorted(SAMPLES))
def test_what_fails_is_foreseen_and_nothing_skipped_would_have_mattered(code: str, sample: str) -> None:
    rows, form = SAMPLES[code, sample], FORMS[code]
    facts = facts_of_sample(rows)
    fields = tuple(form_of(ItemCode(code), 1, form).fields())
    answered = {name.removeprefix("form.") for name in facts if name.startswith("form.")} | {f.name for f in fields}
    found = ask(form, fields, conditions_to_decide(form), facts, answered)
    expected = rows[0]["expected"]
    assert found.failing == (() if expected == "pass" else (int(expected.partition(":")[2]),))
    without = {name: value for name, value in facts.items() if name.removeprefix("form.") not in found.skipped}
    again = ask(form, fields, conditions_to_decide(form), derive(form, without), answered)
    assert again.failing == found.failing
