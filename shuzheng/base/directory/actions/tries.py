"""Failed sign-ins of names, programs and addresses: counted one by one, so that parallel guesses count too."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from shuzheng.base.directory.models import SignInTries
from shuzheng.base.directory.rules.signing import Tries, count_failure, lock_of

_KEEP: Final = timedelta(days=1)


def peek_lock(limits: dict[bytes, int], at: datetime) -> datetime | None:
    """Return until when any of the counters locks, None when tries are heard; holds nothing."""
    return _latest(list(SignInTries.objects.filter(key_index__in=list(limits))), at)


def take_lock(limits: dict[bytes, int], at: datetime) -> datetime | None:
    """Return the same inside a transaction, with the counters held until the commit."""
    return _latest(_held(limits), at)


def count_tries(limits: dict[bytes, int], at: datetime) -> None:
    """Count one failure on every counter, inside a transaction.

    Args:
        limits: How many failures lock, by the keyed index of the name, program or address.
        at: When.
    """
    SignInTries.objects.filter(last_at__lt=at - _KEEP).delete()
    fresh = [SignInTries(key_index=key, last_at=at) for key in sorted(limits)]
    SignInTries.objects.bulk_create(fresh, ignore_conflicts=True)
    for row in _held(limits):
        counted = count_failure(_state(row), limit=limits[bytes(row.key_index)], at=at)
        row.failed_at = [moment.timestamp() for moment in counted.failed_at]
        row.locked_until, row.last_at = counted.locked_until, at
        row.save(update_fields=["failed_at", "locked_until", "last_at"])


def forget_tries(key: bytes) -> None:
    """Forget the failures of one counter, after a success."""
    SignInTries.objects.filter(key_index=key).delete()


def clock_time(moment: datetime) -> str:
    """Return a moment as the time of day in the city."""
    return moment.astimezone(ZoneInfo(settings.SHUZHENG.zone)).strftime("%H:%M")


def _held(limits: dict[bytes, int]) -> list[SignInTries]:
    """Return the counters, held until the commit, always in the same order so that two tries never wait in a ring."""
    return list(SignInTries.objects.select_for_update().filter(key_index__in=list(limits)).order_by("key_index"))


def _state(row: SignInTries) -> Tries:
    return Tries(tuple(datetime.fromtimestamp(seconds, UTC) for seconds in row.failed_at), row.locked_until)


def _latest(rows: list[SignInTries], at: datetime) -> datetime | None:
    locks = [lock for lock in (lock_of(_state(row), at) for row in rows) if lock is not None]
    return max(locks, default=None)
