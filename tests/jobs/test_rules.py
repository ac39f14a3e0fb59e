"""Delays and periods."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from shuzheng.base.jobs.rules import MAX_ATTEMPTS, next_state, period_of, retry_delay
from shuzheng.base.jobs.types import JobState, Periodic


@given(st.integers(1, 50))
def test_the_wait_never_shrinks_and_has_an_end(attempts: int) -> None:
    assert retry_delay(attempts) <= retry_delay(attempts + 1) <= timedelta(hours=6)


def test_the_last_attempt_leads_to_a_dead_letter() -> None:
    assert next_state(MAX_ATTEMPTS - 1) is JobState.WAITING
    assert next_state(MAX_ATTEMPTS) is JobState.DEAD


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(1, 86_400),
    st.integers(0, 86_400),
)
def test_periods_follow_one_another_without_gap(at: datetime, seconds: int, offset: int) -> None:
    entry = Periodic(timedelta(seconds=seconds), lambda at: None, timedelta(seconds=offset))
    assert period_of(entry, at + entry.every) == period_of(entry, at) + 1
