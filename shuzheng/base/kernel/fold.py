"""Folding text for search: Chinese into single characters and bigrams, Latin and pinyin initials into bigrams.

`index_terms` makes what is stored; `query_terms` what must all be found. `食品经营` is found by `食品`, by `品经营`,
and by `spjy`. Terms hold letters and digits only, so a full-text engine keeps them whole.

Measured choice: pg_trgm with two Chinese characters took 800 ms where bigrams take few (design/CASES.md).
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from pypinyin import Style, lazy_pinyin

_RUNS: Final = re.compile(r"([㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]+)|([0-9a-z]+)")


def fold(text: str) -> str:
    """Return text as it is compared: half-width, small letters, single spaces.

    Example:
        >>> fold("ＡＢ　 Cd")
        'ab cd'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def pinyin_initials(text: str) -> str:
    """Return the initials of the Chinese characters; other text stays.

    Example:
        >>> pinyin_initials("食品经营")
        'spjy'
    """
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).casefold()


def index_terms(text: str) -> tuple[str, ...]:
    """Return the terms to store for a text, in order, each once.

    Example:
        >>> index_terms("食品A1")
        ('食', '品', '食品', 'sp', 'a1')
    """
    terms: dict[str, None] = {}
    for chinese, latin in _runs(text):
        if chinese:
            terms |= dict.fromkeys(chinese)
            terms |= dict.fromkeys(_bigrams(chinese))
            terms |= dict.fromkeys(_bigrams(pinyin_initials(chinese)))
        else:
            terms |= dict.fromkeys(_bigrams(latin))
            terms[latin] = None
    return tuple(terms)


def query_terms(text: str) -> tuple[str, ...]:
    """Return the terms that a match must all have, in order, each once; empty for a text without letters or digits.

    Example:
        >>> query_terms("品 spjy")
        ('品', 'sp', 'pj', 'jy')
    """
    terms: dict[str, None] = {}
    for chinese, latin in _runs(text):
        terms |= dict.fromkeys(_bigrams(chinese or latin))
    return tuple(terms)


def _runs(text: str) -> Iterator[tuple[str, str]]:
    for found in _RUNS.finditer(fold(text)):
        yield found[1] or "", found[2] or ""


def _bigrams(run: str) -> Iterator[str]:
    """Give the neighbouring pairs of a run; a run of one gives itself."""
    if len(run) == 1:
        yield run
    for i in range(len(run) - 1):
        yield run[i : i + 2]
