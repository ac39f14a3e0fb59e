"""One case at the desk: read it, claim it, decide it; and what happens when a colleague was first."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuzheng.base.access.actions import record_reading
from shuzheng.base.files.queries import open_file
from shuzheng.base.kernel.errors import Conflict, Invalid
from shuzheng.engines.cases.actions import claim_task, complete_task
from shuzheng.engines.cases.errors import CaseChanged, TaskGone
from shuzheng.engines.cases.queries import get_case, get_diagram
from shuzheng.engines.cases.types import CaseView
from shuzheng.portals.officer.checking import PREFIX, check_rows
from shuzheng.portals.officer.forms import (
    Decision,
    Problem,
    blank_decision,
    find_problems,
    read_decision,
)
from shuzheng.portals.officer.page import case_context
from shuzheng.portals.officer.review import Review, find_outcome, open_review, say_last
from shuzheng.portals.officer.views.rule_cases import complete_rule_case, is_rule_case, show_rule_case
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.held import typed_fields
from shuzheng.portals.shell.ids import read_uuid
from shuzheng.portals.shell.sending import send_bytes, send_file
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items.actions import record_checks
from shuzheng.services.items.errors import CheckWrong
from shuzheng.services.items.queries import get_application_file

PURPOSE_MAX = 60
OUTCOME_NAMES = {
    "accept": "受理",
    "supplement": "要求补正",
    "not_accept": "不予受理",
    "grant": "准予许可",
    "refuse": "不予许可",
}
"""Usual names, for an outcome whose task is gone."""


@officers
@require_safe
def case_page(request: CityRequest, number: str) -> HttpResponse:
    """Show the case; `?paper=` chooses the paper in the middle."""
    case = get_case(number, actor=actor_of(request))
    if is_rule_case(case):
        return show_rule_case(request, case)
    review = open_review(number, actor=actor_of(request), at=request.at)
    return _show(request, review, blank_decision(review.case.rev))


@officers
@require_http_methods(["GET", "POST"])
def complete(request: CityRequest, number: str, n: int) -> HttpResponse:
    """Complete a task with the outcome of the button pressed.

    Without one, and after a sign-in in the middle of it, show the page again with what was typed.
    """
    actor = actor_of(request)
    if request.method == "GET":
        return _give_back(request, number)
    case = get_case(number, actor=actor)
    return complete_rule_case(request, case, n) if is_rule_case(case) else _complete(request, case, n)


def _complete(request: CityRequest, case: CaseView, n: int) -> HttpResponse:
    actor, number = actor_of(request), case.number
    decision = read_decision(request.POST)
    if not decision.outcome:
        return _show_again(request, number, replace(decision, expected_rev=case.rev))
    outcome = find_outcome(case, n, decision.outcome)
    problems = find_problems(decision, outcome) if outcome else ()
    if problems:
        return _show_again(request, number, replace(decision, problems=problems))
    try:
        complete_task(
            case.id,
            n,
            decision.outcome,
            given=decision.given,
            command_id=decision.command_id,
            expected_rev=decision.expected_rev,
            actor=actor,
            at=request.at,
        )
    except (TaskGone, CaseChanged) as first:
        return _show_conflict(request, number, decision, first)
    except (Invalid, Conflict) as wrong:
        said = "。".join(filter(None, say(wrong)))
        return _show_again(request, number, replace(decision, problems=(Problem("", said),)), status=wrong.status)
    return HttpResponseRedirect(f"{reverse('officer:case', args=[number])}?said=done")


@officers
@require_http_methods(["GET", "POST"])
def claim(request: CityRequest, number: str) -> HttpResponse:
    """Claim a task, or take it over from a colleague."""
    if request.method == "GET":
        return HttpResponseRedirect(reverse("officer:case", args=[number]))
    actor = actor_of(request)
    case = get_case(number, actor=actor)
    task_n = request.POST.get("task", "")
    command_id = read_uuid(request.POST.get("command_id", ""))
    claim_task(case.id, int(task_n) if task_n.isdecimal() else 0, command_id=command_id, actor=actor, at=request.at)
    return HttpResponseRedirect(f"{reverse('officer:case', args=[number])}?said=claimed")


@officers
@require_http_methods(["GET", "POST"])
def check(request: CityRequest, number: str) -> HttpResponse:
    """Write down what was found out about the conditions."""
    sent = request.held if request.method == "GET" else typed_fields(request)
    typed = {
        name.removeprefix(PREFIX): "".join(values[-1:]) for name, values in sent.items() if name.startswith(PREFIX)
    }
    basis = "".join(sent.get("basis", ()))
    actor = actor_of(request)
    if request.method == "GET":
        return _show_checks(request, number, typed, basis, {}) if typed else _to_case(number)
    command = read_uuid(request.POST.get("command_id", ""))
    try:
        record_checks(number, typed, basis=basis, command_id=command, actor=actor, at=request.at)
    except CheckWrong as wrong:
        return _show_checks(request, number, typed, basis, {name: tr(said) for name, said in wrong.problems.items()})
    return HttpResponseRedirect(f"{reverse('officer:case', args=[number])}?said=checked#conditions")


def _to_case(number: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("officer:case", args=[number]))


def _show_checks(
    request: CityRequest, number: str, typed: Mapping[str, str], basis: str, problems: Mapping[str, str]
) -> HttpResponse:
    review = open_review(number, actor=actor_of(request), at=request.at)
    context = case_context(request, review, blank_decision(review.case.rev), full=False) | {
        "checks": check_rows(review.to_check, typed=typed, problems=problems),
        "basis": basis,
        "basis_error": problems.get("basis", ""),
        "checking": True,
    }
    return render(request, "officer/case.html", context, status=422 if problems else 200)


@officers
@require_http_methods(["GET", "POST"])
def reveal(request: CityRequest, number: str) -> HttpResponse:
    """Show identity and mobile numbers in full, once the purpose stands in the reader log."""
    if request.method == "GET":
        return HttpResponseRedirect(reverse("officer:case", args=[number]))
    actor = actor_of(request)
    purpose = request.POST.get("purpose", "").strip()[:PURPOSE_MAX]
    review = open_review(number, actor=actor, at=request.at)
    decision = blank_decision(review.case.rev)
    if not purpose:
        problem = _("请写明用来做什么，例如：电话约现场核查的时间")
        return _show(request, review, decision, purpose_problem=problem, status=422)
    record_reading(
        actor,
        subject=review.case.applicant,
        resource=review.case.urn,
        what="完整的证件号码、电话和住址",
        purpose=purpose,
        at=request.at,
    )
    return _show(request, review, decision, full=True)


@officers
@require_safe
def process(request: CityRequest, number: str) -> HttpResponse:
    """Send the process drawing of a case."""
    case = get_case(number, actor=actor_of(request))
    return send_bytes(get_diagram(case.id).xml.encode(), name=f"{number}.bpmn", media_type="application/xml")


@officers
@require_safe
def case_file(request: CityRequest, number: str, file_id: UUID) -> HttpResponse:
    """Send a file that was given with the case."""
    actor = actor_of(request)
    found = get_application_file(get_case(number, actor=actor).id, file_id, actor=actor, at=request.at)
    return send_file(open_file(found.id), name=found.name, media_type=found.media_type, size_bytes=found.size_bytes)


def _give_back(request: CityRequest, number: str) -> HttpResponse:
    if not request.held or is_rule_case(get_case(number, actor=actor_of(request))):
        return HttpResponseRedirect(reverse("officer:case", args=[number]))
    typed = QueryDict(mutable=True)
    for name, values in request.held.items():
        typed.setlist(name, list(values))
    review = open_review(number, actor=actor_of(request), at=request.at)
    fresh = blank_decision(review.case.rev)
    decision = replace(read_decision(typed), command_id=fresh.command_id, expected_rev=fresh.expected_rev)
    return _show(request, review, decision)


def _show_again(request: CityRequest, number: str, decision: Decision, *, status: int = 422) -> HttpResponse:
    review = open_review(number, actor=actor_of(request), at=request.at)
    return _show(request, review, decision, status=status if decision.problems else 200)


def _show(
    request: CityRequest,
    review: Review,
    decision: Decision,
    *,
    full: bool = False,
    purpose_problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = case_context(request, review, decision, full=full) | {"purpose_problem": purpose_problem}
    return render(request, "officer/case.html", context, status=status)


def _show_conflict(request: CityRequest, number: str, mine: Decision, first: Conflict) -> HttpResponse:
    """Say who did what when, side by side with what the officer wrote, which is kept."""
    review = open_review(number, actor=actor_of(request), at=request.at)
    context = {
        "case": review.case,
        "said": say_last(review) or say(first)[0],
        "mine": mine,
        "kept": "\n".join(filter(None, (*mine.all_reasons, mine.opinion))),
        "mine_outcome": _name_of(review, mine.outcome),
        "mine_papers": "、".join(paper.name for paper in review.papers if paper.seq in mine.papers),
        "last": review.last,
        "last_papers": "、".join(p.name for p in review.papers if review.last and p.seq in review.last.papers),
        "next_task": review.my_tasks[0] if review.my_tasks else None,
    }
    return render(request, "officer/conflict.html", context, status=first.status)


def _name_of(review: Review, outcome: str) -> str:
    """Return the name of an outcome that may no longer be on offer: its id when nothing names it."""
    offered = {button.id: button.name for task in review.my_tasks for button in task.outcomes}
    return offered.get(outcome, tr(OUTCOME_NAMES.get(outcome, outcome)))
