"""What a search was narrowed by, as the page shows it: choices with numbers, chips that take a choice off."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from shuzheng.services.items.types import Facet, FacetValue, Filters, SearchResult

VALUES_MOST: Final = 12
"""Values of one facet that an address may carry."""
VALUE_LENGTH: Final = 40
OPEN: Final = frozenset({Facet.APPLICANT, Facet.CHANNEL, Facet.COUNTY})
"""Facets shown unfolded; others unfold when something in them is chosen."""
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sift:
    """One facet as a group of boxes."""

    name: str
    label: str
    values: tuple[FacetValue, ...]
    unfolded: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice in force, and the address without it."""

    label: str
    without: str
    of_pack: bool


def read_filters(asked: QueryDict) -> dict[Facet, frozenset[str]]:
    """Return the choices an address carries."""
    chosen = {}
    for facet in Facet:
        values = [value.strip() for value in asked.getlist(facet)[:VALUES_MOST]]
        found = frozenset(value for value in values if value.isprintable() and 0 < len(value) <= VALUE_LENGTH)
        if found:
            chosen[facet] = found
    return chosen


def pairs_of(text: str, filters: Filters) -> Pairs:
    """Return text and choices as the parameters of an address."""
    pairs = [("q", text)] if text else []
    return [*pairs, *((str(facet), value) for facet in Facet for value in sorted(filters.get(facet, ())))]


def address(pairs: Iterable[tuple[str, str]]) -> str:
    """Return the address of a search."""
    query = urlencode(list(pairs))
    return f"{reverse('resident:search')}?{query}" if query else reverse("resident:search")


def sifts_of(result: SearchResult) -> tuple[Sift, ...]:
    """Return the facets that tell hits apart, or in which something is chosen."""
    labels = _labels()
    sifts = []
    for facet, values in result.facets.items():
        chosen = any(value.chosen for value in values)
        if chosen or len(values) > 1:
            sifts.append(Sift(str(facet), labels[facet], values, unfolded=chosen or facet in OPEN))
    return tuple(sorted(sifts, key=lambda sift: list(Facet).index(Facet(sift.name))))


def _labels() -> Mapping[Facet, str]:
    return {
        Facet.APPLICANT: _("给谁办"),
        Facet.CHANNEL: _("怎么办"),
        Facet.COUNTY: _("在哪办"),
        Facet.LEVEL: _("哪一级办"),
        Facet.THEME: _("主题"),
        Facet.DEPARTMENT: _("主管部门"),
        Facet.UNIT: _("办理单位"),
    }


def chips_of(text: str, filters: Filters, result: SearchResult) -> tuple[Chip, ...]:
    """Return the choices made by hand, then the places among the words, each with the address without it."""
    pairs = pairs_of(text, filters)
    shown = {(facet, value.value): value for facet, values in result.facets.items() for value in values}
    chips = []
    for facet, chosen in filters.items():
        for value in sorted(chosen):
            known = shown.get((facet, value))
            rest = address(pair for pair in pairs if pair != (str(facet), value))
            label = value if known is None else known.label
            chips.append(Chip(label, rest, of_pack=known is not None and known.of_pack))
    if not result.elsewhere:
        for place in result.places:
            if not filters.get(place.facet):
                chips.append(Chip(place.name, address(pairs_of(place.without, filters)), of_pack=True))
    return tuple(chips)
