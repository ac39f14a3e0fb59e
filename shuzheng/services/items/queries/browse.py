"""Reads for browsing: figures of the catalogue, items in a given order, what an organization implements.

Figures are counted once per process and version of the catalogue, never per request: a load of the pack or a published
item makes a new version.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Final

from django.db.models import Count, F, Max, Window
from django.db.models.functions import RowNumber

from shuzheng.base.kernel.types import OrgId, Page, PartyKind
from shuzheng.services.items.models import Item, PackDigest, Unit
from shuzheng.services.items.types import Applicant, ItemView, ThemeView
from shuzheng.services.items.types.browse import CatalogueFigures

SAMPLES: Final = 4
"""Items shown of each theme."""
PAGE_MOST: Final = 50
COUNTY_DIGITS: Final = 6
TOWN_DIGITS: Final = 9
_HEAVY: Final = ("materials", "guide", "form", "licence_fields")
_ITEMS = Item.objects.filter(current=True).defer(*_HEAVY)
_UNITS = Unit.objects.filter(current=True)


def get_figures() -> CatalogueFigures:
    """Return the figures of the catalogue in force: two small reads, the rest is remembered."""
    newest = Item.objects.aggregate(newest=Max("pk"))["newest"] or 0
    digest = PackDigest.objects.filter(part="units").values_list("digest", flat=True).first() or ""
    return _figures(newest, digest)


@lru_cache(maxsize=2)
def _figures(newest: int, digest: str) -> CatalogueFigures:  # noqa: ARG001 - they name the version
    theme_of = dict(Item.objects.filter(current=True).values_list("code", "theme"))
    of_item: dict[str, dict[str, int]] = defaultdict(dict)
    for item, county, number in _UNITS.values_list("item_code", "county").annotate(n=Count("pk")).order_by():
        of_item[item][county] = number
    windows: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    items_at: dict[OrgId, int] = defaultdict(int)
    division_of: dict[OrgId, str] = {}
    columns = ("item_code", "division", "window", "organization")
    for item, division, window, organization in _UNITS.values_list(*columns).order_by().iterator():
        items_at[OrgId(organization)] += 1
        division_of[OrgId(organization)] = division
        windows[""][division[:6]].add(window)
        windows[theme_of.get(item, "")][division[:6]].add(window)
    places = {theme: {county: len(there) for county, there in by.items()} for theme, by in windows.items()}
    return CatalogueFigures(
        items=len(theme_of),
        themes=_count_themes(theme_of.values()),
        samples=_samples(),
        items_at=dict(items_at),
        bodies=_group(sorted(division_of, key=lambda code: (-items_at[code], code)), division_of, COUNTY_DIGITS),
        towns=_group(sorted(division_of, key=division_of.__getitem__), division_of, TOWN_DIGITS),
        places=places.pop("", {}),
        places_of_item=dict(of_item),
        places_of_theme=places,
    )


def _group(codes: Iterable[OrgId], division_of: Mapping[OrgId, str], digits: int) -> dict[str, tuple[OrgId, ...]]:
    """Return organizations by county, in the order given, those whose division has so many digits."""
    found: dict[str, list[OrgId]] = defaultdict(list)
    for code in codes:
        if len(division_of[code]) == digits:
            found[division_of[code][:COUNTY_DIGITS]].append(code)
    return {county: tuple(there) for county, there in found.items()}


def _count_themes(themes: Iterable[str]) -> tuple[ThemeView, ...]:
    counted: dict[str, int] = defaultdict(int)
    for theme in themes:
        counted[theme] += 1
    return tuple(ThemeView(*pair) for pair in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _samples() -> Mapping[str, tuple[ItemView, ...]]:
    place = Window(RowNumber(), partition_by=F("theme"), order_by=[F("has_form").desc(), F("code").asc()])
    found: dict[str, list[ItemView]] = defaultdict(list)
    for row in _ITEMS.annotate(place=place).filter(place__lte=SAMPLES).order_by("theme", "place"):
        found[row.theme].append(row.to_view())
    return {theme: tuple(items) for theme, items in found.items()}


def list_items(codes: Collection[str], *, applicant: str | None = None) -> tuple[ItemView, ...]:
    """Return items in force in the order of their codes given; those not in force are left out.

    Args:
        codes: At most a few dozen.
        applicant: `person` or `firm`: only what that kind may apply for.
    """
    rows = _ITEMS.filter(code__in=list(codes))
    if applicant in (PartyKind.PERSON, PartyKind.FIRM):
        rows = rows.filter(applicant__in=[applicant, Applicant.BOTH])
    found = {row.code: row.to_view() for row in rows}
    return tuple(found[code] for code in dict.fromkeys(codes) if code in found)


def list_online_items(*, applicant: str | None = None, limit: int = 10) -> tuple[ItemView, ...]:
    """Return items that can be applied for on line, by code."""
    rows = _ITEMS.filter(has_form=True)
    if applicant in (PartyKind.PERSON, PartyKind.FIRM):
        rows = rows.filter(applicant__in=[applicant, Applicant.BOTH])
    return tuple(row.to_view() for row in rows.order_by("code")[: max(1, min(limit, PAGE_MOST))])


def list_items_at(organization: OrgId, *, after: str | None = None, limit: int = 30) -> Page[ItemView]:
    """Return the items an organization implements, by code.

    Args:
        organization: Who implements.
        after: `Page.next` of the page before.
        limit: At most 50.
    """
    limit = max(1, min(limit, PAGE_MOST))
    rows = _UNITS.filter(organization=organization)
    if after:
        rows = rows.filter(item_code__gt=after[:14])
    codes = list(rows.order_by("item_code").values_list("item_code", flat=True)[: limit + 1])
    return Page(list_items(codes[:limit]), codes[limit - 1] if len(codes) > limit else None)
