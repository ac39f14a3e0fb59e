"""Keeps messages in memory: what tests use. Held to the same conformance suite as the real ones."""

import threading
from uuid import UUID

from typing_extensions import override

from shuzheng.base.notices.errors import ChannelDown, MessageRefused
from shuzheng.base.notices.types import ChannelPort, Message


class FakeChannel(ChannelPort):
    """A provider that drops repetitions, and can be down or refuse an address.

    Attributes:
        down: While True, nothing is taken.
        refused: Addresses that are never served.
        sent: What arrived, each id once.
        calls: How often `send` was called.
    """

    def __init__(self) -> None:
        self.down = False
        self.refused: set[str] = set()
        self.sent: dict[UUID, Message] = {}
        self.calls = 0
        self._lock = threading.Lock()

    @override
    def send(self, message: Message) -> str:
        with self._lock:
            self.calls += 1
            if self.down:
                raise ChannelDown
            if message.to in self.refused:
                raise MessageRefused
            self.sent.setdefault(message.id, message)
            return f"fake-{message.id}"
