"""Why not, what would have to be otherwise, and what is still to be asked."""

from datetime import date
from decimal import Decimal

import pytest

from shuzheng.engines.rules.errors import FactInvalid
from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.rules.explaining import explain, still_needed
from shuzheng.engines.rules.rules.facts import read_facts
from shuzheng.engines.rules.types import BOOL, DATE, LIST, TEXT, Fact, Value, number

SCHEMA = {
    fact.name: fact
    for fact in (
        Fact("resident", BOOL, "本市户籍"),
        Fact("birth", DATE, "出生日期", changeable=False),
        Fact("today", DATE, "申请日", changeable=False),
        Fact("income", number(14, 2), "家庭月收入", unit="元"),
        Fact("size", number(3), "家庭人数", unit="人"),
        Fact("district", TEXT, "居住区"),
        Fact("tags", LIST, "人员类别"),
    )
}
RULE = check_rule(
    "resident AND years_between(birth, today) >= 60 AND round(income / size, 2) <= 1210.00"
    " AND district IN ('金安区', '裕安区') AND (has(tags, '低保') OR income < 5000)",
    SCHEMA,
)
KNOWN: dict[str, Value] = {
    "resident": True,
    "birth": date(1966, 5, 6),
    "today": date(2026, 1, 1),
    "income": Decimal("2500.00"),
    "size": 2,
    "district": "金安区",
    "tags": ["低保"],
}


def test_each_condition_is_said_with_what_was_found() -> None:
    found = explain(RULE, KNOWN)
    assert [(one.words, one.holds, one.actual) for one in found.findings] == [
        ("本市户籍：是", True, "是"),
        ("出生日期到申请日的周年数不低于60", False, "59"),
        ("家庭月收入除以家庭人数不高于1,210.00", False, "1,250.00"),
        ("居住区是金安区、裕安区中的一种", True, "金安区"),
        ("人员类别包括低保", True, "低保"),
        ("家庭月收入低于5,000元", True, "2,500.00元"),
    ]


def test_a_near_miss_is_said_with_its_gap_and_its_day() -> None:
    (way,) = explain(RULE, KNOWN).ways
    assert {(one.words, one.gap, one.from_on, one.possible) for one in way} == {
        ("出生日期到申请日的周年数不低于60", None, date(2026, 5, 6), True),
        ("家庭月收入除以家庭人数不高于1,210.00", Decimal("40.00"), None, True),
    }


def test_what_holds_has_nothing_to_change() -> None:
    found = explain(RULE, {**KNOWN, "birth": date(1950, 1, 1), "income": Decimal(2000)})
    assert found.holds is True
    assert found.ways == ()


def test_what_is_not_known_is_no_refusal() -> None:
    found = explain(RULE, {**KNOWN, "birth": date(1950, 1, 1), "income": None})
    assert found.holds is None
    assert [one.missing for one in found.findings if one.holds is None] == [("income",), ("income",)]
    assert found.ways[0][0].missing == ("income",)


def test_time_does_not_cure_everything() -> None:
    rule = check_rule("birth < DATE '1960-01-01'", SCHEMA)
    ((change,),) = explain(rule, KNOWN).ways
    assert not change.possible


def test_no_way_asks_one_fact_to_be_two_things() -> None:
    rule = check_rule("district = '霍邱县' AND district = '金寨县'", SCHEMA)
    assert explain(rule, KNOWN).ways == ()


def test_a_change_that_breaks_another_condition_is_no_way() -> None:
    rule = check_rule("income >= 3000 AND income < 2800 OR district = '裕安区'", SCHEMA)
    ways = explain(rule, KNOWN).ways
    assert [[one.words for one in way] for way in ways] == [["居住区为裕安区"]]


def test_the_changes_of_a_way_stand_in_the_order_of_the_text() -> None:
    rule = check_rule("size >= 3 AND income > 9000 AND NOT resident AND district <> '金安区'", SCHEMA)
    ((*changes,),) = explain(rule, KNOWN).ways
    assert [one.words for one in changes] == [
        "家庭人数不低于3人",
        "家庭月收入高于9,000元",
        "本市户籍：否",
        "居住区不为金安区",
    ]


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ({}, set(SCHEMA)),
        ({"resident": False}, set()),
        ({**KNOWN, "birth": date(1950, 1, 1), "size": None}, {"size"}),
        ({**KNOWN, "size": None}, set()),  # too young: the answer is settled
        ({**KNOWN, "birth": date(1950, 1, 1), "size": 3, "tags": None, "income": Decimal(3000)}, set()),
    ],
)
def test_only_what_can_still_change_the_answer_is_asked(known: dict[str, Value], asked: set[str]) -> None:
    assert still_needed(RULE, known) == asked


@pytest.mark.parametrize(
    ("name", "given", "wanted"),
    [
        ("income", "2500.00", Decimal("2500.00")),
        ("income", 2500, Decimal(2500)),
        ("income", "", None),
        ("resident", "是", True),
        ("resident", "false", False),
        ("birth", "1966-05-06", date(1966, 5, 6)),
        ("district", "金安区", "金安区"),
        ("tags", ["低保"], ["低保"]),
    ],
)
def test_a_value_as_given_becomes_a_value_of_its_fact(name: str, given: object, wanted: Value) -> None:
    assert read_facts(SCHEMA, {name: given, "unknown": 1}) == {name: wanted}


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("income", "1e5"),
        ("income", "9" * 60),
        ("income", "12.345"),
        ("income", "1,200"),
        ("income", 0.1),
        ("income", True),
        ("size", "1000"),
        ("size", "2.5"),
        ("resident", "也许"),
        ("birth", "2023-02-29"),
        ("birth", "20230228"),
        ("district", 3),
        ("district", "a\x00"),
        ("tags", "低保"),
        ("tags", [1]),
    ],
)
def test_a_value_that_does_not_fit_is_refused(name: str, given: object) -> None:
    with pytest.raises(FactInvalid) as refused:
        read_facts(SCHEMA, {name: given})
    assert SCHEMA[name].label in refused.value.message


def test_a_number_as_wide_as_engines_allow_is_read_exactly() -> None:
    wide = Fact("wide", number(38, 2), "总额")
    assert read_facts({"wide": wide}, {"wide": "9" * 36 + ".99"}) == {"wide": Decimal("9" * 36 + ".99")}
