"""Views of what the pack says: an item's content is stored as it came and read here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from shuzheng.base.kernel.types import ItemCode, Json, JsonObject
from shuzheng.services.items.types import (
    ConditionView,
    FaqView,
    FieldSpec,
    FieldType,
    FormSpec,
    LicenceFieldRule,
    MaterialSource,
    MaterialView,
    Option,
    Precision,
    SectionSpec,
)

_PRECISION: Final = re.compile(r"num\((\d+),(\d+)\)")
YES_NO: Final = (Option("true", "是"), Option("false", "否"))


def parse_precision(text: str) -> Precision | None:
    """Return the precision of `num(12,2)`; None for anything else."""
    found = _PRECISION.fullmatch(text)
    return Precision(int(found[1]), int(found[2])) if found else None


def objects(value: Json | object) -> tuple[JsonObject, ...]:
    """Return the tables of a list of tables, none for anything else."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return ()
    return tuple(part for part in value if isinstance(part, Mapping))


def texts(value: Json | object) -> tuple[str, ...]:
    """Return the texts of a list, none for anything else."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return ()
    return tuple(str(part) for part in value)


def _text(table: JsonObject, key: str) -> str:
    value = table.get(key)
    return "" if value is None else str(value)


def _int(table: JsonObject, key: str) -> int | None:
    value = table.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def field_of(table: JsonObject) -> FieldSpec:
    """Return one question as the pack tells it."""
    kind = FieldType(_text(table, "type"))
    choices = texts(table.get("choices"))
    options = YES_NO if kind is FieldType.BOOLEAN else tuple(Option(choice, choice) for choice in choices)
    return FieldSpec(
        name=_text(table, "name"),
        label=_text(table, "label_zh"),
        type=kind,
        required=table.get("required") is True,
        choices=choices,
        options=options,
        precision=parse_precision(_text(table, "precision")),
        unit=_text(table, "unit"),
        hint=_text(table, "hint_zh"),
        material_seq=_int(table, "material_seq"),
        prefill=_text(table, "prefill"),
    )


def form_of(item: ItemCode, version: int, form: JsonObject) -> FormSpec:
    """Return the form of an item version."""
    sections = tuple(
        SectionSpec(_text(section, "title"), tuple(map(field_of, objects(section.get("field")))))
        for section in objects(form.get("section"))
    )
    return FormSpec(item, version, _text(form, "title"), sections)


def offer_divisions(form: FormSpec, divisions: Sequence[Option]) -> FormSpec:
    """Return the form with the divisions to choose from in its division fields."""

    def offered(spec: FieldSpec) -> FieldSpec:
        return replace(spec, options=tuple(divisions)) if spec.type is FieldType.DIVISION else spec

    sections = tuple(replace(s, fields=tuple(map(offered, s.fields))) for s in form.sections)
    return replace(form, sections=sections)


def materials_of(rows: Iterable[JsonObject], form: JsonObject) -> tuple[MaterialView, ...]:
    """Return the materials in order, each with what in the form covers it."""
    covered = {_int(row, "seq"): _text(row, "covered_by") for row in objects(form.get("material"))}
    for spec in form_of(ItemCode(""), 0, form).fields():
        if spec.material_seq is not None:
            covered[spec.material_seq] = f"field:{spec.name}"
    return tuple(
        sorted(
            (
                MaterialView(
                    seq=seq,
                    name=_text(row, "name"),
                    source=MaterialSource(_text(row, "source")),
                    licence_type=_text(row, "licence_type"),
                    dataset=_text(row, "dataset"),
                    copies=_int(row, "copies") or 1,
                    required=_text(row, "required") == "always",
                    condition=_text(row, "condition_zh"),
                    covered_by=covered.get(seq, ""),
                )
                for row in rows
                if (seq := _int(row, "seq")) is not None
            ),
            key=lambda material: material.seq,
        )
    )


def conditions_of(form: JsonObject) -> tuple[ConditionView, ...]:
    """Return the conditions of the decision as text."""
    return tuple(
        ConditionView(_int(row, "seq") or n, _text(row, "label_zh"), _text(row, "failure_zh"), _text(row, "source_law"))
        for n, row in enumerate(objects(form.get("condition")), 1)
    )


def faq_of(guide: JsonObject) -> tuple[FaqView, ...]:
    """Return the questions of a guide."""
    return tuple(FaqView(_text(row, "question"), _text(row, "answer")) for row in objects(guide.get("faq")))


def licence_rules_of(rows: Iterable[JsonObject]) -> tuple[LicenceFieldRule, ...]:
    """Return how the licence's fields are filled."""
    return tuple(
        LicenceFieldRule(_text(row, "licence_field"), _text(row, "source"), _text(row, "value")) for row in rows
    )
