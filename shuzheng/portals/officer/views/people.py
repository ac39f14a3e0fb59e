"""The address book: organizations level by level, the posts in each, a search, and the office telephone."""

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuzheng.base.directory.actions import set_office
from shuzheng.base.directory.queries import (
    find_organization,
    get_offices,
    get_organizations,
    list_absences_at,
    list_book,
    list_posts_at,
    search_book,
)
from shuzheng.base.directory.rules.absences import may_name_deputy
from shuzheng.base.directory.rules.book import may_keep_book
from shuzheng.base.directory.types import DUTY_LABELS, BookHit, OrganizationView, PostView
from shuzheng.base.kernel.errors import Invalid
from shuzheng.base.kernel.types import Actor, OrgId
from shuzheng.portals.officer import searches
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.portals.shell.types import CityRequest

PAGE = 50


@officers
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: CityRequest) -> HttpResponse:
    """Show an organization with what is below it and who holds its posts, or what a search found."""
    if request.method == "POST":
        key = searches.hold(request.session, searches.clean(request.POST.get("q", "")))
        asked = {"s": key, "duty": request.POST.get("duty", "")}
        query = urlencode({name: value for name, value in asked.items() if value})
        return HttpResponseRedirect(f"{reverse('officer:people')}{'?' if query else ''}{query}")
    key = request.GET.get("s", "")
    text = searches.recall(request.session, key)
    duty = request.GET.get("duty", "") if request.GET.get("duty", "") in DUTY_LABELS else ""
    if text or duty:
        return _search(request, text, duty, key)
    return _unit(request)


@officers
@require_http_methods(["GET", "POST"])
def office(request: CityRequest, code: str) -> HttpResponse:
    """Write the office telephone and place of an organization."""
    page = f"{reverse('officer:people')}?{urlencode({'unit': code})}"
    if request.method == "GET":
        return HttpResponseRedirect(page)
    phone, place = request.POST.get("phone", "").strip(), request.POST.get("place", "").strip()
    try:
        set_office(OrgId(code), phone=phone, place=place, actor=actor_of(request), at=request.at)
    except Invalid as wrong:
        problem = "。".join(filter(None, say(wrong)))
        return _unit(request, OrgId(code), typed={"phone": phone, "place": place, "problem": problem}, status=422)
    return HttpResponseRedirect(f"{page}&said=kept")


def _search(request: CityRequest, text: str, duty: str, key: str) -> HttpResponse:
    page = search_book(text, duty=duty, after=request.GET.get("after") or None, limit=PAGE)
    kept = {name: value for name, value in (("s", key if text else ""), ("duty", duty)) if value}
    offices = get_offices({hit.organization.code for hit in page.rows})
    context = _form(text, duty) | {
        "page": page,
        "hits": [_hit(hit) | {"office": offices.get(hit.organization.code)} for hit in page.rows],
        "query": f"{urlencode(kept)}&",
        "searched": True,
    }
    return render(request, "officer/people.html", context)


def _unit(
    request: CityRequest, code: OrgId | None = None, *, typed: Mapping[str, str] | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    wanted = code or OrgId(request.GET.get("unit", ""))
    unit = (find_organization(wanted) if wanted else None) or _own(actor)
    page = list_book(unit.code, after=request.GET.get("after") or None, limit=PAGE)
    offices = get_offices([unit.code, *(below.code for below in page.rows)])
    context = _form("", "") | {
        "unit": unit,
        "crumbs": crumbs_of(unit),
        "page": page,
        "below": [{"unit": below, "office": offices.get(below.code)} for below in page.rows],
        "query": f"{urlencode({'unit': unit.code})}&",
        "office": offices.get(unit.code),
        "posts": _posts(unit, request),
        "duty_words": duty_words(unit.duties),
        "may_keep": may_keep_book(unit.code, unit.levels, actor),
        "typed": typed,
        "said": _("已保存。") if request.GET.get("said") == "kept" else "",
    }
    return render(request, "officer/people.html", context, status=status)


def _own(actor: Actor) -> OrganizationView:
    return get_organizations([OrgId(actor.org or "")])[OrgId(actor.org or "")]


def crumbs_of(unit: OrganizationView, *, top: OrgId | None = None) -> list[OrganizationView]:
    """Return an organization's ancestors and itself, top down; from `top` on when it is given."""
    codes = [code for code in unit.levels.as_tuple() if code is not None]
    if top is not None and top in codes:
        codes = codes[codes.index(top) :]
    found = get_organizations(codes)
    return [found[code] for code in codes if code in found]


def _posts(unit: OrganizationView, request: CityRequest) -> list[dict[str, object]]:
    actor = actor_of(request)
    away = {one.post.id: one for one in list_absences_at(unit.code, at=request.at)}
    posts = list_posts_at(unit.code)
    return [
        {
            "post": post,
            "duties": duty_words(post.roles),
            "away": away.get(post.id),
            "may_arrange": may_name_deputy(post, unit.levels, actor),
        }
        for post in posts
    ]


def _hit(hit: BookHit) -> dict[str, object]:
    post: PostView | None = hit.post
    return {
        "unit": hit.organization,
        "post": post,
        "duties": duty_words(post.roles if post else hit.organization.duties),
    }


def duty_words(duties: frozenset[str]) -> str:
    """Return duties in the reader's language."""
    return "、".join(tr(DUTY_LABELS[duty]) for duty in sorted(duties) if duty in DUTY_LABELS)


def _form(text: str, duty: str) -> dict[str, object]:
    return {
        "text": text,
        "duty": duty,
        "duties": [("", _("不限"))] + [(key, tr(label)) for key, label in DUTY_LABELS.items()],
    }
