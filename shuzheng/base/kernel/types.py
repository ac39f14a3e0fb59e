"""Identifiers, parties and the actor: what crosses the border between rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, NewType, TypeAlias, TypeVar, Union
from uuid import UUID

PersonId = NewType("PersonId", UUID)
FirmId = NewType("FirmId", UUID)
PostId = NewType("PostId", UUID)
CaseId = NewType("CaseId", UUID)
LicenceId = NewType("LicenceId", UUID)
FileId = NewType("FileId", UUID)
DraftId = NewType("DraftId", UUID)
NoticeId = NewType("NoticeId", UUID)
MandateId = NewType("MandateId", UUID)
MachineId = NewType("MachineId", UUID)
AbsenceId = NewType("AbsenceId", UUID)

OrgId = NewType("OrgId", str)
"""Unified social credit code of a public body, 18 characters (GB 32100)."""
DivisionCode = NewType("DivisionCode", str)
"""Administrative division: 6 digits to county, 9 to town, 12 to village (GB/T 2260, GB/T 10114)."""
ItemCode = NewType("ItemCode", str)
"""Basic code of a service item, 12 digits (GB/T 39554.1)."""
LicenceTypeCode = NewType("LicenceTypeCode", str)
"""Licence type: defining body's 18-character code and 3 digits (GB/T 36903)."""

Json: TypeAlias = Union[bool, int, float, str, Sequence["Json"], Mapping[str, "Json"], None]
JsonObject: TypeAlias = Mapping[str, Json]

T = TypeVar("T")


class PartyKind(StrEnum):
    """Who may apply or hold: a natural person or a firm (自然人, 法人); and the post an officer asks in (岗位)."""

    PERSON = "person"
    FIRM = "firm"
    POST = "post"
    """Asks inside the administration, such as for the review of a rule; holds nothing and has no page of its own."""


PUBLIC_KINDS = frozenset({PartyKind.PERSON, PartyKind.FIRM})
"""Who applies from outside."""


@dataclass(frozen=True, slots=True)
class Party:
    """A person, firm or post as applicant, holder or subject; `name` is for display."""

    kind: PartyKind
    id: UUID
    name: str

    @property
    def urn(self) -> str:
        """Return `urn:shuzheng:person:<uuid>`, `…:firm:<uuid>` or `…:post:<uuid>`."""
        return f"urn:shuzheng:{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Levels:
    """An organization's ancestors and itself, top down: l1 city … l4; None below its own depth."""

    l1: OrgId
    l2: OrgId | None = None
    l3: OrgId | None = None
    l4: OrgId | None = None

    def as_tuple(self) -> tuple[OrgId | None, OrgId | None, OrgId | None, OrgId | None]:
        """Return the four levels in order."""
        return (self.l1, self.l2, self.l3, self.l4)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, in a post, for themselves or on behalf of another; or a machine of an organization.

    Attributes:
        name: Display name of the person, or of the machine or system part that acts.
        person: None for a machine and for the system itself.
        post: The post held while acting as an officer (W3C ORG Post); None on the public front.
        org: Organization of the post, or of the machine.
        roles: Duties of the post or machine, such as `service_window` or `approval`; empty without one.
        on_behalf_of: The firm or other person the person acts for.
        limited_to: Items a mandate (委托) is limited to; None when nothing limits. Whoever shows affairs of
            `on_behalf_of` shows only those of these items.
        machine: The machine account that acts; its organization's post-less hand.
        stands_in_for: The absent officer whose post a deputy acts in (代理); None in a post of one's own.
        stands_in_for_name: Their name, for display.
    """

    name: str
    person: PersonId | None = None
    post: PostId | None = None
    org: OrgId | None = None
    org_name: str = ""
    roles: frozenset[str] = frozenset()
    on_behalf_of: Party | None = None
    limited_to: frozenset[ItemCode] | None = None
    machine: MachineId | None = None
    stands_in_for: PersonId | None = None
    stands_in_for_name: str = ""

    @property
    def signature(self) -> str:
        """Return the name that records carry: a deputy signs visibly for the absent officer."""
        return f"{self.name}（代{self.stands_in_for_name}）" if self.stands_in_for else self.name

    @property
    def hands(self) -> frozenset[PersonId]:
        """Return whose tasks these are: the person's own, and those of the officer stood in for."""
        return frozenset(one for one in (self.person, self.stands_in_for) if one is not None)

    @property
    def is_system(self) -> bool:
        """Tell whether the platform itself acts: nobody's sight or authority is asked for."""
        return self.person is None and self.machine is None

    @property
    def party(self) -> Party | None:
        """Return whose affairs these are: the party acted for, else the person; None for a machine or the system."""
        if self.on_behalf_of is not None:
            return self.on_behalf_of
        return None if self.person is None else Party(PartyKind.PERSON, self.person, self.name)

    @property
    def is_officer(self) -> bool:
        """Tell whether the actor acts in a post."""
        return self.post is not None

    @property
    def urn(self) -> str:
        """Return the URN that ledger entries carry: ids only, no name."""
        if self.machine is not None:
            return f"urn:shuzheng:machine:{self.machine}"
        return "urn:shuzheng:system" if self.person is None else f"urn:shuzheng:person:{self.person}"


SYSTEM = Actor(name="系统")
"""The platform itself: timers, jobs, set-up."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One keyset page; `next` is the opaque position to continue from, None at the end."""

    rows: tuple[T, ...]
    next: str | None = None
