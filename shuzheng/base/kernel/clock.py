"""The only place that reads the wall clock. Called at the edge; everything else takes `at`."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the current instant, timezone-aware, in UTC."""
    return datetime.now(UTC)


def local_date(at: datetime, zone: str) -> date:
    """Return the calendar day of an instant in the city's time zone.

    Args:
        at: Aware instant.
        zone: IANA name, such as `Asia/Shanghai`.

    Example:
        >>> local_date(datetime(2026, 11, 24, 16, 30, tzinfo=UTC), "Asia/Shanghai")
        datetime.date(2026, 11, 25)
    """
    return at.astimezone(ZoneInfo(zone)).date()
