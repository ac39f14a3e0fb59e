"""Find and mask identity and mobile numbers in any text: the last line of defence for logs, and for free text on pages.

Nothing that is meant to be logged holds such a number; this is for what was not meant. An identity number is known by
its shape and, from the birth year 2020 on, by its check character too, because case numbers have the same shape.
Source: GB 11643 (identity numbers).
"""

import re
from typing import Final

from shuzheng.base.kernel.mask import mask_id_no, mask_mobile

_ID_NO: Final = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}((?:18|19|20)\d{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
_MOBILE: Final = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?![0-9A-Za-z])")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
_CASE_NUMBERS_FROM: Final = 2020


def find_numbers(text: str) -> tuple[str, ...]:
    """Return the identity and mobile numbers in a text, as they stand."""
    found = [match[0] for match in _ID_NO.finditer(text) if _is_id_no(match)]
    return (*found, *(match[0] for match in _MOBILE.finditer(text)))


def mask_numbers(text: str) -> str:
    """Return a text with its identity and mobile numbers masked.

    Example:
        >>> mask_numbers("110105194912310026 拨 138-0000-6621")
        '1101**********0026 拨 138****6621'
    """
    text = _ID_NO.sub(lambda match: mask_id_no(match[0]) if _is_id_no(match) else match[0], text)
    return _MOBILE.sub(lambda match: mask_mobile(match[1] + match[2] + match[3]), text)


def _is_id_no(match: re.Match[str]) -> bool:
    if int(match[1]) < _CASE_NUMBERS_FROM:
        return True
    digits = match[0]
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == digits[-1].upper()
