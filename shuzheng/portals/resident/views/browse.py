"""Ways through the catalogue: by theme, by unit, by life event and by composite service."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shuzheng.base.directory.queries import get_division, get_organization, get_organizations
from shuzheng.base.kernel.errors import NotFound
from shuzheng.base.kernel.types import DivisionCode, OrgId
from shuzheng.portals.resident.county import choose_county, keep_county
from shuzheng.portals.resident.views.home import top_bodies
from shuzheng.portals.shell.city import get_city
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items.queries import find_composite, find_composites, list_composite_hits
from shuzheng.services.items.queries.browse import get_figures, list_items, list_items_at
from shuzheng.services.items.types import ItemView

EVERY = 500


@require_safe
def themes(request: CityRequest) -> HttpResponse:
    """Show every theme with a few of its items."""
    figures = get_figures()
    listed = [(theme, figures.samples.get(theme.name, ())) for theme in figures.themes]
    return render(request, "resident/browse/themes.html", {"themes": listed, "item_count": figures.items})


@require_safe
def units(request: CityRequest) -> HttpResponse:
    """Show the departments of the city or of a county, then its towns, each with how much can be done there."""
    choice = choose_county(request)
    figures = get_figures()
    towns = figures.towns.get(choice.chosen, ())
    named = get_organizations(towns)
    content = {
        "choice": choice,
        "bodies": top_bodies(figures, choice.chosen, limit=EVERY),
        "towns": [(named[code], figures.items_at[code]) for code in towns if code in named],
    }
    return keep_county(render(request, "resident/browse/units.html", content), choice)


@require_safe
def unit(request: CityRequest, code: str) -> HttpResponse:
    """Show one organization: where it is, and the items it implements, a page at a time."""
    organization = get_organization(OrgId(code))
    page = list_items_at(organization.code, after=request.GET.get("after") or None)
    if not page.rows and "after" not in request.GET:
        raise NotFound
    content = {
        "organization": organization,
        "division": get_division(organization.division),
        "county": DivisionCode(organization.division[:6]),
        "page": page,
        "number": get_figures().items_at.get(organization.code, 0),
        "first": "after" not in request.GET,
    }
    return render(request, "resident/browse/unit.html", content)


@require_safe
def life_event(request: CityRequest, number: int) -> HttpResponse:
    """Show what to do in a life event, step by step."""
    city = get_city()
    if not 1 <= number <= len(city.life_events):
        raise NotFound
    event = city.life_events[number - 1]
    listed = list_items([code for step in event.steps for code in step.items])
    found: dict[str, ItemView] = {item.code: item for item in listed}
    steps = [(step, [found[code] for code in step.items if code in found]) for step in event.steps]
    content = {
        "event": event,
        "number": number,
        "steps": [(step, listed) for step, listed in steps if listed],
        "item_count": len(found),
        "online": sum(item.has_form for item in found.values()),
        "onethings": find_composites(event.search) or find_composites(event.name),
        "others": [(n, other) for n, other in enumerate(city.life_events, start=1) if n != number],
    }
    return render(request, "resident/browse/life.html", content)


@dataclass(frozen=True, slots=True)
class Joined:
    """An item of a composite service: as the catalogue has it, None when it is not in force."""

    name: str
    always: bool
    item: ItemView | None


@require_safe
def onethings(request: CityRequest) -> HttpResponse:
    """Show every composite service."""
    return render(request, "resident/browse/onethings.html", {"hits": list_composite_hits()})


@require_safe
def onething(request: CityRequest, code: str) -> HttpResponse:
    """Show a composite service: the items it joins by stage, each applied for on its own."""
    service = find_composite(code)
    if service is None:
        raise NotFound
    found: dict[str, ItemView] = {item.code: item for item in list_items([one.item for one in service.items])}
    ordered = sorted(service.items, key=lambda one: one.stage)
    stages = [
        [Joined(one.name, not one.when, found.get(one.item)) for one in of_stage]
        for _stage, of_stage in groupby(ordered, key=lambda one: one.stage)
    ]
    content = {"service": service, "stages": stages, "count": len(service.items)}
    return render(request, "resident/browse/onething.html", content)
