"""Filling in: one step a page, then the papers. Everything typed is saved, right or wrong."""

from collections.abc import Sequence
from io import BytesIO
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuzheng.base.files import queries as files
from shuzheng.base.files.actions import draw_preview, screen_upload
from shuzheng.base.files.errors import ScannerDown
from shuzheng.base.kernel.errors import Invalid, TooLarge
from shuzheng.base.kernel.types import Actor
from shuzheng.portals.resident.forms import FieldRow, Step, rows_of, steps_of
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, residents
from shuzheng.portals.shell.held import typed_fields
from shuzheng.portals.shell.sending import send_file, send_preview
from shuzheng.portals.shell.templatetags.wording import hour, tr
from shuzheng.portals.shell.types import CityRequest, TypedFields
from shuzheng.services.items import actions, queries as items
from shuzheng.services.items.errors import Difference, DraftChanged, SectionNotFound
from shuzheng.services.items.types import DraftState, DraftView, FieldProblem, Foreseen, FormSpec, PaperState


def case_of(draft: DraftView) -> HttpResponse:
    """Send somebody with an old page of a submitted draft to the case it became."""
    return HttpResponseRedirect(reverse("resident:case", args=[draft.case_number]))


@residents
@require_http_methods(["GET", "HEAD", "POST"])
def fill_step(request: CityRequest, draft_id: UUID, step: int) -> HttpResponse:
    """Show or save one step of the form."""
    actor = actor_of(request)
    draft = items.get_draft(draft_id, actor=actor, at=request.at)
    if draft.state is not DraftState.OPEN:
        return case_of(draft)
    if request.method == "POST":
        here = _step(items.get_draft_form(draft_id, actor=actor, at=request.at), step)
        return _save_step(request, draft, here)
    asked = items.foresee_draft(draft_id, actor=actor, at=request.at)
    here = _step(_form(asked), step)
    if request.held:
        return _show_step(request, draft, asked, here, rows=_rows(draft, asked, here, typed=request.held), held=True)
    problems = _problems_of(request, draft, here) if "problems" in request.GET else ()
    rows = _rows(draft, asked, here, problems=problems)
    return _show_step(request, draft, asked, here, rows=rows, problems=problems)


def _form(asked: Foreseen) -> FormSpec:
    if asked.form is None:
        raise SectionNotFound
    return asked.form


def _step(form: FormSpec, n: int) -> Step:
    steps = steps_of(form, now=n)
    found = next((step for step in steps if step.n == n and step.section is not None), None)
    if found is None:
        raise SectionNotFound
    return found


def _rows(
    draft: DraftView,
    asked: Foreseen,
    here: Step,
    *,
    problems: Sequence[FieldProblem] = (),
    typed: TypedFields | None = None,
) -> tuple[FieldRow, ...]:
    return rows_of(_form(asked).sections[here.section or 0], draft.answers, problems=problems, typed=typed)


def _problems_of(request: CityRequest, draft: DraftView, here: Step) -> tuple[FieldProblem, ...]:
    found = items.check_draft(draft.id, actor=actor_of(request), at=request.at)
    return tuple(p for p in found if isinstance(p, FieldProblem) and p.section == here.section)


def _save_step(request: CityRequest, draft: DraftView, here: Step) -> HttpResponse:
    typed = typed_fields(request)
    rev = request.POST.get("rev", "")
    try:
        saved, problems, asked = actions.save_section(
            draft.id,
            here.section or 0,
            typed,
            actor=actor_of(request),
            at=request.at,
            expected_rev=int(rev) if rev.isdecimal() else None,
        )
    except DraftChanged as conflict:
        asked = items.foresee_draft(draft.id, actor=actor_of(request), at=request.at)
        rows = _rows(draft, asked, here, typed=typed)
        return _show_step(request, draft, asked, here, rows=rows, conflict=conflict)
    if request.POST.get("go") == "auto":  # the page saves as it is typed; what is wrong is told when the step is left
        return _tell(request, saved, asked)
    if request.POST.get("go") == "draft":
        return _show_step(request, saved, asked, here, rows=_rows(saved, asked, here), saved=True)
    if problems:
        rows = _rows(saved, asked, here, problems=problems)
        return _show_step(request, saved, asked, here, rows=rows, problems=problems)
    return HttpResponseRedirect(_next(saved, _form(asked), here))


def _tell(request: CityRequest, draft: DraftView, asked: Foreseen) -> HttpResponse:
    """Tell the page what it still has to ask and what will not do, each time it saved by itself."""
    said = render_to_string("resident/apply/_foreseen.html", {"failing": asked.failing}, request)
    fields = [spec for spec in _form(asked).fields() if spec.asked]
    return JsonResponse(
        {
            "rev": draft.rev,
            "at": hour(draft.saved_at),
            "foreseen": said,
            "skipped": sorted(asked.skipped),
            "required": sorted(spec.name for spec in fields if spec.required),
        }
    )


def _next(draft: DraftView, form: FormSpec, here: Step) -> str:
    following = steps_of(form, now=here.n)[here.n]
    if following.section is None:
        return reverse("resident:papers", args=[draft.id])
    return reverse("resident:step", args=[draft.id, following.n])


def _show_step(
    request: CityRequest,
    draft: DraftView,
    asked: Foreseen,
    here: Step,
    *,
    rows: tuple[FieldRow, ...],
    problems: Sequence[FieldProblem] = (),
    conflict: DraftChanged | None = None,
    saved: bool = False,
    held: bool = False,
) -> HttpResponse:
    differences: tuple[Difference, ...] = conflict.differences if conflict else ()
    content = {
        "draft": draft,
        "item": draft.item,
        "steps": steps_of(_form(asked), now=here.n),
        "failing": asked.failing,
        "here": here,
        "previous": here.n - 1,
        "rows": rows,
        "prefilled": any(row.source for row in rows),
        "problems": [(problem.field, tr(problem.message)) for problem in problems],
        "papers": items.list_papers(draft.id, actor=actor_of(request), at=request.at),
        "rev": conflict.rev if conflict else draft.rev,
        "differences": differences,
        "saved": saved,
        "held": held,
    }
    status = 409 if conflict else 422 if problems and request.method == "POST" else 200
    return render(request, "resident/apply/step.html", content, status=status)


@residents
@require_http_methods(["GET", "HEAD", "POST"])
def give_papers(request: CityRequest, draft_id: UUID) -> HttpResponse:
    """Upload papers, or take one back; waived ones are shown with why."""
    actor = actor_of(request)
    draft = items.get_draft(draft_id, actor=actor, at=request.at)
    if draft.state is not DraftState.OPEN:
        return case_of(draft)
    if request.method == "POST":
        return _take_papers(request, draft, actor)
    return _show_papers(request, draft, _missing(request, draft) if "problems" in request.GET else {})


def _take_papers(request: CityRequest, draft: DraftView, actor: Actor) -> HttpResponse:
    here = HttpResponseRedirect(reverse("resident:papers", args=[draft.id]))
    removed = request.POST.get("remove", "")
    if removed.isdecimal():
        actions.remove_paper(draft.id, int(removed), actor=actor, at=request.at)
        return here
    problems = _attach(request, draft, actor)
    going_on = request.POST.get("go") == "next"
    if going_on and not problems:
        problems = _missing(request, draft)
    if problems:
        return _show_papers(request, draft, problems)
    return HttpResponseRedirect(reverse("resident:check", args=[draft.id])) if going_on else here


def _attach(request: CityRequest, draft: DraftView, actor: Actor) -> dict[int, str]:
    """Take every file that is right; return what is wrong with the others, by material."""
    problems: dict[int, str] = {}
    for field, upload in request.FILES.items():
        seq = field.removeprefix("paper-")
        if not seq.isdecimal() or not isinstance(upload, UploadedFile):
            continue
        content, name = BytesIO(upload.read()), upload.name or _("文件")
        try:
            screen_upload(content, at=request.at)
            actions.attach_paper(draft.id, int(seq), content, name, actor=actor, at=request.at)
        except (Invalid, TooLarge, ScannerDown) as refusal:
            problems[int(seq)] = "。".join(filter(None, say(refusal)))
    return problems


def _missing(request: CityRequest, draft: DraftView) -> dict[int, str]:
    waiting = {PaperState.TO_GIVE, PaperState.REJECTED}
    return {
        paper.seq: _("请上传%(name)s") % {"name": paper.label or paper.name}
        for paper in items.list_papers(draft.id, actor=actor_of(request), at=request.at)
        if paper.required and paper.state in waiting
    }


def _show_papers(request: CityRequest, draft: DraftView, problems: dict[int, str]) -> HttpResponse:
    actor = actor_of(request)
    papers = items.list_papers(draft.id, actor=actor, at=request.at)
    form = items.get_draft_form(draft.id, actor=actor, at=request.at)
    total = len(steps_of(form, now=1))
    content = {
        "draft": draft,
        "item": draft.item,
        "steps": steps_of(form, now=total - 1),
        "previous": total - 2,
        "upload": [(paper, problems.get(paper.seq, "")) for paper in papers if paper.may_upload and paper.required],
        "maybe": [(paper, problems.get(paper.seq, "")) for paper in papers if paper.may_upload and not paper.required],
        "maybe_wrong": any(paper.seq in problems for paper in papers if not paper.required),
        "settled": [paper for paper in papers if not paper.may_upload],
        "problems": [(f"paper-{seq}", message) for seq, message in sorted(problems.items())],
    }
    return render(request, "resident/apply/papers.html", content, status=422 if problems and request.POST else 200)


@residents
@require_safe
def preview_paper(request: CityRequest, draft_id: UUID, seq: int) -> HttpResponse:
    """Show the applicant a small picture of a file they gave."""
    return send_preview(draw_preview(items.get_draft_file(draft_id, seq, actor=actor_of(request), at=request.at).id))


@residents
@require_safe
def open_paper(request: CityRequest, draft_id: UUID, seq: int) -> HttpResponse:
    """Show the applicant a file they gave."""
    file = items.get_draft_file(draft_id, seq, actor=actor_of(request), at=request.at)
    content = files.open_file(file.id)
    return send_file(content, name=file.name, media_type=file.media_type, size_bytes=file.size_bytes)
