"""Whose affairs these are: the person's own, or those of a firm, a child or somebody who gave a mandate."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from shuzheng.base.directory import queries as directory
from shuzheng.base.directory.types import AccountView
from shuzheng.base.kernel.errors import NotFound, Refused
from shuzheng.portals.shell import session as memory
from shuzheng.portals.shell.cookies import remember
from shuzheng.portals.shell.errors import NoSuchChoice
from shuzheng.portals.shell.guards import residents
from shuzheng.portals.shell.paths import own_path
from shuzheng.portals.shell.types import CityRequest
from shuzheng.portals.shell.who import person_of

ACTING_COOKIE = "acting"
"""The standing acted by, for as long as the browser is open: a lapsed session comes back in the same role."""


@residents
def acting(request: CityRequest) -> HttpResponse:
    """Choose whose affairs these are."""
    back = own_path(request.POST.get("next") or request.GET.get("next"), otherwise=reverse("resident:my"))
    if request.method == "POST":
        _switch(request, request.POST.get("who", ""))
        response = HttpResponseRedirect(back)
        remember(response, ACTING_COOKIE, request.POST.get("who", ""), seconds=None)
        return response
    content = {
        "standings": directory.list_standings(person_of(request), at=request.at),
        "now": memory.standing_of(request.session),
        "next": back,
    }
    return render(request, "shell/acting.html", content)


def _switch(request: CityRequest, chosen: str) -> None:
    if not chosen:
        memory.act_by(request.session, None)
        return
    standing = memory.read_id(chosen)
    if standing is None:
        raise NoSuchChoice
    _check(int(request.user.pk or 0), standing, request)
    memory.act_by(request.session, standing)


def act_as_before(request: CityRequest, account: AccountView) -> None:
    """After a lapsed session, act again for whom was acted for, so that the page asked for is found."""
    standing = memory.read_id(request.COOKIES.get(ACTING_COOKIE, ""))
    if standing is None:
        return
    try:
        _check(account.id, standing, request)
    except (Refused, NotFound):
        return
    memory.act_by(request.session, standing)


def _check(account: int, standing: UUID, request: CityRequest) -> None:
    """Raise when the person may not act so."""
    directory.get_actor(account, at=request.at, acting_for=standing)
