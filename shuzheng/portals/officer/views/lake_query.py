"""Asking the lake at the desk: the query page, saved queries, export, and samples of rows that break a rule."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.engines.lake import queries as lake
from shuzheng.engines.lake.actions import (
    change_query,
    delete_query,
    export_query,
    make_ready,
    run_query,
    run_tree,
    save_query,
)
from shuzheng.engines.lake.types.reading import ExportForm, QueryAnswer
from shuzheng.engines.lake.types.saving import QueryDraft, SavedQueryId, SavedView
from shuzheng.portals.officer.lake_answers import CHART_WORDS, answer_of, chart_of, insert_lines, schema_of
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.sending import send_bytes
from shuzheng.portals.shell.types import CityRequest

ROWS_SHOWN: Final = 500
SAMPLES: Final = 20
TEXT_MOST: Final = 20_000
SAVED_SHOWN: Final = 50
EXPORTS: Final = {"export": ExportForm.CSV, "export_xlsx": ExportForm.XLSX}
MEDIA_TYPES: Final = {
    ExportForm.CSV: "text/csv; charset=utf-8",
    ExportForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@officers
@require_http_methods(["GET", "POST"])
def query(request: CityRequest) -> HttpResponse:
    """Ask one SELECT for a purpose; the result as table and chart, kept or taken out on demand."""
    if request.method == "POST":
        return _post(request)
    make_ready()
    table = lake.find_table(request.GET.get("table", "")[:60])
    text = "" if table is None else f"SELECT count(*) AS n\nFROM {table.code}\n"
    said = {"deleted": _("查询已删除。")}.get(request.GET.get("said", ""), "")
    return _page(request, {"text": text, "said": said})


@officers
@require_http_methods(["GET"])
def saved(request: CityRequest, query_id: UUID) -> HttpResponse:
    """Open a saved query in the editor; nothing runs before it is asked for."""
    found = lake.get_saved(SavedQueryId(query_id), actor=actor_of(request))
    said = _("查询已保存。") if request.GET.get("said") == "saved" else ""
    kind = str((found.chart or {}).get("kind", ""))
    context = {"saved": found, "text": found.text, "purpose": found.purpose, "chart_kind": kind, "said": said}
    return _page(request, context)


def _page(request: CityRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    readable = lake.see_readable(actor, at=request.at)
    shared = {
        "tables": insert_lines(readable),
        "columns": schema_of(readable),
        "purposes": list(dict.fromkeys(purpose for plans in readable.values() for purpose in plans)),
        "charts": list(CHART_WORDS.items()),
        "saved_queries": lake.list_saved(actor, limit=SAVED_SHOWN).rows,
        "budget": lake.budget_of(actor, at=request.at),
        "limit": ROWS_SHOWN,
    }
    return render(request, "officer/lake/query.html", {**shared, **context}, status=status)


def _post(request: CityRequest) -> HttpResponse:
    given = {name: request.POST.get(name, "") for name in ("text", "purpose", "title", "chart", "saved", "do")}
    text, purpose = given["text"][:TEXT_MOST], given["purpose"].strip()[:60]
    chart = given["chart"] if given["chart"] in CHART_WORDS else ""
    kept = _kept(request, given["saved"])
    context: dict[str, object] = {"text": text, "purpose": purpose, "saved": kept, "chart_kind": chart}
    try:
        if given["do"] == "save":
            return _save(request, kept, QueryDraft(given["title"], text, purpose, {"kind": chart}, _shared(request)))
        if given["do"] == "delete" and kept is not None:
            delete_query(kept.id, actor=actor_of(request), at=request.at)
            return HttpResponseRedirect(f"{reverse('officer:lake_query')}?said=deleted")
        if given["do"] in EXPORTS:
            return _export(request, text, purpose, EXPORTS[given["do"]])
        answer = run_query(text, actor=actor_of(request), purpose=purpose, at=request.at, limit=ROWS_SHOWN)
    except ShuzhengError as refused:
        context |= {"problem": _problem(refused), "saving": given["do"] == "save"}
        return _page(request, context, status=refused.status)
    return _page(request, context | _answered(answer, chart))


def _kept(request: CityRequest, given: str) -> SavedView | None:
    try:
        return lake.get_saved(SavedQueryId(UUID(given)), actor=actor_of(request)) if given else None
    except (ValueError, ShuzhengError):
        return None


def _shared(request: CityRequest) -> bool:
    return request.POST.get("shared") == "1"


def _answered(answer: QueryAnswer, chart: str) -> dict[str, object]:
    shown = answer_of(answer)
    return {"answer": shown, "chart": chart_of(shown, chart)}


def _problem(refused: ShuzhengError) -> dict[str, object]:
    words = say(refused)
    line, column = (refused.facts.get(name) for name in ("line", "column"))
    field = {"lake.reading_purpose_missing": "purpose", "lake.saved_query_invalid": "title"}.get(refused.code, "text")
    return {"words": words[0], "hint": words[1], "line": line, "column": column, "field": field}


def _save(request: CityRequest, kept: SavedView | None, draft: QueryDraft) -> HttpResponse:
    actor = actor_of(request)
    if kept is not None and kept.mine:
        found = change_query(kept.id, draft, actor=actor, at=request.at)
    else:
        found = save_query(draft, actor=actor, at=request.at)
    return HttpResponseRedirect(f"{reverse('officer:lake_saved', args=[found.id])}?said=saved")


def _export(request: CityRequest, text: str, purpose: str, form: ExportForm) -> HttpResponse:
    """Send the rows as a file: the same query, the same masks, logged the same way."""
    chunks = export_query(text, actor=actor_of(request), purpose=purpose, at=request.at, form=form)
    name = f"query-{local_date(request.at, settings.SHUZHENG.zone):%Y%m%d}.{form}"
    return send_bytes(b"".join(chunks), name=name, media_type=MEDIA_TYPES[form])


@officers
@require_http_methods(["GET", "POST"])
def failing(request: CityRequest, code: str, rule: str) -> HttpResponse:
    """Show some rows that break a rule of quality, through the gate."""
    actor, table = actor_of(request), lake.get_table(code)
    tree = lake.failing_rows(code, rule, at=request.at, limit=SAMPLES)
    readable = lake.see_readable(actor, at=request.at)
    purpose = request.POST.get("purpose", "").strip()[:60]
    label = next((one.label for one in table.rules if one.code == rule), rule)
    context: dict[str, object] = {
        "table": table,
        "rule": label,
        "purpose": purpose,
        "purposes": list(readable.get(table.code, {})),
    }
    if request.method == "GET":
        return render(request, "officer/lake/failing.html", context)
    try:
        answer = run_tree(tree, actor=actor, purpose=purpose, at=request.at, limit=SAMPLES)
    except ShuzhengError as refused:
        context["problem"] = "。".join(say(refused))
        return render(request, "officer/lake/failing.html", context, status=refused.status)
    context["answer"] = answer_of(answer)
    return render(request, "officer/lake/failing.html", context)
