"""Sign people in to other systems (OpenID Connect provider): codes once, tokens signed, nothing more than asked for."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from shuzheng.base.directory.errors import AccountClosed, NoSuchAccount, OAuthRefused
from shuzheng.base.directory.models import Account, Client, Code, Token
from shuzheng.base.directory.queries.clients import claims_of, signing_key
from shuzheng.base.directory.rules.clients import digest_of, make_secret
from shuzheng.base.directory.rules.oidc import CODE_LIFE, TOKEN_LIFE, fits_challenge, sign_token
from shuzheng.base.directory.types import ClientKind, ClientView, IssuedTokens, SignInRequest
from shuzheng.base.kernel.types import Actor, PostId
from shuzheng.base.ledger.actions import record


def issue_code(
    asked: SignInRequest,
    *,
    account_id: int,
    post: PostId | None,
    authenticated_at: datetime,
    actor: Actor,
    at: datetime,
) -> str:
    """Return a code for a system that asked to sign somebody in: good once, for a minute.

    Args:
        asked: Checked by `rules.oidc.read_request`, its system and address by `queries.get_system`.
        account_id: Who is signed in here.
        post: The post chosen, whose organization the system is told.
        authenticated_at: When the person proved who they are.
        actor: The person of the account.
        at: When.

    Raises:
        NoSuchAccount: The account is another person's or closed.
    """
    code = make_secret()
    with transaction.atomic():
        client = Client.objects.get(name=asked.client, kind=ClientKind.SYSTEM)
        account = Account.objects.select_related("person").filter(pk=account_id, is_active=True).first()
        if account is None or account.person.public_id != actor.person:
            raise NoSuchAccount
        Code.objects.create(
            digest=digest_of(code),
            client=client,
            account=account,
            post_id=post,
            redirect_uri=asked.redirect_uri,
            scope=asked.scope,
            nonce=asked.nonce,
            challenge=asked.challenge,
            authenticated_at=authenticated_at,
            issued_at=at,
            expires_at=at + CODE_LIFE,
        )
        related = [f"urn:shuzheng:account:{account.pk}"]
        system = f"urn:shuzheng:system:{client.public_id}"
        record("directory.signed_in_to_system", system, actor=actor, at=at, related=related)
    return code


def redeem_code(client: ClientView, code: str, *, redirect_uri: str, verifier: str, at: datetime) -> IssuedTokens:
    """Exchange a code for tokens, once.

    A code that comes twice was stolen from somebody: what it gave before is revoked (RFC 6749, 4.1.2). A try with the
    wrong verifier or address uses the code up.

    Raises:
        OAuthRefused: `invalid_grant`: unknown, another system's, used, expired, or given for another address,
            verifier, or an account closed since.
    """
    with transaction.atomic():
        given = _take(client, code, redirect_uri=redirect_uri, verifier=verifier, at=at)
    if isinstance(given, OAuthRefused):
        raise given
    return given


def _take(
    client: ClientView, code: str, *, redirect_uri: str, verifier: str, at: datetime
) -> IssuedTokens | OAuthRefused:
    """Use the code up; return the tokens, or the refusal to raise after the commit."""
    rows = Code.objects.select_related("client", "account__person").select_for_update(of=("self",))
    row = rows.filter(digest=digest_of(code), client__public_id=client.id).first()
    if row is None:
        return _refused("授权码不对")
    if row.used_at is not None:
        Token.objects.filter(code=row, revoked_at__isnull=True).update(revoked_at=at)
        return _refused("授权码已经用过")
    row.used_at = at
    row.save(update_fields=["used_at"])
    wrong = _what_is_wrong(row, redirect_uri=redirect_uri, verifier=verifier, at=at)
    if wrong:
        return _refused(wrong)
    try:
        return _hand_out(row, at)
    except AccountClosed:
        return _refused("账号已经停用")


def _what_is_wrong(row: Code, *, redirect_uri: str, verifier: str, at: datetime) -> str:
    if row.expires_at <= at:
        return "授权码已经过期"
    if row.redirect_uri != redirect_uri:
        return "回调地址与申请授权码时不同"
    return "" if fits_challenge(verifier, row.challenge) else "code_verifier 不对（PKCE）"


def _refused(what: str) -> OAuthRefused:
    return OAuthRefused(error="invalid_grant", what=what)


def _hand_out(row: Code, at: datetime) -> IssuedTokens:
    claims = claims_of(row)
    token = make_secret()
    Token.objects.create(digest=digest_of(token), client=row.client, code=row, issued_at=at, expires_at=at + TOKEN_LIFE)
    claims |= {
        "iss": settings.SHUZHENG.public_url,
        "aud": row.client.name,
        "iat": int(at.timestamp()),
        "exp": int((at + TOKEN_LIFE).timestamp()),
        "auth_time": int(row.authenticated_at.timestamp()),
    }
    if row.nonce:
        claims["nonce"] = row.nonce
    id_token = sign_token(signing_key(), claims)
    return IssuedTokens(token, id_token, row.scope, int(TOKEN_LIFE.total_seconds()))
