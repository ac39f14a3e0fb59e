"""Reads of a person's sessions."""

from datetime import datetime, timedelta

from django.conf import settings

from shuzheng.base.directory.models import Session
from shuzheng.base.directory.queries.sealing import index_of
from shuzheng.base.directory.rules.devices import split_device
from shuzheng.base.directory.types import SessionView


def session_id(key: str) -> str:
    """Return what a session is called outside: a keyed hash, because whoever knows the key is signed in."""
    return index_of(f"session:{key}").hex()[:32]


def list_sessions(account_id: int, *, current: str | None, at: datetime) -> tuple[SessionView, ...]:
    """Return the open sessions of an account, last used first.

    Args:
        account_id: Whose; the caller passes the actor's own.
        current: Session key of the request that asks.
        at: When.
    """
    rows = Session.objects.filter(account_id=account_id, expire_date__gt=at).order_by("-expire_date")
    return tuple(_view(row, current) for row in rows)


def _view(row: Session, current: str | None) -> SessionView:
    device, browser = split_device(row.device)
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return SessionView(
        id=session_id(row.session_key),
        device=device,
        browser=browser,
        method=row.method,
        opened_at=row.opened_at,
        last_used_at=row.expire_date - idle,
        current=row.session_key == current,
    )
