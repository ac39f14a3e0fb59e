"""A decision table is changed in its grid: findings while one types, by keyboard, on a phone, without a script."""

from playwright.sync_api import expect

from tests.e2e.conftest import Doors
from tests.e2e.walking import press

CODE = "table/food-risk-class"
EDITOR = f"/desk/rules/change/{CODE}/"


def test_a_table_is_changed_with_findings_while_typing_and_sent_to_review(visit: Doors) -> None:
    officer = visit("shenpi")
    page = officer.page
    page.goto(f"/desk/rules/rule/{CODE}/")
    officer.look("table-rule")
    page.goto(EDITOR)
    checked = page.locator("[data-checked]")
    expect(checked).to_contain_text("没有缺口，没有重叠")
    officer.look("table-editor")

    first = page.locator("#r-1-1")
    first.fill("[0..30")
    expect(checked).to_contain_text("第 1 行第 1 列")
    expect(first).to_have_attribute("aria-invalid", "true")
    officer.look("table-fault")
    first.fill("[0..35]")
    expect(checked).to_contain_text("第 1 行和第 2 行会同时符合")
    expect(first).not_to_have_attribute("aria-invalid", "true")
    expect(checked).to_contain_text("30.01 分是 B 级")
    officer.look("table-overlap")

    first.press("ArrowDown")
    expect(page.locator("#r-2-1")).to_be_focused()
    page.locator("#r-2-1").fill("(35..45]")
    page.locator("#r-3-1").fill("[0..35]")
    page.locator("#r-5-1").fill("(35..45]")
    expect(checked).not_to_contain_text("会同时符合")
    page.locator("#r-2-1").press("Alt+ArrowDown")  # moves the row, and the cursor with it
    expect(page.locator("#r-3-1")).to_be_focused()
    expect(page.locator("#r-3-1")).to_have_value("(35..45]")
    last = page.locator(".grid-table tbody tr").count()
    page.locator(f"#r-{last}-1").press("Enter")
    expect(page.locator(f"#r-{last + 1}-1")).to_be_focused()
    expect(checked).to_contain_text("结果空着")
    page.get_by_role("button", name=f"删除第 {last + 1} 行").click()
    expect(page.locator(f"#r-{last + 1}-1")).to_have_count(0)

    tests = page.get_by_label("给出事实和应有的结论")
    tests.fill(tests.input_value().replace("30.01", "35.01").replace("行: 3", "行: 2"))
    expect(checked.get_by_text("没有通过：")).to_have_count(0)
    page.get_by_label("从哪天起生效").fill("2027-01-01")
    page.get_by_label("为什么改").fill("A 级放宽到 35 分")
    press(page, "提交审核")
    expect(page.get_by_text("已提交审核")).to_be_visible()
    officer.look("table-proposal")

    reviewer = visit("shuju")
    reviewer.page.goto(page.url.split("?")[0])
    reviewer.page.get_by_role("link", name="审核办件").click()
    expect(reviewer.page.get_by_text("(35..45]").first).to_be_visible()
    reviewer.look("table-review")


def test_the_grid_is_a_form_without_a_script_on_a_phone(visit: Doors) -> None:
    plain, phone = visit("shenpi", script=False), visit("shenpi", width="narrow")
    page = plain.page
    page.goto("/desk/rules/change/table/food-risk-class/")
    page.locator("#r-2-1").fill("(31..45]")
    page.get_by_role("button", name="在第 2 行下面加一行").click()
    expect(page.locator("#r-2-1")).to_have_value("(31..45]")
    expect(page.locator("#r-3-1")).to_have_value("-")
    page.locator("#r-3-1").fill("(30..31]")
    press(page, "检查并存为草稿")
    expect(page.get_by_role("alert")).to_contain_text("第 3 行第 3 列")  # a result is still missing
    expect(page.locator("#r-3-1")).to_have_value("(30..31]")

    phone.page.goto(EDITOR)
    phone.look("table-editor")
    phone.page.locator("#r-1-1").fill("[0..45]")
    expect(phone.page.locator("[data-checked]")).to_contain_text("第 1 行和第 2 行会同时符合")
    phone.page.get_by_role("button", name="第 1 行下移").click()
    expect(phone.page.locator("#r-2-1")).to_have_value("[0..45]")
    phone.look("table-moved")


def test_a_table_is_tried_and_says_why_row_by_row(visit: Doors) -> None:
    officer = visit("shenpi")
    page = officer.page
    page.goto(f"/desk/rules/try/{CODE}/")
    page.get_by_label("风险分值").fill("45.5")
    page.get_by_label("上年度故意违法受到处罚").select_option(label="否")
    page.get_by_role("button", name="试一试", exact=True).click()
    expect(page.get_by_text("风险等级：C").first).to_be_visible()
    officer.look("table-tried")
