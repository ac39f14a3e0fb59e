"""The editor of a decision table: a grid that works as a form, and the part of it a script asks for while one types."""

from dataclasses import replace

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.portals.officer.tables import change_table, grid_of, is_step, read_table_typed
from shuzheng.portals.officer.views.rules import read_history
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.rulebook.rules.tables import dump_table, load_table
from shuzheng.services.rulebook.rules.testing import run_rule_tests
from shuzheng.services.rulebook.types import RuleKind, RuleView
from shuzheng.services.rulebook.types.proposing import Draft


def with_table(posted: QueryDict, typed: Draft, rule: RuleView) -> Draft:
    """Return a draft whose text is the grid that was typed; other kinds of rules stay as they are."""
    if rule.kind is not RuleKind.TABLE:
        return typed
    try:
        shown = load_table(typed.text)
    except RuleTextInvalid:
        shown = load_table(rule.text)
    return replace(typed, text=dump_table(read_table_typed(posted, shown)))


def step_table(go: str, typed: Draft) -> tuple[Draft, str]:
    """Return a draft after a button of the grid was pressed, and the input to go on with."""
    changed = change_table(load_table(typed.text), go)
    return replace(typed, text=dump_table(changed.definition)), changed.focus


def table_context(rule: RuleView, typed: Draft, focus: str = "") -> dict[str, object]:
    """Return what the editor of a table shows of its grid: inputs, faults, findings, tests."""
    return {
        "grid": grid_of(load_table(typed.text), rule.schema),
        "focus": focus,
        "tests": run_rule_tests(typed.text, rule.kind, rule.schema, typed.tests, label=typed.label),
    }


@officers
@require_POST
def check_table(request: CityRequest, code: str) -> HttpResponse:
    """Answer the findings of a grid as typed; with a button of the grid, the grid after it too. Nothing is kept."""
    history = read_history(code, actor_of(request))
    edition = request.POST.get("base", "")
    rule = next((one for one in history if str(one.edition) == edition), history[0])
    draft = Draft(text=rule.text, label=request.POST.get("label", ""), tests=request.POST.get("tests", ""))
    typed, focus, go = with_table(request.POST, draft, rule), "", request.POST.get("go", "")
    if is_step(go):
        typed, focus = step_table(go, typed)
    context = {"rule": rule, "typed": typed, "moved": is_step(go), **table_context(rule, typed, focus)}
    return render(request, "officer/rules/_table_answer.html", context)
