"""Rows of several files put together into one content per item, and its digest."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shuzheng.base.kernel.canonical import canonical_json
from shuzheng.base.kernel.fold import index_terms
from shuzheng.base.kernel.pack import PackRows, Row
from shuzheng.base.kernel.types import DivisionCode, Json, OrgId
from shuzheng.services.items.rules.units import ImplementerRow, Implementers, OrgRow
from shuzheng.services.items.types import Level


@dataclass(frozen=True, slots=True)
class ItemContent:
    """Everything a version of an item consists of: columns and what the forms, guides and papers say."""

    columns: Mapping[str, Json]
    materials: Sequence[Json]
    guide: Mapping[str, Json]
    form: Mapping[str, Json]
    licence_fields: Sequence[Json]

    @property
    def code(self) -> str:
        """Return the basic code."""
        return str(self.columns["code"])

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the whole content: another digest is another version."""
        whole: Json = {
            "columns": dict(self.columns),
            "materials": list(self.materials),
            "guide": dict(self.guide),
            "form": dict(self.form),
            "licence_fields": list(self.licence_fields),
        }
        return hashlib.sha256(canonical_json(whole)).hexdigest()

    @property
    def terms(self) -> str:
        """Return the search terms between blanks."""
        words = ("name", "theme", "result_name", "licence_type", "code")
        text = "\n".join(str(self.columns[word]) for word in words)
        return f" {' '.join(index_terms(text))} "


def to_json(value: object) -> Json:
    """Return a pack value as JSON: dates as ISO text, tables as objects."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_json(part) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [to_json(part) for part in value]
    return str(value)


def rows_of(pack: PackRows, file: str, table: str) -> list[Row]:
    """Return the rows of one table of a TOML file."""
    return [row for row in pack.of(file) if row.table == table]


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
    forms = {row.text("basic_code"): _table(row) for row in rows_of(pack, "forms.toml", "form")}
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


def _table(row: Row) -> dict[str, Json]:
    return {key: to_json(value) for key, value in row.values.items()}


def _material(row: Row) -> dict[str, Json]:
    text = ("name", "source", "licence_type", "dataset", "required", "condition_zh")
    numbers: dict[str, Json] = {key: int(row.text(key) or 1) for key in ("seq", "copies")}
    return numbers | {key: row.text(key) for key in text}


def _columns(row: Row) -> dict[str, Json]:
    text = (
        "name", "kind", "department", "applicant", "handling", "theme", "result_kind", "result_name", "licence_type",
        "legal_basis",
    )  # fmt: skip
    columns: dict[str, Json] = {"code": row.text("basic_code"), **{key: row.text(key) for key in text}}
    columns["legal_days"] = int(row.text("legal_days")) if row.text("legal_days") else None
    for key in ("promised_days", "visits", "fee_fen"):
        columns[key] = int(row.text(key) or 0)
    for key in ("levels", "channels"):
        columns[key] = list[Json](split(row.text(key)))
    return columns


def read_implementers(pack: PackRows) -> Implementers:
    """Return the table of who implements, with the organizations of the pack."""
    organizations = {
        OrgId(row.text("code")): OrgRow(
            code=OrgId(row.text("code")),
            parent=OrgId(row.text("parent_code")) if row.text("parent_code") else None,
            kind=row.text("kind"),
            division=DivisionCode(row.text("division_code")),
            level=row.text("level"),
        )
        for row in pack.of("organizations.csv")
    }
    rows = [
        ImplementerRow(
            department=row.text("department"),
            level=Level(row.text("level")),
            division=row.text("division_code"),
            organization=row.text("organization"),
            organization_kind=row.text("organization_kind"),
            window_kind=row.text("window_kind"),
            instant_decider_kind=row.text("instant_decider_kind"),
            promised_decider_kind=row.text("promised_decider_kind"),
        )
        for row in pack.of("implementers.csv")
    ]
    return Implementers(rows, organizations)
