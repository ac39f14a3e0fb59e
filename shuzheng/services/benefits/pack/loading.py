"""Write this part of a pack; what is the same already is left alone."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shuzheng.base.directory.queries import find_firm_ids, find_people_ids, list_division_names
from shuzheng.base.kernel.pack import Changes, PackRows
from shuzheng.base.kernel.types import Actor, Json, JsonObject
from shuzheng.services.benefits.models import Policy, PolicyFamily, Specs, SubjectFacts
from shuzheng.services.benefits.pack.reading import SUBJECT_FACTS, facts_of, meta_of, rows_of, table_of
from shuzheng.services.benefits.rules.expansion import expand
from shuzheng.services.benefits.rules.reading import read_family, read_spec
from shuzheng.services.benefits.rules.rulebook import rules_of, sheet_code
from shuzheng.services.benefits.rules.sheets import schema_of
from shuzheng.services.benefits.rules.wording import describe_change
from shuzheng.services.benefits.types import BOOK, SHEET_LABELS, FactSpec, Family, Published, Target
from shuzheng.services.rulebook.actions import load_rules
from shuzheng.services.rulebook.types import FactSheet

BATCH: Final = 500
_FILES: Final[Mapping[Target, tuple[str, str]]] = {
    Target.FIRM: ("firms.csv", "uscc"),
    Target.PERSON: ("people.csv", "id_no"),
}
"""By kind of subject, the file of the directory's part and its column with the number."""
_PLACES: Final = "division_code"
_COUNTY_DIGITS: Final = 6
_COLUMNS: Final = (
    "family", "title", "department", "target", "division", "place", "year", "valid_from", "last_on", "cap_fen",
    "budget_fen", "haystack", "current",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Given:
    """What the pack says."""

    specs: tuple[FactSpec, ...]
    tables: Mapping[str, JsonObject]
    families: Mapping[str, Family]
    city: str


def apply(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:
    """Write all of it inside the caller's transaction; applying twice changes nothing."""
    changes = Changes()
    tables = {row.text("code"): table_of(row) for row in rows_of(pack, "policy")}
    given = _Given(
        specs=tuple(map(read_spec, facts_of(pack))),
        tables=tables,
        families={code: read_family(table) for code, table in tables.items()},
        city=str(meta_of(pack).get("city_code", "")),
    )
    _apply_specs(pack, given, changes)
    _apply_families(given, at, changes)
    _apply_published(given, changes)
    _apply_rules(given, changes, actor=actor, at=at)
    _apply_subjects(pack, given, changes)
    return changes


def _digest(value: Json) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _apply_specs(pack: PackRows, given: _Given, changes: Changes) -> None:
    tables = list[Json](facts_of(pack))
    year = int(str(meta_of(pack).get("facts_year", 0)))
    digest = _digest([year, given.city, tables])
    known = Specs.objects.first()
    if known is not None and known.digest == digest:
        changes.unchanged += 1
        return
    if not tables and known is None:
        return
    Specs.objects.update_or_create(
        only=True, defaults={"digest": digest, "year": year, "city": given.city, "tables": tables}
    )
    changes.added += known is None
    changes.changed += known is not None
    if known is not None:
        changes.note("政策事实表有改动")


# ---- families ----
def _apply_families(given: _Given, at: datetime, changes: Changes) -> None:
    newest: dict[str, PolicyFamily] = {}
    for row in PolicyFamily.objects.order_by("code", "version"):
        newest[row.code] = row
    new: list[PolicyFamily] = []
    closed: list[int] = []
    for code, table in given.tables.items():
        known, digest = newest.get(code), _digest(table)
        if known is not None and known.current and known.digest == digest:
            changes.unchanged += 1
            continue
        version = 1 if known is None else known.version + 1
        new.append(PolicyFamily(code=code, version=version, current=True, digest=digest, table=table, added_at=at))
        if known is not None and known.current:
            closed.append(known.pk)
        _note_family(given, code, known, changes, first=not newest)
    gone = [row for code, row in newest.items() if row.current and code not in given.tables]
    for row in gone:
        changes.retired += 1
        changes.note(f"不再提供政策“{read_family(row.table).title}”（{row.code}）")
    PolicyFamily.objects.filter(pk__in=[*closed, *(row.pk for row in gone)]).update(current=False, retired_at=at)
    PolicyFamily.objects.bulk_create(new, batch_size=BATCH)


def _note_family(given: _Given, code: str, known: PolicyFamily | None, changes: Changes, *, first: bool) -> None:
    family = given.families[code]
    if known is None:
        changes.added += 1
        if not first:
            changes.note(f"新增政策“{family.title}”（{code}）")
        return
    changes.changed += 1
    if known.current:
        changes.note(describe_change(read_family(known.table), family))
    else:
        changes.note(f"恢复政策“{family.title}”（{code}）")


# ---- published policies ----
def _apply_published(given: _Given, changes: Changes) -> None:
    places = list_division_names({given.city, *(one for f in given.families.values() for one in f.counties)})
    known = {row.code: row for row in Policy.objects.all()}
    new: list[Policy] = []
    changed: list[Policy] = []
    for family in given.families.values():
        for published in expand(family, city=given.city):
            row = _policy(published, family, places)
            before = known.pop(published.code, None)
            if before is None:
                new.append(row)
            elif any(getattr(before, name) != getattr(row, name) for name in _COLUMNS):
                row.pk = before.pk
                changed.append(row)
    gone = [row.pk for row in known.values() if row.current]
    for start in range(0, len(gone), BATCH):
        Policy.objects.filter(pk__in=gone[start : start + BATCH]).update(current=False)
    Policy.objects.bulk_create(new, batch_size=BATCH)
    Policy.objects.bulk_update(changed, _COLUMNS, batch_size=BATCH)
    changes.added += len(new)
    changes.changed += len(changed)
    changes.retired += len(gone)
    changes.unchanged += sum(len(expand(f, city=given.city)) for f in given.families.values()) - len(new) - len(changed)
    if (new or changed or gone) and (known or changed):
        changes.note(f"已发布政策：新增 {len(new)} 条，改动 {len(changed)} 条，取消 {len(gone)} 条")


def _policy(published: Published, family: Family, places: Mapping[str, str]) -> Policy:
    place = places.get(published.division, published.division)
    words = (family.title, family.department, family.document_no, published.code, place)
    return Policy(
        code=published.code,
        family=family.code,
        title=family.title,
        department=family.department,
        target=str(family.target),
        division=published.division,
        place=place,
        year=published.year,
        valid_from=published.valid_from,
        last_on=published.last_on,
        cap_fen=family.cap_fen,
        budget_fen=family.budget_fen,
        haystack=" ".join(words).lower(),
        current=True,
    )


# ---- rules of the book ----
def _apply_rules(given: _Given, changes: Changes, *, actor: Actor, at: datetime) -> None:
    sheets = [
        FactSheet(sheet_code(target), SHEET_LABELS[target], schema_of(given.specs, target))
        for target in Target
        if given.specs
    ]
    rules = [rule for family in given.families.values() for rule in rules_of(family)]
    loaded = load_rules(sheets, rules, book=BOOK, actor=actor, at=at)
    changes.include(
        Changes(
            added=loaded.added,
            changed=loaded.changed,
            unchanged=loaded.unchanged,
            retired=loaded.retired,
            notes=list(loaded.notes),
        )
    )


# ---- facts of subjects ----
def _apply_subjects(pack: PackRows, given: _Given, changes: Changes) -> None:
    wanted: dict[UUID, tuple[Target, JsonObject]] = {}
    for target in Target:
        stored = stored_of(pack, given.specs, target)
        find = find_firm_ids if target is Target.FIRM else find_people_ids
        for number, subject in find(stored).items():
            wanted[subject] = (target, stored[number])
    known = {row.subject_id: row for row in SubjectFacts.objects.defer("facts")}
    new: list[SubjectFacts] = []
    changed: list[SubjectFacts] = []
    for subject, (target, facts) in wanted.items():
        row = SubjectFacts(kind=str(target), subject_id=subject, digest=_digest(facts), facts=facts)
        before = known.pop(subject, None)
        if before is None:
            new.append(row)
        elif before.digest != row.digest:
            row.pk = before.pk
            changed.append(row)
        else:
            changes.unchanged += 1
    SubjectFacts.objects.bulk_create(new, batch_size=BATCH)
    SubjectFacts.objects.bulk_update(changed, ("kind", "digest", "facts"), batch_size=BATCH)
    SubjectFacts.objects.filter(pk__in=[row.pk for row in known.values()]).delete()
    changes.added += len(new)
    changes.changed += len(changed)
    changes.retired += len(known)
    if changed or known:
        changes.note(f"主体事实：改动 {len(changed)} 个主体，取消 {len(known)} 个")


def stored_of(pack: PackRows, specs: Sequence[FactSpec], target: Target) -> dict[str, JsonObject]:
    """Return by number what is known of each subject: the directory's own columns, and what the file of facts adds."""
    if not specs:
        return {}
    file, column = _FILES[target]
    plain = [
        spec.name
        for spec in specs
        if spec.subject == target and spec.aggregate == "value" and not spec.value and spec.name != column
    ]
    found: dict[str, dict[str, Json]] = {}
    for row in pack.of(file):
        cells: dict[str, Json] = {name: row.text(name) for name in plain if row.text(name)}
        if _PLACES in cells:
            cells[_PLACES] = row.text(_PLACES)[:_COUNTY_DIGITS]
        found[row.text(column)] = cells
    for row in pack.of(SUBJECT_FACTS):
        if row.text("subject_kind") == target and row.text("subject_id") in found:
            found[row.text("subject_id")][row.text("fact")] = row.text("value") or None
    return dict(found)
