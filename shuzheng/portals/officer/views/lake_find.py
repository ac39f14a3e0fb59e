"""Looking up rows of one table at the desk: no SQL to write, the same plan, masks and log as a query."""

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake import queries as lake
from shuzheng.engines.lake.actions import run_tree
from shuzheng.engines.lake.errors import GrantMissing
from shuzheng.engines.lake.rules.finding import find_tree, is_searchable
from shuzheng.engines.lake.types.reading import Match, QueryAnswer, TablePlan
from shuzheng.engines.lake.types.tables import Table
from shuzheng.portals.officer.lake_answers import answer_of, insert_lines
from shuzheng.portals.officer.lake_words import Words
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.types import CityRequest

ROWS_SHOWN: Final = 100
TEXT_MOST: Final = 200
MATCH_WORDS: Final[Mapping[Match, Words]] = {
    Match.IS: _("等于"),
    Match.BEGINS: _("开头是"),
    Match.HOLDS: _("包含"),
}


@officers
@require_http_methods(["GET", "POST"])
def find(request: CityRequest, code: str) -> HttpResponse:
    """Show rows of a table that hold what is looked for; what was typed is in no address."""
    actor, table = actor_of(request), lake.get_table(code)
    plans = _plans(request, table, actor)
    plan = next(iter(plans.values()))
    given = {name: request.POST.get(name, "").strip()[:TEXT_MOST] for name in ("column", "match", "text", "purpose")}
    [line] = insert_lines({table.code: plans})
    context: dict[str, object] = {
        "table": table,
        "columns": [one for one in line.columns if is_searchable(plan.table.by_name[one.name])],
        "matches": list(MATCH_WORDS.items()),
        "purposes": list(plans),
        "given": given,
        "limit": ROWS_SHOWN,
    }
    if request.method == "GET":
        return render(request, "officer/lake/find.html", context)
    try:
        context["answer"] = answer_of(_found(request, plans.get(given["purpose"], plan), given, actor))
    except ShuzhengError as refused:
        context["problem"] = "。".join(say(refused))
        return render(request, "officer/lake/find.html", context, status=refused.status)
    return render(request, "officer/lake/find.html", context)


def _plans(request: CityRequest, table: Table, actor: Actor) -> Mapping[str, TablePlan]:
    """Return the plans that give single rows.

    Raises:
        GrantMissing: There is none.
    """
    plans = lake.plans_of(table, actor, at=request.at)
    found = {purpose: plan for purpose, plan in plans.items() if not plan.least_group}
    if not found:
        raise GrantMissing(table=table.label)
    return found


def _found(request: CityRequest, plan: TablePlan, given: Mapping[str, str], actor: Actor) -> QueryAnswer:
    match = next((one for one in Match if one == given["match"]), Match.IS)
    tree = find_tree(
        plan.table,
        plan.columns,
        column=given["column"],
        match=match,
        text=given["text"],
        zone=settings.SHUZHENG.zone,
        limit=ROWS_SHOWN + 1,
    )
    return run_tree(tree, actor=actor, purpose=given["purpose"], at=request.at, limit=ROWS_SHOWN)
