"""Absence and deputies (外出代理): who stands in for whom, naming a deputy, revoking."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuzheng.base.access.types import SUPERVISING
from shuzheng.base.directory.actions import name_deputy, release_deputy
from shuzheng.base.directory.errors import NoSuchPost
from shuzheng.base.directory.queries import (
    get_post,
    levels_of_post,
    list_absences_of,
    list_posts_at,
    list_posts_of,
    list_standing_in,
)
from shuzheng.base.directory.rules.absences import may_name_deputy
from shuzheng.base.directory.types import AbsenceView, PostView
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.errors import Conflict, Invalid
from shuzheng.base.kernel.types import AbsenceId, Actor, PersonId, PostId
from shuzheng.portals.officer.forms import Problem
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.ids import read_uuid
from shuzheng.portals.shell.session import read_id
from shuzheng.portals.shell.types import CityRequest
from shuzheng.portals.shell.who import person_of

KEPT_DAYS = 90
"""Arrangements that ended are shown for this long."""


@officers
@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: CityRequest) -> HttpResponse:
    """Show the arrangements; a POST names a deputy. `?post=` is the post a director arranges for."""
    if request.method != "POST":
        return _show(request, {name: str(request.GET.get(name, "")) for name in ("post",)})
    typed = {name: request.POST.get(name, "").strip() for name in ("post", "deputy", "first", "last")}
    problems = _problems(typed)
    if problems:
        return _show(request, typed, problems)
    try:
        name_deputy(
            PostId(read_uuid(typed["post"])),
            PersonId(read_uuid(typed["deputy"])),
            first=date.fromisoformat(typed["first"]),
            last=date.fromisoformat(typed["last"]),
            command_id=read_uuid(request.POST.get("command_id", "")),
            actor=actor_of(request),
            at=request.at,
        )
    except (Invalid, Conflict) as wrong:
        return _show(request, typed, (Problem("", "。".join(filter(None, say(wrong)))),), status=wrong.status)
    return HttpResponseRedirect(f"{reverse('officer:absence')}?said=named&post={typed['post']}")


@officers
@require_http_methods(["GET", "POST"])
def release(request: CityRequest, absence_id: UUID) -> HttpResponse:
    """Revoke an arrangement."""
    page = reverse("officer:absence")
    if request.method == "GET":
        return HttpResponseRedirect(page)
    ended = release_deputy(AbsenceId(absence_id), actor=actor_of(request), at=request.at)
    return HttpResponseRedirect(f"{page}?said=released&post={ended.post.id}")


def _show(
    request: CityRequest, typed: Mapping[str, str], problems: tuple[Problem, ...] = (), *, status: int = 200
) -> HttpResponse:
    actor, today = actor_of(request), local_date(request.at, settings.SHUZHENG.zone)
    posts = _posts(actor)
    chosen = _chosen(typed.get("post", ""), actor, posts)
    if chosen is not None and chosen.id not in {post.id for post in posts}:
        posts = (*posts, chosen)
    options = [post for post in list_posts_at(chosen.organization) if post.person != chosen.person] if chosen else []
    listed = list_absences_of([post.id for post in posts], since=today - timedelta(days=KEPT_DAYS))
    context = {
        "posts": posts,
        "chosen": chosen,
        "deputies": _by_person(options, chosen),
        "typed": typed,
        "today": today.isoformat(),
        "mine": list_standing_in(person_of(request), at=request.at),
        "rows": [_row(one, today=today) for one in listed],
        "for_others": bool(actor.roles & SUPERVISING),
        "command_id": uuid4(),
        "problems": [(problem.at, problem.message) for problem in problems],
        "at": {problem.at: problem.message for problem in problems},
        "said": _said(request.GET.get("said", "")),
    }
    return render(request, "officer/absence.html", context, status=422 if problems and status == 200 else status)


def _posts(actor: Actor) -> tuple[PostView, ...]:
    """Return the posts the officer arranges for: their own, and for a director those of the organization."""
    if actor.person is None or actor.stands_in_for is not None:
        return ()
    own = list_posts_of(actor.person)
    others = list_posts_at(actor.org) if actor.org is not None and actor.roles & SUPERVISING else ()
    return tuple({post.id: post for post in (*own, *others)}.values())


def _chosen(wanted: str, actor: Actor, posts: tuple[PostView, ...]) -> PostView | None:
    """Return the post to arrange for: the one asked for when the officer may, else the post acted in."""
    asked = read_id(wanted)
    if asked is not None:
        try:
            post = get_post(PostId(asked))
        except NoSuchPost:
            return None
        return post if may_name_deputy(post, levels_of_post(post.id), actor) else None
    return next((post for post in posts if post.id == actor.post), None)


def _by_person(posts: list[PostView], chosen: PostView | None) -> list[tuple[str, str]]:
    """Return the colleagues to choose from, each once, those with the same duties first."""
    roles = chosen.roles if chosen else frozenset()
    posts = sorted(posts, key=lambda post: not roles & post.roles)
    return [
        (str(person), words)
        for person, words in {post.person: f"{post.person_name} · {post.name}" for post in reversed(posts)}.items()
    ][::-1]


def _problems(typed: Mapping[str, str]) -> tuple[Problem, ...]:
    problems = []
    if not typed["deputy"]:
        problems.append(Problem("deputy", _("请选一位同事做代理人")))
    for name, words in (("first", _("请填开始日期，例如 2026-12-01")), ("last", _("请填结束日期，例如 2026-12-05"))):
        if _read_day(typed[name]) is None:
            problems.append(Problem(name, words))
    return tuple(problems)


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _row(one: AbsenceView, *, today: date) -> dict[str, object]:
    if one.ended_at is not None:
        state = (_("已撤销"), "", "undo")
    elif one.valid_to <= today:
        state = (_("已结束"), "", "check")
    elif one.valid_from <= today:
        state = (_("代理中"), "ok", "user")
    else:
        state = (_("还没有开始"), "b", "calendar")
    words, kind, icon = state
    return {
        "absence": one,
        "words": words,
        "kind": kind,
        "icon": icon,
        "open": one.ended_at is None and one.valid_to > today,
    }


def _said(what: str) -> str:
    return {
        "named": str(_("已指定代理人，对方会收到消息。")),
        "released": str(_("已撤销，对方马上不能再代理。")),
    }.get(what, "")
