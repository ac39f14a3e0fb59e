"""The whole way: a firm applies, officers decide, a licence is issued, shown, verified, printed and rated."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Doors
from tests.e2e.walking import (
    FOOD,
    FOOD_NAME,
    act_for_firm,
    apply_for_food,
    decide,
    fill_food,
    give_papers,
    open_case,
    picture,
    press,
    scan,
    start_food,
    submit,
)


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_a_firm_gets_its_licence(visit: Doors, width: str) -> None:
    firm = visit(width=width)
    page = firm.page
    page.goto("/")
    firm.look("home")
    page.get_by_role("searchbox").or_(page.locator("main input[name=q], .hero input[name=q]")).first.fill(
        "食品经营许可"
    )
    page.keyboard.press("Enter")
    page.wait_for_url("**/items/?*")
    firm.look("search")
    page.get_by_role("link", name=FOOD_NAME).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(FOOD_NAME)
    firm.look("guide")
    firm.sign_in("canyin")
    act_for_firm(firm)
    start_food(firm)
    expect(page.get_by_label("单位名称")).to_have_value(re.compile("瓜瑞餐饮"))
    expect(page.get_by_text("来自企业登记").first).to_be_visible()
    firm.look("form")
    fill_food(firm)
    expect(page.get_by_text("健康证明已于2024年9月8日到期")).to_be_visible()
    expect(page.get_by_text(re.compile("已查到.*营业执照.*不用交"))).to_be_visible()
    firm.look("papers")
    give_papers(firm)
    firm.look("check")
    number = submit(firm)
    assert re.fullmatch(r"341502\d{12}", number)
    expect(page.get_by_text("《中华人民共和国行政许可法》第三十二条").first).to_be_attached()
    firm.look("done")

    clerk = visit("jinchuang", width=width)
    clerk.page.goto("/desk/")
    expect(clerk.page.get_by_role("link", name=number)).to_be_visible()
    clerk.look("inbox")
    open_case(clerk, number)
    drawing = clerk.page.get_by_text("看流程图")
    drawing.click()
    expect(clerk.page.locator("[data-bpmn][data-ready] .djs-element.now").first).to_be_visible()
    drawing.click()
    clerk.look("review")
    decide(
        clerk,
        number,
        "要求补正",
        papers="从业人员健康证明",
        reasons="健康证明看不清姓名，请重新拍照",
        opinion="请补一份清楚的",
    )

    page.goto("/my/notices/")
    expect(page.get_by_text(FOOD_NAME).first).to_be_visible()
    firm.look("notices")
    page.goto(f"/my/cases/{number}/")
    expect(page.locator("#supplement")).to_contain_text("从业人员健康证明")
    expect(page.get_by_text("健康证明看不清姓名，请重新拍照").first).to_be_visible()
    firm.look("case-supplement")
    page.locator("#supplement input[type=file]").first.set_input_files(picture("健康证明.png"))
    press(page, "提交补正")

    decide(clerk, number, "受理", opinion="材料齐全")
    approver = visit("xianqu", width=width)
    open_case(approver, number)
    approver.look("decide")
    decide(approver, number, "准予许可", opinion="符合条件，准予许可")

    page.goto(f"/my/cases/{number}/")
    firm.look("case-granted")
    page.goto("/my/licences/")
    firm.look("wallet")
    page.goto(f"/my/cases/{number}/")
    page.get_by_role("main").locator("a[href*='/my/licences/']").first.click()
    page.wait_for_load_state()
    expect(page.get_by_text("1.2.156.3005.2.").first).to_be_visible()
    firm.look("licence")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("PDF")).first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")

    anyone = visit(width=width)
    address = scan(page)
    assert address.startswith(f"{firm.city.url}/verify/#")
    anyone.page.goto(address)
    expect(anyone.page.get_by_role("main")).to_contain_text("有效")
    anyone.look("verify-valid")

    page.goto(f"/my/cases/{number}/")
    page.get_by_label("非常满意", exact=False).first.check()
    press(page, "提交评价")
    expect(page.get_by_role("main")).to_contain_text("非常满意")
    report = json.loads(firm.city.command("ledger", "verify", "--json").stdout)
    assert report["ok"]


def test_a_refusal_says_why_and_what_can_be_done(visit: Doors) -> None:
    firm, clerk, approver = visit("canyin"), visit("jinchuang"), visit("xianqu")
    number = apply_for_food(firm)
    decide(clerk, number, "受理", opinion="材料齐全")
    decide(
        approver, number, "不予许可", reasons="食品处理区离垃圾中转站 12 米，要求 25 米以上", opinion="不符合选址要求"
    )
    firm.page.goto(f"/my/cases/{number}/")
    main = firm.page.get_by_role("main")
    expect(main).to_contain_text("食品处理区离垃圾中转站 12 米")
    expect(main).to_contain_text("行政复议")
    firm.look("case-refused")


def test_an_application_can_be_withdrawn(visit: Doors) -> None:
    firm = visit("canyin", width="narrow")
    number = apply_for_food(firm)
    page = firm.page
    page.goto(f"/my/cases/{number}/")
    page.get_by_text("撤回申请").first.click()
    page.get_by_role("main").get_by_role("button", name=re.compile("撤回")).last.click()
    page.wait_for_load_state()
    expect(page.get_by_role("main")).to_contain_text("已撤回")
    clerk = visit("jinchuang")
    clerk.page.goto("/desk/")
    expect(clerk.page.get_by_role("link", name=number)).to_have_count(0)


def test_everything_works_without_script(visit: Doors) -> None:
    firm, clerk = visit("canyin", script=False), visit("jinchuang", script=False)
    number = apply_for_food(firm)
    decide(clerk, number, "不予受理", reasons="不属于本机关职权范围，请向经营所在地申请", opinion="职权外")
    firm.page.goto(f"/my/cases/{number}/")
    expect(firm.page.get_by_role("main")).to_contain_text("不属于本机关职权范围")


def test_a_guide_shows_its_days_papers_and_law(visit: Doors) -> None:
    anyone = visit()
    anyone.page.goto(f"/items/{FOOD}/")
    for words in ("4 个工作日", "法定 20 个工作日", "《中华人民共和国食品安全法》第三十五条", "经营场所平面布局图"):
        expect(anyone.page.get_by_role("main")).to_contain_text(words)
