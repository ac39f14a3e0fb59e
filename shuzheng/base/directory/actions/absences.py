"""Name a deputy for a post, and revoke it (外出代理). Each act stands in the ledger and is announced."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from shuzheng.base.directory.errors import DeputyUnfit, MayNotNameDeputy, NoSuchAbsence
from shuzheng.base.directory.events import DeputyNamed, DeputyReleased
from shuzheng.base.directory.models import Absence, Person, Post
from shuzheng.base.directory.queries.absences import absence_view, levels_of_post, row_of_post, rows_of_absences
from shuzheng.base.directory.queries.acting import today
from shuzheng.base.directory.queries.people import post_view
from shuzheng.base.directory.rules.absences import (
    check_days,
    check_may_name_deputy,
    check_no_chain,
    check_no_overlap,
    check_still_open,
)
from shuzheng.base.directory.types import PERSON_NORMAL, AbsenceView
from shuzheng.base.kernel.events import publish
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import AbsenceId, Actor, PersonId, PostId
from shuzheng.base.ledger.actions import record


@transaction.atomic
def name_deputy(
    post: PostId, deputy: PersonId, *, first: date, last: date, command_id: UUID, actor: Actor, at: datetime
) -> AbsenceView:
    """Let a colleague act in a post while its holder is away (指定代理人).

    Args:
        post: Of the officer who is away.
        deputy: Holds a post in the same organization.
        first: First day, today or later.
        last: Last day.
        command_id: The same one again gives the same answer.
        actor: The officer, or a director of the organization or one above it; nobody who stands in for another.
        at: When.

    Raises:
        NoSuchPost: The post is unknown or has ended.
        MayNotNameDeputy: The actor may not.
        AbsenceDaysWrong: Other days.
        DeputyUnfit: The deputy holds no post there, or is the officer.
        AbsenceOverlaps: The post has a deputy in these days.
        DeputyAway, StandsInThen: A chain would arise.
    """
    row = row_of_post(post, lock=True)
    view = post_view(row)
    check_may_name_deputy(view, levels_of_post(post), actor)
    done = rows_of_absences().filter(command_id=command_id, post=row).first()
    if done is not None:
        return absence_view(done)
    check_days(first, last, today=today(at))
    chosen = _get_deputy(row, deputy)
    _check_free(row, chosen, first, last)
    by = Person.objects.filter(public_id=actor.person).first() if actor.person else None
    if by is None:
        raise MayNotNameDeputy
    absence = Absence.objects.create(
        public_id=new_id(at),
        command_id=command_id,
        post=row,
        deputy=chosen,
        named_by=by,
        valid_from=first,
        valid_to=last + timedelta(days=1),
        named_at=at,
    )
    named = absence_view(rows_of_absences().get(pk=absence.pk))
    content = {"post": str(view.id), "first": first.isoformat(), "last": last.isoformat()}
    record("directory.deputy_named", named.urn, actor=actor, at=at, content=content, related=_people(named))
    publish(DeputyNamed(named, by=actor.signature, at=at))
    return named


@transaction.atomic
def release_deputy(absence_id: AbsenceId, *, actor: Actor, at: datetime) -> AbsenceView:
    """Revoke an arrangement before its last day (撤销代理); the deputy can act no more at once.

    Raises:
        NoSuchAbsence: It is unknown.
        MayNotNameDeputy: The actor may not, see `name_deputy`.
        AbsenceOver: It was revoked or is over.
    """
    row = rows_of_absences().select_for_update(of=("self",)).filter(public_id=absence_id).first()
    if row is None:
        raise NoSuchAbsence
    absence = absence_view(row)
    check_may_name_deputy(absence.post, levels_of_post(absence.post.id), actor)
    check_still_open(absence, today=today(at))
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    record("directory.deputy_released", absence.urn, actor=actor, at=at, related=_people(absence))
    publish(DeputyReleased(absence, by=actor.signature, at=at))
    return absence_view(row)


def _get_deputy(post: Post, deputy: PersonId) -> Person:
    """Return the deputy's row, locked: two arrangements that would make a chain wait for each other."""
    held = Post.objects.filter(organization_id=post.organization.code, ended_at__isnull=True)
    fit = Person.objects.select_for_update().filter(
        public_id=deputy, pk__in=held.values("person_id"), status=PERSON_NORMAL, retired_at__isnull=True
    )
    chosen = fit.first()
    if chosen is None or chosen.pk == post.person.pk:
        raise DeputyUnfit
    return chosen


def _check_free(post: Post, deputy: Person, first: date, last: date) -> None:
    rows = rows_of_absences().filter(ended_at__isnull=True, valid_to__gt=first, valid_from__lte=last)
    check_no_overlap(first, last, map(absence_view, rows.filter(post=post)))
    check_no_chain(
        first,
        last,
        of_deputy=map(absence_view, rows.filter(post__person=deputy)),
        by_holder=map(absence_view, rows.filter(deputy=post.person)),
    )


def _people(absence: AbsenceView) -> list[str]:
    return [f"urn:shuzheng:person:{person}" for person in (absence.post.person, absence.deputy)]
