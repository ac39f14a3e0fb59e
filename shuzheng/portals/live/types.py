"""Who listens, from where on, and what they are told."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from typing_extensions import override

from shuzheng.base.access.types import PostScope
from shuzheng.base.kernel.types import NoticeId, PersonId
from shuzheng.engines.cases.types import Movement

_POSITION: Final = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """How far a browser has heard: the newest notice and the newest command it knows of. Sent as the event's id."""

    notices: int
    moves: int

    @override
    def __str__(self) -> str:
        return f"{self.notices}-{self.moves}"

    @classmethod
    def read(cls, text: str) -> "Position | None":
        """Return a position the browser sent back, None for anything else."""
        found = _POSITION.fullmatch(text)
        return None if found is None else cls(int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens, as the session said when it was looked at.

    Attributes:
        session: Key of the session; whoever knows it is signed in.
        mark: The session's content as it was stored, to see that it changed.
        posts: The posts whose inbox is listened to; empty for who holds none.
    """

    person: PersonId
    session: str = field(repr=False)
    mark: str = field(repr=False)
    posts: tuple[PostScope, ...]
    looked_at: datetime

    def concerns(self, move: Movement) -> bool:
        """Tell whether a movement touched an inbox of this listener."""
        return any(_touches(post, move) for post in self.posts)


def _touches(post: PostScope, move: Movement) -> bool:
    if post.org == move.org:
        return move.role in post.roles or post.supervises
    return post.supervises and move.levels[post.level - 1 : post.level] == (post.org,)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A notice that a page has not shown yet."""

    id: NoticeId
    title: str = field(repr=False)
