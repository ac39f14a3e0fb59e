"""What the directory announces; whoever tells people about it sits above."""

from dataclasses import dataclass
from datetime import datetime

from shuzheng.base.directory.types import AbsenceView
from shuzheng.base.kernel.events import Event


@dataclass(frozen=True, slots=True)
class DeputyNamed(Event):
    """A deputy was named for a post; `by` is who did it, in words."""

    absence: AbsenceView
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeputyReleased(Event):
    """A deputy was released before the last day."""

    absence: AbsenceView
    by: str
    at: datetime
