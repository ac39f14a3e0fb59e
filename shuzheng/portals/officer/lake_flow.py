"""The lineage of a table as a page shows it: a picture of three lanes of rows, and the table that says the same.

Left the columns of each source, in the middle those of the table, right what reads them, under a head each. A line is
whole where values go in, broken where a column only chooses or is checked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy as _

from shuzheng.engines.lake.types.gathering import Source
from shuzheng.engines.lake.types.lineage import By, How, Inflow, TableLineage, Taken, Use, UseKind
from shuzheng.engines.lake.types.tables import Column, Table
from shuzheng.portals.officer.lake_answers import HOW_WORDS
from shuzheng.portals.officer.lake_drawing import cut
from shuzheng.portals.officer.lake_words import DUTY_WORDS, KIND_WORDS, Words
from shuzheng.portals.shell.templatetags.wording import tr

BY_WORDS: Final[Mapping[By, Words]] = {
    By.FILTERED: _("选行"),
    By.JOINED: _("关联"),
    By.GROUPED: _("分组"),
    By.SORTED: _("排序"),
    By.CHECKED: _("检查"),
}
USE_WORDS: Final[Mapping[UseKind, Words]] = {UseKind.QUALITY: _("质量规则"), UseKind.ROWS: _("谁能看哪些行")}
LANES: Final = ((10, 270), (350, 300), (756, 314))
"""Left edge and width of each lane, in units of the picture."""
WIDE: Final = 1080
ROW: Final = 30
GAP: Final = 6
HEAD: Final = 34
MARGIN: Final = 8
USES_MOST: Final = 60
NAMES_MOST: Final = 12
"""Chinese characters of a box at the left that has words at its end."""


@dataclass(frozen=True, slots=True)
class Row:
    """A box of a lane, one line high; `head`: what the boxes below it belong to, without a frame.

    Attributes:
        title: Cut to fit; `whole` is not.
        more: At the right end, smaller.
        lit: On the path of the chosen column.
    """

    key: str
    title: str
    whole: str
    more: str = ""
    url: str = ""
    head: bool = False
    lit: bool = False
    x: int = 0
    y: int = 0
    width: int = 0
    height: int = ROW

    @property
    def text_x(self) -> int:
        """Return where the title begins."""
        return self.x + (0 if self.head else 12)

    @property
    def more_x(self) -> int:
        """Return where the words at the right end."""
        return self.x + self.width - 12

    @property
    def base(self) -> int:
        """Return the base line."""
        return self.y + (24 if self.head else 20)

    @property
    def middle(self) -> int:
        """Return the height lines come in and go out at."""
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line as SVG path data; `broken`: no values go along it."""

    path: str
    broken: bool
    lit: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """A picture."""

    width: int
    height: int
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]
    left_out: int
    """Uses for which there was no room."""


@dataclass(frozen=True, slots=True)
class Way:
    """One source or use of a column, in words."""

    title: str
    what: str
    how: str
    url: str


@dataclass(frozen=True, slots=True)
class ColumnWays:
    """A column with all that goes in and out."""

    column: Column
    url: str
    chosen: bool
    sources: tuple[Way, ...]
    uses: tuple[Way, ...]


def ways_of(table: Table, found: TableLineage, sources: Iterable[Source], chosen: str) -> list[ColumnWays]:
    """Return each column in words; `chosen` is the column whose path is shown, '' none."""
    labels = _labels(sources)
    return [
        ColumnWays(
            column,
            _choosing(table, column.name, chosen),
            column.name == chosen,
            tuple(
                Way(labels[one.source], _headers(one), _taken(one, column), _source_url(one))
                for one in found.into(column.name)
            ),
            tuple(
                Way(_group(use), _name(use), _how(use, column.name), _use_url(use, table))
                for use in found.out_of(column.name)
            ),
        )
        for column in table.columns
    ]


def draw_flow(table: Table, found: TableLineage, sources: Iterable[Source], chosen: str) -> Flow:
    """Return the picture; with more uses than it has room for, those of the chosen column come first."""
    uses = sorted(found.uses, key=lambda use: bool(chosen) and not use.ways(chosen))[:USES_MOST]
    kept = [use for use in found.uses if use in uses]
    lit = _lit(found, chosen)
    lanes = (
        _left(table, found, _labels(sources), lit),
        _middle(table, chosen, lit),
        _right(table, kept, lit),
    )
    placed = [list(_placed(lane, number)) for number, lane in enumerate(lanes)]
    rows = {row.key: row for lane in placed for row in lane}
    height = max(row.y + row.height for row in rows.values()) + MARGIN
    lines = sorted(_lines(found, kept, rows, chosen), key=lambda line: line.lit)
    return Flow(WIDE, height, tuple(rows.values()), tuple(lines), len(found.uses) - len(kept))


def _lit(found: TableLineage, chosen: str) -> frozenset[str]:
    if not chosen:
        return frozenset()
    ends = {f"c:{chosen}", *(use.key for use in found.out_of(chosen))}
    return frozenset(ends | {f"s:{one.source}:{chosen}" for one in found.into(chosen)})


# ---- lanes ----
def _left(table: Table, found: TableLineage, labels: Mapping[str, str], lit: frozenset[str]) -> Iterator[Row]:
    for source, group in groupby(found.inflows, key=lambda one: one.source):
        url = reverse("officer:lake_source", args=[source])
        yield Row(f"s:{source}", cut(labels[source], 20), labels[source], url=url, head=True)
        for one in group:
            key, names, how = f"s:{source}:{one.column}", _headers(one), _taken(one, table.by_name[one.column])
            yield Row(key, _short(one), names, more=cut(how, 7), url=url, lit=key in lit)


def _middle(table: Table, chosen: str, lit: frozenset[str]) -> Iterator[Row]:
    yield Row("c:", cut(table.label, 24), table.label, head=True, url=reverse("officer:lake_table", args=[table.code]))
    for one in table.columns:
        key, whole = f"c:{one.name}", f"{one.label} {one.name}"
        yield Row(key, cut(one.label, 11), whole, cut(one.name, 9), _choosing(table, one.name, chosen), lit=key in lit)


def _right(table: Table, uses: Sequence[Use], lit: frozenset[str]) -> Iterator[Row]:
    for (head, _query), group in groupby(uses, key=lambda use: (_group(use), use.query)):
        members = list(group)
        yield Row(f"g:{members[0].key}", cut(head, 23), head, url=_use_url(members[0], table), head=True)
        for use in members:
            more = cut(_in_words(use, (touch.how for touch in use.touches)), 7) if use.query else ""
            title = cut(_name(use), 14 if more else 23)
            yield Row(use.key, title, _name(use), more, _use_url(use, table), lit=use.key in lit)


def _placed(lane: Iterable[Row], number: int) -> Iterator[Row]:
    x, width = LANES[number]
    y = MARGIN
    for row in lane:
        height = HEAD if row.head else ROW
        yield replace(row, x=x, y=y, width=width, height=height)
        y += height + GAP


def _lines(found: TableLineage, uses: Iterable[Use], rows: Mapping[str, Row], chosen: str) -> Iterator[Line]:
    for one in found.inflows:
        yield _line(rows[f"s:{one.source}:{one.column}"], rows[f"c:{one.column}"], lit=one.column == chosen)
    for use in uses:
        for column in dict.fromkeys(touch.column for touch in use.touches):
            if start := rows.get(f"c:{column}"):
                broken = not any(isinstance(how, How) for how in use.ways(column))
                lit = bool(chosen) and column == chosen
                yield _line(start, rows[use.key], broken=broken, lit=lit)


def _line(a: Row, b: Row, *, lit: bool, broken: bool = False) -> Line:
    begin, end = a.x + a.width, b.x
    bend = (begin + end) // 2
    return Line(f"M{begin} {a.middle}C{bend} {a.middle} {bend} {b.middle} {end} {b.middle}", broken, lit)


# ---- words ----
def _labels(sources: Iterable[Source]) -> Mapping[str, str]:
    return {one.code: one.label or one.code for one in sources}


def _headers(one: Inflow) -> str:
    return gettext(" 或 ").join(one.headers)


def _short(one: Inflow) -> str:
    """Return the headers where the box has room for all, else the first."""
    names = _headers(one)
    return names if cut(names, NAMES_MOST) == names else cut(one.headers[0], NAMES_MOST)


def _taken(one: Inflow, column: Column) -> str:
    parsed = gettext("读成%(kind)s") % {"kind": KIND_WORDS[column.kind]}
    how = gettext("照原文") if one.taken is Taken.TRIMMED else parsed
    return gettext("%(how)s，加密存") % {"how": how} if one.sealed else how


def _group(use: Use) -> str:
    return gettext("查询：%(title)s") % {"title": use.title} if use.query else str(USE_WORDS[use.kind])


def _name(use: Use) -> str:
    match use.kind:
        case UseKind.ROWS:
            return "、".join(str(DUTY_WORDS.get(one, one)) for one in use.name.split(","))
        case UseKind.CHOICE:
            return gettext("选出哪些行")
        case UseKind.OUTPUT:
            return use.name
        case _:
            return tr(use.name)


def _how(use: Use, column: str) -> str:
    return _in_words(use, use.ways(column))


def _in_words(use: Use, ways: Iterable[How | By]) -> str:
    words = [str(HOW_WORDS[how] if isinstance(how, How) else BY_WORDS[how]) for how in dict.fromkeys(ways)]
    return "、".join(words if use.exact else [*words, gettext("大致")])


def _choosing(table: Table, column: str, chosen: str) -> str:
    """Return where a column is chosen, or given up where it is."""
    here = reverse("officer:lake_lineage", args=[table.code])
    return here if column == chosen else f"{here}?{urlencode({'column': column})}"


def _source_url(one: Inflow) -> str:
    return reverse("officer:lake_source", args=[one.source])


def _use_url(use: Use, table: Table) -> str:
    if use.query:
        return reverse("officer:lake_saved", args=[use.query])
    return f"{reverse('officer:lake_table', args=[table.code])}#{'rq' if use.kind is UseKind.QUALITY else 'ra'}"
