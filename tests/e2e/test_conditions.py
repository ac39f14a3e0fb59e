"""Both samples of three forms, from the applicant's first step to the officer's conditions.

Answers and facts are those of `tests/items/form_samples.csv`: sample A fulfils every condition, sample B fails one.
"""

import csv
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Doors, Visitor
from tests.e2e.walking import FOOD, UNIT, act_for_firm, fill_form, give_papers, open_case, start, submit

SAMPLES = Path(__file__).parents[1] / "items" / "form_samples.csv"


class Walk(NamedTuple):
    """Who applies for what where, who reads it, and how many conditions it has."""

    item: str
    account: str
    unit: str
    officer: str
    conditions: int


BIRTH = Walk("000720006000", "zufang", "衡山社区", "cunwu", 4)
ALLOWANCE = Walk("000508001000", "dibao", "衡山社区", "cunwu", 6)
RESTAURANT = Walk(FOOD, "canyin", UNIT, "jinchuang", 6)
FIRMS = {"A": "瓜瑞餐饮", "B": "云峰里电子商务"}
"""A restaurant, and a shop whose registered scope holds no catering: what sample B fails is in its register."""


def read_sample(item: str, sample: str) -> tuple[dict[str, str], dict[str, str], int | None]:
    """Return answers and facts by name, and the number of the condition that fails."""
    with SAMPLES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["basic_code"], row["sample"]) == (item, sample)]
    parts = {part: {row["name"]: row["value"] for row in rows if row["part"] == part} for part in ("form", "fact")}
    failing = rows[0]["expected"].partition(":")[2]
    return parts["form"], parts["fact"], int(failing) if failing else None


def write_down(officer: Visitor, number: str, facts: dict[str, str]) -> Page:
    """Write down what the conditions wait for."""
    page = open_case(officer, number)
    page.locator("summary", has_text="填写核查结果").click()
    for field in page.locator("[name^='check:fact.']").all():
        name = (field.get_attribute("name") or "").removeprefix("check:fact.")
        kind = field.evaluate("f => f.type")
        if kind == "radio":
            if field.get_attribute("value") == facts[name]:
                field.check()
        elif kind == "select-one":
            field.select_option(facts[name])
        else:
            field.fill(facts[name])
    page.get_by_label("怎么核查的").fill("现场核查和系统查询")
    page.get_by_role("button", name="保存核查结果").click()
    page.wait_for_load_state()
    return page


@pytest.mark.parametrize("sample", ["A", "B"])
@pytest.mark.parametrize("walk", [BIRTH, ALLOWANCE, RESTAURANT], ids=["birth", "allowance", "restaurant"])
def test_a_sample_comes_out_as_it_should(visit: Doors, walk: Walk, sample: str) -> None:
    answers, facts, failing = read_sample(walk.item, sample)
    person = visit(walk.account)
    if walk is RESTAURANT:
        act_for_firm(person, FIRMS[sample])
    start(person, walk.item, unit=walk.unit)
    fill_form(person, over=answers)
    if "/papers/" in person.page.url:
        give_papers(person)
    early = person.page.locator("section", has=person.page.get_by_role("heading", name=re.compile("条不符合")))
    if failing and walk is not ALLOWANCE:  # what an officer will find out about a fortune is not known here
        expect(early).to_contain_text("有 1 条不符合")
        person.look(f"early-{walk.item}")
    else:
        expect(early).to_have_count(0)
    number = submit(person)

    officer = visit(walk.officer)
    page = open_case(officer, number)
    expect(page.locator("#conditions").get_by_text("待核", exact=True).first).to_be_visible()
    expect(page.locator("#conditions .rule-tree .leaf:visible").get_by_text("还不知道：").first).to_be_visible()
    officer.look(f"waiting-{walk.item}-{sample}")
    if walk is ALLOWANCE:
        phone = visit(walk.officer, width="narrow")
        open_case(phone, number)
        phone.look(f"waiting-{walk.item}-{sample}")
    page = write_down(officer, number, facts)
    box = page.locator("#conditions .conditions > li")
    expect(box).to_have_count(walk.conditions)
    expect(box.get_by_text("待核", exact=True)).to_have_count(0)
    expect(box.get_by_text("不符合", exact=True)).to_have_count(1 if failing else 0)
    expect(box.get_by_text("符合", exact=True)).to_have_count(walk.conditions - (1 if failing else 0))
    expect(box.locator("details[open] .fails")).to_have_count(1 if failing else 0)  # what holds is folded
    if failing:
        expect(box.nth(failing - 1)).to_contain_text("不符合")
    officer.look(f"conditions-{walk.item}-{sample}")


def test_the_form_says_while_it_is_typed_what_will_not_do(visit: Doors) -> None:
    firm = visit("canyin", width="narrow")
    act_for_firm(firm)
    start(firm, FOOD, unit=UNIT)
    fill_form_to(firm, "kitchen_area")
    page = firm.page
    page.locator("[name=area]").fill("50")
    page.locator("[name=kitchen_area]").fill("6")
    said = page.locator("#foreseen")
    expect(said).to_contain_text("食品处理区")
    expect(said).to_contain_text("差 2 平方米")
    firm.look("form-early")
    page.locator("[name=kitchen_area]").fill("12")
    expect(said).not_to_contain_text("食品处理区")


def fill_form_to(visitor: Visitor, name: str) -> None:
    """Go through the steps up to the one that asks for a field."""
    while not visitor.page.locator(f"[name='{name}']").count():
        step = visitor.page.url
        visitor.page.get_by_label("联系人").fill("黄白露")
        visitor.page.get_by_label("联系电话").fill("19999990183")
        visitor.page.get_by_role("button", name="保存并继续").click()
        visitor.page.wait_for_load_state()
        assert visitor.page.url != step
