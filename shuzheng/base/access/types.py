"""What a reader may see, and what the person concerned sees of readings."""

from dataclasses import dataclass, field
from datetime import datetime

from shuzheng.base.kernel.types import ItemCode, OrgId, Party, PersonId

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

    @property
    def in_bulk(self) -> bool:
        """Tell whether it was one of many read out of the lake."""
        return self.concerned > 0
