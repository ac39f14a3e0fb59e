"""Money is whole fen in an int named `*_fen`; text in yuan exists only at the edges."""

import re
from typing import Final

from shuzheng.base.kernel.errors import Invalid

_YUAN: Final = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]{1,2}))?")
_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"


class MoneyInvalid(Invalid):
    """A text that is no amount of money."""

    code = "kernel.money_invalid"
    text = "金额不正确：只用数字，最多两位小数"
    hint = "例如 1234.50，单位是元"


def parse_yuan(text: str) -> int:
    """Return the fen of an amount typed in yuan; thousands separators are forgiven.

    Raises:
        MoneyInvalid: Not a decimal number with at most two decimals.

    Example:
        >>> parse_yuan("1,234.5")
        123450
    """
    found = _YUAN.fullmatch(text.strip().replace(",", "").replace("，", ""))
    if found is None:
        raise MoneyInvalid
    sign, yuan, cents = found.groups()
    fen = int(yuan) * 100 + int((cents or "").ljust(2, "0"))
    return -fen if sign else fen


def format_yuan(fen: int) -> str:
    """Return an amount in yuan with thousands separators and two decimals.

    Example:
        >>> format_yuan(123450)
        '1,234.50'
    """
    sign = "-" if fen < 0 else ""
    yuan, cents = divmod(abs(fen), 100)
    return f"{sign}{yuan:,}.{cents:02d}"


def split_evenly(fen: int, parts: int) -> tuple[int, ...]:
    """Divide an amount without losing a fen; the first parts take the remainder.

    Example:
        >>> split_evenly(1000, 3)
        (334, 333, 333)
    """
    if fen < 0 or parts < 1:
        raise ValueError("an amount of at least zero is divided into at least one part")
    share, rest = divmod(fen, parts)
    return tuple(share + (1 if i < rest else 0) for i in range(parts))


def capital_yuan(fen: int) -> str:
    """Return an amount as written on vouchers in capitals. Source: 会计基础工作规范, 第五十二条.

    Example:
        >>> capital_yuan(10_0204_50)
        '壹拾万零贰佰零肆元伍角'
    """
    if not 0 <= fen < 10**14:
        raise ValueError("capitals are written for 0 up to a trillion yuan")
    yuan, cents = divmod(fen, 100)
    whole = f"{_capital_whole(yuan)}元" if yuan or not cents else ""
    jiao, rest = divmod(cents, 10)
    if not cents:
        return whole + "整"
    tenth = f"{_DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
    return whole + tenth + (f"{_DIGITS[rest]}分" if rest else "")


def _capital_whole(yuan: int) -> str:
    groups: list[int] = []
    while yuan:
        yuan, group = divmod(yuan, 10_000)
        groups.append(group)
    text, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group:
            text += "零" if text and (gap or group < 1000) else ""
            text += _capital_group(group) + ("", "万", "亿")[place]
        gap = not group
    return text or "零"


def _capital_group(group: int) -> str:
    text, gap = "", False
    for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = group // unit % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + name
        gap = not digit
    return text
