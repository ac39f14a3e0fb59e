"""What a column turns out to hold, the counts that say so, and the proposal a person decides on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from shuzheng.engines.lake.types.tables import Grade, Mask, TableCode


class Found(StrEnum):
    """Kinds of content that discovery knows."""

    IDENTITY = "identity"
    """公民身份号码 (GB 11643), 18 or the older 15 digits."""
    PASSPORT = "passport"
    """Passports and permits to travel."""
    USCC = "uscc"
    """统一社会信用代码 (GB 32100)."""
    MOBILE = "mobile"
    LANDLINE = "landline"
    BANK_CARD = "bank_card"
    BANK_ACCOUNT = "bank_account"
    """No check digit exists: found only where the column says so."""
    PERSON_NAME = "person_name"
    FIRM_NAME = "firm_name"
    """Firms and public bodies."""
    ADDRESS = "address"
    BIRTH_DATE = "birth_date"
    EMAIL = "email"
    PLATE = "plate"
    """机动车号牌 (GA 36)."""
    VIN = "vin"
    """车辆识别代号 (GB 16735)."""
    LICENCE = "licence"
    """Numbers of licences and certificates."""
    LONGITUDE = "longitude"
    LATITUDE = "latitude"
    COORDINATES = "coordinates"
    """Longitude and latitude in one value."""
    SPECIAL = "special"
    """Health, belief, biometrics, passwords and the like: found only where the column says so."""


FOUND_LABELS: Final[Mapping[Found, str]] = {
    Found.IDENTITY: "公民身份号码",
    Found.PASSPORT: "护照和通行证号",
    Found.USCC: "统一社会信用代码",
    Found.MOBILE: "手机号",
    Found.LANDLINE: "固定电话",
    Found.BANK_CARD: "银行卡号",
    Found.BANK_ACCOUNT: "银行账号",
    Found.PERSON_NAME: "自然人姓名",
    Found.FIRM_NAME: "单位名称",
    Found.ADDRESS: "详细地址",
    Found.BIRTH_DATE: "出生日期",
    Found.EMAIL: "电子邮箱",
    Found.PLATE: "机动车号牌",
    Found.VIN: "车辆识别代号",
    Found.LICENCE: "证照编号",
    Found.LONGITUDE: "经度",
    Found.LATITUDE: "纬度",
    Found.COORDINATES: "经纬度",
    Found.SPECIAL: "敏感内容",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """Distinct values of a column with how often each stands in the sample; it never leaves the process.

    Attributes:
        values: As text; NULL and blank are counted in `empty`.
        empty: Rows without a value.
    """

    values: Mapping[str, int]
    empty: int = 0

    @property
    def rows(self) -> int:
        """Return how many rows have a value."""
        return sum(self.values.values())


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a column is thought to hold something: counts, never values.

    Attributes:
        rows: Rows of the sample with a value.
        distinct: Different values among them.
        empty_share: Rows without a value among all, 0 to 1.
        matched: Rows that pass the exact check.
        inside: Rows that hold it somewhere within a longer text.
        distinct_shaped: Different values that look like it at first sight.
        distinct_matched: Different values that pass the exact check.
        shortest, longest: Characters.
        hinted: The column's name or label says so.
    """

    rows: int = 0
    distinct: int = 0
    empty_share: float = 0.0
    matched: int = 0
    inside: int = 0
    distinct_shaped: int = 0
    distinct_matched: int = 0
    shortest: int = 0
    longest: int = 0
    hinted: bool = False

    @property
    def share(self) -> float:
        """Return rows that match among rows with a value, 0 to 1."""
        return (self.matched + self.inside) / self.rows if self.rows else 0.0

    @property
    def purity(self) -> float:
        """Return values that match among those that look like it, 0 to 1: a check digit fails what only looks so."""
        return self.distinct_matched / self.distinct_shaped if self.distinct_shaped else 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What one column holds.

    Attributes:
        confidence: 0 to 1; below 0.5 nothing is said.
    """

    found: Found
    confidence: float
    evidence: Evidence


class ProposalState(StrEnum):
    """A proposal waits for a person."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    REPLACED = "replaced"
    """A later look at the table found something else."""


STATE_LABELS: Final[Mapping[ProposalState, str]] = {
    ProposalState.OPEN: "待确认",
    ProposalState.CONFIRMED: "已确认",
    ProposalState.DECLINED: "未采纳",
    ProposalState.REPLACED: "已被新的发现取代",
}


@dataclass(frozen=True, slots=True)
class Grading:
    """A grade and mask with the reason, Chinese."""

    grade: Grade
    mask: Mask
    reason: str


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as pages show it: no value of the table is in it.

    Attributes:
        now_grade, now_mask: As the column is now.
        by: Who decided, '' while open.
        answer: Why it was declined, or what was said at confirming.
    """

    id: int
    table: TableCode
    column: str
    column_label: str
    found: Found
    share: float
    confidence: float
    grade: Grade
    mask: Mask
    reason: str
    now_grade: Grade
    now_mask: Mask
    state: ProposalState
    evidence: Mapping[str, float]
    at: datetime
    by: str = ""
    decided_at: datetime | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class DiscoveryReport:
    """What one look at a table gave.

    Attributes:
        version: Of the stored table; None when nothing was stored.
        rows: Rows looked at.
        proposals: Newly written.
        fitting: Columns whose grade and mask already are at least what would be proposed.
        skipped: Sealed columns, which are not opened.
        silent: Columns in which nothing was found.
    """

    table: TableCode
    version: int | None
    rows: int
    proposals: tuple[ProposalView, ...] = ()
    fitting: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    silent: tuple[str, ...] = field(default=())
