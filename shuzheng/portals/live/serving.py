"""`GET /live/`: from the browser's question to its stream, on Granian's own interface (RSGI)."""

import asyncio
import logging
import random
from collections.abc import Mapping, Sequence
from typing import Final, Protocol
from urllib.parse import parse_qs

from shuzheng.portals.live import wire
from shuzheng.portals.live.gate import session_of
from shuzheng.portals.live.hub import Hub, HubFull
from shuzheng.portals.live.stream import Stream
from shuzheng.portals.live.types import Position

_log: Final = logging.getLogger(__name__)

PATH: Final = "/live/"
HEARTBEAT_SECONDS: Final = 20.0
SEND_SECONDS: Final = 30.0
"""A browser that takes nothing for so long is given up."""
RETRY_MS: Final = (2_000, 6_000)
"""Browsers come back after a break at different moments."""
FULL_SECONDS: Final = 120

Headers = list[tuple[str, str]]
HEADERS: Final[Headers] = [
    ("content-type", "text/event-stream; charset=utf-8"),
    ("cache-control", "private, no-store"),
    ("x-accel-buffering", "no"),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-resource-policy", "same-origin"),
    ("vary", "Cookie"),
]


class Wire(Protocol):
    """The way back to one browser."""

    async def send_bytes(self, data: bytes) -> None:
        """Send some bytes; returns when the line took them."""


class Line(Protocol):
    """One request, as RSGI hands it over."""

    def response_empty(self, status: int, headers: Headers) -> None:
        """Answer without a body."""

    def response_stream(self, status: int, headers: Headers) -> Wire:
        """Answer with a body that comes bit by bit."""

    async def client_disconnect(self) -> None:
        """Return when the browser is gone."""


async def serve_live(method: str, query: str, headers: Mapping[str, str], line: Line, hub: Hub) -> None:
    """Answer one browser: 204 when nobody is signed in, 503 when there is no room, else the stream.

    204 tells a browser not to come back (HTML 9.2.3): its page then simply does not update.
    """
    if method != "GET":
        line.response_empty(405, [("allow", "GET")])
        return
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        line.response_empty(403, [])
        return
    session = session_of(headers.get("cookie", ""))
    listener = await hub.admit(session) if session else None
    if listener is None:
        line.response_empty(204, [("cache-control", "no-store")])
        return
    try:
        stream = await hub.join(listener, _heard(query, headers))
    except HubFull:
        line.response_empty(503, [("retry-after", str(FULL_SECONDS))])
        return
    try:
        await _run(stream, line)
    finally:
        hub.leave(stream)


def _heard(query: str, headers: Mapping[str, str]) -> Position | None:
    """Return how far the page has heard: what the browser says after a break, else what the page was made with."""
    asked = parse_qs(query).get("after", [""])[-1]
    return Position.read(headers.get("last-event-id", "")) or Position.read(asked)


async def _run(stream: Stream, line: Line) -> None:
    """Send until the stream is over or the browser is gone."""
    tasks = {
        asyncio.create_task(_send(stream, line.response_stream(200, HEADERS))),
        asyncio.create_task(_wait_until_gone(line)),
    }
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        _note([task.exception() for task in tasks if not task.cancelled()])


async def _wait_until_gone(line: Line) -> None:
    await line.client_disconnect()


def _note(ends: Sequence[BaseException | None]) -> None:
    """Log what ended a stream, unless it was the usual: the browser went, or took nothing any more."""
    for end in ends:
        if end is not None and not isinstance(end, TimeoutError | RuntimeError):  # RSGI: ProtocolClosed
            _log.error("live: stream broke", exc_info=end)


async def _send(stream: Stream, out: Wire) -> None:
    said: bytes | None = wire.say_retry(random.randint(*RETRY_MS))  # noqa: S311 - spreads load, keeps no secret
    while said is not None:
        async with asyncio.timeout(SEND_SECONDS):
            await out.send_bytes(said)
        said = await stream.next(HEARTBEAT_SECONDS)
