"""How a licence looks: class and icon of its state, and its printed fields in words."""

from dataclasses import dataclass
from datetime import date

from shuzheng.base.kernel.mask import mask_address
from shuzheng.base.kernel.scrub import mask_numbers
from shuzheng.base.kernel.types import PartyKind
from shuzheng.engines.credentials.types import LicenceState, LicenceView
from shuzheng.portals.shell.templatetags.wording import full_day

AT_THE_FOOT = frozenset(
    {"证照编号", "发证机关", "发证日期", "签发日期", "有效期起", "有效期止", "有效期至", "颁发机构", "颁发日期"}
)
"""Fields of the licence catalogue that repeat number, issuer and validity."""

HOMES = frozenset({"住址", "地址", "户籍地址", "家庭住址", "现住址", "通讯地址", "联系地址"})
"""Fields that say where a person lives."""


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


def masked_fields(licence: LicenceView) -> tuple[tuple[str, str], ...]:
    """Return the same fields with identity and mobile numbers masked, and a person's address down to its town."""
    private = licence.holder.kind is PartyKind.PERSON
    return tuple(
        (name, mask_address(value) if private and name in HOMES else mask_numbers(value))
        for name, value in printed_fields(licence)
    )


def _say(value: str) -> str:
    try:
        return full_day(date.fromisoformat(value)) if len(value) == len("2026-11-24") else value
    except ValueError:
        return value
