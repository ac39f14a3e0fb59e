"""The review of a rule at the desk: a case whose page shows the rule's difference instead of an application."""

from dataclasses import replace
from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuzheng.base.kernel.errors import Conflict, Invalid, Refused
from shuzheng.engines.cases.actions import complete_task
from shuzheng.engines.cases.queries import get_case, get_diagram, get_history
from shuzheng.engines.cases.types import STATE_LABELS, CaseView
from shuzheng.portals.officer.forms import Decision, Problem, blank_decision, find_problems, read_decision
from shuzheng.portals.officer.leading import led_tasks
from shuzheng.portals.officer.presenting import due_tag, soon_on
from shuzheng.portals.officer.review import as_entry, as_task, find_outcome, may_act
from shuzheng.portals.officer.views.rule_changes import proposal_context
from shuzheng.portals.officer.views.rules import today_of
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.rulebook import queries as book
from shuzheng.services.rulebook.types.proposing import PROCESS, ProposalProblem


def is_rule_case(case: CaseView) -> bool:
    """Tell whether a case reviews a rule."""
    return case.process == PROCESS


def show_rule_case(
    request: CityRequest, case: CaseView, decision: Decision | None = None, *, status: int = 200
) -> HttpResponse:
    """Show the difference of the rule, the process, the history, and the decision box of who may decide."""
    actor, today = actor_of(request), today_of(request)
    view = book.get_proposal_of_case(case.id, actor=actor, today=today)
    decision = decision or blank_decision(case.rev)
    diagram = get_diagram(case.id)
    mine = [] if view.why_not else [task for task in case.tasks if may_act(task, actor)]
    context = proposal_context(view) | {
        "case": case,
        "decision": decision,
        "problems": [(problem.at, problem.message) for problem in decision.problems],
        "at": {problem.at: problem.message for problem in decision.problems},
        "my_tasks": [as_task(task, actor) for task in mine],
        "led": led_tasks(case, actor=actor, at=request.at),
        "history": [as_entry(entry) for entry in reversed(get_history(case.id))],
        "done": ",".join(diagram.done),
        "now": ",".join(diagram.now),
        "flow": [step for step in diagram.steps if step.state != "skipped"],
        "due": None if case.state.is_over else _due(case, request),
        "state": tr(STATE_LABELS[case.state]),
        "command_id": uuid4(),
        "opinion_hint": _("退回和不同意时必填；起草的人看得到"),
        "said": _said(request),
    }
    return render(request, "officer/rules/case.html", context, status=status)


def _due(case: CaseView, request: CityRequest) -> object:
    today = today_of(request)
    due_on = next((task.due_on for task in case.tasks), None)
    paused = case.paused_since is not None
    return due_tag(due_on, today=today, paused=paused, soon=soon_on(today))


def _said(request: CityRequest) -> str:
    match request.GET.get("said", ""):
        case "done":
            return str(_("已办。结果已经告诉起草的人。"))
        case "claimed":
            return str(_("已由您认领，同事看得到。"))
        case _:
            return ""


def complete_rule_case(request: CityRequest, case: CaseView, n: int) -> HttpResponse:
    """Complete the review with the button pressed; a refusal is said on the page, nothing typed is lost."""
    decision = read_decision(request.POST)
    outcome = find_outcome(case, n, decision.outcome)
    problems = find_problems(decision, outcome) if outcome else ()
    if problems or not decision.outcome:
        kept = replace(decision, problems=problems, expected_rev=case.rev)
        return show_rule_case(request, case, kept, status=422 if problems else 200)
    try:
        complete_task(
            case.id,
            n,
            decision.outcome,
            given=decision.given,
            command_id=decision.command_id,
            expected_rev=decision.expected_rev,
            actor=actor_of(request),
            at=request.at,
        )
    except (Invalid, Conflict, Refused) as wrong:
        found = [one.message for one in getattr(wrong, "problems", ()) if isinstance(one, ProposalProblem)]
        said = [tr(message) for message in found] or ["。".join(filter(None, say(wrong)))]
        kept = replace(decision, problems=tuple(Problem("", message) for message in said))
        now = get_case(case.number, actor=actor_of(request))
        return show_rule_case(request, now, replace(kept, expected_rev=now.rev), status=wrong.status)
    return HttpResponseRedirect(f"{reverse('officer:case', args=[case.number])}?said=done")
