"""What the card of each demo account says to try, works: `packs/luan/demo_accounts.csv`, column `what_to_try_zh`.

The cards of canyin, jinchuang and xianqu are walked in `test_walk.py`. Only overdue tasks can be urged, and a fresh
city has none: urging is tried over HTTP in `tests/portals/test_desk_inbox.py`.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Doors, Visitor
from tests.e2e.walking import UNIT, act_for_firm, apply_for_food, decide, fill_form, give_papers, picture, press, submit

GRANTED = re.compile("准予|办结|同意|通过")


def apply(person: Visitor, item: str, unit: str, *, waived: tuple[str, ...] = (), given: tuple[str, ...] = ()) -> str:
    """Apply as the card says: papers the city has are waived, the others are asked for and given."""
    page = person.page
    page.goto(f"/items/{item}/apply/")
    page.get_by_role("radio", name=unit).first.check()
    press(page, "开始填写")
    fill_form(person)
    main = page.get_by_role("main")
    for name in waived:
        expect(main.get_by_text(re.compile(f"已查到.*{name}")).first).to_be_attached()
    for name in given:
        expect(main.get_by_label(re.compile(name)).first).to_be_attached()
    if "/papers/" in page.url:
        give_papers(person)
    return submit(person)


@pytest.mark.parametrize(
    ("name", "firm", "item", "unit", "waived", "given"),
    [
        (
            "huoyun",
            "竹影物流",
            "000115001001",
            "交通局",
            ("营业执照", "行驶证", "从业资格"),
            ("检测", "安全生产管理制度"),
        ),
        ("biangeng", "白露亭餐饮", "000125001002", "市场监管局", ("营业执照", "身份证"), ("章程修正案", "股东会决议")),
        ("jiaoshi", "", "000102005003", "教体局", ("身份证", "毕业证书", "普通话"), ("体检",)),
        ("linnong", "", "000132001001", "林业局", ("身份证", "林权证"), ("照片",)),
    ],
)
def test_papers_the_city_has_are_waived_and_the_missing_one_is_uploaded(
    visit: Doors, name: str, firm: str, item: str, unit: str, waived: tuple[str, ...], given: tuple[str, ...]
) -> None:
    person = visit(name)
    if firm:
        act_for_firm(person, firm)
    number = apply(person, item, unit, waived=waived, given=given)
    person.page.goto("/my/cases/")
    expect(person.page.get_by_role("main")).to_contain_text(number)


@pytest.mark.parametrize(("name", "item"), [("laoren", "000508008000"), ("dibao", "000508001000")])
def test_a_village_takes_and_a_town_decides(visit: Doors, name: str, item: str) -> None:
    person, village, town = visit(name), visit("cunwu"), visit("zhenshen")
    number = apply(person, item, "衡山社区", waived=("身份证", "户口簿"))
    decide(village, number, "受理")
    decide(town, number, GRANTED)
    person.page.goto(f"/my/cases/{number}/")
    expect(person.page.get_by_role("main")).to_contain_text(re.compile("已办结|办结|准予|同意"))


def test_an_old_man_looks_at_the_card_for_the_elderly(visit: Doors) -> None:
    person = visit("laoren")
    person.page.goto("/items/002020001000/")
    expect(person.page.get_by_role("heading", level=1)).to_contain_text("老年人优待证")


@pytest.mark.parametrize(("item", "unit"), [("002033001001", "公积金管理部"), ("002006006000", "公安局")])
def test_a_matter_done_on_the_spot_needs_no_paper(visit: Doors, item: str, unit: str) -> None:
    person = visit("zufang")
    person.page.goto(f"/items/{item}/")
    expect(person.page.get_by_role("main")).to_contain_text("当场")
    number = apply(person, item, unit)
    person.page.goto(f"/my/cases/{number}/")
    expect(person.page.get_by_role("main")).to_contain_text(number)


@pytest.mark.parametrize(("name", "unit"), [("zhenchuang", "衡山镇便民服务中心"), ("cunwu", "衡山社区")])
def test_a_window_nearby_finishes_a_birth_on_the_spot(visit: Doors, name: str, unit: str) -> None:
    person, window = visit("zufang"), visit(name)
    number = apply(person, "000720006000", unit, waived=("身份证", "结婚证", "户口簿"))
    decide(window, number, GRANTED)
    person.page.goto(f"/my/cases/{number}/")
    expect(person.page.get_by_role("main")).to_contain_text("办结")


def test_the_city_window_asks_for_a_supplement_and_the_city_decides(visit: Doors) -> None:
    firm, window, approver = visit("canyin"), visit("yunchuang"), visit("shenpi")
    number = apply_for_food(firm, unit="市市场监管局")
    decide(window, number, "要求补正", papers="从业人员健康证明", reasons="健康证明看不清姓名，请重新拍照")
    firm.page.goto(f"/my/cases/{number}/")
    firm.page.locator("#supplement input[type=file]").first.set_input_files(picture("健康证明.png"))
    firm.page.locator("#supplement").get_by_role("button").last.click()
    expect(firm.page.locator("#supplement")).to_have_count(0)
    decide(window, number, "受理")
    decide(approver, number, GRANTED)
    firm.page.goto("/my/licences/")
    expect(firm.page.get_by_role("main")).to_contain_text("食品经营许可证")


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_a_vice_head_opens_the_figures_of_her_district_and_hands_a_task_on(visit: Doors, width: str) -> None:
    firm, head = visit("canyin"), visit("fuquzhang", width=width)
    number = apply_for_food(firm)
    page, main = head.page, head.page.get_by_role("main")
    page.goto("/desk/units/")
    expect(main.get_by_role("row").filter(has_text=UNIT).first).to_be_visible()
    head.look("figures")
    main.get_by_role("row").filter(has_text=UNIT).first.get_by_role("link", name=re.compile(r"\d")).first.click()
    page.wait_for_load_state()
    expect(main).to_contain_text(number)
    head.look("figures-cases")
    page.goto(f"/desk/cases/{number}/")
    page.locator("summary", has_text="改派").click()
    page.get_by_label("改派给").select_option(index=1)
    page.get_by_label("原因").fill("受理岗今天外出")
    page.get_by_role("button", name="改派这一步").click()
    page.wait_for_load_state()
    expect(main).to_contain_text("受理岗今天外出")


def test_the_data_bureau_reviews_a_change_of_an_item(visit: Doors) -> None:
    author, bureau = visit("shenpi"), visit("shuju")
    page = author.page
    page.goto("/desk/items/000125012001/change/")
    scope = page.locator("[name=scope]")
    scope.fill(scope.input_value() + "（含更新改造）")
    page.get_by_label("为什么改").fill("办事指南没有写全")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("main")).to_contain_text("已提交审核")
    bureau.page.goto("/desk/items/changes/?show=review")
    bureau.page.get_by_role("main").get_by_role("table").get_by_role("link").first.click()
    expect(bureau.page.get_by_role("main")).to_contain_text("含更新改造")
    bureau.look("item-review")
    bureau.page.get_by_role("button", name="审核通过").click()
    expect(bureau.page.get_by_role("main")).to_contain_text("已通过")
    visitor = visit()
    visitor.page.goto("/items/000125012001/")
    expect(visitor.page.get_by_role("main")).to_contain_text("含更新改造")
