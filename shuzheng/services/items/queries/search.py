"""Searching items: one page of hits, what they can be narrowed by, and what was understood of the words.

A text is tried as typed, then with a verb taken off an unknown run, then by its sound; only when nothing fits, items
near it are shown. Hits are ranked in Python over what the full-text index returns, so both databases give one order.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from django.db.models import Q
from django.db.models.expressions import RawSQL

from shuzheng.base.kernel.types import ItemCode, OrgId, Page
from shuzheng.services.items.backends import full_text
from shuzheng.services.items.models import Item, SearchEntry, SearchUnit, SearchWord
from shuzheng.services.items.queries.composites import match_composites
from shuzheng.services.items.rules.facets import NONE, Profile, Tally, count_units, tally
from shuzheng.services.items.rules.matching import Match
from shuzheng.services.items.rules.question import (
    Lexicon,
    LexiconWord,
    Question,
    letters_of,
    near_match,
    phrases_of,
    read_question,
    read_text,
    sound_key,
    sound_keys_of_letters,
    strict_match,
)
from shuzheng.services.items.rules.ranking import Entry, rank_entry, rank_near, suggest
from shuzheng.services.items.types import (
    CHANNEL_NAMES,
    CITY_ITSELF,
    LEVEL_NAMES,
    Applicant,
    CompositeHit,
    Facet,
    FacetValue,
    Filters,
    ItemView,
    Level,
    PlaceUse,
    SearchHit,
    SearchResult,
    WordKind,
    WordUse,
)

PAGE_MOST: Final = 50
NEAR_MOST: Final = 30
"""Hits shown when nothing fits in full."""
VALUES_MOST: Final = 12
"""Choices of a facet, the chosen ones apart."""
SUGGEST_FROM: Final = 12
LATER: Final = 0.9
"""What a hit of a later reading is worth."""
_JOINED_BY: Final = frozenset((Facet.APPLICANT, Facet.COUNTY))
"""Facets that leave composite services in sight."""
_HEAVY: Final = ("materials", "guide", "form", "licence_fields")
_PROFILE: Final = ("item_code", "theme", "department", "applicant", "channels", "places")
_ENTRY: Final = ("name", "bare", "initials", "sounds", "about", "has_form")
_LEVELS: Final = (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWN)
"""Levels whose units are listed; a county's villages are too many to choose from."""


@dataclass(slots=True)
class _Found:
    """Hits before they are narrowed."""

    points: dict[str, int] = field(default_factory=dict)
    profiles: list[Profile] = field(default_factory=list)
    words: tuple[LexiconWord, ...] = ()
    near: bool = False
    suggestions: tuple[str, ...] = ()

    def add(self, hits: Iterable[tuple[Profile, int]]) -> None:
        """Take hits that are not there yet."""
        for profile, points in hits:
            if profile.code not in self.points:
                self.points[profile.code] = points
                self.profiles.append(profile)


def search(text: str, filters: Filters | None = None, *, limit: int = 20, after: str | None = None) -> SearchResult:
    """Return a page of items that fit a text, the best first.

    Args:
        text: What was typed; '' lists everything, what can be applied for on line first.
        filters: Chosen values by facet.
        limit: At most 50.
        after: `SearchResult.next` of the page before.
    """
    read = read_text(text)
    lexicon, counties = _lexicon(read)
    question = read_question(read, lexicon)
    found = _everything() if _asks_nothing(read, question) else _find(read, question, lexicon)
    chosen = dict(filters or {})
    narrowed = _with_places(chosen, question.places)
    units = _units_of(narrowed)
    done = _tally(found, narrowed, units)
    elsewhere = bool(question.places) and not done.kept and bool(found.profiles)
    if elsewhere:
        narrowed, units = chosen, _units_of(chosen)
        done = _tally(found, narrowed, units)
    ranked = sorted(done.kept, key=lambda code: (-found.points[code], code))
    page = _page(ranked, found.points, limit=max(1, min(limit, PAGE_MOST)), after=after)
    return SearchResult(
        hits=_hits(page.rows, narrowed, units),
        next=page.next,
        total=len(ranked),
        facets=_facets(done, narrowed, units, counties),
        words=tuple(WordUse(word.phrase, word.terms) for word in found.words if word.terms),
        places=tuple(_place_use(place, read) for place in question.places),
        near=found.near,
        elsewhere=elsewhere,
        suggestions=found.suggestions,
        composites=() if after else _composites(question, chosen),
    )


def find_composites(text: str) -> tuple[CompositeHit, ...]:
    """Return the composite services that fit a text, the best first."""
    read = read_text(text)
    lexicon, _counties = _lexicon(read)
    return _composites(read_question(read, lexicon), {})


def _composites(question: Question, chosen: Filters) -> tuple[CompositeHit, ...]:
    """Return composite services that fit; theme, level and the like narrow items, which these are not."""
    if not question.parts or any(chosen.get(facet) for facet in Facet if facet not in _JOINED_BY):
        return ()
    return match_composites(question, applicants=chosen.get(Facet.APPLICANT, NONE))


def search_items(
    text: str, *, theme: str | None = None, applicant: str | None = None, limit: int = 20, after: str | None = None
) -> Page[ItemView]:
    """Return the items of a page of `search`.

    Args:
        text: What was typed; '' lists everything.
        theme: Only this theme.
        applicant: `person` or `firm`: what that kind may apply for.
        limit: At most 50.
        after: `Page.next` of the page before.
    """
    filters = {
        Facet.THEME: frozenset([theme] if theme else ()),
        Facet.APPLICANT: frozenset([applicant] if applicant else ()),
    }
    result = search(text, filters, limit=limit, after=after)
    return Page(tuple(hit.item for hit in result.hits), result.next)


def _asks_nothing(read: str, question: Question) -> bool:
    return not question.parts and (not read.strip() or bool(question.places))


def _lexicon(read: str) -> tuple[Lexicon, dict[str, str]]:
    """Return the words of the lexicon that may be in the text, and the names of all counties by code."""
    phrases, letters = phrases_of(read), letters_of(read)
    keys = {key: run for run in letters for key in sound_keys_of_letters(run)}
    spelt = Q(kind=WordKind.WORD) & (Q(sound__in=list(keys)) | Q(initials__in=letters))
    wanted = Q(kind=WordKind.COUNTY) | Q(phrase__in=phrases) | (spelt if letters else Q(pk=None))
    lexicon: dict[str, list[LexiconWord]] = {}
    counties: dict[str, str] = {}
    for row in SearchWord.objects.filter(wanted).order_by("pk"):
        word = row.to_word()
        if word.kind is WordKind.COUNTY:
            counties.setdefault(word.code, word.name)
        for key in {word.phrase, keys.get(row.sound), row.initials} & {*phrases, *letters}:
            lexicon.setdefault(str(key), []).append(word)
    return lexicon, counties


def _by_sound(read: str, lexicon: Lexicon) -> Lexicon:
    """Return the lexicon with everyday words that sound like a piece of the text."""
    keys: dict[str, list[str]] = {}
    for phrase in phrases_of(read):
        if len(phrase) > 1 and not phrase.isascii() and phrase not in lexicon:
            keys.setdefault(sound_key(phrase), []).append(phrase)
    heard: dict[str, list[LexiconWord]] = {}
    for row in SearchWord.objects.filter(kind=WordKind.WORD, sound__in=list(keys)).order_by("pk"):
        for phrase in keys[row.sound]:
            heard.setdefault(phrase, []).append(row.to_word())
    return {**lexicon, **heard}


def _everything() -> _Found:
    found = _Found()
    rows = SearchEntry.objects.values_list(*_PROFILE, "has_form")
    found.add((Profile(*row[:-1]), int(row[-1])) for row in rows)
    return found


def _find(read: str, question: Question, lexicon: Lexicon) -> _Found:
    """Return what fits the text as typed, else read otherwise, else what is near, else what only its papers name."""
    found = _Found(words=question.used)
    better, by_papers = _strict(question)
    found.add(better)
    for later, words in _later_readings(read, question, lexicon) if not better else ():
        better, _papers = _strict(later)
        if better:
            found.add((profile, int(points * LATER)) for profile, points in better)
            found.words, found.suggestions = later.used, _respelt(read, words)
            return found
    if not found.points:
        _add_near(found, question)
    if not found.points:
        found.add(by_papers)
    return found


def _later_readings(
    read: str, question: Question, lexicon: Lexicon
) -> Iterator[tuple[Question, Mapping[str, LexiconWord]]]:
    """Give other readings of the text, each with the words it was corrected to."""
    split = read_question(read, lexicon, split=True)
    if split != question:
        yield split, {}
    heard = _by_sound(read, lexicon)
    corrected = {phrase: words[0] for phrase, words in heard.items() if phrase not in lexicon}
    if corrected:
        yield read_question(read, heard, split=True), corrected


def _respelt(read: str, words: Mapping[str, LexiconWord]) -> tuple[str, ...]:
    """Return the text with the words that were meant."""
    text = read
    for phrase, word in sorted(words.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(phrase, word.phrase)
    return (text,) if text != read else ()


def _strict(question: Question) -> tuple[list[tuple[Profile, int]], list[tuple[Profile, int]]]:
    """Return what holds everything asked, and apart what holds it only thanks to the names of its papers."""
    better: list[tuple[Profile, int]] = []
    by_papers: list[tuple[Profile, int]] = []
    match = strict_match(question)
    for profile, entry in _matching(match) if match is not None else ():
        rank = rank_entry(entry, question)
        (by_papers if rank.papers_only else better).append((profile, rank.points))
    return better, by_papers


def _add_near(found: _Found, question: Question) -> None:
    match = near_match(question)
    if match is None:
        return
    near: list[tuple[int, Profile, Entry]] = []
    for profile, entry in _matching(match):
        rank = rank_near(entry, question)
        if rank is not None:
            near.append((-rank.points, profile, entry))
    near.sort(key=lambda hit: (hit[0], hit[1].code))
    found.near = bool(near)
    found.add((profile, -points) for points, profile, _entry in near[:NEAR_MOST])
    found.suggestions = suggest(question, [entry for _points, _profile, entry in near[:SUGGEST_FROM]])


def _matching(match: Match) -> Iterator[tuple[Profile, Entry]]:
    statement, asked = full_text().match(match)
    rows = SearchEntry.objects.filter(pk__in=RawSQL(statement, [asked]))  # noqa: S611 - the terms are a parameter
    for row in rows.values_list(*_PROFILE, *_ENTRY):
        yield Profile(*row[: len(_PROFILE)]), Entry(row[0], *row[len(_PROFILE) :])


def _with_places(chosen: Filters, places: Sequence[LexiconWord]) -> dict[Facet, frozenset[str]]:
    """Return the filters with the places named, except for facets already chosen by hand."""
    narrowed = dict(chosen)
    for place in places:
        if not chosen.get(place.facet):
            narrowed[place.facet] = narrowed.get(place.facet, NONE) | {place.code}
    if narrowed.get(Facet.UNIT) and not chosen.get(Facet.COUNTY):
        narrowed.pop(Facet.COUNTY, None)
    return narrowed


@dataclass(frozen=True, slots=True)
class _Unit:
    """An organization at a level with what it implements."""

    organization: str
    name: str
    level: str
    items: frozenset[str]


def _units_of(filters: Filters) -> dict[str, _Unit]:
    """Return the units that can be chosen, or are: those of the one county chosen, highest level first."""
    counties, chosen = filters.get(Facet.COUNTY, NONE), filters.get(Facet.UNIT, NONE)
    if len(counties) != 1 and not chosen:
        return {}
    wanted = Q(organization__in=chosen)
    if len(counties) == 1:
        levels = filters.get(Facet.LEVEL, NONE) or _LEVELS
        wanted |= Q(county__in=counties, level__in=levels)
    rows = SearchUnit.objects.filter(wanted).values_list("organization", "name", "level", "items")
    units = (_Unit(organization, name, level, frozenset(items.split())) for organization, name, level, items in rows)
    ordered = sorted(units, key=lambda unit: (_LEVEL_ORDER[unit.level], unit.organization))
    return {unit.organization: unit for unit in ordered}


_LEVEL_ORDER: Final = {str(level): place for place, level in enumerate(Level)}


def _tally(found: _Found, filters: Filters, units: Mapping[str, _Unit]) -> Tally:
    chosen = filters.get(Facet.UNIT, NONE)
    if not chosen:
        return tally(found.profiles, filters)
    items = frozenset(code for unit in chosen if unit in units for code in units[unit].items)
    return tally(found.profiles, filters, of_units=items)


def _page(ranked: Sequence[str], points: Mapping[str, int], *, limit: int, after: str | None) -> Page[str]:
    """Return the codes after a position `points:code`; a position that is none begins at the start."""
    least, _, last = (after or "").partition(":")
    if least.isascii() and least.isdigit() and last:
        ranked = [code for code in ranked if (-points[code], code) > (-int(least), last)]
    more = f"{points[ranked[limit - 1]]}:{ranked[limit - 1]}" if len(ranked) > limit else None
    return Page(tuple(ranked[:limit]), more)


def _hits(codes: Sequence[str], filters: Filters, units: Mapping[str, _Unit]) -> tuple[SearchHit, ...]:
    rows = {row.code: row for row in Item.objects.filter(code__in=codes, current=True).defer(*_HEAVY)}
    return tuple(_hit(rows[code].to_view(), filters, units) for code in codes if code in rows)


def _hit(item: ItemView, filters: Filters, units: Mapping[str, _Unit]) -> SearchHit:
    unit = _unit_of(item.code, filters, units)
    return SearchHit(item) if unit is None else SearchHit(item, OrgId(unit.organization), unit.name)


def _unit_of(code: ItemCode, filters: Filters, units: Mapping[str, _Unit]) -> _Unit | None:
    """Return the one unit that implements an item where the search was narrowed to: of the highest level, if single."""
    chosen = filters.get(Facet.UNIT, NONE)
    able = [unit for unit in units.values() if code in unit.items and (not chosen or unit.organization in chosen)]
    same = [unit for unit in able if unit.level == able[0].level]
    return same[0] if len(same) == 1 else None


def _place_use(place: LexiconWord, read: str) -> PlaceUse:
    without = " ".join(read.replace(place.phrase, " ", 1).split())
    return PlaceUse(place.facet, place.code, place.name, without)


def _facets(
    done: Tally, filters: Filters, units: Mapping[str, _Unit], counties: Mapping[str, str]
) -> dict[Facet, tuple[FacetValue, ...]]:
    names: dict[Facet, Mapping[str, str]] = {
        Facet.APPLICANT: {Applicant.PERSON: "个人", Applicant.FIRM: "企业"},
        Facet.CHANNEL: CHANNEL_NAMES,
        Facet.COUNTY: counties,
        Facet.LEVEL: LEVEL_NAMES,
    }
    facets: dict[Facet, tuple[FacetValue, ...]] = {
        facet: _values(facet, done.counts[facet], filters, names.get(facet))
        for facet in Facet
        if facet is not Facet.UNIT
    }
    counts = count_units({code: unit.items for code, unit in units.items()}, done.but_unit)
    facets[Facet.UNIT] = _values(
        Facet.UNIT, counts, filters, {code: unit.name for code, unit in units.items()}, largest=True
    )
    return facets


def _values(
    facet: Facet,
    counts: Mapping[str, int],
    filters: Filters,
    names: Mapping[str, str] | None,
    *,
    largest: bool = False,
) -> tuple[FacetValue, ...]:
    """Return the choices of a facet: in the order of their names where that is fixed, else the largest first."""
    chosen = filters.get(facet, NONE)
    make = partial(_value, counts=counts, chosen=chosen, names=names)
    if names is not None and not largest:
        return tuple(make(value) for value in names if counts.get(value) or value in chosen)
    ordered = sorted(counts, key=lambda value: (-counts[value], value))
    shown = [*ordered[:VALUES_MOST], *sorted(value for value in chosen if value not in ordered[:VALUES_MOST])]
    return tuple(make(value) for value in shown)


def _value(
    value: str, counts: Mapping[str, int], chosen: frozenset[str], names: Mapping[str, str] | None
) -> FacetValue:
    label = value if names is None else names.get(value, value)
    of_platform = label == CITY_ITSELF or value in {*CHANNEL_NAMES, *LEVEL_NAMES, *Applicant}
    return FacetValue(value, label, counts.get(value, 0), value in chosen, not of_platform)
