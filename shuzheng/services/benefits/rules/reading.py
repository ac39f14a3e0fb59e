"""A pack's tables of facts and policies as this room's types; faults are found before (`faults.py`)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from shuzheng.engines.rules.types import BOOL, DATE, MOST_DIGITS, TEXT, Fact, Sensitivity, Type, number
from shuzheng.services.benefits.types import Condition, FactSpec, Family, FamilyCode, Target
from shuzheng.services.rulebook.rules.grading import KEY

_PRECISION: Final = re.compile(r"num\(([0-9]{1,2}),([0-9]{1,2})\)", re.ASCII)
_TYPES: Final[Mapping[str, Type]] = {"text": TEXT, "date": DATE, "boolean": BOOL}
_UNGRADED: Final = {"person": Sensitivity.L3, "policy": Sensitivity.L1}
FEN: Final = 100


def read_type(text: str) -> Type | None:
    """Return a type as a pack writes it, `text`, `date`, `boolean` or `num(12,2)`; None when it is none."""
    found = _PRECISION.fullmatch(text)
    if found is None:
        return _TYPES.get(text)
    digits, scale = int(found[1]), int(found[2])
    return number(digits, scale) if 0 < digits <= MOST_DIGITS and scale < digits else None


def read_spec(table: Mapping[str, object]) -> FactSpec:
    """Return a fact of a sheet; a type that cannot be read counts as text (the check has told it)."""
    subject, name, kind = _text(table, "subject"), _text(table, "name"), read_type(_text(table, "type")) or TEXT
    aggregate, value = _text(table, "aggregate"), _text(table, "value")
    fact = Fact(
        f"{subject}.{name}",
        kind,
        _text(table, "label_zh"),
        unit=_text(table, "unit"),
        null_means=_text(table, "null_zh"),
        register=_text(table, "register"),
        column=_text(table, "column_zh"),
        sensitivity=_grade(table, subject),
        # A day that has passed and what follows from it cannot be made otherwise; a count or an income can.
        changeable=subject != "policy" and kind is not DATE and not (aggregate == "value" and value),
        choices=_texts(table, "values"),
    )
    return FactSpec(
        subject=subject,
        name=name,
        fact=fact,
        dataset=_text(table, "dataset"),
        column_en=_text(table, "column_en"),
        aggregate=aggregate,
        value=value,
        where=_text(table, "where"),
        no_rows=_text(table, "no_rows"),
    )


def read_family(table: Mapping[str, object]) -> Family:
    """Return a family. Raises ValueError or KeyError on a table that was not checked."""
    conditions = table.get("condition")
    return Family(
        code=FamilyCode(_text(table, "code")),
        title=_text(table, "title"),
        department=_text(table, "department"),
        document_no=_text(table, "document_no"),
        document_on=_date(table["document_date"]),
        source=_text(table, "source"),
        target=Target(_text(table, "target")),
        counties=_texts(table, "counties"),
        years=tuple(int(year) for year in _texts(table, "years")),
        valid_from=_date(table["valid_from"]),
        last_on=_date(table["valid_to"]),
        amount=_text(table, "amount"),
        cap_fen=_fen(table["cap_yuan"]),
        budget_fen=_fen(table["budget_yuan"]),
        conditions=tuple(map(read_condition, conditions if isinstance(conditions, Sequence) else ())),
    )


def read_condition(table: Mapping[str, object]) -> Condition:
    """Return one condition."""
    words = _text(table, "label_zh")
    return Condition(int(_text(table, "seq")), _text(table, "expr"), words, _text(table, "failure_zh"))


def _grade(table: Mapping[str, object], subject: str) -> Sensitivity:
    """Return the grade that was written into the table when the pack was read; what nobody graded is a person's."""
    written = _text(table, KEY)
    if written in set(Sensitivity):
        return Sensitivity(written)
    return _UNGRADED.get(subject, Sensitivity.L2)


def _text(table: Mapping[str, object], key: str) -> str:
    value = table.get(key)
    return "" if value is None else str(value)


def _texts(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = table.get(key)
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def _date(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _fen(value: object) -> int:
    return int(Decimal(str(value)) * FEN)
