"""The rule book at the desk: its list, one rule with everything about it, trying it."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.rules.types import GRADE_LABELS
from shuzheng.portals.officer.exporting import write_table
from shuzheng.portals.officer.ruling import (
    Tried,
    explain_rule,
    lines_of,
    proposal_tag,
    read_tried,
    rows_of,
    say_type,
    state_tag,
    texts_of,
    used_facts,
    ways_of,
)
from shuzheng.portals.officer.tables import grid_of_rule, try_table
from shuzheng.portals.officer.taking import offers_subjects, take
from shuzheng.portals.officer.trees import tree_of
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.sending import send_bytes
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.rulebook import queries as book
from shuzheng.services.rulebook.rules.difference import changed_fields, compare
from shuzheng.services.rulebook.rules.drafting import draft_of, read_day, say_rule
from shuzheng.services.rulebook.rules.permitting import check_may_read
from shuzheng.services.rulebook.rules.testing import run_rule_tests
from shuzheng.services.rulebook.types import (
    BOOK_LABELS,
    RULE_KIND_LABELS,
    RuleFilter,
    RuleKind,
    RuleState,
    RuleView,
)

PAGE = 30
EXPORT_MOST = 5000
STATES: Mapping[str, RuleState | None] = {
    "": RuleState.IN_FORCE,
    "coming": RuleState.COMING,
    "ended": RuleState.ENDED,
    "all": None,
}
HEAD = ("代码", "版本", "名称", "所属", "规则文本", "不符合时的说明", "依据", "生效日", "失效日")


def today_of(request: CityRequest) -> date:
    """Return the city's day of a request."""
    return local_date(request.at, settings.SHUZHENG.zone)


def _asked(request: CityRequest) -> tuple[RuleFilter, dict[str, str]]:
    given = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "book", "kind", "owner", "state")}
    if given["state"] not in STATES:
        given["state"] = ""
    kind = RuleKind(given["kind"]) if given["kind"] in set(RuleKind) else None
    asked = RuleFilter(
        text=given["q"],
        book=given["book"] if given["book"] in BOOK_LABELS else "",
        kind=kind,
        owner=given["owner"],
        state=STATES[given["state"]],
    )
    return asked, {name: value for name, value in given.items() if value}


@officers
@require_safe
def rule_list(request: CityRequest) -> HttpResponse:
    """List rules; `?q=` searches, `?book= ?kind= ?owner= ?state=` narrow."""
    asked, kept = _asked(request)
    today, actor = today_of(request), actor_of(request)
    page = book.list_rules(asked, on=today, actor=actor, after=request.GET.get("after") or None, limit=PAGE)
    context = {
        "page": page,
        "rows": rows_of(page.rows, today),
        "asked": kept,
        "query": f"{urlencode(kept)}&" if kept else "",
        "books": [("", _("全部")), *((key, tr(label)) for key, label in BOOK_LABELS.items())],
        "kinds": [("", _("全部")), *((str(key), tr(label)) for key, label in RULE_KIND_LABELS.items())],
        "states": [("", _("现在有效")), ("coming", _("尚未生效")), ("ended", _("已失效")), ("all", _("全部"))],
        "owner_label": page.rows[0].sheet_label if asked.owner and page.rows else asked.owner,
        "today": today,
    }
    return render(request, "officer/rules/list.html", context)


@officers
@require_safe
def export(request: CityRequest) -> HttpResponse:
    """Send the list as a table."""
    asked, _kept = _asked(request)
    today, actor = today_of(request), actor_of(request)
    cells: list[tuple[str, ...]] = []
    after: str | None = None
    while len(cells) < EXPORT_MOST:
        page = book.list_rules(asked, on=today, actor=actor, after=after, limit=100)
        cells += [_cells(rule) for rule in page.rows]
        after = page.next
        if after is None:
            break
    return send_bytes(write_table(HEAD, cells), name=f"规则-{today}.csv", media_type="text/csv; charset=utf-8")


def _cells(rule: RuleView) -> tuple[str, ...]:
    return (
        rule.code,
        str(rule.edition),
        rule.label,
        rule.sheet_label,
        rule.text,
        rule.failure,
        rule.source,
        rule.valid_from.isoformat(),
        "" if rule.valid_to is None else rule.valid_to.isoformat(),
    )


@officers
@require_safe
def rule_page(request: CityRequest, code: str) -> HttpResponse:
    """Show a rule: the edition in force, or `?edition=`; text, words, tree, facts, tests, history."""
    actor, today = actor_of(request), today_of(request)
    history = read_history(code, actor)
    rule = chosen_of(history, request.GET.get("edition", ""), today)
    refusal = book.refusal_of(rule, actor)
    proposals = book.list_proposals(actor, code=code).rows
    context = {
        "rule": rule,
        "tag": state_tag(rule.state_on(today)),
        "newest": history[0].edition,
        "lines": lines_of(rule.text, rule.schema),
        "table": grid_of_rule(rule),
        "words": say_rule(rule.text, rule.kind, rule.schema),
        "tree": tree_of(rule),
        "facts": [(fact, say_type(fact), tr(GRADE_LABELS[fact.sensitivity])) for fact in used_facts(rule)],
        "tests": run_rule_tests(rule.text, rule.kind, rule.schema, rule.tests, label=rule.label, failure=rule.failure),
        "history": _history(history, today),
        "proposals": [(row, proposal_tag(row.state)) for row in proposals],
        "why_not": "" if refusal is None else "。".join(filter(None, say(refusal))),
        "book": tr(BOOK_LABELS.get(rule.book, rule.book)),
        "kind": tr(RULE_KIND_LABELS[rule.kind]),
    }
    return render(request, "officer/rules/rule.html", context)


def read_history(code: str, actor: Actor) -> tuple[RuleView, ...]:
    """Return the editions of a rule the actor may read, the newest first."""
    check_may_read(code.split("/", 1)[0], actor)
    return book.history_of(code)


def chosen_of(history: tuple[RuleView, ...], edition: str, today: date) -> RuleView:
    """Return the edition asked for; else the one in force, else the newest that counts."""
    asked = next((rule for rule in history if str(rule.edition) == edition), None)
    now = next((rule for rule in history if rule.state_on(today) is RuleState.IN_FORCE), None)
    newest = next((rule for rule in history if not rule.held), history[0])
    return asked or now or newest


def _history(history: tuple[RuleView, ...], today: date) -> list[dict[str, object]]:
    """Return the editions with what each changed against the one before it."""
    rows: list[dict[str, object]] = []
    for n, rule in enumerate(history):
        before = next((one for one in history[n + 1 :] if not one.held), None)
        changes = () if before is None else changed_fields(draft_of(before), draft_of(rule))
        rows.append(
            {
                "rule": rule,
                "tag": state_tag(rule.state_on(today)),
                "changes": [(tr(change.label), change.pieces) for change in changes],
                "words": () if before is None else _words_apart(before, rule),
            }
        )
    return rows


def _words_apart(before: RuleView, after: RuleView) -> tuple[object, ...]:
    if before.text == after.text:
        return ()
    return compare(say_rule(before.text, before.kind, before.schema), say_rule(after.text, after.kind, after.schema))


# Trying a rule


@officers
@require_http_methods(["GET", "POST"])
def try_rule(request: CityRequest, code: str) -> HttpResponse:
    """Try a rule on facts typed or taken from a case, as on a day; nothing typed is lost."""
    actor, today = actor_of(request), today_of(request)
    posted = request.POST if request.method == "POST" else None
    given = request.POST if posted is not None else request.GET
    typed_day = given.get("on", "").strip() or today.isoformat()
    day = read_day(typed_day)
    problems: list[tuple[str, str]] = []
    if day is None:
        problems.append(("on", _("日期看不懂，请写成 2026-12-01 这样")))
    history = read_history(code, actor)
    rule = _edition_on(history, day or today, given.get("edition", ""))
    taken = take(request, rule, posted, on=day or today)
    tried = read_tried(rule, posted, texts_of(taken.facts), taken.tellers, on=day or today)
    problems += [*taken.problems, *tried.problems]
    context = {
        "rule": rule,
        "tag": state_tag(rule.state_on(day or today)),
        "on": typed_day,
        "typed": taken.typed,
        "taken": taken,
        "offers_subjects": offers_subjects(rule),
        "inputs": tried.inputs,
        "problems": problems,
        "errors": dict(problems),
        "editions": [one for one in history if not one.held],
        **_outcome(rule, tried, tried_it=posted is not None),
    }
    return render(request, "officer/rules/try.html", context, status=422 if problems else 200)


def _edition_on(history: tuple[RuleView, ...], day: date, edition: str) -> RuleView:
    """Return the edition chosen, else the one in force on a day, else the nearest that counts."""
    return chosen_of(history, edition, day)


def _outcome(rule: RuleView, tried: Tried, *, tried_it: bool) -> dict[str, object]:
    if not tried_it:
        return {"tree": None, "explanation": None, "ways": [], "table": grid_of_rule(rule)}
    explanation = explain_rule(rule, tried.facts)
    return {
        "tree": tree_of(rule, tried.facts),
        "explanation": explanation,
        "table": grid_of_rule(rule),
        "decided": try_table(rule, tried.facts),
        "ways": [] if explanation is None else ways_of(explanation),
    }
