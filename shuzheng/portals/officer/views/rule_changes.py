"""Proposing a rule's successor at the desk: the editor with its check while typing, the proposal, its steps."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuzheng.base.kernel.errors import Conflict, Invalid
from shuzheng.portals.officer.ruling import lines_of, marked_lines, proposal_tag
from shuzheng.portals.officer.tables import grid_of_rule, is_step
from shuzheng.portals.officer.views.rule_tables import step_table, table_context, with_table
from shuzheng.portals.officer.views.rules import read_history, today_of
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.ids import read_uuid
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.rulebook import queries as book
from shuzheng.services.rulebook.actions import drop_proposal, save_proposal, submit_proposal
from shuzheng.services.rulebook.errors import ProposalUnfit
from shuzheng.services.rulebook.rules.difference import compare
from shuzheng.services.rulebook.rules.drafting import say_rule, text_problems, tidy
from shuzheng.services.rulebook.rules.testing import run_rule_tests
from shuzheng.services.rulebook.types import RuleKind, RuleView
from shuzheng.services.rulebook.types.proposing import (
    PROPOSAL_ACT_LABELS,
    Draft,
    Editor,
    ProposalProblem,
    ProposalState,
    ProposalView,
)

PAGE = 30
LATER = frozenset({"reason", "valid_from"})
"""Fields that are asked for only when the proposal is submitted."""


def read_draft(posted: QueryDict, shown: Draft) -> Draft:
    """Return what was typed; a field that was not sent stays as it was shown."""
    return tidy(Draft(**{one.name: posted.get(one.name, getattr(shown, one.name)) for one in fields(Draft)}))


@officers
@require_http_methods(["GET", "POST"])
def change_rule(request: CityRequest, code: str) -> HttpResponse:
    """Write a new successor of a rule."""
    read_history(code, actor_of(request))
    return _edit(request, book.get_editor(code, actor=actor_of(request)))


@officers
@require_http_methods(["GET", "POST"])
def edit_proposal(request: CityRequest, proposal_id: UUID) -> HttpResponse:
    """Write on a draft or on what was sent back; `?base=newest` goes on over the newest edition."""
    view = book.get_proposal(proposal_id, actor=actor_of(request), today=today_of(request))
    if request.method == "GET" and not view.may_edit:
        return HttpResponseRedirect(reverse("officer:proposal", args=[proposal_id]))
    return _edit(request, book.get_editor(view.code, actor=actor_of(request), proposal_id=proposal_id))


def _edit(request: CityRequest, editor: Editor) -> HttpResponse:
    if request.method == "GET":
        typed = editor.typed
        if request.held:
            held = QueryDict(mutable=True)
            for name, values in request.held.items():
                held.setlist(name, list(values))
            typed = with_table(held, read_draft(held, editor.typed), editor.rule)
        return _show_editor(request, editor, typed)
    typed = with_table(request.POST, read_draft(request.POST, editor.typed), editor.rule)
    go = request.POST.get("go", "")
    if is_step(go) and editor.rule.kind is RuleKind.TABLE:
        typed, focus = step_table(go, typed)
        return _show_editor(request, editor, typed, focus=focus)
    return _save(request, editor, typed)


def _save(request: CityRequest, editor: Editor, typed: Draft) -> HttpResponse:
    try:
        view = save_proposal(
            typed,
            code=editor.rule.code,
            proposal_id=editor.proposal,
            base=_number(request.POST.get("base", "")) or 0,
            expected_rev=_number(request.POST.get("rev", "")) if editor.proposal else None,
            command_id=read_uuid(request.POST.get("command_id", "")),
            actor=actor_of(request),
            at=request.at,
        )
    except Conflict as first:
        said = (ProposalProblem("", "。".join(filter(None, say(first)))),)
        return _show_editor(request, editor, typed, problems=said, status=first.status)
    return _saved(request, view)


def _saved(request: CityRequest, view: ProposalView) -> HttpResponse:
    submitting = request.POST.get("go") == "submit"
    wrong = view.problems if submitting else tuple(one for one in view.problems if one.field not in LATER)
    page = reverse("officer:proposal", args=[view.id])
    if submitting and not wrong and view.clash is None:
        try:
            submit_proposal(view.id, expected_rev=view.rev, command_id=uuid4(), actor=actor_of(request), at=request.at)
        except (Invalid, Conflict) as refused:
            wrong = (ProposalProblem("", "。".join(filter(None, say(refused)))),)
        else:
            return HttpResponseRedirect(f"{page}?said=submitted")
    if not wrong and view.clash is None:
        return HttpResponseRedirect(f"{reverse('officer:proposal_edit', args=[view.id])}?said=saved")
    editor = book.get_editor(view.code, actor=actor_of(request), proposal_id=view.id)
    return _show_editor(request, editor, view.typed, problems=wrong, saved=True, status=422)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _show_editor(
    request: CityRequest,
    editor: Editor,
    typed: Draft,
    *,
    problems: Sequence[ProposalProblem] = (),
    saved: bool = False,
    focus: str = "",
    status: int = 200,
) -> HttpResponse:
    is_table = editor.rule.kind is RuleKind.TABLE
    action = request.path if editor.proposal is None else reverse("officer:proposal_edit", args=[editor.proposal])
    refused = editor.refusal
    context = {
        "editor": editor,
        "rule": editor.rule,
        "typed": typed,
        "action": action,
        "command_id": uuid4(),
        "problems": [(problem.field, tr(problem.message)) for problem in problems],
        "errors": {problem.field: tr(problem.message) for problem in reversed(problems)},
        "today": today_of(request),
        "why_not": "" if refused is None else "。".join(filter(None, say(refused))),
        "saved": saved or request.GET.get("said") == "saved",
        "base": editor.rule.edition,
        **(table_context(editor.rule, typed, focus) if is_table else checked(editor.rule, typed)),
    }
    page = "officer/rules/edit_table.html" if is_table else "officer/rules/edit.html"
    return render(request, page, context, status=status)


def checked(rule: RuleView, typed: Draft) -> dict[str, object]:
    """Return what the editor says of a text while it is typed: right or wrong and where, in words, what differs."""
    problem = next(text_problems(typed.text, rule.kind, rule.schema), None)
    words = say_rule(typed.text, rule.kind, rule.schema)
    return {
        "wrong": None if problem is None else (tr(problem.message), problem.line, problem.column),
        "marked": None if problem is None else marked_lines(typed.text, problem.line, problem.column),
        "text_difference": compare(rule.text, typed.text) if rule.text != typed.text else (),
        "word_difference": compare(say_rule(rule.text, rule.kind, rule.schema), words) if words else (),
        "tests": run_rule_tests(
            typed.text, rule.kind, rule.schema, typed.tests, label=typed.label, failure=typed.failure
        ),
        "typed_any": bool(typed.text.strip()),
    }


@officers
@require_POST
def check(request: CityRequest, code: str) -> HttpResponse:
    """Answer the part of the editor that says what a text comes to; nothing is kept."""
    history = read_history(code, actor_of(request))
    edition = request.POST.get("base", "")
    rule = next((one for one in history if str(one.edition) == edition), history[0])
    typed = read_draft(request.POST, Draft())
    return render(request, "officer/rules/_checked.html", {"rule": rule, **checked(rule, typed)})


# The proposal itself


@officers
@require_safe
def proposal_list(request: CityRequest) -> HttpResponse:
    """List proposals under way; `?show=over` those that are over."""
    over = request.GET.get("show") == "over"
    page = book.list_proposals(actor_of(request), over=over, after=request.GET.get("after") or None, limit=PAGE)
    context = {
        "page": page,
        "rows": [(row, proposal_tag(row.state)) for row in page.rows],
        "over": over,
        "query": "show=over&" if over else "",
    }
    return render(request, "officer/rules/proposals.html", context)


@officers
@require_safe
def proposal_page(request: CityRequest, proposal_id: UUID) -> HttpResponse:
    """Show a proposal: what differs, its history, and what may be done."""
    return _show(request, proposal_id)


@officers
@require_POST
def submit(request: CityRequest, proposal_id: UUID) -> HttpResponse:
    """Hand a draft over for review."""
    return _step(request, proposal_id, "submitted", submit_proposal)


@officers
@require_POST
def drop(request: CityRequest, proposal_id: UUID) -> HttpResponse:
    """Withdraw a proposal."""
    return _step(request, proposal_id, "dropped", drop_proposal)


def _step(request: CityRequest, proposal_id: UUID, said: str, run: Callable[..., ProposalView]) -> HttpResponse:
    """Do a step; what keeps it from being done is said on the page."""
    try:
        run(
            proposal_id,
            expected_rev=_number(request.POST.get("rev", "")),
            command_id=read_uuid(request.POST.get("command_id", "")),
            actor=actor_of(request),
            at=request.at,
        )
    except ProposalUnfit as unfit:
        problems = [("", tr(one.message)) for one in unfit.problems if isinstance(one, ProposalProblem)]
        return _show(request, proposal_id, problems=problems, status=unfit.status)
    except (Invalid, Conflict) as wrong:
        return _show(request, proposal_id, problems=[("", "。".join(filter(None, say(wrong))))], status=wrong.status)
    return HttpResponseRedirect(f"{reverse('officer:proposal', args=[proposal_id])}?said={said}")


def _show(
    request: CityRequest, proposal_id: UUID, *, problems: Sequence[tuple[str, str]] = (), status: int = 200
) -> HttpResponse:
    view = book.get_proposal(proposal_id, actor=actor_of(request), today=today_of(request))
    context = proposal_context(view) | {
        "problems": problems,
        "command_id": uuid4(),
        "said": _said(request.GET.get("said", ""), view),
    }
    return render(request, "officer/rules/proposal.html", context, status=status)


def proposal_context(view: ProposalView) -> dict[str, object]:
    """Return what every page about a proposal shows."""
    rule = view.base
    typed = view.typed
    return {
        "proposal": view,
        "rule": rule,
        "tag": proposal_tag(view.state),
        "changes": [(tr(change.label), change.field, change.pieces) for change in view.changes],
        "lines": lines_of(typed.text, rule.schema),
        "table": grid_of_rule(rule, typed.text),
        "steps": [(step, PROPOSAL_ACT_LABELS[step.act]) for step in reversed(view.steps)],
        "unfit": [tr(problem.message) for problem in view.problems],
        "tests": run_rule_tests(
            typed.text, rule.kind, rule.schema, typed.tests, label=typed.label, failure=typed.failure
        ),
    }


def _said(what: str, view: ProposalView) -> str:
    said = {
        "submitted": (ProposalState.REVIEW, _("已提交审核。审核有结果会发消息告诉您。")),
        "dropped": (ProposalState.DROPPED, _("已撤回这份修改。")),
    }
    state, words = said.get(what, (None, ""))
    return words if view.state is state else ""
