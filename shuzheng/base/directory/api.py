"""Doors for programs: a machine's key to the JSON API, and the endpoints of the sign-in service.

The endpoints speak the protocols' own shapes (RFC 6749, RFC 6750, OpenID Connect), not the house's problem documents.
"""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from ninja.security.base import AuthBase
from typing_extensions import override

from shuzheng.base.directory import actions, queries
from shuzheng.base.directory.errors import ClientLocked, ClientRefused, OAuthRefused
from shuzheng.base.directory.types import ClientKind, ClientView, IssuedTokens
from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Actor

View = Callable[[HttpRequest], HttpResponse]
MOST_HEADER = 2000


def at_of(request: HttpRequest) -> datetime:
    """Return the moment of the request."""
    at = getattr(request, "at", None)
    return at if isinstance(at, datetime) else now()


def read_basic(request: HttpRequest) -> tuple[str, str] | None:
    """Return id and secret of HTTP Basic as OAuth wants it (RFC 6749, 2.3.1), None without or when unreadable."""
    kind, _space, rest = request.headers.get("Authorization", "")[:MOST_HEADER].partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, colon, secret = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (unquote_plus(name), unquote_plus(secret)) if colon else None


def read_bearer(request: HttpRequest) -> str:
    """Return the bearer token of a request, '' without one."""
    kind, _space, rest = request.headers.get("Authorization", "")[:MOST_HEADER].partition(" ")
    return rest.strip() if kind.lower() == "bearer" else ""


def _address_hash(request: HttpRequest) -> str:
    return queries.hash_address(request.META.get("REMOTE_ADDR", ""))


class MachineKey(AuthBase):
    """A machine account at the JSON API: HTTP Basic, or a bearer token from `/oidc/token`."""

    openapi_type = "http"
    openapi_scheme = "basic"

    @override
    def __call__(self, request: HttpRequest) -> Actor | None:
        """Return the machine as actor, None when the request carries no key of a machine.

        Raises:
            ClientRefused, ClientLocked: It carries one that does not hold.
        """
        pair, token = read_basic(request), read_bearer(request)
        if pair is not None:
            client = actions.authenticate_client(*pair, at=at_of(request), address_hash=_address_hash(request))
            if client.kind is not ClientKind.MACHINE:
                raise ClientRefused
        elif token:
            client = queries.get_token_machine(token, at=at_of(request))
        else:
            return None
        actor = queries.machine_actor(client)
        request.__dict__["actor"] = actor
        return actor


def _in_oauth_terms(view: View) -> View:
    """Answer refusals as OAuth does: `error` and `error_description`, never cached."""

    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        try:
            response = view(request)
        except OAuthRefused as refusal:
            error, what = str(refusal.facts["error"]), str(refusal.facts["what"])
            response = _error(error, what, status=401 if error == "invalid_client" else 400)
        except ClientRefused as refusal:
            response = _error("invalid_client", refusal.message, status=401)
        except ClientLocked as refusal:
            response = _error("invalid_client", refusal.message, status=429)
        response["Cache-Control"] = "no-store"
        return response

    return answered


def _error(error: str, what: str, *, status: int) -> HttpResponse:
    response = JsonResponse(
        {"error": error, "error_description": what}, status=status, json_dumps_params={"ensure_ascii": False}
    )
    if status == 401:
        response["WWW-Authenticate"] = 'Basic realm="shuzheng"'
    return response


@require_safe
def discovery(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """`/.well-known/openid-configuration`: what the sign-in service offers."""
    return JsonResponse(queries.get_discovery())


@require_safe
def keys(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """`/oidc/keys`: public keys that our tokens verify with."""
    return JsonResponse(queries.get_key_set())


@csrf_exempt
@require_POST
@sensitive_post_parameters()
@_in_oauth_terms
def token(request: HttpRequest) -> HttpResponse:
    """`/oidc/token`: a code for tokens, or a machine's own token."""
    at = at_of(request)
    client = _authenticated(request, at)
    match request.POST.get("grant_type", ""):
        case "authorization_code":
            issued = _redeem(request, client, at)
        case "client_credentials":
            if client.kind is not ClientKind.MACHINE:
                raise OAuthRefused(error="unauthorized_client", what=said("只有机器账号可以用 client_credentials"))
            issued = actions.issue_machine_token(client, at=at)
        case _:
            raise OAuthRefused(
                error="unsupported_grant_type", what=said("只支持 authorization_code 和 client_credentials")
            )
    return JsonResponse(_body(issued))


def _authenticated(request: HttpRequest, at: datetime) -> ClientView:
    pair = read_basic(request)
    if pair is None:
        pair = (request.POST.get("client_id", ""), request.POST.get("client_secret", ""))
    return actions.authenticate_client(*pair, at=at, address_hash=_address_hash(request))


def _redeem(request: HttpRequest, client: ClientView, at: datetime) -> IssuedTokens:
    if client.kind is not ClientKind.SYSTEM:
        raise OAuthRefused(error="unauthorized_client", what=said("机器账号没有授权码"))
    return actions.redeem_code(
        client,
        request.POST.get("code", ""),
        redirect_uri=request.POST.get("redirect_uri", ""),
        verifier=request.POST.get("code_verifier", ""),
        at=at,
    )


def _body(issued: IssuedTokens) -> dict[str, str | int]:
    body: dict[str, str | int] = {
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "expires_in": issued.expires_in_s,
    }
    if issued.id_token:
        body |= {"id_token": issued.id_token, "scope": issued.scope}
    return body


@csrf_exempt
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """`/oidc/userinfo`: what the system may know of the person (RFC 6750 for refusals)."""
    try:
        response = JsonResponse(
            queries.get_userinfo(read_bearer(request), at=at_of(request)), json_dumps_params={"ensure_ascii": False}
        )
    except ClientRefused:
        response = JsonResponse({"error": "invalid_token"}, status=401)
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    response["Cache-Control"] = "no-store"
    return response
