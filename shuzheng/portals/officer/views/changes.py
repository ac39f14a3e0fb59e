"""One change: its editor, its differences and history, and the steps of submitting and reviewing it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TypedDict
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.errors import Conflict, Invalid
from shuzheng.base.kernel.types import Actor
from shuzheng.portals.officer.changing import clash_rows, difference_rows, editor_page, state_tag
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.ids import read_uuid
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items.actions.changing import (
    approve_change,
    drop_change,
    return_change,
    save_change,
    submit_change,
)
from shuzheng.services.items.errors import ChangeUnfit, ItemMoved
from shuzheng.services.items.queries import changing as items
from shuzheng.services.items.rules.changing.fields import read_day
from shuzheng.services.items.types.changing import CHANGE_ACT_LABELS, ChangeProblem, ChangeState, ChangeView, Editor

Posted = Mapping[str, Sequence[str]]


class About(TypedDict, total=False):
    """What an editor is about: one of the three."""

    item: str
    unit: str
    change_id: UUID


class Given(TypedDict):
    """What every step of a change is told."""

    expected_rev: int | None
    command_id: UUID
    actor: Actor
    at: datetime


WORDS_MOST = 1000
LATER = frozenset({"", "reason"})
"""Fields that are asked for only when the change is submitted."""


@officers
@require_http_methods(["GET", "POST"])
def change_item(request: CityRequest, code: str) -> HttpResponse:
    """Write a new change of an item."""
    return _edit(request, {"item": code}, reverse("officer:item", args=[code]))


@officers
@require_http_methods(["GET", "POST"])
def change_unit(request: CityRequest, unit: str) -> HttpResponse:
    """Write a new change of an implementing item."""
    return _edit(request, {"unit": unit}, reverse("officer:item", args=[unit[19:] or "0"]))


@officers
@require_http_methods(["GET", "POST"])
def edit_change(request: CityRequest, change_id: UUID) -> HttpResponse:
    """Write on a draft or on what was sent back."""
    if request.method == "GET" and not _may_write(request, change_id):
        return HttpResponseRedirect(reverse("officer:change", args=[change_id]))
    return _edit(request, {"change_id": change_id}, reverse("officer:change", args=[change_id]))


def _may_write(request: CityRequest, change_id: UUID) -> bool:
    return items.get_change(change_id, actor=actor_of(request)).may_edit


def _edit(request: CityRequest, about: About, back: str) -> HttpResponse:
    if request.method == "GET":
        editor = _editor(request, about, request.held or None)
        return _show_editor(request, editor, back, typed=request.held)
    posted = _lists(request.POST)
    if request.POST.get("go") == "show":
        return _show_editor(request, _editor(request, about, posted), back, typed=posted)
    return _save(request, about, posted, back)


def _lists(posted: QueryDict) -> dict[str, list[str]]:
    return {name: posted.getlist(name) for name in posted}


def _editor(request: CityRequest, about: About, raw: Posted | None) -> Editor:
    return items.get_editor(actor=actor_of(request), raw=raw, **about)


def _save(request: CityRequest, about: About, posted: Posted, back: str) -> HttpResponse:
    try:
        view, problems = save_change(
            posted,
            base=_number(request.POST.get("base", "")) or 0,
            expected_rev=_number(request.POST.get("rev", "")),
            command_id=read_uuid(request.POST.get("command_id", "")),
            actor=actor_of(request),
            at=request.at,
            **about,
        )
    except ItemMoved as moved:
        return _show_moved(request, moved, posted)
    except Conflict as first:
        said = [ChangeProblem("", "。".join(filter(None, say(first))))]
        return _show_editor(
            request, _editor(request, about, posted), back, typed=posted, problems=said, status=first.status
        )
    return _saved(request, view, posted, problems)


def _saved(request: CityRequest, view: ChangeView, posted: Posted, problems: tuple[ChangeProblem, ...]) -> HttpResponse:
    """Go on after saving: to review, back to the editor with what is wrong, or back to it with a word of thanks."""
    page = reverse("officer:change", args=[view.id])
    submitting = request.POST.get("go") == "submit"
    wrong = problems if submitting else tuple(problem for problem in problems if problem.field not in LATER)
    if not wrong and submitting:
        submit_change(view.id, expected_rev=view.rev, command_id=uuid4(), actor=actor_of(request), at=request.at)
        return HttpResponseRedirect(f"{page}?said=submitted")
    if not wrong:
        return HttpResponseRedirect(f"{reverse('officer:change_edit', args=[view.id])}?said=saved")
    editor = _editor(request, {"change_id": view.id}, posted)
    return _show_editor(request, editor, page, typed=posted, problems=wrong, saved=True, status=422)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _show_editor(
    request: CityRequest,
    editor: Editor,
    back: str,
    *,
    typed: Posted | None = None,
    problems: Sequence[ChangeProblem] = (),
    saved: bool = False,
    status: int = 200,
) -> HttpResponse:
    typed = typed or {}
    action = request.path if editor.change is None else reverse("officer:change_edit", args=[editor.change])
    context = {
        "editor": editor,
        "page": editor_page(editor, problems),
        "action": action,
        "back": back,
        "command_id": uuid4(),
        "problems": [(problem.field, tr(problem.message)) for problem in problems],
        "errors": {problem.field: tr(problem.message) for problem in problems},
        "reason": "".join(typed.get("reason", ())) or editor.reason,
        "wanted_on": "".join(typed.get("wanted_on", ())) or editor.wanted_on,
        "today": _today(request.at),
        "saved": saved or request.GET.get("said") == "saved",
    }
    return render(request, "officer/items/edit.html", context, status=status)


def _show_moved(request: CityRequest, moved: ItemMoved, posted: Posted) -> HttpResponse:
    """Say what was changed meanwhile, both sides beside one another; what was typed goes along."""
    kept = [(name, value) for name, values in posted.items() for value in values]
    unsent = {"csrfmiddlewaretoken", "command_id", "base", "go"}
    context = {
        "said": say(moved),
        "clashes": clash_rows(moved.clashes),  # type: ignore[arg-type]
        "kept": [(name, value) for name, value in kept if name not in unsent],
        "action": request.path,
    }
    return render(request, "officer/items/moved.html", context, status=moved.status)


def _today(at: datetime) -> date:
    return local_date(at, settings.SHUZHENG.zone)


# The change itself


@officers
@require_safe
def change_page(request: CityRequest, change_id: UUID) -> HttpResponse:
    """Show a change: what differs, its history, and what may be done."""
    return _show(request, change_id)


@officers
@require_POST
def submit(request: CityRequest, change_id: UUID) -> HttpResponse:
    """Hand a draft over for review."""
    return _step(request, change_id, "submitted", lambda given: submit_change(change_id, **given))


@officers
@require_POST
def drop(request: CityRequest, change_id: UUID) -> HttpResponse:
    """Give a change up."""
    return _step(request, change_id, "dropped", lambda given: drop_change(change_id, **given))


@officers
@require_http_methods(["GET", "POST"])
def send_back(request: CityRequest, change_id: UUID) -> HttpResponse:
    """Send a change back with reasons."""
    if request.method == "GET":
        return _show(request, change_id, typed=request.held)
    words = request.POST.get("words", "")[:WORDS_MOST]
    return _step(request, change_id, "returned", lambda given: return_change(change_id, words=words, **given), "words")


@officers
@require_http_methods(["GET", "POST"])
def approve(request: CityRequest, change_id: UUID) -> HttpResponse:
    """Approve a change for a day."""
    if request.method == "GET":
        return _show(request, change_id, typed=request.held)
    on = read_day(request.POST.get("effective_on", ""))
    if on is None:
        problem = ("effective_on", _("请填生效日期，写成 2026-12-01 这样"))
        return _show(request, change_id, typed=_lists(request.POST), problems=[problem], status=422)
    words = request.POST.get("opinion", "")[:WORDS_MOST]
    return _step(
        request,
        change_id,
        "approved",
        lambda given: approve_change(change_id, effective_on=on, words=words, **given),
        "effective_on",
    )


def _step(
    request: CityRequest, change_id: UUID, said: str, run: Callable[[Given], object], field: str = ""
) -> HttpResponse:
    """Do a step; what keeps it from being done is said on the page, with what was typed still in it."""
    given: Given = {
        "expected_rev": _number(request.POST.get("rev", "")),
        "command_id": read_uuid(request.POST.get("command_id", "")),
        "actor": actor_of(request),
        "at": request.at,
    }
    try:
        run(given)
    except ChangeUnfit as unfit:
        problems = [("", tr(problem.message)) for problem in unfit.problems if isinstance(problem, ChangeProblem)]
        return _show(request, change_id, typed=_lists(request.POST), problems=problems, status=unfit.status)
    except (Invalid, Conflict) as wrong:
        message = "。".join(filter(None, say(wrong)))
        at = field if isinstance(wrong, Invalid) else ""
        typed = _lists(request.POST)
        return _show(request, change_id, typed=typed, problems=[(at, message)], status=wrong.status)
    return HttpResponseRedirect(f"{reverse('officer:change', args=[change_id])}?said={said}")


def _show(
    request: CityRequest,
    change_id: UUID,
    *,
    typed: Posted | None = None,
    problems: Sequence[tuple[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    change = items.get_change(change_id, actor=actor_of(request))
    typed = typed or {}
    today = _today(request.at)
    offered = max(change.wanted_on or today, today)
    context = {
        "change": change,
        "tag": state_tag(change.state),
        "differences": difference_rows(change.differences),
        "clashes": clash_rows(change.clashes),
        "steps": [(step, CHANGE_ACT_LABELS[step.act]) for step in reversed(change.steps)],
        "problems": problems,
        "errors": dict(problems),
        "command_id": uuid4(),
        "words": "".join(typed.get("words", ())),
        "opinion": "".join(typed.get("opinion", ())),
        "effective_on": "".join(typed.get("effective_on", ())) or offered.isoformat(),
        "today": today,
        "reviewing": change.may_return or change.may_approve,
        "said": _said(request.GET.get("said", ""), change),
    }
    return render(request, "officer/items/change.html", context, status=status)


def _said(what: str, change: ChangeView) -> str:
    said = {
        "submitted": (ChangeState.REVIEW, _("已提交审核。审核有结果会发消息告诉您。")),
        "dropped": (ChangeState.DROPPED, _("已放弃这份修改。")),
        "returned": (ChangeState.RETURNED, _("已退回，提出的人会看到理由。")),
        "approved": (ChangeState.APPROVED, _("已通过，到生效日自动生效。")),
    }
    if what == "approved" and change.state is ChangeState.IN_FORCE:
        return _("已通过，今天起生效。")
    state, words = said.get(what, (None, ""))
    return words if change.state is state else ""
