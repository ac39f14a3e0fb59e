"""Scopes, the decision with its reason, and the reader log."""

import unicodedata
from collections.abc import Collection
from heapq import merge
from itertools import islice
from uuid import UUID

from django.conf import settings

from shuzheng.base.access.errors import NothingToSee, OtherUnit, PositionInvalid
from shuzheng.base.access.models import BulkReading, BulkReadingSubject, Reading
from shuzheng.base.access.rules import may_see
from shuzheng.base.access.types import PostScope, ReadingView, Scope
from shuzheng.base.directory.queries import depth_of, find_number, get_organizations
from shuzheng.base.kernel.mask import mask_name
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.seal import blind_index, blind_indexes
from shuzheng.base.kernel.types import Actor, ItemCode, OrgId, Page, Party, PartyKind

__all__ = ["check_may_see", "list_readings", "may_see", "scope_of", "subject_key", "subject_keys_of"]


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


def subject_key(kind: PartyKind, number: str) -> bytes:
    """Return the keyed blind index under which a row of the lake is logged as concerning a person or firm.

    Args:
        kind: Whose number it is.
        number: Identity number of a person, unified social credit code of a firm, as the row has it; full-width
            characters, lower case and spaces around it make no difference.
    """
    return blind_index(settings.SHUZHENG.read_key("index"), _keyed(kind, number))


def subject_keys_of(subject: Party) -> tuple[bytes, ...]:
    """Return every key a person or firm may be logged under; empty for whom the directory has no number of.

    Raises:
        SealBroken: The number in the directory does not open.
    """
    number = find_number(subject)
    if not number:
        return ()
    return blind_indexes(settings.SHUZHENG.read_key("index"), _keyed(subject.kind, number))


def _keyed(kind: PartyKind, number: str) -> str:
    return f"access.subject.{kind}:{unicodedata.normalize('NFKC', number).strip().upper()}"


def list_readings(subject: Party, *, after: str | int | None = None, limit: int = 50) -> Page[ReadingView]:
    """Return who read a person's or firm's data, newest first. The caller passes the actor's own party.

    Readings of one thing and readings out of the lake stand in one list; four statements at most.

    Args:
        subject: Whose data was read.
        after: `Page.next` of the page before: how far each of the two logs was listed, `<one>.<other>`.
        limit: At most 200.

    Raises:
        PositionInvalid: `after` is not a position.
    """
    limit = max(1, min(limit, 200))
    single, bulk = (None, None) if after is None else _position(str(after))
    rows = Reading.objects.filter(subject_id=subject.id, subject_kind=subject.kind)
    if single is not None:
        rows = rows.filter(pk__lt=single)
    ones = map(_view, rows.order_by("-pk")[: limit + 1])
    found = merge(ones, _bulk_readings(subject, bulk, limit + 1), key=lambda view: view.at, reverse=True)
    listed = list(islice(found, limit + 1))
    shown = listed[:limit]
    return Page(tuple(shown), _next(shown, single, bulk) if len(listed) > limit else None)


def _bulk_readings(subject: Party, before: int | None, limit: int) -> list[ReadingView]:
    keys = subject_keys_of(subject)
    if not keys:
        return []
    rows = BulkReadingSubject.objects.filter(subject_key__in=keys)
    if before is not None:
        rows = rows.filter(reading_id__lt=before)
    return [_bulk_view(row.reading) for row in rows.select_related("reading").order_by("-reading_id")[:limit]]


def _next(shown: Collection[ReadingView], single: int | None, bulk: int | None) -> str:
    for view in shown:
        if view.in_bulk:
            bulk = view.id
        else:
            single = view.id
    return f"{'' if single is None else single}.{'' if bulk is None else bulk}".removesuffix(".")


def _position(text: str) -> tuple[int | None, int | None]:
    single, _point, bulk = text.partition(".")
    if not single and not bulk:
        raise PositionInvalid
    return _number(single), _number(bulk)


def _number(text: str) -> int | None:
    if not text:
        return None
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


def _bulk_view(row: BulkReading) -> ReadingView:
    return ReadingView(
        id=row.pk,
        reader=mask_name(row.reader_name),
        organization=OrgId(row.organization_code) if row.organization_code else None,
        organization_name=row.organization_name,
        resource=row.resource,
        what=row.what,
        purpose=row.purpose,
        at=row.at,
        last_at=row.at,
        count=1,
        concerned=row.count,
    )
