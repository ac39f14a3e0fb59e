"""What the room announces, inside the transaction of the step."""

from dataclasses import dataclass

from shuzheng.base.kernel.events import Event
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
class CaseClosed(Event):
    """A case came to its end, by decision, lapse or withdrawal."""

    case: CaseView
