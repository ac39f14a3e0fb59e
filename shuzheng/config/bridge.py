"""Between RSGI, which Granian speaks on the event loop, and WSGI (PEP 3333), which Django speaks in a thread."""

import io
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from types import TracebackType
from typing import IO, Any, Final, Protocol, TypeAlias

from shuzheng.portals.live.serving import Headers, Line

Environ: TypeAlias = dict[str, Any]
Failure: TypeAlias = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
Application: TypeAlias = Callable[[Environ, Any], Iterable[bytes]]

BLOCK: Final = 64 * 1024
_BARE: Final = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})


class HeadersIn(Protocol):
    """Headers of a request; names in lower case, a name may come twice."""

    def __contains__(self, key: str) -> bool:
        """Tell whether a header is there."""

    def items(self) -> list[tuple[str, str]]:
        """Return every header in order."""

    def get(self, key: str, default: str = "") -> str:
        """Return the first header of a name."""


class Request(Protocol):
    """RSGI's scope, as far as it is used; `path` is decoded already."""

    method: str
    path: str
    query_string: str
    scheme: str
    server: str
    client: str
    http_version: str
    authority: str | None

    @property
    def headers(self) -> HeadersIn:
        """Return the headers."""


class Exchange(Line, Protocol):
    """RSGI's protocol, as far as it is used."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body in pieces."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer at once."""

    def response_file(self, status: int, headers: Headers, file: str) -> None:
        """Answer with a file of the disk, which does not pass through Python."""


class FileAnswer:
    """A body that is a file: `wsgi.file_wrapper` of PEP 3333."""

    def __init__(self, file: IO[bytes], block: int = BLOCK) -> None:
        self.file, self._block = file, block
        self.close: Callable[[], None] = file.close

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes in blocks."""
        return iter(lambda: self.file.read(self._block), b"")


class Answer:
    """What a WSGI application said: status, headers, and bytes or the path of a whole file."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: Headers = []
        self.body = b""
        self.path = ""

    def start(self, status: str, headers: Headers, failure: Failure | None = None) -> None:  # noqa: ARG002
        """Take status and headers: `start_response` of PEP 3333."""
        self.status = int(status.split(" ", 1)[0])
        self.headers = headers

    def send(self, exchange: Exchange) -> None:
        """Hand everything to the server."""
        if self.path:
            exchange.response_file(self.status, self.headers, self.path)
        else:
            exchange.response_bytes(self.status, self.headers, self.body)


def make_environ(request: Request) -> Environ:
    """Return the request as WSGI wants it, but for its body."""
    host, _colon, port = request.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": request.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{request.http_version}",
        "REMOTE_ADDR": request.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileAnswer,
    }
    if request.authority:
        environ["HTTP_HOST"] = request.authority
    return environ | _header_keys(request.headers.items())


def _header_keys(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return headers under their WSGI names; one with `_` in its name could pass for another and is dropped."""
    found: dict[str, str] = {}
    for name, value in headers:
        if "_" in name:
            continue
        plain = name.upper().replace("-", "_")
        key = plain if plain in _BARE else f"HTTP_{plain}"
        joint = "; " if name == "cookie" else ","
        found[key] = f"{found[key]}{joint}{value}" if key in found else value
    return found


def run(application: Application, environ: Environ) -> Answer:
    """Run a WSGI application to its end, in the thread of the caller."""
    answer = Answer()
    body = application(environ, answer.start)
    try:
        path = _whole_file(body)
        if path:
            answer.path = path
        else:
            answer.body = b"".join(body)
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()
    return answer


def _whole_file(body: Iterable[bytes]) -> str:
    """Return the path of a body that is a file from its first byte on, '' for any other."""
    file = body.file if isinstance(body, FileAnswer) else None
    named = isinstance(file, io.BufferedReader) and isinstance(file.name, str) and file.tell() == 0
    return file.name if named and file is not None else ""
