"""Narrowing hits, and counting what each choice would leave.

A choice is counted with every other facet as it is, so that choosing it gives what it says. An item is implemented at
places: pairs of a county and a level, and a county chosen together with a level must be one such pair.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
    """Codes kept, in the order given, and counts of values by facet."""

    kept: list[str] = field(default_factory=list)
    counts: dict[Facet, Counter[str]] = field(default_factory=lambda: {facet: Counter() for facet in Facet})
    but_unit: list[str] = field(default_factory=list)
    """Codes kept but for the unit chosen."""

    def add(self, code: str, offered: Mapping[Facet, frozenset[str]], failing: Sequence[Facet]) -> None:
        """Count an item that is implemented where it is asked for; `failing` are the facets it does not fit."""
        if not failing:
            self.kept.append(code)
        if not failing or failing == [Facet.UNIT]:
            self.but_unit.append(code)
        for facet, values in offered.items():
            if not failing or failing == [facet]:
                self.counts[facet].update(values)


@lru_cache(maxsize=4096)
def _pairs(places: str) -> tuple[tuple[str, str], ...]:
    return tuple((county, level) for county, _, level in (place.partition(":") for place in places.split()))


def tally(profiles: Iterable[Profile], filters: Filters, *, of_units: frozenset[str] | None = None) -> Tally:
    """Narrow items and count the choices.

    Args:
        profiles: The hits.
        filters: What was chosen.
        of_units: Codes of the items the chosen units implement; None when none is chosen.
    """
    done = Tally()
    counties, levels = filters.get(Facet.COUNTY, NONE), filters.get(Facet.LEVEL, NONE)
    for profile in profiles:
        offered = _values(profile)
        failing = [facet for facet, values in offered.items() if _fails(values, filters.get(facet, NONE))]
        if of_units is not None and profile.code not in of_units:
            failing.append(Facet.UNIT)
        at_counties, at_levels = _places(profile.places, counties, levels)
        if not failing:
            done.counts[Facet.COUNTY].update(at_counties)
            done.counts[Facet.LEVEL].update(at_levels)
        if not (counties or levels) or (at_counties and not _fails(at_counties, counties)):
            done.add(profile.code, offered, failing)
    return done


def _fails(offered: frozenset[str], chosen: frozenset[str]) -> bool:
    return bool(chosen) and offered.isdisjoint(chosen)


def _values(profile: Profile) -> dict[Facet, frozenset[str]]:
    return {
        Facet.APPLICANT: frozenset(_APPLICANTS.get(profile.applicant, ())),
        Facet.CHANNEL: frozenset(profile.channels.split()),
        Facet.THEME: frozenset((profile.theme,)),
        Facet.DEPARTMENT: frozenset((profile.department,)),
    }


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
