"""The door of `shuzheng serve`: pages and API are WSGI in threads, `/live/` is a stream on the event loop; one port.

Granian speaks RSGI to this module. Pages are not asynchronous: Django's WSGI handler costs least, so each request is
handed to a thread, and a stream, which waits most of the time, holds none. `docs/adr/0013` has the figures. Under any
other WSGI server `config.wsgi` serves the same pages, which then do not update by themselves.
"""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from tempfile import SpooledTemporaryFile
from types import FrameType
from typing import Final

from django.conf import settings
from django.db import connection

from shuzheng.config.bridge import Exchange, Request, make_environ, run
from shuzheng.config.wsgi import application as pages
from shuzheng.portals.live.ears import DatabaseEars
from shuzheng.portals.live.hub import Hub
from shuzheng.portals.live.serving import PATH, serve_live
from shuzheng.portals.shell.middleware import MAX_BODY_BYTES

PAGE_THREADS: Final = 8
BODY_IN_MEMORY: Final = 1024 * 1024
"""A larger body waits on disk for its thread."""
BODY_SECONDS: Final = 300
"""A body that comes slower is given up."""
SETTLE_SECONDS: Final = 3.0
"""On PostgreSQL a step's transaction lasts milliseconds; after so long no earlier key comes any more."""
STREAM_HEADERS: Final = ("cookie", "last-event-id", "sec-fetch-site")


class Gateway:
    """The application that Granian serves."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(PAGE_THREADS, "page")
        settle = SETTLE_SECONDS if connection.vendor == "postgresql" else 0.0
        self._hub = Hub(DatabaseEars(), most=settings.OPTIONS.live_streams, settle=settle)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the streams when the process is told to stop, because Granian waits for open answers.

        The loop hears the signal as well, through its wake-up descriptor, whoever handles it here.
        """

        def stop(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001
            loop.call_soon_threadsafe(self._hub.close)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)

    async def __rsgi__(self, request: Request, exchange: Exchange) -> None:
        """Answer one request."""
        if request.path == PATH:
            headers = {name: request.headers.get(name, "") for name in STREAM_HEADERS if name in request.headers}
            await serve_live(request.method, request.query_string, headers, exchange, self._hub)
        else:
            await self._serve_page(request, exchange)

    async def _serve_page(self, request: Request, exchange: Exchange) -> None:
        environ = make_environ(request)
        with SpooledTemporaryFile(BODY_IN_MEMORY) as body:
            if request.method not in ("GET", "HEAD") and not _announces_too_much(environ.get("CONTENT_LENGTH", "")):
                try:
                    environ["CONTENT_LENGTH"] = str(await _receive(exchange, body))
                except TimeoutError:
                    exchange.response_empty(408, [("connection", "close")])
                    return
            environ["wsgi.input"] = body
            work = partial(run, pages, environ)
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, work)
        answer.send(exchange)


def _announces_too_much(length: str) -> bool:
    """Tell whether a body is too long to be taken at all; Django then refuses it by its announced length."""
    return length.isdigit() and int(length) > MAX_BODY_BYTES


async def _receive(exchange: Exchange, body: "SpooledTemporaryFile[bytes]") -> int:
    """Take the body, at most one piece more than the longest allowed; return how long it is."""
    size = 0
    async with asyncio.timeout(BODY_SECONDS):
        async for piece in exchange:
            body.write(piece)
            size += len(piece)
            if size > MAX_BODY_BYTES:
                break
    body.seek(0)
    return size


application = Gateway()
