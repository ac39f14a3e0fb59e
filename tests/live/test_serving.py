"""From the question to the stream, over a line that a test holds in its hand."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import pytest

from shuzheng.portals.live import hub as hub_module, serving
from shuzheng.portals.live.hub import Hub
from shuzheng.portals.live.serving import Headers, serve_live
from tests.live.making import FakeEars, make_arrival, make_listener

COOKIE = {"cookie": "theme=1; sessionid=s1"}


class FakeLine:
    """One request as RSGI would hand it over; `gone` is set when the browser leaves."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.sent: list[bytes] = []
        self.gone = asyncio.Event()
        self.stuck = False

    def response_empty(self, status: int, headers: Headers) -> None:
        self.status, self.headers = status, dict(headers)

    def response_stream(self, status: int, headers: Headers) -> "FakeLine":
        self.response_empty(status, headers)
        return self

    async def send_bytes(self, data: bytes) -> None:
        if self.stuck:
            await asyncio.sleep(60)
        self.sent.append(data)

    async def client_disconnect(self) -> None:
        await self.gone.wait()

    @property
    def text(self) -> str:
        return b"".join(self.sent).decode()


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "like_a_request", lambda read: read())


def play(scene: Callable[[Hub, FakeEars], Awaitable[None]], *, most: int = 10) -> None:
    async def run() -> None:
        ears = FakeEars()
        ears.open_session(make_listener())
        hub = Hub(ears, most=most, settle=0.0, poll=0.01)
        await scene(hub, ears)
        hub.close()
        await asyncio.sleep(0.02)

    asyncio.run(run())


def ask(
    hub: Hub, line: FakeLine, headers: Mapping[str, str] = COOKIE, *, method: str = "GET", query: str = ""
) -> "asyncio.Task[None]":
    return asyncio.create_task(serve_live(method, query, headers, line, hub))


async def until(said: Callable[[], bool]) -> None:
    async with asyncio.timeout(2):
        while not said():
            await asyncio.sleep(0.01)


def test_a_stream_begins_with_the_pause_after_a_break_and_what_is_unread() -> None:
    async def scene(hub: Hub, ears: FakeEars) -> None:
        line = FakeLine()
        task = ask(hub, line)
        await until(lambda: "event: notices" in line.text)
        assert line.status == 200
        assert line.headers["content-type"].startswith("text/event-stream")
        assert line.headers["cache-control"] == "private, no-store"
        assert line.text.startswith("retry: ")
        line.gone.set()
        await task
        assert not hub.streams

    play(scene)


@pytest.mark.parametrize(
    ("headers", "method", "status"),
    [
        ({}, "GET", 204),
        ({"cookie": "sessionid=unknown"}, "GET", 204),
        ({**COOKIE, "sec-fetch-site": "cross-site"}, "GET", 403),
        (COOKIE, "POST", 405),
    ],
    ids=["no cookie", "no session", "another site", "a form"],
)
def test_whoever_may_not_listen_gets_an_empty_answer(headers: Mapping[str, str], method: str, status: int) -> None:
    async def scene(hub: Hub, ears: FakeEars) -> None:
        line = FakeLine()
        await ask(hub, line, headers, method=method)
        assert (line.status, line.sent, hub.streams) == (status, [], set())

    play(scene)


def test_a_full_process_says_when_to_try_again() -> None:
    async def scene(hub: Hub, ears: FakeEars) -> None:
        line = FakeLine()
        await ask(hub, line)
        assert (line.status, line.headers["retry-after"]) == (503, "120")

    play(scene, most=0)


@pytest.mark.parametrize(
    ("headers", "query", "titles"),
    [
        ({**COOKIE, "last-event-id": "2-0"}, "after=1-0", ["第 3 条"]),
        (COOKIE, "after=1-0", ["第 2 条", "第 3 条"]),
        (COOKIE, "", []),
    ],
    ids=["the browser's own word wins", "the page's position", "none"],
)
def test_a_stream_goes_on_from_where_the_page_had_heard(
    headers: Mapping[str, str], query: str, titles: list[str]
) -> None:
    async def scene(hub: Hub, ears: FakeEars) -> None:
        ears.sent = [make_arrival(n, title=f"第 {n} 条") for n in (1, 2, 3)]
        line = FakeLine()
        task = ask(hub, line, headers, query=query)
        await until(lambda: "event: notices" in line.text)
        assert [title for title in ("第 1 条", "第 2 条", "第 3 条") if title in line.text] == titles
        line.gone.set()
        await task

    play(scene)


def test_a_browser_that_takes_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "SEND_SECONDS", 0.05)

    async def scene(hub: Hub, ears: FakeEars) -> None:
        line = FakeLine()
        line.stuck = True
        await ask(hub, line)
        assert not hub.streams

    play(scene)


def test_a_stop_ends_every_stream_at_once() -> None:
    async def scene(hub: Hub, ears: FakeEars) -> None:
        lines = [FakeLine() for _ in range(3)]
        tasks = [ask(hub, line) for line in lines]
        await until(lambda: all("event: notices" in line.text for line in lines))
        hub.close()
        async with asyncio.timeout(1):
            await asyncio.gather(*tasks)
        assert all("bye" not in line.text for line in lines)

    play(scene)
