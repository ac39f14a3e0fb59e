r"""ClamAV's daemon over a socket. Source: clamd(8), INSTREAM.

zINSTREAM\0  then chunks of <length, 4 bytes, network order><bytes>, then a length of nought
stream: OK\0 | stream: <signature> FOUND\0 | <what> ERROR\0
"""

import socket
import struct
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from typing_extensions import override

from shuzheng.base.files.errors import ScannerDown
from shuzheng.base.files.types import Scanner

TIMEOUT_SECONDS: Final = 20
_CHUNK: Final = 64 * 1024
_ANSWER_MOST: Final = 4096


@dataclass(frozen=True, slots=True)
class ClamdScanner(Scanner):
    """Sends bytes to clamd.

    Attributes:
        address: `tcp://host:3310`, or `unix:///run/clamav/clamd.ctl`.
    """

    address: str
    timeout_seconds: float = TIMEOUT_SECONDS

    def __post_init__(self) -> None:
        """Refuse an address of another shape."""
        parts = urlsplit(self.address)
        if not (parts.scheme == "unix" and parts.path) and not (parts.scheme == "tcp" and parts.hostname):
            raise ValueError("the scanner's address is tcp://host:3310 or unix:///path/of/clamd.ctl")

    @override
    def scan(self, body: bytes) -> str:
        try:
            with self._connect() as line:
                line.sendall(b"zINSTREAM\0")
                for at in range(0, len(body), _CHUNK):
                    part = body[at : at + _CHUNK]
                    line.sendall(struct.pack("!L", len(part)) + part)
                line.sendall(struct.pack("!L", 0))
                answer = _read_answer(line)
        except OSError:
            raise ScannerDown from None
        return _found_in(answer)

    def _connect(self) -> socket.socket:
        parts = urlsplit(self.address)
        if parts.scheme == "tcp":
            return socket.create_connection((parts.hostname or "", parts.port or 3310), timeout=self.timeout_seconds)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(self.timeout_seconds)
        try:
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line


def _read_answer(line: socket.socket) -> str:
    answer = bytearray()
    while b"\0" not in answer and len(answer) < _ANSWER_MOST:
        part = line.recv(1024)
        if not part:
            break
        answer += part
    return answer.partition(b"\0")[0].decode("utf-8", errors="replace").strip()


def _found_in(answer: str) -> str:
    """Return the signature in clamd's answer, '' when it is clean.

    Raises:
        ScannerDown: An error of clamd, or no answer at all: nothing was decided.
    """
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND") or "unnamed"
    raise ScannerDown
