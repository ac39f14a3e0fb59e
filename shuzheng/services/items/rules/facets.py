"""Narrowing hits, and counting what each choice would leave.

A choice is counted with every other facet as it is, so that choosing it gives what it says. An item is implemented at
places: pairs of a county and a level, and a county chosen together with a level must be one such pair.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from shuzheng.services.items.types import Applicant, Facet, Filters

NONE: Final[frozenset[str]] = frozenset()
_APPLICANTS: Final[Mapping[str, tuple[str, ...]]] = {
    Applicant.PERSON: (Applicant.PERSON,),
    Applicant.FIRM: (Applicant.FIRM,),
    Applicant.BOTH: (Applicant.PERSON, Applicant.FIRM),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """What an item can be narrowed by.

    Attributes:
        channels: Joined by blanks.
        places: `county:level` joined by blanks; the city itself counts as a county.
    """

    code: str
    theme: str
    department: str
    applicant: str
    channels: str
    places: str


@dataclass(slots=True)
class Tally:
    """Codes kept, in no order, and counts of values by facet."""

    kept: list[str] = field(default_factory=list)
    counts: dict[Facet, Counter[str]] = field(default_factory=lambda: {facet: Counter() for facet in Facet})
    but_unit: list[str] = field(default_factory=list)
    """Codes kept but for the unit chosen."""


Offered = tuple[tuple[Facet, frozenset[str]], ...]
"""What an item offers to each facet but place and unit."""


@lru_cache(maxsize=4096)
def _pairs(places: str) -> tuple[tuple[str, str], ...]:
    return tuple((county, level) for county, _, level in (place.partition(":") for place in places.split()))


@lru_cache(maxsize=4096)
def _offered(applicant: str, channels: str, theme: str, department: str) -> Offered:
    return (
        (Facet.APPLICANT, frozenset(_APPLICANTS.get(applicant, ()))),
        (Facet.CHANNEL, frozenset(channels.split())),
        (Facet.THEME, frozenset((theme,))),
        (Facet.DEPARTMENT, frozenset((department,))),
    )


def tally(profiles: Iterable[Profile], filters: Filters, *, of_units: frozenset[str] | None = None) -> Tally:
    """Narrow items and count the choices; items alike in everything are counted together.

    Args:
        profiles: The hits.
        filters: What was chosen.
        of_units: Codes of the items the chosen units implement; None when none is chosen.
    """
    done = Tally()
    counties, levels = filters.get(Facet.COUNTY, NONE), filters.get(Facet.LEVEL, NONE)
    for offered, places, fits_unit, codes in _alike(profiles, of_units):
        failing = [facet for facet, values in offered if _fails(values, filters.get(facet, NONE))]
        if fits_unit and not failing:
            _add(done, zip((Facet.COUNTY, Facet.LEVEL), _places(places, counties, levels), strict=True), len(codes))
        if not _is_at(places, counties, levels):
            continue
        if not failing:
            done.but_unit += codes
            done.kept += codes if fits_unit else ()
        if fits_unit:
            _add(done, ((facet, values) for facet, values in offered if failing in ([], [facet])), len(codes))
    return done


def _alike(
    profiles: Iterable[Profile], of_units: frozenset[str] | None
) -> Iterator[tuple[Offered, str, bool, list[str]]]:
    """Give the codes of items that are alike in everything they can be narrowed by."""
    groups: dict[tuple[str, str, str, str, str, bool], list[str]] = {}
    for one in profiles:
        fits_unit = of_units is None or one.code in of_units
        key = (one.applicant, one.channels, one.theme, one.department, one.places, fits_unit)
        groups.setdefault(key, []).append(one.code)
    for (applicant, channels, theme, department, places, fits_unit), codes in groups.items():
        yield _offered(applicant, channels, theme, department), places, fits_unit, codes


def _add(done: Tally, offered: Iterable[tuple[Facet, frozenset[str]]], count: int) -> None:
    for facet, values in offered:
        for value in values:
            done.counts[facet][value] += count


def _is_at(places: str, counties: frozenset[str], levels: frozenset[str]) -> bool:
    """Tell whether it is implemented at a chosen level in a chosen county."""
    if not (counties or levels):
        return True
    at_counties, _levels = _places(places, counties, levels)
    return bool(at_counties) and not _fails(at_counties, counties)


def _fails(offered: frozenset[str], chosen: frozenset[str]) -> bool:
    return bool(chosen) and offered.isdisjoint(chosen)


@lru_cache(maxsize=8192)
def _places(places: str, counties: frozenset[str], levels: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the counties with a chosen level, and the levels in a chosen county."""
    pairs = _pairs(places)
    return (
        frozenset(county for county, level in pairs if not levels or level in levels),
        frozenset(level for county, level in pairs if not counties or county in counties),
    )


def count_units(units: Mapping[str, frozenset[str]], codes: Iterable[str]) -> Counter[str]:
    """Return how many of the items each unit implements, units without any left out."""
    wanted = frozenset(codes)
    return Counter({unit: count for unit, items in units.items() if (count := len(items & wanted))})
