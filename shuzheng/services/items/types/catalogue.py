"""What can be applied for: items, units, materials, guides."""

from dataclasses import dataclass
from datetime import datetime

from shuzheng.base.kernel.types import DivisionCode, ItemCode, OrgId
from shuzheng.engines.rules.types import Explanation, Fact, Rule
from shuzheng.services.items.types.forms import FormSpec
from shuzheng.services.items.types.words import Applicant, Handling, Level, MaterialSource


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
    """A condition of the decision as text."""

    seq: int
    label: str
    failure: str
    law: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition of the decision with what it came to on one application.

    Attributes:
        holds: None while something is not known.
        explanation: None when its rule cannot be read.
        missing: What is not known, in words, with who could tell.
        told_by: Records that told something of it, by label.
        rule: As it was decided by; None as the explanation.
    """

    condition: ConditionView
    holds: bool | None
    explanation: Explanation | None
    missing: tuple[str, ...]
    told_by: tuple[str, ...] = ()
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What an officer found out: the value as typed, how it was found out, by whom and when."""

    name: str
    value: str
    basis: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FactToCheck:
    """A fact that officers find out; `teller` names who could tell, `known` is the newest result."""

    fact: Fact
    teller: str
    known: Checked | None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a draft comes to as it stands.

    Attributes:
        form: The form as it is to be asked now; None for an item without one.
        skipped: Fields that need no answer any more.
        failing: Conditions that will not be met, whatever is still to come.
    """

    form: FormSpec | None
    skipped: frozenset[str] = frozenset()
    failing: tuple[Judged, ...] = ()


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
