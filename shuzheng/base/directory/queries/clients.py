"""Reads of the programs that sign in, and what their people's claims are."""

from datetime import datetime
from typing import Any

from django.conf import settings
from joserfc.jwk import KeySet, RSAKey

from shuzheng.base.directory.errors import AccountClosed, ClientRefused, NoSuchClient, OAuthRefused
from shuzheng.base.directory.models import Client, ClientSecret, Code, Post, Token
from shuzheng.base.directory.queries.sealing import index_of
from shuzheng.base.directory.rules.clients import digest_of
from shuzheng.base.directory.rules.oidc import ALGORITHM, SCOPES, read_signing_key
from shuzheng.base.directory.rules.signing import may_sign_in
from shuzheng.base.directory.types import ClientKind, ClientView
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Actor, JsonObject, MachineId, OrgId


def client_view(row: Client, *, at: datetime) -> ClientView:
    """Return a client as others see it; for this room only."""
    return ClientView(
        id=MachineId(row.public_id),
        name=row.name,
        kind=ClientKind(row.kind),
        title=row.title,
        organization=OrgId(row.organization.code),
        organization_name=row.organization.short_name,
        roles=frozenset(filter(None, row.roles.split(";"))),
        redirect_uris=tuple(row.redirect_uris),
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        closed_at=row.closed_at,
        secrets=len(valid_secrets(row, at=at)),
    )


def valid_secrets(row: Client, *, at: datetime) -> list[ClientSecret]:
    """Return the secrets that still hold: the current one, and during a rotation the one before; for this room only."""
    return [secret for secret in row.secrets.all() if secret.expires_at is None or secret.expires_at > at]


def list_clients(kind: ClientKind, *, at: datetime) -> tuple[ClientView, ...]:
    """Return all programs of a kind by name, closed ones too."""
    rows = Client.objects.select_related("organization").prefetch_related("secrets").filter(kind=kind)
    return tuple(client_view(row, at=at) for row in rows.order_by("name"))


def get_client(name: str, *, kind: ClientKind, at: datetime) -> ClientView:
    """Return a program by its id.

    Raises:
        NoSuchClient: No program of this kind has it.
    """
    row = Client.objects.select_related("organization").filter(name=name, kind=kind).first()
    if row is None:
        raise NoSuchClient(name=name)
    return client_view(row, at=at)


def get_system(name: str, redirect_uri: str, *, at: datetime) -> ClientView:
    """Return the system that asks to sign somebody in, and whose answer may go to this address, letter by letter.

    Raises:
        OAuthRefused: Unknown or closed system, or an address that is not registered: the browser is not sent there.
    """
    row = Client.objects.select_related("organization").filter(name=name, kind=ClientKind.SYSTEM).first()
    if row is None or row.closed_at is not None:
        raise OAuthRefused(error="invalid_client", what=said("没有登记这个系统，或者已经停用"))
    if redirect_uri not in row.redirect_uris:
        raise OAuthRefused(error="invalid_redirect_uri", what=said("回调地址没有登记"))
    return client_view(row, at=at)


def machine_actor(client: ClientView) -> Actor:
    """Return a machine account as the one who acts, for its organization."""
    return Actor(
        name=client.title,
        machine=client.id,
        org=client.organization,
        org_name=client.organization_name,
        roles=client.roles,
    )


def get_token_machine(token: str, *, at: datetime) -> ClientView:
    """Return the machine account whose own token this is.

    Raises:
        ClientRefused: Unknown, expired or revoked, or the machine was closed.
    """
    row = _live_token(token, at)
    if row is None or row.client.kind != ClientKind.MACHINE:
        raise ClientRefused
    return client_view(row.client, at=at)


def get_userinfo(token: str, *, at: datetime) -> JsonObject:
    """Return the claims a system's token opens (OpenID Connect Core, 5.3).

    Raises:
        ClientRefused: Unknown, expired or revoked, or the account was closed.
    """
    row = _live_token(token, at)
    if row is None or row.code is None:
        raise ClientRefused
    try:
        return claims_of(row.code)
    except AccountClosed:
        raise ClientRefused from None


def _live_token(token: str, at: datetime) -> Token | None:
    rows = Token.objects.select_related("client__organization", "code__account__person", "code__client")
    row = rows.filter(digest=digest_of(token), expires_at__gt=at, revoked_at__isnull=True).first()
    return None if row is None or row.client.closed_at is not None else row


def claims_of(row: Code) -> dict[str, Any]:
    """Return what the system may know of the person who signed in, by the scopes it asked for; for this room only.

    `sub` is pairwise: two systems that compare notes cannot tell that they know the same person.

    Raises:
        AccountClosed: The account was closed, or its person can no longer act.
    """
    account, person = row.account, row.account.person
    if not may_sign_in(status=person.status, closed=not account.is_active or person.retired_at is not None):
        raise AccountClosed
    scopes = row.scope.split()
    claims: dict[str, Any] = {"sub": subject_of(row.client.name, str(person.public_id)), "acr": f"L{person.real_name}"}
    if "profile" in scopes:
        claims["name"] = person.name
    if "organization" in scopes:
        claims |= _post_claims(row)
    return claims


def subject_of(client: str, person: str) -> str:
    """Return what a system calls a person, always the same for the two of them."""
    return index_of(f"oidc subject:{client}:{person}").hex()


def _post_claims(row: Code) -> dict[str, str]:
    held = Post.objects.select_related("organization").filter(
        person=row.account.person, ended_at__isnull=True, organization__retired_at__isnull=True
    )
    chosen = held.filter(public_id=row.post_id).first() if row.post_id is not None else None
    post = chosen or held.order_by("pk").first()
    if post is None:
        return {}
    return {
        "organization": post.organization.code,
        "organization_name": post.organization.full_name,
        "post": post.name,
        "post_id": str(post.public_id),
    }


def signing_key() -> RSAKey:
    """Return the key that signs our tokens; for this room only."""
    return read_signing_key(settings.SHUZHENG.read_key("oidc"))


def get_key_set() -> dict[str, Any]:
    """Return the public half of the signing key as a JWK set."""
    return dict(KeySet([signing_key()]).as_dict(private=False))


def get_discovery() -> JsonObject:
    """Return what the sign-in service offers (OpenID Connect Discovery 1.0)."""
    origin = settings.SHUZHENG.public_url
    return {
        "issuer": origin,
        "authorization_endpoint": f"{origin}/oidc/authorize",
        "token_endpoint": f"{origin}/oidc/token",
        "userinfo_endpoint": f"{origin}/oidc/userinfo",
        "jwks_uri": f"{origin}/oidc/keys",
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": [
            *("sub", "acr", "auth_time", "name"),
            *("organization", "organization_name", "post", "post_id"),
        ],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
    }
