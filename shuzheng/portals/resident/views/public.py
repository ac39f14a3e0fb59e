"""Pages anyone may read: home, search, guide."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
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
from shuzheng.services.items.types import FormSpec, ItemView, ThemeView

HOME_ITEMS = 10
HOME_READ = 50
HITS_EACH = 3
HOME_THEMES = 12
PAGE_ITEMS = 20
TEXT_LIMIT = 80
APPLICANTS = ("person", "firm")


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


@dataclass(frozen=True, slots=True)
class FacetOption:
    """One choice of a filter; `of_pack` when its words come from the pack, not from us."""

    value: str
    label: str
    count: int | None
    on: bool
    of_pack: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter."""

    name: str
    label: str
    options: tuple[FacetOption, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    without: str


@require_safe
def search(request: CityRequest) -> HttpResponse:
    """Show items that match; filters and text are in the address, so a result can be sent to somebody."""
    text = request.GET.get("q", "").strip()[:TEXT_LIMIT]
    theme = request.GET.get("theme", "").strip()[:TEXT_LIMIT]
    asked = request.GET.get("who", "")
    who = asked if asked in APPLICANTS else ""
    after = request.GET.get("after") or None
    page = items.search_items(text, theme=theme or None, applicant=who or None, limit=PAGE_ITEMS, after=after)
    kept = [(name, value) for name, value in (("theme", theme), ("who", who)) if value]
    now = [("q", text), *kept] if text else kept
    content = {
        "city": get_city(),
        "text": text,
        "rows": page.rows,
        "next": page.next,
        "query": f"{urlencode(now)}&" if now else "",
        "kept": kept,
        "chosen": _chips(text, theme, who),
        "facets": _facets(text, theme, who),
    }
    return render(request, "resident/search.html", content)


def _who_label(who: str) -> str:
    return _("个人") if who == "person" else _("企业")


def _chips(text: str, theme: str, who: str) -> list[Chip]:
    base = reverse("resident:search")
    chosen = {"theme": (theme, theme), "who": (who, _who_label(who))}
    chips = []
    for name, (value, label) in chosen.items():
        if value:
            rest = [("q", text), *((other, v) for other, (v, _label) in chosen.items() if other != name)]
            chips.append(Chip(label, f"{base}?{urlencode([pair for pair in rest if pair[1]])}"))
    return chips


def _facets(text: str, theme: str, who: str) -> list[Facet]:
    themes = items.list_themes(text, applicant=who or None)
    shown = [*themes] if any(t.name == theme for t in themes) or not theme else [*themes, *_theme_only(theme)]
    theme_options = (
        FacetOption("", _("全部主题"), None, on=not theme),
        *(FacetOption(t.name, t.name, t.count, on=t.name == theme, of_pack=True) for t in shown),
    )
    who_options = (
        FacetOption("", _("都可以"), None, on=not who),
        *(FacetOption(value, _who_label(value), None, on=value == who) for value in APPLICANTS),
    )
    return [Facet("who", _("给谁办"), who_options), Facet("theme", _("主题"), theme_options)]


def _theme_only(theme: str) -> Sequence[ThemeView]:
    return [t for t in items.list_themes() if t.name == theme]


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
