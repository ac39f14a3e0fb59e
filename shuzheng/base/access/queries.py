"""Scopes, the decision with its reason, and the reader log."""

from collections.abc import Collection
from uuid import UUID

from shuzheng.base.access.errors import NothingToSee, OtherUnit, PositionInvalid
from shuzheng.base.access.models import Reading
from shuzheng.base.access.rules import may_see
from shuzheng.base.access.types import PostScope, ReadingView, Scope
from shuzheng.base.directory.queries import depth_of, get_organizations
from shuzheng.base.kernel.mask import mask_name
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Actor, ItemCode, OrgId, Page, Party

__all__ = ["check_may_see", "list_readings", "may_see", "scope_of"]


def scope_of(actor: Actor) -> Scope:
    """Return what decides an actor's sight. No statement once the organization's level is remembered.

    Raises:
        NoSuchOrganization: The post's organization is unknown.
    """
    if actor.is_system:
        return Scope(party=None, person=None, posts=(), system=True)
    if (actor.is_officer or actor.machine is not None) and actor.org is not None:
        post = PostScope(org=actor.org, level=depth_of(actor.org), roles=actor.roles)
        return Scope(party=None, person=actor.person, posts=(post,))
    return Scope(party=actor.party, person=actor.person, posts=(), limited_to=actor.limited_to)


def check_may_see(
    scope: Scope,
    *,
    parties: Collection[UUID],
    orgs: Collection[OrgId],
    above: Collection[OrgId] = (),
    item: ItemCode | None = None,
) -> None:
    """Let pass who may see the thing; see `rules.may_see` for the arguments.

    Raises:
        NothingToSee: A stranger on the public front, who is not told that it exists.
        OtherUnit: An officer of a unit without a part in it, who is told whom to ask.
    """
    if may_see(scope, parties=parties, orgs=orgs, above=above, item=item):
        return
    if not scope.posts:
        raise NothingToSee
    mine = [post.org for post in scope.posts]
    names = {code: org.short_name for code, org in get_organizations([*orgs, *mine]).items()}
    whom = "、".join(names[code] for code in dict.fromkeys(orgs) if code in names)
    unit = "、".join(names[code] for code in mine if code in names)
    raise OtherUnit(whom=whom or said("其他单位"), unit=unit or said("单位"))


def list_readings(subject: Party, *, after: str | int | None = None, limit: int = 50) -> Page[ReadingView]:
    """Return who read a person's or firm's data, newest first. The caller passes the actor's own party.

    Args:
        subject: Whose data was read.
        after: `Page.next` of the page before.
        limit: At most 200.

    Raises:
        PositionInvalid: `after` is not a position.
    """
    limit = max(1, min(limit, 200))
    rows = Reading.objects.filter(subject_id=subject.id, subject_kind=subject.kind)
    if after is not None:
        rows = rows.filter(pk__lt=_position(after))
    listed = list(rows.order_by("-pk")[: limit + 1])
    more = str(listed[limit - 1].pk) if len(listed) > limit else None
    return Page(tuple(map(_view, listed[:limit])), more)


def _position(after: str | int) -> int:
    text = str(after)
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise PositionInvalid
    return int(text)


def _view(row: Reading) -> ReadingView:
    return ReadingView(
        id=row.pk,
        reader=mask_name(row.reader_name),
        organization=OrgId(row.organization_code) if row.organization_code else None,
        organization_name=row.organization_name,
        resource=row.resource,
        what=row.what,
        purpose=row.purpose,
        at=row.first_at,
        last_at=row.last_at,
        count=row.count,
    )
