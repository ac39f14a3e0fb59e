"""The city's working days: the national table with the pack's later notices, remembered by the process."""

import time
from dataclasses import dataclass
from datetime import date
from typing import Final

from shuzheng.base.directory.models import CalendarYear
from shuzheng.base.kernel.calendar import WorkingDays, YearNotice, national_days

FIRST_YEAR: Final = 2004
LAST_YEAR: Final = 2060
_FRESH_SECONDS: Final = 60.0


@dataclass(slots=True)
class _Memory:
    """The table, the notices it was made of, and when the notices were last read (monotonic seconds)."""

    table: WorkingDays | None = None
    notices: tuple[tuple[int, str], ...] = ()
    read_at: float = 0.0


_memory = _Memory()


def working_days() -> WorkingDays:
    """Return the working days from 2004 to 2060.

    Costs nothing when asked again within a minute; after that one small statement looks for new notices, so that a
    notice loaded by another process is in force everywhere within a minute, and at once where it was loaded.
    """
    now = time.monotonic()
    if _memory.table is not None and now - _memory.read_at < _FRESH_SECONDS:
        return _memory.table
    rows = list(CalendarYear.objects.filter(retired_at__isnull=True).order_by("year"))
    notices = tuple((row.year, repr((row.source, row.holidays, row.makeup_days))) for row in rows)
    if _memory.table is None or notices != _memory.notices:
        _memory.table = national_days(FIRST_YEAR, LAST_YEAR, [_notice(row) for row in rows])
        _memory.notices = notices
    _memory.read_at = now
    return _memory.table


def forget_working_days() -> None:
    """Read the notices again at the next question, after they changed."""
    _memory.read_at = 0.0
    _memory.table = None


def _notice(row: CalendarYear) -> YearNotice:
    holidays: dict[date, str] = {}
    for first, last, name in row.holidays:
        on, until = date.fromisoformat(first), date.fromisoformat(last)
        while on <= until:
            holidays[on] = name
            on = date.fromordinal(on.toordinal() + 1)
    makeup = frozenset(map(date.fromisoformat, row.makeup_days))
    return YearNotice(year=row.year, holidays=holidays, makeup_days=makeup, source=row.source)
