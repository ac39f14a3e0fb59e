"""Answers of the lake as pages show them: cells in words, a chart where one fits, tables an officer may ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

import pyarrow as pa
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from shuzheng.engines.lake.types.lineage import How, Lineage, OutputLineage, Source
from shuzheng.engines.lake.types.reading import QueryAnswer, TablePlan
from shuzheng.engines.lake.types.tables import Mask, TableCode
from shuzheng.portals.officer.lake_drawing import Drawing, Spot, cut, draw
from shuzheng.portals.officer.lake_words import MASK_WORDS, Words, say_kind
from shuzheng.portals.shell.templatetags.wording import grouped, moment

CHART_WORDS: Final[Mapping[str, Words]] = {"": _("不画"), "bar": _("柱图"), "line": _("折线图")}
HOW_WORDS: Final[Mapping[How, Words]] = {
    How.AS_IS: _("原值"),
    How.MASKED: _("脱敏"),
    How.COMPUTED: _("计算"),
    How.COUNTED: _("统计"),
    How.SUMMED: _("合计"),
    How.LEAST: _("取最小"),
    How.MOST: _("取最大"),
    How.GATHERED: _("汇集"),
    How.RANKED: _("排位"),
}
CHART_MOST: Final = 200
"""More rows than this make no chart anybody can read."""
SERIES_MOST: Final = 6
SPOTS_MOST: Final = 24


@dataclass(frozen=True, slots=True)
class Cell:
    """A value in words."""

    text: str
    number: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of an answer; `how` tells where it comes from; `label` is '' where it is no column of a table."""

    name: str
    label: str
    how: str
    masked: bool
    number: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as a page shows it."""

    columns: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: bool
    ms: int
    notes: tuple[str, ...]
    lineage: Drawing


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: kind, and the columns by place, the first along the axis."""

    kind: str
    columns: str


@dataclass(frozen=True, slots=True)
class InsertColumn:
    """A column an officer may write into a query."""

    name: str
    label: str
    type: str
    masked: bool
    mask: Words


@dataclass(frozen=True, slots=True)
class InsertTable:
    """A table an officer may ask; `least`: only groups of so many."""

    code: str
    label: str
    columns: tuple[InsertColumn, ...]
    least: int


def answer_of(answer: QueryAnswer) -> Answer:
    """Return an answer as a page shows it."""
    table = answer.rows
    numbers = [_is_number(kind) for kind in table.schema.types]
    headings = tuple(
        Heading(
            one.name,
            one.label if one.label != one.name else "",
            "、".join(one.sources),
            one.mask is not Mask.NONE,
            number,
        )
        for one, number in zip(answer.columns, numbers, strict=True)
    )
    rows = tuple(
        tuple(_cell(value, number=number) for value, number in zip(row, numbers, strict=True))
        for row in zip(*answer.values, strict=True)
    )
    return Answer(headings, rows, answer.more, answer.milliseconds, answer.notes, draw_lineage(answer.lineage))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_floating(kind))


def _cell(value: object, *, number: bool) -> Cell:
    if value is None:
        return Cell("", number=number, empty=True)
    if isinstance(value, bool):
        return Cell(gettext("是") if value else gettext("否"))
    if isinstance(value, int):
        return Cell(grouped(value), number=True)
    if isinstance(value, Decimal | float):
        return Cell(f"{value:,}", number=True)
    if isinstance(value, datetime):
        return Cell(moment(value))
    return Cell(str(value))


def chart_of(answer: Answer, kind: str) -> Chart | None:
    """Return the chart of an answer: its first column along the axis, its numbers as series; None where none fits."""
    series = [place for place, one in enumerate(answer.columns) if one.number and place]
    if kind not in {"bar", "line"} or not series or not 1 < len(answer.rows) <= CHART_MOST:
        return None
    return Chart(kind, ",".join(map(str, (0, *series[:SERIES_MOST]))))


def insert_lines(readable: Mapping[TableCode, Mapping[str, TablePlan]]) -> list[InsertTable]:
    """Return the tables an officer may ask, with what is left of each column for the first purpose."""
    lines = []
    for plans in readable.values():
        plan = next(iter(plans.values()))
        columns = tuple(
            InsertColumn(
                name,
                plan.table.by_name[name].label,
                say_kind(plan.table.by_name[name]),
                plan.masks[name] is not Mask.NONE,
                MASK_WORDS[plan.masks[name]],
            )
            for name in plan.columns
        )
        lines.append(InsertTable(plan.table.code, plan.table.label, columns, plan.least_group))
    return lines


def schema_of(readable: Mapping[TableCode, Mapping[str, TablePlan]]) -> dict[str, list[dict[str, str]]]:
    """Return tables and columns for completion in the editor."""
    return {
        line.code: [{"label": one.name, "detail": one.label} for one in line.columns] for line in insert_lines(readable)
    }


def draw_lineage(found: Lineage) -> Drawing:
    """Return where each column of an answer comes from, as a picture."""
    outputs = [(f"> {place} {one.name}", one) for place, one in enumerate(found.outputs[:SPOTS_MOST])]
    sources = sorted({origin.source for one in found.outputs for origin in one.origins})[:SPOTS_MOST]
    left = [_spot(one) for one in sources]
    right = [Spot(key, cut(one.name), _ways(one), chief=True) for key, one in outputs]
    links = [(origin.source.name, key) for key, one in outputs for origin in one.origins if origin.source in sources]
    return draw([left, right], dict.fromkeys(links))


def _spot(source: Source) -> Spot:
    title = cut(source.column) if source.column else gettext("行数")
    return Spot(source.name, title, source.table, reverse("officer:lake_table", args=[source.table]))


def _ways(output: OutputLineage) -> str:
    ways = dict.fromkeys(origin.how for origin in output.origins)
    return "、".join(str(HOW_WORDS[how]) for how in ways) if ways else str(HOW_WORDS[How.COMPUTED])
