"""Values for facts: what a form, a file or a register gives, turned into what a rule compares."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from shuzheng.engines.rules.errors import FactInvalid
from shuzheng.engines.rules.rules.closures import WIDE
from shuzheng.engines.rules.types import KIND_LABELS, Fact, Kind, Schema, Value

_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_BOOLS: Final = {"true": True, "false": False, "是": True, "否": False, "1": True, "0": False}


def read_facts(schema: Schema, given: Mapping[str, object]) -> dict[str, Value]:
    """Return the values of the facts that were given; names the schema lacks are left out.

    Raises:
        FactInvalid: A value is not of its fact's type, or has more digits.
    """
    return {name: read_value(schema[name], value) for name, value in given.items() if name in schema}


def read_value(fact: Fact, given: object) -> Value:
    """Return one value; None and an empty text are "not known".

    Raises:
        FactInvalid: The value is not of the fact's type.
    """
    if given is None or given == "":
        return None
    found = _READ[fact.type.kind](given, fact)
    if found is None:
        raise FactInvalid(label=fact.label, wanted=_wanted(fact))
    return found


def _wanted(fact: Fact) -> str:
    how = {Kind.DATE: "，写成 2026-01-31", Kind.BOOL: "，写是或否"}
    if fact.type.kind is Kind.NUMBER:
        return str(fact.type)
    return KIND_LABELS[fact.type.kind] + how.get(fact.type.kind, "")


def _bool(given: object, _fact: Fact) -> Value:
    return given if isinstance(given, bool) else _BOOLS.get(str(given).strip().lower())


def _number(given: object, fact: Fact) -> Value:
    text = "" if isinstance(given, bool | float) else str(given).strip()
    if not _NUMBER.fullmatch(text):
        return None
    value, kept = Decimal(text), fact.type.scale
    too_large = value.adjusted() >= fact.type.digits - kept
    return None if too_large or value != value.quantize(Decimal(1).scaleb(-kept), context=WIDE) else value


def _date(given: object, _fact: Fact) -> Value:
    if isinstance(given, date):
        return date(given.year, given.month, given.day)
    text = str(given).strip()
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _text(given: object, _fact: Fact) -> Value:
    if not isinstance(given, str) or any("\ud800" <= c <= "\udfff" or c == "\x00" for c in given):
        return None
    return given


def _list(given: object, _fact: Fact) -> Value:
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        return None
    return [str(one) for one in given]


_READ: Final = {Kind.BOOL: _bool, Kind.NUMBER: _number, Kind.DATE: _date, Kind.TEXT: _text, Kind.LIST: _list}
