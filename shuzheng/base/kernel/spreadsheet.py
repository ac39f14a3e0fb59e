"""Cells for spreadsheet programs: none of them is taken for a formula.

Source: OWASP, CSV Injection.
"""

from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a formula begins with, half-width or full-width, or what a program passes over to find one."""


def plain_cell(text: str) -> str:
    """Return a text no spreadsheet program computes: also behind spaces, which some programs take off.

    Example:
        >>> plain_cell("=1+1"), plain_cell("张三")
        ("'=1+1", '张三')
    """
    return f"'{text}" if text.lstrip(" \u3000\ufeff").startswith(FORMULA) else text
