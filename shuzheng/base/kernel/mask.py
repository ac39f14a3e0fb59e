"""Masks for names and numbers shown where the whole is not needed. Source: DB34/T 4631.2-2023 (脱敏), masking.

A mask keeps ends, never the middle; a text too short to keep ends is hidden wholly. A unified social credit code
is public and is not masked.
"""

import re
from typing import Final

STAR: Final = "*"
_PLACE: Final = re.compile("省|市|自治州|县|区(?!间)|镇|乡|街道")


def mask_name(name: str) -> str:
    """Keep the first and the last character of a name.

    Example:
        >>> mask_name("李小华"), mask_name("黄白"), mask_name("欧阳小明"), mask_name("甲")
        ('李*华', '黄*', '欧**明', '*')
    """
    if len(name) < 2:
        return STAR * len(name)
    if len(name) == 2:
        return name[0] + STAR
    return name[0] + STAR * (len(name) - 2) + name[-1]


def mask_signature(signature: str) -> str:
    """Mask both names of who signed, when a deputy signed for an absent officer (`Actor.signature`).

    Example:
        >>> mask_signature("何知秋（代许研青）"), mask_signature("许研青")
        ('何*秋（代许*青）', '许*青')
    """
    name, stands_in, absent = signature.removesuffix("）").partition("（代")
    return f"{mask_name(name)}（代{mask_name(absent)}）" if stands_in else mask_name(signature)


def mask_mobile(mobile: str) -> str:
    """Keep the first three and the last four digits of a mobile number.

    Example:
        >>> mask_mobile("13800006621")
        '138****6621'
    """
    return mask_middle(mobile, head=3, tail=4)


def mask_id_no(id_no: str) -> str:
    """Keep the first four and the last four characters of an identity number.

    Example:
        >>> mask_id_no("11010519491231002X")
        '1101**********002X'
    """
    return mask_middle(id_no, head=4, tail=4)


def mask_address(address: str) -> str:
    """Keep an address down to its town; the house is hidden.

    Example:
        >>> mask_address("样例省样例市墨溪区竹笺镇松烟村1号"), mask_address("石桥路 8 号")
        ('样例省样例市墨溪区竹笺镇****', '石桥****')
    """
    ends = [match.end() for match in _PLACE.finditer(address)]
    kept = address[: ends[-1]] if ends else address[:2]
    return kept + STAR * 4 if address else ""


def mask_middle(text: str, *, head: int, tail: int) -> str:
    """Keep `head` and `tail` characters; hide a text wholly when less than three would be hidden."""
    hidden = len(text) - head - tail
    if hidden < 3:
        return STAR * len(text)
    return text[:head] + STAR * hidden + text[len(text) - tail :]
