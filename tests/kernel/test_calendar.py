"""Working days against the published notices and against counting by hand."""

from datetime import date, timedelta

import pytest
from chinese_calendar import is_workday
from hypothesis import given, strategies as st

from shuzheng.base.kernel.calendar import DayOutsideCalendar, YearNotice, national_days

DAYS = national_days(2020, 2030)
NOTICE = YearNotice(
    2027,
    {date(2027, 1, 1): "元旦", date(2027, 10, 1): "国庆节", date(2027, 10, 4): "国庆节"},
    frozenset({date(2027, 10, 9)}),
    "国办发明电〔2026〕1号",
)


@given(st.dates(date(2020, 1, 1), date(2026, 12, 31)))
def test_official_years_follow_the_published_notices(on: date) -> None:
    assert DAYS.is_working(on) is is_workday(on)
    assert not DAYS.is_provisional(on)


@pytest.mark.parametrize(
    ("on", "working", "reason"),
    [
        (date(2026, 10, 1), False, "国庆节放假"),
        (date(2026, 10, 10), True, "调休上班"),
        (date(2026, 10, 11), False, "周末"),
        (date(2026, 10, 12), True, ""),
        (date(2026, 4, 6), False, "清明节放假"),
        (date(2026, 2, 17), False, "春节放假"),
        (date(2020, 1, 31), False, "春节放假"),
    ],
)
def test_a_day_says_why_it_is_no_ordinary_working_day(on: date, working: bool, reason: str) -> None:
    assert (DAYS.is_working(on), DAYS.reason(on)) == (working, reason)


def test_the_day_of_acceptance_does_not_count_and_a_holiday_is_skipped() -> None:
    assert DAYS.add(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert DAYS.add(date(2026, 9, 30), 3) == date(2026, 10, 10), "a make-up Saturday counts"
    assert DAYS.add(date(2026, 10, 3), 0) == date(2026, 10, 8)
    assert DAYS.add(date(2026, 9, 30), 0) == date(2026, 9, 30)


@given(st.dates(date(2020, 1, 1), date(2029, 6, 30)), st.integers(0, 100))
def test_adding_agrees_with_walking_day_by_day(start: date, days: int) -> None:
    on, left = start, days
    while left or not (days or DAYS.is_working(on)):
        on += timedelta(days=1)
        left -= bool(days) and DAYS.is_working(on)
    assert DAYS.add(start, days) == on
    if days:
        assert DAYS.between(start, on) == days
        assert DAYS.between(on, start) == -days


def test_years_without_a_notice_are_week_ends_only_and_provisional() -> None:
    assert DAYS.is_provisional(date(2027, 1, 1))
    assert DAYS.is_working(date(2027, 1, 1))
    assert DAYS.reason(date(2027, 1, 2)) == "周末"


def test_a_notice_makes_its_year_official_and_only_its_year() -> None:
    days = national_days(2026, 2028, [NOTICE])
    assert (days.is_working(date(2027, 10, 4)), days.reason(date(2027, 10, 4))) == (False, "国庆节放假")
    assert (days.is_working(date(2027, 10, 9)), days.reason(date(2027, 10, 9))) == (True, "调休上班")
    assert days.official_through == date(2027, 12, 31)
    assert days.is_provisional(date(2028, 1, 3))
    assert days.reason(date(2026, 10, 1)) == "国庆节放假"


def test_a_notice_replaces_what_was_known_of_its_year() -> None:
    days = national_days(2026, 2026, [YearNotice(2026, {date(2026, 10, 5): "国庆节"}, frozenset(), "改")])
    assert days.is_working(date(2026, 10, 1))
    assert not days.is_working(date(2026, 10, 5))
    assert days.reason(date(2026, 10, 10)) == "周末"


def test_a_notice_for_a_later_year_leaves_the_gap_before_it_provisional() -> None:
    later = YearNotice(2028, {}, frozenset(), "x")
    assert national_days(2026, 2028, [later]).official_through == date(2026, 12, 31)


def test_days_outside_the_table_are_refused_with_its_bounds() -> None:
    for ask in (
        lambda: DAYS.is_working(date(2019, 12, 31)),
        lambda: DAYS.reason(date(2031, 1, 1)),
        lambda: DAYS.add(date(2030, 12, 31), 1),
        lambda: DAYS.between(date(2019, 1, 1), date(2020, 1, 1)),
    ):
        with pytest.raises(DayOutsideCalendar, match="2020-01-01 至 2030-12-31"):
            ask()
    with pytest.raises(ValueError, match="2004"):
        national_days(2003, 2005)
    with pytest.raises(ValueError, match="forwards"):
        DAYS.add(date(2026, 1, 5), -1)
