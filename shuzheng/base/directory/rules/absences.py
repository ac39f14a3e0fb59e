"""Who may name a deputy, for how long, and that no chain arises. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from shuzheng.base.directory.errors import (
    AbsenceDaysWrong,
    AbsenceOver,
    AbsenceOverlaps,
    DeputyAway,
    MayNotNameDeputy,
    StandsInThen,
)
from shuzheng.base.directory.types import AbsenceView, PostRole, PostView
from shuzheng.base.kernel.types import Actor, Levels

DAYS_MOST: Final = 180


def may_name_deputy(post: PostView, levels: Levels, actor: Actor) -> bool:
    """Tell whether the actor may name a deputy for a post.

    Args:
        post: Of the officer who is away.
        levels: Of the post's organization: its ancestors and itself.
        actor: The holder, or a director of the organization or one above it, in a post of their own: a deputy
            passes nothing on.
    """
    if not actor.is_officer or actor.stands_in_for is not None:
        return False
    if actor.person == post.person:
        return True
    return PostRole.DIRECTOR in actor.roles and actor.org in levels.as_tuple()


def check_may_name_deputy(post: PostView, levels: Levels, actor: Actor) -> None:
    """Let pass who may name a deputy for a post.

    Raises:
        MayNotNameDeputy: Anybody else.
    """
    if not may_name_deputy(post, levels, actor):
        raise MayNotNameDeputy


def check_days(first: date, last: date, *, today: date) -> None:
    """Let pass days from today or later, in order, not too many.

    Raises:
        AbsenceDaysWrong: Other days.
    """
    if not (today <= first <= last and (last - first).days < DAYS_MOST):
        raise AbsenceDaysWrong(most=DAYS_MOST)


def check_no_overlap(first: date, last: date, of_post: Iterable[AbsenceView]) -> None:
    """Let pass when the post has no other deputy in these days.

    Raises:
        AbsenceOverlaps: It has one.
    """
    for other in of_post:
        if _meets(other, first, last):
            raise AbsenceOverlaps(first=other.valid_from, last=other.last_on, deputy=other.deputy_name)


def check_no_chain(
    first: date, last: date, *, of_deputy: Iterable[AbsenceView], by_holder: Iterable[AbsenceView]
) -> None:
    """Let pass when the deputy is there in these days, and the officer stands in for nobody.

    Args:
        first: First day.
        last: Last day.
        of_deputy: Absences of the deputy's own posts.
        by_holder: Absences of others in which the officer is the deputy.

    Raises:
        DeputyAway: The deputy is away then.
        StandsInThen: The officer stands in for a colleague then.
    """
    for other in of_deputy:
        if _meets(other, first, last):
            raise DeputyAway(deputy=other.post.person_name)
    for other in by_holder:
        if _meets(other, first, last):
            raise StandsInThen(
                holder=other.deputy_name, first=other.valid_from, last=other.last_on, absent=other.post.person_name
            )


def check_still_open(absence: AbsenceView, *, today: date) -> None:
    """Let pass an absence that was not revoked and is not over.

    Raises:
        AbsenceOver: It was, or is.
    """
    if absence.ended_at is not None or absence.valid_to <= today:
        raise AbsenceOver


def _meets(other: AbsenceView, first: date, last: date) -> bool:
    return other.ended_at is None and other.valid_from <= last and first < other.valid_to
