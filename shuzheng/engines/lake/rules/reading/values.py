"""What a text means as a value of a column: one value at a time, the reading `typing` is held to.

Full-width digits and signs are their ASCII forms; a number may have separators of thousands where they belong; nothing
is rounded: more digits than the column has are a fault, unless they are zeros. A date is year, month, day, in the
forms of `DATE_FORMS` or those the source names; a moment without an offset is read in the city's zone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Context, Decimal
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from shuzheng.engines.lake.types.tables import Column, FieldKind

Value: TypeAlias = str | int | Decimal | date | datetime | bool

BLANKS: Final = " \t\r\n\u3000\u00a0\ufeff"
WIDE: Final = "０１２３４５６７８９．，－＋／：　"
NARROW: Final = "0123456789.,-+/: "
NUMBER: Final = r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?"
TRUE: Final = ("1", "true", "t", "yes", "y", "是", "有", "对")
FALSE: Final = ("0", "false", "f", "no", "n", "否", "无", "错")
_MIDNIGHT: Final = r"(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?"
_DAY: Final = r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"
_CLOCK: Final = (
    r"(?:[ T]*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?)?"
    r" ?(?:(Z)|([+-])([0-9]{2}):?([0-9]{2})?)?"
)
MOMENT: Final = _DAY + _CLOCK
"""Groups: year, month, day, hour, minute, second, fraction, Z, sign, hours, minutes."""
CLOCK: Final = _DAY.replace("(", "(?:") + _CLOCK
"""The same texts; groups from the hour on, for an engine that counts to nine."""
_PARTS: Final = {"%Y": "([0-9]{4})", "%m": "([0-9]{1,2})", "%d": "([0-9]{1,2})"}


@dataclass(frozen=True, slots=True)
class DateForm:
    """One form of dates.

    Attributes:
        pattern: Matches the whole text; a group each for year, month and day.
        year: Number of the group, from 1.
    """

    pattern: str
    year: int = 1
    month: int = 2
    day: int = 3


DATE_FORMS: Final = (
    DateForm(_DAY + _MIDNIGHT),
    DateForm(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)


def date_form(text: str) -> DateForm | None:
    """Return the form `strptime` writes so, of %Y, %m, %d and signs between; None when it is none.

    Example:
        >>> date_form("%d/%m/%Y").day
        1
        >>> date_form("%d.%b")
    """
    found = re.findall("%.", text)
    between = re.split("%.", text)
    if sorted(found) != ["%Y", "%d", "%m"] or any(re.search("[0-9%A-Za-z]", part) for part in between):
        return None
    if any(not part for part in between[1:-1]):
        return None
    pattern = re.escape(between[0]) + "".join(
        _PARTS[part] + re.escape(after) for part, after in zip(found, between[1:], strict=True)
    )
    return DateForm(pattern, found.index("%Y") + 1, found.index("%m") + 1, found.index("%d") + 1)


def clean_text(text: str | None) -> str | None:
    """Return a text without blanks at its ends, None when nothing is left."""
    return None if text is None else text.strip(BLANKS) or None


def fold_text(text: str) -> str:
    """Return full-width digits and signs as ASCII."""
    return text.translate(_FOLD)


_FOLD: Final = str.maketrans(WIDE, NARROW)


def read_value(text: str, column: Column, *, zone: str, forms: Sequence[DateForm] = ()) -> Value | None:
    """Return what a text that is not blank means; None when it is no value of this column.

    Args:
        text: Without blanks at its ends.
        column: Definition.
        zone: IANA name of the city's zone.
        forms: Forms of dates of the source, tried before our own.
    """
    match column.kind:
        case FieldKind.TEXT:
            return text
        case FieldKind.INTEGER:
            found = read_number(text, column.digits, 0)
            return found if found is None or column.digits > 18 else int(found)
        case FieldKind.DECIMAL:
            return read_number(text, column.digits, column.scale)
        case FieldKind.DATE:
            return read_date(text, forms)
        case FieldKind.MOMENT:
            return read_moment(text, zone)
        case FieldKind.BOOLEAN:
            folded = fold_text(text).lower()
            return True if folded in TRUE else False if folded in FALSE else None


def read_number(text: str, digits: int, scale: int) -> Decimal | None:
    """Return a number of at most so many digits, exactly; None when the text is none."""
    folded = fold_text(text)
    if not re.fullmatch(NUMBER, folded):
        return None
    whole, _, part = folded.replace(",", "").partition(".")
    if part[scale:].strip("0") or len(whole.lstrip("+-").lstrip("0")) > digits - scale:
        return None
    exact = Decimal(f"{whole}.{part[:scale]}" if scale else whole)
    return exact.quantize(Decimal(1).scaleb(-scale), context=Context(prec=80)) + 0


def read_date(text: str, forms: Sequence[DateForm] = ()) -> date | None:
    """Return a date, None when the text is none."""
    folded = fold_text(text)
    for form in (*forms, *DATE_FORMS):
        if found := re.fullmatch(form.pattern, folded):
            return _day(*(found[place] for place in (form.year, form.month, form.day)))
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_moment(text: str, zone: str) -> datetime | None:
    """Return a moment in UTC, None when the text is none."""
    found = re.fullmatch(MOMENT, fold_text(text))
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zulu, sign, hours, minutes = found.groups()
    on = _day(year, month, day)
    if on is None or not _in_day(hour, minute, second) or int(minutes or 0) > 59 or int(hours or 0) > 23:
        return None
    local = datetime(
        on.year, on.month, on.day, int(hour or 0), int(minute or 0), int(second or 0),
        int((fraction or "0").ljust(6, "0")[:6]), tzinfo=UTC,
    )  # fmt: skip
    if sign:
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        local = local.replace(tzinfo=timezone(-offset if sign == "-" else offset))
    elif not zulu:
        local = local.replace(tzinfo=ZoneInfo(zone))
    try:
        return local.astimezone(UTC)
    except OverflowError:
        return None


def _in_day(hour: str | None, minute: str | None, second: str | None) -> bool:
    return int(hour or 0) < 24 and int(minute or 0) < 60 and int(second or 0) < 60
