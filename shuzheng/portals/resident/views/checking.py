"""The last look: every answer with a link to change it, every paper, the two dates to come; then submit, once."""

from datetime import date
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from shuzheng.base.directory.queries import working_days
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.cases.rules.clocks import ProofTexts, estimate_decision, prove_clock, start_clock
from shuzheng.portals.resident.forms import steps_of
from shuzheng.portals.resident.views.filling import case_of
from shuzheng.portals.shell.answers import SectionRows, read_answers
from shuzheng.portals.shell.deadlines import Deadline, read_deadlines
from shuzheng.portals.shell.guards import actor_of, residents
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items import actions, queries as items
from shuzheng.services.items.errors import DraftClosed, Incomplete
from shuzheng.services.items.rules.units import item_here
from shuzheng.services.items.types import (
    ACCEPTANCE_DAYS,
    DraftState,
    DraftView,
    FieldProblem,
    FormSpec,
    ItemView,
    PaperProblem,
)


@residents
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: CityRequest, draft_id: UUID) -> HttpResponse:
    """Show the whole application, or submit it; pressed twice, it is one case."""
    actor = actor_of(request)
    draft = items.get_draft(draft_id, actor=actor, at=request.at)
    if request.method == "POST":
        return _submit(request, draft, actor)
    if draft.state is not DraftState.OPEN:
        return case_of(draft)
    return _show(request, draft, actor)


def _submit(request: CityRequest, draft: DraftView, actor: Actor) -> HttpResponse:
    try:
        command = UUID(request.POST.get("command_id", ""))
    except ValueError:
        command = uuid4()
    try:
        case = actions.submit_draft(draft.id, command_id=command, actor=actor, at=request.at)
    except DraftClosed:
        return case_of(draft)
    except Incomplete:
        return _show(request, draft, actor, status=422)
    return HttpResponseRedirect(reverse("resident:done", args=[case.number]))


def _show(request: CityRequest, draft: DraftView, actor: Actor, *, status: int = 200) -> HttpResponse:
    asked = items.foresee_draft(draft.id, actor=actor, at=request.at)
    form = asked.form or items.get_draft_form(draft.id, actor=actor, at=request.at)
    steps = steps_of(form, now=1)
    problems = items.check_draft(draft.id, actor=actor, at=request.at)
    today = local_date(request.at, settings.SHUZHENG.zone)
    content = {
        "draft": draft,
        "item": draft.item,
        "steps": steps_of(form, now=len(steps)),
        "sections": _sections(form, draft),
        "failing": asked.failing,
        "papers": items.list_papers(draft.id, actor=actor, at=request.at),
        "problems": _links(draft, form, problems),
        "deadlines": expected_deadlines(item_here(draft.item, draft.unit), today=today),
        "command_id": uuid4(),
    }
    return render(request, "resident/apply/check.html", content, status=status)


@residents
@require_safe
def resume(request: CityRequest, draft_id: UUID) -> HttpResponse:
    """Go on with a draft: at the first step that is not complete, then the papers, then the check."""
    actor = actor_of(request)
    draft = items.get_draft(draft_id, actor=actor, at=request.at)
    if draft.state is not DraftState.OPEN:
        return case_of(draft)
    problems = items.check_draft(draft_id, actor=actor, at=request.at)
    sections = [problem.section for problem in problems if isinstance(problem, FieldProblem)]
    if sections:
        numbers = _numbers(items.get_draft_form(draft_id, actor=actor, at=request.at))
        return HttpResponseRedirect(reverse("resident:step", args=[draft.id, numbers[min(sections)]]))
    return HttpResponseRedirect(reverse("resident:papers" if problems else "resident:check", args=[draft.id]))


def _numbers(form: FormSpec) -> dict[int, int]:
    """Return the number of the step that fills each section."""
    return {step.section: step.n for step in steps_of(form, now=1) if step.section is not None}


def _sections(form: FormSpec, draft: DraftView) -> list[tuple[int, SectionRows]]:
    """Return the answered sections, each with the number of its step."""
    return list(zip(_numbers(form).values(), read_answers(form, draft.answers, masked=False), strict=True))


def _links(
    draft: DraftView, form: FormSpec, problems: tuple[FieldProblem | PaperProblem, ...]
) -> list[tuple[str, str]]:
    """Return each problem with the address where it is put right."""
    numbers = _numbers(form)
    linked = []
    for problem in problems:
        if isinstance(problem, FieldProblem):
            url = reverse("resident:step", args=[draft.id, numbers.get(problem.section, 1)])
            linked.append((f"{url}?problems=1#{problem.field}", tr(problem.message)))
        else:
            url = reverse("resident:papers", args=[draft.id])
            linked.append((f"{url}?problems=1#paper-{problem.seq}", tr(problem.message)))
    return linked


def expected_deadlines(item: ItemView, *, today: date) -> tuple[Deadline, ...]:
    """Return the two dates an application of today would have: acceptance, and the decision after it."""
    days = working_days()
    texts = ProofTexts(law=item.legal_basis, legal_days=item.legal_days)
    acceptance = start_clock("acceptance", ACCEPTANCE_DAYS, today, days)
    proofs = [prove_clock(acceptance, today=today, days=days, texts=texts)]
    if item.promised_days:
        proofs.append(estimate_decision(acceptance, item.promised_days, today=today, days=days, texts=texts))
    return read_deadlines(proofs, today=today)
