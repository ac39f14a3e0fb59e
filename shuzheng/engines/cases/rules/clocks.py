"""Two clocks in working days, with pauses, and the proof of each deadline.

The day that sets a clock going is not counted; the first working day after it is day one. The day of a pause is
counted (the office had it), the day of resumption is not: what was left starts on the next working day. A clock paused
on its very last day gets one working day after resumption, because nobody can examine what came in that evening.

Source: 行政许可法 第三十二条 (acceptance), 第四十二条 (decision), 第八十二条 (working days); 民法典 第二百零一条 (the
first day is not counted). Pure over `kernel.calendar.WorkingDays`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from shuzheng.base.kernel.calendar import WorkingDays
from shuzheng.base.kernel.said import said, said_together
from shuzheng.engines.cases.types import ClockKind, DeadlineProof, ProofDay

ACCEPTANCE_LAW: Final = "《中华人民共和国行政许可法》第三十二条、第八十二条"
DECISION_LAW: Final = "《中华人民共和国行政许可法》第四十二条、第八十二条"
PAUSED: Final = said("等您补正，不计")
RESUMED: Final = said("补正当天，不计")

_DURATION: Final = re.compile(r"P(?:(\d{1,4})WD|(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?)?)")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The city's working days and time zone: what turns days into instants and back."""

    days: WorkingDays
    zone: str

    def day_of(self, at: datetime) -> date:
        """Return the local day of an instant."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    def end_of(self, on: date) -> datetime:
        """Return the instant a local day ends: midnight that begins the next."""
        return datetime.combine(on + _DAY, time(0), ZoneInfo(self.zone))


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as drawn: working days, or a plain span."""

    working_days: int = 0
    span: timedelta = timedelta()

    def after(self, at: datetime, calendar: Calendar) -> datetime:
        """Return when the duration is over: the end of the n-th working day after `at`, or `at` plus the span."""
        if self.working_days:
            return calendar.end_of(calendar.days.add(calendar.day_of(at), self.working_days))
        return at + self.span


def parse_duration(text: str) -> Duration:
    """Return a duration written `P5WD`, `P3D`, `PT12H`, `P1DT30M`.

    Raises:
        ValueError: Another form, or nothing at all.

    Example:
        >>> parse_duration("P5WD").working_days
        5
    """
    found = _DURATION.fullmatch(text)
    working, days, hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0, 0, 0)
    duration = Duration(working, timedelta(days=days, hours=hours, minutes=minutes))
    if duration == Duration():
        raise ValueError(f"not a duration: {text!r}")
    return duration


@dataclass(frozen=True, slots=True)
class Pause:
    """A stop of the clock: the day it began (counted), what was left, the day it ended (not counted)."""

    from_on: date
    left: int
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """One running, paused or stopped clock; `due_on` is stale while paused."""

    kind: ClockKind
    working_days: int
    started_on: date
    due_on: date
    pauses: tuple[Pause, ...] = ()
    stopped_on: date | None = None

    @property
    def state(self) -> Literal["running", "paused", "stopped"]:
        """Return whether the clock runs, stands still, or no longer matters."""
        if self.stopped_on is not None:
            return "stopped"
        return "paused" if self.pauses and self.pauses[-1].to_on is None else "running"


def start_clock(kind: ClockKind, working_days: int, on: date, days: WorkingDays) -> Clock:
    """Start a clock on a day, which is not counted."""
    return Clock(kind, working_days, on, days.add(on, working_days))


def pause_clock(clock: Clock, on: date, days: WorkingDays) -> Clock:
    """Stop counting after `on`; keep what is left. Nothing happens to a clock that does not run."""
    if clock.state != "running":
        return clock
    return replace(clock, pauses=(*clock.pauses, Pause(on, days.between(on, clock.due_on))))


def resume_clock(clock: Clock, on: date, days: WorkingDays) -> Clock:
    """Count on from the working day after `on`. An overdue clock stays as overdue as it was.

    Nothing happens to a clock that is not paused.
    """
    if clock.state != "paused":
        return clock
    pause = clock.pauses[-1]
    due_on = _due_after_pause(pause, on, days) if pause.left >= 0 else clock.due_on
    return replace(clock, due_on=due_on, pauses=(*clock.pauses[:-1], replace(pause, to_on=on)))


def stop_clock(clock: Clock, on: date) -> Clock:
    """The clock is met, or the case is over. A pause that was open ends that day."""
    if clock.state == "stopped":
        return clock
    pauses = tuple(pause if pause.to_on else replace(pause, to_on=on) for pause in clock.pauses)
    return replace(clock, stopped_on=on, pauses=pauses)


def recount_clock(clock: Clock, days: WorkingDays) -> Clock:
    """Return a clock counted anew, after an official notice replaced provisional days; a stopped one stays."""
    if clock.state == "stopped":
        return clock
    fresh = start_clock(clock.kind, clock.working_days, clock.started_on, days)
    for pause in clock.pauses:
        fresh = pause_clock(fresh, pause.from_on, days)
        if pause.to_on is not None:
            fresh = resume_clock(fresh, pause.to_on, days)
    return fresh


def _due_after_pause(pause: Pause, on: date, days: WorkingDays) -> date:
    return days.add(on, max(pause.left, 1))


_CLOCKS: Final = TypeAdapter(tuple[Clock, ...])


def clocks_to_json(clocks: Sequence[Clock]) -> str:
    """Return clocks as JSON text for storing."""
    return _CLOCKS.dump_json(tuple(clocks)).decode()


def clocks_from_json(text: str) -> tuple[Clock, ...]:
    """Return stored clocks."""
    return _CLOCKS.validate_json(text)


@dataclass(frozen=True, slots=True)
class ProofTexts:
    """What a proof cites: the item's own legal basis, and its legal days (None: the law sets none)."""

    law: str
    legal_days: int | None


def prove_clock(clock: Clock, *, today: date, days: WorkingDays, texts: ProofTexts) -> DeadlineProof:
    """Return the proof of a clock that was started.

    While it is paused, the proof supposes that the applicant answers today.
    """
    shown = resume_clock(clock, max(today, clock.pauses[-1].from_on), days) if clock.state == "paused" else clock
    return _prove(shown, texts, days, remaining=_remaining(clock, today, days), paused=clock.state == "paused")


def estimate_decision(
    acceptance: Clock, working_days: int, *, today: date, days: WorkingDays, texts: ProofTexts
) -> DeadlineProof:
    """Return the decision's proof before acceptance: counted from the last day on which acceptance is due."""
    expected = resume_clock(acceptance, today, days) if acceptance.state == "paused" else acceptance
    clock = start_clock("decision", working_days, expected.due_on, days)
    return _prove(clock, texts, days, remaining=_remaining(clock, today, days), estimated=True)


def _remaining(clock: Clock, today: date, days: WorkingDays) -> int:
    if clock.state == "stopped":
        return 0
    if clock.state == "paused":
        return clock.pauses[-1].left
    return days.between(today, clock.due_on)


def _prove(
    clock: Clock,
    texts: ProofTexts,
    days: WorkingDays,
    *,
    remaining: int,
    estimated: bool = False,
    paused: bool = False,
) -> DeadlineProof:
    listed = tuple(_list_days(clock, days))
    return DeadlineProof(
        kind=clock.kind,
        started_on=clock.started_on,
        working_days=clock.working_days,
        due_on=clock.due_on,
        estimated=estimated,
        stopped_on=clock.stopped_on,
        provisional=any(days.is_provisional(day.on) for day in listed),
        remaining=remaining,
        days=listed,
        law=ACCEPTANCE_LAW if clock.kind == "acceptance" else "；".join(filter(None, (DECISION_LAW, texts.law))),
        rule=_rule(clock, texts, estimated=estimated, paused=paused),
        paused=paused,
    )


def _list_days(clock: Clock, days: WorkingDays) -> Iterator[ProofDay]:
    on = clock.started_on
    yield ProofDay(on, "start", said("申请当天，不计") if clock.kind == "acceptance" else said("受理当天，不计"))
    while on < clock.due_on:
        on += _DAY
        yield _mark(on, clock, days)


def _mark(on: date, clock: Clock, days: WorkingDays) -> ProofDay:
    pause = next((p for p in clock.pauses if p.from_on < on and (p.to_on is None or on <= p.to_on)), None)
    why = days.reason(on)
    if pause is not None:
        return ProofDay(on, "paused", RESUMED if on == pause.to_on else PAUSED)
    if on == clock.due_on:
        return ProofDay(on, "due", why)
    return ProofDay(on, "counted" if days.is_working(on) else "off", why)


def _rule(clock: Clock, texts: ProofTexts, *, estimated: bool, paused: bool) -> str:
    sentences = [_acceptance_rule(clock) if clock.kind == "acceptance" else _decision_rule(clock, texts)]
    sentences.append(said("工作日不含周末和法定节假日，含调休上班的日子。"))
    if clock.pauses:
        sentences.append(said("等您补正的时间不计：提出补正的当天计入，您补交的当天不计，剩下的从下一个工作日接着算。"))
    if any(pause.left == 0 for pause in clock.pauses):
        sentences.append(said("提出补正时已是最后一天的，补交后留一个工作日。"))
    if paused:
        sentences.append(said("现在暂停计时，这里按您今天补交推算。"))
    if estimated:
        sentences.append(said("还没有受理，这里按受理期限的最后一天推算，受理后重新计算。"))
    return said_together(sentences)


def _acceptance_rule(clock: Clock) -> str:
    return said(
        "收到申请后 {working_days} 个工作日内决定是否受理，材料不齐的一次告知要补什么，从收到申请的次日起算；"
        "逾期不告知的，自收到申请材料之日起即为受理。",
        working_days=clock.working_days,
    )


def _decision_rule(clock: Clock, texts: ProofTexts) -> str:
    legal = said("（法定 {legal_days} 个工作日）", legal_days=texts.legal_days) if texts.legal_days else ""
    return said(
        "承诺受理后 {working_days} 个工作日内作出决定{legal}，从受理的次日起算。",
        working_days=clock.working_days,
        legal=legal,
    )
