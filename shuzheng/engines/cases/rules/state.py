"""A case in memory while one command works on it: the mutable twins of its rows. They never leave the room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final

from shuzheng.base.kernel.types import (
    CaseId,
    DivisionCode,
    ItemCode,
    Levels,
    OrgId,
    Party,
    PersonId,
)
from shuzheng.engines.cases.rules.clocks import Clock
from shuzheng.engines.cases.types import CaseState, ClockKind

FAR: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""Due moment of what has no limit or whose clock stands still: never null, so that lists can page by it."""


class TokenKind(StrEnum):
    """What rests there; one letter, because partial indexes and hand-written SQL name it literally."""

    TASK = "u"
    JOB = "s"
    TIMER = "t"


@dataclass(slots=True)
class Token:
    """A place where the case rests.

    Attributes:
        n: Number within the case, from 1, never reused.
        due_at: End of the last day to act, or the moment a timer fires; `FAR` when none.
        clock: The clock `due_at` follows, '' when it was fixed on arrival.
        host: Number of the task a timer belongs to.
    """

    n: int
    node: str
    kind: TokenKind
    due_at: datetime = FAR
    clock: ClockKind | str = ""
    host: int | None = None
    role: str = ""
    org: str = ""
    assignee: PersonId | None = None
    assignee_name: str = ""


@dataclass(slots=True)
class CaseData:
    """A case's row; the first block never changes after opening.

    Attributes:
        pk: 0 until the row is inserted.
        process_digest: SHA-256 of the process's XML; with `process_pk` the key of the table cache.
        received_at: When the papers last came: the opening, or the last supplement.
    """

    id: CaseId
    number: str
    process_pk: int
    process_key: str
    process_version: int
    process_digest: bytes
    item: ItemCode
    item_version: int
    title: str
    division: DivisionCode
    applicant: Party
    contact: PersonId
    parts: Mapping[str, OrgId]
    levels: Levels
    acceptance_days: int
    promised_days: int
    legal_days: int | None
    law: str
    opened_at: datetime

    pk: int = 0
    rev: int = 0
    next_n: int = 1
    state: CaseState = CaseState.OPEN
    result: str = ""
    clocks: tuple[Clock, ...] = ()
    received_at: datetime = FAR
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    paused_at: datetime | None = None
    due_on: date | None = None

    @property
    def urn(self) -> str:
        """Return `urn:shuzheng:case:<uuid>`."""
        return f"urn:shuzheng:case:{self.id}"

    def clock(self, kind: ClockKind) -> Clock | None:
        """Return the clock of a kind, None when it was never started."""
        return next((clock for clock in self.clocks if clock.kind == kind), None)
