"""Tables of the lake at the desk: the list; one table with columns, grades, quality, and where it comes from."""

from collections.abc import Iterable, Mapping

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuzheng.base.directory.queries import get_organizations
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.engines.lake import queries as lake
from shuzheng.engines.lake.actions import check_quality, confirm_proposal, decline_proposal, discover
from shuzheng.engines.lake.types.quality import QualityView
from shuzheng.engines.lake.types.tables import Table, TableCode
from shuzheng.portals.officer.lake_flow import draw_flow, ways_of
from shuzheng.portals.officer.lake_words import (
    LakeTag,
    batch_line,
    column_lines,
    dimension_lines,
    fresh_tag,
    grade_tag,
    grant_lines,
    highest,
    line_of,
    picture_of,
    proposal_line,
    rule_lines,
    say_score,
    sealing_line,
    trend_lines,
)
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.types import CityRequest

PAGE = 30
TREND = 60


@officers
@require_safe
def table_list(request: CityRequest) -> HttpResponse:
    """List tables; `?q=` searches names, `?unit=` narrows to who answers for them."""
    given = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "unit")}
    tables = list(lake.list_tables().values())
    names = _names(tables)
    found = [one for one in tables if _fits(one, given["q"], given["unit"]) and one.code > request.GET.get("after", "")]
    shown = found[:PAGE]
    place, scores, fresh = lake.store(), _scores(), _fresh(request)
    query = urlencode({name: value for name, value in given.items() if value})
    context = {
        "lines": [
            line_of(one, place.version(one.code), names, score=scores.get(one.code), fresh=fresh.get(one.code))
            for one in shown
        ],
        "asked": given,
        "units": sorted(names.items(), key=lambda pair: pair[1]),
        "query": f"{query}&" if query else "",
        "next": shown[-1].code if len(found) > PAGE else "",
        "total": len(tables),
    }
    return render(request, "officer/lake/list.html", context)


def _names(tables: Iterable[Table]) -> dict[str, str]:
    units = get_organizations({one.department for one in tables})
    return {str(code): unit.short_name for code, unit in units.items()}


def _scores() -> dict[TableCode, QualityView]:
    return {one.table: one for one in lake.list_latest_quality()}


def _fresh(request: CityRequest) -> Mapping[TableCode, LakeTag]:
    return {one.table: fresh_tag(one) for one in lake.freshness(request.at)}


def _fits(table: Table, words: str, unit: str) -> bool:
    text = " ".join(_texts(table)).lower()
    return (not unit or table.department == unit) and all(word in text for word in words.lower().split())


def _texts(table: Table) -> Iterable[str]:
    yield from (table.code, table.label, table.dataset, table.summary)
    for column in table.columns:
        yield from (column.name, column.label)


@officers
@require_safe
def table_page(request: CityRequest, code: str) -> HttpResponse:
    """Show one table: what its columns mean, how the reader sees them, how good it is, where it comes from."""
    return _show(request, lake.get_table(code))


def _show(request: CityRequest, table: Table, *, problem: str = "", status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    quality = lake.find_quality(table.code)
    may_tend = lake.may_decide(table, actor)
    seen = lake.plans_of(table, actor, at=request.at)
    version = lake.store().version(table.code)
    batches = lake.list_batches(table=table.code, limit=5)[0]
    sources = lake.sources_of(table.code)
    trend = trend_lines(lake.list_quality_trend(table.code, limit=TREND).rows)
    context = {
        "table": table,
        "department": _names([table]).get(table.department, ""),
        "grade": grade_tag(highest(table.columns)),
        "fresh": _fresh(request).get(table.code),
        "version": version,
        "columns": column_lines(table, seen),
        "may_query": bool(seen),
        "may_find": any(not plan.least_group for plan in seen.values()),
        "may_tend": may_tend,
        "may_samples": bool(seen),
        "proposals": [proposal_line(one, may=may_tend) for one in lake.list_proposals(table.code).rows],
        "score": None if quality is None else say_score(quality.score),
        "dimensions": dimension_lines(quality),
        "rules": rule_lines(table, quality),
        "trend": trend if len(trend) > 1 else (),
        "batches": [batch_line(one) for one in batches],
        "last": next((one for one in map(batch_line, batches) if one.done), None),
        "quarantined": lake.count_open(table.code),
        "lineage": picture_of(table, sources, quality, None if version is None else version.rows),
        "grants": grant_lines(table, seen, actor.roles),
        "sealing": sealing_line(lake.find_sealing(table.code)),
        "said": _said(request),
        "problem": problem,
    }
    return render(request, "officer/lake/table.html", context, status=status)


@officers
@require_safe
def lineage(request: CityRequest, code: str) -> HttpResponse:
    """Draw where each column of a table comes from and what reads it; `?column=` shows the path of one."""
    table = lake.get_table(code)
    found = lake.table_lineage(code, actor=actor_of(request), at=request.at)
    sources, asked = lake.sources_of(table.code), request.GET.get("column", "")
    chosen = asked if asked in table.by_name else ""
    ways = ways_of(table, found, sources, chosen)
    context = {
        "table": table,
        "flow": draw_flow(table, found, sources, chosen),
        "ways": ways,
        "path": next((one for one in ways if one.chosen), None),
        "more": found.more,
        "missing": asked if asked and not chosen else "",
    }
    return render(request, "officer/lake/lineage.html", context)


def _said(request: CityRequest) -> str:
    return {
        "checked": _("已检查，得分在右边。"),
        "confirmed": _("分级已生效，以后按它遮盖。"),
        "sealing": _("分级已生效，已按 L4 遮盖；已有的数据正在改为加密存储，进度见下。"),
        "declined": _("已记下不采纳的理由，同样的建议不会再提。"),
        "looked": _("已查过一遍内容；要改的分级列在“分级建议”里。"),
    }.get(request.GET.get("said", ""), "")


def _back(table: str, said: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('officer:lake_table', args=[table])}?said={said}")


@officers
@require_POST
def check(request: CityRequest, code: str) -> HttpResponse:
    """Score the rules of a table now."""
    try:
        check_quality(code, actor=actor_of(request), at=request.at)
    except ShuzhengError as refused:
        return _show(request, lake.get_table(code), problem="。".join(say(refused)), status=refused.status)
    return _back(code, "checked")


@officers
@require_POST
def look(request: CityRequest, code: str) -> HttpResponse:
    """Look through a table for what should be graded higher."""
    try:
        discover(code, actor=actor_of(request), at=request.at)
    except ShuzhengError as refused:
        return _show(request, lake.get_table(code), problem="。".join(say(refused)), status=refused.status)
    return _back(code, "looked")


@officers
@require_POST
def decide(request: CityRequest, proposal_id: int) -> HttpResponse:
    """Confirm or decline a proposed grade."""
    found = lake.get_proposal(proposal_id)
    try:
        if request.POST.get("do") == "confirm":
            confirm_proposal(proposal_id, actor=actor_of(request), at=request.at)
            return _back(found.table, "sealing" if lake.find_sealing(found.table) else "confirmed")
        decline_proposal(proposal_id, request.POST.get("reason", ""), actor=actor_of(request), at=request.at)
    except ShuzhengError as refused:
        return _show(request, lake.get_table(found.table), problem="。".join(say(refused)), status=refused.status)
    return _back(found.table, "declined")
