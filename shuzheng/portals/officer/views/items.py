"""Item administration: the items of one's department, one item with its versions, what a version changed, changes."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuzheng.base.kernel.types import Actor
from shuzheng.portals.officer.changing import change_lines, difference_rows
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items.queries import changing as items
from shuzheng.services.items.rules.changing.permitting import REVIEW_ROLE

PAGE = 30
CAP = 99


def tabs_of(actor: Actor, here: str) -> list[dict[str, str]]:
    """Return the tabs of item administration; `here` is the one shown."""
    reviews = REVIEW_ROLE in actor.roles
    waiting = items.count_for_review(actor, cap=CAP + 1) if reviews else 0
    tabs = [
        ("own", "officer:items", "", _("本单位的事项"), ""),
        ("all", "officer:items", "all=1", _("全部事项"), "") if reviews else None,
        ("review", "officer:changes", "show=review", _("待我审核"), f"{CAP}+" if waiting > CAP else str(waiting))
        if reviews
        else None,
        ("changes", "officer:changes", "", _("本单位的修改"), ""),
        ("waiting", "officer:changes", "show=waiting", _("待生效"), ""),
        ("done", "officer:changes", "show=done", _("已办完"), ""),
    ]
    keys = ("key", "page", "query", "label", "n")
    return [{**dict(zip(keys, tab, strict=True)), "here": "1" if tab[0] == here else ""} for tab in tabs if tab]


@officers
@require_safe
def item_list(request: CityRequest) -> HttpResponse:
    """List the items of one's department; `?q=` searches, `?all=1` is the whole catalogue for reviewers."""
    actor = actor_of(request)
    text = request.GET.get("q", "").strip()[:60]
    everything = bool(request.GET.get("all")) and REVIEW_ROLE in actor.roles
    page = items.list_my_items(actor, text, everything=everything, after=request.GET.get("after") or None, limit=PAGE)
    kept = {name: value for name, value in (("q", text), ("all", "1" if everything else "")) if value}
    context = {
        "page": page,
        "q": text,
        "everything": everything,
        "tabs": tabs_of(actor, "all" if everything else "own"),
        "query": f"{urlencode(kept)}&" if kept else "",
    }
    return render(request, "officer/items/list.html", context)


@officers
@require_safe
def item_page(request: CityRequest, code: str) -> HttpResponse:
    """Show an item with its versions, its units here and the changes under way."""
    desk = items.get_item_desk(code, actor=actor_of(request))
    why_not = "" if desk.refusal is None else "。".join(filter(None, say(desk.refusal)))
    context = {"desk": desk, "changes": change_lines(desk.changes), "why_not": why_not}
    return render(request, "officer/items/item.html", context)


@officers
@require_safe
def version_page(request: CityRequest, code: str, version: int) -> HttpResponse:
    """Show what a version of an item changed."""
    found = items.get_version_difference(code, version)
    context = {"found": found, "differences": difference_rows(found.differences)}
    return render(request, "officer/items/version.html", context)


@officers
@require_safe
def change_list(request: CityRequest) -> HttpResponse:
    """List changes; `?show=` is `review`, `waiting`, `done` or what one's own body has under way."""
    actor = actor_of(request)
    show = request.GET.get("show", "")
    show = show if show in {"review", "waiting", "done"} else ""
    page = items.list_changes(actor, show, after=request.GET.get("after") or None, limit=PAGE)
    context = {
        "page": page,
        "changes": change_lines(page.rows),
        "show": show,
        "tabs": tabs_of(actor, show or "changes"),
        "query": f"show={show}&" if show else "",
        "empty": _empty(show),
    }
    return render(request, "officer/items/changes.html", context)


def _empty(show: str) -> dict[str, str]:
    said = {
        "review": (_("没有等您审核的修改"), _("有单位提交修改，会出现在这里。")),
        "waiting": (_("没有待生效的修改"), _("审核通过、还没到生效日的修改在这里。")),
        "done": (_("还没有办完的修改"), _("已生效和已放弃的修改在这里。")),
    }
    title, text = said.get(show, (_("本单位没有在办的修改"), _("到“本单位的事项”里选一个事项，提出修改。")))
    return {"title": title, "text": text}
