"""Sign in by an external provider (统一身份认证): state, nonce and PKCE checked, bound by a proved identity number.

An external subject is bound to a person at its first sign-in, only when the provider says (`acr`) that it checked the
identity number it sends; a name is never enough. From then on the binding alone signs in.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction

from shuzheng.base.directory.actions.real_name import raise_level
from shuzheng.base.directory.backends import provider
from shuzheng.base.directory.errors import (
    AccountClosed,
    ExternalFailed,
    ExternalOff,
    ExternalStale,
    ExternalUnknown,
    ExternalUnproved,
    ProviderAway,
)
from shuzheng.base.directory.models import Account, ExternalIdentity, Person
from shuzheng.base.directory.queries.sealing import index_of, indexes_of_id_no
from shuzheng.base.directory.rules.mandates import ACTS_FOR_OTHERS
from shuzheng.base.directory.rules.oidc import challenge_of, level_of, read_id_token
from shuzheng.base.directory.rules.signing import may_sign_in
from shuzheng.base.directory.types import AccountView, ExternalStart
from shuzheng.base.kernel.codes import check_citizen_id
from shuzheng.base.kernel.configuration import IdentityProvider
from shuzheng.base.kernel.errors import Invalid
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Actor, PersonId
from shuzheng.base.ledger.actions import record

_REFUSED: Final = {"access_denied": said("您在对方那里取消了登录")}


def start_external(*, redirect_uri: str) -> ExternalStart:
    """Return where to send the browser, and what to remember until it comes back.

    Raises:
        ExternalOff: The city has no external sign-in.
        ProviderAway: It does not answer.
    """
    ours = _provider()
    endpoints = provider.discover(ours.issuer)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _n in range(3))
    asked = {
        "response_type": "code",
        "client_id": ours.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(ours.scopes),
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    joint = "&" if "?" in endpoints.authorize else "?"
    return ExternalStart(f"{endpoints.authorize}{joint}{urlencode(asked)}", state, nonce, verifier)


def finish_external(
    answer: Mapping[str, str], *, nonce: str, verifier: str, redirect_uri: str, at: datetime, address_hash: str
) -> AccountView:
    """Check what the provider answered, and return the account to sign in to.

    The caller has found `nonce` and `verifier` by the answer's `state` in the session of the same browser.

    Args:
        answer: Query of the callback.
        nonce: Remembered from `start_external`.
        verifier: Remembered too.
        redirect_uri: The one the start was made with.
        at: When.
        address_hash: From `queries.hash_address`.

    Raises:
        ExternalOff, ProviderAway: No provider, or it does not answer.
        ExternalStale: The answer carries no code.
        ExternalFailed: The provider refused, or its token does not verify.
        ExternalUnproved, ExternalUnknown: A first sign-in without a proved number of somebody known here.
        AccountClosed: The account is closed, or the person can no longer act.
    """
    ours = _provider()
    if answer.get("error"):
        raise ExternalFailed(reason=_REFUSED.get(answer["error"], said("对方拒绝了这次登录")))
    if not answer.get("code"):
        raise ExternalStale
    if answer.get("iss", ours.issuer).rstrip("/") != ours.issuer:  # RFC 9207: another provider's answer
        raise ExternalFailed(reason=said("回答来自另一个登录系统"))
    given = {"code": answer["code"], "redirect_uri": redirect_uri, "code_verifier": verifier}
    claims = _read_claims(ours, given, nonce=nonce, at=at)
    with transaction.atomic():
        settled = _settle(ours, claims, at=at, address_hash=address_hash)
    if isinstance(settled, AccountClosed):
        raise settled
    return settled


def _provider() -> IdentityProvider:
    found: IdentityProvider | None = settings.SHUZHENG.identity_provider
    if found is None:
        raise ExternalOff
    return found


def _read_claims(ours: IdentityProvider, given: Mapping[str, str], *, nonce: str, at: datetime) -> dict[str, Any]:
    """Return the claims of the ID token, completed from userinfo when the identity number is not in it."""
    endpoints = provider.discover(ours.issuer)
    tokens = provider.redeem(endpoints, given, client_id=ours.client_id, secret=ours.read_secret())
    keys = provider.fetch_keys(endpoints)
    claims = read_id_token(
        str(tokens.get("id_token", "")), keys, issuer=ours.issuer, client_id=ours.client_id, nonce=nonce, at=at
    )
    if ours.identity_claim not in claims and endpoints.userinfo:
        more = provider.fetch_userinfo(endpoints, str(tokens.get("access_token", "")))
        if more.get("sub") != claims["sub"]:
            raise ProviderAway
        claims = {**more, **claims}
    return claims


def _settle(
    ours: IdentityProvider, claims: Mapping[str, Any], *, at: datetime, address_hash: str
) -> AccountView | AccountClosed:
    """Find or bind the account and write the sign-in down; return a refusal that is raised after the commit."""
    subject = index_of(f"external:{ours.issuer}:{claims['sub']}")
    level = level_of(claims, ours.levels)
    row = ExternalIdentity.objects.select_related("account__person").filter(subject_index=subject).first()
    number = _number_of(claims.get(ours.identity_claim))
    if row is None:
        account = _bind(ours.issuer, subject, number, level=level, at=at)
    else:
        account = row.account
        if number and account.person.id_no_index and bytes(account.person.id_no_index) not in indexes_of_id_no(number):
            raise ExternalFailed(reason=said("对方发来的证件号码与绑定的人不一致"))
    person = account.person
    view = AccountView(account.pk, account.sign_in_name, PersonId(person.public_id), account.elder_mode)
    open_to = may_sign_in(status=person.status, closed=not account.is_active or person.retired_at is not None)
    if open_to:
        raise_level(person, level)
    actor = Actor(name=person.name, person=PersonId(person.public_id))
    act = "directory.signed_in" if open_to else "directory.sign_in_refused"
    record(act, view.urn, actor=actor, at=at, content={"address": address_hash, "issuer": ours.issuer})
    return view if open_to else AccountClosed()


def _number_of(claim: object) -> str:
    if not isinstance(claim, str):
        return ""
    try:
        return check_citizen_id(claim)
    except Invalid:
        return ""


def _bind(issuer: str, subject: bytes, number: str, *, level: int, at: datetime) -> Account:
    """Bind a subject to the oldest open account of the person with this proved number; make one if they have none."""
    if level < ACTS_FOR_OTHERS or not number:
        raise ExternalUnproved
    rows = Person.objects.select_for_update().filter(id_no_index__in=indexes_of_id_no(number), retired_at__isnull=True)
    person = rows.first()
    if person is None:
        raise ExternalUnknown
    account = Account.objects.select_related("person").filter(person=person, is_active=True).order_by("pk").first()
    actor = Actor(name=person.name, person=PersonId(person.public_id))
    if account is None:
        account = Account(sign_in_name=f"u{secrets.token_hex(8)}", person=person, created_at=at)
        account.set_unusable_password()
        account.save(force_insert=True)
        record("directory.account_created", f"urn:shuzheng:account:{account.pk}", actor=actor, at=at)
    ExternalIdentity.objects.create(account=account, issuer=issuer, subject_index=subject, bound_at=at)
    record("directory.external_bound", f"urn:shuzheng:account:{account.pk}", actor=actor, at=at)
    return account
