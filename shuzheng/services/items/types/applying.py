"""Applying: answers with their sources, papers, drafts, applications and decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO
from uuid import UUID

from shuzheng.base.files.types import FileView
from shuzheng.base.kernel.types import CaseId, DraftId, ItemCode, Json, LicenceId, Party, PersonId
from shuzheng.services.items.types.catalogue import ItemView, UnitView
from shuzheng.services.items.types.forms import FormSpec
from shuzheng.services.items.types.words import PAPER_STATE_LABELS, DraftState, PaperState


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Where an answer comes from, so that a page can show it and an officer can trust it.

    Attributes:
        source: `directory.firm`, `directory.person` or `credentials.licence`.
        record: URN of the record.
        version: Version of the record when it was read.
        label: What the page says, such as '企业登记'.
    """

    source: str
    record: str
    version: str
    label: str


@dataclass(frozen=True, slots=True)
class Original:
    """A prefilled value that the applicant replaced."""

    value: Json = field(repr=False)
    source: SourceRef


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        value: Text; a decimal as canonical text ('12.5'); an ISO date; a list for a multichoice; true or false;
            the file's id for a file; None when missing or wrong.
        source: Where it was taken from; None when it is the applicant's own.
        typed: What was typed, kept also when it is wrong.
        original: The prefilled value that the applicant changed.
        rev: Revision of the draft that set it.
    """

    value: Json = field(repr=False)
    source: SourceRef | None = None
    typed: tuple[str, ...] = field(default=(), repr=False)
    original: Original | None = field(default=None, repr=False)
    rev: int = 0

    @property
    def text(self) -> str:
        """Return what a one-line field shows."""
        return self.typed[0] if len(self.typed) == 1 else "、".join(self.typed)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field, in words with an example."""

    field: str
    label: str
    message: str
    section: int = 0


@dataclass(frozen=True, slots=True)
class PaperProblem:
    """A paper that must still be given."""

    seq: int
    name: str
    message: str


@dataclass(frozen=True, slots=True)
class HeldLicence:
    """What the papers rule needs to know of a licence held: the best one of its type, valid or not."""

    type_name: str
    record: str
    number: str = field(repr=False)
    holder_name: str
    valid_to: date | None
    valid: bool
    why_not: str
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    version: str = "1"


@dataclass(frozen=True, slots=True)
class PaperView:
    """One row of the paper list.

    Attributes:
        why: Chinese sentence: why it is waived, asked for, or not needed.
        source: Label of where it comes from ('电子证照', '登记数据', '申请表' …).
        file: The uploaded file, None when nothing was uploaded.
        label: What to upload in the form's words, when they differ from the material's name.
    """

    seq: int
    name: str
    state: PaperState
    why: str
    source: str
    required: bool
    file: FileView | None = None
    label: str = ""
    ref: SourceRef | None = None

    @property
    def state_label(self) -> str:
        """Return the Chinese word for the state."""
        return PAPER_STATE_LABELS[self.state]

    @property
    def may_upload(self) -> bool:
        """Tell whether a page should offer an upload."""
        return self.file is not None or self.state in {
            PaperState.TO_GIVE,
            PaperState.REJECTED,
            PaperState.NOT_NEEDED,
        }


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrives from a page."""

    content: BinaryIO
    name: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft of an application."""

    id: DraftId
    item: ItemView
    unit: UnitView
    party: Party
    person: PersonId
    answers: Mapping[str, Answer] = field(repr=False)
    rev: int
    saved_at: datetime
    expires_on: date
    state: DraftState
    case_id: CaseId | None = None
    case_number: str = ""


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in a list: without its answers."""

    id: DraftId
    item: ItemCode
    item_name: str
    party: Party
    saved_at: datetime
    expires_on: date


@dataclass(frozen=True, slots=True)
class DecisionView:
    """The decision on an application (决定)."""

    result: str
    decided_at: datetime
    opinion: str
    reasons: tuple[str, ...]
    licence: LicenceId | None


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """What was submitted, as it was submitted, with the supplements since."""

    id: UUID
    case_id: CaseId
    case_number: str
    item: ItemView
    unit: UnitView
    form: FormSpec
    party: Party
    contact: PersonId
    answers: Mapping[str, Answer] = field(repr=False)
    papers: tuple[PaperView, ...]
    notes: tuple[str, ...] = field(repr=False)
    submitted_at: datetime
    decision: DecisionView | None = None


@dataclass(frozen=True, slots=True)
class LicenceFieldRule:
    """How one field of the licence is filled (证照字段)."""

    field: str
    source: str
    value: str


@dataclass(frozen=True, slots=True)
class PrefillRule:
    """Where a prefill key is answered from.

    Attributes:
        key: `<dataset>.<column>` as forms name it.
        origin: `firm`, `person` or `licence`.
        type: Licence type name when the origin is a licence.
        field: Field of the record.
        label: What the page says.
    """

    key: str
    origin: str
    type: str
    field: str
    label: str
