"""What stands on the printed sheet, in which order and wording."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from shuzheng.base.kernel.types import Json
from shuzheng.engines.credentials.types import LICENCE_STATE_LABELS, LicenceState, LicenceView

NUMBER: Final = "证照编号"
BELOW: Final = frozenset({NUMBER, "发证机关", "发证日期", "有效期起", "有效期止"})
"""Fields that have a place of their own on the sheet."""
SANS: Final = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN")
SERIF: Final = ("Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN")
_ISO_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WIDE_BODY: Final = 420
_HUGE_BODY: Final = 900


def chinese_date(on: date) -> str:
    """Return a date as documents write it.

    Example:
        >>> chinese_date(date(2026, 11, 7))
        '2026年11月7日'
    """
    return f"{on.year}年{on.month}月{on.day}日"


def validity(licence: LicenceView) -> str:
    """Return the validity in words."""
    begin = chinese_date(licence.valid_from)
    return f"{begin}起长期有效" if licence.valid_to is None else f"{begin} 至 {chinese_date(licence.valid_to)}"


def sheet_rows(licence: LicenceView) -> list[tuple[str, str]]:
    """Return the printed rows: number, the licence's own fields, validity."""
    own = [(name, _worded(value)) for name, value in licence.fields.items() if name not in BELOW]
    return [(NUMBER, licence.number), *own, ("有效期", validity(licence))]


def _worded(value: str) -> str:
    found = _ISO_DATE.fullmatch(value)
    return value if found is None else f"{int(found[1])}年{int(found[2])}月{int(found[3])}日"


def sheet_content(licence: LicenceView, *, qr: str, verify_at: str, demo: bool, fonts: Mapping[str, Json]) -> Json:
    """Return all that the sheet's layout needs, as data: no value becomes markup.

    Args:
        licence: What is printed.
        qr: SVG of the sheet's code.
        verify_at: Address of the checking page.
        demo: Mark the sheet and the seal as a demonstration.
        fonts: `sans` and `serif`, each a list of families.
    """
    rows = sheet_rows(licence)
    length = sum(len(name) + len(value) for name, value in rows) + 18 * len(rows)
    void = licence.state is not LicenceState.VALID
    return {
        "title": licence.type_name,
        "rows": [list(row) for row in rows],
        "size": 8.5 if length > _HUGE_BODY else 10 if length > _WIDE_BODY else 11,
        "issuer": licence.issuer_name,
        "issued": chinese_date(licence.issued_on),
        "identifier": licence.identifier,
        "number": licence.number,
        "holder": licence.holder.name,
        "qr": qr,
        "verify_at": verify_at,
        "mark": LICENCE_STATE_LABELS[licence.state] if void else "",
        "demo": demo,
        "fonts": fonts,
    }


def choose_fonts(families: set[str]) -> Mapping[str, Json] | None:
    """Return the families to set the sheet in, of those a machine has; None when none has Chinese characters."""
    sans = [name for name in SANS if name in families]
    serif = [name for name in SERIF if name in families]
    if not sans and not serif:
        return None
    return {"sans": sans or serif, "serif": serif or sans}
