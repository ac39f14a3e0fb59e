"""A form that is not a draft is saved as it is typed, too: the explanation of a supplement, an opinion at the desk."""

from playwright.sync_api import expect

from tests.e2e.conftest import Doors
from tests.e2e.walking import act_for_firm, apply_for_food, decide, open_case

WORDS = "平面图已请物业重新测绘，"


def test_an_explanation_half_written_is_there_on_the_phone(visit: Doors) -> None:
    counter = visit("canyin")
    number = apply_for_food(counter)
    window = visit("jinchuang")
    decide(window, number, "要求补正", papers="从业人员健康证明", reasons="健康证明看不清姓名")
    counter.page.goto(f"/my/cases/{number}/")
    counter.page.get_by_label("说明").fill(WORDS)
    expect(counter.page.get_by_text("已自动保存")).to_be_visible()
    counter.look("supplement-saved")
    counter.page.get_by_label("说明").press_sequentially("周五")
    counter.page.goto("/my/")  # leaves before it is saved

    phone = visit("canyin", width="narrow")
    act_for_firm(phone)
    phone.page.goto(f"/my/cases/{number}/")
    note = phone.page.get_by_label("说明")
    expect(note).to_have_value(f"{WORDS}周五")
    expect(phone.page.get_by_text("还没有提交")).to_be_visible()
    phone.look("supplement-back")
    note.fill(f"{WORDS}周五补交")
    phone.page.get_by_role("button", name="提交补正").click()  # at once, before it is saved
    expect(phone.page.get_by_text(f"{WORDS}周五补交")).to_be_attached()

    open_case(window, number)
    opinion = window.page.get_by_label("意见", exact=True)
    opinion.fill("说明收到")
    expect(window.page.get_by_text("已自动保存")).to_be_visible()
    window.page.reload()
    expect(opinion).to_have_value("说明收到")
    window.page.get_by_role("button", name="清空重填").click()
    expect(opinion).to_have_value("")
    window.page.reload()
    expect(window.page.get_by_label("意见", exact=True)).to_have_value("")


def test_a_lost_network_is_said_where_the_explanation_is_written(visit: Doors) -> None:
    firm = visit("canyin")
    number = apply_for_food(firm)
    window = visit("jinchuang")
    decide(window, number, "要求补正", papers="从业人员健康证明", reasons="健康证明看不清姓名")
    firm.page.goto(f"/my/cases/{number}/")
    expect(firm.page.get_by_label("说明")).to_have_value("")
    firm.context.set_offline(True)
    firm.page.get_by_label("说明").fill(WORDS)
    expect(firm.page.get_by_text("没有存上，会再试")).to_be_visible()
    firm.context.set_offline(False)
    expect(firm.page.get_by_text("已自动保存")).to_be_visible()
