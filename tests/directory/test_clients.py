"""Machine accounts and systems: secrets that rotate, lock-out, codes that work once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.db import connection

from shuzheng.base.directory import actions, errors, queries
from shuzheng.base.directory.models import ClientSecret, Code, Token
from shuzheng.base.directory.rules.oidc import challenge_of, read_request
from shuzheng.base.directory.types import AccountView, ClientKind, ClientView, NewSecret
from shuzheng.base.kernel.types import SYSTEM, Actor, OrgId
from shuzheng.base.ledger.models import Entry
from tests.directory.builders import (
    AT,
    CLERK,
    COUNTY_OFFICE,
    load_city,
    make_account,
    person_of,
    post_of,
)

MACHINE, SYSTEM_KIND = ClientKind.MACHINE, ClientKind.SYSTEM
CALLBACK = "https://oa.example.gov.cn/callback?from=city"
VERIFIER = "v" * 43
HERE = "address"


@pytest.fixture(autouse=True)
def _city(db: None) -> None:
    load_city()


def add_machine(name: str = "sync", **over: Any) -> NewSecret:
    said: dict[str, Any] = {"title": "同步", "organization": OrgId(COUNTY_OFFICE), "roles": ["service_window"]}
    return actions.add_machine(name, **said | {"actor": SYSTEM, "at": AT} | over)


def add_system(name: str = "oa-main", **over: Any) -> NewSecret:
    said: dict[str, Any] = {"title": "办公系统", "organization": OrgId(COUNTY_OFFICE), "redirect_uris": [CALLBACK]}
    return actions.add_system(name, **said | {"actor": SYSTEM, "at": AT} | over)


def authenticate(name: str, secret: str, *, at: Any = AT, address: str = HERE) -> ClientView:
    return actions.authenticate_client(name, secret, at=at, address_hash=address)


def test_a_machine_signs_in_and_acts_for_its_organization() -> None:
    made = add_machine()
    client = authenticate("sync", made.secret)
    actor = queries.machine_actor(client)
    assert (actor.name, actor.person, actor.org) == ("同步", None, COUNTY_OFFICE)
    assert actor.roles == {"service_window"}
    assert not actor.is_system
    assert not actor.is_officer
    assert actor.party is None
    assert actor.urn == f"urn:shuzheng:machine:{client.id}"


def test_a_secret_is_stored_as_a_hash_and_never_shown_in_a_repr() -> None:
    made = add_machine()
    stored = bytes(ClientSecret.objects.get().digest)
    assert made.secret.encode() not in stored
    assert made.secret not in repr(made)


@pytest.mark.parametrize(
    ("over", "refusal"),
    [
        ({"name": "Sync"}, errors.NameUnfit),
        ({"roles": ["administrator"]}, errors.RoleUnknown),
        ({"organization": OrgId("nowhere")}, errors.NoSuchOrganization),
        ({"actor": Actor("某人", person=None, machine=None, roles=frozenset({"approval"}))}, None),
    ],
)
def test_an_unfit_machine_is_refused(over: dict[str, Any], refusal: type[Exception] | None) -> None:
    before = Entry.objects.count()
    if refusal is None:
        over = {"actor": queries.get_actor(make_account("clerk", CLERK).id, at=AT)}
        before, refusal = Entry.objects.count(), errors.MayNotManage
    with pytest.raises(refusal):
        add_machine(**{"name": "sync"} | over)
    assert Entry.objects.count() == before


def test_a_machine_is_no_administrator() -> None:
    actor = queries.machine_actor(authenticate("sync", add_machine().secret))
    for act in (
        lambda: add_machine("other", actor=actor),
        lambda: actions.close_client("sync", kind=MACHINE, actor=actor, at=AT),
        lambda: actions.rotate_secret("sync", kind=MACHINE, actor=actor, at=AT),
        lambda: actions.create_account("mine", person=person_of(CLERK).id, password="long enough", actor=actor, at=AT),
    ):
        with pytest.raises(errors.MayNotManage):
            act()


def test_two_programs_never_share_an_id() -> None:
    add_machine()
    with pytest.raises(errors.NameTaken):
        add_system("sync")


def test_during_a_rotation_both_secrets_hold_and_then_only_the_new_one() -> None:
    old = add_machine()
    new = actions.rotate_secret("sync", kind=MACHINE, keep=timedelta(hours=2), actor=SYSTEM, at=AT)
    assert new.old_until == AT + timedelta(hours=2)
    later = AT + timedelta(hours=1)
    assert authenticate("sync", old.secret, at=later).secrets == 2
    assert authenticate("sync", new.secret, at=later).secrets == 2
    with pytest.raises(errors.ClientRefused):
        authenticate("sync", old.secret, at=AT + timedelta(hours=2))
    assert authenticate("sync", new.secret, at=AT + timedelta(hours=2)).secrets == 1


def test_at_most_two_secrets_hold() -> None:
    first = add_machine()
    second = actions.rotate_secret("sync", kind=MACHINE, actor=SYSTEM, at=AT)
    third = actions.rotate_secret("sync", kind=MACHINE, actor=SYSTEM, at=AT + timedelta(minutes=1))
    later = AT + timedelta(minutes=2)
    with pytest.raises(errors.ClientRefused):
        authenticate("sync", first.secret, at=later)
    for made in (second, third):
        assert authenticate("sync", made.secret, at=later).secrets == 2


def test_a_rotation_without_grace_ends_the_old_secret_now() -> None:
    old = add_machine()
    actions.rotate_secret("sync", kind=MACHINE, keep=timedelta(0), actor=SYSTEM, at=AT)
    with pytest.raises(errors.ClientRefused):
        authenticate("sync", old.secret)


def test_a_closed_machine_stops_with_its_tokens_and_stays_closed() -> None:
    made = add_machine()
    issued = actions.issue_machine_token(made.client, at=AT)
    actions.close_client("sync", kind=MACHINE, actor=SYSTEM, at=AT)
    with pytest.raises(errors.ClientRefused):
        authenticate("sync", made.secret)
    with pytest.raises(errors.ClientRefused):
        queries.get_token_machine(issued.access_token, at=AT)
    with pytest.raises(errors.ClientRefused):
        actions.issue_machine_token(made.client, at=AT)
    with pytest.raises(errors.ClientClosed):
        actions.rotate_secret("sync", kind=MACHINE, actor=SYSTEM, at=AT)
    with pytest.raises(errors.NoSuchClient):
        actions.close_client("sync", kind=SYSTEM_KIND, actor=SYSTEM, at=AT)


def test_unknown_ids_and_wrong_secrets_get_the_same_answer_and_stand_in_the_ledger() -> None:
    add_machine()
    told = set()
    for name in ("sync", "nobody"):
        with pytest.raises(errors.ClientRefused) as caught:
            authenticate(name, "wrong")
        told.add(caught.value.message)
    assert len(told) == 1
    assert Entry.objects.filter(act="directory.client_refused").count() == 2


def test_ten_failures_lock_the_id_at_that_address_only() -> None:
    made = add_machine()
    for _n in range(10):
        with pytest.raises(errors.ClientRefused):
            authenticate("sync", "wrong")
    with pytest.raises(errors.ClientLocked):
        authenticate("sync", made.secret)
    assert authenticate("sync", made.secret, address="elsewhere").name == "sync"
    assert authenticate("sync", made.secret, at=AT + timedelta(minutes=16)).name == "sync"


def test_the_last_use_is_noted_at_most_once_a_minute() -> None:
    made = add_machine()
    authenticate("sync", made.secret)
    authenticate("sync", made.secret, at=AT + timedelta(seconds=30))
    assert queries.get_client("sync", kind=MACHINE, at=AT).last_used_at == AT
    authenticate("sync", made.secret, at=AT + timedelta(seconds=90))
    assert queries.get_client("sync", kind=MACHINE, at=AT).last_used_at == AT + timedelta(seconds=90)
    assert [view.name for view in queries.list_clients(MACHINE, at=AT)] == ["sync"]


def test_a_machines_token_holds_for_an_hour() -> None:
    issued = actions.issue_machine_token(add_machine().client, at=AT)
    assert queries.get_token_machine(issued.access_token, at=AT + timedelta(minutes=59)).name == "sync"
    for token, at in ((issued.access_token, AT + timedelta(hours=1)), ("made up", AT), ("", AT)):
        with pytest.raises(errors.ClientRefused):
            queries.get_token_machine(token, at=at)
    with pytest.raises(errors.ClientRefused):
        queries.get_userinfo(issued.access_token, at=AT)


@pytest.mark.parametrize(
    "uri",
    [
        "http://oa.example.gov.cn/",
        "https://oa.example.gov.cn/#x",
        "javascript:alert(1)",
        "https:///x",
        "https://a@b/",
        "",
    ],
)
def test_an_unsafe_redirect_address_is_not_registered(uri: str) -> None:
    with pytest.raises(errors.RedirectUnfit):
        add_system(redirect_uris=[uri])


def test_a_system_needs_a_redirect_address() -> None:
    with pytest.raises(errors.RedirectUnfit):
        add_system(redirect_uris=[])


@pytest.fixture
def clerk() -> AccountView:
    return make_account("clerk", CLERK)


def ask(**over: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": "oa-main",
        "redirect_uri": CALLBACK,
        "scope": "openid profile organization",
        "state": "s",
        "nonce": "n",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
    } | over


def code_for(account: AccountView, **over: str) -> str:
    actor = queries.get_actor(account.id, at=AT)
    return actions.issue_code(
        read_request(ask(**over)),
        account_id=account.id,
        post=post_of(CLERK).id,
        authenticated_at=AT,
        actor=actor,
        at=AT,
    )


def redeem(client: ClientView, code: str, **over: Any) -> Any:
    said: dict[str, Any] = {"redirect_uri": CALLBACK, "verifier": VERIFIER, "at": AT}
    return actions.redeem_code(client, code, **said | over)


def test_a_code_gives_claims_signed_by_our_key(clerk: AccountView) -> None:
    oa = add_system().client
    issued = redeem(oa, code_for(clerk))
    keys = jwt.PyJWKSet.from_dict(queries.get_key_set())
    claims = jwt.decode(
        issued.id_token,
        keys.keys[0].key,
        algorithms=["RS256"],
        audience="oa-main",
        issuer=settings.SHUZHENG.public_url,
        options={"verify_exp": False, "verify_iat": False},
    )
    assert (claims["name"], claims["post"], claims["organization"]) == ("许研青", "受理岗", COUNTY_OFFICE)
    assert (claims["nonce"], claims["acr"], claims["auth_time"]) == ("n", "L1", int(AT.timestamp()))
    told = queries.get_userinfo(issued.access_token, at=AT)
    assert told["sub"] == claims["sub"]
    assert "nonce" not in told


def test_the_public_keys_hold_nothing_private() -> None:
    (key,) = queries.get_key_set()["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}


def test_only_what_was_asked_for_is_told(clerk: AccountView) -> None:
    oa = add_system().client
    told = queries.get_userinfo(redeem(oa, code_for(clerk, scope="openid email")).access_token, at=AT)
    assert set(told) == {"sub", "acr"}


def test_two_systems_know_the_same_person_by_two_names(clerk: AccountView) -> None:
    subjects = []
    for name in ("oa-main", "archive"):
        client = add_system(name).client
        subjects.append(
            queries.get_userinfo(redeem(client, code_for(clerk, client_id=name)).access_token, at=AT)["sub"]
        )
        again = queries.get_userinfo(redeem(client, code_for(clerk, client_id=name)).access_token, at=AT)["sub"]
        assert again == subjects[-1]
    assert len(set(map(str, subjects))) == 2


def test_a_code_works_once_and_a_replay_revokes_what_it_gave(clerk: AccountView) -> None:
    oa = add_system().client
    code = code_for(clerk)
    issued = redeem(oa, code)
    with pytest.raises(errors.OAuthRefused) as caught:
        redeem(oa, code)
    assert caught.value.facts["error"] == "invalid_grant"
    with pytest.raises(errors.ClientRefused):
        queries.get_userinfo(issued.access_token, at=AT)


@pytest.mark.parametrize(
    "over",
    [
        {"verifier": "w" * 43},
        {"verifier": ""},
        {"redirect_uri": "https://oa.example.gov.cn/callback"},
        {"at": AT + timedelta(seconds=60)},
    ],
)
def test_a_code_is_refused_and_used_up(clerk: AccountView, over: dict[str, Any]) -> None:
    oa = add_system().client
    code = code_for(clerk)
    for said in (over, {}):
        with pytest.raises(errors.OAuthRefused):
            redeem(oa, code, **said)
    assert Token.objects.count() == 0


def test_another_system_cannot_redeem_a_code(clerk: AccountView) -> None:
    add_system()
    other = add_system("other").client
    code = code_for(clerk)
    with pytest.raises(errors.OAuthRefused):
        redeem(other, code)
    assert Code.objects.get().used_at is None


def test_signing_out_everywhere_ends_codes_and_tokens(clerk: AccountView) -> None:
    oa = add_system().client
    issued, waiting = redeem(oa, code_for(clerk)), code_for(clerk)
    actions.end_sessions(clerk.id, keep=None, actor=queries.get_actor(clerk.id, at=AT), at=AT)
    with pytest.raises(errors.ClientRefused):
        queries.get_userinfo(issued.access_token, at=AT)
    with pytest.raises(errors.OAuthRefused):
        redeem(oa, waiting)


def test_a_closed_account_gets_no_tokens(clerk: AccountView) -> None:
    oa = add_system().client
    issued, code = redeem(oa, code_for(clerk)), code_for(clerk)
    actions.close_account(clerk.id, actor=SYSTEM, at=AT)
    with pytest.raises(errors.OAuthRefused):
        redeem(oa, code)
    with pytest.raises(errors.ClientRefused):
        queries.get_userinfo(issued.access_token, at=AT)


def test_a_code_is_only_for_ones_own_account(clerk: AccountView) -> None:
    add_system()
    other = queries.get_actor(make_account().id, at=AT)
    with pytest.raises(errors.NoSuchAccount):
        actions.issue_code(read_request(ask()), account_id=clerk.id, post=None, authenticated_at=AT, actor=other, at=AT)


@pytest.mark.parametrize(
    ("over", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"state": "x" * 1001}, "invalid_request"),
        ({"request": "eyJ"}, "request_not_supported"),
    ],
)
def test_a_request_that_breaks_the_protocol_is_refused_with_its_code(over: dict[str, str], error: str) -> None:
    with pytest.raises(errors.OAuthRefused) as caught:
        read_request(ask(**over))
    assert caught.value.facts["error"] == error


def test_a_request_of_an_unknown_system_or_address_goes_nowhere() -> None:
    add_system()
    for name, uri in (("nobody", CALLBACK), ("oa-main", CALLBACK + "x"), ("oa-main", "https://evil.example/")):
        with pytest.raises(errors.OAuthRefused):
            queries.get_system(name, uri, at=AT)
    actions.close_client("oa-main", kind=SYSTEM_KIND, actor=SYSTEM, at=AT)
    with pytest.raises(errors.OAuthRefused):
        queries.get_system("oa-main", CALLBACK, at=AT)


def test_dead_codes_and_tokens_are_swept_after_a_day(clerk: AccountView) -> None:
    redeem(add_system().client, code_for(clerk))
    code_for(clerk)
    assert actions.sweep_sessions(at=AT + timedelta(hours=1)) == 0
    assert actions.sweep_sessions(at=AT + timedelta(days=2)) == 3
    assert (Token.objects.count(), Code.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_code_redeemed_twice_at_once_gives_tokens_once(clerk: AccountView) -> None:
    oa = add_system().client
    code = code_for(clerk)

    def attempt(_n: int) -> bool:
        try:
            redeem(oa, code)
        except errors.OAuthRefused:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(attempt, range(4)))
    assert outcomes.count(True) == 1
    assert Token.objects.filter(revoked_at__isnull=True).count() == 0  # the others looked like a thief
