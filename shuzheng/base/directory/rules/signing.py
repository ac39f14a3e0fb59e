"""Who may sign in, what a name and a password must be, and when failures lock."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shuzheng.base.directory.errors import NameUnfit, PasswordUnfit
from shuzheng.base.directory.types import PERSON_NORMAL, PostRole
from shuzheng.base.kernel.types import Actor

NAME_FORM: Final = re.compile(r"[a-z][a-z0-9._-]{2,31}")
PASSWORD_LEAST: Final = 8
PASSWORD_MOST: Final = 256
"""Longer texts are refused unread: hashing megabytes is an attack."""
WINDOW: Final = timedelta(minutes=15)
LOCK: Final = timedelta(minutes=15)
NAME_FAILURES: Final = 5
ADDRESS_FAILURES: Final = 60
"""Offices and villages share one address, so it gets more tries than a name."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Failures of one name or address that still count, and the lock they led to."""

    failed_at: tuple[datetime, ...] = ()
    locked_until: datetime | None = None


def may_sign_in(*, status: str, closed: bool) -> bool:
    """Tell whether a person of this status signs in: only 正常, and only while the account is open."""
    return status == PERSON_NORMAL and not closed


def lock_of(tries: Tries, at: datetime) -> datetime | None:
    """Return until when no try is heard, None when tries are heard."""
    if tries.locked_until is None or tries.locked_until <= at:
        return None
    return tries.locked_until


def count_failure(tries: Tries, *, limit: int, at: datetime) -> Tries:
    """Return the state after one more failure: `limit` failures within any `WINDOW` lock for `LOCK`."""
    recent = (*(moment for moment in tries.failed_at if at - moment < WINDOW), at)
    if len(recent) >= limit:
        return Tries(failed_at=(), locked_until=at + LOCK)
    return Tries(failed_at=recent)


def check_name(sign_in_name: str) -> None:
    """Check the form of a new sign-in name.

    Raises:
        NameUnfit: Another form.
    """
    if NAME_FORM.fullmatch(sign_in_name) is None:
        raise NameUnfit


def check_password(password: str, *, sign_in_name: str) -> None:
    """Check a new password.

    Raises:
        PasswordUnfit: Too short, too long, the name itself, or one character repeated.
    """
    if (
        not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST
        or password.lower() == sign_in_name.lower()
        or len(set(password)) == 1
    ):
        raise PasswordUnfit(least=PASSWORD_LEAST)


def may_manage(actor: Actor) -> bool:
    """Tell whether the actor makes and closes accounts: the platform itself, or an administrator in that post."""
    return actor.is_system or PostRole.ADMINISTRATOR in actor.roles
