"""The bridge from Granian's interface to WSGI: nothing of a request or an answer is lost on the way."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from shuzheng.config import gateway
from shuzheng.config.bridge import Environ, FileAnswer, HeadersIn, make_environ, run
from shuzheng.portals.live.serving import Headers
from shuzheng.portals.shell.middleware import MAX_BODY_BYTES


class FakeHeaders:
    def __init__(self, *pairs: tuple[str, str]) -> None:
        self.pairs = list(pairs)

    def __contains__(self, key: str) -> bool:
        return any(name == key for name, _value in self.pairs)

    def items(self) -> list[tuple[str, str]]:
        return self.pairs

    def get(self, key: str, default: str = "") -> str:
        return next((value for name, value in self.pairs if name == key), default)


class FakeRequest:
    def __init__(self, *headers: tuple[str, str], method: str = "GET", path: str = "/") -> None:
        self.method, self.path = method, path
        self.query_string = "q=%E4%B8%AD"
        self.scheme, self.http_version = "http", "1.1"
        self.authority: str | None = None
        self.server, self.client = "127.0.0.1:8000", "10.0.0.9:51000"
        self.headers: HeadersIn = FakeHeaders(*headers)


class FakeExchange:
    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces
        self.answer: tuple[int, Headers, bytes | str] = (0, [], b"")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece

    def response_empty(self, status: int, headers: Headers) -> None:
        self.answer = (status, headers, b"")

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        self.answer = (status, headers, body)

    def response_file(self, status: int, headers: Headers, file: str) -> None:
        self.answer = (status, headers, file)

    def response_stream(self, status: int, headers: Headers) -> Any:
        raise AssertionError

    async def client_disconnect(self) -> None:
        return None


def test_a_request_reaches_wsgi_as_it_was_sent() -> None:
    environ = make_environ(
        FakeRequest(
            ("host", "city.example"),
            ("cookie", "a=1"),
            ("cookie", "b=2"),
            ("accept", "text/html"),
            ("accept", "*/*"),
            ("content-type", "text/plain"),
            path="/items/中文/",
        )
    )
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/items/中文/"
    assert environ["QUERY_STRING"] == "q=%E4%B8%AD"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_ACCEPT"] == "text/html,*/*"
    assert (environ["CONTENT_TYPE"], environ["HTTP_HOST"]) == ("text/plain", "city.example")
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("10.0.0.9", "127.0.0.1", "8000")


def test_a_header_that_could_pass_for_another_is_dropped() -> None:
    environ = make_environ(FakeRequest(("x_background", "1"), ("x-background", "2")))
    assert environ["HTTP_X_BACKGROUND"] == "2"


def answer_with(body: Iterable[bytes]) -> Callable[[Environ, Any], Iterable[bytes]]:
    def application(environ: Environ, start: Any) -> Iterable[bytes]:
        start("201 Created", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return body

    return application


def test_an_answer_keeps_status_headers_and_body() -> None:
    answer = run(answer_with([b"one", b"two"]), {})
    assert (answer.status, answer.body) == (201, b"onetwo")
    assert answer.headers == [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]


def test_a_whole_file_is_sent_by_its_path_and_a_part_of_one_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.css"
    path.write_bytes(b"body{}")
    with path.open("rb") as file:
        answer = run(answer_with(FileAnswer(file)), {})
        assert (answer.path, file.closed) == (str(path), True)
    with path.open("rb") as file:
        file.seek(4)
        assert run(answer_with(FileAnswer(file)), {}).body == b"{}"
    assert run(answer_with(FileAnswer(io.BytesIO(b"in memory"))), {}).body == b"in memory"


def test_a_body_is_closed_also_when_it_breaks() -> None:
    class Broken:
        closed = False

        def __iter__(self) -> Any:
            raise OSError("disk")

        def close(self) -> None:
            self.closed = True

    broken = Broken()
    with pytest.raises(OSError, match="disk"):
        run(answer_with(broken), {})
    assert broken.closed


def serve(monkeypatch: pytest.MonkeyPatch, request: FakeRequest, exchange: FakeExchange) -> Environ:
    """Serve one request by a Django that notes what it was given."""
    seen: Environ = {}

    def pages(environ: Environ, start: Any) -> Iterable[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start("200 OK", [])
        return [b"ok"]

    monkeypatch.setattr(gateway, "pages", pages)
    asyncio.run(gateway.Gateway().__rsgi__(request, exchange))
    return seen


def test_a_body_in_pieces_arrives_whole_with_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = FakeExchange(b"a" * gateway.BODY_IN_MEMORY, b"b")
    seen = serve(monkeypatch, FakeRequest(method="POST"), exchange)
    assert len(seen["body"]) == int(seen["CONTENT_LENGTH"]) == gateway.BODY_IN_MEMORY + 1
    assert exchange.answer == (200, [], b"ok")


def test_a_body_without_end_is_not_taken_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "MAX_BODY_BYTES", 10)
    taken: list[int] = []

    class Endless(FakeExchange):
        @override
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                taken.append(1)
                yield b"12345678"

    seen = serve(monkeypatch, FakeRequest(method="POST"), Endless())
    assert (len(taken), seen["CONTENT_LENGTH"]) == (2, "16")


def test_a_body_announced_too_long_is_not_taken_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    length = str(MAX_BODY_BYTES + 1)
    seen = serve(monkeypatch, FakeRequest(("content-length", length), method="POST"), FakeExchange(b"x"))
    assert (seen["body"], seen["CONTENT_LENGTH"]) == (b"", length)


def test_a_body_that_comes_too_slowly_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "BODY_SECONDS", 0.01)

    class Slow(FakeExchange):
        @override
        async def __aiter__(self) -> AsyncIterator[bytes]:
            await asyncio.sleep(5)
            yield b""

    exchange = Slow()
    assert serve(monkeypatch, FakeRequest(method="POST"), exchange) == {}
    assert exchange.answer[0] == 408


def test_a_get_has_no_body(monkeypatch: pytest.MonkeyPatch) -> None:
    assert serve(monkeypatch, FakeRequest(), FakeExchange(b"x"))["body"] == b""
