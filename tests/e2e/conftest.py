"""A whole city for the browser tests: set up from the pack, served by `shuzheng serve`, seen in Chromium.

Nothing is shared with the developer's var/. Any request that leaves the machine fails the test.
"""

import io
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

HOME = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDTHS: dict[str, ViewportSize] = {"wide": {"width": 1280, "height": 860}, "narrow": {"width": 375, "height": 760}}
AXE = HOME / "web" / "node_modules" / "axe-core" / "axe.min.js"


@dataclass(frozen=True)
class City:
    """A served city: its origin, the demo password, and its var folder."""

    url: str
    password: str
    var: Path

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `shuzheng` command on this city."""
        return subprocess.run(
            [sys.executable, "-m", "shuzheng.config.command", *arguments],
            cwd=HOME,
            env=environment(self.var),
            capture_output=True,
            text=True,
            check=False,
        )


def environment(var: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SHUZHENG_", "DJANGO_", "DATABASE_URL"))}
    return kept | {"SHUZHENG_VAR": str(var)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    if not (HOME / "static_build" / "city.css").exists():
        pytest.skip("static_build/ is missing: make setup")
    var = tmp_path_factory.mktemp("city")
    port = free_port()
    env = environment(var) | {"SHUZHENG_PORT": str(port)}
    command = [sys.executable, "-m", "shuzheng.config.command"]
    made = subprocess.run(
        [*command, "setup", "--pack", "luan", "--demo"], cwd=HOME, env=env, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    log = (var / "serve.log").open("w")
    server = subprocess.Popen([*command, "serve"], cwd=HOME, env=env, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(url, server, var / "serve.log")
        yield City(url, (var / "keys" / "demo-password").read_text("ascii"), var)
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(150):
        assert server.poll() is None, log.read_text("utf-8")
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("chromium is missing: apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": chromium, "args": FLAGS}


STICKING_OUT = """[...document.querySelectorAll('body *')].filter(e => !e.closest('svg'))
    .map(e => [Math.round(e.getBoundingClientRect().right - innerWidth), e.tagName, e.className, e.innerText])
    .filter(([over]) => over > 0).slice(0, 8)"""


class Visitor:
    """One person at one browser: pages watched for outside requests and console errors."""

    def __init__(self, browser: Browser, city: City, width: str, *, script: bool = True) -> None:
        self.city = city
        self.context: BrowserContext = browser.new_context(
            base_url=city.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport=WIDTHS[width],
            java_script_enabled=script,
            accept_downloads=True,
        )
        self.context.set_default_timeout(15_000)
        self.outside: list[str] = []
        self.said: list[str] = []
        self.context.on("request", lambda r: self._watch(r.url))
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda m: self._hear(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.said.append(str(e)))

    def _watch(self, url: str) -> None:
        if not url.startswith((self.city.url, "data:", "blob:")):
            self.outside.append(url)

    def _hear(self, text: str) -> None:
        # A page answered with 4xx is shown as any other; Chromium notes its status on the console.
        if not text.startswith("Failed to load resource"):
            self.said.append(text)

    def sign_in(self, name: str) -> None:
        """Sign in with a demo account."""
        self.page.goto("/sign-in/")
        self.page.get_by_label("账号", exact=True).fill(name)
        self.page.get_by_label("密码", exact=True).fill(self.city.password)
        self.page.get_by_role("main").get_by_role("button", name="登录").click()
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)

    def look(self, name: str) -> None:
        """Check the page as it stands: no sideways scroll, no serious axe finding; keep a picture when asked."""
        page = self.page
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{name}: {over} px wider than the screen: {page.evaluate(STICKING_OUT)}"
        if AXE.exists():
            # Playwright evaluates through the debugger, which the page's content policy does not bind.
            page.evaluate(AXE.read_text("utf-8"))
            found = page.evaluate(
                "axe.run().then(r => r.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.target.join(' ') + "
                "' ' + n.failureSummary).slice(0, 3)]))"
            )
            serious = [f for f in found if f[0] in ("serious", "critical")]
            assert not serious, f"{name}: {json.dumps(serious, ensure_ascii=False)}"
        if os.environ.get("SHUZHENG_PICTURES"):
            self._keep_picture(name, HOME / os.environ["SHUZHENG_PICTURES"])

    def _keep_picture(self, name: str, folder: Path) -> None:
        size = self.page.viewport_size or WIDTHS["wide"]
        height = self.page.evaluate("document.documentElement.scrollHeight")
        # A window as tall as the page keeps bars that stick to its edge where they belong.
        self.page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
        folder.mkdir(parents=True, exist_ok=True)
        shot = Image.open(io.BytesIO(self.page.screenshot(full_page=True)))
        shot.convert("RGB").quantize(128).save(folder / f"{name}-{size['width']}.png", optimize=True)
        self.page.set_viewport_size(size)

    def close(self) -> None:
        """End the visit; fail on what should not have happened."""
        self.context.close()
        assert not self.outside, self.outside
        assert not self.said, self.said


@pytest.fixture
def visit(browser: Browser, city: City) -> Iterator["Doors"]:
    doors = Doors(browser, city)
    yield doors
    doors.close()


class Doors:
    """Opens browsers for several people and closes them all."""

    def __init__(self, browser: Browser, city: City) -> None:
        self.browser = browser
        self.city = city
        self.open: list[Visitor] = []

    def __call__(self, name: str = "", *, width: str = "wide", script: bool = True) -> Visitor:
        visitor = Visitor(self.browser, self.city, width, script=script)
        self.open.append(visitor)
        if name:
            visitor.sign_in(name)
        return visitor

    def close(self) -> None:
        for visitor in self.open:
            visitor.close()
