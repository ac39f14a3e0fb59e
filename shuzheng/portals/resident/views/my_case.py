"""One case of mine: what I must do first, the way so far, the dates; answer a supplement, withdraw, rate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuzheng.base.files.actions import screen_upload
from shuzheng.base.files.errors import ScannerDown
from shuzheng.base.files.queries import open_file as read_file
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.errors import Invalid, ShuzhengError, TooLarge
from shuzheng.engines.cases.actions import withdraw_case
from shuzheng.engines.cases.queries import get_case, get_deadlines, get_diagram, get_history
from shuzheng.engines.cases.types import CaseState, CaseView, HistoryView
from shuzheng.engines.credentials.queries import find_licences_of_case
from shuzheng.portals.resident.letters import CaseFile, write_letters
from shuzheng.portals.resident.mine import say_case
from shuzheng.portals.resident.remedies import remedies_against
from shuzheng.portals.resident.timeline import last_request, read_timeline
from shuzheng.portals.shell.answers import read_answers
from shuzheng.portals.shell.deadlines import current, read_deadlines
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, residents
from shuzheng.portals.shell.ids import read_uuid
from shuzheng.portals.shell.sending import send_bytes, send_file
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.feedback.actions import rate_case
from shuzheng.services.feedback.queries import find_rating
from shuzheng.services.feedback.types import LEVEL_LABELS
from shuzheng.services.items.actions import supplement_case
from shuzheng.services.items.queries import get_application, get_application_file
from shuzheng.services.items.types import PaperView, Upload

NOTE_MAX = 500
REASON_MAX = 200
LEVELS = tuple((int(level), label) for level, label in LEVEL_LABELS.items())
DISAPPOINTING = frozenset({"refused", "not_accepted", "lapsed"})


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed in a form of the page, and what is wrong with it."""

    form: str = ""
    note: str = ""
    reason: str = ""
    level: str = ""
    comment: str = ""
    problems: tuple[tuple[str, str], ...] = ()


@residents
@require_safe
def show_case(request: CityRequest, number: str) -> HttpResponse:
    """Show the case."""
    return _show(request, number, Typed())


@residents
@require_http_methods(["GET", "POST"])
def supplement(request: CityRequest, number: str) -> HttpResponse:
    """Give the papers that were asked for, or say why not."""
    if request.method == "GET":
        return _give_back(request, number, "supplement")
    files = {
        int(field.removeprefix("paper-")): Upload(BytesIO(upload.read()), upload.name or "")
        for field in request.FILES
        if field.removeprefix("paper-").isdecimal() and isinstance(upload := request.FILES[field], UploadedFile)
    }
    note = request.POST.get("note", "").strip()
    try:
        for given in files.values():
            screen_upload(given.content, at=request.at)
        supplement_case(
            number,
            files,
            note=note,
            command_id=read_uuid(request.POST.get("command_id", "")),
            actor=actor_of(request),
            at=request.at,
        )
    except (Invalid, TooLarge, ScannerDown) as wrong:
        return _show_again(request, number, Typed("supplement", note=note), wrong, at="supplement")
    return _done(number, "supplemented")


@residents
@require_http_methods(["GET", "POST"])
def withdraw(request: CityRequest, number: str) -> HttpResponse:
    """Withdraw the application."""
    if request.method == "GET":
        return _give_back(request, number, "withdraw")
    reason = request.POST.get("reason", "").strip()[:REASON_MAX]
    case = get_case(number, actor=actor_of(request))
    try:
        withdraw_case(
            case.id,
            reason=reason,
            command_id=read_uuid(request.POST.get("command_id", "")),
            actor=actor_of(request),
            at=request.at,
        )
    except Invalid as wrong:
        return _show_again(request, number, Typed("withdraw", reason=reason), wrong, at="reason")
    return _done(number, "withdrawn")


@residents
@require_http_methods(["GET", "POST"])
def rate(request: CityRequest, number: str) -> HttpResponse:
    """Rate the case once."""
    if request.method == "GET":
        return _give_back(request, number, "rate")
    level, comment = request.POST.get("level", ""), request.POST.get("comment", "").strip()
    typed = Typed("rate", level=level, comment=comment)
    if level not in {str(value) for value, _name in LEVELS}:
        problem = ("level", _("请选一个满意程度，例如“满意”"))
        return _show(request, number, Typed("rate", comment=comment, problems=(problem,)), status=422)
    try:
        rate_case(number, int(level), comment=comment, actor=actor_of(request), at=request.at)
    except Invalid as wrong:
        return _show_again(request, number, typed, wrong, at="comment")
    return _done(number, "rated")


@residents
@require_safe
def process(request: CityRequest, number: str) -> HttpResponse:
    """Send the process drawing of the case."""
    case = get_case(number, actor=actor_of(request))
    return send_bytes(get_diagram(case.id).xml.encode(), name=f"{number}.bpmn", media_type="application/xml")


@residents
@require_safe
def open_file(request: CityRequest, number: str, file_id: UUID) -> HttpResponse:
    """Send a file that was given with the case."""
    actor = actor_of(request)
    found = get_application_file(get_case(number, actor=actor).id, file_id, actor=actor, at=request.at)
    return send_file(read_file(found.id), name=found.name, media_type=found.media_type, size_bytes=found.size_bytes)


def _done(number: str, said: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('resident:case', args=[number])}?said={said}")


def _give_back(request: CityRequest, number: str, form: str) -> HttpResponse:
    """Show the page again after a sign-in in the middle of a form, with what was typed."""
    if not request.held:
        return HttpResponseRedirect(reverse("resident:case", args=[number]))
    kept = {name: "".join(values) for name, values in request.held.items()}
    typed = Typed(form, kept.get("note", ""), kept.get("reason", ""), kept.get("level", ""), kept.get("comment", ""))
    return _show(request, number, typed)


def _show_again(request: CityRequest, number: str, typed: Typed, wrong: ShuzhengError, *, at: str) -> HttpResponse:
    said = "。".join(filter(None, say(wrong)))
    kept = Typed(typed.form, typed.note, typed.reason, typed.level, typed.comment, ((at, said),))
    return _show(request, number, kept, status=wrong.status)


def _show(request: CityRequest, number: str, typed: Typed, *, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    case = get_case(number, actor=actor)
    application = get_application(case.id, actor=actor, at=request.at)
    history = get_history(case.id)
    today = local_date(request.at, settings.SHUZHENG.zone)
    proofs = get_deadlines(case.id, at=request.at)
    deadlines = read_deadlines(proofs, today=today)
    licences = find_licences_of_case(case.id, at=request.at) if case.state.is_over else ()
    names = {paper.seq: paper.name for paper in application.papers}
    context = {
        "case": case,
        "line": say_case(case),
        "unit": application.unit,
        "timeline": read_timeline(case, history, get_diagram(case.id).steps, names),
        "deadlines": deadlines,
        "current": current(deadlines),
        "today": today,
        "sections": read_answers(application.form, application.answers, masked=False),
        "papers": application.papers,
        "waived": sum(paper.state == "waived" for paper in application.papers),
        "notes": application.notes,
        "typed": typed,
        "problems": list(typed.problems),
        "at": dict(typed.problems),
        "command_id": uuid4(),
        "letters": write_letters(CaseFile(case, history, application, proofs, licences)),
        "licences": licences,
        "said": _said(request.GET.get("said", "")),
    }
    context |= _to_do(case, history, application.papers) | _result(case, history)
    return render(request, "resident/my/case.html", context, status=status)


def _to_do(case: CaseView, history: Sequence[HistoryView], papers: Sequence[PaperView]) -> dict[str, object]:
    """Return what the applicant must do now, empty when nothing."""
    task = next((task for task in case.tasks if task.org is None), None)
    asked = last_request(history)
    if task is None or asked is None:
        return {"task": None}
    wanted = [paper for paper in papers if paper.seq in asked.papers]
    return {"task": task, "asked": asked, "wanted": wanted}


def _result(case: CaseView, history: Sequence[HistoryView]) -> dict[str, object]:
    """Return what came out of a closed case: licences, reasons and remedies, the rating."""
    if not case.state.is_over or case.closed_at is None:
        return {"closed": False}
    decided = next((entry for entry in reversed(history) if entry.org is not None and entry.outcome), None)
    found: dict[str, object] = {"closed": True, "decided": decided}
    if case.state is CaseState.DONE:
        found |= {"rating": find_rating(case.id), "levels": LEVELS}
    if case.state is CaseState.DONE and case.result in DISAPPOINTING:
        found["remedies"] = _remedies(case)
    return found


def _remedies(case: CaseView) -> object:
    decider = case.parts["window" if case.result == "not_accepted" and "window" in case.parts else "decider"]
    on = local_date(case.closed_at, settings.SHUZHENG.zone) if case.closed_at else None
    return remedies_against(decider, decided_on=on) if on else None


def _said(said: str) -> str:
    known: Mapping[str, str] = {
        "supplemented": _("补正已经提交。工作人员会接着办，期限从下一个工作日起接着算。"),
        "withdrawn": _("申请已经撤回。"),
        "rated": _("谢谢您的评价。"),
        "submitted": _("申请已经提交，我们会在下面的期限内办。"),
    }
    return known.get(said, "")
