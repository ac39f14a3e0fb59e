"""What the directory shows: views without Django. Fields that identify a person stay out of `repr`."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from shuzheng.base.kernel.types import DivisionCode, FirmId, Levels, OrgId, PersonId, PostId


class DivisionLevel(StrEnum):
    """Level of a division or of the authority of an organization."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


class OrganizationKind(StrEnum):
    """What an organization is."""

    CITY = "city"
    GOVERNMENT = "government"
    DEPARTMENT = "department"
    INSTITUTION = "institution"
    TOWN = "town"
    VILLAGE = "village"
    SCHOOL = "school"
    HOSPITAL = "hospital"
    WINDOW_CENTRE = "window_centre"


class System(StrEnum):
    """The line of authority an organization stands in (隶属体系)."""

    PARTY = "party"
    GOVERNMENT = "government"
    MASS = "mass"
    VERTICAL = "vertical"
    PUBLIC_INSTITUTION = "public_institution"
    SELF_GOVERNANCE = "self_governance"
    PRIVATE = "private"


class Duty(StrEnum):
    """What an organization answers for, and what a post in it may do (职责)."""

    DATA_STEWARD = "data_steward"
    CHIEF_DATA_OFFICER = "chief_data_officer"
    SERVICE_WINDOW = "service_window"
    APPROVAL = "approval"
    LICENCE_ISSUER = "licence_issuer"
    INSPECTION = "inspection"
    DISPATCH = "dispatch"
    EVENT_HANDLER = "event_handler"
    BENEFIT_PAYER = "benefit_payer"
    DATA_AUTHORITY = "data_authority"
    STUCK_WINDOW = "stuck_window"
    CLOUD_WINDOW = "cloud_window"
    WALK_THROUGH = "walk_through"
    VIDEO_SHARE = "video_share"
    KEY_DEPARTMENT = "key_department"


class PostRole(StrEnum):
    """Roles of a post that no organization has as a duty."""

    DIRECTOR = "director"
    """主要负责人: also reads what the organizations below handle."""
    ADMINISTRATOR = "administrator"
    """平台管理员: given by `create_admin` only, never by a pack."""


DUTY_LABELS: dict[str, str] = {
    Duty.DATA_STEWARD: "数据专员",
    Duty.CHIEF_DATA_OFFICER: "首席数据官",
    Duty.SERVICE_WINDOW: "服务窗口",
    Duty.APPROVAL: "审批",
    Duty.LICENCE_ISSUER: "发证",
    Duty.INSPECTION: "监管检查",
    Duty.DISPATCH: "指挥派遣",
    Duty.EVENT_HANDLER: "事件处置",
    Duty.BENEFIT_PAYER: "资金兑付",
    Duty.DATA_AUTHORITY: "数据主管",
    Duty.STUCK_WINDOW: "“办不成事”反映窗口",
    Duty.CLOUD_WINDOW: "云窗口",
    Duty.WALK_THROUGH: "局长走流程",
    Duty.VIDEO_SHARE: "视频共享",
    Duty.KEY_DEPARTMENT: "重点单位",
    PostRole.DIRECTOR: "主要负责人",
    PostRole.ADMINISTRATOR: "平台管理员",
}

PERSON_NORMAL = "正常"
"""The one status in which a person signs in and acts."""
FIRM_DEREGISTERED = "注销"
"""A firm of this status no longer exists in law: nobody acts for it."""


@dataclass(frozen=True, slots=True)
class DivisionView:
    """A division; `full_name` begins with the province."""

    code: DivisionCode
    name: str
    level: str
    parent: DivisionCode | None
    full_name: str


@dataclass(frozen=True, slots=True)
class OrganizationView:
    """An organization; `levels` are its ancestors and itself, top down."""

    code: OrgId
    short_name: str
    full_name: str
    parent: OrgId | None
    kind: str
    division: DivisionCode
    level: str
    levels: Levels
    duties: frozenset[str]
    system: str

    @property
    def depth(self) -> int:
        """Return the organization's own level in the tree, 1 to 4."""
        return sum(code is not None for code in self.levels.as_tuple())


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person without anything sealed."""

    id: PersonId
    name: str = field(repr=False)
    status: str
    division: DivisionCode | None


@dataclass(frozen=True, slots=True)
class PersonIdentity:
    """What identifies a person, opened: whoever asks for another person's must log the reading."""

    id: PersonId
    id_no: str = field(repr=False)
    mobile: str = field(repr=False)
    address: str = field(repr=False)
    sex: str = field(repr=False)
    birth_on: date | None = field(repr=False)
    ethnicity: str = field(repr=False)
    household_kind: str = field(repr=False)
    division: DivisionCode | None = field(repr=False)
    version: int


@dataclass(frozen=True, slots=True)
class FirmView:
    """A firm as the business register knows it; `capital_fen` is in fen, `mobile` is the contact's."""

    id: FirmId
    uscc: str
    name: str
    firm_type: str
    legal_rep: PersonId
    legal_rep_name: str = field(repr=False)
    division: DivisionCode
    village: DivisionCode | None
    address: str = field(repr=False)
    industry_code: str
    industry_name: str
    registered_on: date
    capital_fen: int
    status: str
    scale: str
    employees: int | None
    scope: str = field(repr=False)
    mobile: str = field(repr=False)
    version: int


@dataclass(frozen=True, slots=True)
class PostView:
    """A post held now."""

    id: PostId
    person: PersonId
    organization: OrgId
    organization_name: str
    name: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class AccountView:
    """A sign-in; `id` is the key Django's session carries."""

    id: int
    sign_in_name: str = field(repr=False)
    person: PersonId
    elder_mode: bool

    @property
    def urn(self) -> str:
        """Return the URN that ledger entries carry."""
        return f"urn:shuzheng:account:{self.id}"


@dataclass(frozen=True, slots=True)
class DemoAccountView:
    """A demonstration sign-in: who it is and what to try with it (the pack's own language)."""

    sign_in_name: str
    person_name: str
    side: str
    acting_for: str
    acting_for_name: str
    items: tuple[str, ...]
    what_to_try: str
