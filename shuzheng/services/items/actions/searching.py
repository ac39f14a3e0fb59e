"""Keeping the search index: entries of items, what units implement, and the words that are known.

All of it follows from items, units, the directory and the pack's words, so it is made anew at will. Refreshing compares
digests and writes what changed; rebuilding forgets everything first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final

from django.db import transaction
from django.db.models import Model, QuerySet

from shuzheng.base.directory.queries import find_division, get_organizations
from shuzheng.base.directory.types import DivisionLevel, OrganizationView
from shuzheng.base.kernel.fold import fold
from shuzheng.base.kernel.types import DivisionCode, OrgId
from shuzheng.services.items.backends import full_text
from shuzheng.services.items.models import Item, SearchEntry, SearchUnit, SearchWord, Unit
from shuzheng.services.items.rules.indexing import ItemText, index_digest, index_text
from shuzheng.services.items.rules.naming import division_names, organization_names
from shuzheng.services.items.rules.question import LexiconWord, sound_key
from shuzheng.services.items.rules.ranking import entry_name
from shuzheng.services.items.types import CITY_ITSELF, WordKind

BATCH: Final = 500
_WORD_KEY: Final = ("kind", "phrase", "code")
_WORD_REST: Final = ("name", "county", "sound", "initials", "terms", "items", "weak")
_UNIT_KEY: Final = ("organization", "level")
_UNIT_REST: Final = ("county", "name", "items")
_ENTRY_REST: Final = (
    "digest", "name", "bare", "initials", "sounds", "about", "theme", "department", "applicant", "channels", "places",
    "has_form", "indexed_at",
)  # fmt: skip


@dataclass(slots=True)
class IndexChanges:
    """What was done to rows of the index: entries, units and words."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0

    @property
    def nothing_changed(self) -> bool:
        """Tell whether the index already held exactly this."""
        return not (self.added or self.changed or self.removed)


@dataclass(slots=True)
class _Places:
    """Where an item is implemented, and by which channels beyond its own."""

    pairs: set[str] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)


@transaction.atomic
def refresh_search(*, at: datetime) -> IndexChanges:
    """Bring the index up to date with items, units and organizations; what did not change is not written."""
    changes = IndexChanges()
    _refresh_entries(changes, at)
    units = _read_units()
    _sync(SearchUnit, _UNIT_KEY, _UNIT_REST, units, changes)
    places = list(_place_words(units))
    _sync(SearchWord, _WORD_KEY, _WORD_REST, places, changes, kinds=(WordKind.CITY, WordKind.COUNTY, WordKind.UNIT))
    return changes


@transaction.atomic
def refresh_item(code: str, *, at: datetime) -> IndexChanges:
    """Bring the entry of one item up to date, such as after a change made on line; a few statements."""
    changes = IndexChanges()
    _refresh_entries(changes, at, only=code)
    return changes


@transaction.atomic
def rebuild_search(*, at: datetime) -> IndexChanges:
    """Forget entries and units and make them anew; the pack's words stay."""
    full_text().remove(SearchEntry.objects.values_list("pk", flat=True))
    SearchEntry.objects.all().delete()
    SearchUnit.objects.all().delete()
    return refresh_search(at=at)


@transaction.atomic
def keep_words(words: Iterable[LexiconWord]) -> IndexChanges:
    """Keep the everyday words of the pack in place of those kept before."""
    changes = IndexChanges()
    rows = []
    for word in words:
        phrase, initials, sound = entry_name(word.phrase)
        rows.append(
            SearchWord(
                kind=WordKind.WORD,
                phrase=phrase,
                sound=sound,
                initials=initials,
                terms=list(word.terms),
                items=list(word.items),
                weak=word.weak,
            )
        )
    _sync(SearchWord, _WORD_KEY, _WORD_REST, rows, changes, kinds=(WordKind.WORD,))
    return changes


def _refresh_entries(changes: IndexChanges, at: datetime, *, only: str | None = None) -> None:
    units, entries, items = Unit.objects.filter(current=True), SearchEntry.objects.all(), Item.objects.all()
    if only is not None:
        units, entries, items = units.filter(item_code=only), entries.filter(item_code=only), items.filter(code=only)
    places = _read_places(units)
    known = dict(entries.values_list("item_code", "digest"))
    wanted: dict[str, tuple[str, str, str]] = {}
    for code, content, channels in items.filter(current=True).values_list("code", "digest", "channels"):
        found = places.get(code, _Places())
        ways = " ".join(sorted({*channels, *found.channels}))
        where = " ".join(sorted(found.pairs))
        digest = index_digest(content, (ways, where))
        before = known.pop(code, None)
        if before == digest:
            changes.kept += 1
            continue
        wanted[code] = (digest, ways, where)
        changes.added += before is None
        changes.changed += before is not None
    gone = list(SearchEntry.objects.filter(item_code__in=list(known)).values_list("pk", flat=True))
    full_text().remove(gone)
    SearchEntry.objects.filter(pk__in=gone).delete()
    changes.removed += len(gone)
    codes = list(wanted)
    for start in range(0, len(codes), BATCH):
        _write_entries(codes[start : start + BATCH], wanted, at)


def _write_entries(codes: Sequence[str], wanted: Mapping[str, tuple[str, str, str]], at: datetime) -> None:
    entries, terms = [], {}
    for item in Item.objects.filter(current=True, code__in=codes).defer("form", "licence_fields"):
        digest, channels, places = wanted[item.code]
        text = index_text(
            ItemText(
                item.code,
                item.name,
                item.department,
                item.theme,
                item.result_name,
                item.licence_type,
                item.guide,
                item.materials,
            )
        )
        terms[item.code] = text.terms
        entries.append(
            SearchEntry(
                item_code=item.code,
                digest=digest,
                name=text.name,
                bare=text.bare,
                initials=text.initials,
                sounds=text.sounds,
                about=text.about,
                theme=item.theme,
                department=item.department,
                applicant=item.applicant,
                channels=channels,
                places=places,
                has_form=item.has_form,
                indexed_at=at,
            )
        )
    SearchEntry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["item_code"], update_fields=list(_ENTRY_REST)
    )
    ids = SearchEntry.objects.filter(item_code__in=codes).values_list("pk", "item_code")
    full_text().write([(pk, terms[code]) for pk, code in ids])


def _read_places(units: QuerySet[Unit]) -> dict[str, _Places]:
    found: dict[str, _Places] = {}
    current = units.order_by()
    for code, county, level in current.values_list("item_code", "county", "level").distinct():
        found.setdefault(code, _Places()).pairs.add(f"{county}:{level}")
    for code, channels in current.filter(channels__isnull=False).values_list("item_code", "channels"):
        found.setdefault(code, _Places()).channels.update(channels or ())
    return found


def _read_units() -> list[SearchUnit]:
    rows = list(
        Unit.objects.filter(current=True)
        .order_by("organization", "level", "item_code")
        .values_list("organization", "level", "county", "item_code")
    )
    names = get_organizations(OrgId(code) for code in dict.fromkeys(row[0] for row in rows))
    units = []
    for (organization, level), group in groupby(rows, key=lambda row: (row[0], row[1])):
        listed = list(group)
        named = names.get(OrgId(organization))
        units.append(
            SearchUnit(
                organization=organization,
                level=level,
                county=listed[0][2],
                name=organization if named is None else named.short_name,
                items=" ".join(row[3] for row in listed),
            )
        )
    return units


def _place_words(units: Sequence[SearchUnit]) -> Iterable[SearchWord]:
    """Give the names of counties and of organizations that implement something, each name of each once."""
    counties: dict[str, tuple[str, ...]] = {}
    for code in sorted({unit.county for unit in units}):
        division = find_division(DivisionCode(code))
        if division is None:
            continue
        names = division_names(fold(division.name))
        is_city = division.level == DivisionLevel.CITY
        counties[code] = names
        kind = WordKind.CITY if is_city else WordKind.COUNTY
        yield from (_place(kind, name, code, division.name) for name in names)
        if is_city:
            yield _place(WordKind.COUNTY, CITY_ITSELF, code, CITY_ITSELF)
    codes = dict.fromkeys(OrgId(unit.organization) for unit in units)
    organizations = get_organizations(codes)
    parents = get_organizations(
        {view.parent for view in organizations.values() if view.parent is not None} - set(organizations)
    )
    of_county = {unit.organization: unit.county for unit in units}
    for code in codes:
        view = organizations.get(code)
        if view is not None:
            above = _names_above(view, {**organizations, **parents}, counties, of_county[code])
            names = organization_names(fold(view.short_name), fold(view.full_name), above)
            for name in (*names, fold(code)):
                yield _place(WordKind.UNIT, name, code, view.short_name, of_county[code])


def _names_above(
    view: OrganizationView,
    organizations: Mapping[OrgId, OrganizationView],
    counties: Mapping[str, tuple[str, ...]],
    county: str,
) -> tuple[str, ...]:
    """Return what the short name of an organization may begin with: its county, or the town above it."""
    names = counties.get(county, ())
    parent = None if view.parent is None else organizations.get(view.parent)
    if parent is None:
        return names
    return (*names, *organization_names(fold(parent.short_name), fold(parent.full_name), names))


def _place(kind: WordKind, phrase: str, code: str, name: str, county: str = "") -> SearchWord:
    sound = sound_key(phrase) if kind is WordKind.COUNTY else ""
    return SearchWord(kind=kind, phrase=phrase, code=code, name=name, county=county, sound=sound)


def _sync(
    model: type[Model],
    key: Sequence[str],
    rest: Sequence[str],
    rows: Iterable[Model],
    changes: IndexChanges,
    *,
    kinds: Sequence[str] = (),
) -> None:
    """Make the table hold exactly these rows, writing only what differs."""
    held = model._default_manager.filter(kind__in=kinds) if kinds else model._default_manager.all()
    known = {tuple(row[: len(key)]): row[len(key) :] for row in held.values_list(*key, *rest, "pk")}
    new = []
    for row in rows:
        name = tuple(getattr(row, part) for part in key)
        before = known.pop(name, None)
        if before is not None and tuple(before[:-1]) == tuple(getattr(row, part) for part in rest):
            changes.kept += 1
            continue
        new.append(row)
        changes.added += before is None
        changes.changed += before is not None
    gone = [row[-1] for row in known.values()]
    for start in range(0, len(gone), BATCH):
        model._default_manager.filter(pk__in=gone[start : start + BATCH]).delete()
    model._default_manager.bulk_create(
        new, batch_size=BATCH, update_conflicts=True, unique_fields=list(key), update_fields=list(rest)
    )
    changes.removed += len(gone)
