"""Two tiny servers of the outside world: an SMTP server and an SMS gateway, each on a port of this machine."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from typing_extensions import override

from shuzheng.base.notices.rules import sign

REFUSED = "13900009999"
REFUSED_MAIL = "nobody@example.com"
KEY = b"shared-with-the-gateway"


class Provider:
    """What a server took, each id once, and whether it is out of order."""

    def __init__(self) -> None:
        self.down = False
        self.taken: dict[str, str] = {}
        self.calls = 0


class _Mail(socketserver.StreamRequestHandler):
    @override
    def handle(self) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        provider.calls += 1
        if provider.down:
            self.say("421 closing")
            return
        self.say("220 ready")
        refused = False
        while line := self.rfile.readline().strip():
            verb = line[:4].upper()
            if verb == b"QUIT":
                self.say("221 bye")
                return
            if verb == b"RCPT":
                refused = REFUSED_MAIL.encode() in line
                self.say("550 no such mailbox" if refused else "250 ok")
            elif verb == b"DATA":
                self.say("354 go on")
                self.keep(provider)
                self.say("250 taken")
            else:
                self.say("250 ok")

    def keep(self, provider: Provider) -> None:
        lines: list[str] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.decode().rstrip("\r\n"))
        found = next(line for line in lines if line.lower().startswith("message-id:"))
        message_id = found.split(":", 1)[1].strip().strip("<>").partition("@")[0]
        provider.taken.setdefault(message_id, "\n".join(lines))

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class _Gateway(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        provider.calls += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = json.loads(body)
        if provider.down:
            self.answer(503)
        elif sign(KEY, self.headers["X-Timestamp"], body) != self.headers["X-Signature"]:
            self.answer(401)
        elif said["to"] == REFUSED:
            self.answer(422)
        elif said["id"] in provider.taken:
            self.answer(409)
        else:
            provider.taken[self.headers["Idempotency-Key"]] = said["text"]
            self.answer(200, b'{"ref": "g-1"}')

    def answer(self, status: int, body: bytes = b"{}") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        pass


class _MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextmanager
def serve(kind: str) -> Iterator[tuple[Provider, int]]:
    """Run a server of a kind, `smtp` or `gateway`; give its state and port."""
    server: socketserver.TCPServer = (
        _MailServer(("127.0.0.1", 0), _Mail) if kind == "smtp" else HTTPServer(("127.0.0.1", 0), _Gateway)
    )
    provider = Provider()
    server.provider = provider  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider, server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
