"""Reads of absences: whose deputy somebody is now, and what was arranged for a post."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet

from shuzheng.base.directory.errors import NoSuchPost
from shuzheng.base.directory.models import Absence, Person, Post
from shuzheng.base.directory.queries.acting import today
from shuzheng.base.directory.queries.people import post_view
from shuzheng.base.directory.types import AbsenceView, PostView
from shuzheng.base.kernel.types import AbsenceId, Levels, OrgId, PersonId, PostId


def absence_view(row: Absence) -> AbsenceView:
    """Return the public picture of a row read with `rows_of_absences`."""
    return AbsenceView(
        id=AbsenceId(row.public_id),
        post=post_view(row.post),
        deputy=PersonId(row.deputy.public_id),
        deputy_name=row.deputy.name,
        named_by_name=row.named_by.name,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        named_at=row.named_at,
        ended_at=row.ended_at,
    )


def rows_of_absences() -> QuerySet[Absence]:
    """Return all absences with what a view of them needs."""
    return Absence.objects.select_related("post__person", "post__organization", "deputy", "named_by")


def get_post(post: PostId) -> PostView:
    """Return a post held now.

    Raises:
        NoSuchPost: It is unknown or has ended.
    """
    return post_view(row_of_post(post))


def levels_of_post(post: PostId) -> Levels:
    """Return the ancestors of a post's organization and itself.

    Raises:
        NoSuchPost: It is unknown or has ended.
    """
    unit = row_of_post(post).organization
    l2, l3, l4 = (OrgId(code) if code else None for code in (unit.l2, unit.l3, unit.l4))
    return Levels(OrgId(unit.l1), l2, l3, l4)


def row_of_post(post: PostId, *, lock: bool = False) -> Post:
    """Return the row of a post held now.

    Raises:
        NoSuchPost: It is unknown or has ended.
    """
    rows = Post.objects.select_related("person", "organization")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(public_id=post, ended_at__isnull=True, organization__retired_at__isnull=True).first()
    if row is None:
        raise NoSuchPost
    return row


def list_absences_of(posts: Iterable[PostId], *, since: date) -> tuple[AbsenceView, ...]:
    """Return what was arranged for posts and had not ended by a day, revoked ones too, the earliest first."""
    rows = rows_of_absences().filter(post__public_id__in=[*posts], valid_to__gt=since)
    return tuple(map(absence_view, rows.order_by("valid_from", "pk")))


def list_absences_at(organization: OrgId, *, at: datetime) -> tuple[AbsenceView, ...]:
    """Return who is away from an organization now and who stands in for them."""
    return _running(rows_of_absences().filter(post__organization_id=organization), at=at)


def list_standing_in(person: PersonId, *, at: datetime) -> tuple[AbsenceView, ...]:
    """Return the absences in which a person is the deputy now and may act: they hold a post in the unit still."""
    running = _running(rows_of_absences().filter(deputy__public_id=person), at=at)
    units = {absence.post.organization for absence in running}
    own = Post.objects.filter(person__public_id=person, ended_at__isnull=True, organization_id__in=units)
    held = set(own.values_list("organization__code", flat=True)) if units else set()
    return tuple(absence for absence in running if absence.post.organization in held)


def find_standing_in(deputy: Person, post_id: PostId, *, at: datetime) -> AbsenceView | None:
    """Return the absence that lets a deputy act in a post now, None when there is none."""
    return next((one for one in list_standing_in(PersonId(deputy.public_id), at=at) if one.post.id == post_id), None)


def _running(rows: QuerySet[Absence], *, at: datetime) -> tuple[AbsenceView, ...]:
    on = today(at)
    running = rows.filter(
        ended_at__isnull=True,
        valid_from__lte=on,
        valid_to__gt=on,
        post__ended_at__isnull=True,
        post__organization__retired_at__isnull=True,
    )
    return tuple(map(absence_view, running.order_by("valid_from", "pk")))
