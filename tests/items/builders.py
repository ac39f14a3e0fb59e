"""Builders of this room's test data."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from shuzheng.base.files.types import FileView
from shuzheng.base.kernel.types import DivisionCode, FileId, ItemCode, OrgId
from shuzheng.services.items.rules.units import ImplementerRow, Implementers, OrgRow
from shuzheng.services.items.types import (
    FieldSpec,
    FieldType,
    FormSpec,
    HeldLicence,
    Level,
    MaterialSource,
    MaterialView,
    Option,
    Precision,
    SectionSpec,
)

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def make_field(kind: FieldType = FieldType.TEXT, **over: object) -> FieldSpec:
    choices = ("甲", "乙", "丙") if kind in (FieldType.CHOICE, FieldType.MULTICHOICE) else ()
    fields: dict[str, object] = {
        "name": "f",
        "label": "食品处理区面积（平方米）" if kind is FieldType.NUMBER else "单位名称",
        "type": kind,
        "required": True,
        "choices": choices,
        "options": tuple(Option(c, c) for c in choices),
        "precision": Precision(12, 2) if kind is FieldType.NUMBER else None,
        **over,
    }
    return FieldSpec(**fields)  # type: ignore[arg-type]


def make_form(*fields: FieldSpec) -> FormSpec:
    return FormSpec(ItemCode("000199001001"), 1, "申请表", (SectionSpec("一", fields),))


def make_material(seq: int = 1, **over: object) -> MaterialView:
    fields: dict[str, object] = {
        "seq": seq,
        "name": "营业执照",
        "source": MaterialSource.LICENCE,
        "licence_type": "营业执照",
        "dataset": "",
        "copies": 1,
        "required": True,
        "condition": "",
        **over,
    }
    return MaterialView(**fields)  # type: ignore[arg-type]


def make_licence(**over: object) -> HeldLicence:
    fields: dict[str, object] = {
        "type_name": "营业执照",
        "record": "urn:shuzheng:licence:1",
        "number": "9901020012019000001",
        "holder_name": "松风小馆",
        "valid_to": None,
        "valid": True,
        "why_not": "",
        "fields": {"证照编号": "9901020012019000001"},
        **over,
    }
    return HeldLicence(**fields)  # type: ignore[arg-type]


def make_file(name: str = "平面图.pdf") -> FileView:
    return FileView(FileId(UUID(int=7)), name, "application/pdf", 9, "00", AT)


def make_organizations() -> Mapping[OrgId, OrgRow]:
    rows = [
        ("city", None, "city", "990100", "city"),
        ("bureau", "city", "department", "990100", "city"),
        ("county-a", "city", "department", "990102", "county"),
        ("county-b", "city", "department", "990122", "county"),
        ("town", "county-a", "town", "990102100", "town"),
        ("centre", "town", "window_centre", "990102100", "town"),
        ("village", "town", "village", "990102100201", "village"),
    ]
    return {
        OrgId(code): OrgRow(OrgId(code), OrgId(parent) if parent else None, kind, DivisionCode(division), level)
        for code, parent, kind, division, level in rows
    }


def make_implementers(organizations: Mapping[OrgId, OrgRow] | None = None) -> Implementers:
    rows = [
        ImplementerRow("局", Level.CITY, "990100", "bureau", "", "", "", ""),
        ImplementerRow("局", Level.COUNTY, "990102", "county-a", "", "", "", ""),
        ImplementerRow("局", Level.COUNTY, "990122", "county-b", "", "", "", ""),
        ImplementerRow("局", Level.TOWN, "", "", "town", "window_centre", "window_centre", "town"),
        ImplementerRow("局", Level.VILLAGE, "", "", "village", "village", "village", "town"),
    ]
    return Implementers(rows, organizations or make_organizations())
