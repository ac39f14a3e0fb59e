"""All streams of one process: who may join, what they missed, and the one watcher that wakes them.

Everything here runs on the event loop's thread; only the ears block, in threads of their own. The watcher runs while
somebody listens. When the database does not answer, streams stay open and the watcher tries again.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Final, TypeVar

from django.db import DatabaseError

from shuzheng.base.kernel import clock
from shuzheng.base.notices.types import Arrival
from shuzheng.engines.cases.types import Movement
from shuzheng.portals.live.ears import Ears, like_a_request
from shuzheng.portals.live.following import Tail
from shuzheng.portals.live.stream import Stream
from shuzheng.portals.live.types import Fresh, Listener, Position

T = TypeVar("T")
_log: Final = logging.getLogger(__name__)

POLL_SECONDS: Final = 1.0
LOOK_SECONDS: Final = 5.0
"""How often every session is looked at."""
STALE: Final = timedelta(minutes=1)
"""After so long account and post are asked again, also when the session did not change."""
STALE_PARTS: Final = 10
"""Not all at once: a tenth at each look."""
AFTER_FAULT_SECONDS: Final = 5.0
BATCH: Final = 500
"""New rows read at a time."""
SESSION_MOST: Final = 12
"""Streams of one session; the oldest gives way."""


class HubFull(Exception):
    """No more streams in this process."""


class Hub:
    """The streams of one process.

    Args:
        ears: What is followed.
        most: Streams at the same time.
        settle: Seconds after which no earlier key comes any more; 0 where none comes late.
        poll: Seconds between two readings.
    """

    def __init__(self, ears: Ears, *, most: int, settle: float, poll: float = POLL_SECONDS) -> None:
        self.streams: set[Stream] = set()
        self._ears, self._most, self._settle, self._poll = ears, most, settle, poll
        self._threads = ThreadPoolExecutor(2, "live")
        self._watcher: asyncio.Task[None] | None = None
        self._notices = self._moves = Tail(0, settle=settle)
        self._looked = 0.0

    async def admit(self, session: str) -> Listener | None:
        """Return who listens with a session."""
        return await self._ask(partial(self._ears.admit, session, at=clock.now()))

    async def join(self, listener: Listener, heard: Position | None) -> Stream:
        """Open a stream; the first thing it tells is what was missed.

        Args:
            listener: As `admit` said.
            heard: How far the page has heard; None for one that does not know.

        Raises:
            HubFull: Too many streams.
        """
        if len(self.streams) >= self._most:
            raise HubFull
        self._make_room(listener.session)
        stream = Stream(listener)
        self.streams.add(stream)  # before anything is read, so that nothing falls between
        try:
            await self._start()
            await self._catch_up(stream, heard)
        except BaseException:
            self.leave(stream)
            raise
        return stream

    def leave(self, stream: Stream) -> None:
        """Forget a stream whose browser is gone."""
        self.streams.discard(stream)

    def close(self) -> None:
        """End all streams, because the process stops; browsers come back to the next one."""
        for stream in self.streams:
            stream.end(bye=False)
        if self._watcher is not None:
            self._watcher.cancel()

    @property
    def _position(self) -> Position:
        return Position(self._notices.settled, self._moves.settled)

    async def _ask(self, read: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, like_a_request, read)

    def _make_room(self, session: str) -> None:
        own = [stream for stream in self.streams if stream.listener.session == session]
        if len(own) >= SESSION_MOST:
            self._end(min(own, key=lambda stream: stream.number))

    def _end(self, stream: Stream) -> None:
        stream.end(bye=True)
        self.leave(stream)

    async def _start(self) -> None:
        if self._watcher is not None and not self._watcher.done():
            return
        start = await self._ask(self._ears.now_at)
        if self._watcher is None or self._watcher.done():  # nobody else was quicker
            self._notices = Tail(start.notices, settle=self._settle)
            self._moves = Tail(start.moves, settle=self._settle)
            self._watcher = asyncio.create_task(self._watch())

    async def _catch_up(self, stream: Stream, heard: Position | None) -> None:
        position = self._position
        unread, fresh, moved = await self._ask(partial(self._missed, stream.listener, heard, position))
        stream.tell_missed(unread, fresh, position, inbox=moved)

    def _missed(self, listener: Listener, heard: Position | None, now: Position) -> tuple[int, Sequence[Fresh], bool]:
        """Read what a page missed. One that heard more than there is comes from before a restore: it starts anew."""
        unread = self._ears.unread([listener.person])[listener.person]
        if heard is None or heard.notices > now.notices or heard.moves > now.moves:
            return unread, (), heard is not None and bool(listener.posts)
        arrivals = self._ears.arrivals(after=heard.notices, limit=BATCH, person=listener.person)
        moves = self._ears.movements(after=heard.moves, limit=BATCH) if listener.posts else ()
        moved = any(map(listener.concerns, moves)) or len({move.position for move in moves}) == BATCH
        return unread, [_fresh(arrival) for arrival in arrivals], moved

    async def _watch(self) -> None:
        while self.streams:
            await asyncio.sleep(self._poll)
            try:
                await self._round()
            except DatabaseError as error:
                _log.warning("live: database not usable: %s", type(error).__name__)
                await asyncio.sleep(AFTER_FAULT_SECONDS)

    async def _round(self) -> None:
        now = time.monotonic()
        arrivals, moves = await self._ask(self._read)
        came = self._notices.take((arrival.position for arrival in arrivals), now=now)
        moved = self._moves.take((move.position for move in moves), now=now)
        news = _News(
            [arrival for arrival in arrivals if arrival.position in came],
            [move for move in moves if move.position in moved],
        )
        await self._look([stream for stream in self.streams if news.concerns(stream.listener)])
        await self._tell(news)
        if now - self._looked >= LOOK_SECONDS:
            self._looked = now
            await self._look([*self.streams])
            await self._renew(self._stale())

    def _read(self) -> tuple[tuple[Arrival, ...], tuple[Movement, ...]]:
        return (
            self._ears.arrivals(after=self._notices.settled, limit=self._notices.known + BATCH),
            self._ears.movements(after=self._moves.settled, limit=self._moves.known + BATCH),
        )

    async def _look(self, streams: Sequence[Stream]) -> None:
        """Look at the sessions behind streams: end those that are over, follow those that changed."""
        if not streams:
            return
        keys = {stream.listener.session for stream in streams}
        marks = await self._ask(partial(self._ears.marks, keys, at=clock.now()))
        await self._renew([stream for stream in streams if marks.get(stream.listener.session) != stream.listener.mark])

    def _stale(self) -> list[Stream]:
        """Return some of the streams that were not asked for a minute, so that all are asked within two."""
        old = [stream for stream in self.streams if clock.now() - stream.listener.looked_at >= STALE]
        return sorted(old, key=lambda stream: stream.listener.looked_at)[: len(self.streams) // STALE_PARTS + 1]

    async def _renew(self, streams: Sequence[Stream]) -> None:
        """Ask again who listens; end the streams of those who may not any more."""
        renewed: dict[str, Listener | None] = {}
        for stream in streams:
            key, person = stream.listener.session, stream.listener.person
            if key not in renewed:
                renewed[key] = await self.admit(key)
            listener = renewed[key]
            if listener is None or listener.person != person:
                self._end(stream)
            else:
                stream.listener = listener

    async def _tell(self, news: "_News") -> None:
        people = news.people & {stream.listener.person for stream in self.streams}
        unread = await self._ask(partial(self._ears.unread, people)) if people else {}
        position = self._position
        for stream in self.streams:
            listener = stream.listener
            if listener.person in unread:
                stream.tell_notices(unread[listener.person], news.fresh_for(listener), position)
            if news.moved(listener):
                stream.tell_inbox(position)


class _News:
    """What came in one reading."""

    def __init__(self, arrivals: Sequence[Arrival], moves: Sequence[Movement]) -> None:
        self._arrivals = arrivals
        self._moves = {(move.org, move.role, move.levels): move for move in moves}.values()
        self.people = {arrival.person for arrival in arrivals}

    def moved(self, listener: Listener) -> bool:
        return any(map(listener.concerns, self._moves))

    def concerns(self, listener: Listener) -> bool:
        return listener.person in self.people or self.moved(listener)

    def fresh_for(self, listener: Listener) -> list[Fresh]:
        return [_fresh(arrival) for arrival in self._arrivals if arrival.person == listener.person]


def _fresh(arrival: Arrival) -> Fresh:
    return Fresh(arrival.id, arrival.title)
