"""Sign in with a name and a password: slow to guess, silent about which names exist, every try in the ledger."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from shuzheng.base.directory.errors import AccountClosed, AccountLocked, SignInFailed
from shuzheng.base.directory.models import Account, SignInTries
from shuzheng.base.directory.queries.sealing import index_of
from shuzheng.base.directory.rules.signing import (
    ADDRESS_FAILURES,
    NAME_FAILURES,
    PASSWORD_MOST,
    Tries,
    count_failure,
    lock_of,
    may_sign_in,
)
from shuzheng.base.directory.types import AccountView
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.types import Actor, PersonId
from shuzheng.base.ledger.actions import record

_KEEP: Final = timedelta(days=1)
NOBODY: Final = Actor(name="访客")
"""Who acts while nobody is signed in."""


def sign_in(sign_in_name: str, password: str, *, at: datetime, address_hash: str) -> AccountView:
    """Check a name and password, and return the account for `django.contrib.auth.login`.

    The password is hashed outside the transaction, so that guessing never holds the database; the lock is looked at
    again inside it, so that parallel guesses count one by one.

    Args:
        sign_in_name: As typed; spaces around it and capitals are forgiven.
        password: As typed.
        at: When.
        address_hash: From `queries.hash_address`: the network address itself is not kept.

    Raises:
        SignInFailed: Unknown name or wrong password; the answer and its time do not tell which.
        AccountLocked: 5 failures of this name (60 of this address) within 15 minutes, known name or not.
        AccountClosed: The password is right, but the account is closed or the person can no longer act.
    """
    name = sign_in_name.strip().lower()
    limits = {
        index_of(f"sign-in name:{name}"): NAME_FAILURES,
        index_of(f"sign-in address:{address_hash}"): ADDRESS_FAILURES,
    }
    row = Account.objects.select_related("person").filter(sign_in_name=name).first()
    locked = _locked_until(list(SignInTries.objects.filter(key_index__in=list(limits))), at)
    right = locked is None and _is_right(row, password)
    with transaction.atomic():
        outcome = _settle(row, limits, right=right, at=at, address_hash=address_hash)
    if outcome is not None:
        raise outcome
    if row is None:
        raise SignInFailed
    return AccountView(row.pk, row.sign_in_name, PersonId(row.person.public_id), row.elder_mode)


def _is_right(row: Account | None, password: str) -> bool:
    """Tell whether the password is right; an unknown name costs one hash as well."""
    typed = password if len(password) <= PASSWORD_MOST else ""
    if row is None:
        make_password(typed)
        return False
    return row.check_password(typed)


def _settle(
    row: Account | None, limits: dict[bytes, int], *, right: bool, at: datetime, address_hash: str
) -> ShuzhengError | None:
    """Count the outcome and write it to the ledger; return what to raise after the commit."""
    locked = _locked_until(_tries(limits), at)
    outcome: ShuzhengError | None = None
    act = "directory.signed_in"
    if locked is not None:
        outcome, act = AccountLocked(until=_clock_time(locked)), "directory.sign_in_locked"
    elif not right:
        outcome, act = SignInFailed(), "directory.sign_in_failed"
        _count(limits, at)
    elif row is not None and not may_sign_in(status=row.person.status, closed=_is_closed(row)):
        outcome, act = AccountClosed(), "directory.sign_in_refused"
    else:
        SignInTries.objects.filter(key_index=next(iter(limits))).delete()
    subject = "urn:shuzheng:account:unknown" if row is None else f"urn:shuzheng:account:{row.pk}"
    actor = NOBODY
    if outcome is None and row is not None:
        actor = Actor(name=row.person.name, person=PersonId(row.person.public_id))
    record(act, subject, actor=actor, at=at, content={"address": address_hash})
    return outcome


def _is_closed(row: Account) -> bool:
    return not row.is_active or row.person.retired_at is not None


def _tries(limits: dict[bytes, int]) -> list[SignInTries]:
    """Return the counters, held until the commit, always in the same order so that two tries never wait in a ring."""
    return list(SignInTries.objects.select_for_update().filter(key_index__in=list(limits)).order_by("key_index"))


def _count(limits: dict[bytes, int], at: datetime) -> None:
    SignInTries.objects.filter(last_at__lt=at - _KEEP).delete()
    fresh = [SignInTries(key_index=key, last_at=at) for key in sorted(limits)]
    SignInTries.objects.bulk_create(fresh, ignore_conflicts=True)
    for row in _tries(limits):
        counted = count_failure(_state(row), limit=limits[bytes(row.key_index)], at=at)
        row.failed_at = [moment.timestamp() for moment in counted.failed_at]
        row.locked_until, row.last_at = counted.locked_until, at
        row.save(update_fields=["failed_at", "locked_until", "last_at"])


def _state(row: SignInTries) -> Tries:
    return Tries(tuple(datetime.fromtimestamp(seconds, UTC) for seconds in row.failed_at), row.locked_until)


def _locked_until(rows: list[SignInTries], at: datetime) -> datetime | None:
    locks = [lock for lock in (lock_of(_state(row), at) for row in rows) if lock is not None]
    return max(locks, default=None)


def _clock_time(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(settings.SHUZHENG.zone)).strftime("%H:%M")
