"""The inbox by due date, claiming several at once, and finding a case within one's unit."""

from uuid import uuid4, uuid5

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from shuzheng.base.access.types import SUPERVISING
from shuzheng.base.directory.types import DUTY_LABELS
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.errors import Conflict, NotFound, Refused
from shuzheng.base.kernel.types import Actor, Page
from shuzheng.engines.cases.actions import claim_task
from shuzheng.engines.cases.queries import count_inbox, get_case, list_inbox
from shuzheng.engines.cases.types import InboxFilter, InboxRow
from shuzheng.portals.officer.presenting import read_rows
from shuzheng.portals.officer.search import find_for
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.heard import heard_now
from shuzheng.portals.shell.ids import read_uuid
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.portals.shell.types import CityRequest

PAGE = 30
CAP = 99
"""Highest number beside a tab."""
CLAIM_MOST = PAGE
"""Ticks of one page."""


@officers
@require_safe
def inbox(request: CityRequest) -> HttpResponse:
    """Show what the officer's post may act on, the earliest due first; `?show=` narrows it, `?after=` goes on."""
    actor, heard = actor_of(request), heard_now()
    show = request.GET.get("show", "")
    filters = _filter(show, request)
    show = show if filters is not None and show in _tabs(actor) else ""
    page = list_inbox(actor, after=request.GET.get("after") or None, limit=PAGE, filters=filters or InboxFilter())
    context = _table(request, page) | {
        "show": show,
        "tabs": [_tab(request, key, label) for key, label in _tabs(actor).items()],
        "showing": _tabs(actor)[show],
        "duties": "、".join(tr(DUTY_LABELS[role]) for role in sorted(actor.roles) if role in DUTY_LABELS),
        "empty": _empty(show),
        "said": _said(request),
        "query": f"{urlencode({'show': show})}&" if show else "",
        "can_claim": show not in {"mine", "under"},
        "heard": heard,
    }
    return render(request, "officer/inbox.html", context)


def _tabs(actor: Actor) -> dict[str, str]:
    tabs = {"": _("待我处理"), "late": _("已超期"), "nobody": _("待认领"), "mine": _("我认领的")}
    return tabs | ({"under": _("本单位和下级在办")} if SUPERVISING & actor.roles else {})


def _tab(request: CityRequest, key: str, label: str) -> dict[str, str]:
    """Return a tab with its number, which stops at 99+."""
    n = count_inbox(actor_of(request), cap=CAP + 1, filters=_filter(key, request) or InboxFilter())
    return {
        "key": key,
        "label": label,
        "n": f"{CAP}+" if n > CAP else str(n),
        "tone": "bad" if key == "late" and n else "",
    }


def _filter(show: str, request: CityRequest) -> InboxFilter | None:
    """Return the filter of a tab, None for an unknown one."""
    known = {
        "": InboxFilter(),
        "late": InboxFilter(due_by=request.at),
        "nobody": InboxFilter(assignee="nobody"),
        "mine": InboxFilter(assignee="mine"),
        "under": InboxFilter(under=True),
    }
    return known.get(show)


def _table(request: CityRequest, page: Page[InboxRow]) -> dict[str, object]:
    today = local_date(request.at, settings.SHUZHENG.zone)
    rows = read_rows(page.rows, today=today)
    return {"page": page, "rows": rows, "command_id": uuid4(), "keys_off": request.COOKIES.get("keys") == "off"}


def _empty(show: str) -> dict[str, str]:
    said = {
        "late": (_("没有超期的办件"), _("都在期限里，辛苦了。")),
        "nobody": (_("没有等人认领的办件"), _("新来的办件会按到期先后排在这里。")),
        "mine": (_("您没有认领办件"), _("认领之后，同事就知道是您在办。")),
        "under": (_("没有在办的办件"), _("本单位有份的办件，办结前都在这里。")),
    }
    title, text = said.get(show, (_("收件箱空了"), _("有新的申请或补正，会按到期先后排在这里。")))
    return {"title": title, "text": text}


def _said(request: CityRequest) -> dict[str, str] | None:
    claimed, missed = request.GET.get("claimed", ""), request.GET.get("missed", "")
    if not (claimed.isdecimal() or missed.isdecimal()):
        return None
    done = int(claimed or 0)
    text = ngettext("已认领 %(n)s 件。", "已认领 %(n)s 件。", done) % {"n": done}
    if missed.isdecimal() and int(missed):
        text += _("有 %(n)s 件同事先认领了，或已经办完。") % {"n": int(missed)}
        return {"kind": "warn", "icon": "info", "text": text}
    return {"kind": "ok", "icon": "check", "text": text}


@officers
@require_http_methods(["GET", "POST"])
def claim_many(request: CityRequest) -> HttpResponse:
    """Claim the ticked tasks; one that a colleague was first at does not stop the others."""
    if request.method == "GET":
        return HttpResponseRedirect(reverse("officer:inbox"))
    command_id = read_uuid(request.POST.get("command_id", ""))
    claimed = missed = 0
    for ticked in request.POST.getlist("task")[:CLAIM_MOST]:
        number, _colon, task_n = ticked.partition(":")
        try:
            case = get_case(number, actor=actor_of(request))
            claim_task(
                case.id,
                int(task_n) if task_n.isdecimal() else 0,
                command_id=uuid5(command_id, ticked),
                actor=actor_of(request),
                at=request.at,
            )
            claimed += 1
        except (Conflict, NotFound, Refused):
            missed += 1
    show = request.POST.get("show", "")
    query = {"show": show} if show else {}
    return HttpResponseRedirect(
        f"{reverse('officer:inbox')}?{urlencode(query | {'claimed': claimed, 'missed': missed})}"
    )


@officers
@require_safe
def find(request: CityRequest) -> HttpResponse:
    """Find a case by its number, or open cases by applicant or item; a full number opens the case."""
    q = request.GET.get("q", "").strip()[:60]
    if not q:
        return render(request, "officer/find.html", {"q": ""})
    today = local_date(request.at, settings.SHUZHENG.zone)
    found = find_for(q, actor=actor_of(request), today=today, after=request.GET.get("after") or None)
    if found.number:
        return HttpResponseRedirect(reverse("officer:case", args=[found.number]))
    context = {
        "q": q,
        "rows": found.rows,
        "page": Page(found.rows, found.next),
        "query": f"{urlencode({'q': q})}&",
        "why": "。".join(filter(None, say(found.refusal))) if found.refusal else "",
        "keys_off": request.COOKIES.get("keys") == "off",
    }
    return render(request, "officer/find.html", context)
