"""A sheet of facts as JSON, and back. What stands at its default is left out."""

import hashlib
from collections.abc import Mapping

from shuzheng.base.kernel.canonical import canonical_json
from shuzheng.base.kernel.types import Json, JsonObject
from shuzheng.engines.rules.types import Fact, Kind, Schema, Sensitivity, Type

_TEXTS = ("unit", "null_means", "register", "column")


def dump_schema(schema: Schema) -> JsonObject:
    """Return the facts as JSON, by name."""
    return {name: _dump(fact) for name, fact in schema.items()}


def _dump(fact: Fact) -> Json:
    plain = Fact(fact.name, fact.type, fact.label)
    texts = {key: getattr(fact, key) for key in _TEXTS if getattr(fact, key) != getattr(plain, key)}
    found: dict[str, Json] = {"type": dump_type(fact.type), "label": fact.label, **texts}
    if fact.sensitivity is not plain.sensitivity:
        found["sensitivity"] = str(fact.sensitivity)
    if not fact.changeable:
        found["changeable"] = False
    if fact.choices:
        found["choices"] = list(fact.choices)
    return found


def dump_type(kind: Type) -> str:
    """Return a type as text.

    Example:
        >>> dump_type(Type(Kind.NUMBER, 12, 2)), dump_type(Type(Kind.DATE))
        ('num(12,2)', 'date')
    """
    return f"num({kind.digits},{kind.scale})" if kind.kind is Kind.NUMBER else str(kind.kind)


def load_type(text: str) -> Type:
    """Return a type from its text."""
    name, _, widths = text.rstrip(")").partition("(")
    if not widths:
        return Type(Kind(name))
    digits, scale = widths.split(",")
    return Type(Kind(name), int(digits), int(scale))


def load_schema(stored: JsonObject) -> dict[str, Fact]:
    """Return the facts of a stored sheet, by name."""
    return {name: _load(name, one) for name, one in stored.items() if isinstance(one, Mapping)}


def _load(name: str, stored: Mapping[str, Json]) -> Fact:
    choices = stored.get("choices")
    plain = Fact(name, load_type(str(stored["type"])), str(stored["label"]))
    return Fact(
        name,
        plain.type,
        plain.label,
        unit=str(stored.get("unit", plain.unit)),
        null_means=str(stored.get("null_means", plain.null_means)),
        register=str(stored.get("register", plain.register)),
        column=str(stored.get("column", plain.column)),
        sensitivity=Sensitivity(str(stored.get("sensitivity", plain.sensitivity))),
        changeable=stored.get("changeable", True) is True,
        choices=tuple(map(str, choices)) if isinstance(choices, list) else (),
    )


def digest_of(value: Json) -> str:
    """Return the SHA-256 of a JSON value in its canonical form, hexadecimal."""
    return hashlib.sha256(canonical_json(value)).hexdigest()
