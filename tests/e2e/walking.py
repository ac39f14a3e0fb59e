"""What people do on the pages, in their words; shared by the browser tests."""

import io
import re
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visitor

FOOD = "000125005002"
FOOD_NAME = "食品经营许可（餐饮服务）"
FIRM = "瓜瑞餐饮"
UNIT = "金安区市场监管局"


def png(width: int = 320, height: int = 200) -> bytes:
    """Return a plain picture."""
    rows = b"".join(b"\0" + b"\xdc\xe6\xf0" * width for _ in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def picture(name: str) -> Any:
    """Return an upload of a picture."""
    return {"name": name, "mimeType": "image/png", "buffer": png()}


def scan(page: Page) -> str:
    """Read the QR code on the page with a decoder, as a phone would; return the address in it."""
    shot = Image.open(io.BytesIO(page.locator(".qr").screenshot()))
    # Now and then the modules of a code look like bars of another kind, too.
    found = [one for one in zxingcpp.read_barcodes(shot) if one.format == zxingcpp.BarcodeFormat.QRCode]
    assert len(found) == 1, "no QR code could be read from the page"
    return str(found[0].text)


def act_for_firm(visitor: Visitor, firm: str = FIRM) -> None:
    """Switch to a firm; from then on every page says so."""
    page = visitor.page
    page.goto("/acting/")
    page.get_by_role("button", name=firm).click()
    expect(page.locator(".acting")).to_contain_text(firm)


def press(page: Page, name: str) -> None:
    """Press a button and wait for the page that follows."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def start(visitor: Visitor, item: str, *, unit: str) -> str:
    """Start an item's draft at a unit; return the path of the first step."""
    page = visitor.page
    page.goto(f"/items/{item}/apply/")
    page.get_by_role("radio", name=unit).check()
    press(page, "开始填写")
    return page.url.removeprefix(visitor.city.url)


def start_food(visitor: Visitor, *, unit: str = UNIT) -> str:
    """Start the food licence's draft at a unit; return the path of the first step."""
    return start(visitor, FOOD, unit=unit)


# What is typed where nothing is prefilled, by a word of the label.
TYPED = {
    "电话": "19999990183",
    "手机": "19999990183",
    "身份证": "341525199102059906",
    "证件号": "341525199102059906",
    "日期": "2024-03-15",
    "时间": "2024-03-15",
    "年": "2024",
    "月": "3",
    "日": "15",
}


def fill_form(
    visitor: Visitor, typed: dict[str, str] | None = None, *, over: Mapping[str, str] | None = None, look: str = ""
) -> None:
    """Fill whatever the steps of a form leave empty, up to the papers.

    Args:
        visitor: Stands at the first step.
        typed: Text by a word of the label, before `TYPED`; a choice takes the first that is offered.
        over: Text by the name of a field, also where something is prefilled.
        look: Name for a picture of each step, '' for none.
    """
    page = visitor.page
    while re.search(r"/drafts/[^/]+/\d+/$", page.url):
        step = page.url
        for field in page.locator("main input, main select, main textarea").all():
            if field.is_visible():
                _fill(page, field, (typed or {}) | TYPED)
        for name, text in (over or {}).items():
            field = page.locator(f"main [name='{name}']")
            if field.count() == 1 and field.is_visible():
                field.fill(text)
        if look:
            expect(page.get_by_text("已自动保存")).to_be_visible()
            visitor.look(f"{look}-{step.rstrip('/').rsplit('/', 1)[1]}")
        with page.expect_navigation():  # a save under way is waited for before the form is sent
            press(page, "保存并继续")
        summary = page.locator(".govuk-error-summary")
        assert page.url != step, summary.inner_text() if summary.count() else step


def _fill(page: Page, field: Locator, typed: dict[str, str]) -> None:
    kind = str(field.evaluate("f => f.type"))
    if kind in ("radio", "checkbox"):
        if not page.locator(f"main input[name='{field.get_attribute('name')}']:checked").count():
            field.check()
    elif kind == "select-one":
        if not field.input_value():
            field.select_option(index=1)
    elif kind not in ("file", "submit", "button", "hidden") and not field.input_value():
        label = str(field.evaluate("f => f.labels.length ? f.labels[0].innerText : ''"))
        number = field.get_attribute("inputmode") in ("numeric", "decimal") or kind == "number"
        field.fill(
            next((text for word, text in typed.items() if word in label), "2" if number else "衡山镇迎驾大道8号")
        )


def apply_for(visitor: Visitor, item: str, *, unit: str, typed: dict[str, str] | None = None) -> str:
    """Apply for an item: fill what is empty, give the papers that are asked for; return the case number."""
    start(visitor, item, unit=unit)
    fill_form(visitor, typed)
    if "/papers/" in visitor.page.url:
        give_papers(visitor)
    return submit(visitor)


def fill_food(visitor: Visitor) -> None:
    """Fill the three steps of the food licence's form."""
    page = visitor.page
    page.get_by_label("联系人").fill("黄白露")
    page.get_by_label("联系电话").fill("19999990183")
    press(page, "保存并继续")
    page.get_by_label("经营场所地址").fill("金安区皖西大道188号1幢103室")
    page.get_by_label("所在区县").select_option(label="金安区")
    page.get_by_label("经营场所面积（平方米）").fill("86")
    page.get_by_label("食品处理区面积（平方米）").fill("１８.5")
    page.get_by_label("租赁").check()
    press(page, "保存并继续")
    page.get_by_label("餐饮服务经营者").check()
    page.get_by_label("热食类食品制售").check()
    page.get_by_label("自制饮品制售").check()
    page.get_by_role("group", name="是否从事网络经营").get_by_label("否").check()
    page.get_by_label("从业人员人数").fill("6")
    page.get_by_label("持有效健康证明人数").fill("6")
    page.get_by_label("食品安全管理员").fill("黄白露")
    press(page, "保存并继续")


def give_papers(visitor: Visitor) -> None:
    """Upload every paper that is asked for; go on when there is none."""
    page = visitor.page
    for field in page.locator("main input[type=file]").all():
        field.set_input_files(picture("扫描件.png"))
    page.get_by_role("main").get_by_role("button", name=re.compile("继续|核对|下一步")).first.click()
    page.wait_for_load_state()


def submit(visitor: Visitor) -> str:
    """Submit from the check page; return the case number."""
    page = visitor.page
    press(page, "提交申请")
    page.wait_for_url("**/done/*/")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def apply_for_food(visitor: Visitor, *, unit: str = UNIT) -> str:
    """Do the whole application as the firm; return the case number."""
    act_for_firm(visitor)
    start_food(visitor, unit=unit)
    fill_food(visitor)
    give_papers(visitor)
    return submit(visitor)


def open_case(visitor: Visitor, number: str) -> Page:
    """Open a case at the desk."""
    page = visitor.page
    page.goto(f"/desk/cases/{number}/")
    return page


def decide(
    visitor: Visitor,
    number: str,
    outcome: str | re.Pattern[str],
    *,
    opinion: str = "",
    reasons: str = "",
    papers: str = "",
) -> None:
    """Decide the open task at the desk."""
    page = open_case(visitor, number)
    box = page.locator("section.decide")
    if papers:
        box.locator("summary", has_text="要申请人补的材料").click()
        box.get_by_label(papers).check()
    if reasons:
        box.locator("summary", has_text="给申请人的理由").click()
        box.get_by_label("用自己的话写明").fill(reasons)
    if opinion:
        box.get_by_label("意见", exact=True).fill(opinion)
    box.get_by_role("button", name=outcome, exact=True).click()
    page.wait_for_load_state()
