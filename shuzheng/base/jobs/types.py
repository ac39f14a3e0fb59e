"""Words of the room and its two ports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from shuzheng.base.kernel.registry import Registry
from shuzheng.base.kernel.types import JsonObject

Handler: TypeAlias = Callable[[JsonObject, datetime], None]
"""Called with the payload and the moment of the run. Its transaction is the job's own; it must bear being repeated."""


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


STATE_LABELS: Final = {
    JobState.WAITING: "等待",
    JobState.RUNNING: "执行中",
    JobState.DONE: "已完成",
    JobState.DEAD: "多次失败，待处理",
}


@dataclass(frozen=True, slots=True)
class Periodic:
    """Recurring work, at most once a period.

    Attributes:
        every: Length of a period; periods are counted from the Unix epoch, whatever the worker's start.
        run: Called with the moment of the run; it opens its own transactions.
        offset: Shifts where a period begins, such as 18 hours for 02:00 in Shanghai with `every` of one day.
    """

    every: timedelta
    run: Callable[[datetime], None]
    offset: timedelta = timedelta(0)


HANDLERS: Final[Registry[Handler]] = Registry("job handler")
"""What a job may call, by name `<room>.<verb>`; filled by the composition root."""
SCHEDULE: Final[Registry[Periodic]] = Registry("schedule")
"""What recurs, by name; filled by the composition root."""


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as an operator sees it.

    Attributes:
        last_error: Path of the exception's class, '' when none; never its text, which may hold personal data.
    """

    id: int
    handler: str
    key: str
    state: JobState
    attempts: int
    enqueued_at: datetime
    run_at: datetime
    finished_at: datetime | None
    last_error: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much is open.

    Attributes:
        oldest_due_at: Since when the oldest due job has been waiting; None when none is due.
    """

    waiting: int
    running: int
    dead: int
    oldest_due_at: datetime | None
