"""A scanner that knows one virus, the harmless test string of EICAR; for tests. Passes the same suite as clamd."""

from typing import Final

from typing_extensions import override

from shuzheng.base.files.errors import ScannerDown
from shuzheng.base.files.types import Scanner

EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""Source: www.eicar.org. Put together here, so that no scanner takes this file for one."""


class FakeScanner(Scanner):
    """Finds the test string; can be out of order.

    Attributes:
        down: While True, it does not answer.
        calls: How often it was asked.
    """

    def __init__(self) -> None:
        self.down = False
        self.calls = 0

    @override
    def scan(self, body: bytes) -> str:
        self.calls += 1
        if self.down:
            raise ScannerDown
        return "Eicar-Test-Signature" if EICAR in body else ""
