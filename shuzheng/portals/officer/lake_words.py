"""What the lake's pages call things, and the small views of its tables."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from shuzheng.engines.lake.backends.delta import Version
from shuzheng.engines.lake.types.discovery import FOUND_LABELS, STATE_LABELS, ProposalView
from shuzheng.engines.lake.types.gathering import (
    BatchState,
    BatchView,
    Freshness,
    FreshnessView,
    Mode,
    QuarantineState,
    Source,
    SourceKind,
)
from shuzheng.engines.lake.types.quality import QualityView, RuleScore
from shuzheng.engines.lake.types.reading import TablePlan
from shuzheng.engines.lake.types.sealing import SealingView
from shuzheng.engines.lake.types.tables import Access, Column, FieldKind, Grade, Mask, Table
from shuzheng.portals.officer.lake_drawing import Drawing, Spot, cut, draw
from shuzheng.portals.shell.templatetags.wording import tr

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


SEEN_WORDS: Final[Mapping[Mask, Words]] = {
    Mask.NONE: _("原样"),
    Mask.KEEP_ENDS: _("只看到首尾"),
    Mask.HASH: _("只看到代号"),
    Mask.GENERALISE: _("只看到大概"),
    Mask.DROP: _("看不到"),
}
FRESH_TAGS: Final[Mapping[Freshness, tuple[str, str]]] = {
    Freshness.FRESH: ("ok", "check"),
    Freshness.AGEING: ("warn", "clock"),
    Freshness.STALE: ("bad", "alert"),
    Freshness.NEVER: ("", ""),
}
BATCH_WORDS: Final[Mapping[BatchState, tuple[Words, str, str]]] = {
    BatchState.RUNNING: (_("正在归集"), "b", "clock"),
    BatchState.DONE: (_("已入湖"), "ok", "check"),
    BatchState.FAILED: (_("没有入湖"), "bad", "alert"),
}
SOURCE_WORDS: Final[Mapping[SourceKind, Words]] = {
    SourceKind.CSV: _("CSV 文件"),
    SourceKind.EXCEL: _("Excel 文件"),
    SourceKind.JSONL: _("JSON 行文件"),
    SourceKind.PARQUET: _("Parquet 文件"),
    SourceKind.POSTGRESQL: _("PostgreSQL 数据库"),
    SourceKind.MYSQL: _("MySQL 数据库"),
    SourceKind.SQLITE: _("SQLite 数据库"),
    SourceKind.HTTP: _("HTTP 接口"),
    SourceKind.VIEW: _("平台自己的表"),
}
MODE_WORDS: Final[Mapping[Mode, Words]] = {
    Mode.FULL: _("整表替换"),
    Mode.APPEND: _("接在后面"),
    Mode.MERGE: _("按主键合并"),
}
QUARANTINE_WORDS: Final[Mapping[QuarantineState, Words]] = {
    QuarantineState.OPEN: _("待处理"),
    QuarantineState.MENDED: _("已重放"),
    QuarantineState.DISCARDED: _("已舍弃"),
}
DUTY_WORDS: Final[Mapping[str, Words]] = {
    "data_authority": _("数据主管"),
    "data_steward": _("数据专员"),
    "chief_data_officer": _("首席数据官"),
    "director": _("主要负责人"),
}


@dataclass(frozen=True, slots=True)
class LakeTag:
    """A state as a tag; `at` is told beside it."""

    words: Words
    kind: str = ""
    icon: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SealingLine:
    """How far columns of a table are with being stored sealed; `going` asks the page to look again."""

    tag: LakeTag
    note: str
    rows: int = 0
    total: int = 0
    going: bool = False


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table in the list.

    Attributes:
        rows: None where nothing was gathered yet.
        score: 0 to 100 in words, None where it was never checked.
    """

    table: Table
    department: str
    grade: LakeTag
    rows: int | None
    score: str | None
    fresh: LakeTag | None


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column on its table's page, and how the reader sees it."""

    column: Column
    kind: str
    grade: LakeTag
    mask: Words
    seen: str


@dataclass(frozen=True, slots=True)
class DimensionLine:
    """The score of one dimension."""

    label: str
    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule of quality with what it came to.

    Attributes:
        broken: Its target is missed.
        failed: Rows that break it and can be looked at; 0 for what holds of the table as a whole.
    """

    code: str
    label: str
    text: str
    share: str = ""
    broken: bool = False
    failed: int = 0


@dataclass(frozen=True, slots=True)
class TrendLine:
    """The score of a day."""

    day: str
    score: str


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposed grade; `may`: the reader may decide on it."""

    id: int
    label: str
    column: str
    found: Words
    reason: str
    now: Words
    grade: LakeTag
    mask: Words
    may: bool
    state: str


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch in a list."""

    batch: BatchView
    state: LakeTag
    done: bool
    balanced: bool
    seconds: str


@dataclass(frozen=True, slots=True)
class GrantLine:
    """Who may read a table for what; `mine`: it fits the reader."""

    who: str
    own: bool
    purposes: str
    what: str
    mine: bool


def grade_tag(grade: Grade) -> LakeTag:
    """Return the tag of a grade."""
    return LakeTag(GRADE_WORDS[grade], *GRADE_TAGS[grade])


def fresh_tag(found: FreshnessView) -> LakeTag:
    """Return the tag that says how fresh a table is."""
    kind, icon = FRESH_TAGS[found.state]
    return LakeTag(tr(found.state), kind, icon, found.landed_at)


def highest(columns: Iterable[Column]) -> Grade:
    """Return the most sensitive grade among columns: that of the table (就高从严)."""
    return max((column.grade for column in columns), default=Grade.L1)


def say_kind(column: Column) -> str:
    """Return the type of a column in words: 文本, 小数 12,2."""
    words = str(KIND_WORDS[column.kind])
    if column.kind is FieldKind.DECIMAL:
        return f"{words} {column.digits},{column.scale}"
    return words


def say_score(share: float | None) -> str | None:
    """Return a score of 0 to 1 as 0 to 100; what is not whole never shows as 100."""
    if share is None:
        return None
    return "100" if share == 1 else f"{min(share * 100, 99.9):.1f}"


def line_of(
    table: Table,
    version: Version | None,
    departments: Mapping[str, str],
    *,
    score: QualityView | None,
    fresh: LakeTag | None,
) -> TableLine:
    """Return a table as the list shows it."""
    return TableLine(
        table,
        departments.get(table.department, ""),
        grade_tag(highest(table.columns)),
        None if version is None else version.rows,
        None if score is None else say_score(score.score),
        fresh,
    )


def sealing_line(one: SealingView | None) -> SealingLine | None:
    """Return how far the sealing of a table is, None when none is under way."""
    if one is None:
        return None
    if one.sealed_at is not None:
        note = gettext("读到的都已加密。改之前的明文文件再留几分钟，等正在读的人读完，然后自动删去。")
        return SealingLine(LakeTag(_("已加密"), "ok", "lock"), note)
    masked = gettext("这些列已按 L4 遮盖。写完之前，新归集的数据排在后面等。")
    if one.message:
        note = gettext("{why}。数据没有改动，几分钟后会自动再做。").format(why=tr(one.message))
        return SealingLine(LakeTag(_("没有写成"), "bad", "alert"), f"{note}{masked}")
    if not one.total:
        return SealingLine(LakeTag(_("已列入，等着开始"), "b", "clock"), masked, going=True)
    words = gettext("已写 {rows} / {total} 行").format(rows=f"{one.rows:,}", total=f"{one.total:,}")
    return SealingLine(LakeTag(words, "b", "clock"), masked, one.rows, one.total, going=True)


def column_lines(table: Table, plans: Mapping[str, TablePlan]) -> list[ColumnLine]:
    """Return the columns of a table; how the reader sees each is told by purpose where that differs.

    Args:
        table: Which.
        plans: What the reader sees, by purpose; empty: nothing.
    """
    return [
        ColumnLine(column, say_kind(column), grade_tag(column.grade), MASK_WORDS[column.mask], _seen(column, plans))
        for column in table.columns
    ]


def _seen(column: Column, plans: Mapping[str, TablePlan]) -> str:
    by_purpose = {purpose: _seen_for(column, plan) for purpose, plan in plans.items()}
    ways = list(dict.fromkeys(by_purpose.values()))
    if not ways:
        return gettext("看不到")
    if len(ways) == 1:
        return ways[0]
    return "；".join(f"{purpose}：{words}" for purpose, words in by_purpose.items())


def _seen_for(column: Column, plan: TablePlan) -> str:
    if column.name not in plan.columns:
        return gettext("看不到")
    if plan.least_group:
        return gettext("只能统计")
    return str(SEEN_WORDS[plan.masks[column.name]])


def dimension_lines(quality: QualityView | None) -> list[DimensionLine]:
    """Return the score of each dimension."""
    if quality is None:
        return []
    return [
        DimensionLine(tr(name), round(share * 100, 1), say_score(share) or "")
        for name, share in quality.dimensions.items()
    ]


def rule_lines(table: Table, quality: QualityView | None) -> list[RuleLine]:
    """Return every rule of a table, what fails first; before the first check those of the definition."""
    if quality is None:
        return [RuleLine(one.code, one.label, one.text) for one in table.rules]
    texts = {one.code: one.text for one in table.rules}
    lines = [
        RuleLine(
            one.code,
            one.label,
            texts.get(one.code, ""),
            say_score(one.score) or "",
            broken=not one.passed,
            failed=failed_rows(one),
        )
        for one in quality.scores
    ]
    return sorted(lines, key=lambda line: (not line.broken, -line.failed))


def failed_rows(score: RuleScore) -> int:
    """Return how many rows keep a rule from its target; 0 where it is met, or not of single rows."""
    return 0 if score.passed or not score.of_rows else score.no


def trend_lines(checks: Iterable[QualityView]) -> list[TrendLine]:
    """Return scores by day, oldest first; the last of a day counts."""
    by_day = {one.day: one for one in reversed(list(checks)) if one.score is not None}
    return [TrendLine(day.isoformat(), say_score(one.score) or "") for day, one in sorted(by_day.items())]


def proposal_line(one: ProposalView, *, may: bool) -> ProposalLine:
    """Return a proposal as the page shows it."""
    return ProposalLine(
        id=one.id,
        label=one.column_label,
        column=one.column,
        found=tr(FOUND_LABELS[one.found]),
        reason=one.reason,
        now=f"{GRADE_WORDS[one.now_grade]} · {MASK_WORDS[one.now_mask]}",
        grade=grade_tag(one.grade),
        mask=MASK_WORDS[one.mask],
        may=may,
        state=tr(STATE_LABELS[one.state]),
    )


def say_every(minutes: int) -> str:
    """Return how often a source is gathered, in words."""
    if not minutes:
        return gettext("有人要求时")
    if minutes % 1440 == 0:
        days = minutes // 1440
        return gettext("每天") if days == 1 else gettext("每 %(n)s 天") % {"n": days}
    if minutes % 60 == 0:
        return gettext("每 %(n)s 小时") % {"n": minutes // 60}
    return gettext("每 %(n)s 分钟") % {"n": minutes}


def batch_line(batch: BatchView) -> BatchLine:
    """Return a batch as lists show it."""
    words, kind, icon = BATCH_WORDS[batch.state]
    taken = None if batch.ended_at is None else (batch.ended_at - batch.started_at).total_seconds()
    return BatchLine(
        batch=batch,
        state=LakeTag(words, kind, icon, batch.ended_at),
        done=batch.state is BatchState.DONE,
        balanced=batch.read == batch.landed + batch.quarantined,
        seconds="" if taken is None else f"{taken:.1f}",
    )


def grant_lines(table: Table, plans: Mapping[str, TablePlan], roles: Collection[str]) -> list[GrantLine]:
    """Return who may read a table for what."""
    return [
        GrantLine(
            who="、".join(str(DUTY_WORDS.get(role, role)) for role in sorted(one.roles)),
            own=one.own,
            purposes="、".join(one.purposes),
            what=_granted(one),
            mine=bool(one.roles & set(roles)) and any(purpose in plans for purpose in one.purposes),
        )
        for one in table.access
    ]


def _granted(one: Access) -> str:
    parts = [gettext("高于 %(grade)s 的遮盖") % {"grade": one.clear}]
    if one.columns:
        parts.append(gettext("%(n)s 个信息项") % {"n": len(one.columns)})
    if one.rows:
        parts.append(gettext("限本地区的行"))
    if one.least_group:
        parts.append(gettext("只能统计，每组至少 %(n)s 个") % {"n": one.least_group})
    return "；".join(parts)


def picture_of(table: Table, sources: Iterable[Source], quality: QualityView | None, rows: int | None) -> Drawing:
    """Return where a table comes from and where it goes, as a picture."""
    from_where = [
        Spot(f"s:{one.code}", cut(one.label or one.code), one.code, reverse("officer:lake_source", args=[one.code]))
        for one in sources
    ]
    more = gettext("还没有归集") if rows is None else gettext("%(n)s 行") % {"n": f"{rows:,}"}
    me = Spot("me", cut(table.label), more, chief=True)
    to_where = [
        Spot("query", gettext("查询"), gettext("过数据门"), f"{reverse('officer:lake_query')}?table={table.code}")
    ]
    if quality is not None:
        said = gettext("%(n)s 条规则") % {"n": len(quality.scores)}
        to_where.append(Spot("quality", gettext("质量"), said, reverse("officer:lake_quality")))
    links = [(one.key, "me") for one in from_where] + [("me", one.key) for one in to_where]
    return draw([from_where, [me], to_where], links)
