"""The home page: what waits for the reader, ways in by life event, theme, unit and place; six choices in elder mode."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shuzheng.base.directory.queries import get_organizations
from shuzheng.base.directory.types import OrganizationView
from shuzheng.base.kernel.types import Actor
from shuzheng.packs.types import PackInfo
from shuzheng.portals.resident.county import choose_county, keep_county
from shuzheng.portals.resident.front import read_front
from shuzheng.portals.shell.city import get_city
from shuzheng.portals.shell.context import ELDER_COOKIE
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items.queries.browse import get_figures, list_items, list_online_items
from shuzheng.services.items.types import ItemView
from shuzheng.services.items.types.browse import CatalogueFigures

POPULAR = 10
THEMES = 12
BODIES = 10
ELDER_ICON = "elder"
"""The life event with this symbol is one of the six choices of elder mode."""


@require_safe
def home(request: CityRequest) -> HttpResponse:
    """Show the search, the reader's own affairs first, then the ways in. `?full=1`: all of it in elder mode too."""
    city = get_city()
    content: dict[str, object] = {
        "city": city,
        "front": read_front(request.actor, at=request.at) if request.actor is not None else None,
    }
    if request.COOKIES.get(ELDER_COOKIE) == "1" and "full" not in request.GET:
        events = enumerate(city.life_events, start=1)
        content["elder_event"] = next(((n, event) for n, event in events if event.icon == ELDER_ICON), None)
        return render(request, "resident/home_elder.html", content)
    choice = choose_county(request)
    figures = get_figures()
    popular = _popular(city, request.actor)
    content |= {
        "item_count": figures.items,
        "themes": figures.themes[:THEMES],
        "popular": [popular[0::2], popular[1::2]] if popular else [],
        "choice": choice,
        "bodies": top_bodies(figures, choice.chosen, limit=BODIES),
    }
    return keep_county(render(request, "resident/home.html", content), choice)


def _popular(city: PackInfo, actor: Actor | None) -> tuple[ItemView, ...]:
    """Return the items most asked for, of the reader's kind; those on line when the pack names none."""
    kind = actor.party.kind if actor is not None and actor.party is not None else None
    named = list_items(city.popular_items, applicant=kind)[:POPULAR]
    return named or list_online_items(applicant=kind, limit=POPULAR)


def top_bodies(figures: CatalogueFigures, division: str, *, limit: int) -> list[tuple[OrganizationView, int]]:
    """Return the organizations of a city or county that implement most items, each with how many."""
    codes = figures.bodies.get(division, ())[:limit]
    found = get_organizations(codes)
    return [(found[code], figures.items_at[code]) for code in codes if code in found]
