"""Scopes, the decision with its reason, and the reader log."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice, takewhile
from typing import Final
from uuid import UUID

from django.conf import settings
from typing_extensions import override

from shuzheng.base.access.errors import NothingToSee, OtherUnit, PositionInvalid
from shuzheng.base.access.models import BulkReading, BulkReadingSubject, Reading, WholeReading
from shuzheng.base.access.rules import may_see
from shuzheng.base.access.types import HOLDERS, Edition, PostScope, ReadingView, Scope, Standing
from shuzheng.base.directory.queries import depth_of, find_number, get_organizations
from shuzheng.base.kernel.mask import mask_name
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.seal import blind_index, blind_indexes
from shuzheng.base.kernel.types import Actor, ItemCode, OrgId, Page, Party, PartyKind

__all__ = ["check_may_see", "list_readings", "may_see", "scope_of", "spelt", "subject_key", "subject_keys_of"]

LOOKUPS: Final = 8
"""Versions of resources a page looks into."""
CANDIDATES: Final = 500
"""Readings of whole resources a page goes through; those of one version cost one look."""


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
    return _keys_of(subject, find_number(subject) or "")


def _keys_of(subject: Party, number: str) -> tuple[bytes, ...]:
    if not number:
        return ()
    return blind_indexes(settings.SHUZHENG.read_key("index"), _keyed(subject.kind, number))


def spelt(number: str) -> str:
    """Return a number in the one spelling that others of it come down to."""
    return unicodedata.normalize("NFKC", number).strip().upper()


def _keyed(kind: PartyKind, number: str) -> str:
    return f"access.subject.{kind}:{spelt(number)}"


@dataclass(frozen=True, slots=True)
class _Position:
    """How far each log was listed: the last entry of it; None: nothing yet."""

    single: int | None = None
    bulk: int | None = None
    whole: int | None = None

    @override
    def __str__(self) -> str:
        return ".".join("" if one is None else str(one) for one in (self.single, self.bulk, self.whole)).rstrip(".")


def list_readings(subject: Party, *, after: str | int | None = None, limit: int = 50) -> Page[ReadingView]:
    """Return who read a person's or firm's data, newest first. The caller passes the actor's own party.

    Readings of one thing, readings out of the lake and readings of whole resources stand in one list. Five statements
    at most, and what the rooms ask that keep the resources. A page looks into `LOOKUPS` versions of resources at most:
    it may be shorter than `limit`, and empty, and have a next one.

    Args:
        subject: Whose data was read.
        after: `Page.next` of the page before: how far each of the three logs was listed, `<one>.<other>.<third>`.
        limit: At most 200.

    Raises:
        PositionInvalid: `after` is not a position.
    """
    limit = max(1, min(limit, 200))
    begun = _Position() if after is None else _position(str(after))
    rows = Reading.objects.filter(subject_id=subject.id, subject_kind=subject.kind)
    if begun.single is not None:
        rows = rows.filter(pk__lt=begun.single)
    ones = map(_view, rows.order_by("-pk")[: limit + 1])
    number = find_number(subject) or ""
    wholes, stopped = _whole_readings(subject, number, begun.whole)
    bulks = _bulk_readings(_keys_of(subject, number), begun.bulk, limit + 1)
    found: Iterable[ReadingView] = merge(ones, bulks, wholes, key=lambda view: view.at, reverse=True)
    if stopped is not None:
        until = min([stopped.at, *(view.at for view in wholes)])
        found = takewhile(lambda view: view.at >= until, found)
    listed = list(islice(found, limit + 1))
    shown = listed[:limit]
    reached = _reached(shown, begun)
    if len(listed) > limit:
        return Page(tuple(shown), str(reached))
    if stopped is None:
        return Page(tuple(shown))
    return Page(tuple(shown), str(replace(reached, whole=stopped.pk + 1)))


def _bulk_readings(keys: Collection[bytes], before: int | None, limit: int) -> list[ReadingView]:
    if not keys:
        return []
    rows = BulkReadingSubject.objects.filter(subject_key__in=keys)
    if before is not None:
        rows = rows.filter(reading_id__lt=before)
    return [_bulk_view(row.reading) for row in rows.select_related("reading").order_by("-reading_id")[:limit]]


# ---- resources read whole ----
def _whole_readings(subject: Party, number: str, before: int | None) -> tuple[list[ReadingView], WholeReading | None]:
    """Return the readings of whole resources that concern somebody, and the first that was not looked into."""
    if not number:
        return [], None
    rows = WholeReading.objects.filter(subject_kind=subject.kind).exclude(reader_id=subject.id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    read = list(rows.order_by("-pk")[: CANDIDATES + 1])
    editions = [Edition(row.resource, row.version) for row in read]
    asked = list(dict.fromkeys(editions[:CANDIDATES]))[:LOOKUPS]
    standings = _standings(subject.kind, number, asked)
    views: list[ReadingView] = []
    for row, edition in zip(read[:CANDIDATES], editions, strict=False):
        if edition not in standings:
            return views, row
        if standings[edition] is not Standing.NOT_HELD:
            views.append(_whole_view(row, standings[edition]))
    return views, read[CANDIDATES] if len(read) > CANDIDATES else None


def _standings(kind: PartyKind, number: str, editions: Collection[Edition]) -> Mapping[Edition, Standing]:
    """Return what the rooms say that keep the resources; a resource no room keeps is not known."""
    found = dict.fromkeys(editions, Standing.UNKNOWN)
    for prefix in HOLDERS:
        kept = [one for one in editions if one.resource.startswith(prefix)]
        if kept:
            found |= HOLDERS[prefix](kind, spelt(number), kept)
    return found


def _reached(shown: Collection[ReadingView], begun: _Position) -> _Position:
    reached = begun
    for view in shown:
        if view.standing is not None:
            reached = replace(reached, whole=view.id)
        elif view.in_bulk:
            reached = replace(reached, bulk=view.id)
        else:
            reached = replace(reached, single=view.id)
    return reached


def _position(text: str) -> _Position:
    parts = text.split(".")
    if len(parts) > 3 or not any(parts):
        raise PositionInvalid
    return _Position(*map(_number, parts))


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
    return replace(_act(row), concerned=row.count)


def _whole_view(row: WholeReading, standing: Standing) -> ReadingView:
    return replace(_act(row), standing=standing)


def _act(row: BulkReading | WholeReading) -> ReadingView:
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
    )
