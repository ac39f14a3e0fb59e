"""Who may propose a change and who may review it. Each rule raises with the reason."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from shuzheng.base.kernel.codes import parse_division_code
from shuzheng.base.kernel.types import Actor, OrgId
from shuzheng.services.items.errors import (
    ChangeEffectTooEarly,
    ChangeEffectTooFar,
    MayNotPropose,
    MayNotReview,
    NotYourItem,
    OwnReview,
)

ITEM_ROLES: Final = frozenset({"approval", "director"})
"""Duties that may propose a change of an item: whoever decides it, and the head of the body."""
UNIT_ROLES: Final = ITEM_ROLES | {"service_window"}
"""Duties that may propose a change of their own implementing item: the window knows its hours best."""
REVIEW_ROLE: Final = "data_authority"
AHEAD: Final = timedelta(days=366)
"""Furthest day a change may take effect on."""


@dataclass(frozen=True, slots=True)
class Target:
    """What would be changed, as far as it matters for who may.

    Attributes:
        name: Of the item.
        department: Short name of the body that leads the item.
        lead: Short name of the actor's own body.
        bodies: Of a unit: who implements it and who accepts for it; empty for the item itself.
        division: Where it lies.
    """

    name: str
    department: str
    lead: str
    division: str
    bodies: Collection[OrgId] = ()


def check_may_propose(target: Target, *, actor: Actor) -> None:
    """Let pass who may propose this change.

    Raises:
        NotYourItem: Another body answers for it.
        MayNotPropose: The right body, but not a post that may.
    """
    mine = actor.org in target.bodies if target.bodies else bool(actor.org) and target.lead == target.department
    if not mine:
        raise NotYourItem(item=target.name, department=target.department, org=actor.org_name)
    if not actor.roles & (UNIT_ROLES if target.bodies else ITEM_ROLES):
        raise MayNotPropose(org=actor.org_name)


def check_may_review(division: str, *, actor: Actor, own_division: str, hands: Collection[UUID | None]) -> None:
    """Let pass who may review a change.

    Args:
        division: Where the change lies.
        actor: Who would review.
        own_division: Division of the reviewer's body.
        hands: Everybody who wrote or submitted the change.

    Raises:
        MayNotReview: Not a data authority, or one of another place.
        OwnReview: They had a hand in it, in whatever post.
    """
    if REVIEW_ROLE not in actor.roles or not lies_in(division, own_division):
        raise MayNotReview
    if actor.person in hands:
        raise OwnReview


def lies_in(division: str, outer: str) -> bool:
    """Tell whether a division lies in another or is it.

    Example:
        >>> lies_in("990102", "990100"), lies_in("990100", "990102")
        (True, False)
    """
    return division.startswith(reach_of(outer))


def reach_of(division: str) -> str:
    """Return the digits that every division inside this one begins with.

    Example:
        >>> reach_of("990100"), reach_of("990102")
        ('9901', '990102')
    """
    found = parse_division_code(division)
    return found.code[: {"province": 2, "city": 4}.get(found.level, len(found.code))]


def check_effective_on(on: date, *, today: date) -> None:
    """Let pass a day a change may take effect on.

    Raises:
        ChangeEffectTooEarly: Before today: nobody could have known.
        ChangeEffectTooFar: More than a year ahead.
    """
    if on < today:
        raise ChangeEffectTooEarly(today=today.isoformat())
    if on > today + AHEAD:
        raise ChangeEffectTooFar
