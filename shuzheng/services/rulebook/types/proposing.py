"""Proposing a successor of a rule: its states, its steps, what differs and what clashes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from shuzheng.base.kernel.errors import Refused
from shuzheng.base.kernel.types import CaseId, OrgId, PersonId
from shuzheng.services.rulebook.types import RuleCode, RuleKind, RuleView

ProposalId = NewType("ProposalId", UUID)
PROCESS: Final = "rule_review"
"""Key of the process a proposal is reviewed by."""
REVIEW_ITEM: Final = "rule_review"
"""Stands where a case names its service item: a review is of none."""
FIELDS: Final = (
    "label", "text", "failure", "source", "source_url", "valid_from", "tests", "reason",
)  # fmt: skip
"""What is typed in the editor."""


class ProposalState(StrEnum):
    """Life of a proposal."""

    DRAFT = "draft"
    REVIEW = "review"
    RETURNED = "returned"
    PUBLISHED = "published"
    REFUSED = "refused"
    DROPPED = "dropped"

    @property
    def is_editable(self) -> bool:
        """Tell whether its content can still be written."""
        return self in (ProposalState.DRAFT, ProposalState.RETURNED)

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more can happen."""
        return self in (ProposalState.PUBLISHED, ProposalState.REFUSED, ProposalState.DROPPED)


PROPOSAL_STATE_LABELS: Final[Mapping[ProposalState, str]] = {
    ProposalState.DRAFT: "草稿",
    ProposalState.REVIEW: "待审核",
    ProposalState.RETURNED: "已退回",
    ProposalState.PUBLISHED: "已发布",
    ProposalState.REFUSED: "不同意",
    ProposalState.DROPPED: "已撤回",
}


class ProposalAct(StrEnum):
    """What was done with a proposal."""

    SAVED = "saved"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    REFUSED = "refused"
    DROPPED = "dropped"


PROPOSAL_ACT_LABELS: Final[Mapping[ProposalAct, str]] = {
    ProposalAct.SAVED: "存为草稿",
    ProposalAct.SUBMITTED: "提交审核",
    ProposalAct.RETURNED: "退回修改",
    ProposalAct.PUBLISHED: "审核通过，已发布",
    ProposalAct.REFUSED: "审核不同意",
    ProposalAct.DROPPED: "撤回修改",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What an officer typed, wrong or right; each field a text."""

    label: str = ""
    text: str = ""
    failure: str = ""
    source: str = ""
    source_url: str = ""
    valid_from: str = ""
    tests: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProposalProblem:
    """One thing to put right; `field` is the name of its input, line and column (from 1) where in a text, else 0."""

    field: str
    message: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a difference: `mark` is `same`, `gone` or `new`."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs, in pieces."""

    field: str
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RuleClash:
    """The base moved while the proposal was written: what both started from, what was typed, what is in force now."""

    base_edition: int
    now_edition: int
    was: str
    mine: str
    now: str


@dataclass(frozen=True, slots=True)
class ProposalStepView:
    """One entry of a proposal's history; `by` is '' for the platform."""

    seq: int
    act: ProposalAct
    at: datetime
    by: str
    org_name: str
    words: str


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One line of a list of proposals."""

    id: ProposalId
    code: RuleCode
    label: str
    state: ProposalState
    proposer: str
    org_name: str
    moved_at: datetime
    case_number: str


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with everything a page about it shows.

    Attributes:
        base: The edition it was written against.
        typed: Its content as typed.
        changes: Field by field against the base, word by word.
        in_words: The rule in Chinese, before and after, in pieces; None while the text cannot be read.
        clash: The base is no longer the newest edition; it can be neither submitted nor published with one.
        problems: What keeps it from being submitted.
        valid_from: First day it asks for; None while it cannot be read.
        case_number: The review's case, '' before the first submission.
        may_edit, may_submit, may_drop: What the reader may do now.
        why_not: Why a reviewer may not review this one; '' otherwise.
    """

    id: ProposalId
    code: RuleCode
    kind: RuleKind
    base: RuleView
    typed: Draft
    state: ProposalState
    changes: tuple[FieldChange, ...]
    in_words: tuple[Piece, ...] | None
    clash: RuleClash | None
    problems: tuple[ProposalProblem, ...]
    valid_from: date | None
    rev: int
    proposer: PersonId
    proposer_name: str
    org: OrgId
    org_name: str
    case_id: CaseId | None
    case_number: str
    edition: int | None
    steps: tuple[ProposalStepView, ...]
    may_edit: bool = False
    may_submit: bool = False
    may_drop: bool = False
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Editor:
    """What the editor of a rule shows.

    Attributes:
        rule: The edition the successor is written against.
        typed: Texts to show in the fields: those in force, or those of the draft.
        rev: Of the draft, 0 for a new one.
        refusal: Why the reader may not propose, and whom to ask; None when they may.
        returned: What the reviewer wrote when sending it back.
    """

    rule: RuleView
    typed: Draft
    rev: int = 0
    proposal: ProposalId | None = None
    refusal: Refused | None = None
    returned: str = ""
    clash: RuleClash | None = None
