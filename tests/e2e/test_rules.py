"""A rule is changed by the officers it belongs to: proposed, reviewed in the inbox, in force for the next case.

With SHUZHENG_PICTURES the pages are kept as pictures, wide and narrow.
"""

import csv
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import HOME, WIDTHS, Doors, Visitor
from tests.e2e.walking import FOOD, apply_for_food, fill_food, give_papers, open_case, start_food, submit

CODE = f"form/{FOOD}/4"
OLD, NEW = "食品处理区不少于8平方米且不低于经营面积两成", "食品处理区不少于20平方米且不低于经营面积两成"
TEXT = "form.kitchen_area >= 20 AND form.kitchen_area * 10 >= form.area * 2"
FIRM = "92341502MBY6N0708H"
TESTS = """- 名称: 食品处理区只有 19.9 平方米
  日期: 2026-12-01
  已知: {form.kitchen_area: 19.9, form.area: 60}
  结论: 不符合
- 名称: 食品处理区正好 20 平方米
  日期: 2026-12-01
  已知: {form.kitchen_area: 20, form.area: 60}
  结论: 符合
"""


def patient() -> str:
    """Return the identity number of somebody whose illness the pack's register knows."""
    with (HOME / "packs" / "luan" / "subject_facts.csv").open(encoding="utf-8", newline="") as file:
        return next(row["subject_id"] for row in csv.DictReader(file) if row["fact"] == "chronic_kind")


def condition(visitor: Visitor, number: str, label: str) -> str:
    """Return what the desk says of a condition of a case."""
    page = open_case(visitor, number)
    return page.locator("ol.conditions > li", has_text=label).inner_text()


def test_a_condition_is_changed_reviewed_and_used_by_the_next_case_only(visit: Doors) -> None:
    firm, clerk, drafter, reviewer = visit("canyin"), visit("jinchuang"), visit("shenpi"), visit("shuju")
    older = apply_for_food(firm)

    page = drafter.page
    page.goto("/desk/rules/?q=食品处理区")
    drafter.look("rules-list")
    page.get_by_role("link", name=OLD).click()
    drafter.look("rules-rule")
    page.get_by_role("link", name="提出修改").click()
    page.get_by_label("名称", exact=True).fill(NEW)
    page.get_by_label("规则文本", exact=True).fill(
        "form.kitchen_area >= 20 AND\nform.kitchen_aera * 10 >= form.area * 2"
    )
    expect(page.locator("[data-checked]")).to_contain_text("第 2 行第 1 列")
    drafter.look("rules-edit-wrong")
    page.get_by_label("规则文本", exact=True).fill(TEXT)
    expect(page.locator("[data-checked] ins").first).to_have_text("20")
    page.get_by_label(re.compile("给出事实和应有的结论")).fill(TESTS)
    expect(page.locator("[data-checked] .tests li")).to_have_count(2)
    page.get_by_label("依据", exact=True).fill("《餐饮服务食品安全操作规范》第二章第四条")
    page.get_by_label("从哪天起生效").fill(page.evaluate("new Date().toLocaleDateString('sv-SE')"))
    page.get_by_label("为什么改").fill("规范修订，食品处理区的下限提高")
    drafter.look("rules-edit")
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator(".note-ok")).to_contain_text("已提交审核")
    drafter.look("rules-proposal")

    desk = reviewer.page
    desk.goto("/desk/")
    desk.locator("tr", has_text=f"规则修改：{NEW}").get_by_role("link").first.click()
    reviewer.look("rules-review")
    desk.set_viewport_size(WIDTHS["narrow"])
    reviewer.look("rules-review")
    desk.set_viewport_size(WIDTHS["wide"])
    desk.get_by_label("意见", exact=True).fill("同意")
    desk.get_by_role("button", name="通过并发布").click()
    expect(desk.locator(".note-ok")).to_contain_text("已办")

    start_food(firm)
    fill_food(firm)
    give_papers(firm)
    newer = submit(firm)
    assert "符合" in (said := condition(clerk, older, OLD))
    assert "不符合" not in said
    assert "不符合" in condition(clerk, newer, NEW)
    page.goto(f"/desk/rules/rule/{CODE}/")
    drafter.look("rules-history")


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_a_rule_is_tried_on_facts(visit: Doors, width: str) -> None:
    officer = visit("xianqu", width=width)
    page = officer.page
    page.goto(f"/desk/rules/try/form/{FOOD}/5/")
    expect(page.get_by_role("heading", level=1)).to_have_text("试一试")
    page.get_by_label("从业人员人数").fill("6")
    page.get_by_label("持有效健康证明人数").fill("4")
    page.get_by_role("button", name="试一试").click()
    expect(page.locator(".verdict-line")).to_contain_text("不符合")
    officer.look("rules-try")


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_a_rule_is_tried_on_what_is_known_of_a_firm_and_of_a_person(visit: Doors, width: str) -> None:
    officer, steward = visit("shenpi", width=width), visit("shuju", width=width)
    for visitor, rule, number, told in (
        (officer, f"form/{FOOD}/2", FIRM, "来自企业登记"),
        (steward, "policy/PW-YB-03/3", patient(), "高度敏感的没有取：门诊慢特病病种"),
    ):
        page = visitor.page
        page.goto(f"/desk/rules/try/{rule}/")
        page.locator("summary", has_text="用一个人或一家企业的事实").click()
        page.get_by_label("身份证号或统一社会信用代码").fill(number[:-1])
        page.locator("#subject_purpose").fill("核对标准")
        page.get_by_role("button", name="取这些事实再试").click()
        expect(page.locator(".govuk-error-summary")).to_contain_text("号码不对")
        page.locator("#subject").fill(number)
        page.get_by_role("button", name="取这些事实再试").click()
        expect(page.locator("[role=status]", has_text="已取")).to_be_visible()
        expect(page.locator("main")).to_contain_text(told)
        expect(page.locator("#subject_purpose")).to_have_value("核对标准")
        assert number not in page.url
        visitor.look(f"rules-try-{rule.partition('/')[0]}")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("list", ""),
        ("nothing", "?q=没有这样的字"),
        ("rule", f"rule/form/{FOOD}/3/"),
        ("edit", f"change/form/{FOOD}/3/"),
        ("proposals", "proposals/"),
    ],
)
def test_pages_of_the_rule_book_fit_a_phone(visit: Doors, name: str, path: str) -> None:
    officer = visit("shenpi", width="narrow")
    officer.page.goto(f"/desk/rules/{path}")
    officer.look(f"rules-{name}")
