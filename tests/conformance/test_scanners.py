"""Every virus scanner keeps the same promises; clamd is met over its own protocol, on this machine."""

import socketserver
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typing_extensions import override

from shuzheng.base.files.backends.clamd import ClamdScanner
from shuzheng.base.files.backends.fake import EICAR, FakeScanner
from shuzheng.base.files.errors import ScannerDown
from shuzheng.base.files.types import Scanner


@dataclass
class World:
    """How the daemon behaves.

    Attributes:
        answer: Said instead of a verdict, '' for a verdict; None hangs up without a word.
    """

    answer: str | None = ""
    sizes: list[int] = field(default_factory=list)


class Daemon(socketserver.StreamRequestHandler):
    """clamd's INSTREAM as its manual describes it."""

    @override
    def handle(self) -> None:
        world: World = self.server.world  # type: ignore[attr-defined]
        assert self.rfile.read(10) == b"zINSTREAM\0"
        body = bytearray()
        while length := int.from_bytes(self.rfile.read(4)):
            body += self.rfile.read(length)
        world.sizes.append(len(body))
        if world.answer is None:
            return
        verdict = "stream: Eicar-Test-Signature FOUND" if EICAR in body else "stream: OK"
        self.wfile.write((world.answer or verdict).encode() + b"\0")


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


def port_of(server: socketserver.BaseServer) -> int:
    address = server.server_address
    assert isinstance(address, tuple)
    return int(address[1])


@contextmanager
def clamd(kind: str) -> Iterator[tuple[World, str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clamd.ctl"
        server: socketserver.BaseServer = (
            UnixServer(str(path), Daemon)
            if kind == "unix"
            else socketserver.ThreadingTCPServer(("127.0.0.1", 0), Daemon)
        )
        server.world = world = World()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield world, f"unix://{path}" if kind == "unix" else f"tcp://127.0.0.1:{port_of(server)}"
        finally:
            server.shutdown()
            server.server_close()


@pytest.fixture(params=["fake", "unix", "tcp"])
def scanner(request: pytest.FixtureRequest) -> Iterator[Scanner]:
    if request.param == "fake":
        yield FakeScanner()
    else:
        with clamd(request.param) as (_, address):
            yield ClamdScanner(address)


def test_a_clean_file_has_no_name_of_a_virus(scanner: Scanner) -> None:
    assert scanner.scan(b"%PDF- harmless") == ""
    assert scanner.scan(b"") == ""


def test_the_test_string_is_found_wherever_it_stands(scanner: Scanner) -> None:
    assert scanner.scan(EICAR) == "Eicar-Test-Signature"
    assert scanner.scan(bytes(64 * 1024 - 5) + EICAR + bytes(70_000)) == "Eicar-Test-Signature"


def test_a_scanner_can_be_asked_again(scanner: Scanner) -> None:
    assert [scanner.scan(EICAR), scanner.scan(b"x"), scanner.scan(EICAR)][1] == ""


def test_a_large_file_arrives_whole() -> None:
    with clamd("tcp") as (world, address):
        assert ClamdScanner(address).scan(bytes(10 * 1024 * 1024)) == ""
    assert world.sizes == [10 * 1024 * 1024]


@pytest.mark.parametrize("answer", ["INSTREAM size limit exceeded. ERROR", "UNKNOWN COMMAND", "stream: ", None])
def test_anything_but_a_verdict_is_no_verdict(answer: str | None) -> None:
    with clamd("tcp") as (world, address):
        world.answer = answer
        with pytest.raises(ScannerDown):
            ClamdScanner(address).scan(b"x")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "unix:///nowhere/clamd.ctl"])
def test_nobody_there_is_no_verdict(address: str) -> None:
    with pytest.raises(ScannerDown):
        ClamdScanner(address).scan(b"x")


@pytest.mark.parametrize("address", ["", "clamd", "http://127.0.0.1", "unix://", "tcp://"])
def test_an_address_of_another_shape_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        ClamdScanner(address)
