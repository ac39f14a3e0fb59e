"""Filling a licence from what was applied for. Expressions beyond `form.<name>` belong to the rules engine."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shuzheng.base.kernel.types import Json
from shuzheng.engines.credentials.types import SystemValue
from shuzheng.services.items.types import Answer, LicenceFieldRule

SEE_DECISION: Final = "详见决定书"
"""Stands where a value needs an expression that this version does not evaluate."""
VALID_FROM: Final = "有效期起"
VALID_TO: Final = "有效期止"
_PLAIN: Final = re.compile(r"form\.([a-z][a-z0-9_]*)")


def is_plain(expression: str) -> bool:
    """Tell whether an expression is only a reference to one answer."""
    return _PLAIN.fullmatch(expression.strip()) is not None


def field_name(expression: str) -> str:
    """Return the answer an expression names, '' when it is more than a reference."""
    found = _PLAIN.fullmatch(expression.strip())
    return found[1] if found else ""


def show_value(value: Json) -> str:
    """Return an answer as a licence prints it: lists joined by '、', yes and no in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str | int | float):
        return str(value)
    return "、".join(str(part) for part in value)


@dataclass(frozen=True, slots=True)
class FilledLicence:
    """What a licence will carry.

    Attributes:
        fields: Values known from the application and constants, in the order of the sheet.
        system: Field → value that only issuing can know.
        left: Fields whose expression is left to the rules engine; they read '详见决定书'.
    """

    fields: Mapping[str, str]
    system: Mapping[str, SystemValue]
    left: tuple[str, ...]


def fill_licence(rules: Sequence[LicenceFieldRule], answers: Mapping[str, Answer]) -> FilledLicence:
    """Return the fields of a licence from what was applied for."""
    fields: dict[str, str] = {}
    system: dict[str, SystemValue] = {}
    left: list[str] = []
    for rule in rules:
        fields[rule.field] = ""
        if rule.source == "constant":
            fields[rule.field] = rule.value
        elif rule.source == "system":
            system[rule.field] = SystemValue(rule.value)
        elif is_plain(rule.value):
            answer = answers.get(field_name(rule.value))
            fields[rule.field] = show_value(None if answer is None else answer.value)
        else:
            fields[rule.field] = SEE_DECISION
            left.append(rule.field)
    return FilledLicence(fields, system, tuple(left))


def years_after(start: date, years: int) -> date:
    """Return the last day of a term of whole years that begins on `start`.

    Example:
        >>> years_after(date(2024, 2, 29), 5)
        datetime.date(2029, 2, 28)
        >>> years_after(date(2026, 11, 24), 5)
        datetime.date(2031, 11, 23)
    """
    if (start.month, start.day) == (2, 29):
        return date(start.year + years, 3, 1) - timedelta(days=1)
    return start.replace(year=start.year + years) - timedelta(days=1)


def term_of(filled: FilledLicence, today: date, years: int | None) -> tuple[date, date | None]:
    """Return first and last day of validity.

    What was applied for wins (有效期起, 有效期止 filled from the form); else from today for the type's whole years;
    None: without end.
    """
    valid_from = _day(filled.fields.get(VALID_FROM, "")) or today
    valid_to = _day(filled.fields.get(VALID_TO, ""))
    if valid_to is None and years is not None:
        valid_to = years_after(valid_from, years)
    return valid_from, valid_to


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
