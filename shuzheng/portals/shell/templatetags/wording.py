"""Filters that turn values into the words people read (UX.md, "Wording").

| filter | says |
|---|---|
| `day`, `plain_day`, `full_day` | 11月27日（周五）, 11月27日, 2026年11月27日 |
| `moment`, `hour`, `iso` | 11月27日 09:05, 09:05, for a `datetime` attribute |
| `yuan`, `fee`, `workdays`, `grouped` | 1,234.50 元, 不收费, 4 个工作日, 1,525 |
| `masked`, `masked_mobile`, `bytes` | 李*华, 138****6621, 1.2 MB |
| `tr` | a label of ours in the reader's language |

Dates are local to the city; the year is left out when it is this one.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.translation import get_language, gettext as _

from shuzheng.base.kernel import clock
from shuzheng.base.kernel.mask import mask_mobile, mask_name
from shuzheng.base.kernel.said import say_in

register = template.Library()

WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")
ENGLISH_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def local(at: datetime) -> datetime:
    """Return an instant in the city's time zone."""
    return at.astimezone(ZoneInfo(settings.SHUZHENG.zone))


def _english() -> bool:
    return (get_language() or "").startswith("en")


def say_date(on: date, *, today: date, weekday: bool = True) -> str:
    """Return a date in words: `2026年11月27日（周五）`, without the year when it is this year's."""
    if _english():
        said = f"{on.day} {ENGLISH_MONTHS[on.month - 1]}" + ("" if on.year == today.year else f" {on.year}")
        return f"{ENGLISH_WEEKDAYS[on.weekday()]} {said}" if weekday else said
    said = ("" if on.year == today.year else f"{on.year}年") + f"{on.month}月{on.day}日"
    return f"{said}（周{WEEKDAYS[on.weekday()]}）" if weekday else said


def _today() -> date:
    return local(clock.now()).date()


def _date_of(value: object) -> date | None:
    if isinstance(value, datetime):
        return local(value if value.tzinfo else value.replace(tzinfo=UTC)).date()
    return value if isinstance(value, date) else None


@register.filter
def day(value: object) -> str:
    """Return a date or instant as a day with its weekday; '' for none."""
    on = _date_of(value)
    return "" if on is None else say_date(on, today=_today())


@register.filter
def plain_day(value: object) -> str:
    """Return a date or instant as a day without its weekday."""
    on = _date_of(value)
    return "" if on is None else say_date(on, today=_today(), weekday=False)


@register.filter
def full_day(value: object) -> str:
    """Return a date with its year, for licences and other papers that outlive it."""
    on = _date_of(value)
    if on is None:
        return ""
    if _english():
        return f"{on.day} {ENGLISH_MONTHS[on.month - 1]} {on.year}"
    return f"{on.year}年{on.month}月{on.day}日"


@register.filter
def moment(value: object) -> str:
    """Return an instant as day and time."""
    if not isinstance(value, datetime):
        return plain_day(value)
    return f"{plain_day(value)} {local(value):%H:%M}"


@register.filter
def hour(value: object) -> str:
    """Return an instant as `09:05`."""
    return f"{local(value):%H:%M}" if isinstance(value, datetime) else ""


@register.filter
def iso(value: object) -> str:
    """Return a date or instant for a `datetime` attribute: local ISO 8601."""
    if isinstance(value, datetime):
        return local(value).isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else ""


@register.filter
def yuan(fen: object) -> str:
    """Return an amount in fen as `1,234.50 元`; whole yuan without decimals, large ones in 万 or 亿."""
    if not isinstance(fen, int):
        return ""
    unit = _("元")
    if fen % 100 == 0 and abs(fen) < 1_000_000_00:
        return f"{fen // 100:,} {unit}"
    if abs(fen) < 1_000_000_00:
        return f"{fen / 100:,.2f} {unit}"
    if _english():
        return f"{fen / 1_000_000_00:,.1f} million yuan"
    if abs(fen) < 100_000_000_00:
        return f"{fen / 10_000_00:,.1f} 万元"
    return f"{fen / 100_000_000_00:,.1f} 亿元"


@register.filter
def fee(fen: object) -> str:
    """Return a fee in words: 不收费, or the amount."""
    return _("不收费") if not fen else yuan(fen)


@register.filter
def grouped(number: object) -> str:
    """Return a whole number with its thousands set apart."""
    return f"{number:,}" if isinstance(number, int) else ""


@register.filter
def workdays(days: object) -> str:
    """Return a number of working days in words; none at all is 当场办结."""
    if not isinstance(days, int):
        return ""
    return _("当场办结") if days == 0 else _("%(n)s 个工作日") % {"n": days}


@register.filter
def masked(name: object) -> str:
    """Return a person's name with its middle hidden: 李*华."""
    return mask_name(str(name)) if name else ""


@register.filter
def masked_mobile(number: object) -> str:
    """Return a mobile number with its middle hidden: 138****6621."""
    return mask_mobile(str(number)) if number else ""


@register.filter(name="bytes")
def byte_size(size: object) -> str:
    """Return a file size: `812 KB`, `1.2 MB`."""
    if not isinstance(size, int):
        return ""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB"


@register.filter
def tr(label: object) -> str:
    """Return one of our labels (a state, a result, a sentence of a rule) in the reader's language."""
    return say_in(label if isinstance(label, str) else str(label or ""), _)


@register.filter
def at_key(mapping: object, key: object) -> object:
    """Return `mapping[key]`, '' when it is not there."""
    return mapping.get(key, "") if isinstance(mapping, dict) else ""
