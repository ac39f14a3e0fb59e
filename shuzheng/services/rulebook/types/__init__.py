"""Words of the rule book: codes, sheets of facts, rules as they are given and as they are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from shuzheng.base.kernel.types import PersonId
from shuzheng.engines.rules.types import Schema

RuleCode = NewType("RuleCode", str)
"""`<book>/<owner>/<key>`: `form/000125005002/3` is the third condition of an item's form; `table/x` has no key."""
SheetCode = NewType("SheetCode", str)
"""Code of a sheet of facts: `form/<item>`, `policy/firm`, `policy/person`."""


class RuleKind(StrEnum):
    """What a rule's text is."""

    CONDITION = "condition"
    VALUE = "value"
    TABLE = "table"


RULE_KIND_LABELS: Final[Mapping[RuleKind, str]] = {
    RuleKind.CONDITION: "条件",
    RuleKind.VALUE: "计算",
    RuleKind.TABLE: "决策表",
}
BOOK_LABELS: Final[Mapping[str, str]] = {"form": "办事条件", "policy": "政策条件", "table": "决策表"}
PUBLIC_BOOKS: Final = frozenset({"form", "policy"})
"""Books that everybody may read: what an item or a policy asks is public information."""


class Origin(StrEnum):
    """Who wrote an edition."""

    PACK = "pack"
    ONLINE = "online"


class RuleState(StrEnum):
    """What an edition is on a day."""

    IN_FORCE = "in_force"
    COMING = "coming"
    ENDED = "ended"
    HELD = "held"
    """A pack's text that was never in force, because what was approved on line stands over it."""


RULE_STATE_LABELS: Final[Mapping[RuleState, str]] = {
    RuleState.IN_FORCE: "有效",
    RuleState.COMING: "尚未生效",
    RuleState.ENDED: "已失效",
    RuleState.HELD: "没有生效",
}


@dataclass(frozen=True, slots=True)
class FactSheet:
    """The facts a family of rules may ask about.

    Attributes:
        label: What people call it, Chinese.
        facts: By name.
        edition: From 1; 0 while it is not in the book.
    """

    code: SheetCode
    label: str
    facts: Schema
    edition: int = 0


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule as a pack or a proposal gives it.

    Attributes:
        label: What it asks, in one line, Chinese.
        failure: What a person is told when it does not hold; may be empty.
        source: Law and article, or document; Chinese.
        valid_from: First day; None is the day it is loaded. A successor never begins before the day it is published.
        valid_to: First day on which it is no longer in force; None while nothing ends it.
        tests: YAML tests, '' when there are none.
        position: Orders the rules of one owner.
        department: Short name of the body that answers for it, whose officers may propose a successor.
    """

    code: RuleCode
    kind: RuleKind
    sheet: SheetCode
    label: str
    text: str
    failure: str = ""
    source: str = ""
    source_url: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    tests: str = ""
    position: int = 0
    department: str = ""


@dataclass(frozen=True, slots=True)
class RuleView:
    """One edition of a rule.

    Attributes:
        edition: From 1; one without gaps for each code.
        schema: Facts of its sheet in the edition the rule was written on.
        valid_from: First day in force.
        valid_to: First day no longer in force, None while nothing ends it; the same day as `valid_from` when it never
            was in force.
        published_by: None for a pack.
        held: The pack's text that an edition made on line stands over; never in force.
        sheet_label: What the sheet is called: the item or the policy.
    """

    code: RuleCode
    edition: int
    kind: RuleKind
    sheet: SheetCode
    sheet_edition: int
    schema: Schema = field(repr=False, compare=False)
    label: str
    text: str
    failure: str
    source: str
    source_url: str
    valid_from: date
    valid_to: date | None
    tests: str
    position: int
    origin: Origin
    published_at: datetime
    published_by: PersonId | None
    held: bool = False
    department: str = ""
    sheet_label: str = ""

    @property
    def book(self) -> str:
        """Return the first part of the code."""
        return self.code.split("/", 1)[0]

    @property
    def owner(self) -> str:
        """Return whose rule it is: an item's code, a policy's."""
        return self.code.split("/", 2)[1]

    @property
    def last_day(self) -> date | None:
        """Return the last day in force, None while nothing ends it; the first one when it was replaced within a day."""
        return None if self.valid_to is None else max(self.valid_from, self.valid_to - timedelta(days=1))

    def state_on(self, day: date) -> RuleState:
        """Return what this edition is on a day."""
        if self.held:
            return RuleState.HELD
        if day < self.valid_from:
            return RuleState.COMING
        return RuleState.IN_FORCE if self.valid_to is None or day < self.valid_to else RuleState.ENDED


@dataclass(frozen=True, slots=True)
class RuleFilter:
    """What to keep of the list of rules. Every condition given must hold.

    Attributes:
        text: Words that stand in code, label, text, message, source or the label of a fact it uses.
        book: `form`, `policy`, `table`; '' for all.
        kind: One kind; None for all.
        owner: An item's or policy's code; '' for all.
        state: On the day asked; None for the newest edition of each, whatever it is.
    """

    text: str = ""
    book: str = ""
    kind: RuleKind | None = None
    owner: str = ""
    state: RuleState | None = RuleState.IN_FORCE


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a book did.

    Attributes:
        notes: Changes in words, Chinese; clashes begin with 冲突.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0
    notes: tuple[str, ...] = ()

    @property
    def nothing_changed(self) -> bool:
        """Tell whether the book already held exactly this."""
        return not (self.added or self.changed or self.retired)
