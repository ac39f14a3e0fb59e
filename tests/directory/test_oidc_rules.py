"""What an external ID token must be: made by another library, checked by ours."""

import json
from collections.abc import Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key as make_ec
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as make_rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from pydantic import ValidationError

from shuzheng.base.directory.errors import ExternalFailed
from shuzheng.base.directory.rules.oidc import fits_challenge, level_of, read_id_token
from shuzheng.config.configuration import Options, configuration_of
from shuzheng.config.identity import read_levels
from tests.directory.builders import AT

RSA = make_rsa(public_exponent=65537, key_size=2048)
OTHER_RSA = make_rsa(public_exponent=65537, key_size=2048)
EC = make_ec(SECP256R1())
KEYS = {
    "keys": [
        {**json.loads(RSAAlgorithm.to_jwk(RSA.public_key())), "kid": "r"},
        {**json.loads(ECAlgorithm.to_jwk(EC.public_key())), "kid": "e"},
    ]
}
NOW = int(AT.timestamp())


def make_token(*, key: Any = RSA, algorithm: str = "RS256", kid: str = "r", without: str = "", **over: Any) -> str:
    claims = {"iss": "https://sso", "aud": "city", "sub": "u", "exp": NOW + 300, "iat": NOW, "nonce": "n"} | over
    claims.pop(without, None)
    return jwt.encode(claims, key, algorithm, headers={"kid": kid})


def read(token: str, keys: Mapping[str, Any] = KEYS) -> dict[str, Any]:
    return read_id_token(token, keys, issuer="https://sso", client_id="city", nonce="n", at=AT)


@pytest.mark.parametrize(
    "token",
    [
        make_token(),
        make_token(key=EC, algorithm="ES256", kid="e"),
        make_token(aud=["city"]),
        make_token(aud=["city", "other"], azp="city"),
        make_token(exp=NOW - 59),
        make_token(iat=NOW + 59),
    ],
)
def test_a_sound_token_is_read(token: str) -> None:
    assert read(token)["sub"] == "u"


@pytest.mark.parametrize(
    "token",
    [
        make_token(key=OTHER_RSA),
        make_token(kid="unknown"),
        make_token(key="a secret that both sides know, long enough", algorithm="HS256"),
        make_token(key="", algorithm="none"),
        make_token(iss="https://elsewhere"),
        make_token(aud="another"),
        make_token(aud=["city", "other"]),
        make_token(azp="another"),
        make_token(exp=NOW - 61),
        make_token(iat=NOW + 61),
        make_token(nonce="another"),
        make_token(sub=""),
        *(make_token(without=name) for name in ("iss", "aud", "sub", "exp", "iat", "nonce")),
        make_token()[:-4] + "AAAA",
        "not a token",
        "",
    ],
)
def test_any_other_token_is_refused(token: str) -> None:
    with pytest.raises(ExternalFailed):
        read(token)


@pytest.mark.parametrize(
    "keys", [{"keys": []}, {}, {"keys": [{"kty": "oct", "k": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"}]}]
)
def test_a_key_set_without_the_key_is_no_key(keys: dict[str, Any]) -> None:
    with pytest.raises(ExternalFailed):
        read(make_token(), keys)


def test_a_verifier_has_the_length_the_standard_asks_for() -> None:
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636, appendix B
    assert fits_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", challenge)
    assert not fits_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXj", challenge)
    assert not fits_challenge("short", challenge)


def test_an_acr_that_is_not_listed_proves_nothing() -> None:
    assert level_of({"acr": "urn:face"}, {"urn:face": 2}) == 2
    assert level_of({"acr": "urn:other"}, {"urn:face": 2}) == 0
    assert level_of({}, {"urn:face": 2}) == 0


def test_levels_are_read_from_one_line() -> None:
    assert read_levels("urn:a=2, urn:b=1") == {"urn:a": 2, "urn:b": 1}
    for wrong in ("urn:a", "urn:a=3", "=1"):
        with pytest.raises(ValueError, match="oidc_levels"):
            read_levels(wrong)


def test_an_external_sign_in_is_set_whole_or_not_at_all(tmp_path: Any) -> None:
    with pytest.raises(ValidationError, match="oidc_client_id"):
        Options(oidc_issuer="https://sso")
    assert configuration_of(Options(), tmp_path).identity_provider is None
    (tmp_path / "secret").write_text("kept\n", "utf-8")
    options = Options(
        oidc_issuer="https://sso/",
        oidc_client_id="city",
        oidc_secret_file="secret",
        oidc_identity_claim="id_no",
        oidc_levels="urn:a=2",
    )
    known = configuration_of(options, tmp_path).identity_provider
    assert known is not None
    assert (known.issuer, known.read_secret(), known.levels) == ("https://sso", "kept", {"urn:a": 2})
