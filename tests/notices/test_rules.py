"""What a notice must be."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.notices.errors import NoticeUnfit, QuietInvalid
from shuzheng.base.notices.rules import (
    MAX_ATTEMPTS,
    check_notice,
    decide_run_at,
    is_local_path,
    next_state,
    parse_minute,
    retry_delay,
    say_minute,
    wanted_channels,
)
from shuzheng.base.notices.types import KINDS, Channel, DeliveryState, Quiet

CITY = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("link", ["/my/cases/1/", "/desk/?q=%E4%B8%AD"])
def test_a_path_of_this_site_is_a_link(link: str) -> None:
    assert is_local_path(link)


@pytest.mark.parametrize(
    "link",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "my", "/a b", "/a\nb", "/" + "a" * 240],
)
def test_a_link_that_leaves_the_site_is_refused(link: str) -> None:
    with pytest.raises(NoticeUnfit):
        check_notice(title="受理了", link=link, key="k")


@pytest.mark.parametrize(
    ("title", "key"), [("", "k"), (" ", "k"), ("长" * 121, "k"), ("受理了", ""), ("受理了", "k" * 161)]
)
def test_a_notice_needs_a_title_and_a_key(title: str, key: str) -> None:
    with pytest.raises(NoticeUnfit):
        check_notice(title=title, link="", key=key)


def at_local(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=CITY).astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "hour", "leaves"),
    [
        (Quiet(), 23, (25, 8)),
        (Quiet(), 22, (25, 8)),
        (Quiet(), 3, (24, 8)),
        (Quiet(), 8, (24, 8)),
        (Quiet(), 12, (24, 12)),
        (Quiet(on=False), 23, (24, 23)),
        (Quiet(start_minute=720, end_minute=840), 13, (24, 14)),
        (Quiet(start_minute=720, end_minute=840), 14, (24, 14)),
        (Quiet(start_minute=0, end_minute=0), 3, (24, 3)),
    ],
)
def test_quiet_hours_are_of_the_city_and_may_pass_midnight(quiet: Quiet, hour: int, leaves: tuple[int, int]) -> None:
    due = decide_run_at("case", quiet, at=at_local(hour), zone="Asia/Shanghai")
    local = due.astimezone(CITY)
    assert ((local.day, local.hour), due.tzinfo) == (leaves, UTC)


@given(
    st.builds(Quiet, on=st.booleans(), start_minute=st.integers(0, 1439), end_minute=st.integers(0, 1439)),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_a_message_leaves_within_a_day_and_never_in_quiet_hours(quiet: Quiet, at: datetime) -> None:
    due = decide_run_at("case", quiet, at=at, zone="Asia/Shanghai")
    assert at <= due <= at + timedelta(days=1)
    assert decide_run_at("case", quiet, at=due, zone="Asia/Shanghai") == due
    assert decide_run_at("security", quiet, at=at, zone="Asia/Shanghai") == at


@pytest.mark.parametrize("text", ["", "24:00", "8", "8:5", "08:60", "aa:bb", "08:00:00"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(QuietInvalid):
        parse_minute(text)


@given(st.integers(0, 1439))
def test_a_time_of_day_is_read_as_it_is_shown(minute: int) -> None:
    assert parse_minute(say_minute(minute)) == minute


def test_a_kind_nobody_declared_is_treated_as_other() -> None:
    assert wanted_channels("made up", {}) == KINDS["other"].channels
    assert wanted_channels("made up", {("other", "sms"): True}) == {Channel.SMS}


def test_the_last_failure_gives_up_after_about_ten_hours() -> None:
    waits = sum((retry_delay(n) for n in range(1, MAX_ATTEMPTS)), timedelta())
    assert timedelta(hours=6) < waits < timedelta(hours=12)
    assert next_state(MAX_ATTEMPTS) is DeliveryState.FAILED
    assert next_state(MAX_ATTEMPTS - 1) is DeliveryState.WAITING
