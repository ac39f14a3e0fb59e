"""What a reader may see, and what the person concerned sees of readings."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from shuzheng.base.kernel.registry import Registry
from shuzheng.base.kernel.types import ItemCode, OrgId, Party, PartyKind, PersonId

SUPERVISING = frozenset({"director"})
"""Roles whose holders also read what the organizations below theirs handle."""
LEADING = frozenset({"director", "team_lead"})
"""Roles whose holders hand the tasks of their own unit to one of its officers, and speed them up."""


@dataclass(frozen=True, slots=True)
class PostScope:
    """The post acted in: its organization, that organization's own level in the tree (1 to 4), the duties held.

    A list query of a supervising post filters on the column `l<level>` = `org`; any other post on the unit itself.
    """

    org: OrgId
    level: int
    roles: frozenset[str]

    @property
    def supervises(self) -> bool:
        """Tell whether the post also reads what the organizations below handle."""
        return bool(self.roles & SUPERVISING)


@dataclass(frozen=True, slots=True)
class Scope:
    """All that decides what an actor may see.

    Attributes:
        party: Whose affairs these are on the public front; None for an officer at the desk and for the system.
        person: Who reads; None for a machine and for the system itself.
        posts: The post acted in, or the place of a machine; empty on the public front.
        limited_to: Items a mandate is limited to; None when nothing limits.
        system: True for the platform itself, which sees everything and shows it to nobody.
    """

    party: Party | None
    person: PersonId | None
    posts: tuple[PostScope, ...]
    system: bool = False
    limited_to: frozenset[ItemCode] | None = None


class Standing(StrEnum):
    """Whether somebody stands in a resource as it was when it was read whole."""

    HELD = "held"
    NOT_HELD = "not_held"
    HELD_NOW = "held_now"
    """What was read is kept no more; they stand in the resource as it is now."""
    UNKNOWN = "unknown"
    """What was read is kept no more, and they do not stand in the resource as it is now; or nobody can say."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A resource as it was read: its URN and the version, a number of the room that keeps it."""

    resource: str
    version: int


StandingsOf: TypeAlias = Callable[[PartyKind, str, Collection[Edition]], Mapping[Edition, Standing]]
"""Kind and number of a person or firm, spelt as `queries.spelt` does; what is asked for is answered, all of it."""
HOLDERS: Final[Registry[StandingsOf]] = Registry("holder of resources read whole")
"""Who can say whom a resource held, by how its URNs begin; filled by the composition root.

The number is told in clear: a column of numbers is searched for one in a hundredth of the time that it takes to make
the keyed index of each of its rows. It stays in the process.
"""


@dataclass(frozen=True, slots=True)
class ReadingView:
    """One reading as the person concerned sees it: the reader's name is masked, the unit is not.

    Attributes:
        id: Of its own log: readings in bulk are numbered by themselves.
        reader: Masked name.
        at: First time.
        last_at: Last time within the same ten minutes.
        count: How often within them.
        concerned: How many people or firms a reading out of the lake was about; 0: this one alone was looked at.
        standing: Of a resource read whole: whether they stood in it; None for any other reading.
    """

    id: int
    reader: str
    organization: OrgId | None
    organization_name: str
    resource: str
    what: str = field(repr=False)
    purpose: str
    at: datetime
    last_at: datetime
    count: int
    concerned: int = 0
    standing: Standing | None = None

    @property
    def in_bulk(self) -> bool:
        """Tell whether it was one of many read out of the lake."""
        return self.concerned > 0
