"""Changing what is offered: a proposal, its review, and what differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from shuzheng.base.kernel.errors import Refused
from shuzheng.base.kernel.types import ItemCode, Json, OrgId, PersonId
from shuzheng.services.items.types.catalogue import ItemView, UnitView

ChangeId = NewType("ChangeId", UUID)

Facts = Mapping[str, Json]
"""What can be changed, flat: `promised_days`, `guide.scope`, `material.3` … A material that is not there is None."""
Typed = Mapping[str, tuple[str, ...]]
"""Texts of the editor by field name, as typed."""


class ChangeState(StrEnum):
    """Life of a proposed change."""

    DRAFT = "draft"
    REVIEW = "review"
    RETURNED = "returned"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    DROPPED = "dropped"

    @property
    def is_editable(self) -> bool:
        """Tell whether its content can still be written."""
        return self in (ChangeState.DRAFT, ChangeState.RETURNED)

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more can happen."""
        return self in (ChangeState.IN_FORCE, ChangeState.DROPPED)


CHANGE_STATE_LABELS: Final[Mapping[ChangeState, str]] = {
    ChangeState.DRAFT: "草稿",
    ChangeState.REVIEW: "待审核",
    ChangeState.RETURNED: "已退回",
    ChangeState.APPROVED: "已通过，待生效",
    ChangeState.IN_FORCE: "已生效",
    ChangeState.DROPPED: "已放弃",
}


class ChangeAct(StrEnum):
    """What was done with a change."""

    SAVED = "saved"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    TOOK_EFFECT = "took_effect"
    HELD_UP = "held_up"
    """The platform sent it back on its day: what it stands on had changed since it was approved."""
    DROPPED = "dropped"


CHANGE_ACT_LABELS: Final[Mapping[ChangeAct, str]] = {
    ChangeAct.SAVED: "存为草稿",
    ChangeAct.SUBMITTED: "提交审核",
    ChangeAct.RETURNED: "退回修改",
    ChangeAct.APPROVED: "审核通过",
    ChangeAct.TOOK_EFFECT: "生效",
    ChangeAct.HELD_UP: "没有生效，退回核对",
    ChangeAct.DROPPED: "放弃修改",
}


@dataclass(frozen=True, slots=True)
class ChangeProblem:
    """One thing to put right in the editor; `field` is the name of its input."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference.

    Attributes:
        mark: `same`, `gone` or `new`.
        label: What the line says, such as 名称; '' when the field says it.
        ours: The text is a word of the platform, not of the city's content.
    """

    mark: str
    label: str
    text: str
    ours: bool = False


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field that differs: its label and the lines before and after, matched line by line."""

    key: str
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """A field changed here and meanwhile elsewhere: what both started from, what was typed, what is in force now."""

    key: str
    label: str
    was: tuple[Line, ...]
    mine: tuple[Line, ...]
    now: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class StepView:
    """One entry of a change's history; `by` is '' for the platform."""

    seq: int
    act: ChangeAct
    at: datetime
    by: str
    org_name: str
    words: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line of a list of changes.

    Attributes:
        what: Labels of the fields it changes.
        unit_name: The implementing unit; '' when the item itself changes.
        moved_at: When something was last done with it.
    """

    id: ChangeId
    item: ItemCode
    item_name: str
    unit: str
    unit_name: str
    state: ChangeState
    what: tuple[str, ...]
    proposer: str
    org_name: str
    moved_at: datetime
    effective_on: date | None


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A proposed change with everything a page about it shows.

    Attributes:
        item: The item in the version the change is based on.
        unit: The implementing item that changes; None when the item itself does.
        differences: Field by field against what it is based on.
        clashes: Fields that were changed elsewhere meanwhile; it can be neither submitted nor approved with any.
        wanted_on: When the proposer would like it to take effect.
        effective_on: When it takes effect, once approved.
        version: The item's version it made, None before and for a unit.
        rev: Grows with every step.
        may_edit, may_submit, may_drop, may_return, may_approve: What the reader may do now.
        why_not: Why a reviewer may not review this one; '' otherwise.
        longer_units: Units that promise more days than the item would, and would then promise what the item does.
    """

    id: ChangeId
    item: ItemView
    unit: UnitView | None
    state: ChangeState
    reason: str
    differences: tuple[FieldDifference, ...]
    clashes: tuple[Clash, ...]
    wanted_on: date | None
    effective_on: date | None
    version: int | None
    rev: int
    proposer: PersonId
    proposer_name: str
    org: OrgId
    org_name: str
    steps: tuple[StepView, ...]
    may_edit: bool = False
    may_submit: bool = False
    may_drop: bool = False
    may_return: bool = False
    may_approve: bool = False
    why_not: str = ""
    longer_units: int = 0


@dataclass(frozen=True, slots=True)
class BenchmarkGap:
    """How far a promise is from that of another place (对标); below zero is better than there."""

    place: str
    place_name: str
    promised_days: int
    papers: int
    days_more: int
    papers_more: int


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version of an item in its history.

    Attributes:
        edited: Made on line by a change, not by a pack.
        in_force: In force now; a pack's version that was merged at once never was.
        change: The change that made it.
    """

    version: int
    added_at: datetime
    retired_at: datetime | None
    digest: str
    edited: bool
    in_force: bool
    change: ChangeId | None


@dataclass(frozen=True, slots=True)
class MyItem:
    """One line of the items of one's department."""

    item: ItemView
    leads: bool
    open_changes: int


@dataclass(frozen=True, slots=True)
class Editor:
    """What the editor shows.

    Attributes:
        item: The item in force.
        unit: The unit to change; None for the item itself.
        base: The item's version in force: what is typed is measured against it.
        now: Today's texts by field name.
        typed: Texts to show in the fields: today's, or those of the draft.
        materials: Keys of the material rows, `3` or `n1` for a new one, in order.
        questions: Numbers of the question rows.
        held: Materials that the form asks for, which cannot be dropped here.
        windows: Bodies the unit can be asked at, code and name.
        rev: Of the draft, 0 for a new one.
    """

    item: ItemView
    unit: UnitView | None
    base: int
    now: Typed
    typed: Typed
    materials: tuple[str, ...]
    questions: tuple[int, ...]
    held: frozenset[int]
    windows: tuple[tuple[str, str], ...]
    benchmarks: tuple[BenchmarkGap, ...]
    reason: str = ""
    wanted_on: str = ""
    rev: int = 0
    change: ChangeId | None = None
    returned: str = ""


@dataclass(frozen=True, slots=True)
class ItemDesk:
    """An item as its department administers it.

    Attributes:
        item: In force.
        versions: Every version, the newest first.
        units: Implementing items of the reader's own body.
        unit_count: How many bodies implement it.
        changes: Changes under way that the reader may see.
        may_change: Whether the reader may propose a change of the item itself.
        refusal: Why not, and whom to ask; None when they may.
    """

    item: ItemView
    versions: tuple[VersionView, ...]
    units: tuple[UnitView, ...]
    unit_count: int
    changes: tuple[ChangeRow, ...]
    benchmarks: tuple[BenchmarkGap, ...]
    may_change: bool
    may_change_units: bool
    refusal: Refused | None = None


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """What one version of an item changed against the one that was in force before it; None before the first."""

    item: ItemView
    version: VersionView
    before: VersionView | None
    differences: tuple[FieldDifference, ...]
