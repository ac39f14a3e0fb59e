"""One open stream.

It holds no queue: what is told twice before it could be sent is sent once, so a slow reader costs no memory.
"""

import asyncio
from collections.abc import Iterable
from itertools import count
from typing import Final

from shuzheng.portals.live import wire
from shuzheng.portals.live.types import Fresh, Listener, Position

TITLES: Final = 5
"""New titles told at once; more are only counted."""
_numbers = count(1)


class Stream:
    """What one browser tab still has to be told; used on the event loop's thread only."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.number = next(_numbers)
        """Grows with each stream of the process."""
        self.is_over = False
        self._bye = False
        self._position = Position(0, 0)
        self._unread: int | None = None
        self._fresh: dict[str, Fresh] = {}
        self._inbox = False
        self._wake = asyncio.Event()

    def tell_notices(self, unread: int, fresh: Iterable[Fresh], position: Position) -> None:
        """Say how many notices are unread, which are new, and how far the browser has heard with that."""
        self._unread, self._position = unread, position
        self._keep([*self._fresh.values(), *fresh])
        self._wake.set()

    def tell_inbox(self, position: Position) -> None:
        """Say that the inbox changed."""
        self._inbox, self._position = True, position
        self._wake.set()

    def tell_missed(self, unread: int, fresh: Iterable[Fresh], position: Position, *, inbox: bool) -> None:
        """Say first what was missed; a number that the watcher has told meanwhile is newer and stays."""
        if self._unread is None:
            self._unread = unread
        self._position = max(self._position, position)
        self._keep([*fresh, *self._fresh.values()])
        self._inbox |= inbox
        self._wake.set()

    def end(self, *, bye: bool) -> None:
        """End the stream: with `bye` for good, without it the browser comes back after its pause."""
        self.is_over, self._bye = True, bye
        self._wake.set()

    async def next(self, wait: float) -> bytes | None:
        """Return what is to be sent now, a heartbeat after `wait` seconds of silence, None when the stream is over."""
        try:
            async with asyncio.timeout(wait):
                await self._wake.wait()
        except TimeoutError:
            return wire.HEARTBEAT
        if self.is_over:
            bye, self._bye = self._bye, False
            return wire.BYE if bye else None
        self._wake.clear()
        return self._take()

    def _keep(self, fresh: Iterable[Fresh]) -> None:
        """Keep the newest titles, each once."""
        told = {str(one.id): one for one in fresh}
        self._fresh = dict(list(told.items())[-TITLES:])

    def _take(self) -> bytes:
        said = []
        if self._unread is not None:
            said.append(wire.mark(wire.say_notices(self._unread, tuple(self._fresh.values())), self._position))
        if self._inbox:
            said.append(wire.mark(wire.INBOX, self._position))
        self._unread, self._fresh, self._inbox = None, {}, False
        return b"".join(said)
