"""What the platform knows before anybody types, and what happens to it when somebody types over it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shuzheng.base.kernel.types import Json
from shuzheng.services.items.rules.reading import Wrong, describe_value, read_field
from shuzheng.services.items.types import Answer, FormSpec, HeldLicence, Original, PrefillRule, SourceRef

NOT_RECORDED: Final = "详见"
"""A licence field that begins so ('详见证照副本', '详见决定书') points elsewhere instead of saying its value."""
FIRM_FIELDS: Final = frozenset({
    "name", "uscc", "firm_type", "legal_rep_name", "address", "division", "industry_name", "registered_on", "scope",
    "status", "mobile",
})  # fmt: skip
PERSON_FIELDS: Final = frozenset({
    "name", "id_no", "mobile", "address", "sex", "birth_on", "ethnicity", "division",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """One record of the directory: its fields as text and the reference that goes with each."""

    source: str
    record: str
    version: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """Everything a form may be filled from.

    Attributes:
        records: By origin: `firm`, `person`.
        licences: Valid licences held, by type name.
    """

    records: Mapping[str, KnownRecord]
    licences: Mapping[str, HeldLicence]


def prefill(form: FormSpec, rules: Mapping[str, PrefillRule], known: Known) -> dict[str, Answer]:
    """Return the answers the platform already knows; a value the field would refuse is left out."""
    answers = {}
    for spec in form.fields():
        rule = rules.get(spec.prefill)
        found = None if rule is None else look_up(rule, known)
        if found is None:
            continue
        text, source = found
        try:
            value = read_field(spec, [text])
        except Wrong:
            continue
        if value is not None:
            answers[spec.name] = Answer(value, source, describe_value(value))
    return answers


def look_up(rule: PrefillRule, known: Known) -> tuple[str, SourceRef] | None:
    """Return what a rule finds in what is known, as text, and where it stands; None when nothing is known."""
    if rule.origin == "licence":
        licence = known.licences.get(rule.type)
        if licence is None or not licence.valid:
            return None
        text = licence.fields.get(rule.field, "")
        source = SourceRef("credentials.licence", licence.record, licence.version, rule.label)
    else:
        record = known.records.get(rule.origin)
        if record is None:
            return None
        text = record.fields.get(rule.field, "")
        source = SourceRef(record.source, record.record, record.version, rule.label)
    return None if not text or text.startswith(NOT_RECORDED) else (text, source)


def take_answer(before: Answer | None, value: Json, typed: Sequence[str], *, rev: int) -> Answer:
    """Return the answer after somebody typed.

    A prefilled value left as it was keeps its source; a changed one becomes the applicant's own, and the prefilled
    value is kept beside it; typed back to the original, it takes its source again.

    Args:
        before: The answer until now.
        value: What was read; None when missing or wrong.
        typed: What was typed, kept as it is.
        rev: Revision that sets it.
    """
    kept = tuple(typed) if value is None else describe_value(value)
    original = None
    if before is not None:
        original = before.original
        if before.source is not None:
            original = Original(before.value, before.source)
    if original is not None and value is not None and value == original.value:
        return Answer(value, original.source, kept, None, rev)
    return Answer(value, None, kept, original, rev)


def same_answer(a: Answer | None, b: Answer) -> bool:
    """Tell whether two answers say the same."""
    if a is None:
        return b.value is None and not any(text.strip() for text in b.typed)
    return a.value == b.value and (a.value is not None or a.typed == b.typed)
