"""The service map: where an item or a theme is done, as a list and on a map of the city."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from shuzheng.base.directory.queries import list_divisions, list_organizations
from shuzheng.base.directory.queries.boundaries import list_boundaries
from shuzheng.base.directory.types import OrganizationKind, OrganizationView
from shuzheng.base.kernel.types import DivisionCode, Page
from shuzheng.portals.resident.atlas import Atlas, draw_atlas
from shuzheng.portals.resident.county import CountyChoice, choose_county, keep_county
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items.errors import ItemNotFound
from shuzheng.services.items.queries import get_item, search_items
from shuzheng.services.items.queries.browse import get_figures
from shuzheng.services.items.queries.places import list_places
from shuzheng.services.items.types import CHANNEL_NAMES, ItemView, Level, Option
from shuzheng.services.items.types.browse import CatalogueFigures, PlaceView, Wanted

TEXT_LIMIT = 80
HITS = 8
ONLINE = "online"
SMALL = frozenset({Level.TOWN, Level.VILLAGE})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    item: ItemView | None
    theme: str
    town: str

    def query(self, **over: str) -> str:
        """Return the query string of this choice with something else in it."""
        now = {"item": self.item.code if self.item else "", "theme": self.theme} | over
        return urlencode({name: value for name, value in now.items() if value})


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place of the list, with the ways of asking in words, and the page about it ('' for none)."""

    place: PlaceView
    channels: tuple[str, ...]
    href: str


@require_safe
def places(request: CityRequest) -> HttpResponse:
    """Show where something is done: choose an item or a theme, and a county; towns by list."""
    choice = choose_county(request)
    figures = get_figures()
    asked = _read(request, figures)
    text = request.GET.get("q", "").strip()[:TEXT_LIMIT] if asked.item is None else ""
    towns = _towns(asked, choice)
    if asked.town not in {town.value for town in towns}:
        asked = replace(asked, town="")
    page = _list(request, asked, choice)
    numbers = _numbers(figures, asked)
    content = {
        "choice": choice,
        "asked": asked,
        "text": text,
        "hits": search_items(text, limit=HITS).rows if text else (),
        "themes": figures.themes,
        "towns": towns,
        "town": asked.town,
        "lines": [_line(place, asked, figures) for place in page.rows],
        "next": page.next,
        "query": f"{asked.query(county=choice.chosen, town=asked.town)}&",
        "numbers": _by_county(asked, choice, numbers),
        "atlas": _draw(asked, choice, numbers),
        "by_town": asked.item is not None and Level.VILLAGE in asked.item.levels and not asked.town,
        "centres": _centres(asked, choice),
        "unknown": bool(page.rows) and not any(place.address or place.phone for place in page.rows),
    }
    return keep_county(render(request, "resident/places.html", content), choice)


def _read(request: CityRequest, figures: CatalogueFigures) -> Asked:
    code = request.GET.get("item", "")
    item = _find_item(code) if code else None
    theme = request.GET.get("theme", "") if item is None else ""
    known = {view.name for view in figures.themes}
    return Asked(item, theme if theme in known else "", request.GET.get("town", ""))


def _find_item(code: str) -> ItemView | None:
    try:
        return get_item(code)
    except ItemNotFound:
        return None


def _towns(asked: Asked, choice: CountyChoice) -> tuple[Option, ...]:
    """Return the towns to choose from, when the county is chosen and something is done in towns."""
    if choice.county is None or not (asked.theme or (asked.item and SMALL & set(asked.item.levels))):
        return ()
    return tuple(Option(town.code, town.name) for town in list_divisions(choice.county))


def _list(request: CityRequest, asked: Asked, choice: CountyChoice) -> Page[PlaceView]:
    wanted = Wanted(
        item=asked.item.code if asked.item else None,
        theme=asked.theme,
        county=choice.county,
        town=DivisionCode(asked.town) if asked.town else None,
    )
    return list_places(wanted, after=request.GET.get("after") or None)


def _numbers(figures: CatalogueFigures, asked: Asked) -> Mapping[str, int]:
    if asked.item is not None:
        return figures.places_of_item.get(asked.item.code, {})
    return figures.places_of_theme.get(asked.theme, {}) if asked.theme else figures.places


def _by_county(asked: Asked, choice: CountyChoice, numbers: Mapping[str, int]) -> list[tuple[Option, int, str]]:
    """Return what the map says as a list: the whole city, then each county, with number and address."""
    counted = {**numbers, choice.city: sum(numbers.values())}
    return [(option, counted.get(option.value, 0), _link(asked, option.value)) for option in choice.options]


def _centres(asked: Asked, choice: CountyChoice) -> tuple[OrganizationView, ...]:
    """Return the service halls of the county looked at, while nothing in particular is asked for."""
    if asked.item is not None or asked.theme:
        return ()
    return list_organizations(division=DivisionCode(choice.chosen), kind=OrganizationKind.WINDOW_CENTRE)


def _link(asked: Asked, county: str) -> str:
    return f"{reverse('resident:places')}?{asked.query(county=county)}#list"


def _draw(asked: Asked, choice: CountyChoice, numbers: Mapping[str, int]) -> Atlas | None:
    boundaries = list_boundaries(choice.city)
    return draw_atlas(
        boundaries, choice.names, href=lambda code: _link(asked, code), numbers=numbers, chosen=choice.chosen
    )


def _line(place: PlaceView, asked: Asked, figures: CatalogueFigures) -> PlaceLine:
    href = ""
    if asked.item is not None:
        href = f"{reverse('resident:guide', args=[asked.item.code])}?{urlencode({'unit': place.unit})}"
    elif place.window in figures.items_at:
        href = reverse("resident:unit", args=[place.window])
    return PlaceLine(place, _channels(place, asked.item), href)


def _channels(place: PlaceView, item: ItemView | None) -> tuple[str, ...]:
    codes = place.channels if place.channels is not None else item.channels if item is not None else ()
    online = item is not None and item.has_form
    return tuple(CHANNEL_NAMES[code] for code in codes if code in CHANNEL_NAMES and (online or code != ONLINE))
