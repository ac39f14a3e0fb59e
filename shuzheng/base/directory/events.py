"""What the directory announces; whoever tells people about it sits above."""

from dataclasses import dataclass
from datetime import datetime

from shuzheng.base.directory.types import AbsenceView, MandateView
from shuzheng.base.kernel.events import Event
from shuzheng.base.kernel.types import PersonId


@dataclass(frozen=True, slots=True)
class MandateOffered(Event):
    """A principal asks somebody to act for them."""

    mandate: MandateView


@dataclass(frozen=True, slots=True)
class MandateAnswered(Event):
    """The mandatary accepted or declined."""

    mandate: MandateView


@dataclass(frozen=True, slots=True)
class MandateEnded(Event):
    """The principal revoked, or the mandatary resigned; `by` did it."""

    mandate: MandateView
    by: PersonId


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


@dataclass(frozen=True, slots=True)
class PasswordChanged(Event):
    """The password of an account was changed by its person."""

    account_id: int
    person: PersonId
    at: datetime
