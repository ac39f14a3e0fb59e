"""A guide: everything about one item, where it is done, and the sheet to take home (一次性告知单)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Page
from shuzheng.engines.credentials.errors import LicenceTypeNotFound
from shuzheng.engines.credentials.queries import licence_qr_svg, licence_type_by_name
from shuzheng.engines.credentials.types import LicenceTypeView
from shuzheng.packs.types import LifeEvent
from shuzheng.portals.resident.county import CountyChoice, choose_county, keep_county
from shuzheng.portals.resident.guide import papers_for, papers_for_anyone, say_who, say_wrong_party
from shuzheng.portals.shell.city import get_city
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items.errors import UnitNotFound
from shuzheng.services.items.queries import get_form, get_guide, get_unit
from shuzheng.services.items.queries.browse import get_figures
from shuzheng.services.items.queries.places import list_places
from shuzheng.services.items.types import CHANNEL_NAMES, GuideView, Handling, ItemView, Level, UnitView
from shuzheng.services.items.types.browse import PlaceView, Wanted

PLACES = 5
ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Facts:
    """What an applicant asks first; a unit may promise less time and fewer visits than the item."""

    promised_days: int
    legal_days: int | None
    visits: int
    channels: tuple[str, ...]


@require_safe
def guide(request: CityRequest, code: str) -> HttpResponse:
    """Show everything about one item; for a signed-in reader, which papers are waived for them.

    `?unit=` shows it as one unit handles it, `?county=` where it is done there.
    """
    today = local_date(request.at, settings.SHUZHENG.zone)
    found = get_guide(code, on=today)
    item = found.item
    choice = choose_county(request)
    unit = _find_unit(request.GET.get("unit", ""), item)
    form = get_form(item.code) if item.has_form else None
    papers = papers_for_anyone(found) if request.actor is None else papers_for(request.actor, found, form, today=today)
    page = _places(item, choice)
    content = {
        "guide": found,
        "item": item,
        "unit": unit,
        "facts": _facts(item, unit),
        "papers": papers,
        "who": say_who(item),
        "wrong_party": say_wrong_party(item, request.actor),
        "flow": found.flow or _plain_flow(item),
        "sample": _sample(item),
        "choice": choice,
        "places": page.rows,
        "more": bool(page.next) or Level.VILLAGE in item.levels,
        "place_count": sum(get_figures().places_of_item.get(item.code, {}).values()),
        "events": _events(item),
        "laws": _laws(found),
        "qr": _qr(code),
        "now": request.at,
    }
    return keep_county(render(request, "resident/guide.html", content), choice)


def _find_unit(code: str, item: ItemView) -> UnitView | None:
    if not code:
        return None
    try:
        unit = get_unit(code)
    except UnitNotFound:
        return None
    return unit if unit.item == item.code else None


def _facts(item: ItemView, unit: UnitView | None) -> Facts:
    days = unit.promised_days if unit is not None else None
    visits = unit.visits if unit is not None else None
    channels = unit.channels if unit is not None else None
    codes = item.channels if channels is None else channels
    return Facts(
        promised_days=item.promised_days if days is None else days,
        legal_days=item.legal_days,
        visits=item.visits if visits is None else visits,
        channels=tuple(CHANNEL_NAMES[c] for c in codes if c in CHANNEL_NAMES and (item.has_form or c != ONLINE)),
    )


def _places(item: ItemView, choice: CountyChoice) -> Page[PlaceView]:
    return list_places(Wanted(item=item.code, county=choice.county), limit=PLACES)


def _plain_flow(item: ItemView) -> tuple[str, ...]:
    """Return the way every application goes, for an item whose guide does not tell its own."""
    if item.handling is Handling.INSTANT:
        return (_("申请"), _("当场受理、当场办结"))
    return (
        _("申请"),
        _("受理：材料齐全的当场受理，最多 5 个工作日"),
        _("审查、决定：受理后 %(n)s 个工作日内") % {"n": item.promised_days},
        _("告诉您结果"),
    )


def _sample(item: ItemView) -> LicenceTypeView | None:
    """Return the type of licence that is issued, for a picture of it."""
    if not item.licence_type:
        return None
    try:
        return licence_type_by_name(item.licence_type)
    except LicenceTypeNotFound:
        return None


def _events(item: ItemView) -> list[tuple[int, LifeEvent]]:
    """Return the life events that this item is a step of."""
    events = enumerate(get_city().life_events, start=1)
    return [(n, event) for n, event in events if any(item.code in step.items for step in event.steps)]


def _laws(found: GuideView) -> Sequence[str]:
    """Return the laws the decision rests on, each once, the item's own first."""
    return tuple(dict.fromkeys(filter(None, (found.item.legal_basis, *(check.law for check in found.checks)))))


def _qr(code: str) -> str:
    address = settings.SHUZHENG.public_url + reverse("resident:guide", args=[code])
    return mark_safe(licence_qr_svg(address, label=_("本页地址的二维码")))  # noqa: S308 - drawn by us, label escaped
