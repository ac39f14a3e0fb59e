"""Nothing typed is lost: keep a form's fields on the server until the person is signed in again.

A POST that cannot go through (session lapsed, breakdown) leaves its typed fields sealed on the server and a token in
a cookie that the browser sends to this path only. The next GET of the same path takes them back, once. Files are not
kept: the page says so.
"""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items import actions as items

COOKIE = "held"
KEPT_SECONDS = 24 * 3600
NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "password", "current", "new", "again", "command_id", "kept"})


def typed_fields(request: HttpRequest) -> dict[str, list[str]]:
    """Return what the person typed: every field but tokens and passwords."""
    return {name: [str(value) for value in values] for name, values in request.POST.lists() if name not in NEVER_KEPT}


def keep(request: CityRequest) -> str:
    """Keep what was typed and return its token, '' when nothing was typed."""
    typed = typed_fields(request)
    if not any(any(values) for values in typed.values()):
        return ""
    return items.hold_input(request.path, typed, at=request.at)


def hand_token(request: HttpRequest, response: HttpResponseBase, token: str) -> None:
    """Give the browser the token, for this path only."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=KEPT_SECONDS,
        path=request.path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def take_back(request: CityRequest) -> Mapping[str, Sequence[str]]:
    """Return what was kept for this path, empty when nothing was; a second call finds nothing."""
    token = request.COOKIES.get(COOKIE)
    if not token:
        return {}
    return items.take_held_input(token, at=request.at, path=request.path) or {}


def forget(request: HttpRequest, response: HttpResponseBase) -> None:
    """Tell the browser to drop the token once it was used."""
    if COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, path=request.path)
