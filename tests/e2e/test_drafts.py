"""A form is saved as it is typed, comes back on another device, and never loses a text."""

from playwright.sync_api import expect

from tests.e2e.conftest import Doors
from tests.e2e.walking import act_for_firm, start_food


def test_what_was_typed_is_there_on_another_device(visit: Doors) -> None:
    counter, phone = visit("canyin"), visit("canyin", width="narrow")
    act_for_firm(counter)
    act_for_firm(phone)
    path = start_food(counter)
    counter.page.get_by_label("联系人").fill("黄白露")
    expect(counter.page.get_by_text("已自动保存")).to_be_visible()
    counter.look("form-saved")
    counter.page.get_by_label("联系电话").fill("1999999018")  # not yet a number: kept as typed
    counter.page.close(run_before_unload=False)
    phone.page.goto("/my/cases/")
    expect(phone.page.get_by_text("留到").first).to_be_visible()
    phone.page.locator(f"a[href='{path.rsplit('/', 2)[0]}/']").click()  # goes on at the first step not complete
    phone.page.wait_for_url(f"**{path}")
    expect(phone.page.get_by_label("联系人")).to_have_value("黄白露")


def test_two_devices_at_once_lose_neither_text(visit: Doors) -> None:
    counter, phone = visit("canyin"), visit("canyin", width="narrow")
    act_for_firm(counter)
    act_for_firm(phone)
    path = start_food(counter)
    phone.page.goto(path)
    counter.page.get_by_label("联系人").fill("黄白露")
    expect(counter.page.get_by_text("已自动保存")).to_be_visible()
    phone.page.get_by_label("联系人").fill("黄小满")
    expect(phone.page.get_by_text("别的页面或设备上改过")).to_be_visible()
    phone.page.get_by_role("button", name="存为草稿").click()
    expect(phone.page.get_by_role("cell", name="黄白露")).to_be_visible()
    expect(phone.page.get_by_label("联系人")).to_have_value("黄小满")
    phone.look("form-conflict")
    phone.page.get_by_role("button", name="存为草稿").click()
    counter.page.goto(path)
    expect(counter.page.get_by_label("联系人")).to_have_value("黄小满")


def test_a_lost_network_is_said_and_made_up_for(visit: Doors) -> None:
    firm = visit("canyin")
    act_for_firm(firm)
    path = start_food(firm)
    firm.context.set_offline(True)
    firm.page.get_by_label("联系人").fill("黄白露")
    expect(firm.page.get_by_text("没有存上，会再试")).to_be_visible()
    firm.context.set_offline(False)
    expect(firm.page.get_by_text("已自动保存")).to_be_visible()
    firm.page.goto(path)
    expect(firm.page.get_by_label("联系人")).to_have_value("黄白露")
