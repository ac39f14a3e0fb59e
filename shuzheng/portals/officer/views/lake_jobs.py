"""Gathering at the desk: sources, batches, rows in quarantine, quality."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.engines.lake import queries as lake
from shuzheng.engines.lake.actions import ask_gather, discard, mend, open_row
from shuzheng.engines.lake.types.gathering import (
    WHOLE,
    BatchId,
    BatchState,
    QuarantinedId,
    QuarantinedView,
    QuarantineState,
    Source,
)
from shuzheng.engines.lake.types.quality import QualityView
from shuzheng.engines.lake.types.tables import Dimension, Table, TableCode
from shuzheng.portals.officer.lake_words import (
    MODE_WORDS,
    QUARANTINE_WORDS,
    SOURCE_WORDS,
    BatchLine,
    LakeTag,
    Words,
    batch_line,
    failed_rows,
    fresh_tag,
    say_every,
    say_score,
)
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.portals.shell.types import CityRequest

PAGE: Final = 30
LONGEST: Final = 500
WORST: Final = 20


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source in the list."""

    source: Source
    label: str
    kind: Words
    table: str
    every: str
    last: BatchLine | None
    fresh: LakeTag | None


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row in quarantine, as lists show it."""

    id: UUID
    row: int
    reason: str
    table: str
    source: str
    batch: UUID
    at: object
    open: bool
    state: Words


@dataclass(frozen=True, slots=True)
class MendField:
    """One value of a row that is to be put right."""

    name: str
    label: str
    value: str
    hint: str = ""
    error: str = ""


def _position(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else 0


def _labels() -> Mapping[TableCode, Table]:
    return lake.list_tables()


@officers
@require_safe
def sources(request: CityRequest) -> HttpResponse:
    """List sources with their last batch."""
    tables, last = _labels(), lake.last_batches()
    fresh = {one.table: fresh_tag(one) for one in lake.freshness(request.at)}
    lines = [
        SourceLine(
            source=one,
            label=one.label or one.code,
            kind=SOURCE_WORDS[one.kind],
            table=tables[one.table].label if one.table in tables else one.table,
            every=say_every(one.every_minutes),
            last=batch_line(last[one.code]) if one.code in last else None,
            fresh=fresh.get(one.table),
        )
        for one in lake.list_sources().values()
    ]
    trouble = sum(1 for one in lines if one.last is not None and one.last.state.kind == "bad")
    return render(request, "officer/lake/sources.html", {"lines": lines, "trouble": trouble})


@officers
@require_safe
def source_page(request: CityRequest, code: str) -> HttpResponse:
    """Show a source and its batches."""
    return _source(request, code)


def _source(request: CityRequest, code: str, *, problem: str = "", status: int = 200) -> HttpResponse:
    source = lake.get_source(code)
    table = lake.find_table(source.table)
    batches, more = lake.list_batches(source=code, before=_position(request.GET.get("after")), limit=PAGE)
    fresh = next((fresh_tag(one) for one in lake.freshness(request.at) if one.table == source.table), None)
    running = next((one for one in batches if one.state is BatchState.RUNNING), None)
    context = {
        "going": {"batch": running} if running or lake.is_asked(source.code) else None,
        "source": source,
        "label": source.label or source.code,
        "table": source.table if table is None else table.label,
        "kind": SOURCE_WORDS[source.kind],
        "mode": MODE_WORDS[source.mode],
        "where": source.where,
        "every": say_every(source.every_minutes),
        "mapping": sorted(source.mapping.items()),
        "fresh": fresh,
        "batches": [batch_line(one) for one in batches],
        "next": str(more) if more else "",
        "may_tend": table is not None and lake.may_tend(actor_of(request), table),
        "said": _("已列入，几秒后开始，批次会出现在下面。") if request.GET.get("said") == "asked" else "",
        "problem": problem,
    }
    return render(request, "officer/lake/source.html", context, status=status)


@officers
@require_POST
def gather(request: CityRequest, code: str) -> HttpResponse:
    """Ask for a source to be gathered now."""
    try:
        ask_gather(code, actor=actor_of(request), at=request.at)
    except ShuzhengError as refused:
        return _source(request, code, problem="。".join(say(refused)), status=refused.status)
    return HttpResponseRedirect(f"{reverse('officer:lake_source', args=[code])}?said=asked")


@officers
@require_safe
def batch_page(request: CityRequest, batch_id: UUID) -> HttpResponse:
    """Show one batch: the sum that must come out, and the rows that did not land."""
    batch = lake.find_batch(BatchId(batch_id))
    if batch is None:
        raise Http404
    actor, table = actor_of(request), lake.find_table(batch.table)
    may_tend = table is not None and lake.may_tend(actor, table)
    rows, more = lake.list_quarantined(
        actor=actor, batch=batch.id, state=None, after=_position(request.GET.get("after")), limit=PAGE
    )
    context = {
        "line": batch_line(batch),
        "label": batch.source,
        "table": batch.table if table is None else table.label,
        "rows": _rows(rows),
        "next": str(more) if more else "",
        "may_tend": may_tend,
    }
    return render(request, "officer/lake/batch.html", context)


def _rows(rows: list[QuarantinedView]) -> list[RowLine]:
    tables = _labels()
    return [
        RowLine(
            id=one.id,
            row=one.row,
            reason=one.reason,
            table=tables[one.table].label if one.table in tables else one.table,
            source=one.source,
            batch=one.batch,
            at=one.at,
            open=one.state is QuarantineState.OPEN,
            state=QUARANTINE_WORDS[one.state],
        )
        for one in rows
    ]


@officers
@require_safe
def quarantine(request: CityRequest) -> HttpResponse:
    """List rows in quarantine of the tables the officer answers for; `?table=` and `?state=` narrow."""
    actor = actor_of(request)
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("table", "state")}
    state = QuarantineState(asked["state"]) if asked["state"] in set(QuarantineState) else QuarantineState.OPEN
    rows, more = lake.list_quarantined(
        actor=actor, table=asked["table"], state=state, after=_position(request.GET.get("after")), limit=PAGE
    )
    query = urlencode({name: value for name, value in asked.items() if value})
    context = {
        "rows": _rows(rows),
        "next": str(more) if more else "",
        "query": f"{query}&" if query else "",
        "asked": {**asked, "state": state},
        "tables": [(code, one.label) for code, one in lake.list_tended(actor).items()],
        "states": list(QUARANTINE_WORDS.items()),
        "said": {"mended": _("已重放，这一行入了湖。"), "discarded": _("已舍弃，理由记在案。")}.get(
            request.GET.get("said", ""), ""
        ),
    }
    return render(request, "officer/lake/quarantine.html", context)


@officers
@require_http_methods(["GET", "POST"])
def quarantined(request: CityRequest, row_id: UUID) -> HttpResponse:
    """Open one row for a purpose, put it right and replay it, or discard it with a reason."""
    actor, row = actor_of(request), lake.get_quarantined(QuarantinedId(row_id), actor=actor_of(request))
    purpose = request.POST.get("purpose", "").strip()[:60]
    context: dict[str, object] = {"row": row, "purpose": purpose}
    if request.method == "GET":
        return render(request, "officer/lake/mend.html", context)
    try:
        opened = open_row(row.id, actor=actor, purpose=purpose, at=request.at)
    except ShuzhengError as refused:
        context["problem"] = {"field": "purpose", "words": "。".join(say(refused))}
        return render(request, "officer/lake/mend.html", context, status=refused.status)
    values = _given(request, opened)
    context |= {"fields": _fields(opened, values), "reason": request.POST.get("reason", "")[:LONGEST]}
    if request.POST.get("do") == "open":
        return render(request, "officer/lake/mend.html", context)
    return _settle(request, row, values, context)


def _settle(
    request: CityRequest, row: QuarantinedView, values: Mapping[str, str], context: dict[str, object]
) -> HttpResponse:
    actor, mending = actor_of(request), request.POST.get("do") == "mend"
    try:
        if mending:
            mend(row.id, values, actor=actor, at=request.at)
        else:
            discard(row.id, request.POST.get("reason", ""), actor=actor, at=request.at)
    except ShuzhengError as refused:
        context["problem"] = {"field": "v-0" if mending else "reason", "words": "。".join(say(refused))}
        return render(request, "officer/lake/mend.html", context, status=refused.status)
    said = "mended" if mending else "discarded"
    return HttpResponseRedirect(f"{reverse('officer:lake_quarantine')}?said={said}")


def _given(request: CityRequest, row: QuarantinedView) -> dict[str, str]:
    """Return values by header: as typed, else as they stand."""
    held = row.values or {}
    return {header: request.POST.get(f"v-{place}", held[header] or "")[:LONGEST] for place, header in enumerate(held)}


def _fields(row: QuarantinedView, values: Mapping[str, str]) -> list[MendField]:
    """Return a field for each value, called as its column is; the one the row was quarantined for says why."""
    columns = lake.columns_of(row)
    fields = []
    for place, (header, value) in enumerate(values.items()):
        column = columns.get(header)
        label = _("原文") if header == WHOLE else header if column is None else column.label
        wrong = column is not None and row.rule.partition(":")[2] == column.name
        hint = "" if header in {label, WHOLE} else header
        fields.append(MendField(f"v-{place}", label, value, hint, error=tr(row.reason) if wrong else ""))
    return fields


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """The scores of a table."""

    code: str
    label: str
    score: str | None
    shares: tuple[str, ...]
    at: object


@dataclass(frozen=True, slots=True)
class WorstLine:
    """A rule below its target."""

    code: str
    table: str
    rule: str
    label: str
    dimension: str
    share: str
    target: str
    failed: int


@officers
@require_safe
def quality(request: CityRequest) -> HttpResponse:
    """Show the scores of every table, and the rules furthest below their target."""
    worst = [
        WorstLine(
            code=one.table,
            table=one.table_label,
            rule=one.score.code,
            label=one.score.label,
            dimension=tr(one.score.dimension),
            share=say_score(one.score.score) or "—",
            target=f"{one.score.target * 100:.4g}",
            failed=failed_rows(one.score),
        )
        for one in lake.list_worst_rules(WORST)
    ]
    context = {
        "worst": worst,
        "tables": [_score_line(one) for one in lake.list_latest_quality()],
        "dimensions": [tr(one) for one in Dimension],
    }
    return render(request, "officer/lake/quality.html", context)


def _score_line(one: QualityView) -> ScoreLine:
    shares = tuple(say_score(one.dimensions.get(name)) or "" for name in Dimension)
    return ScoreLine(one.table, one.label, say_score(one.score), shares, one.at)
