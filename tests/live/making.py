"""Builders for live pages, and ears that a test fills."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from shuzheng.base.access.types import PostScope
from shuzheng.base.kernel.types import NoticeId, OrgId, PersonId
from shuzheng.base.notices.types import Arrival
from shuzheng.engines.cases.types import Movement
from shuzheng.portals.live.types import Listener, Position

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ANNA, BERT = PersonId(UUID(int=1)), PersonId(UUID(int=2))
BUREAU, WINDOW, CITY = OrgId("113400000000000001"), OrgId("113400000000000002"), OrgId("113400000000000000")


def make_post(org: OrgId = BUREAU, *roles: str, level: int = 2) -> PostScope:
    return PostScope(org=org, level=level, roles=frozenset(roles or ("service_window",)))


def make_listener(person: PersonId = ANNA, *posts: PostScope, session: str = "s1", mark: str = "m") -> Listener:
    return Listener(person=person, session=session, mark=mark, posts=posts, looked_at=datetime.now(UTC))


def make_arrival(position: int, person: PersonId = ANNA, title: str = "办好了") -> Arrival:
    return Arrival(position, person, NoticeId(UUID(int=position)), title)


def make_movement(position: int, org: str = BUREAU, role: str = "service_window") -> Movement:
    return Movement(position, org, role, (CITY, BUREAU))


class FakeEars:
    """Everything a hub hears, in memory: the same answers as `DatabaseEars` gives, see `test_ears`."""

    def __init__(self) -> None:
        self.sent: list[Arrival] = []
        self.moved: list[Movement] = []
        self.sessions: dict[str, Listener] = {}
        self.admissions = 0
        self.broken: Exception | None = None

    def open_session(self, listener: Listener) -> Listener:
        self.sessions[listener.session] = listener
        return listener

    def now_at(self) -> Position:
        return Position(
            max((a.position for a in self.sent), default=0), max((m.position for m in self.moved), default=0)
        )

    def arrivals(self, *, after: int, limit: int, person: PersonId | None = None) -> tuple[Arrival, ...]:
        if self.broken is not None:
            error, self.broken = self.broken, None
            raise error
        found = [a for a in self.sent if a.position > after and person in (None, a.person)]
        return tuple(sorted(found, key=lambda a: a.position)[:limit])

    def movements(self, *, after: int, limit: int) -> tuple[Movement, ...]:
        return tuple(sorted((m for m in self.moved if m.position > after), key=lambda m: m.position)[:limit])

    def unread(self, people: Collection[PersonId]) -> Mapping[PersonId, int]:
        return {person: sum(a.person == person for a in self.sent) for person in people}

    def admit(self, session: str, *, at: datetime) -> Listener | None:
        self.admissions += 1
        found = self.sessions.get(session)
        return None if found is None else replace(found, looked_at=at)

    def marks(self, sessions: Collection[str], *, at: datetime) -> Mapping[str, str]:
        return {key: listener.mark for key, listener in self.sessions.items() if key in sessions}
