"""Conditions as trees on the page of a case: groups with marks, unknown apart from false, values by their grade."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client

from shuzheng.base.access.models import Reading
from shuzheng.base.kernel.pack import Table
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.rules.explaining import explain
from shuzheng.engines.rules.types import BOOL, TEXT, Fact, Facts, Sensitivity, number
from shuzheng.packs.queries import read_pack
from shuzheng.portals.officer.trees import Branch, ConditionLine, grow, lines_of
from shuzheng.services.items import pack as items_pack
from shuzheng.services.items.types import ConditionView, Judged
from tests.items.city import with_cell
from tests.portals.browsing import PERMIT, page
from tests.portals.conftest import AT, TEMPLATE
from tests.portals.walking import at_desk, make_case

SCHEMA = {
    fact.name: fact
    for fact in (
        Fact("local", BOOL, "本地户籍"),
        Fact("income", number(12, 2), "月收入", unit="元", sensitivity=Sensitivity.L3),
        Fact("kind", TEXT, "人员类别"),
        Fact("left", BOOL, "已经离开"),
    )
}
RULE = check_rule("local AND (income < 1000 OR kind = '低保') AND NOT (left AND kind = '其他')", SCHEMA)


def grown(facts: Facts) -> Branch:
    return grow(RULE, explain(RULE, facts))


def test_groups_are_true_false_or_unknown_by_what_stands_in_them() -> None:
    tree = grown({"local": True, "income": 2000, "left": False})
    local, either, neither = tree.parts
    assert (tree.kind, tree.holds, tree.counts) == ("all", None, (2, 0, 1))
    assert (local.kind, local.holds) == ("leaf", True)
    assert (either.kind, either.holds, either.counts) == ("any", None, (0, 1, 1))
    assert (neither.kind, neither.holds, neither.counts) == ("any", True, (1, 0, 1))
    assert either.parts[1].missing == ("人员类别",)


def test_what_is_not_known_is_not_taken_for_false() -> None:
    assert grown({}).holds is None
    assert grown({"local": False}).holds is False
    assert grown({"local": True, "kind": "低保"}).holds is True


def show(facts: Facts, seen: Sensitivity = Sensitivity.L4) -> str:
    found = explain(RULE, facts)
    view = ConditionView(1, "符合条件", "不符合", "办法")
    (line,) = lines_of([Judged(view, found.holds, found, (), (), RULE)], seen)
    return render_to_string("officer/_tree.html", {"node": line.tree})


def test_a_group_that_is_true_is_folded_and_one_that_fails_or_is_open_is_not() -> None:
    html = show({"local": True, "income": 2000, "left": False})
    assert [mark == " open" for mark in re.findall(r"<details( open)?>", html)] == [True, True, False]
    assert " open>" not in show({"local": True, "kind": "低保", "left": False})


def test_marks_are_words_and_not_colour_alone() -> None:
    html = show({"local": False, "income": 2000})
    for words in ("成立：", "不成立：", "不知道：", "还不知道：", "下面各项都要成立", "下面有一项成立就行"):
        assert words in html, words
    assert html.count('role="list"') == len(re.findall("<ul", html))


def test_a_value_above_what_the_reader_sees_is_not_in_the_tree() -> None:
    facts: Facts = {"local": True, "income": 2000, "kind": "其他", "left": False}
    assert "2,000" in show(facts, Sensitivity.L3)
    hidden = show(facts, Sensitivity.L2)
    assert "2,000" not in hidden
    assert "不显示（L3 级）" in hidden


def test_a_condition_whose_rule_cannot_be_read_has_no_tree() -> None:
    view = ConditionView(1, "符合条件", "不符合", "办法")
    assert lines_of([Judged(view, None, None, ())], Sensitivity.L2) == (ConditionLine(view, None, None, (), (), None),)


@pytest.fixture
def desk(city: None) -> Client:
    return at_desk("shouli")


def _conditions(html: str) -> str:
    start = html.index('id="conditions"')
    return html[start : html.index("</section>", start)]


def test_the_case_page_shows_each_condition_as_a_tree(desk: Client) -> None:
    case = make_case()
    html = _conditions(page(desk, f"/desk/cases/{case.number}/"))
    assert html.count("rule-tree") == html.count('class="tree"') == 2
    assert "86.5" in html
    assert html.count('<details class="tree" open') == 1  # what is not known yet; the one that holds is folded


def test_a_sensitive_value_is_shown_on_the_case_page_after_the_purpose_was_given(desk: Client) -> None:
    _grade_area("L3")
    case = make_case()
    address = f"/desk/cases/{case.number}/"
    assert "86.5" not in _conditions(page(desk, address))
    assert "不显示（L3 级）" in _conditions(page(desk, address))
    full = desk.post(f"{address}reveal/", {"purpose": "核对面积"}).content.decode()
    assert "86.5" in _conditions(full)
    assert Reading.objects.filter(purpose="核对面积").count() == 1


def test_a_value_of_the_highest_grade_is_shown_to_no_officer(desk: Client) -> None:
    _grade_area("L4")
    case = make_case()
    full = desk.post(f"/desk/cases/{case.number}/reveal/", {"purpose": "核对面积"}).content.decode()
    assert "86.5" not in _conditions(full)


def _grade_area(grade: str) -> None:
    """Load the pack with the floor area graded."""
    pack = read_pack(TEMPLATE)
    rows = pack.of("forms.toml")
    index = next(n for n, row in enumerate(rows) if row.text("basic_code") == PERMIT)
    sections = [
        Table({**section, "field": _graded(section, grade)}, section.line) for section in rows[index].tables("section")
    ]
    items_pack.apply(with_cell(pack, "forms.toml", index, section=sections), actor=SYSTEM, at=AT)


def _graded(section: Table, grade: str) -> list[Table]:
    fields = section["field"]
    assert isinstance(fields, list)
    return [
        Table({**field, **({"sensitivity": grade} if field["name"] == "area" else {})}, field.line) for field in fields
    ]
