"""Anyone checks a licence: revoked, expired, unknown; by the printed code and by number and name."""

import io
import re

import pypdf
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Doors, Visitor
from tests.e2e.walking import act_for_firm, apply_for_food, decide, open_case, press, scan


def check_number(visitor: Visitor, number: str, name: str) -> Page:
    page = visitor.page
    page.goto("/verify/")
    page.get_by_label("证照编号").fill(number)
    page.get_by_label("持证人名称").fill(name)
    press(page, "核验编号")
    return page


def test_a_revoked_licence_says_so_to_everyone(visit: Doors) -> None:
    firm, clerk, approver, anyone = visit("canyin"), visit("jinchuang"), visit("xianqu"), visit(width="narrow")
    number = apply_for_food(firm)
    decide(clerk, number, "受理", opinion="材料齐全")
    decide(approver, number, "准予许可", opinion="符合条件")
    firm.page.goto(f"/my/cases/{number}/")
    firm.page.get_by_role("main").locator("a[href*='/my/licences/']").first.click()
    firm.page.wait_for_load_state()
    address = scan(firm.page)
    with firm.page.expect_download() as download:
        firm.page.get_by_role("link", name=re.compile("PDF")).first.click()
    text = pypdf.PdfReader(io.BytesIO(download.value.path().read_bytes())).pages[0].extract_text()
    assert "瓜瑞餐饮" in text.replace("\n", "")

    desk = open_case(approver, number)
    desk.get_by_role("main").locator("a[href*='/desk/licences/']").first.click()
    desk.wait_for_load_state()
    press(desk, "作废这张证照")
    expect(desk.locator(".govuk-error-message").first).to_be_visible()
    desk.get_by_label("理由").fill("经营者申请停业，依食品经营许可规定注销")
    desk.get_by_label(re.compile("我核对过")).check()
    press(desk, "作废这张证照")
    approver.look("licence-revoked")

    anyone.page.goto(address)
    heading = anyone.page.locator(".verdict h1")
    expect(heading).to_contain_text("作废")
    anyone.look("verify-revoked")
    firm.page.goto("/my/notices/")
    expect(firm.page.get_by_role("main")).to_contain_text("作废")


def test_an_expired_licence_is_told_by_number_and_name(visit: Doors) -> None:
    anyone = visit()
    page = check_number(anyone, "3415220192023000040", "黄白露")
    expect(page.locator(".verdict h1")).to_contain_text("过期")
    anyone.look("verify-expired")


def test_a_number_with_another_name_tells_nothing(visit: Doors) -> None:
    anyone = visit()
    page = check_number(anyone, "3415220192023000040", "李白")
    expect(page.locator(".verdict h1")).not_to_contain_text("过期")
    expect(page.get_by_role("main")).not_to_contain_text("健康证明")
    anyone.look("verify-unknown")


def test_a_code_can_be_pasted_without_script(visit: Doors) -> None:
    firm, anyone = visit("canyin"), visit(script=False)
    act_for_firm(firm)
    firm.page.goto("/my/licences/")
    firm.page.get_by_role("main").locator("a[href*='/my/licences/']", has_text="营业执照").first.click()
    firm.page.wait_for_load_state()
    address = scan(firm.page)
    anyone.page.goto("/verify/")
    anyone.page.get_by_label("二维码里的编码").fill(address.split("#", 1)[1])
    press(anyone.page, "核验编码")
    expect(anyone.page.locator(".verdict h1")).to_contain_text("有效")
