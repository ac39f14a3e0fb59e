"""Sign-in across systems over real HTTP: another's client at our provider, our client at another's provider."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import oidc_provider_mock
import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from django.conf import LazySettings
from django.test import Client
from oidc_provider_mock import User
from pytest_django.live_server_helper import LiveServer
from typing_extensions import override

from shuzheng.base.directory import actions, queries
from shuzheng.base.directory.backends import provider as provider_backend
from shuzheng.base.directory.models import Account, ExternalIdentity, Person
from shuzheng.base.directory.rules.oidc import challenge_of
from shuzheng.base.directory.types import ClientKind, NewSecret
from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.configuration import IdentityProvider
from shuzheng.base.kernel.types import SYSTEM, OrgId
from shuzheng.base.ledger.models import Entry
from tests.portals.browsing import sign_in, text
from tests.portals.conftest import AT, PASSWORD

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # the independent provider uses parts of Authlib that Authlib itself moves elsewhere
    pytest.mark.filterwarnings("ignore::authlib.deprecate.AuthlibDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]
OFFICE = OrgId("11990102MBY000096A")
CALLBACK = "http://127.0.0.1:9/callback"  # nobody listens: the test reads the address and goes no further
CITIZEN, FACE, NUMBER = "990102199501309945", "urn:example:face", "urn:example:number"


@pytest.fixture
def origin(live_server: LiveServer, city: None, settings: LazySettings) -> str:
    """The city over HTTP, knowing its own address."""
    settings.SHUZHENG = replace(settings.SHUZHENG, public_url=live_server.url)
    return str(live_server.url)


@pytest.fixture
def oa(origin: str) -> NewSecret:
    return actions.add_system(
        "oa-main", title="办公系统", organization=OFFICE, redirect_uris=[CALLBACK], actor=SYSTEM, at=AT
    )


class Agent(requests.Session):
    """A browser as far as HTTP goes: cookies, and no redirect followed unasked."""

    @override
    def request(self, method: Any, url: Any, *args: Any, **said: Any) -> requests.Response:
        return super().request(method, url, *args, **said | {"allow_redirects": False, "timeout": 20})


@pytest.fixture
def agent() -> Iterator[Agent]:
    with Agent() as made:
        made.headers["User-Agent"] = "Mozilla/5.0 (X11) Firefox/140.0"
        yield made


def log_in(agent: Agent, origin: str, name: str, *, to: str = "/") -> requests.Response:
    shown = agent.get(f"{origin}/sign-in/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown.text)
    assert token is not None
    typed = {"csrfmiddlewaretoken": token[1], "name": name, "password": PASSWORD, "next": to}
    return agent.post(f"{origin}/sign-in/", data=typed)


def relying_party(
    origin: str, made: NewSecret, method: str = "client_secret_basic"
) -> tuple[OAuth2Session, dict[str, Any]]:
    """An independent client, configured from discovery alone."""
    metadata = Agent().get(f"{origin}/.well-known/openid-configuration").json()
    client = OAuth2Session(
        made.client.name,
        made.secret,
        scope="openid profile organization",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
        token_endpoint_auth_method=method,
    )
    return client, metadata


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_an_independent_client_signs_an_officer_in(origin: str, oa: NewSecret, agent: Agent, method: str) -> None:
    client, metadata = relying_party(origin, oa, method)
    verifier, nonce = generate_token(64), generate_token(20)
    url, state = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
    )
    asked = agent.get(url)
    assert asked.headers["location"].startswith("/sign-in/?next=%2Foidc%2Fauthorize")
    onward = log_in(agent, origin, "shouli", to=path_of(url))
    assert onward.status_code == 200  # a page of ours sends on: form-action holds a form's redirects to this origin
    assert 'http-equiv="refresh"' in onward.text
    back = agent.get(url).headers["location"]
    assert back.startswith(CALLBACK)
    assert parse_qs(urlsplit(back).query)["iss"] == [metadata["issuer"]]
    token = client.fetch_token(
        metadata["token_endpoint"], authorization_response=back, code_verifier=verifier, state=state
    )
    keys = jwt.PyJWKClient(metadata["jwks_uri"])
    claims = jwt.decode(
        token["id_token"],
        keys.get_signing_key_from_jwt(token["id_token"]).key,
        algorithms=metadata["id_token_signing_alg_values_supported"],
        audience="oa-main",
        issuer=metadata["issuer"],
    )
    assert claims["nonce"] == nonce
    told = client.get(metadata["userinfo_endpoint"]).json()
    assert told == {key: claims[key] for key in told}
    assert (told["name"], told["organization"], told["post"]) == ("许研青", OFFICE, "受理岗")
    assert set(told) <= set(metadata["claims_supported"])
    assert Entry.objects.filter(act="directory.signed_in_to_system").count() == 1


def test_a_stolen_code_is_worth_nothing_without_the_verifier(origin: str, oa: NewSecret, agent: Agent) -> None:
    client, metadata = relying_party(origin, oa)
    url, state = client.create_authorization_url(metadata["authorization_endpoint"], code_verifier=generate_token(64))
    log_in(agent, origin, "shouli")
    back = agent.get(url).headers["location"]
    code = parse_qs(urlsplit(back).query)["code"][0]
    for verifier in (generate_token(64), ""):
        answer = _redeem(metadata, oa, code, verifier)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
        assert answer.headers["cache-control"] == "no-store"
    assert state


def _redeem(metadata: dict[str, Any], oa: NewSecret, code: str, verifier: str, **over: str) -> requests.Response:
    typed = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": verifier}
    return Agent().post(metadata["token_endpoint"], data=typed | over, auth=("oa-main", oa.secret))


def test_a_replayed_code_revokes_what_it_gave(origin: str, oa: NewSecret, agent: Agent) -> None:
    client, metadata = relying_party(origin, oa)
    verifier = generate_token(64)
    url, _state = client.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
    log_in(agent, origin, "shouli")
    code = parse_qs(urlsplit(agent.get(url).headers["location"]).query)["code"][0]
    token = _redeem(metadata, oa, code, verifier).json()["access_token"]
    bearer = {"authorization": f"Bearer {token}"}
    assert Agent().get(metadata["userinfo_endpoint"], headers=bearer).status_code == 200
    assert _redeem(metadata, oa, code, verifier).json()["error"] == "invalid_grant"
    refused = Agent().get(metadata["userinfo_endpoint"], headers=bearer)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_old_and_new_secret_hold_during_a_rotation_only(origin: str, oa: NewSecret) -> None:
    metadata = relying_party(origin, oa)[1]
    new = actions.rotate_secret("oa-main", kind=ClientKind.SYSTEM, actor=SYSTEM, at=now())
    for made in (oa, new):  # authenticated, then refused for the code
        assert _redeem(metadata, made, "x", "y").json()["error"] == "invalid_grant"
    actions.rotate_secret("oa-main", kind=ClientKind.SYSTEM, actor=SYSTEM, at=now())
    answer = _redeem(metadata, oa, "x", "y")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic")


def asked_for(oa: NewSecret, **over: str) -> str:
    said = {
        "response_type": "code",
        "client_id": "oa-main",
        "redirect_uri": CALLBACK,
        "scope": "openid",
        "state": "kept",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    } | over
    return f"/oidc/authorize?{urlencode({name: value for name, value in said.items() if value})}"


@pytest.mark.parametrize(
    "over", [{"redirect_uri": "http://127.0.0.1:9/other"}, {"redirect_uri": ""}, {"client_id": "nobody"}]
)
def test_a_wrong_address_or_system_is_told_here_and_never_sent_there(
    oa: NewSecret, visitor: Client, over: dict[str, str]
) -> None:
    sign_in(visitor, "shouli")
    response = visitor.get(asked_for(oa, **over))
    assert response.status_code == 400
    assert "系统登录请求不合规" in text(response)


@pytest.mark.parametrize(
    ("over", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
    ],
)
def test_a_request_without_pkce_or_openid_goes_back_as_an_error(
    oa: NewSecret, visitor: Client, over: dict[str, str], error: str
) -> None:
    sign_in(visitor, "shouli")
    answer = parse_qs(urlsplit(visitor.get(asked_for(oa, **over))["Location"]).query)
    assert (answer["error"], answer["state"]) == ([error], ["kept"])


def test_prompt_none_says_that_nobody_is_signed_in(oa: NewSecret, visitor: Client) -> None:
    answer = parse_qs(urlsplit(visitor.get(asked_for(oa, prompt="none"))["Location"]).query)
    assert answer["error"] == ["login_required"]


@pytest.mark.parametrize("over", [{"prompt": "login"}, {"max_age": "0"}])
def test_a_system_may_ask_for_a_fresh_sign_in(oa: NewSecret, visitor: Client, over: dict[str, str]) -> None:
    sign_in(visitor, "shouli")
    response = visitor.get(asked_for(oa, **over))
    assert response["Location"].startswith("/sign-in/?next=")
    assert "_auth_user_id" not in visitor.session
    onward = parse_qs(urlsplit(response["Location"]).query)["next"][0]
    assert "prompt=login" not in onward


def test_a_request_by_form_is_taken_up_as_a_link(oa: NewSecret, visitor: Client) -> None:
    query = parse_qs(urlsplit(asked_for(oa)).query)
    response = Client(enforce_csrf_checks=True).post(
        "/oidc/authorize", {name: value[0] for name, value in query.items()}
    )
    assert response["Location"].startswith("/oidc/authorize?response_type=code")


def test_a_machine_reads_the_cases_of_its_organization_by_both_ways(origin: str) -> None:
    made = actions.add_machine("sync", title="同步", organization=OFFICE, roles=["service_window"], actor=SYSTEM, at=AT)
    basic = ("sync", made.secret)
    url = f"{origin}/api/cases/990102202611240001"
    assert Agent().get(url).status_code == 401
    assert Agent().get(url, auth=basic).status_code == 404
    token = Agent().post(f"{origin}/oidc/token", data={"grant_type": "client_credentials"}, auth=basic).json()
    assert (token["token_type"], token["expires_in"], "id_token" in token) == ("Bearer", 3600, False)
    assert Agent().get(url, headers={"authorization": f"Bearer {token['access_token']}"}).status_code == 404
    refused = Agent().get(url, auth=("sync", "wrong"))
    assert (refused.status_code, refused.json()["code"]) == (401, "directory.client_refused")
    wrong = Agent().get(url, headers={"authorization": "Bearer made-up"})
    assert wrong.status_code == 401
    assert wrong.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("grant", ["password", "refresh_token", "client_credentials", ""])
def test_no_other_grant_is_given(origin: str, oa: NewSecret, grant: str) -> None:
    answer = Agent().post(f"{origin}/oidc/token", data={"grant_type": grant}, auth=("oa-main", oa.secret))
    assert answer.status_code == 400
    assert answer.json()["error"] in {"unsupported_grant_type", "unauthorized_client"}


# Our client at an independent provider


@pytest.fixture
def provider() -> Iterator[str]:
    """A provider that is not ours, with people it knows."""
    people = [
        User(sub="by-face", claims={"id_no": CITIZEN, "acr": FACE, "name": "方素笺"}),
        User(sub="by-number", claims={"id_no": CITIZEN, "acr": NUMBER}),
        User(sub="by-mobile", claims={"id_no": CITIZEN, "acr": "urn:example:mobile", "name": "方素笺"}),
        User(sub="by-name", claims={"acr": FACE, "name": "方素笺"}),
        User(sub="stranger", claims={"id_no": "990102199207079931", "acr": FACE}),
        User(sub="dead", claims={"id_no": "990102194109099936", "acr": FACE}),
    ]
    with oidc_provider_mock.run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def trusted(origin: str, provider: str, settings: LazySettings) -> str:
    settings.SHUZHENG = replace(
        settings.SHUZHENG,
        identity_provider=IdentityProvider(
            name="样例统一认证",
            issuer=provider,
            client_id="city",
            read_secret=lambda: "secret of the city",
            identity_claim="id_no",
            levels={FACE: 2, NUMBER: 1},
            scopes=("openid", "profile"),
        ),
    )
    return origin


def go_out(agent: Agent, origin: str, subject: str, *, to: str = "") -> str:
    """Begin here, prove oneself there; return the address that leads back."""
    there = agent.get(f"{origin}/sign-in/external/", params={"next": to} if to else {}).headers["location"]
    return str(Agent().post(there, data={"sub": subject}).headers["location"])


def test_the_sign_in_page_offers_the_external_sign_in_only_where_there_is_one(
    trusted: str, visitor: Client, settings: LazySettings
) -> None:
    assert "用样例统一认证登录" in text(visitor.get("/sign-in/?next=/my/"))
    settings.SHUZHENG = replace(settings.SHUZHENG, identity_provider=None)
    assert "external" not in text(visitor.get("/sign-in/"))
    assert visitor.get("/sign-in/external/").status_code == 404


def test_a_proved_identity_signs_in_and_is_bound_to_its_person(trusted: str, agent: Agent) -> None:
    Person.objects.update(real_name=0)
    back = go_out(agent, trusted, "by-face", to="/my/")
    assert back.startswith(f"{trusted}/sign-in/external/callback/?")
    landed = agent.get(back)
    assert landed.headers["location"] == "/my/"
    assert "方*笺" in agent.get(f"{trusted}/my/").text
    bound = ExternalIdentity.objects.select_related("account__person").get()
    assert bound.account.person.name == "方素笺"
    assert bound.account.person.real_name == 2
    assert b"by-face" not in bytes(bound.subject_index)
    assert Entry.objects.filter(act="directory.external_bound").count() == 1
    assert "统一身份认证" in agent.get(f"{trusted}/account/sessions/").text
    again = go_out(agent, trusted, "by-face")
    assert agent.get(again).headers["location"] == "/"
    assert ExternalIdentity.objects.count() == 1


def test_the_request_carries_state_nonce_and_a_challenge(trusted: str, agent: Agent, provider: str) -> None:
    there = agent.get(f"{trusted}/sign-in/external/").headers["location"]
    asked = {name: value[0] for name, value in parse_qs(urlsplit(there).query).items()}
    assert there.startswith(provider)
    assert (asked["code_challenge_method"], asked["response_type"], asked["client_id"]) == ("S256", "code", "city")
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert "verifier" not in there


def test_the_code_is_redeemed_with_the_verifier_of_the_challenge(
    trusted: str, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, str]] = []
    honest = provider_backend.redeem

    def redeem(endpoints: Any, given: dict[str, str], **said: Any) -> Any:
        sent.append(given)
        return honest(endpoints, given, **said)

    monkeypatch.setattr(provider_backend, "redeem", redeem)
    there = agent.get(f"{trusted}/sign-in/external/").headers["location"]
    agent.get(agent.post(there, data={"sub": "by-face"}).headers["location"])
    (given,) = sent
    assert parse_qs(urlsplit(there).query)["code_challenge"] == [challenge_of(given["code_verifier"])]


def test_who_has_no_account_gets_one_without_a_password(trusted: str, agent: Agent) -> None:
    Account.objects.filter(person__name="方素笺").update(is_active=False)
    agent.get(go_out(agent, trusted, "by-number"))
    made = ExternalIdentity.objects.select_related("account").get().account
    assert not made.has_usable_password()
    assert "您用统一身份认证登录" in agent.get(f"{trusted}/account/").text


@pytest.mark.parametrize(
    ("subject", "status", "said"),
    [
        ("by-mobile", 403, "没有核验您的身份"),
        ("by-name", 403, "没有核验您的身份"),
        ("stranger", 403, "人口登记里没有找到您"),
        ("dead", 403, "这个账号已经停用"),
    ],
)
def test_an_unproved_or_unknown_identity_is_not_bound(
    trusted: str, agent: Agent, subject: str, status: int, said: str
) -> None:
    answer = agent.get(go_out(agent, trusted, subject))
    assert answer.status_code == status
    assert said in answer.text
    assert CITIZEN not in answer.text
    assert agent.get(f"{trusted}/my/").status_code == 302
    if subject != "dead":
        assert not ExternalIdentity.objects.exists()


def test_an_answer_works_once_and_only_in_the_browser_that_asked(trusted: str, agent: Agent) -> None:
    back = go_out(agent, trusted, "by-face")
    with Agent() as other:
        assert other.get(back).status_code == 409
    assert agent.get(back).status_code == 302
    assert agent.get(back).status_code == 409
    forged = re.sub(r"state=[^&]+", "state=made-up", go_out(agent, trusted, "by-face"))
    assert agent.get(forged).status_code == 409


def test_a_token_for_another_nonce_is_refused(trusted: str, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = actions.external.read_id_token  # type: ignore[attr-defined]

    def other_nonce(token: str, keys: Any, **said: Any) -> Any:
        return honest(token, keys, **said | {"nonce": "another"})

    back = go_out(agent, trusted, "by-face")
    monkeypatch.setattr("shuzheng.base.directory.actions.external.read_id_token", other_nonce)
    answer = agent.get(back)
    assert answer.status_code == 403
    assert "没有通过验证" in answer.text
    assert not ExternalIdentity.objects.exists()


def test_a_token_signed_by_somebody_else_is_refused(
    trusted: str, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = go_out(agent, trusted, "by-face")
    monkeypatch.setattr("shuzheng.base.directory.backends.provider.fetch_keys", lambda _at: dict(queries.get_key_set()))
    assert agent.get(back).status_code == 403


def test_cancelling_there_is_said_here(trusted: str, agent: Agent) -> None:
    there = agent.get(f"{trusted}/sign-in/external/").headers["location"]
    back = Agent().post(there, data={"action": "deny"}).headers["location"]
    if "state=" not in back:  # the mock forgets the state of a refusal
        back += "&state=" + parse_qs(urlsplit(there).query)["state"][0]
    answer = agent.get(back)
    assert answer.status_code == 403
    assert "取消了登录" in answer.text


def test_a_provider_that_is_away_is_said_and_passwords_still_work(
    trusted: str, agent: Agent, settings: LazySettings
) -> None:
    known = settings.SHUZHENG.identity_provider
    assert known is not None
    settings.SHUZHENG = replace(settings.SHUZHENG, identity_provider=replace(known, issuer="http://localhost:9"))
    answer = agent.get(f"{trusted}/sign-in/external/")
    assert answer.status_code == 502
    assert "暂时连不上" in answer.text
    assert log_in(agent, trusted, "qunzhong").status_code == 302


def test_a_jwt_without_a_signature_is_refused() -> None:
    def part(content: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

    token = f"{part({'alg': 'none'})}.{part({'sub': 'x'})}."
    with pytest.raises(Exception, match="没有通过验证"):
        actions.external.read_id_token(  # type: ignore[attr-defined]
            token, {"keys": []}, issuer="i", client_id="c", nonce="n", at=AT
        )
