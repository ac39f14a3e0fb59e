"""Who may read a rule, propose a successor, review one, and up to which grade values are shown to whom.

Decided here for pages, lists, exports and the API.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from shuzheng.base.access.rules import is_own
from shuzheng.base.directory.types import OrganizationView
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Actor, Party
from shuzheng.engines.rules.types import Sensitivity
from shuzheng.services.rulebook.errors import (
    MayNotPropose,
    MayNotRead,
    MayNotReview,
    MayNotTakeFacts,
    NotYourRule,
    OwnReview,
)
from shuzheng.services.rulebook.types import BOOK_LABELS, PUBLIC_BOOKS

PROPOSE_ROLES: Final = frozenset({"approval", "data_steward", "director"})
"""Duties that may propose a successor of a rule their own body answers for."""
REVIEW_ROLE: Final = "data_authority"
"""Duty that reviews; it may propose too, and then a colleague reviews."""
TAKE_ROLES: Final = frozenset({"approval", "benefit_payer", REVIEW_ROLE})
"""Duties that may take the known facts of a person or firm to try a rule with."""
_CITY_ZEROS: Final = "00"
AHEAD: Final = timedelta(days=732)
"""Furthest day a successor may begin on."""


def readable_books(actor: Actor | None) -> Collection[str]:
    """Return the books an actor may read: an officer or a machine of a body every one, anybody else the public ones."""
    if actor is not None and (actor.is_officer or actor.machine is not None or actor.is_system):
        return frozenset(BOOK_LABELS)
    return PUBLIC_BOOKS


def check_may_read(book: str, actor: Actor | None) -> None:
    """Let pass who may read a book.

    Raises:
        MayNotRead: The book is for officers only.
    """
    if book not in readable_books(actor):
        raise MayNotRead


def grade_seen(actor: Actor, subject: Party, *, for_purpose: bool) -> Sensitivity:
    """Return the highest grade of facts about a subject whose values are shown to a reader.

    One's own are shown whatever their grade. An officer sees L2; L3 once they said what for and it stands in the
    reader log; L4 (an illness, a bank account) decides conditions and is not shown.

    Args:
        actor: The reader.
        subject: Whom the facts are about.
        for_purpose: The reader said what for, and the reader log has it.
    """
    if is_own(actor, subject) and not actor.is_officer:
        return Sensitivity.L4
    return Sensitivity.L3 if for_purpose and actor.is_officer else Sensitivity.L2


def check_may_take_facts(
    roles: Collection[str], office: OrganizationView | None, *, department: str, division: str | None
) -> None:
    """Let pass who may take the known facts of a person or firm to try a rule with.

    A data authority takes those of its own division and of the divisions below; a post that decides or pays does so for
    rules of its own department (the county's office of the same name counts).

    Args:
        roles: Of the post acted in.
        office: Its organization; None on the public front.
        department: Short name of the department that answers for the rule.
        division: Where the person or firm is registered; None before that is known.

    Raises:
        MayNotTakeFacts: It may not.
    """
    if office is None or not TAKE_ROLES & set(roles):
        raise MayNotTakeFacts
    if REVIEW_ROLE not in roles and not is_office_of(office, department):
        raise MayNotTakeFacts
    if division is not None and not covers(office.division, division):
        raise MayNotTakeFacts


def covers(own: str, division: str) -> bool:
    """Tell whether a division is an office's own, or lies in it where it is a city's."""
    return division == own or (own.endswith(_CITY_ZEROS) and division.startswith(own.removesuffix(_CITY_ZEROS)))


def is_office_of(office: OrganizationView, department: str) -> bool:
    """Tell whether an office is the department, or the county's of the same name without the word for city."""
    return office.short_name == department or (bool(department[1:]) and office.short_name.endswith(department[1:]))


def check_may_propose(department: str, *, actor: Actor, own_name: str) -> None:
    """Let pass who may propose a successor: the body that answers for the rule, and the data authority.

    Args:
        department: Short name of the body that answers for the rule.
        actor: Who would propose.
        own_name: Short name of the actor's own body.

    Raises:
        NotYourRule: Another body answers for it.
        MayNotPropose: The right body, but not a post that may.
    """
    if not actor.is_officer:
        raise MayNotPropose(org=own_name)
    if REVIEW_ROLE in actor.roles:
        return
    if own_name != department:
        raise NotYourRule(department=department or own_name, org=own_name)
    if not actor.roles & PROPOSE_ROLES:
        raise MayNotPropose(org=own_name)


def check_may_review(actor: Actor, hands: Collection[UUID | None]) -> None:
    """Let pass who may review a proposal; the case engine has decided whose unit it is.

    Args:
        actor: Who would review.
        hands: Everybody who wrote or submitted the proposal.

    Raises:
        MayNotReview: Not a data authority.
        OwnReview: They had a hand in it, in whatever post.
    """
    if REVIEW_ROLE not in actor.roles:
        raise MayNotReview
    if actor.person in hands:
        raise OwnReview


def problem_of_day(day: date, *, today: date) -> str:
    """Return what is wrong with a first day, '' when nothing is."""
    if day < today:
        return said("生效日期不能早于今天：规则不溯及已经受理的办件")
    return said("生效日期最晚是两年以后") if day > today + AHEAD else ""
