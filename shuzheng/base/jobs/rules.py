"""When to try again, and which period it is."""

from datetime import datetime, timedelta
from typing import Final

from shuzheng.base.jobs.types import JobState, Periodic

MAX_ATTEMPTS: Final = 8
"""About eleven hours from the first try to the dead letter."""
LEASE: Final = timedelta(minutes=5)
KEEP_DONE: Final = timedelta(days=30)
"""A key is remembered at least this long after its job is done."""
_FIRST_DELAY: Final = timedelta(seconds=10)
_LONGEST_DELAY: Final = timedelta(hours=6)


def retry_delay(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: 10 s, 40 s, 160 s … six hours.

    Example:
        >>> retry_delay(3).total_seconds()
        160.0
    """
    factor: int = 4 ** min(attempts - 1, 10)
    return min(_FIRST_DELAY * factor, _LONGEST_DELAY)


def next_state(attempts: int) -> JobState:
    """Return the state after a failed attempt."""
    return JobState.DEAD if attempts >= MAX_ATTEMPTS else JobState.WAITING


def period_of(entry: Periodic, at: datetime) -> int:
    """Return the number of the period that `at` lies in."""
    return int((at.timestamp() - entry.offset.total_seconds()) // entry.every.total_seconds())
