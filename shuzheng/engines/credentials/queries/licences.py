"""Reads of licences and licence types."""

import base64
import binascii
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from shuzheng.base.access.actions import record_reading
from shuzheng.base.access.queries import check_may_see, may_see, scope_of
from shuzheng.base.directory.queries import find_organization
from shuzheng.base.kernel.types import Actor, LicenceId, LicenceTypeCode, OrgId, Page, Party
from shuzheng.engines.credentials.errors import LicenceNotFound, LicenceTypeNotFound, PositionInvalid
from shuzheng.engines.credentials.models import Licence, LicenceType, SeenPresentation
from shuzheng.engines.credentials.queries.views import city_date, licence_view, type_view
from shuzheng.engines.credentials.types import LicenceState, LicenceTypeView, LicenceView, ShownView


def licence_type_by_name(name: str) -> LicenceTypeView:
    """Return a licence type by its name; names are unique.

    Raises:
        LicenceTypeNotFound: No such type.
    """
    row = LicenceType.objects.filter(name=name).first()
    if row is None:
        raise LicenceTypeNotFound(licence_type=name)
    return type_view(row)


def licence_type(code: LicenceTypeCode) -> LicenceTypeView:
    """Return a licence type by its code.

    Raises:
        LicenceTypeNotFound: No such type.
    """
    row = LicenceType.objects.filter(code=code).first()
    if row is None:
        raise LicenceTypeNotFound(licence_type=code)
    return type_view(row)


def list_licence_types() -> tuple[LicenceTypeView, ...]:
    """Return the licence types in use, by code."""
    return tuple(map(type_view, LicenceType.objects.filter(retired_at__isnull=True).order_by("code")))


def get_licence(licence_id: UUID, *, actor: Actor, at: datetime, purpose: str = "办理证照业务") -> LicenceView:
    """Return a licence to its holder or to an officer of its issuer, whose look the holder sees in the reader log.

    Args:
        licence_id: Public id.
        actor: Who looks.
        at: When.
        purpose: What an officer looks for, Chinese.

    Raises:
        LicenceNotFound: No such licence, or a stranger on the public front.
        OtherUnit: An officer of another unit.
    """
    row = Licence.objects.select_related("type").filter(public_id=licence_id).first()
    if row is None:
        raise LicenceNotFound
    view = licence_view(row, on=city_date(at))
    scope = scope_of(actor)
    if scope.posts:
        check_may_see(scope, parties=(), orgs=[view.issuer], above=_above(view.issuer))
        what = f"{view.type_name}的内容"
        record_reading(actor, subject=view.holder, resource=view.urn, what=what, purpose=purpose, at=at)
    elif not may_see(scope, parties=[view.holder.id], orgs=()):
        raise LicenceNotFound
    return view


def _above(issuer: OrgId) -> list[OrgId]:
    organization = find_organization(issuer)
    levels = () if organization is None else organization.levels.as_tuple()
    return [code for code in levels if code is not None and code != issuer]


def list_licences_of(
    party: Party,
    *,
    at: datetime,
    type_code: LicenceTypeCode | None = None,
    after: str | None = None,
    limit: int = 20,
) -> Page[LicenceView]:
    """Return what a person or firm holds, newest first, replaced versions left out.

    The caller passes the actor's own party.

    Args:
        party: The holder.
        at: The moment that states are worked out for.
        type_code: Only this type; None is all.
        after: `Page.next` of the page before.
        limit: At most 100.

    Raises:
        PositionInvalid: `after` is not a position.
    """
    limit = max(1, min(limit, 100))
    rows = _held_by(party)
    if type_code is not None:
        rows = rows.filter(type__code=type_code)
    if after is not None:
        day, key = _read_position(after)
        rows = rows.filter(Q(issued_on__lt=day) | Q(issued_on=day, pk__lt=key))
    found = list(rows.order_by("-issued_on", "-pk")[: limit + 1])
    views = tuple(licence_view(row, on=city_date(at)) for row in found[:limit])
    return Page(views, _position(found[limit - 1]) if len(found) > limit else None)


def list_held_types(party: Party) -> tuple[LicenceTypeView, ...]:
    """Return the types of licences a person or firm holds, by name. The caller passes the actor's own party."""
    held = _held_by(party).order_by().values("type_id").distinct()
    return tuple(map(type_view, LicenceType.objects.filter(pk__in=held).order_by("name")))


def find_held(holder: Party, type_names: Collection[str], *, on: date) -> dict[str, LicenceView]:
    """Return the best licence of each named type a holder has, whatever its state, so that a page can say why not.

    Best: valid on that day, else the newest. Replaced versions do not count.
    """
    best: dict[str, LicenceView] = {}
    rows = _held_by(holder).filter(type__name__in=list(type_names)).order_by("-issued_on", "-pk")
    for row in rows:
        view = licence_view(row, on=on)
        if view.type_name not in best or (_usable(view, on) and not _usable(best[view.type_name], on)):
            best[view.type_name] = view
    return best


def find_valid_licences(holder: Party, type_names: Collection[str], *, on: date) -> dict[str, LicenceView]:
    """Return the newest licence of each named type that is valid for a holder on a day; types without one are left out.

    For waivers inside the platform: the caller answers for whose licences it looks at.
    """
    return {name: view for name, view in find_held(holder, type_names, on=on).items() if _usable(view, on)}


def _usable(view: LicenceView, on: date) -> bool:
    return view.state is LicenceState.VALID and view.valid_from <= on


def find_licences_of_case(case_id: UUID, *, at: datetime) -> tuple[LicenceView, ...]:
    """Return what a case issued, oldest first. The caller has checked who may see the case."""
    rows = Licence.objects.select_related("type").filter(case_id=case_id).order_by("pk")
    return tuple(licence_view(row, on=city_date(at)) for row in rows)


def list_shown(licence_id: LicenceId, *, limit: int = 10) -> tuple[ShownView, ...]:
    """Return when presentations of a licence were checked, newest first, so that the holder can see it.

    The caller has read the licence through `get_licence`.
    """
    rows = SeenPresentation.objects.filter(licence=licence_id).order_by("-first_seen_at", "-pk")[:limit]
    return tuple(ShownView(row.first_seen_at, row.times) for row in rows)


def _held_by(holder: Party) -> "QuerySet[Licence]":
    return (
        Licence.objects.select_related("type")
        .filter(holder_id=holder.id, holder_kind=holder.kind)
        .exclude(state=LicenceState.CORRECTED)
    )


def _position(row: Licence) -> str:
    return base64.urlsafe_b64encode(f"{row.issued_on:%Y%m%d}{row.pk}".encode()).decode().rstrip("=")


def _read_position(text: str) -> tuple[date, int]:
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        return date(int(plain[:4]), int(plain[4:6]), int(plain[6:8])), int(plain[8:26])
    except (ValueError, binascii.Error):
        raise PositionInvalid from None
