"""Pages that move by themselves: a clerk's inbox, the bell, and both again after the server was restarted."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import HOME, City, Doors, environment, free_port, wait_until_ready
from tests.e2e.walking import apply_for_food, decide

SOON = 10_000
"""Milliseconds: a second until the server looks, and what the page needs."""


class OwnCity:
    """A city of its own, whose server can be stopped and started again at the same port."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        self.server: subprocess.Popen[bytes] | None = None
        self.log = (var / "serve.log").open("w")
        self.env = environment(var) | {"SHUZHENG_PORT": str(self.port)}

    def run(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "shuzheng.config.command", *arguments]
        done = subprocess.run(command, cwd=HOME, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> City:
        command = [sys.executable, "-m", "shuzheng.config.command", "serve"]
        self.server = subprocess.Popen(command, cwd=HOME, env=self.env, stdout=self.log, stderr=self.log)
        url = f"http://127.0.0.1:{self.port}"
        wait_until_ready(url, self.server, self.var / "serve.log")
        return City(url, (self.var / "keys" / "demo-password").read_text("ascii"), self.var)

    def stop(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.wait(20)
            self.server = None


@pytest.fixture
def own(tmp_path: Path, city: City) -> Iterator[OwnCity]:
    """A second city beside the one of the session; `city` is asked for so that its skips hold here too."""
    own = OwnCity(tmp_path)
    own.run("setup", "--pack", "luan", "--demo")
    yield own
    own.stop()
    own.log.close()


def test_a_new_case_stands_in_the_clerks_inbox_without_a_reload(visit: Doors) -> None:
    clerk = visit("jinchuang")
    clerk.page.goto("/desk/")
    clerk.page.evaluate("window.same = true")
    number = apply_for_food(visit("canyin"))
    expect(clerk.page.get_by_role("link", name=number)).to_be_visible(timeout=SOON)
    expect(clerk.page.locator("#live")).to_have_text("收件箱更新了")
    assert clerk.page.evaluate("window.same"), "the page was loaded again"
    clerk.look("live-inbox")


def test_a_tick_and_the_place_in_the_list_survive_the_update(visit: Doors) -> None:
    clerk = visit("jinchuang")
    first = apply_for_food(visit("canyin"))
    page = clerk.page
    page.goto("/desk/")
    box = page.get_by_role("checkbox", name=f"选择 {first}")
    box.check()
    page.get_by_role("link", name=first).focus()
    second = apply_for_food(visit("canyin"))
    expect(page.get_by_role("link", name=second)).to_be_visible(timeout=SOON)
    expect(box).to_be_checked()
    expect(page.get_by_role("link", name=first)).to_be_focused()
    expect(page.locator("[data-picked]")).to_contain_text("1")
    page.keyboard.press("k")
    page.keyboard.press("j")
    assert page.locator("tr.at").count() == 1


def test_a_notice_moves_the_bell_and_is_read_out(visit: Doors) -> None:
    applicant = visit("canyin")
    number = apply_for_food(applicant)
    page = applicant.page
    page.goto("/my/notices/")
    newest = page.locator("#notices li").first
    before = newest.inner_text()
    decide(visit("jinchuang"), number, "受理")
    expect(page.locator("#live")).to_contain_text("新消息：", timeout=SOON)
    expect(page.locator("[data-bell] .badge")).to_have_text(re.compile(r"\d+"))
    expect(page.locator("[data-bell]")).to_have_attribute("aria-label", re.compile(r"消息，\d+ 条未读"))
    expect(newest).not_to_have_text(before, timeout=SOON, use_inner_text=True)
    applicant.look("live-notices")


def test_signing_out_in_one_tab_ends_what_the_other_hears(visit: Doors) -> None:
    officer = visit("xianqu")
    officer.page.goto("/desk/")
    with officer.context.expect_page() as opened:
        officer.page.evaluate("window.open('/desk/find/')")
    second = opened.value
    second.wait_for_load_state()
    answered: list[int] = []
    second.on("response", lambda r: answered.append(r.status) if "/live/" in r.url else None)
    officer.page.get_by_role("button", name="退出登录").click()
    officer.page.wait_for_url("**/")
    second.wait_for_timeout(7000)
    assert second.evaluate("(async () => (await fetch('/live/')).status)()") == 204


def test_without_script_there_is_no_stream_and_the_page_is_whole(visit: Doors) -> None:
    clerk = visit("jinchuang", script=False)
    clerk.page.goto("/desk/")
    expect(clerk.page.get_by_role("heading", name="收件箱", level=1)).to_be_visible()
    expect(clerk.page.locator("#live")).to_be_empty()


def test_after_a_restart_of_the_server_the_inbox_goes_on_where_it_was(browser: Browser, own: OwnCity) -> None:
    doors = Doors(browser, own.start())
    try:
        clerk, applicant = doors("jinchuang"), doors("canyin")
        clerk.page.goto("/desk/")
        expect(clerk.page.locator("#inbox")).to_be_visible()
        own.stop()
        own.start()
        number = apply_for_food(applicant)
        expect(clerk.page.get_by_role("link", name=number)).to_be_visible(timeout=3 * SOON)
    finally:
        doors.close()
