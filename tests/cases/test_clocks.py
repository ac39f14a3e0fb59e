"""Two clocks in working days: tables around the holidays of 2026, and the laws of pauses."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.kernel.calendar import WorkingDays, YearNotice, national_days
from shuzheng.engines.cases.rules.clocks import (
    Calendar,
    Clock,
    Duration,
    ProofTexts,
    clocks_from_json,
    clocks_to_json,
    estimate_decision,
    parse_duration,
    pause_clock,
    prove_clock,
    recount_clock,
    resume_clock,
    start_clock,
    stop_clock,
)
from shuzheng.engines.cases.types import DeadlineProof
from tests.cases.making import local

DAYS = national_days(2024, 2030)
CALENDAR = Calendar(DAYS, "Asia/Shanghai")
TEXTS = ProofTexts("", 20)


def prove(clock: Clock, today: date) -> DeadlineProof:
    return prove_clock(clock, today=today, days=DAYS, texts=TEXTS)


def marks(proof: DeadlineProof) -> dict[str, tuple[str, str]]:
    return {f"{day.on:%m-%d}": (day.mark, day.why) for day in proof.days}


@pytest.mark.parametrize(
    ("started", "days", "due"),
    [
        (date(2026, 11, 20), 5, date(2026, 11, 27)),  # a Friday: the week-end does not count
        (date(2026, 11, 21), 5, date(2026, 11, 27)),  # a Saturday: the same five days
        (date(2026, 9, 30), 5, date(2026, 10, 13)),  # National Day 1-7 off, Saturday 10 October is worked
        (date(2026, 2, 13), 5, date(2026, 2, 27)),  # Spring Festival 15-23 off, Saturday 14 is worked
        (
            date(2026, 12, 31),
            3,
            date(2027, 1, 5),
        ),  # provisional: 2027 has no notice yet, so New Year counts as a Friday
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
    ],
)
def test_a_clock_counts_from_the_next_working_day(started: date, days: int, due: date) -> None:
    assert start_clock("acceptance", days, started, DAYS).due_on == due


def test_the_proof_over_national_day_names_each_day() -> None:
    proof = prove(start_clock("acceptance", 5, date(2026, 9, 30), DAYS), date(2026, 10, 8))
    assert marks(proof) == {
        "09-30": ("start", "申请当天，不计"),
        "10-01": ("off", "国庆节放假"),
        "10-02": ("off", "国庆节放假"),
        "10-03": ("off", "国庆节放假"),
        "10-04": ("off", "国庆节放假"),
        "10-05": ("off", "国庆节放假"),
        "10-06": ("off", "国庆节放假"),
        "10-07": ("off", "国庆节放假"),
        "10-08": ("counted", ""),
        "10-09": ("counted", ""),
        "10-10": ("counted", "调休上班"),
        "10-11": ("off", "周末"),
        "10-12": ("counted", ""),
        "10-13": ("due", ""),
    }
    assert (proof.remaining, proof.working_days, proof.provisional) == (4, 5, False)
    assert proof.law == "《中华人民共和国行政许可法》第三十二条、第八十二条"
    assert "逾期不告知的，自收到申请材料之日起即为受理" in proof.rule


def test_a_pause_keeps_what_is_left_and_the_day_of_resumption_is_not_day_one() -> None:
    """The sample of the design: accepted on the 20th, day one on the 23rd, paused, answered on the 24th."""
    clock = start_clock("decision", 4, date(2026, 11, 20), DAYS)
    assert clock.due_on == date(2026, 11, 26)
    paused = pause_clock(clock, date(2026, 11, 23), DAYS)
    assert (paused.state, paused.pauses[-1].left) == ("paused", 3)
    resumed = resume_clock(paused, date(2026, 11, 24), DAYS)
    assert resumed.due_on == date(2026, 11, 27)
    proof = prove(resumed, date(2026, 11, 24))
    assert marks(proof) == {
        "11-20": ("start", "受理当天，不计"),
        "11-21": ("off", "周末"),
        "11-22": ("off", "周末"),
        "11-23": ("counted", ""),
        "11-24": ("paused", "补正当天，不计"),
        "11-25": ("counted", ""),
        "11-26": ("counted", ""),
        "11-27": ("due", ""),
    }
    assert proof.remaining == 3
    assert "承诺受理后 4 个工作日内作出决定（法定 20 个工作日）" in proof.rule
    assert "您补交的当天不计" in proof.rule


def test_a_pause_over_spring_festival_stops_the_clock_and_resumes_after_it() -> None:
    clock = start_clock("acceptance", 5, date(2026, 2, 11), DAYS)
    assert clock.due_on == date(2026, 2, 25)  # 12, 13, Saturday 14 worked, then 24, 25
    resumed = resume_clock(pause_clock(clock, date(2026, 2, 12), DAYS), date(2026, 2, 25), DAYS)
    assert resumed.due_on == date(2026, 3, 2)  # 26, 27, Saturday 28 worked, Monday 2 March
    found = marks(prove(resumed, date(2026, 2, 25)))
    assert found["02-13"] == ("paused", "等您补正，不计")
    assert found["02-25"] == ("paused", "补正当天，不计")
    assert found["02-28"] == ("counted", "调休上班")


def test_while_paused_the_proof_supposes_an_answer_today() -> None:
    clock = pause_clock(start_clock("acceptance", 5, date(2026, 11, 20), DAYS), date(2026, 11, 23), DAYS)
    proof = prove(clock, date(2026, 11, 25))
    assert (proof.paused, proof.estimated, proof.remaining) == (True, False, 4)
    assert proof.due_on == date(2026, 12, 1)
    assert "按您今天补交推算" in proof.rule


def test_paused_on_the_last_day_leaves_one_working_day() -> None:
    clock = start_clock("acceptance", 5, date(2026, 11, 20), DAYS)
    resumed = resume_clock(pause_clock(clock, date(2026, 11, 27), DAYS), date(2026, 12, 2), DAYS)
    assert resumed.due_on == date(2026, 12, 3)
    assert "补交后留一个工作日" in prove(resumed, date(2026, 12, 2)).rule


def test_what_was_overdue_stays_overdue_after_a_pause() -> None:
    clock = start_clock("decision", 1, date(2026, 11, 20), DAYS)
    resumed = resume_clock(pause_clock(clock, date(2026, 11, 26), DAYS), date(2026, 11, 30), DAYS)
    assert resumed.due_on == date(2026, 11, 23)
    assert prove(resumed, date(2026, 11, 30)).remaining == -5


def test_a_stopped_clock_says_when_and_does_not_run_on() -> None:
    clock = stop_clock(start_clock("acceptance", 5, date(2026, 11, 20), DAYS), date(2026, 11, 24))
    proof = prove(clock, date(2026, 12, 24))
    assert (proof.stopped_on, proof.remaining) == (date(2026, 11, 24), 0)
    assert pause_clock(clock, date(2026, 11, 25), DAYS) == clock
    assert resume_clock(clock, date(2026, 11, 25), DAYS) == clock
    assert stop_clock(clock, date(2026, 11, 25)) == clock


def test_a_clock_stopped_while_paused_ends_its_pause() -> None:
    clock = pause_clock(start_clock("acceptance", 5, date(2026, 11, 20), DAYS), date(2026, 11, 23), DAYS)
    stopped = stop_clock(clock, date(2026, 12, 14))
    assert stopped.pauses[-1].to_on == date(2026, 12, 14)
    assert prove(stopped, date(2026, 12, 20)).stopped_on == date(2026, 12, 14)


def test_before_acceptance_the_decision_is_an_estimate_from_the_last_day_of_acceptance() -> None:
    acceptance = start_clock("acceptance", 5, date(2026, 11, 20), DAYS)
    proof = estimate_decision(acceptance, 4, today=date(2026, 11, 20), days=DAYS, texts=TEXTS)
    assert (proof.estimated, proof.started_on, proof.due_on) == (True, date(2026, 11, 27), date(2026, 12, 3))
    assert "还没有受理" in proof.rule
    paused = pause_clock(acceptance, date(2026, 11, 23), DAYS)
    later = estimate_decision(paused, 4, today=date(2026, 11, 25), days=DAYS, texts=TEXTS)
    assert (later.started_on, later.due_on) == (date(2026, 12, 1), date(2026, 12, 7))


def test_days_without_an_official_notice_make_a_proof_provisional() -> None:
    inside = prove(start_clock("decision", 4, date(2026, 12, 24), DAYS), date(2026, 12, 24))
    beyond = prove(start_clock("decision", 4, date(2026, 12, 29), DAYS), date(2026, 12, 29))
    assert (inside.provisional, beyond.provisional) == (False, True)


def test_the_law_of_the_item_is_cited_where_it_has_one() -> None:
    clock = start_clock("decision", 4, date(2026, 11, 20), DAYS)
    texts = ProofTexts("《食品经营许可和备案管理办法》第二十三条", None)
    proof = prove_clock(clock, today=date(2026, 11, 20), days=DAYS, texts=texts)
    assert proof.law == "《中华人民共和国行政许可法》第四十二条、第八十二条；《食品经营许可和备案管理办法》第二十三条"
    assert "法定" not in proof.rule.split("。")[0]


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P5WD", Duration(5)),
        ("P3D", Duration(span=timedelta(days=3))),
        ("PT12H", Duration(span=timedelta(hours=12))),
        ("P1DT2H30M", Duration(span=timedelta(days=1, hours=2, minutes=30))),
    ],
)
def test_durations_are_read(text: str, duration: Duration) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P0WD", "5WD", "P5", "P5W", "P1.5D", "P5WD ", "P99999WD", "P5WDT1H", "-P5D"]
)
def test_other_durations_are_not(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration(text)


def test_a_working_day_ends_at_the_citys_midnight() -> None:
    assert Duration(5).after(local(2026, 11, 20, 23, 59), CALENDAR) == local(2026, 11, 28, 0)
    assert Duration(5).after(local(2026, 11, 21, 0, 0), CALENDAR) == local(2026, 11, 28, 0)


starts = st.dates(date(2024, 1, 1), date(2026, 6, 30))
gaps = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 40)), max_size=5)


def walk(started: date, working_days: int, pauses: list[tuple[int, int]], days: WorkingDays) -> Clock:
    """A clock paused and resumed after the given numbers of days."""
    clock, on = start_clock("decision", working_days, started, days), started
    for running, standing in pauses:
        on += timedelta(days=running)
        if on > clock.due_on:
            break
        clock = pause_clock(clock, on, days)
        on += timedelta(days=standing)
        clock = resume_clock(clock, on, days)
    return clock


@given(starts, st.integers(1, 30), gaps)
def test_the_days_a_proof_counts_are_the_days_promised(
    started: date, working_days: int, pauses: list[tuple[int, int]]
) -> None:
    """Exactly; one more for each time the clock was paused on its very last day."""
    clock = walk(started, working_days, pauses, DAYS)
    proof = prove(clock, started)
    counted = sum(day.mark in {"counted", "due"} for day in proof.days)
    assert counted == working_days + sum(pause.left == 0 for pause in clock.pauses)
    assert proof.days[-1].mark == "due"
    assert [day.on for day in proof.days] == [started + timedelta(days=n) for n in range(len(proof.days))]
    assert all(DAYS.is_working(day.on) for day in proof.days if day.mark in {"counted", "due"})


@given(starts, st.integers(1, 30), gaps)
def test_a_pause_never_brings_a_deadline_forward(
    started: date, working_days: int, pauses: list[tuple[int, int]]
) -> None:
    assert (
        walk(started, working_days, pauses, DAYS).due_on >= start_clock("decision", working_days, started, DAYS).due_on
    )


@given(starts, st.integers(0, 30), gaps)
def test_clocks_survive_storing(started: date, working_days: int, pauses: list[tuple[int, int]]) -> None:
    clocks = (
        walk(started, working_days, pauses, DAYS),
        pause_clock(start_clock("acceptance", 5, started, DAYS), started, DAYS),
    )
    assert clocks_from_json(clocks_to_json(clocks)) == clocks


@given(starts, st.integers(0, 30), gaps)
def test_counting_anew_with_the_same_calendar_changes_nothing(
    started: date, working_days: int, pauses: list[tuple[int, int]]
) -> None:
    clock = walk(started, working_days, pauses, DAYS)
    assert recount_clock(clock, DAYS) == clock
    paused = pause_clock(clock, clock.due_on, DAYS)
    assert recount_clock(paused, DAYS) == paused


def test_an_official_notice_moves_what_was_counted_provisionally() -> None:
    """New Year 2027 off from Friday to Sunday; the Monday after is worked."""
    notice = YearNotice(2027, {date(2027, 1, day): "元旦" for day in (1, 2, 3)}, frozenset(), "国办发明电〔2026〕9号")
    clock = start_clock("acceptance", 3, date(2026, 12, 30), DAYS)
    assert clock.due_on == date(2027, 1, 4)
    official = national_days(2024, 2030, [notice])
    assert recount_clock(clock, official).due_on == date(2027, 1, 5)
    stopped = stop_clock(clock, date(2026, 12, 31))
    assert recount_clock(stopped, official) == stopped
