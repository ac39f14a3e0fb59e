"""Sign-in across systems: by an external provider into here, and from here into the systems that are registered.

`/sign-in/external/` and `/sign-in/external/callback/`: the city as client. `/oidc/authorize`: the city as provider;
its other endpoints are in `base.directory.api`.
"""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from shuzheng.base.directory import actions, queries as directory
from shuzheng.base.directory.backends.sessions import OPENED_AT
from shuzheng.base.directory.errors import ExternalStale, OAuthRefused
from shuzheng.base.directory.rules.oidc import EXTERNAL_WAIT, must_sign_in_again, read_request
from shuzheng.base.directory.types import SignInRequest
from shuzheng.base.kernel.said import said
from shuzheng.portals.shell import session as memory
from shuzheng.portals.shell.account import account_id, themself
from shuzheng.portals.shell.entering import AUTHORIZE, address_hash, enter
from shuzheng.portals.shell.paths import own_path
from shuzheng.portals.shell.types import CityRequest

PENDING = "external"
"""Session key of external sign-ins under way, by state."""
PENDING_MOST = 4


@require_safe
def start_external(request: CityRequest) -> HttpResponse:
    """Send the browser to the external sign-in."""
    started = actions.start_external(redirect_uri=_callback())
    pending: dict[str, dict[str, str]] = dict(request.session.get(PENDING, {}))
    newest = sorted(pending.items(), key=lambda pair: pair[1]["at"])[-(PENDING_MOST - 1) :]
    request.session[PENDING] = dict(newest) | {
        started.state: {
            "nonce": started.nonce,
            "verifier": started.verifier,
            "back": own_path(request.GET.get("next"), otherwise=""),
            "at": request.at.isoformat(),
        }
    }
    return HttpResponseRedirect(started.url)


@require_safe
def finish_external(request: CityRequest) -> HttpResponse:
    """Take the answer of the external sign-in, once, in the browser that began it."""
    pending: dict[str, dict[str, str]] = dict(request.session.get(PENDING, {}))
    begun = pending.pop(request.GET.get("state", ""), None)
    request.session[PENDING] = pending
    if begun is None or request.at - datetime.fromisoformat(begun["at"]) > EXTERNAL_WAIT:
        raise ExternalStale
    account = actions.finish_external(
        request.GET.dict(),
        nonce=begun["nonce"],
        verifier=begun["verifier"],
        redirect_uri=_callback(),
        at=request.at,
        address_hash=address_hash(request),
    )
    return enter(request, account, method="external", back=begun["back"])


def _callback() -> str:
    return f"{settings.SHUZHENG.public_url}{reverse('shell:external_callback')}"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: CityRequest) -> HttpResponse:
    """Give a registered system a code for who is signed in; ask them to sign in first."""
    if request.method == "POST":  # OpenID Connect asks for POST too; a cross-site POST carries no cookie of ours
        return HttpResponseRedirect(f"{AUTHORIZE}?{request.POST.urlencode()}")
    given = request.GET.dict()
    redirect_uri = given.get("redirect_uri", "")
    directory.get_system(given.get("client_id", ""), redirect_uri, at=request.at)
    try:
        asked = read_request(given)
        return _answer(request, asked, given)
    except OAuthRefused as refusal:
        told = {"error": refusal.facts["error"], "error_description": refusal.facts["what"]}
        return _send(redirect_uri, told, given.get("state", ""))


def _answer(request: CityRequest, asked: SignInRequest, given: Mapping[str, str]) -> HttpResponse:
    authenticated = _authenticated_at(request)
    again = authenticated is None or must_sign_in_again(asked, authenticated_at=authenticated, at=request.at)
    if request.actor is None or authenticated is None or again:
        if "none" in asked.prompts:
            raise OAuthRefused(error="login_required", what=said("没有登录，或者要重新登录"))
        logout(request)
        onward = f"{AUTHORIZE}?{urlencode({**given, 'prompt': ''})}"
        return HttpResponseRedirect(f"{reverse('shell:sign_in')}?{urlencode({'next': onward})}")
    code = actions.issue_code(
        asked,
        account_id=account_id(request),
        post=memory.post_of(request.session),
        authenticated_at=authenticated,
        actor=themself(request),
        at=request.at,
    )
    return _send(asked.redirect_uri, {"code": code}, asked.state)


def _authenticated_at(request: CityRequest) -> datetime | None:
    opened = request.session.get(OPENED_AT) if request.actor is not None else None
    return None if opened is None else datetime.fromisoformat(opened)


def _send(redirect_uri: str, answer: Mapping[str, object], state: str) -> HttpResponse:
    sent = {**answer, **({"state": state} if state else {}), "iss": settings.SHUZHENG.public_url}
    joint = "&" if urlsplit(redirect_uri).query else "?"
    response = HttpResponseRedirect(f"{redirect_uri}{joint}{urlencode(sent)}")
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
