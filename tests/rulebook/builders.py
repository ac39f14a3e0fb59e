"""Builders of this room's test data."""

from datetime import UTC, date, datetime
from typing import Any

from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.rules.types import BOOL, DATE, TEXT, Fact, number
from shuzheng.services.rulebook.actions import load_rules
from shuzheng.services.rulebook.types import FactSheet, Loaded, NewRule, RuleCode, RuleKind, SheetCode

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
CODE = RuleCode("form/000199001001/1")


def make_sheet(**over: Any) -> FactSheet:
    facts = {
        fact.name: fact
        for fact in (
            Fact("today", DATE, "办理当天", changeable=False),
            Fact("form.area", number(12, 2), "经营场所面积", unit="平方米"),
            Fact("fact.ent_status", TEXT, "登记状态", register="企业登记基本信息", column="登记状态"),
            Fact("fact.ok", BOOL, "是否合格", null_means="还没有核查", choices=("是", "否")),
        )
    }
    return FactSheet(**{"code": SheetCode("form/000199001001"), "label": "小餐饮申请", "facts": facts, **over})


def make_rule(**over: Any) -> NewRule:
    fields = {
        "code": CODE,
        "kind": RuleKind.CONDITION,
        "sheet": SheetCode("form/000199001001"),
        "label": "经营场所不少于10平方米",
        "text": "form.area >= 10",
        "failure": "面积过小",
        "source": "《样例市小餐饮管理办法》第五条",
        "position": 1,
    }
    return NewRule(**{**fields, **over})


def load(*rules: NewRule, at: datetime = AT, book: str = "form") -> Loaded:
    return load_rules([make_sheet()], rules, book=book, actor=SYSTEM, at=at)
