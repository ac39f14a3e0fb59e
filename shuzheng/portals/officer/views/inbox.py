"""The inbox by due date under every filter, and claiming or handing on several at once."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuzheng.base.access.types import LEADING
from shuzheng.base.directory.types import DUTY_LABELS
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.errors import Conflict, Invalid, NotFound, Refused
from shuzheng.base.kernel.types import CaseId, Page, PostId
from shuzheng.engines.cases.actions import claim_task, reassign_task
from shuzheng.engines.cases.queries import count_inbox, get_case, list_done_by, list_inbox
from shuzheng.engines.cases.types import InboxRow
from shuzheng.portals.officer import searches
from shuzheng.portals.officer.filters import (
    Asked,
    Choices,
    choices_of,
    filter_of,
    items_of,
    read_asked,
    tabs_of,
)
from shuzheng.portals.officer.leading import Colleague, takers_of
from shuzheng.portals.officer.presenting import read_done, read_rows, units_of
from shuzheng.portals.officer.said import back_to, say_several
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.heard import heard_now
from shuzheng.portals.shell.ids import read_uuid
from shuzheng.portals.shell.session import read_id
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.portals.shell.types import CityRequest

PAGE = 30
CAP = 99
"""Highest number beside a tab."""
TICKED_MOST = PAGE
"""Ticks of one page."""
NOT_CLAIMED_HERE = frozenset({"mine", "under", "paused", "done"})
"""Tabs on which nothing can be claimed."""


@officers
@require_safe
def inbox(request: CityRequest) -> HttpResponse:
    """Show what the officer's post may act on, the earliest due first; the address holds the filter and the page."""
    heard = heard_now()
    actor = actor_of(request)
    choices = choices_of(actor)
    asked = read_asked(request, actor, choices)
    text = searches.recall(request.session, asked.s)
    items = items_of(text)
    tabs = tabs_of(actor)
    filters = filter_of(asked, choices, text, items, at=request.at)
    context = {
        "asked": asked,
        "text": text,
        "choices": choices,
        "show": asked.show,
        "showing": tabs[asked.show],
        "tabs": [_tab(asked, key, label, _count(request, asked, key, choices, text)) for key, label in tabs.items()],
        "duties": "、".join(tr(DUTY_LABELS[role]) for role in sorted(actor.roles) if role in DUTY_LABELS),
        "empty": _empty(asked),
        "said": say_several(request),
        "query": _and(asked.query()),
        "can_claim": asked.show not in NOT_CLAIMED_HERE,
        "keys_off": request.COOKIES.get("keys") == "off",
        "command_id": uuid4(),
        "heard": heard,
    }
    after = request.GET.get("after") or None
    if asked.show == "done":
        done = list_done_by(actor, after=after, limit=PAGE)
        return render(request, "officer/inbox.html", context | {"page": done, "done": read_done(done.rows)})
    page = list_inbox(actor, after=after, limit=PAGE, filters=filters)
    table = _table(request, page, units=asked.show == "under")
    return render(request, "officer/inbox.html", context | table | {"colleagues": _takers(request, page)})


@officers
@require_http_methods(["GET", "POST"])
def narrow(request: CityRequest) -> HttpResponse:
    """Turn the filter form into an address that can be kept; what was typed stays on the server."""
    if request.method == "GET":
        return HttpResponseRedirect(reverse("officer:inbox"))
    posted = {name: request.POST.get(name, "") for name in ("show", "item", "step", "who")}
    key = searches.hold(request.session, searches.clean(request.POST.get("text", "")))
    query = Asked(s=key, **posted).query()
    return HttpResponseRedirect(f"{reverse('officer:inbox')}{'?' if query else ''}{query}")


@officers
@require_http_methods(["GET", "POST"])
def claim_many(request: CityRequest) -> HttpResponse:
    """Claim the ticked tasks; one that a colleague was first at does not stop the others."""
    actor = actor_of(request)

    def claim(case_id: CaseId, n: int, command_id: UUID) -> None:
        claim_task(case_id, n, command_id=command_id, actor=actor, at=request.at)

    return _each(request, "claimed", claim)


@officers
@require_http_methods(["GET", "POST"])
def reassign_many(request: CityRequest) -> HttpResponse:
    """Hand the ticked tasks to one colleague; one that cannot go there does not stop the others."""
    actor, reason = actor_of(request), request.POST.get("reason", "").strip()
    to = read_id(request.POST.get("to", ""))
    if request.method == "POST" and (to is None or not reason or not request.POST.getlist("task")):
        return back_to(request, unfit=1)

    def hand(case_id: CaseId, n: int, command_id: UUID) -> None:
        post = PostId(to) if to is not None else PostId(command_id)
        reassign_task(case_id, n, post, reason=reason, command_id=command_id, actor=actor, at=request.at)

    return _each(request, "handed", hand)


def _each(request: CityRequest, what: str, act: Callable[[CaseId, int, UUID], None]) -> HttpResponse:
    if request.method == "GET":
        return HttpResponseRedirect(reverse("officer:inbox"))
    command_id = read_uuid(request.POST.get("command_id", ""))
    done = missed = 0
    for ticked in request.POST.getlist("task")[:TICKED_MOST]:
        number, _colon, task_n = ticked.partition(":")
        try:
            case = get_case(number, actor=actor_of(request))
            act(case.id, int(task_n) if task_n.isdecimal() else 0, uuid5(command_id, f"{what}:{ticked}"))
            done += 1
        except (Conflict, Invalid, NotFound, Refused):
            missed += 1
    return back_to(request, **{what: done, "missed": missed})


def _count(request: CityRequest, asked: Asked, key: str, choices: Choices, text: str) -> int | None:
    """Return how many tasks a tab holds, up to the cap; None where counting would read all that was ever done."""
    if key == "done":
        return None
    filters = filter_of(replace(asked, show=key), choices, text, items_of(text), at=request.at)
    return count_inbox(actor_of(request), cap=CAP + 1, filters=filters)


def _tab(asked: Asked, key: str, label: str, n: int | None) -> dict[str, str]:
    """Return a tab with its number, which stops at 99+."""
    shown = "" if n is None else f"{CAP}+" if n > CAP else str(n)
    query = asked.query(show=key)
    return {
        "key": key,
        "label": label,
        "n": shown,
        "tone": "bad" if key == "late" and n else "",
        "url": f"{reverse('officer:inbox')}{'?' if query else ''}{query}",
    }


def _takers(request: CityRequest, page: Page[InboxRow]) -> tuple[Colleague, ...]:
    """Return to whom ticked tasks may go, for who leads the unit."""
    return takers_of(page.rows, at=request.at) if actor_of(request).roles & LEADING else ()


def _table(request: CityRequest, page: Page[InboxRow], *, units: bool) -> dict[str, object]:
    today = local_date(request.at, settings.SHUZHENG.zone)
    names = units_of(page.rows) if units else {}
    return {"page": page, "rows": read_rows(page.rows, today=today, units=names), "units": units}


def _and(query: str) -> str:
    return f"{query}&" if query else ""


def _empty(asked: Asked) -> dict[str, str]:
    if asked.narrows:
        return {"title": _("没有符合条件的办件"), "text": _("换一个条件，或清空筛选再看。")}
    said = {
        "late": (_("没有超期的办件"), _("都在期限里，辛苦了。")),
        "today": (_("今天没有到期的办件"), _("可以先办快到期的。")),
        "soon": (_("两个工作日内没有到期的办件"), _("今天和后面两个工作日到期的，会排在这里。")),
        "nobody": (_("没有等人认领的办件"), _("新来的办件会按到期先后排在这里。")),
        "mine": (_("您没有认领办件"), _("认领之后，同事就知道是您在办。")),
        "paused": (_("没有等申请人的办件"), _("要求补正以后，申请人补交之前，办件在这里，时限暂停。")),
        "done": (_("您在这个单位还没有办过"), _("办过的每一步都会列在这里。")),
        "under": (_("没有在办的办件"), _("本单位有份的办件，办结前都在这里。")),
    }
    title, text = said.get(asked.show, (_("收件箱空了"), _("有新的申请或补正，会按到期先后排在这里。")))
    return {"title": title, "text": text}
