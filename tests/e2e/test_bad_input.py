"""Bad input at the pages: a clear message, nothing typed lost, nothing done twice."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Doors
from tests.e2e.walking import (
    act_for_firm,
    apply_for_food,
    decide,
    fill_food,
    give_papers,
    open_case,
    press,
    scan,
    start_food,
)


def test_a_wrong_check_character_is_explained_and_kept(visit: Doors) -> None:
    firm = visit("canyin")
    act_for_firm(firm)
    start_food(firm)
    page = firm.page
    page.get_by_label("统一社会信用代码").fill("92341502MBY6N0708K")
    page.get_by_label("联系人").fill("黄白露")
    page.get_by_label("联系电话").fill("12345")
    press(page, "保存并继续")
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_contain_text("校验位")
    expect(page).to_have_title(re.compile("^错误："))
    expect(page.get_by_label("统一社会信用代码")).to_have_value("92341502MBY6N0708K")
    expect(page.get_by_label("联系人")).to_have_value("黄白露")
    firm.look("form-error")


def test_uploads_are_judged_by_content_and_size(visit: Doors) -> None:
    firm = visit("canyin")
    act_for_firm(firm)
    start_food(firm)
    fill_food(firm)
    page = firm.page
    script = {"name": "平面图.pdf", "mimeType": "application/pdf", "buffer": b"#!/bin/sh\nrm -rf /\n"}
    page.locator("main input[type=file]").first.set_input_files(script)  # type: ignore[arg-type]
    press(page, "上传并继续")
    expect(page.get_by_role("main")).to_contain_text("平面布局图")
    expect(page.locator(".govuk-error-message").first).to_be_visible()
    large = {"name": "大图.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + b"0" * (10 * 1024 * 1024 + 1)}
    page.locator("main input[type=file]").first.set_input_files(large)  # type: ignore[arg-type]
    press(page, "上传并继续")
    expect(page.locator(".govuk-error-message").first).to_contain_text("10 MB")
    firm.look("papers-error")


def test_a_session_that_ends_mid_form_loses_nothing(visit: Doors) -> None:
    firm = visit("canyin")
    act_for_firm(firm)
    start_food(firm)
    page = firm.page
    page.get_by_label("联系人").fill("黄白露")
    page.get_by_label("联系电话").fill("19999990183")
    firm.context.clear_cookies(name="sessionid")
    press(page, "保存并继续")
    expect(page.get_by_label("密码", exact=True)).to_be_visible()
    firm.look("session-over")
    page.get_by_label("账号", exact=True).fill("canyin")
    page.get_by_label("密码", exact=True).fill(firm.city.password)
    press(page, "登录")
    # A new session acts for the person; the draft is the firm's: the page says so and offers to go on for the firm.
    if page.get_by_label("联系人").count() == 0:
        page.get_by_role("main").get_by_role("button", name="瓜瑞餐饮").click()
        page.wait_for_load_state()
    expect(page.get_by_label("联系人")).to_have_value("黄白露")
    expect(page.get_by_label("联系电话")).to_have_value("19999990183")


def test_a_double_click_on_submit_makes_one_case(visit: Doors) -> None:
    firm = visit("canyin")
    act_for_firm(firm)
    start_food(firm)
    fill_food(firm)
    give_papers(firm)
    page = firm.page
    page.get_by_role("button", name="提交申请").dblclick()
    page.wait_for_url("**/done/*/")
    number = page.url.rstrip("/").rsplit("/", 1)[1]
    page.goto("/my/cases/")
    expect(page.locator(f"main a[href='/my/cases/{number}/']").first).to_be_visible()
    numbers = re.findall(r"\b341502\d{12}\b", page.get_by_role("main").inner_text())
    assert numbers.count(number) == 1
    # The page that was submitted, sent once more by going back and pressing again, leads to the same case.
    page.goto(f"/done/{number}/")
    page.go_back()
    page.go_back()
    if page.get_by_role("button", name="提交申请").count():
        press(page, "提交申请")
    page.goto("/my/cases/")
    after = set(re.findall(r"\b341502\d{12}\b", page.get_by_role("main").inner_text()))
    assert after == set(numbers)


def test_of_two_officers_at_once_one_wins_and_the_other_is_told(visit: Doors) -> None:
    firm, first, second = visit("canyin"), visit("jinchuang"), visit("jinchuang")
    number = apply_for_food(firm)
    open_case(first, number)
    slow = open_case(second, number)
    slow.get_by_label("意见", exact=True).fill("我也看过了，材料齐全")
    decide(first, number, "受理", opinion="材料齐全")
    slow.locator("section.decide").get_by_role("button", name="受理", exact=True).click()
    slow.wait_for_load_state()
    main = slow.get_by_role("main")
    expect(main).to_contain_text("受理")
    expect(main).to_contain_text("高晴川")
    expect(main).to_contain_text("我也看过了，材料齐全")
    second.look("conflict")


def test_an_officer_of_another_unit_is_told_whom_to_ask(visit: Doors) -> None:
    firm, stranger = visit("canyin"), visit("yunchuang")
    number = apply_for_food(firm)
    answer = stranger.page.goto(f"/desk/cases/{number}/")
    assert answer is not None
    assert answer.status == 403
    expect(stranger.page.get_by_role("main")).to_contain_text("金安区市场监管局")
    stranger.look("refused-unit")


def test_a_resident_cannot_learn_of_anothers_case(visit: Doors) -> None:
    firm, stranger = visit("canyin"), visit("laoren")
    number = apply_for_food(firm)
    answer = stranger.page.goto(f"/my/cases/{number}/")
    assert answer is not None
    assert answer.status == 404
    assert "瓜瑞" not in stranger.page.content()
    stranger.look("not-found")


def test_codes_that_are_forged_cut_or_old_are_told_apart(visit: Doors) -> None:
    firm, anyone = visit("canyin"), visit(width="narrow")
    act_for_firm(firm)
    page = firm.page
    page.goto("/my/licences/")
    page.get_by_role("main").locator("a[href*='/my/licences/']", has_text="营业执照").first.click()
    page.wait_for_load_state()
    address = scan(page)
    check, main = anyone.page, anyone.page.get_by_role("main")
    check.goto(address)
    expect(main).to_contain_text("有效")
    check.goto("/help/")
    check.goto(address)
    expect(main).to_contain_text("核验过")
    anyone.look("verify-replay")
    middle = len(address) - 40
    other = "A" if address[middle] != "A" else "B"
    for name, spoilt, says in (
        (
            "forged",
            address[:middle] + other + address[middle + 1 :],
            "不是本平台签发的码|码不完整",
        ),
        ("cut", address[:-60], "码"),
    ):
        check.goto("/help/")
        check.goto(spoilt)
        heading = main.locator(".verdict h1")
        expect(heading).to_contain_text(re.compile(says))
        expect(heading).not_to_contain_text("有效")
        expect(main).not_to_contain_text("瓜瑞")
        anyone.look(f"verify-{name}")
