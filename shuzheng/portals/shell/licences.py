"""How a licence looks: class and icon of its state, and its printed fields in words."""

from dataclasses import dataclass
from datetime import date

from shuzheng.engines.credentials.types import LicenceState, LicenceView
from shuzheng.portals.shell.templatetags.wording import full_day

AT_THE_FOOT = frozenset(
    {"证照编号", "发证机关", "发证日期", "签发日期", "有效期起", "有效期止", "有效期至", "颁发机构", "颁发日期"}
)
"""Fields of the licence catalogue that repeat number, issuer and validity."""


@dataclass(frozen=True, slots=True)
class Look:
    """Class and icon of a tag."""

    kind: str
    icon: str


LOOKS = {
    LicenceState.VALID: Look("ok", "check"),
    LicenceState.SUSPENDED: Look("warn", "alert"),
    LicenceState.REVOKED: Look("bad", "x"),
    LicenceState.CORRECTED: Look("", "undo"),
    LicenceState.EXPIRED: Look("bad", "clock"),
}


def printed_fields(licence: LicenceView) -> tuple[tuple[str, str], ...]:
    """Return the fields of a licence that its foot does not show anyway, dates in words."""
    return tuple((name, _say(value)) for name, value in licence.fields.items() if name not in AT_THE_FOOT)


def _say(value: str) -> str:
    try:
        return full_day(date.fromisoformat(value)) if len(value) == len("2026-11-24") else value
    except ValueError:
        return value
