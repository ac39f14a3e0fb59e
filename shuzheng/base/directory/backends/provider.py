"""Speak with the external sign-in: discovery, keys, token and userinfo endpoints. Standard library only.

Only https, or http on the loopback for trying it; no redirects; ten seconds; a megabyte. Whatever else happens is
`ProviderAway`: what the provider said is not shown, because it may hold anything.
"""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import IO, Any, Final
from urllib.error import URLError
from urllib.parse import quote_plus, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from typing_extensions import override

from shuzheng.base.directory.errors import ProviderAway
from shuzheng.base.directory.rules.clients import LOOPBACK

TIMEOUT_S: Final = 10
FRESH_S: Final = 300.0
MOST_BYTES: Final = 1024 * 1024
WELL_KNOWN: Final = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the provider answers, from its discovery document; `basic` tells how it wants our secret."""

    authorize: str
    token: str
    userinfo: str
    keys: str
    basic: bool


class _NoRedirects(HTTPRedirectHandler):
    """A token endpoint that redirects would carry our secret elsewhere."""

    @override
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        return None


_known: dict[str, tuple[float, Endpoints]] = {}


def discover(issuer: str) -> Endpoints:
    """Return the provider's endpoints; remembered for five minutes.

    Raises:
        ProviderAway: It does not answer, or is another issuer.
    """
    read_at, known = _known.get(issuer, (0.0, None))
    if known is not None and time.monotonic() - read_at < FRESH_S:
        return known
    found = _ask(Request(_checked(issuer + WELL_KNOWN)))  # noqa: S310 - checked
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise ProviderAway
    methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    endpoints = Endpoints(
        authorize=_checked(str(found.get("authorization_endpoint", ""))),
        token=_checked(str(found.get("token_endpoint", ""))),
        userinfo=str(found.get("userinfo_endpoint", "")),
        keys=_checked(str(found.get("jwks_uri", ""))),
        basic="client_secret_basic" in methods,
    )
    _known[issuer] = (time.monotonic(), endpoints)
    return endpoints


def fetch_keys(endpoints: Endpoints) -> dict[str, Any]:
    """Return the provider's key set.

    Raises:
        ProviderAway: It does not answer with one.
    """
    found = _ask(Request(endpoints.keys))  # noqa: S310 - checked in discover
    if not isinstance(found.get("keys"), list):
        raise ProviderAway
    return found


def redeem(endpoints: Endpoints, given: Mapping[str, str], *, client_id: str, secret: str) -> dict[str, Any]:
    """Exchange a code; return the token answer.

    Args:
        endpoints: From `discover`.
        given: `code`, `redirect_uri`, `code_verifier`.
        client_id: What the provider calls us.
        secret: Ours there.

    Raises:
        ProviderAway: It does not answer, or refuses.
    """
    body = {"grant_type": "authorization_code", **given}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if endpoints.basic:
        pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        body |= {"client_id": client_id, "client_secret": secret}
    return _ask(Request(endpoints.token, urlencode(body).encode(), headers))  # noqa: S310 - checked in discover


def fetch_userinfo(endpoints: Endpoints, access_token: str) -> dict[str, Any]:
    """Return the claims the token opens.

    Raises:
        ProviderAway: It does not answer with any.
    """
    headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
    return _ask(Request(_checked(endpoints.userinfo), headers=headers))  # noqa: S310 - checked


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return url
    raise ProviderAway


def _ask(request: Request) -> dict[str, Any]:
    handlers = [_NoRedirects()]
    local = urlsplit(request.full_url).hostname in LOOPBACK
    opener = build_opener(*handlers, ProxyHandler({})) if local else build_opener(*handlers)
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            found = json.loads(answer.read(MOST_BYTES))
    except (URLError, HTTPException, OSError, ValueError):
        raise ProviderAway from None
    if not isinstance(found, dict):
        raise ProviderAway
    return found
