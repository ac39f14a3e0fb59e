"""Working days: a table of days and a bisection; official where the State Council's notice is known, else provisional.

The `chinesecalendar` package carries the notices for 2004 to 2026. Later years are week-ends only and marked
provisional until the pack brings the official notice as a `YearNotice`; open deadlines are then computed again.

Source: 全国年节及纪念日放假办法; the yearly notices of the General Office of the State Council.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from chinese_calendar.constants import Holiday, holidays, workdays

from shuzheng.base.kernel.errors import Invalid

WEEKEND: Final = "周末"
MAKEUP: Final = "调休上班"
_FIRST_OFFICIAL: Final = 2004
_LAST_OFFICIAL: Final = max(holidays).year
_FESTIVALS: Final = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


class DayOutsideCalendar(Invalid):
    """A day, or the end of a period, lies outside the table of working days."""

    code = "kernel.day_outside_calendar"
    text = "{day} 不在工作日历 {first} 至 {last} 之内，不能计算工作日"
    hint = "请核对日期；需要更长的日历时，请在城市包的 calendar.toml 中补充"


@dataclass(frozen=True, slots=True)
class YearNotice:
    """The official arrangement of one year; it replaces what the table knew of that year.

    Attributes:
        year: The year the notice arranges.
        holidays: Day off → name of the festival, such as `国庆节`.
        makeup_days: Week-end days that are worked.
        source: Number and title of the notice.
    """

    year: int
    holidays: Mapping[date, str]
    makeup_days: frozenset[date]
    source: str


class WorkingDays:
    """An immutable table of working days, one microsecond a question."""

    __slots__ = ("_first", "_last", "_official_through", "_reasons", "_working", "_working_set")

    def __init__(
        self, *, first: date, last: date, working: Iterable[date], official_through: date, reasons: Mapping[date, str]
    ) -> None:
        self._first = first
        self._last = last
        self._working = tuple(sorted(set(working)))
        self._working_set = frozenset(self._working)
        self._official_through = official_through
        self._reasons = MappingProxyType(dict(reasons))

    @property
    def first(self) -> date:
        """Return the first day the table knows."""
        return self._first

    @property
    def last(self) -> date:
        """Return the last day the table knows."""
        return self._last

    @property
    def official_through(self) -> date:
        """Return the last day covered by an official notice."""
        return self._official_through

    def is_working(self, on: date) -> bool:
        """Tell whether offices work on that day.

        Raises:
            DayOutsideCalendar: The table does not reach that day.
        """
        self._check(on)
        return on in self._working_set

    def reason(self, on: date) -> str:
        """Return why the day is not an ordinary working day (`国庆节放假`, `周末`, `调休上班`), '' when it is one.

        Raises:
            DayOutsideCalendar: The table does not reach that day.
        """
        self._check(on)
        return self._reasons.get(on, "")

    def is_provisional(self, on: date) -> bool:
        """Tell whether the day is only assumed: no official notice covers it yet."""
        return on > self._official_through

    def add(self, start: date, days: int) -> date:
        """Return the n-th working day after `start`, which itself is not counted.

        Args:
            start: Any day of the table.
            days: 0 gives `start` when it is worked, else the next working day.

        Raises:
            DayOutsideCalendar: The result lies after the table.
        """
        self._check(start)
        if days < 0:
            raise ValueError("working days are counted forwards")
        at = bisect_left(self._working, start) if days == 0 else bisect_right(self._working, start) + days - 1
        if at >= len(self._working):
            raise DayOutsideCalendar(day=f"{start} + {days}", first=self._first, last=self._last)
        return self._working[at]

    def between(self, a: date, b: date) -> int:
        """Return how many working days lie in (a, b]; negative when b is before a.

        Raises:
            DayOutsideCalendar: The table does not reach a or b.
        """
        self._check(a)
        self._check(b)
        return bisect_right(self._working, b) - bisect_right(self._working, a)

    def _check(self, on: date) -> None:
        if not self._first <= on <= self._last:
            raise DayOutsideCalendar(day=on, first=self._first, last=self._last)


def national_days(first_year: int, last_year: int, notices: Sequence[YearNotice] = ()) -> WorkingDays:
    """Return the working days of whole years.

    Args:
        first_year: Not before 2004, when the known notices begin.
        last_year: Included; years without a notice are provisional.
        notices: Official arrangements that override or extend what is known; of two for one year the later wins.
    """
    if not _FIRST_OFFICIAL <= first_year <= last_year:
        raise ValueError(f"working days are known from {_FIRST_OFFICIAL}, not for {first_year} to {last_year}")
    off, makeup = _known_days({notice.year for notice in notices})
    for notice in notices:
        off |= {on: _reason_of(name) for on, name in notice.holidays.items()}
        makeup = (makeup | notice.makeup_days) - set(notice.holidays)
        off = {on: why for on, why in off.items() if on not in notice.makeup_days}
    first, last = date(first_year, 1, 1), date(last_year, 12, 31)
    working: list[date] = []
    reasons: dict[date, str] = {}
    for on in _days(first, last):
        why = MAKEUP if on in makeup else off.get(on, WEEKEND if on.weekday() >= 5 else "")
        if why:
            reasons[on] = why
        if why in ("", MAKEUP):
            working.append(on)
    return WorkingDays(
        first=first, last=last, working=working, official_through=_official_through(notices), reasons=reasons
    )


def _known_days(replaced: set[int]) -> tuple[dict[date, str], set[date]]:
    names = {holiday.value: holiday.chinese for holiday in Holiday}
    off = {on: _reason_of(names[name]) for on, name in holidays.items() if on.year not in replaced}
    return off, {on for on in workdays if on.year not in replaced}


def _reason_of(festival: str) -> str:
    return _FESTIVALS.get(festival, festival) + "放假"


def _official_through(notices: Sequence[YearNotice]) -> date:
    years = {notice.year for notice in notices}
    year = _LAST_OFFICIAL
    while year + 1 in years:
        year += 1
    return date(year, 12, 31)


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
