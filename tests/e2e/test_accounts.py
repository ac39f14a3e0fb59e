"""The cards of the demo accounts, as far as walked here: `packs/luan/demo_accounts.csv`, column `what_to_try_zh`.

The cards of canyin, jinchuang and xianqu are walked in `test_walk.py`. Not walked yet: fuquzhang's opening of figures,
urging and handing on; shuju's review of a change; yunchuang's request for a supplement; the diploma jiaoshi is spared.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Doors, Visitor
from tests.e2e.walking import act_for_firm, apply_for_food, decide, fill_form, give_papers, press, submit

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
        ("huoyun", "竹影物流", "000115001001", "交通局", ("营业执照", "行驶证"), ("检测", "安全生产管理制度")),
        ("biangeng", "白露亭餐饮", "000125001002", "市场监管局", ("营业执照", "身份证"), ("章程修正案", "股东会决议")),
        ("jiaoshi", "", "000102005003", "教体局", ("身份证", "普通话"), ("体检",)),
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


def test_a_town_window_finishes_a_birth_on_the_spot(visit: Doors) -> None:
    person, window = visit("zufang"), visit("zhenchuang")
    number = apply(person, "000720006000", "衡山镇便民服务中心", waived=("身份证", "结婚证", "户口簿"))
    decide(window, number, GRANTED)
    person.page.goto(f"/my/cases/{number}/")
    expect(person.page.get_by_role("main")).to_contain_text("办结")


def test_the_city_window_accepts_what_was_asked_of_the_city(visit: Doors) -> None:
    firm, window, approver = visit("canyin"), visit("yunchuang"), visit("shenpi")
    number = apply_for_food(firm, unit="市市场监管局")
    decide(window, number, "受理")
    decide(approver, number, GRANTED)
    firm.page.goto("/my/licences/")
    expect(firm.page.get_by_role("main")).to_contain_text("食品经营许可证")


def test_a_vice_head_opens_the_figures_of_his_district(visit: Doors) -> None:
    head = visit("fuquzhang")
    head.page.goto("/desk/units/")
    expect(head.page.get_by_role("main")).to_contain_text("金安区")
    head.look("units")


def test_the_data_bureau_opens_the_items(visit: Doors) -> None:
    bureau = visit("shuju")
    bureau.page.goto("/desk/items/")
    expect(bureau.page.get_by_role("heading", level=1)).to_be_visible()
