"""OpenID Connect, both ways: what a request and a token must be.

Source: OpenID Connect Core 1.0; RFC 6749 and RFC 9700 (best practice: PKCE always, exact redirect addresses, codes
once); RFC 7636 (PKCE, S256 only); RFC 7519 (JWT).
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from shuzheng.base.directory.errors import ExternalFailed, OAuthRefused
from shuzheng.base.directory.types import SignInRequest
from shuzheng.base.kernel.said import said

SCOPES: Final = ("openid", "profile", "organization")
"""`profile` gives the name, `organization` the post and its organization."""
ALGORITHM: Final = "RS256"
ACCEPTED_ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
CODE_LIFE: Final = timedelta(seconds=60)
TOKEN_LIFE: Final = timedelta(minutes=10)
MACHINE_TOKEN_LIFE: Final = timedelta(hours=1)
EXTERNAL_WAIT: Final = timedelta(minutes=10)
"""How long a person may take at the external sign-in."""
LEEWAY: Final = timedelta(seconds=60)
"""By how much the clocks of two machines may differ."""
_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier.

    Example:
        >>> challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    """
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def fits_challenge(verifier: str, challenge: str) -> bool:
    """Tell whether a verifier is the one a challenge was made of."""
    return _VERIFIER.fullmatch(verifier) is not None and hmac.compare_digest(challenge_of(verifier), challenge)


def read_request(given: Mapping[str, str]) -> SignInRequest:
    """Return the checked request of a system whose id and redirect address were checked before.

    Raises:
        OAuthRefused: With the error code that goes back to the system.
    """
    if given.get("response_type") != "code":
        raise OAuthRefused(error="unsupported_response_type", what=said("response_type 只支持 code"))
    scope = [word for word in given.get("scope", "").split() if word in SCOPES]
    if "openid" not in scope:
        raise OAuthRefused(error="invalid_scope", what=said("scope 要有 openid"))
    if given.get("request") or given.get("request_uri"):
        raise OAuthRefused(error="request_not_supported", what=said("不支持 request 参数"))
    challenge = given.get("code_challenge", "")
    if given.get("code_challenge_method") != "S256" or _CHALLENGE.fullmatch(challenge) is None:
        raise OAuthRefused(error="invalid_request", what=said("要有 S256 的 code_challenge（PKCE）"))
    prompts = frozenset(given.get("prompt", "").split())
    if "none" in prompts and len(prompts) > 1:
        raise OAuthRefused(error="invalid_request", what=said("prompt 的 none 不能与别的词并用"))
    return SignInRequest(
        client=given.get("client_id", ""),
        redirect_uri=given.get("redirect_uri", ""),
        scope=" ".join(dict.fromkeys(scope)),
        state=_short(given, "state", 1000),
        nonce=_short(given, "nonce", 255),
        challenge=challenge,
        prompts=prompts,
        max_age_s=_seconds(given.get("max_age", "")),
    )


def _short(given: Mapping[str, str], name: str, most: int) -> str:
    value = given.get(name, "")
    if len(value) > most:
        raise OAuthRefused(error="invalid_request", what=said("{name} 太长", name=name))
    return value


def _seconds(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise OAuthRefused(error="invalid_request", what=said("max_age 要是秒数"))
    return int(text)


def must_sign_in_again(asked: SignInRequest, *, authenticated_at: datetime, at: datetime) -> bool:
    """Tell whether the system wants the person to prove themselves anew."""
    if "login" in asked.prompts:
        return True
    return asked.max_age_s is not None and at - authenticated_at > timedelta(seconds=asked.max_age_s)


def read_signing_key(pem: bytes) -> RSAKey:
    """Return the key that signs our tokens; its id is the thumbprint of RFC 7638."""
    key = RSAKey.import_key(pem, {"use": "sig", "alg": ALGORITHM})
    key.ensure_kid()
    return key


def sign_token(key: RSAKey, claims: Mapping[str, Any]) -> str:
    """Return a signed JWT."""
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid or ""}, dict(claims), key)


def read_id_token(
    token: str, keys: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, at: datetime
) -> dict[str, Any]:
    """Return the claims of an external ID token (OpenID Connect Core, 3.1.3.7).

    Raises:
        ExternalFailed: Signature, algorithm, issuer, audience, time or nonce is wrong.
    """
    now = int(at.timestamp())
    registry = jwt.JWTClaimsRegistry(
        now=now,
        leeway=int(LEEWAY.total_seconds()),
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(token, KeySet.import_key_set({"keys": list(keys["keys"])}), ACCEPTED_ALGORITHMS).claims
        registry.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError, OverflowError):
        raise ExternalFailed(reason=said("对方发来的身份凭证没有通过验证")) from None
    _check_party(claims, client_id)
    return claims


def _check_party(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims["aud"]
    several: Collection[str] = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp")
    if (len(several) > 1 and party is None) or (party is not None and party != client_id):
        raise ExternalFailed(reason=said("对方发来的身份凭证不是给本平台的"))
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise ExternalFailed(reason=said("对方发来的身份凭证里没有用户标识"))


def level_of(claims: Mapping[str, Any], levels: Mapping[str, int]) -> int:
    """Return the real-name level an external sign-in proves; 0 for an `acr` that is not listed."""
    return levels.get(str(claims.get("acr", "")), 0)
