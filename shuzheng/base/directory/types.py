"""What the directory shows: views without Django. Fields that identify a person stay out of `repr`."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from uuid import UUID

from shuzheng.base.kernel.types import (
    AbsenceId,
    DivisionCode,
    FirmId,
    ItemCode,
    Levels,
    MachineId,
    MandateId,
    OrgId,
    Party,
    PersonId,
    PostId,
)


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
    TEAM_LEAD = "team_lead"
    """科室负责人: hands the tasks of the own organization to its officers."""
    ADMINISTRATOR = "administrator"
    """平台管理员: given by `create_admin` only, never by a pack."""


class RealName(IntEnum):
    """Real-name level (实名等级): how far it was proved that whoever signs in is the person."""

    REGISTERED = 0
    """已注册: nothing was proved."""
    CHECKED = 1
    """实名: name and identity number were checked."""
    PRESENT = 2
    """实人: the person was there, by face or at a window."""


REAL_NAME_LABELS: dict[int, str] = {
    RealName.REGISTERED: "未实名",
    RealName.CHECKED: "已实名（证件号码核对）",
    RealName.PRESENT: "已实人（人脸或窗口核验）",
}


class StandingKind(StrEnum):
    """Why a person may act for another."""

    LEGAL_REPRESENTATIVE = "legal_representative"
    GUARDIAN = "guardian"
    MANDATE = "mandate"


class MandateState(StrEnum):
    """Where a mandate stands; EXPIRED is worked out from its last day."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"
    RESIGNED = "resigned"
    EXPIRED = "expired"


MANDATE_STATE_LABELS: dict[str, str] = {
    MandateState.OFFERED: "等对方接受",
    MandateState.ACCEPTED: "生效",
    MandateState.DECLINED: "对方没有接受",
    MandateState.REVOKED: "已撤销",
    MandateState.RESIGNED: "对方已辞去",
    MandateState.EXPIRED: "已到期",
}


class ClientKind(StrEnum):
    """What a program signs in for."""

    MACHINE = "machine"
    """A machine account: it acts itself, for its organization."""
    SYSTEM = "system"
    """A system whose people sign in through us (OpenID Connect)."""


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
    PostRole.TEAM_LEAD: "科室负责人",
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
    real_name: RealName = RealName.REGISTERED


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
    """A firm as the business register knows it.

    Attributes:
        capital_fen: In fen.
        mobile: The contact's.
        real_name: A firm is as well proved as its legal representative.
    """

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
    real_name: RealName = RealName.REGISTERED


@dataclass(frozen=True, slots=True)
class PostView:
    """A post held now."""

    id: PostId
    person: PersonId
    organization: OrgId
    organization_name: str
    name: str
    roles: frozenset[str]
    person_name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OfficeContact:
    """How to reach an organization's office; each may be ''."""

    phone: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class BookHit:
    """What the address book found: an organization, or a post in it with the person who holds it."""

    organization: OrganizationView
    post: PostView | None = None


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """A deputy named for a post (外出代理); `valid_to` is the first day on which it no longer holds.

    Attributes:
        post: The post of the officer who is away.
        ended_at: When it was revoked, None when it runs its course.
    """

    id: AbsenceId
    post: PostView
    deputy: PersonId
    deputy_name: str = field(repr=False)
    named_by_name: str = field(repr=False)
    valid_from: date
    valid_to: date
    named_at: datetime
    ended_at: datetime | None

    @property
    def urn(self) -> str:
        """Return the URN that ledger entries carry."""
        return f"urn:shuzheng:absence:{self.id}"

    @property
    def last_on(self) -> date:
        """Return the last day on which it holds."""
        return self.valid_to - timedelta(days=1)

    def runs_on(self, on: date) -> bool:
        """Tell whether the deputy may act on a day."""
        return self.ended_at is None and self.valid_from <= on < self.valid_to


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


@dataclass(frozen=True, slots=True)
class Standing:
    """One way in which a person may act for another.

    Attributes:
        key: What a session remembers: id of the firm, of the child, or of the mandate.
        party: Whose affairs.
        note: The firm's credit code, the relation to the child, or '' for a mandate.
        limited_to: Items of the mandate; None when nothing limits.
        last_on: Last day of the mandate or of the guardianship, None without an end.
    """

    kind: StandingKind
    key: UUID
    party: Party
    note: str
    limited_to: frozenset[ItemCode] | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class MandateView:
    """A mandate; `valid_to` is the first day on which it no longer holds, empty `items` are all."""

    id: MandateId
    principal: Party
    given_by: PersonId
    mandatary: PersonId
    mandatary_name: str = field(repr=False)
    items: tuple[ItemCode, ...]
    valid_from: date
    valid_to: date
    state: MandateState
    offered_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None

    @property
    def urn(self) -> str:
        """Return the URN that ledger entries carry."""
        return f"urn:shuzheng:mandate:{self.id}"

    @property
    def last_on(self) -> date:
        """Return the last day on which it holds."""
        return self.valid_to - timedelta(days=1)

    @property
    def is_open(self) -> bool:
        """Tell whether it may still be used or accepted."""
        return self.state in (MandateState.OFFERED, MandateState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session of an account.

    Attributes:
        id: A keyed hash of the session key, which itself is never shown.
        device: `phone`, `tablet`, `computer` or `program`.
        browser: Family, such as `Firefox`; '' when unknown.
        method: `password`, `external`, or '' for one begun before this was kept.
        current: It is the session that asks.
    """

    id: str
    device: str
    browser: str
    method: str
    opened_at: datetime | None
    last_used_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class ClientView:
    """A program that signs in: a machine account, or a system whose people sign in through us."""

    id: MachineId
    name: str
    kind: ClientKind
    title: str
    organization: OrgId
    organization_name: str
    roles: frozenset[str]
    redirect_uris: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    closed_at: datetime | None
    secrets: int

    @property
    def urn(self) -> str:
        """Return the URN that ledger entries carry."""
        return f"urn:shuzheng:{'machine' if self.kind is ClientKind.MACHINE else 'system'}:{self.id}"


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A client with the secret just made: shown once, kept only as a hash."""

    client: ClientView
    secret: str = field(repr=False)
    old_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """What a system asks the sign-in service for, checked (OpenID Connect Core, 3.1.2.1)."""

    client: str
    redirect_uri: str
    scope: str
    state: str
    nonce: str
    challenge: str
    prompts: frozenset[str]
    max_age_s: int | None


@dataclass(frozen=True, slots=True)
class IssuedTokens:
    """What the token endpoint hands out; `id_token` is empty for a machine."""

    access_token: str = field(repr=False)
    id_token: str = field(repr=False)
    scope: str
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class ExternalStart:
    """The beginning of an external sign-in: where to send the browser, and what to remember in its session.

    Attributes:
        url: Authorization endpoint of the provider with the whole request.
        state, nonce, verifier: To check the answer with; the verifier never leaves us before the code comes back.
    """

    url: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
