"""What the room says about licences, codes and checks; no Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shuzheng.base.kernel.types import CaseId, ItemCode, LicenceId, LicenceTypeCode, OrgId, Party


class LicenceState(StrEnum):
    """Life of a licence. EXPIRED is never stored: it follows from the day."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    CORRECTED = "corrected"
    EXPIRED = "expired"


LICENCE_STATE_LABELS: dict[LicenceState, str] = {
    LicenceState.VALID: "有效",
    LicenceState.SUSPENDED: "暂停使用",
    LicenceState.REVOKED: "已作废",
    LicenceState.CORRECTED: "已更正",
    LicenceState.EXPIRED: "已过期",
}


class VerdictState(StrEnum):
    """What a check says."""

    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    CORRECTED = "corrected"
    STALE = "stale"
    UNKNOWN = "unknown"
    FORGED = "forged"
    DAMAGED = "damaged"


VERDICT_TITLES: dict[VerdictState, str] = {
    VerdictState.VALID: "证照有效",
    VerdictState.NOT_YET: "证照还没有生效",
    VerdictState.EXPIRED: "证照已过期",
    VerdictState.SUSPENDED: "证照暂停使用",
    VerdictState.REVOKED: "证照已作废",
    VerdictState.CORRECTED: "证照已更正，这是旧版",
    VerdictState.STALE: "出示码已超过时间",
    VerdictState.UNKNOWN: "没有查到这张证照",
    VerdictState.FORGED: "不是本平台签发的码",
    VerdictState.DAMAGED: "码不完整或不能识别",
}
VERDICT_ADVICE: dict[VerdictState, str] = {
    VerdictState.VALID: "签名和状态都核对无误。请再看姓名或名称是否与出示的人一致",
    VerdictState.NOT_YET: "证照是真的，但有效期还没有开始",
    VerdictState.EXPIRED: "证照是真的，但有效期已过，请不要凭它办事",
    VerdictState.SUSPENDED: "证照是真的，但现在暂停使用，请不要凭它办事",
    VerdictState.REVOKED: "证照是真的，但已经注销、吊销或撤销，请不要凭它办事",
    VerdictState.CORRECTED: "内容已经更正，请对方出示新版证照",
    VerdictState.STALE: "出示码只在 5 分钟内有效，截图会过时。请持证人打开“我的证照”重新出示",
    VerdictState.UNKNOWN: "请核对编号和名称是否与证照上的一致，或请对方出示二维码",
    VerdictState.FORGED: "签名对不上，可能是伪造的，也可能被改动过。请不要凭它办事，可以向发证机关核实",
    VerdictState.DAMAGED: "请完整地重新扫描或粘贴，也可以改用证照编号和持证人名称查询",
}


class HolderKind(StrEnum):
    """Whom or what a licence type is about; the holder itself is always a person or a firm (GB/T 36903)."""

    PERSON = "person"
    FIRM = "firm"
    PROPERTY = "property"
    PROJECT = "project"
    VEHICLE = "vehicle"


class SystemValue(StrEnum):
    """Values of licence fields that only issuing can know."""

    LICENCE_NO = "licence_no"
    ISSUE_DATE = "issue_date"
    ISSUER = "issuer"
    VALID_FROM = "valid_from"
    VALID_TO = "valid_to"
    USCC = "uscc"


@dataclass(frozen=True, slots=True)
class LicenceTypeView:
    """A licence type; `validity_years` None means without end, `key_fields` are the fields a licence carries."""

    code: LicenceTypeCode
    name: str
    issuing_department: str
    holder_kind: HolderKind
    validity_years: int | None
    key_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewLicence:
    """What to issue.

    Attributes:
        holder_code: Identity number of a person, USCC of a firm; sealed at rest.
        fields: Printed fields by name, in the order of the sheet.
        valid_to: Last day of validity, that day included; None: without end.
        case_id: The case that decided; without one the actor needs the duty `licence_issuer`.
        system_fields: Field name → value to be filled in at issuing; a name not in `fields` is added.
    """

    type_code: LicenceTypeCode
    holder: Party
    holder_code: str = field(repr=False)
    issuer: OrgId
    issuer_name: str
    fields: Mapping[str, str] = field(repr=False)
    valid_from: date
    valid_to: date | None = None
    case_id: CaseId | None = None
    item: ItemCode | None = None
    system_fields: Mapping[str, SystemValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LicenceView:
    """A licence as holder and issuer see it; personal data inside.

    Attributes:
        identifier: National identifier `1.2.156.3005.2.…` (GB/T 36904).
        number: The number printed on it (证照编号).
        state: On the day it was read: EXPIRED is worked out.
        version: 1, and one more with each correction.
        revoked_reason: Why it is revoked, suspended or corrected; '' while valid.
        state_on: Day of the last change of state.
        successor: The corrected licence that replaces this one.
    """

    id: LicenceId
    identifier: str
    number: str = field(repr=False)
    type_code: LicenceTypeCode
    type_name: str
    holder: Party
    issuer: OrgId
    issuer_name: str
    fields: Mapping[str, str] = field(repr=False)
    issued_on: date
    valid_from: date
    valid_to: date | None
    state: LicenceState
    version: int
    revoked_reason: str = ""
    state_on: date | None = None
    case_id: CaseId | None = None
    item: ItemCode | None = None
    successor: LicenceId | None = None

    @property
    def urn(self) -> str:
        """Return `urn:shuzheng:licence:<uuid>`."""
        return f"urn:shuzheng:licence:{self.id}"

    @property
    def state_label(self) -> str:
        """Return the Chinese word for the state."""
        return LICENCE_STATE_LABELS[self.state]


class CodeKind(StrEnum):
    """Two kinds of code."""

    SHEET = "sheet"
    """Printed on the sheet; lives as long as the licence."""
    PRESENTATION = "presentation"
    """Shown by the holder; five minutes, with a nonce."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a code says: which licence, and for a presentation from when until when."""

    kind: CodeKind
    licence: UUID
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    nonce: bytes = b""


@dataclass(frozen=True, slots=True)
class Presentation:
    """A code to show now.

    Attributes:
        url_fragment: The code itself, `SZ1:…`, fit for a URL fragment as it stands.
        url: What the QR holds: `<public_url>/verify/#<code>`.
    """

    url_fragment: str = field(repr=False)
    url: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ShownView:
    """A presentation that was checked by somebody: when first, how often. Who it was is not known."""

    first_seen_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class PublicLicence:
    """The facts anyone may see who was shown the licence: a person's name masked, no personal number."""

    type_name: str
    holder_name: str
    number: str
    identifier: str
    issuer_name: str
    issued_on: date
    valid_from: date
    valid_to: date | None
    state_on: date | None
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: True fine, False not, None could not be looked at."""

    what: str
    why: str
    passed: bool | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a check.

    Attributes:
        licence: None unless a licence was really shown and found.
        first_seen_at: When this same presentation was checked before; None the first time.
        kind: Kind of code that was read; None when none could be, or when a number was asked.
    """

    state: VerdictState
    checked_at: datetime
    licence: PublicLicence | None = None
    first_seen_at: datetime | None = None
    kind: CodeKind | None = None
    checks: tuple[Check, ...] = ()

    @property
    def title(self) -> str:
        """Return the verdict in a few Chinese words."""
        return VERDICT_TITLES[self.state]

    @property
    def advice(self) -> str:
        """Return what to do with it, one Chinese sentence."""
        return VERDICT_ADVICE[self.state]
