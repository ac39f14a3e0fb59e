"""What kind of device a session is on, from what the browser says of itself; enough to recognise one's own."""

import re
from typing import Final

MOST: Final = 400
"""Longer self-descriptions are cut before they are read."""
_KINDS: Final = (
    ("tablet", re.compile(r"iPad|Tablet|Android(?!.*Mobile)")),
    ("phone", re.compile(r"iPhone|Mobile|HarmonyOS")),
    ("computer", re.compile(r"Windows NT|Macintosh|X11|CrOS")),
)
_BROWSERS: Final = (
    ("WeChat", re.compile(r"MicroMessenger/")),
    ("Edge", re.compile(r"Edg(?:e|A|iOS)?/")),
    ("Firefox", re.compile(r"Firefox/|FxiOS/")),
    ("Chrome", re.compile(r"Chrome/|Chromium/|CriOS/")),
    ("Safari", re.compile(r"Safari/")),
)


def read_device(user_agent: str) -> str:
    """Return `kind/browser`; `program/` for anything that is no browser.

    Example:
        >>> read_device("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0")
        'computer/Firefox'
        >>> read_device("curl/8.5")
        'program/'
    """
    text = user_agent[:MOST]
    kind = next((name for name, form in _KINDS if form.search(text)), "program")
    browser = next((name for name, form in _BROWSERS if form.search(text)), "")
    return f"{kind}/{browser}"


def split_device(stored: str) -> tuple[str, str]:
    """Return kind and browser of a stored device."""
    kind, _slash, browser = stored.partition("/")
    return kind or "program", browser
