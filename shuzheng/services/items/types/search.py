"""Searching: filters, hits, facets and what was understood of the words typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shuzheng.base.kernel.types import OrgId
from shuzheng.services.items.types.catalogue import ItemView
from shuzheng.services.items.types.words import Applicant


class Facet(StrEnum):
    """What results can be narrowed by; the value is the name of the parameter."""

    APPLICANT = "who"
    CHANNEL = "channel"
    COUNTY = "county"
    LEVEL = "level"
    THEME = "theme"
    DEPARTMENT = "department"
    UNIT = "unit"


class WordKind(StrEnum):
    """What a word of the lexicon stands for."""

    WORD = "word"
    """An everyday word for something official."""
    CITY = "city"
    """The whole city: narrows nothing."""
    COUNTY = "county"
    UNIT = "unit"
    """An organization that implements items."""


Filters = Mapping[Facet, frozenset[str]]
"""Chosen values by facet: within a facet any of them, between facets all. A facet without values narrows nothing."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice of a facet, and how many hits it would leave.

    Attributes:
        label: Words of the pack or of the platform; see `of_pack`.
        count: Hits with every other facet as it is.
        of_pack: The label is a name of the pack (theme, department, county), not a word of the platform.
    """

    value: str
    label: str
    count: int
    chosen: bool
    of_pack: bool


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A basic item that fits.

    Attributes:
        unit: Who implements it where the search was narrowed to, None when that is not one organization.
    """

    item: ItemView
    unit: OrgId | None = None
    unit_name: str = ""


@dataclass(frozen=True, slots=True)
class CompositeHit:
    """A composite service (一件事) that fits.

    Attributes:
        items: How many items it joins.
    """

    code: str
    name: str
    audience: Applicant
    department: str
    summary: str
    items: int


@dataclass(frozen=True, slots=True)
class WordUse:
    """An everyday word that was also looked for under other names (`饭店`: `餐饮服务`)."""

    phrase: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceUse:
    """A place or organization among the words, taken as a filter.

    Attributes:
        without: The text without these words.
    """

    facet: Facet
    value: str
    name: str
    without: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits with what is around it.

    Attributes:
        next: Opaque position of the following page, None at the end.
        total: Hits in all.
        near: Nothing fits in full; the hits are only near it.
        places: Places among the words, in force as filters unless `elsewhere`.
        elsewhere: Nothing fits at the places named, so hits are from the whole city.
        suggestions: Texts that were perhaps meant.
        composites: Composite services that fit, the best first; on the first page only, beside `total`.
    """

    hits: tuple[SearchHit, ...]
    next: str | None
    total: int
    facets: Mapping[Facet, tuple[FacetValue, ...]] = field(default_factory=dict)
    words: tuple[WordUse, ...] = ()
    places: tuple[PlaceUse, ...] = ()
    near: bool = False
    elsewhere: bool = False
    suggestions: tuple[str, ...] = ()
    composites: tuple[CompositeHit, ...] = ()
