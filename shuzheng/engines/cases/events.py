"""What the room announces, inside the transaction of the step."""

from dataclasses import dataclass
from datetime import datetime

from shuzheng.base.kernel.events import Event
from shuzheng.base.kernel.types import PersonId
from shuzheng.engines.cases.types import CaseView, HistoryView, TaskView


@dataclass(frozen=True, slots=True)
class CaseOpened(Event):
    """A case was opened."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class CaseMoved(Event):
    """A command was carried out; `case` is the picture after it. The opening itself is `CaseOpened`."""

    case: CaseView
    entry: HistoryView


@dataclass(frozen=True, slots=True)
class TaskOpened(Event):
    """Someone must act now."""

    case: CaseView
    task: TaskView


@dataclass(frozen=True, slots=True)
class TaskReassigned(Event):
    """A task was handed to an officer; `before` had it, None when nobody did. `by` is who handed it over."""

    case: CaseView
    task: TaskView
    by: str
    before: PersonId | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskUrged(Event):
    """An overdue task was urged by who leads the unit."""

    case: CaseView
    task: TaskView
    by: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskNearlyDue(Event):
    """A task of an officer falls due today or within two working days; told once for each deadline."""

    case: CaseView
    task: TaskView
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskOverdue(Event):
    """A task of an officer passed its deadline; told once for each deadline."""

    case: CaseView
    task: TaskView
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseClosed(Event):
    """A case came to its end, by decision, lapse or withdrawal."""

    case: CaseView
