"""The one place where an error becomes an answer: a page for people, RFC 9457 problem+json for programs.

Expected errors (`ShuzhengError`) are shown with their reason and what to do; anything else is logged with its trace
under a reference number and shown as 'not your fault'. Log lines carry the reference, the code and the view's name,
never a path's content, a name or what was typed.
"""

import logging
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuzheng.base.kernel.errors import Refused, ShuzhengError, TooLarge
from shuzheng.base.kernel.said import say_in
from shuzheng.portals.shell import held
from shuzheng.portals.shell.errors import BodyTooLarge, Breakdown, PageNotFound, RequestUnreadable
from shuzheng.portals.shell.paths import came_from
from shuzheng.portals.shell.types import CityRequest

log = logging.getLogger(__name__)

REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, 1, I, O: the number is read out over the telephone."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the page of one status is headed."""

    icon: str
    title: str


LOOKS = {
    400: Look("alert", "这次提交没有成功"),
    401: Look("lock", "请先登录"),
    403: Look("lock", "您不能看这一页，或不能办这一步"),
    404: Look("search", "没有找到这一页"),
    405: Look("undo", "这一页不能直接打开"),
    409: Look("flow", "这一步现在不能办"),
    410: Look("clock", "已经失效"),
    413: Look("upload", "内容太大"),
    422: Look("edit", "有地方要改一下"),
    429: Look("clock", "请稍后再试"),
    500: Look("alert", "系统出了问题，不是您的错"),
}


def wants_problem(request: HttpRequest) -> bool:
    """Tell whether a program asks: an API path, or JSON preferred to HTML."""
    accepted = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accepted and "text/html" not in accepted)


def answer_failure(request: CityRequest, failure: Exception) -> HttpResponse:
    """Return the answer to a failed request, and log it."""
    error = _as_ours(failure)
    reference = f"{error.status}-{''.join(secrets.choice(REFERENCE_ALPHABET) for _n in range(6))}"
    view = request.resolver_match.view_name if request.resolver_match else "-"
    if isinstance(error, Breakdown):
        log.error("%s %s %s %s", reference, error.code, request.method, view, exc_info=failure)
    else:
        log.info("%s %s %s %s", reference, error.code, request.method, view)
    if wants_problem(request):
        return _problem(error, reference)
    return _page(request, error, reference)


def say(error: ShuzhengError) -> tuple[str, str]:
    """Return message and hint in the reader's language, facts filled in."""
    facts = {name: say_in(fact, _) if isinstance(fact, str) else fact for name, fact in error.facts.items()}
    return _(error.text).format(**facts), _(error.hint).format(**facts) if error.hint else ""


def _as_ours(failure: Exception) -> ShuzhengError:
    match failure:
        case ShuzhengError():
            return failure
        case Http404():
            return PageNotFound()
        case PermissionDenied():
            return Refused()
        case RequestDataTooBig():
            return BodyTooLarge(limit_mb=2)
        case TooManyFieldsSent() | TooManyFilesSent() | SuspiciousOperation():
            return RequestUnreadable()
        case _:
            return Breakdown()


def _problem(error: ShuzhengError, reference: str) -> HttpResponse:
    message, hint = say(error)
    body = {
        "type": f"urn:shuzheng:problem:{error.code}",
        "title": _(LOOKS.get(error.status, LOOKS[400]).title),
        "status": error.status,
        "detail": message,
        "instance": f"urn:shuzheng:reference:{reference}",
        "code": error.code,
        "hint": hint,
    }
    if "field" in error.facts:
        body["field"] = error.facts["field"]
    return JsonResponse(
        body, status=error.status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )


def _page(request: CityRequest, error: ShuzhengError, reference: str) -> HttpResponse:
    broken = isinstance(error, Breakdown)
    if broken:
        request.__dict__["bare_frame"] = True
    message, hint = say(error)
    look = LOOKS.get(error.status, LOOKS[400])
    back = came_from(request)
    token = _keep(request, back)
    content = {
        "icon": look.icon,
        "title": _(look.title),
        "message": message,
        "hint": hint,
        "status": error.status,
        "reference": reference,
        "back": "" if back == request.get_full_path() and request.method == "GET" else back,
        "broken": broken,
        "kept": bool(token),
        "acting_url": f"{reverse('shell:acting')}?{urlencode({'next': request.path})}",
        "at_desk": request.path.startswith("/desk/") and request.actor is not None,
    }
    response = render(request, "shell/failure.html", content, status=error.status)
    if token:
        held.hand_token(request, response, token)
    return response


def _keep(request: CityRequest, back: str) -> str:
    """Keep what was typed on a form of ours that posts to its own address, so that 'back' finds it filled."""
    ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if request.method != "POST" or request.actor is None or not ours or back.split("?", maxsplit=1)[0] != request.path:
        return ""
    try:
        return held.keep(request)
    except (DatabaseError, TooLarge, SuspiciousOperation):
        return ""
