"""Load a book from a pack: what is the same stays, what changed gets a successor, what is gone ends."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Actor
from shuzheng.base.ledger.actions import record
from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.types import Schema
from shuzheng.services.rulebook.actions.editions import make_edition
from shuzheng.services.rulebook.errors import RuleUnfit, SheetNotFound
from shuzheng.services.rulebook.models import FactSheetEdition, RuleEdition
from shuzheng.services.rulebook.rules.checking import facts_used
from shuzheng.services.rulebook.rules.sheets import digest_of, dump_schema, load_schema
from shuzheng.services.rulebook.rules.succession import (
    Known,
    Step,
    begins_on,
    digest_of_rule,
    digest_of_words,
    step_of,
)
from shuzheng.services.rulebook.types import FactSheet, Loaded, NewRule, Origin

BATCH: Final = 500
_COLUMNS: Final = (
    "pk", "code", "edition", "label", "digest", "words_digest", "origin", "held", "closed_at", "valid_from", "valid_to",
)  # fmt: skip


@dataclass(slots=True)
class _Book:
    """What the book held before, and what is to be written."""

    name: str
    at: datetime
    day: date
    sheets: Mapping[str, FactSheetEdition]
    schemas: Mapping[str, Schema]
    last: dict[str, RuleEdition]
    going: dict[str, list[RuleEdition]]
    """By code, the editions that are or will be in force."""
    known: dict[str, Known]
    first_load: bool
    new: list[RuleEdition] = field(default_factory=list)
    ends: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    steps: dict[Step, int] = field(default_factory=lambda: defaultdict(int))
    retired: int = 0
    notes: list[str] = field(default_factory=list)


@transaction.atomic
def load_rules(
    sheets: Iterable[FactSheet], rules: Iterable[NewRule], *, book: str, actor: Actor, at: datetime
) -> Loaded:
    """Write a pack's rules; loading the same again changes nothing.

    A text that changed becomes a successor from the pack's day on (or from its own, when that is later); a rule the
    pack no longer has ends. A successor made on line stands: what the pack says then is kept and said only.

    Args:
        sheets: The facts the rules ask about; a sheet that says something new gets an edition.
        rules: The whole book: what is missing ends.
        book: First part of every code.
        actor: Who loads.
        at: When; its local day is the pack's day.

    Raises:
        RuleUnfit: A new text cannot be read.
        SheetNotFound: A rule names a sheet that is neither given nor in the book.
    """
    given = list(rules)
    rows = _sheet_rows(list(sheets), {rule.sheet for rule in given}, at)
    held = _read_book(book, at, rows)
    seen: set[str] = set()
    for rule in given:
        if rule.code.split("/", 1)[0] != book or rule.code in seen:
            raise RuleUnfit(rule=rule.code, problem="代码不属于这个规则库，或者重复")
        seen.add(rule.code)
        _load_one(held, rule)
    _end_missing(held, seen)
    return _write(held, actor)


def _sheet_rows(given: Sequence[FactSheet], named: set[str], at: datetime) -> dict[str, FactSheetEdition]:
    """Return the newest edition of each sheet, with new ones written where they say something new."""
    codes = sorted(named | {sheet.code for sheet in given})
    rows: dict[str, FactSheetEdition] = {}
    for start in range(0, len(codes), BATCH):
        part = codes[start : start + BATCH]
        rows |= {row.code: row for row in FactSheetEdition.objects.filter(code__in=part).order_by("edition")}
    new = []
    for sheet in given:
        facts = dump_schema(sheet.facts)
        digest = digest_of({"label": sheet.label, "facts": facts})
        known = rows.get(sheet.code)
        if known is None or known.digest != digest:
            edition = 1 if known is None else known.edition + 1
            row = FactSheetEdition(
                code=sheet.code, edition=edition, label=sheet.label, facts=facts, digest=digest, added_at=at
            )
            new.append(row)
            rows[sheet.code] = row
    FactSheetEdition.objects.bulk_create(new, batch_size=BATCH)
    return rows


def _read_book(book: str, at: datetime, sheets: Mapping[str, FactSheetEdition]) -> _Book:
    day = local_date(at, settings.SHUZHENG.zone)
    last: dict[str, RuleEdition] = {}
    going: dict[str, list[RuleEdition]] = defaultdict(list)
    numbers: dict[str, int] = {}
    said: dict[str, str] = {}
    for row in RuleEdition.objects.filter(book=book).only(*_COLUMNS).order_by("code", "edition"):
        numbers[row.code] = row.edition
        if row.origin == Origin.PACK:
            said[row.code] = row.digest
        if not row.held:
            last[row.code] = row
            if row.valid_to is None or row.valid_to > day:
                going[row.code].append(row)
    known = {
        code: Known(
            edition=numbers[code],
            words_digest=row.words_digest,
            online=row.origin == Origin.ONLINE,
            ended=row.closed_at is not None,
            pack_digest=said.get(code, ""),
        )
        for code, row in last.items()
    }
    return _Book(
        name=book,
        at=at,
        day=day,
        sheets=sheets,
        schemas={code: load_schema(row.facts) for code, row in sheets.items()},
        last=last,
        going=going,
        known=known,
        first_load=not last,
    )


def _load_one(book: _Book, rule: NewRule) -> None:
    sheet = book.sheets.get(rule.sheet)
    if sheet is None:
        raise SheetNotFound
    digest = digest_of_rule(rule, sheet.digest)
    known = book.known.get(rule.code)
    step = step_of(known, digest, digest_of_words(rule))
    book.steps[step] += 1
    if step is Step.KEEP:
        return
    row = _edition(book, rule, sheet, known)
    if step in (Step.HOLD, Step.AGREE):
        row.held, row.valid_from, row.valid_to = True, book.day, book.day
    else:
        _end(book, rule.code, row.valid_from)
    book.new.append(row)
    _say(book, rule, step)


def _edition(book: _Book, rule: NewRule, sheet: FactSheetEdition, known: Known | None) -> RuleEdition:
    schema = book.schemas[rule.sheet]
    try:
        used = facts_used(rule.text, rule.kind, schema)
    except RuleTextInvalid as fault:
        raise RuleUnfit(rule=rule.code, problem=fault.message) from fault
    first = begins_on(rule, book.day, first=known is None)
    number = 1 if known is None else known.edition + 1
    return make_edition(rule, sheet, schema, used, edition=number, begins=first, at=book.at)


def _say(book: _Book, rule: NewRule, step: Step) -> None:
    name = f"“{rule.label}”（{rule.code}）"
    if step is Step.HOLD:
        book.notes.append(f"冲突：规则{name}在线修改过，城市包的新文本没有生效；要采用它，请在规则库提出修改")
    elif step is Step.SUCCEED:
        book.notes.append(f"规则{name}有改动，新版本自装入之日起生效")
    elif step is Step.ADD and not book.first_load:
        book.notes.append(f"新增规则{name}")


def _end_missing(book: _Book, seen: set[str]) -> None:
    for code, row in book.last.items():
        if code not in seen and row.closed_at is None and book.going.get(code):
            _end(book, code, book.day)
            book.retired += 1
            book.notes.append(f"规则“{row.label}”（{code}）不再有效")


def _end(book: _Book, code: str, day: date) -> None:
    """End what would still be in force on a day or later."""
    for row in book.going.get(code, ()):
        if row.valid_to is None or row.valid_to > day:
            book.ends[max(row.valid_from, day)].append(row.pk)


def _write(book: _Book, actor: Actor) -> Loaded:
    for day, pks in book.ends.items():
        for start in range(0, len(pks), BATCH):
            rows = RuleEdition.objects.filter(pk__in=pks[start : start + BATCH])
            rows.update(closed_at=book.at)
            rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day)).update(valid_to=day)
    RuleEdition.objects.bulk_create(book.new, batch_size=BATCH)
    count = book.steps
    loaded = Loaded(
        added=count[Step.ADD],
        changed=count[Step.SUCCEED] + count[Step.HOLD] + count[Step.AGREE],
        unchanged=count[Step.KEEP],
        retired=book.retired,
        notes=tuple(book.notes),
    )
    if loaded.added or loaded.changed or loaded.retired:
        record(
            "rulebook.loaded",
            f"urn:shuzheng:rulebook:{book.name}",
            actor=actor,
            at=book.at,
            content={
                "added": loaded.added,
                "changed": loaded.changed,
                "retired": loaded.retired,
                "digest": digest_of([row.digest for row in book.new]),
            },
        )
    return loaded
