"""Every page a person can reach, looked at once: English chrome, elder mode, errors, weight of the first page."""

import gzip
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Doors
from tests.e2e.walking import FOOD, act_for_firm

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_public_pages_are_clean(visit: Doors, width: str) -> None:
    anyone = visit(width=width)
    for name, path in {
        "help": "/help/",
        "accessibility": "/help/accessibility/",
        "sign-in": "/sign-in/",
        "verify": "/verify/",
        "search-empty": "/items/?q=没有这样的事项",
        "missing": "/no-such-page/",
    }.items():
        anyone.page.goto(path)
        anyone.look(name)


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_own_pages_are_clean(visit: Doors, width: str) -> None:
    person = visit("laoren", width=width)
    for name, path in {
        "my": "/my/",
        "my-cases-empty": "/my/cases/",
        "my-licences": "/my/licences/",
        "my-notices-empty": "/my/notices/",
        "my-readers": "/my/readers/",
        "acting": "/acting/",
    }.items():
        person.page.goto(path)
        person.look(name)


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_desk_pages_are_clean(visit: Doors, width: str) -> None:
    officer = visit("xianqu", width=width)
    for name, path in {
        "desk": "/desk/",
        "desk-done": "/desk/?show=done",
        "desk-find": "/desk/find/",
        "desk-notices": "/desk/notices/",
        "desk-people": "/desk/people/",
        "desk-absence": "/desk/absence/",
    }.items():
        officer.page.goto(path)
        officer.look(name)


BROWSED = {
    "home": "/",
    "life": "/life/1/",
    "themes": "/items/themes/",
    "units": "/items/units/",
    "unit": "/items/units/11341502MBYMWK5DXE/",
    "places": "/places/",
    "search-facets": "/items/?q=许可",
}
ACCOUNT = {
    "account": "/account/",
    "account-sessions": "/account/sessions/",
    "account-password": "/account/password/",
    "account-mandates": "/account/mandates/",
    "account-mandate-new": "/account/mandates/new/",
    "notice-settings": "/my/notices/settings/",
}
LEADING = {"desk-units": "/desk/units/", "desk-unit-cases": "/desk/units/cases/", "desk-post": "/desk/post/"}
ITEMS = {
    "desk-items": "/desk/items/",
    "desk-changes": "/desk/items/changes/",
    "desk-item": f"/desk/items/{FOOD}/",
}


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize(
    ("name", "pages"),
    [("", BROWSED), ("zufang", ACCOUNT), ("fuquzhang", LEADING), ("shuju", ITEMS)],
    ids=["browsed", "account", "leading", "items"],
)
def test_later_pages_are_clean(visit: Doors, width: str, name: str, pages: dict[str, str]) -> None:
    visitor = visit(name, width=width)
    for page, path in pages.items():
        answer = visitor.page.goto(path)
        assert answer is not None, path
        assert answer.ok, (path, answer.status)
        visitor.look(page)


def test_elder_mode_and_english_keep_pages_clean(visit: Doors) -> None:
    visitor = visit("zufang", width="narrow")
    page = visitor.page
    page.goto("/")
    page.locator("[data-elder]").click()
    for name in ("home", "places", "account-mandates"):
        page.goto((BROWSED | ACCOUNT)[name])
        visitor.look(f"{name}-elder")
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()
    for name in ("home", "places", "account-mandates"):
        page.goto((BROWSED | ACCOUNT)[name])
        visitor.look(f"{name}-elder-en")


def test_the_chrome_speaks_english_when_asked(visit: Doors) -> None:
    firm = visit("canyin")
    act_for_firm(firm)
    page = firm.page
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "en"
    for path in ("/", f"/items/{FOOD}/", "/my/cases/", "/my/licences/", "/my/notices/", "/verify/", "/sign-in/"):
        page.goto(path)
        chrome = page.locator("header.top nav, header.top .tools button, footer .row a, h1").all_inner_texts()
        title = "食品经营许可" if FOOD in path else ""
        left = [
            t for t in chrome if CHINESE.search(t.replace("中文", "")) and not (title and title in t) and "*" not in t
        ]
        assert not left, (path, left)
    page.goto("/")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("navigation").first).to_contain_text("首页")


def test_elder_mode_enlarges_and_stays(visit: Doors) -> None:
    anyone = visit(width="narrow")
    page = anyone.page
    page.goto("/")
    with page.expect_response("**/prefs/elder/"):
        page.locator("[data-elder]").click()
    page.goto(f"/items/{FOOD}/")
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 20
    anyone.look("guide-elder")


def test_the_first_page_weighs_at_most_60_kb_compressed(visit: Doors) -> None:
    anyone = visit()
    weights: dict[str, int] = {}

    def weigh(response: object) -> None:
        body = response.body()  # type: ignore[attr-defined]
        packed = response.headers.get("content-encoding", "") or "/static/icons" in response.url  # type: ignore[attr-defined]
        weights[response.url] = len(gzip.compress(body)) if packed or len(body) > 400 else len(body)  # type: ignore[attr-defined]

    anyone.page.on("response", weigh)
    anyone.page.goto("/")
    anyone.page.wait_for_load_state("networkidle")
    assert sum(weights.values()) <= 60 * 1024, weights
