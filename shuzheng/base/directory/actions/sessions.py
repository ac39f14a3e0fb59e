"""End sessions: one, all others, or everywhere; sweep what has expired."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from shuzheng.base.directory.errors import NoSuchAccount, NoSuchSession
from shuzheng.base.directory.models import Account, Code, Session, Token
from shuzheng.base.directory.queries.sessions import session_id
from shuzheng.base.kernel.types import Actor
from shuzheng.base.ledger.actions import record

_KEEP: Final = timedelta(days=1)
"""How long dead tokens stay, so that a replayed code is still recognised."""


def end_session(account_id: int, session: str, *, actor: Actor, at: datetime) -> None:
    """End one session of one's own account, wherever it is.

    Args:
        account_id: One's own.
        session: `SessionView.id`.
        actor: The person of the account.
        at: When.

    Raises:
        NoSuchAccount: The account is another person's.
        NoSuchSession: No open session of the account is called so.
    """
    _check_own(account_id, actor)
    with transaction.atomic():
        keys = Session.objects.filter(account_id=account_id, expire_date__gt=at).values_list("session_key", flat=True)
        found = [key for key in keys if session_id(key) == session]
        if not Session.objects.filter(session_key__in=found).delete()[0]:
            raise NoSuchSession
        record("directory.session_ended", f"urn:shuzheng:account:{account_id}", actor=actor, at=at)


def end_sessions(account_id: int, *, keep: str | None, actor: Actor, at: datetime) -> int:
    """End every session of one's own account but one, and what systems still hold for it; return how many ended.

    Args:
        account_id: One's own.
        keep: Session key that goes on; None ends them everywhere.
        actor: The person of the account.
        at: When.

    Raises:
        NoSuchAccount: The account is another person's.
    """
    _check_own(account_id, actor)
    with transaction.atomic():
        ended = drop_sessions(account_id, keep=keep, at=at)
        content = {"ended": ended, "everywhere": keep is None}
        record("directory.sessions_ended", f"urn:shuzheng:account:{account_id}", actor=actor, at=at, content=content)
    return ended


def drop_sessions(account_id: int, *, keep: str | None, at: datetime) -> int:
    """Delete the sessions of an account, and revoke its codes and tokens; for this room only, in a transaction.

    A request that is under way in a deleted session cannot bring it back: Django refuses to save what is gone.
    """
    rows = Session.objects.filter(account_id=account_id)
    if keep is not None:
        rows = rows.exclude(session_key=keep)
    ended, _by_table = rows.delete()
    Code.objects.filter(account_id=account_id, used_at__isnull=True).update(used_at=at)
    Token.objects.filter(code__account_id=account_id, revoked_at__isnull=True).update(revoked_at=at)
    return ended


def sweep_sessions(*, at: datetime) -> int:
    """Delete expired sessions, and tokens and codes that are long over; return how many rows went."""
    gone = Session.objects.filter(expire_date__lt=at).delete()[0]
    gone += Token.objects.filter(expires_at__lt=at - _KEEP).delete()[0]
    used = Token.objects.filter(code__isnull=False).values("code_id")
    return gone + Code.objects.filter(expires_at__lt=at - _KEEP).exclude(pk__in=used).delete()[0]


def _check_own(account_id: int, actor: Actor) -> None:
    if actor.person is None or not Account.objects.filter(pk=account_id, person__public_id=actor.person).exists():
        raise NoSuchAccount
