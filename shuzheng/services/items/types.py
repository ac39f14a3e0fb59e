"""Words of the room: items, units, guides, forms, drafts, papers and applications."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import BinaryIO
from uuid import UUID

from shuzheng.base.files.types import FileView
from shuzheng.base.kernel.types import CaseId, DivisionCode, DraftId, ItemCode, Json, LicenceId, OrgId, Party, PersonId

DRAFT_DAYS = 90
"""Days a draft is kept after its last change."""
HELD_HOURS = 24
"""Hours typed text of an expired session is kept."""
ACCEPTANCE_DAYS = 5
"""Working days for acceptance. Source: 《中华人民共和国行政许可法》第三十二条."""

KIND_NAMES: Mapping[str, str] = {
    "01": "行政许可",
    "02": "行政处罚",
    "03": "行政强制",
    "04": "行政征收",
    "05": "行政给付",
    "06": "行政检查",
    "07": "行政确认",
    "08": "行政奖励",
    "09": "行政裁决",
    "10": "其他行政权力",
    "20": "公共服务",
}
"""Kinds of items by their two digits. Source: GB/T 39554.1."""

RESULT_NAMES: Mapping[str, str] = {
    "licence": "证照",
    "document": "文书",
    "record": "备案登记",
    "payment": "资金给付",
    "reply": "答复",
}


class Applicant(StrEnum):
    """Who may apply for an item."""

    PERSON = "person"
    FIRM = "firm"
    BOTH = "both"


class Handling(StrEnum):
    """How an item is decided: at once at the window (即办件), or within promised days (承诺件)."""

    INSTANT = "instant"
    PROMISED = "promised"


class Level(StrEnum):
    """Level an item is implemented at (行使层级)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


class FieldType(StrEnum):
    """Kinds of answers a form may ask for."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    MULTICHOICE = "multichoice"
    ID_NUMBER = "id_number"
    USCC = "uscc"
    MOBILE = "mobile"
    DIVISION = "division"
    ADDRESS = "address"
    FILE = "file"
    BOOLEAN = "boolean"


class MaterialSource(StrEnum):
    """Where a material comes from."""

    APPLICANT = "applicant"
    LICENCE = "licence"
    REGISTER = "register"
    DEPARTMENT = "department"


class PaperState(StrEnum):
    """What an applicant must do about a material."""

    TO_GIVE = "to_give"
    GIVEN = "given"
    WAIVED = "waived"
    NOT_NEEDED = "not_needed"
    DEPARTMENT = "department"
    REJECTED = "rejected"


PAPER_STATE_LABELS: Mapping[PaperState, str] = {
    PaperState.TO_GIVE: "请上传",
    PaperState.GIVEN: "已提供",
    PaperState.WAIVED: "免交",
    PaperState.NOT_NEEDED: "一般不用交",
    PaperState.DEPARTMENT: "部门间获取",
    PaperState.REJECTED: "请补正",
}


class DraftState(StrEnum):
    """Life of a draft."""

    OPEN = "open"
    SUBMITTED = "submitted"
    DISCARDED = "discarded"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class ItemView:
    """A service item in one of its versions (政务服务事项).

    Attributes:
        code: Basic code, 12 digits; 14 with a business suffix.
        kind: Two digits of `KIND_NAMES`.
        legal_days: Working days the law allows; None when it sets no term.
        promised_days: Working days promised; 0 for an instant item.
        visits: Visits to a window at most.
        fee_fen: Fee in fen; 0 is free.
        licence_type: Name of the licence type issued, '' when the result is no licence.
        current: Whether this version is in force.
    """

    code: ItemCode
    version: int
    current: bool
    name: str
    kind: str
    kind_name: str
    department: str
    applicant: Applicant
    handling: Handling
    legal_days: int | None
    promised_days: int
    visits: int
    fee_fen: int
    levels: tuple[Level, ...]
    theme: str
    result_kind: str
    result_name: str
    licence_type: str
    legal_basis: str
    channels: tuple[str, ...]
    has_form: bool

    @property
    def for_person(self) -> bool:
        """Tell whether a natural person may apply."""
        return self.applicant is not Applicant.FIRM

    @property
    def for_firm(self) -> bool:
        """Tell whether a firm may apply."""
        return self.applicant is not Applicant.PERSON


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme with the number of its items in force."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class UnitRow:
    """An implementing item without names: what the rule computes and the table holds.

    Attributes:
        code: 31 characters: organization 18, level digit, basic code 12; 33 with the two digits of a business suffix.
        division: Division of the organization, 6, 9 or 12 digits.
        window: Where it is applied for and accepted.
        decider: Who decides.
        promised_days: Working days promised here; None is as the item says. Likewise `visits` and `channels`.
        address: Where to go; '' is unknown. Likewise `phone` and `hours`.
    """

    code: str
    item: ItemCode
    organization: OrgId
    division: DivisionCode
    window: OrgId
    decider: OrgId
    level: Level
    promised_days: int | None = None
    visits: int | None = None
    channels: tuple[str, ...] | None = None
    address: str = ""
    phone: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class UnitView:
    """An implementing item (实施事项): an item as one organization implements it.

    Attributes:
        promised_days: Working days promised here; None is as the item says. Likewise `visits` and `channels`.
        address: Where to go; '' is unknown. Likewise `phone` and `hours`.
    """

    code: str
    item: ItemCode
    organization: OrgId
    organization_name: str
    division: DivisionCode
    window: OrgId
    window_name: str
    decider: OrgId
    decider_name: str
    level: Level
    promised_days: int | None = None
    visits: int | None = None
    channels: tuple[str, ...] | None = None
    address: str = ""
    phone: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class MaterialView:
    """A material an item asks for (申请材料).

    Attributes:
        required: False when it is needed only under `condition`.
        covered_by: `form` (the form itself), `form:<name>` (that answer in it), `field:<name>` (a file) or ''.
    """

    seq: int
    name: str
    source: MaterialSource
    licence_type: str
    dataset: str
    copies: int
    required: bool
    condition: str
    covered_by: str = ""


@dataclass(frozen=True, slots=True)
class FaqView:
    """A question people ask, answered."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class ConditionView:
    """A condition of the decision as text; evaluating it is the rules engine's work."""

    seq: int
    label: str
    failure: str
    law: str


@dataclass(frozen=True, slots=True)
class GuideView:
    """A guide (办事指南).

    Attributes:
        conditions: What an applicant must fulfil, in plain words.
        checks: The conditions an officer checks, each with its law.
        units: Units of the asked county, else those of city and county level.
        unit_count: Units in all.
    """

    item: ItemView
    scope: str
    conditions: tuple[str, ...]
    checks: tuple[ConditionView, ...]
    flow: tuple[str, ...]
    faq: tuple[FaqView, ...]
    materials: tuple[MaterialView, ...]
    units: tuple[UnitView, ...]
    unit_count: int


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field: what is sent and what is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Precision:
    """num(p,s): at most `digits` digits in all, `decimals` of them after the point."""

    digits: int
    decimals: int


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One question of a form.

    Attributes:
        choices: Allowed values of a choice or multichoice.
        options: What a page offers: choices, yes and no, or divisions with their names.
        material_seq: The material a file field takes.
        prefill: `<dataset>.<column>` the answer may come from, or ''.
    """

    name: str
    label: str
    type: FieldType
    required: bool
    choices: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    precision: Precision | None = None
    unit: str = ""
    hint: str = ""
    material_seq: int | None = None
    prefill: str = ""


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """One step of a form."""

    title: str
    fields: tuple[FieldSpec, ...]


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A form in one version (申请表)."""

    item: ItemCode
    version: int
    title: str
    sections: tuple[SectionSpec, ...]

    def fields(self) -> tuple[FieldSpec, ...]:
        """Return every field in order."""
        return tuple(spec for section in self.sections for spec in section.fields)


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
