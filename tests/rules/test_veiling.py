"""What a reader is not shown of an explanation: values of facts above the grade they see, and what gives them away."""

from datetime import date
from decimal import Decimal

import pytest

from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.rules.explaining import explain
from shuzheng.engines.rules.rules.veiling import veil
from shuzheng.engines.rules.types import DATE, TEXT, Fact, Sensitivity, number

SCHEMA = {
    fact.name: fact
    for fact in (
        Fact("birth", DATE, "出生日期", sensitivity=Sensitivity.L3, changeable=False),
        Fact("today", DATE, "申请日", sensitivity=Sensitivity.L1, changeable=False),
        Fact("income", number(14, 2), "月收入", unit="元", sensitivity=Sensitivity.L3),
        Fact("illness", TEXT, "病种名称", sensitivity=Sensitivity.L4),
        Fact("district", TEXT, "居住区"),
    )
}
RULE = check_rule(
    "years_between(birth, today) >= 60 AND income <= 1210.00 AND illness = '高血压' AND district = '金安区'", SCHEMA
)
FOUND = explain(
    RULE,
    {
        "birth": date(1966, 12, 6),
        "today": date(2026, 11, 24),
        "income": Decimal("2500.00"),
        "illness": "糖尿病",
        "district": "裕安区",
    },
)
SECRETS = {
    Sensitivity.L2: {"59", "2,500.00元", "糖尿病"},
    Sensitivity.L3: {"糖尿病"},
    Sensitivity.L4: set[str](),
}


@pytest.mark.parametrize("seen", list(SECRETS))
def test_values_above_the_readers_grade_are_kept_back_and_the_rest_is_said(seen: Sensitivity) -> None:
    told = veil(FOUND, seen)
    before = {one.actual for one in FOUND.findings}
    assert {one.actual for one in told.findings if one.actual} == before - SECRETS[seen]
    assert sum(one.veiled for one in told.findings) == len(SECRETS[seen])
    assert [one.holds for one in told.findings] == [one.holds for one in FOUND.findings]
    assert [one.words for one in told.findings] == [one.words for one in FOUND.findings]


def test_neither_a_gap_nor_a_day_gives_a_veiled_value_away() -> None:
    changes = [change for way in veil(FOUND, Sensitivity.L2).ways for change in way]
    assert changes
    assert {(change.gap, change.from_on) for change in changes} == {(None, None)}
    assert any(change.gap == Decimal("1290.00") for way in FOUND.ways for change in way)
    assert any(change.from_on == date(2026, 12, 6) for way in FOUND.ways for change in way)
