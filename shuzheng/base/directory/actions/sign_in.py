"""Sign in with a name and a password: slow to guess, silent about which names exist, every try in the ledger."""

from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from shuzheng.base.directory.actions.tries import clock_time, count_tries, forget_tries, peek_lock, take_lock
from shuzheng.base.directory.errors import AccountClosed, AccountLocked, SignInFailed
from shuzheng.base.directory.models import Account
from shuzheng.base.directory.queries.sealing import index_of
from shuzheng.base.directory.rules.signing import ADDRESS_FAILURES, NAME_FAILURES, PASSWORD_MOST, may_sign_in
from shuzheng.base.directory.types import AccountView
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.types import Actor, PersonId
from shuzheng.base.ledger.actions import record

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
    locked = peek_lock(limits, at)
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
    locked = take_lock(limits, at)
    outcome: ShuzhengError | None = None
    act = "directory.signed_in"
    if locked is not None:
        outcome, act = AccountLocked(until=clock_time(locked)), "directory.sign_in_locked"
    elif not right:
        outcome, act = SignInFailed(), "directory.sign_in_failed"
        count_tries(limits, at)
    elif row is not None and not may_sign_in(status=row.person.status, closed=_is_closed(row)):
        outcome, act = AccountClosed(), "directory.sign_in_refused"
    else:
        forget_tries(next(iter(limits)))
    subject = "urn:shuzheng:account:unknown" if row is None else f"urn:shuzheng:account:{row.pk}"
    actor = NOBODY
    if outcome is None and row is not None:
        actor = Actor(name=row.person.name, person=PersonId(row.person.public_id))
    record(act, subject, actor=actor, at=at, content={"address": address_hash})
    return outcome


def _is_closed(row: Account) -> bool:
    return not row.is_active or row.person.retired_at is not None
