"""Choices of a search that this city has, so that a program is told of one it has not."""

from collections.abc import Collection

from shuzheng.services.items.errors import UnknownFacetValue
from shuzheng.services.items.models import SearchEntry, SearchUnit, SearchWord
from shuzheng.services.items.types import CHANNEL_NAMES, LEVEL_NAMES, Applicant, Facet, Filters, WordKind


def check_filters(filters: Filters) -> None:
    """Let pass choices that the city has: at most a read for each facet chosen.

    Raises:
        UnknownFacetValue: The first it has not, with the facet's name.
    """
    for facet, chosen in filters.items():
        unknown = sorted(chosen - _known(facet, chosen))
        if unknown:
            raise UnknownFacetValue(field=FIELD_NAMES.get(facet, str(facet)), value=unknown[0])


FIELD_NAMES = {Facet.APPLICANT: "applicant"}
"""Names of parameters where they differ from the page's."""


def _known(facet: Facet, chosen: Collection[str]) -> frozenset[str]:
    match facet:
        case Facet.APPLICANT:
            return frozenset((Applicant.PERSON, Applicant.FIRM))
        case Facet.CHANNEL:
            return frozenset(CHANNEL_NAMES)
        case Facet.LEVEL:
            return frozenset(LEVEL_NAMES)
        case Facet.UNIT:
            return frozenset(SearchUnit.objects.filter(organization__in=chosen).values_list("organization", flat=True))
        case Facet.COUNTY:
            counties = SearchWord.objects.filter(kind=WordKind.COUNTY, code__in=chosen)
            return frozenset(counties.values_list("code", flat=True))
        case _:
            rows = SearchEntry.objects.filter(**{f"{facet}__in": chosen})
            return frozenset(rows.values_list(facet, flat=True).distinct())
