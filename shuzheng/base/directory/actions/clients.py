"""Programs that sign in: add, rotate the secret, close, authenticate, hand out a machine's own token."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final

from django.db import transaction

from shuzheng.base.directory.actions.tries import clock_time, count_tries, forget_tries, peek_lock, take_lock
from shuzheng.base.directory.errors import (
    ClientClosed,
    ClientLocked,
    ClientRefused,
    MayNotManage,
    NameTaken,
    NoSuchClient,
    RedirectUnfit,
)
from shuzheng.base.directory.models import Client, ClientSecret, Token
from shuzheng.base.directory.queries import get_organization
from shuzheng.base.directory.queries.clients import client_view, valid_secrets
from shuzheng.base.directory.queries.sealing import index_of
from shuzheng.base.directory.rules.clients import (
    FAILURES,
    ROTATION,
    check_redirect,
    check_roles,
    digest_of,
    make_secret,
)
from shuzheng.base.directory.rules.oidc import MACHINE_TOKEN_LIFE
from shuzheng.base.directory.rules.signing import ADDRESS_FAILURES, check_name, may_manage
from shuzheng.base.directory.types import ClientKind, ClientView, IssuedTokens, NewSecret
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import SYSTEM, Actor, OrgId
from shuzheng.base.ledger.actions import record

_NOTE_USE: Final = timedelta(minutes=1)
"""A program's last use is noted at most this often."""


def add_machine(
    name: str, *, title: str, organization: OrgId, roles: Collection[str], actor: Actor, at: datetime
) -> NewSecret:
    """Make a machine account (机器账号) of an organization; the secret is shown this once.

    Raises:
        MayNotManage: The actor is neither the platform nor an administrator.
        NameUnfit, RoleUnknown: The id or a role has another form.
        NoSuchOrganization: The organization is unknown.
        NameTaken: Another program has the id.
    """
    columns = {"roles": f";{';'.join(sorted(wanted))};" if (wanted := check_roles(roles)) else ""}
    return _add(name, ClientKind.MACHINE, title, organization, columns, actor=actor, at=at)


def add_system(
    name: str, *, title: str, organization: OrgId, redirect_uris: Sequence[str], actor: Actor, at: datetime
) -> NewSecret:
    """Register a system whose people sign in through us, such as an office system; the secret is shown this once.

    Raises:
        RedirectUnfit: None, or one that is not https (http on the loopback).
        Others: As `add_machine`.
    """
    if not redirect_uris:
        raise RedirectUnfit
    for uri in redirect_uris:
        check_redirect(uri)
    return _add(
        name, ClientKind.SYSTEM, title, organization, {"redirect_uris": list(redirect_uris)}, actor=actor, at=at
    )


def _add(
    name: str,
    kind: ClientKind,
    title: str,
    organization: OrgId,
    columns: Mapping[str, object],
    *,
    actor: Actor,
    at: datetime,
) -> NewSecret:
    _check_manager(actor)
    check_name(name)
    body = get_organization(organization)
    with transaction.atomic():
        if Client.objects.filter(name=name).exists():
            raise NameTaken(name=name)
        row = Client(public_id=new_id(at), name=name, kind=kind, title=title.strip() or name, created_at=at, **columns)
        row.organization_id = body.code
        row.save(force_insert=True)
        secret = make_secret()
        row.secrets.create(digest=digest_of(secret), created_at=at)
        view = client_view(row, at=at)
        content = {"name": name, "organization": body.code, "roles": sorted(view.roles)}
        record(f"directory.{kind}_added", view.urn, actor=actor, at=at, content=content)
    return NewSecret(view, secret)


def rotate_secret(name: str, *, kind: ClientKind, keep: timedelta = ROTATION, actor: Actor, at: datetime) -> NewSecret:
    """Make the next secret; the one before holds for `keep`, anything older ends now: at most two hold at once.

    Raises:
        MayNotManage: The actor is neither the platform nor an administrator.
        NoSuchClient, ClientClosed: There is no such open program.
    """
    _check_manager(actor)
    with transaction.atomic():
        row = _open_row(name, kind)
        ClientSecret.objects.filter(client=row, expires_at__gt=at).update(expires_at=at)
        ClientSecret.objects.filter(client=row, expires_at__isnull=True).update(expires_at=at + keep)
        secret = make_secret()
        row.secrets.create(digest=digest_of(secret), created_at=at)
        view = client_view(row, at=at)
        record("directory.secret_rotated", view.urn, actor=actor, at=at)
    return NewSecret(view, secret, at + keep)


def close_client(name: str, *, kind: ClientKind, actor: Actor, at: datetime) -> ClientView:
    """Close a program for good; its secrets and tokens stop at once.

    Raises:
        MayNotManage: The actor is neither the platform nor an administrator.
        NoSuchClient, ClientClosed: There is no such open program.
    """
    _check_manager(actor)
    with transaction.atomic():
        row = _open_row(name, kind)
        row.closed_at = at
        row.save(update_fields=["closed_at"])
        Token.objects.filter(client=row, revoked_at__isnull=True).update(revoked_at=at)
        view = client_view(row, at=at)
        record(f"directory.{kind}_closed", view.urn, actor=actor, at=at)
    return view


def authenticate_client(name: str, secret: str, *, at: datetime, address_hash: str) -> ClientView:
    """Check a program's id and secret.

    The lock is of id and address together, so that a stranger elsewhere cannot lock a program out.

    Args:
        name: The id.
        secret: As sent; the current one, or during a rotation the one before.
        at: When.
        address_hash: From `queries.hash_address`.

    Raises:
        ClientRefused: Unknown, closed, or a secret that does not hold; the answer does not tell which.
        ClientLocked: Too many failures of this id from this address.
    """
    limits = {
        index_of(f"client:{name}:{address_hash}"): FAILURES,
        index_of(f"sign-in address:{address_hash}"): ADDRESS_FAILURES,
    }
    row = Client.objects.select_related("organization").prefetch_related("secrets").filter(name=name).first()
    used = _matching(row, secret, at)
    if row is not None and used is not None and peek_lock(limits, at) is None:
        _note_use(row, used, next(iter(limits)), at)
        return client_view(row, at=at)
    with transaction.atomic():
        raised = _refuse(row, limits, at=at, address_hash=address_hash)
    raise raised


def _matching(row: Client | None, secret: str, at: datetime) -> ClientSecret | None:
    digest = digest_of(secret)
    if row is None or row.closed_at is not None:
        return None
    return next((held for held in valid_secrets(row, at=at) if compare_digest(bytes(held.digest), digest)), None)


def _refuse(row: Client | None, limits: dict[bytes, int], *, at: datetime, address_hash: str) -> ShuzhengError:
    """Count a failure and write it down; return what to raise after the commit."""
    locked = take_lock(limits, at)
    if locked is None:
        count_tries(limits, at)
    subject = "urn:shuzheng:machine:unknown" if row is None else client_view(row, at=at).urn
    act = "directory.client_refused" if locked is None else "directory.client_locked"
    record(act, subject, actor=SYSTEM, at=at, content={"address": address_hash})
    return ClientRefused() if locked is None else ClientLocked(until=clock_time(locked))


def _note_use(row: Client, used: ClientSecret, key: bytes, at: datetime) -> None:
    if used.last_used_at is not None and at - used.last_used_at < _NOTE_USE:
        return
    with transaction.atomic():
        forget_tries(key)
        Client.objects.filter(pk=row.pk).update(last_used_at=at)
        ClientSecret.objects.filter(pk=used.pk).update(last_used_at=at)


def issue_machine_token(client: ClientView, *, at: datetime) -> IssuedTokens:
    """Hand an authenticated machine a token for an hour (RFC 6749, 4.4).

    Raises:
        ClientRefused: The program is no open machine account.
    """
    token = make_secret()
    with transaction.atomic():
        row = Client.objects.filter(public_id=client.id, kind=ClientKind.MACHINE, closed_at__isnull=True).first()
        if row is None:
            raise ClientRefused
        Token.objects.create(digest=digest_of(token), client=row, issued_at=at, expires_at=at + MACHINE_TOKEN_LIFE)
    return IssuedTokens(token, "", "", int(MACHINE_TOKEN_LIFE.total_seconds()))


def _open_row(name: str, kind: ClientKind) -> Client:
    rows = Client.objects.select_related("organization").select_for_update(of=("self",))
    row = rows.filter(name=name, kind=kind).first()
    if row is None:
        raise NoSuchClient(name=name)
    if row.closed_at is not None:
        raise ClientClosed(name=name)
    return row


def _check_manager(actor: Actor) -> None:
    if not may_manage(actor):
        raise MayNotManage
