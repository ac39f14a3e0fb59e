"""惠企利民: a firm sees what fits it and what it lacks; an officer looks for everyone; a visitor reads."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Doors, Visitor
from tests.e2e.walking import act_for_firm, press

FITS, TIMES, EARLIER = "FW-KJ-01-341525-2023", "FW-KJ-02-341525-2023", "FW-KJ-01-341525-2022"


def pharmacy(visit: Doors, width: str = "wide") -> Visitor:
    person = visit("huiqi", width=width)
    act_for_firm(person, "兰溪大药房")
    return person


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_a_visitor_reads_what_a_policy_gives_and_what_is_looked_up_where(visit: Doors, width: str) -> None:
    person = visit(width=width)
    page = person.page
    page.goto("/policies/")
    person.look("policies-list")
    page.goto("/policies/?q=高新技术&year=2023")
    expect(page.get_by_role("link", name="首次认定高新技术企业奖励").first).to_be_visible()
    page.goto(f"/policies/{FITS}/")
    main = page.get_by_role("main")
    expect(main).to_contain_text("200,000 元")
    expect(main).to_contain_text("《高新技术企业信息》")
    expect(main.get_by_role("link", name="登录看看")).to_be_visible()
    person.look("policy-visitor")
    page.goto("/policies/?q=没有这样的政策")
    expect(page.get_by_role("heading", name="没有这样的政策")).to_be_visible()


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_a_firm_sees_what_fits_and_what_is_lacking(visit: Doors, width: str) -> None:
    person = pharmacy(visit, width)
    page = person.page
    page.goto("/policies/")
    page.get_by_role("link", name="看哪些政策适合我").click()
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", name=re.compile("符合的 [1-9]"))).to_be_visible()
    person.look("policies-mine")
    page.goto(f"/policies/{FITS}/")
    expect(page.get_by_role("heading", name=re.compile("兰溪大药房有限公司符合"))).to_be_visible()
    expect(main).to_contain_text("按登记数据算出：200,000 元")
    person.look("policy-fits")
    page.goto(f"/policies/{TIMES}/")
    expect(page.get_by_role("heading", name=re.compile("兰溪大药房有限公司不符合"))).to_be_visible()
    expect(main).to_contain_text("还差 1")
    person.look("policy-lacks")
    page.goto(f"/policies/{EARLIER}/")
    expect(main).to_contain_text("待核")
    expect(main).to_contain_text("由《高新技术企业信息》的")
    person.look("policy-open")


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_an_officer_finds_everyone_and_says_what_for(visit: Doors, width: str) -> None:
    person = visit("shuju", width=width)
    page = person.page
    page.goto("/desk/policies/?q=高新技术")
    person.look("desk-policies")
    page.get_by_role("link", name="首次认定高新技术企业奖励").click()
    page.get_by_role("button", name=re.compile("查找符合对象")).click()
    for _ in range(60):
        page.goto("/desk/policies/FW-KJ-01/")
        if page.get_by_role("main").get_by_text("已完成").count():
            break
        page.wait_for_timeout(500)
    main = page.get_by_role("main")
    expect(main).to_contain_text("已完成")
    person.look("desk-policy")
    main.get_by_role("link", name=re.compile("^符合 [1-9]")).first.click()
    page.get_by_label("用途").fill("核对 2023 年度兑付名单")
    person.look("desk-matches-before")
    press(page, "查看名单")
    expect(page.get_by_role("table")).to_contain_text("有限公司")
    person.look("desk-matches")
