"""Words of the room: families, published policies, facts of subjects, decisions and runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from shuzheng.engines.rules.types import Explanation, Fact
from shuzheng.services.rulebook.types import RuleCode

FamilyCode = NewType("FamilyCode", str)
"""Code of a policy family, `FW-KJ-01`."""
PolicyCode = NewType("PolicyCode", str)
"""Code of a published policy: family, division and year, `FW-KJ-01-990102-2023`."""

BOOK: Final = "policy"
"""First part of the codes of this room's rules in the rule book."""
AMOUNT: Final = "amount"
"""Last part of the code of the rule that gives the amount."""


class Target(StrEnum):
    """Whom a policy is for."""

    FIRM = "firm"
    PERSON = "person"


TARGET_LABELS: Final[Mapping[Target, str]] = {Target.FIRM: "惠企", Target.PERSON: "利民"}
SHEET_LABELS: Final[Mapping[Target, str]] = {Target.FIRM: "惠企政策事实", Target.PERSON: "利民政策事实"}


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact of a sheet and how rows of a register become its value.

    Attributes:
        subject: `firm`, `person` or `policy`.
        name: Without the subject, `employees`.
        fact: As the rule engine knows it.
        dataset: Name of the register's data resource, Chinese.
        aggregate: value, latest, sum, count, max, min, avg, exists or none; '' for facts of the policy itself.
        value: Expression over columns of the row; '' where a single column is the value.
        where: Condition on rows; '' where every row counts.
        no_rows: Value when no row answers, as written; `null` for "not known".
    """

    subject: str
    name: str
    fact: Fact
    dataset: str = ""
    column_en: str = ""
    aggregate: str = ""
    value: str = ""
    where: str = ""
    no_rows: str = "null"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a family.

    Attributes:
        text: The rule.
        label: What it asks, in words.
        failure: What is told when it does not hold.
    """

    seq: int
    text: str
    label: str
    failure: str


@dataclass(frozen=True, slots=True)
class Family:
    """A policy family (政策族): one clause of one document.

    Attributes:
        counties: Divisions it is published for; empty: once, for the whole city.
        years: Years it is published for.
        last_on: Last day in force.
        amount: Rule that gives yuan; what is paid is the smaller of it and the cap.
        budget_fen: Of each published policy and year.
    """

    code: FamilyCode
    title: str
    department: str
    document_no: str
    document_on: date
    source: str
    target: Target
    counties: tuple[str, ...]
    years: tuple[int, ...]
    valid_from: date
    last_on: date
    amount: str
    cap_fen: int
    budget_fen: int
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """A published policy: a family in one division and year.

    Attributes:
        last_on: Last day in force.
    """

    code: PolicyCode
    family: FamilyCode
    division: str
    year: int
    valid_from: date
    last_on: date


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A published policy as lists show it."""

    published: Published
    title: str
    department: str
    target: Target
    place: str
    cap_fen: int
    budget_fen: int

    @property
    def code(self) -> PolicyCode:
        """Return its code."""
        return self.published.code

    def is_open(self, day: date) -> bool:
        """Tell whether it is in force on a day."""
        return self.published.valid_from <= day <= self.published.last_on


@dataclass(frozen=True, slots=True)
class PolicyFilter:
    """What to keep of the list; every condition given must hold.

    Attributes:
        text: Words of title, department, document number or code.
        target: One kind; None for both.
        department: Short name.
        division: Division it is published for.
        year: None for all.
    """

    text: str = ""
    target: Target | None = None
    department: str = ""
    division: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition decided for one subject.

    Attributes:
        holds: True, False, or None while something is not known.
        explanation: What was found, and what would change it.
        missing: Facts not known that it needs.
    """

    condition: Condition
    holds: bool | None
    explanation: Explanation
    missing: tuple[FactSpec, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether one policy fits one subject.

    Attributes:
        fits: True; False as soon as one condition is false; None when none is false and something is not known.
        asked: Every condition.
        amount_fen: What is paid when it fits; None otherwise, or when the amount is not known.
    """

    fits: bool | None
    asked: tuple[Asked, ...]
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """A condition for readers: its code in the rule book, which facts it looks at, and where they come from."""

    code: RuleCode
    condition: Condition
    specs: tuple[FactSpec, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """What a policy pays.

    Attributes:
        fixed_fen: The amount when it is the same for everybody; None when it is worked out.
        words: How it is worked out, Chinese; '' when it depends on cases or is fixed.
        text: The rule.
        code: Its code in the rule book.
    """

    fixed_fen: int | None
    words: str
    text: str
    cap_fen: int
    code: RuleCode


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """A published policy in full, as anybody may read it."""

    view: PolicyView
    family: Family
    criteria: tuple[Criterion, ...]
    payment: Payment


@dataclass(frozen=True, slots=True)
class FamilyCard:
    """A family as the public list shows it: one of its policies, and where and when else it is published.

    Attributes:
        policy: The newest one of the reader's place, else the newest of the first place.
        places: In how many divisions it is published.
        years: The newest first.
    """

    policy: PolicyView
    places: int
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family as the desk lists it."""

    code: FamilyCode
    title: str
    department: str
    target: Target
    cap_fen: int
    budget_fen: int


class RunState(StrEnum):
    """Where a search for everyone stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


RUN_LABELS: Final[Mapping[RunState, str]] = {
    RunState.WAITING: "等待查找",
    RunState.RUNNING: "正在查找",
    RunState.DONE: "已完成",
}


@dataclass(frozen=True, slots=True)
class PolicyCount:
    """What one published policy came to in a run; `open` are to be proved."""

    policy: PolicyCode
    fits: int
    open: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class RunView:
    """A search for everyone the policies of a family fit.

    Attributes:
        done: Published policies decided so far, of `total`.
        asked_by: Display name of the officer.
    """

    id: UUID
    family: FamilyCode
    state: RunState
    done: int
    total: int
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    counts: tuple[PolicyCount, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A subject found. `fits` None: to be proved."""

    position: int
    subject: UUID
    fits: bool | None
    amount_fen: int | None
