"""What the room tells others about cases, tasks, deadlines and processes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal, TypeAlias
from uuid import UUID

from shuzheng.base.kernel.registry import Registry
from shuzheng.base.kernel.types import Actor, CaseId, DivisionCode, ItemCode, Levels, OrgId, Party, PersonId
from shuzheng.engines.rules.types import Value


class CaseState(StrEnum):
    """Life of a case (办件状态)."""

    OPEN = "open"
    PAUSED = "paused"
    DONE = "done"
    WITHDRAWN = "withdrawn"

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more can happen."""
        return self in (CaseState.DONE, CaseState.WITHDRAWN)


STATE_LABELS: Final[Mapping[CaseState, str]] = {
    CaseState.OPEN: "办理中",
    CaseState.PAUSED: "等您补正",
    CaseState.DONE: "已办结",
    CaseState.WITHDRAWN: "已撤回",
}
RESULT_LABELS: Final[Mapping[str, str]] = {
    "granted": "准予",
    "refused": "不予许可",
    "not_accepted": "不予受理",
    "lapsed": "逾期未补正，已终止",
    "": "",
}

NO_DIVISION: Final = DivisionCode("")

ClockKind: TypeAlias = Literal["acceptance", "decision"]
StepState: TypeAlias = Literal["done", "now", "next", "skipped"]


@dataclass(frozen=True, slots=True)
class NewCase:
    """What opening a case needs.

    Attributes:
        process: Key of a published process; its latest version is taken.
        division: Where the matter lies; its county numbers the case.
        contact: The person told of every step: the applicant, or who applies for the firm.
        parts: Part named in the lanes (`window`, `decider`) → organization.
        levels: Ancestors of the decider, for lists and supervision.
        acceptance_days: Working days to accept; 5 by law.
        promised_days: Working days to decide after acceptance; 0 when decided on the spot.
        legal_days: The law's own limit, None when the law sets none.
        law: Legal basis of the item, cited in the decision's proof beside the 行政许可法; may be empty.
    """

    process: str
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


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """One button of a task; `needs` holds any of `opinion`, `reasons`, `papers`; `tone` '', `primary`, `danger`."""

    id: str
    name: str
    needs: frozenset[str]
    tone: str


@dataclass(frozen=True, slots=True)
class TaskView:
    """An open task; `n` is its number within the case; `org` is None when the applicant must act.

    `due_on` is the last day to act, None while its clock stands still or when nothing limits it.
    """

    n: int
    node: str
    name: str
    role: str
    org: OrgId | None
    due_on: date | None
    assignee: PersonId | None
    outcomes: tuple[OutcomeView, ...]
    assignee_name: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A read-only picture of a case.

    Attributes:
        number: Division 6 + local day 8 + running number of that county and day, four digits or more.
        result: '' while open, then a code of `RESULT_LABELS`.
        rev: Grows by one with every command.
        paused_since: Moment the clocks stopped, None when they run.
        due_on: Last day of the clock that runs now; None when paused or over.
    """

    id: CaseId
    number: str
    process_version: int
    item: ItemCode
    title: str
    state: CaseState
    result: str
    rev: int
    applicant: Party
    contact: PersonId
    parts: Mapping[str, OrgId]
    opened_at: datetime
    accepted_at: datetime | None
    closed_at: datetime | None
    paused_since: datetime | None
    due_on: date | None
    tasks: tuple[TaskView, ...]
    process: str = ""
    item_version: int = 1
    division: DivisionCode = NO_DIVISION

    @property
    def urn(self) -> str:
        """Return `urn:shuzheng:case:<uuid>`."""
        return f"urn:shuzheng:case:{self.id}"


@dataclass(frozen=True, slots=True)
class TaskInput:
    """What is written when a task is completed; `papers` holds sequence numbers of materials asked for."""

    opinion: str = ""
    reasons: tuple[str, ...] = ()
    papers: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One entry of a case's history, enough to say it in words.

    Attributes:
        seq: Revision of the case after the entry; 1 is the opening.
        act: `opened`, `completed`, `timer`, `job`, `withdrawn`, `claimed`, `reassigned`,
            `urged` or `recounted`.
        name: What the step is called in the process.
        by: Name of who acted; `系统` for timers and jobs.
        org: Their unit, None for the applicant and the platform.
        org_role: Lane in words: 申请人, 窗口, 审批, 系统.
    """

    seq: int
    at: datetime
    act: str
    node: str
    name: str
    outcome: str
    outcome_name: str
    by: str
    org: OrgId | None
    org_role: str
    opinion: str
    reasons: tuple[str, ...]
    papers: tuple[int, ...]
    note: str = ""
    task_n: int | None = None
    org_name: str = ""


@dataclass(frozen=True, slots=True)
class ProofDay:
    """One calendar day of a proof and, in Chinese, why it is marked so ('' for an ordinary working day)."""

    on: date
    mark: Literal["start", "counted", "paused", "off", "due"]
    why: str


@dataclass(frozen=True, slots=True)
class DeadlineProof:
    """Why a deadline falls on its day.

    Attributes:
        started_on: The day that set the clock going; itself not counted.
        due_on: Last day; while paused, the day it would be if the applicant answered today.
        estimated: The clock has not begun: the start is the last day of the clock before it.
        stopped_on: The day the clock was met or the case ended, None while it matters.
        provisional: Some day counted is not covered by an official notice yet.
        remaining: Working days left after today; what was left when paused; negative when overdue.
        days: Every day from start to due.
        law: Legal source.
        rule: The rule in one or more Chinese sentences.
    """

    kind: ClockKind
    started_on: date
    working_days: int
    due_on: date
    estimated: bool
    stopped_on: date | None
    provisional: bool
    remaining: int
    days: tuple[ProofDay, ...]
    law: str
    rule: str
    paused: bool = False


@dataclass(frozen=True, slots=True)
class ProcessStep:
    """One step of a process in words; `role` is the lane's name."""

    node: str
    name: str
    role: str
    state: StepState


@dataclass(frozen=True, slots=True)
class Diagram:
    """A process drawing with where the case has been (`done`), is (`now`), and the same in words (`steps`)."""

    xml: str
    done: tuple[str, ...]
    now: tuple[str, ...]
    steps: tuple[ProcessStep, ...]


@dataclass(frozen=True, slots=True)
class ProcessView:
    """A published version of a process."""

    key: str
    version: int
    name: str
    published_at: datetime


SOON_WORKING_DAYS: Final = 2
"""Nearly due: today, or within this many working days after today."""


class DueBand(StrEnum):
    """When a task falls due, seen from now; a task that waits for the applicant is in none."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    """Today or within the next two working days."""


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What to keep of an inbox. Every condition given must hold.

    Attributes:
        items: Only these service items; empty for all.
        step: Only the task of this name, such as `受理审查`.
        due_after: Only what falls due after this moment; with `due_by` from `queries.due_window`.
        due_by: Only what falls due by this moment.
        assignee: `mine` (in a deputy's hands also those of the officer stood in for), `nobody`, a person, '' for all.
        text: Digits: beginning of the case number. Else: part of the applicant's name, or an item of `text_items`.
        text_items: Items the words of `text` mean.
        waiting: True: the tasks of applicants that my unit waits for, instead of its own.
        working: True, with `under`: only tasks of officers, none that waits for the applicant.
        under: True: everything open under my organization (supervision); False: what my post itself may act on.
        units: With `under`: only these organizations of the subtree and those below them.
        alone: With `units`: those organizations themselves, without those below.
    """

    items: tuple[ItemCode, ...] = ()
    step: str = ""
    due_after: datetime | None = None
    due_by: datetime | None = None
    assignee: Literal["", "mine", "nobody"] | PersonId = ""
    text: str = ""
    text_items: tuple[ItemCode, ...] = ()
    waiting: bool = False
    working: bool = False
    under: bool = False
    units: tuple[OrgId, ...] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of an officer's inbox; `due_on` None sorts last (paused, or nothing limits it)."""

    number: str
    title: str
    applicant_name: str
    task_name: str
    task_n: int
    due_on: date | None
    state: CaseState
    assignee_name: str
    case_id: CaseId
    item: ItemCode
    role: str
    opened_at: datetime
    org: OrgId | None = None
    applicant: Party | None = None


@dataclass(frozen=True, slots=True)
class DoneRow:
    """A step an officer completed, newest first; `result` is '' while the case goes on."""

    number: str
    title: str
    applicant_name: str
    task_name: str
    outcome_name: str
    at: datetime
    state: CaseState
    result: str


@dataclass(frozen=True, slots=True)
class UnitTally:
    """What stands open and was done in one organization with everything below it.

    Attributes:
        org: None for the organization asked about itself, without those below it.
        open: Tasks officers must do now; `late` and `soon` (`DueBand`) are among them.
        waiting: Tasks of applicants: the clocks stand still.
        done: Cases decided since the day asked; `done_late` of them after a deadline.
        used_days: Working days all of `done` took together, without pauses.
    """

    org: OrgId | None
    open: int = 0
    late: int = 0
    soon: int = 0
    waiting: int = 0
    done: int = 0
    done_late: int = 0
    used_days: int = 0

    @property
    def average_days(self) -> float | None:
        """Return the working days a decided case took on average, None when none was decided."""
        return self.used_days / self.done if self.done else None


@dataclass(frozen=True, slots=True)
class Movement:
    """An inbox that a command touched; `position` grows with each command and orders them.

    Attributes:
        org: Whose task it is or was; '' for the applicant's, or when the command touched nobody's.
        role: Duty that the task asks for.
        levels: The decider's ancestors and itself, top down.
    """

    position: int
    org: str
    role: str
    levels: tuple[OrgId, ...]


@dataclass(frozen=True, slots=True)
class StepContext:
    """What a service action is told: the case as it stands within the step, and what was written."""

    case: CaseView
    actor: Actor
    at: datetime
    given: TaskInput
    node: str = ""
    command_id: UUID | None = None


FactSource: TypeAlias = Callable[[CaseId], Mapping[str, Value]]
"""Gives typed facts of a case by name, for guards; empty when it knows none."""

FACTS: Registry[FactSource] = Registry("fact source")
"""By the first part of a fact's name, `form` of `form.area`; filled by the composition root."""

ServiceAction: TypeAlias = Callable[[StepContext], str | None]
"""Runs inside the step's transaction; returns None, or an error code that undoes the whole step."""

ACTIONS: Registry[ServiceAction] = Registry("service action")
"""Filled by the composition root; a process that names another action is refused at publication."""
