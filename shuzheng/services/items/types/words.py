"""Words of the room: numbers the law sets, kinds, states."""

from collections.abc import Mapping
from enum import StrEnum

DRAFT_DAYS = 90
"""Days a draft is kept after its last change."""
HELD_HOURS = 24
"""Hours typed text of an expired session is kept."""
KEPT_DAYS = 30
"""Days the text of a form that was not sent is kept after the last change."""
KEPT_FORMS = 100
"""Forms a person's texts are kept of; the oldest give way."""
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


LEVEL_NAMES: Mapping[str, str] = {
    Level.PROVINCE: "省级",
    Level.CITY: "市级",
    Level.COUNTY: "县级",
    Level.TOWN: "乡镇（街道）级",
    Level.VILLAGE: "村（社区）级",
}

CITY_ITSELF = "市本级"
"""The city as a place beside its counties."""

CHANNEL_NAMES: Mapping[str, str] = {
    "online": "网上办",
    "cloud_window": "云窗口",
    "near": "就近办",
    "terminal": "自助终端",
    "cross_region": "跨区域通办",
    "window": "窗口办",
}
"""Ways of asking for an item (办理渠道)."""


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
