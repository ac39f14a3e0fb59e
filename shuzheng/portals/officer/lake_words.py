"""What the lake's pages call things, and the small views of its tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.lake.backends.delta import Version
from shuzheng.engines.lake.types.tables import Column, FieldKind, Grade, Mask, Table

Words = str | Promise

KIND_WORDS: Final[Mapping[FieldKind, Words]] = {
    FieldKind.TEXT: _("文本"),
    FieldKind.INTEGER: _("整数"),
    FieldKind.DECIMAL: _("小数"),
    FieldKind.DATE: _("日期"),
    FieldKind.MOMENT: _("时间"),
    FieldKind.BOOLEAN: _("是否"),
}
MASK_WORDS: Final[Mapping[Mask, Words]] = {
    Mask.NONE: _("不遮"),
    Mask.KEEP_ENDS: _("留首尾"),
    Mask.HASH: _("换成代号"),
    Mask.GENERALISE: _("只留大概"),
    Mask.DROP: _("不显示"),
}
GRADE_WORDS: Final[Mapping[Grade, Words]] = {
    Grade.L1: _("L1 一般"),
    Grade.L2: _("L2 内部"),
    Grade.L3: _("L3 敏感"),
    Grade.L4: _("L4 极敏感"),
}
GRADE_TAGS: Final[Mapping[Grade, tuple[str, str]]] = {
    Grade.L1: ("", ""),
    Grade.L2: ("b", ""),
    Grade.L3: ("warn", "lock"),
    Grade.L4: ("bad", "lock"),
}
"""Kind of tag, and icon."""


@dataclass(frozen=True, slots=True)
class GradeTag:
    """A grade as a tag."""

    words: Words
    kind: str
    icon: str


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table in the list.

    Attributes:
        rows: None where nothing was gathered yet.
    """

    table: Table
    department: str
    grade: GradeTag
    rows: int | None


def grade_tag(grade: Grade) -> GradeTag:
    """Return the tag of a grade."""
    return GradeTag(GRADE_WORDS[grade], *GRADE_TAGS[grade])


def highest(columns: Iterable[Column]) -> Grade:
    """Return the most sensitive grade among columns: that of the table (就高从严)."""
    return max((column.grade for column in columns), default=Grade.L1)


def say_kind(column: Column) -> str:
    """Return the type of a column in words: 文本, 小数 12,2."""
    words = str(KIND_WORDS[column.kind])
    if column.kind is FieldKind.DECIMAL:
        return f"{words} {column.digits},{column.scale}"
    return words


def line_of(table: Table, version: Version | None, departments: Mapping[str, str]) -> TableLine:
    """Return a table as the list shows it."""
    name = departments.get(table.department, "")
    return TableLine(table, name, grade_tag(highest(table.columns)), None if version is None else version.rows)
