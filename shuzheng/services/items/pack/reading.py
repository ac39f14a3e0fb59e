"""Rows of several files put together into one content per item."""

from shuzheng.base.kernel.pack import PackRows, Row, rows_of, to_json
from shuzheng.base.kernel.types import Json
from shuzheng.services.items.rules.content import ItemContent
from shuzheng.services.items.rules.grading import grade_form
from shuzheng.services.rulebook.pack.grades import read_grades


def split(text: str) -> list[str]:
    """Return the parts of a list cell."""
    return [part for part in text.split(";") if part]


def read_contents(pack: PackRows) -> dict[str, ItemContent]:
    """Return the content of every item of the pack by its code."""
    materials: dict[str, list[Json]] = {}
    for row in pack.of("materials.csv"):
        materials.setdefault(row.text("basic_code"), []).append(_material(row))
    licence_fields: dict[str, list[Json]] = {}
    for row in pack.of("form_licence_fields.csv"):
        fields = {key: row.text(key) for key in ("licence_field", "source", "value")}
        licence_fields.setdefault(row.text("basic_code"), []).append(fields)
    forms = read_forms(pack)
    guides = {row.text("basic_code"): _table(row) for row in rows_of(pack, "guides.toml", "guide")}
    contents = {}
    for row in pack.of("items.csv"):
        code = row.text("basic_code")
        contents[code] = ItemContent(
            columns=_columns(row),
            materials=materials.get(code, []),
            guide=guides.get(code, {}),
            form=forms.get(code, {}),
            licence_fields=licence_fields.get(code, []),
        )
    return contents


def read_forms(pack: PackRows) -> dict[str, dict[str, Json]]:
    """Return the forms by item, each field and fact with its grade."""
    grades = read_grades(pack)
    rows = rows_of(pack, "forms.toml", "form")
    return {row.text("basic_code"): grade_form(_table(row), grades) for row in rows}


def _table(row: Row) -> dict[str, Json]:
    return {key: to_json(value) for key, value in row.values.items()}


def _material(row: Row) -> dict[str, Json]:
    text = ("name", "source", "licence_type", "dataset", "required", "condition_zh")
    numbers: dict[str, Json] = {key: int(row.text(key) or 1) for key in ("seq", "copies")}
    return numbers | {key: row.text(key) for key in text}


def _columns(row: Row) -> dict[str, Json]:
    columns: dict[str, Json] = {"code": row.text("basic_code"), **{key: row.text(key) for key in ItemContent.TEXTS}}
    columns["legal_days"] = int(row.text("legal_days")) if row.text("legal_days") else None
    for key in ItemContent.NUMBERS:
        columns[key] = int(row.text(key) or 0)
    for key in ItemContent.LISTS:
        columns[key] = list[Json](split(row.text(key)))
    return columns
