"""What the hub hears from the database. Blocking: called in threads, which close their connections like requests."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from django.db import close_old_connections

from shuzheng.base.kernel.types import PersonId
from shuzheng.base.notices import queries as notices
from shuzheng.base.notices.types import Arrival
from shuzheng.engines.cases import queries as cases
from shuzheng.engines.cases.types import Movement
from shuzheng.portals.live import gate
from shuzheng.portals.live.types import Listener, Position

T = TypeVar("T")


class Ears(Protocol):
    """Port between the hub and what it follows; tests put a script in its place."""

    def now_at(self) -> Position:
        """Return the position after everything that happened."""

    def arrivals(self, *, after: int, limit: int, person: PersonId | None = None) -> tuple[Arrival, ...]:
        """Return notices after a position."""

    def movements(self, *, after: int, limit: int) -> tuple[Movement, ...]:
        """Return inboxes touched after a position."""

    def unread(self, people: Collection[PersonId]) -> Mapping[PersonId, int]:
        """Return how many notices each has not read, at most 99."""

    def admit(self, session: str, *, at: datetime) -> Listener | None:
        """Return who listens with a session."""

    def marks(self, sessions: Collection[str], *, at: datetime) -> Mapping[str, str]:
        """Return the content of the sessions that are open."""


UNREAD_CAP = 99
"""As the frame's badge."""


class DatabaseEars:
    """Hears the tables of notices, cases and sessions."""

    def now_at(self) -> Position:
        """Return the position after everything that happened; two look-ups."""
        return Position(notices.last_arrival(), cases.last_movement())

    def arrivals(self, *, after: int, limit: int, person: PersonId | None = None) -> tuple[Arrival, ...]:
        """Return notices after a position; one look-up."""
        return notices.list_arrivals(after=after, limit=limit, person=person)

    def movements(self, *, after: int, limit: int) -> tuple[Movement, ...]:
        """Return inboxes touched after a position; one look-up."""
        return cases.list_movements(after=after, limit=limit)

    def unread(self, people: Collection[PersonId]) -> Mapping[PersonId, int]:
        """Return how many notices each has not read; one look-up each."""
        return {person: notices.count_unread(person, cap=UNREAD_CAP) for person in people}

    def admit(self, session: str, *, at: datetime) -> Listener | None:
        """Return who listens with a session."""
        return gate.admit(session, at=at)

    def marks(self, sessions: Collection[str], *, at: datetime) -> Mapping[str, str]:
        """Return the content of the sessions that are open; one statement for all."""
        return gate.marks_of(sessions, at=at)


def like_a_request(read: Callable[[], T]) -> T:
    """Run a reading in a thread, with the care for connections that a request gets."""
    close_old_connections()
    try:
        return read()
    finally:
        close_old_connections()
