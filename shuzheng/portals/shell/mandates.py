"""Mandates (委托): what was given and received, give one, answer one, end one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuzheng.base.directory import actions, queries as directory
from shuzheng.base.directory.errors import (
    MandataryUnfit,
    MandataryUnknown,
    MandateDaysWrong,
    MandateItemsWrong,
    MayNotGiveMandate,
)
from shuzheng.base.directory.types import MANDATE_STATE_LABELS, MandateState, MandateView
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.errors import Invalid, NotFound
from shuzheng.base.kernel.types import Actor, ItemCode, Party, PartyKind
from shuzheng.portals.shell.account import themself
from shuzheng.portals.shell.errors import PageNotFound
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, residents
from shuzheng.portals.shell.ids import read_uuid
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.portals.shell.types import CityRequest
from shuzheng.portals.shell.who import person_of
from shuzheng.services.items import queries as items

FOUND = 8
"""Items shown for one search."""
FIELDS: dict[type[Invalid], str] = {
    MandataryUnknown: "id_no",
    MandataryUnfit: "name",
    MandateDaysWrong: "first",
    MandateItemsWrong: "items",
}
LOOKS = {
    MandateState.OFFERED: ("warn", "clock"),
    MandateState.ACCEPTED: ("ok", "check"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A mandate as the page shows it."""

    mandate: MandateView
    items: tuple[str, ...]
    label: str
    tone: str
    icon: str


@residents
@require_safe
def overview(request: CityRequest) -> HttpResponse:
    """Show what was received and, for who may give, what was given; newest first."""
    principal = _principal(actor_of(request))
    received = directory.list_mandates_received(
        person_of(request), at=request.at, after=request.GET.get("received") or None
    )
    given = (
        directory.list_mandates_given(principal, at=request.at, after=request.GET.get("given") or None)
        if principal is not None and _may_give(request, principal)
        else None
    )
    content = {
        "principal": principal,
        "may_give": given is not None,
        "received": _cards(received.rows),
        "more_received": received.next,
        "given": _cards(given.rows) if given is not None else [],
        "more_given": given.next if given is not None else None,
        "said": _said(request),
    }
    return render(request, "shell/account/mandates.html", content)


@residents
@require_POST
def move(request: CityRequest, mandate_id: UUID, act: str) -> HttpResponse:
    """Accept, decline, resign or revoke; then back to the list."""
    if act == "revoke":
        actions.revoke_mandate(mandate_id, actor=actor_of(request), at=request.at)
    else:
        answers: dict[str, Callable[..., MandateView]] = {
            "accept": actions.accept_mandate,
            "decline": actions.decline_mandate,
            "resign": actions.resign_mandate,
        }
        if act not in answers:
            raise PageNotFound
        answers[act](mandate_id, actor=themself(request), at=request.at)
    return HttpResponseRedirect(f"{reverse('shell:mandates')}?said={act}")


@residents
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("name", "id_no")
def give(request: CityRequest) -> HttpResponse:
    """Fill in and give a mandate; `go=search` looks for items and keeps what was typed."""
    principal = _principal(actor_of(request))
    if principal is None or not _may_give(request, principal):
        raise MayNotGiveMandate
    if request.method != "POST":
        return _show_form(request, principal, _typed(request), {})
    typed = request.POST
    if typed.get("go") == "search":
        return _show_form(request, principal, typed, {})
    problems = _missing(typed)
    if problems:
        return _show_form(request, principal, typed, problems, status=422)
    try:
        _give(request, typed)
    except (MandataryUnknown, MandataryUnfit, MandateDaysWrong, MandateItemsWrong) as refusal:
        problems = {FIELDS[type(refusal)]: "。".join(filter(None, say(refusal)))}
        return _show_form(request, principal, typed, problems, status=422)
    return HttpResponseRedirect(f"{reverse('shell:mandates')}?said=given")


def _give(request: CityRequest, typed: QueryDict) -> None:
    actions.give_mandate(
        typed.get("name", ""),
        typed.get("id_no", ""),
        items=typed.getlist("items") if typed.get("extent") == "some" else [],
        first=_day(typed, "first") or date.min,
        last=_day(typed, "last") or date.min,
        command_id=read_uuid(typed.get("command_id", "")),
        actor=actor_of(request),
        at=request.at,
    )


def _typed(request: CityRequest) -> QueryDict:
    """Return what the form begins with: what was typed before the session lapsed, else the item of the guide."""
    typed = QueryDict(mutable=True)
    for name, values in request.held.items():
        typed.setlist(name, list(values))
    if not request.held and request.GET.get("item"):
        typed["extent"] = "some"
        typed.setlist("items", [request.GET["item"]])
    return typed


def _missing(typed: QueryDict) -> dict[str, str]:
    problems = {}
    if not typed.get("name", "").strip():
        problems["name"] = _("请填受托人的姓名，例如 李小华")
    if not typed.get("id_no", "").strip():
        problems["id_no"] = _("请填受托人的公民身份号码，18 位")
    if typed.get("extent") not in {"all", "some"}:
        problems["extent"] = _("请选委托全部事项，还是只委托几个")
    if typed.get("extent") == "some" and not typed.getlist("items"):
        problems["q"] = _("请搜索并勾选要委托的事项")
    for name, words in (("first", _("请填从哪天开始")), ("last", _("请填到哪天为止"))):
        if _day(typed, name) is None:
            problems[name] = words
    return problems


def _day(typed: QueryDict, name: str) -> date | None:
    try:
        return date.fromisoformat(typed.get(name, ""))
    except ValueError:
        return None


def _show_form(
    request: CityRequest, principal: Party, typed: QueryDict, problems: dict[str, str], *, status: int = 200
) -> HttpResponse:
    chosen = typed.getlist("items")
    query = typed.get("q", "").strip()
    found = items.search_items(query, limit=FOUND).rows if query else ()
    offered = {code: _item_name(code) for code in chosen} | {str(item.code): item.name for item in found}
    content = {
        "principal": principal,
        "typed": typed,
        "extents": [("some", _("只委托几个事项")), ("all", _("全部事项"))],
        "extent": [typed.get("extent", "some")],
        "offered": list(offered.items()),
        "chosen": chosen,
        "nothing": bool(query) and not found,
        "today": local_date(request.at, settings.SHUZHENG.zone).isoformat(),
        "problems": list(problems.items()),
        "at": problems,
        "command_id": typed.get("command_id") or str(uuid4()),
    }
    return render(request, "shell/account/give_mandate.html", content, status=status)


def _cards(rows: Iterable[MandateView]) -> list[Card]:
    return [_card(row) for row in rows]


def _card(row: MandateView) -> Card:
    tone, icon = LOOKS.get(row.state, ("", "clock"))
    names = tuple(_item_name(code) for code in row.items)
    return Card(row, names, tr(MANDATE_STATE_LABELS[row.state]), tone, icon)


def _item_name(code: str) -> str:
    try:
        return items.get_item(ItemCode(code)).name
    except NotFound:
        return code


def _principal(actor: Actor) -> Party | None:
    return actor.party if actor.limited_to is None else None


def _may_give(request: CityRequest, principal: Party) -> bool:
    """Tell whether the principal is the person, or a firm they legally represent; the action checks again."""
    person = person_of(request)
    if principal.kind is PartyKind.PERSON:
        return principal.id == person
    return any(firm.id == principal.id for firm in directory.list_firms_of(person))


def _said(request: CityRequest) -> str:
    said = {
        "given": _("已发给对方。对方接受以后，从开始那天起就能替您办。"),
        "accept": _("已接受。从开始那天起，您可以在“为谁办理”里选对方。"),
        "decline": _("已告诉对方您不接受。"),
        "resign": _("已辞去，您不能再替对方办事了。"),
        "revoke": _("已撤销，对方立刻不能再替您办事。"),
    }
    return said.get(request.GET.get("said", ""), "")
