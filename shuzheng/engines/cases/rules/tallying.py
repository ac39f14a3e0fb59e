"""What a decided case adds to the statistics of its day; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from shuzheng.base.kernel.calendar import WorkingDays
from shuzheng.engines.cases.rules.clocks import Clock


@dataclass(frozen=True, slots=True)
class Closing:
    """How long a case took: working days from submission to decision without pauses, and whether too long."""

    used_days: int
    late: bool


def measure_closing(clocks: Sequence[Clock], days: WorkingDays) -> Closing:
    """Return what a decided case used of its clocks, which are stopped."""
    used = sum(_used(clock, days) for clock in clocks)
    late = any(clock.stopped_on is not None and clock.stopped_on > clock.due_on for clock in clocks)
    return Closing(used, late)


def _used(clock: Clock, days: WorkingDays) -> int:
    """Return the working days a clock ran: the day of a pause counts, the day of resumption does not."""
    if clock.stopped_on is None:
        return 0
    pauses = sum(days.between(pause.from_on, pause.to_on) for pause in clock.pauses if pause.to_on is not None)
    return max(0, days.between(clock.started_on, clock.stopped_on) - pauses)
