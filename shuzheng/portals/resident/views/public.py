"""Pages anyone may read: home and guide."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Actor
from shuzheng.packs.types import PackInfo
from shuzheng.portals.resident.guide import papers_for, papers_for_anyone, say_who, say_wrong_party
from shuzheng.portals.resident.mine import list_mine
from shuzheng.portals.resident.places import choose_place
from shuzheng.portals.shell.city import get_city
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items import queries as items
from shuzheng.services.items.types import FormSpec, ItemView

HOME_ITEMS = 10
HOME_READ = 50
HITS_EACH = 3
HOME_THEMES = 12


@require_safe
def home(request: CityRequest) -> HttpResponse:
    """Show the search, ways in, and for a signed-in person what waits for them."""
    city = get_city()
    popular = _popular(city, request.actor)
    themes = items.list_themes()
    content = {
        "city": city,
        "item_count": sum(theme.count for theme in themes),
        "mine": list_mine(request.actor, at=request.at) if request.actor is not None else None,
        "popular": [popular[0::2], popular[1::2]] if popular else [],
        "themes": themes[:HOME_THEMES],
    }
    return render(request, "resident/home.html", content)


def _popular(city: PackInfo, actor: Actor | None) -> tuple[ItemView, ...]:
    """Return what people search for and can apply for on line, then other such items, for the reader's kind."""
    kind = actor.party.kind if actor is not None and actor.party is not None else None
    found: dict[str, ItemView] = {}
    for words in (*city.popular_searches, ""):
        page = items.search_items(words, applicant=kind, limit=HOME_READ if not words else HITS_EACH)
        found |= {item.code: item for item in page.rows if item.has_form and item.code not in found}
        if len(found) >= HOME_ITEMS:
            break
    return tuple(found.values())[:HOME_ITEMS]


@require_safe
def guide(request: CityRequest, code: str) -> HttpResponse:
    """Show everything about one item; for a signed-in reader, which papers are waived for them."""
    found = items.get_guide(code)
    item = found.item
    today = local_date(request.at, settings.SHUZHENG.zone)
    form = _form_of(item)
    papers = papers_for_anyone(found) if request.actor is None else papers_for(request.actor, found, form, today=today)
    place = choose_place(
        item, county=request.GET.get("county", ""), town=request.GET.get("town", ""), actor=request.actor
    )
    content = {
        "guide": found,
        "item": item,
        "papers": papers,
        "who": say_who(item),
        "wrong_party": say_wrong_party(item, request.actor),
        "place": place,
    }
    return render(request, "resident/guide.html", content)


def _form_of(item: ItemView) -> FormSpec | None:
    return items.get_form(item.code) if item.has_form else None
