"""What differs between two texts, word by word; pure.

A rule's text is compared by its words (names, numbers, signs), Chinese by its characters, so that a changed number is
shown as that number and not as the whole line.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from shuzheng.base.kernel.said import said
from shuzheng.services.rulebook.rules.tables import say_table
from shuzheng.services.rulebook.types.proposing import Draft, FieldChange, Piece

_WORD: Final = re.compile(r"[A-Za-z_][\w.]*|[0-9]+(?:\.[0-9]+)?|\s+|.", re.ASCII | re.DOTALL)
_LABELS: Final = {
    "label": said("名称"),
    "text": said("规则文本"),
    "failure": said("不符合时的说明"),
    "source": said("依据"),
    "source_url": said("依据的网址"),
    "valid_from": said("生效日期"),
    "tests": said("测试"),
}
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
MOST_BY_WORDS: Final = 12_000
"""Longer texts (large tables) are compared line by line: by words it would take seconds."""
LEAST_SAME: Final = 2
"""A shorter stretch that stayed, between two that changed, is shown as changed: it would only be a splinter."""


def compare(before: str, after: str, *, by_lines: bool = False) -> tuple[Piece, ...]:
    """Return two texts as one, in pieces; in whole lines when asked for, or when the texts are long.

    Example:
        >>> [(p.mark, p.text) for p in compare("a >= 10", "a >= 12")]
        [('same', 'a >= '), ('gone', '10'), ('new', '12')]
    """
    split = _LINE if by_lines or len(before) + len(after) >= MOST_BY_WORDS else _WORD
    old, new = split.findall(before), split.findall(after)
    return tuple(_joined(_pieces(old, new)))


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    codes = matcher.get_opcodes()
    for index, (tag, i1, i2, j1, j2) in enumerate(codes):
        gone, came = "".join(old[i1:i2]), "".join(new[j1:j2])
        inside = 0 < index < len(codes) - 1
        if tag == "equal" and (not inside or i2 - i1 >= LEAST_SAME or not gone.strip()):
            yield Piece("same", gone)
            continue
        if gone:
            yield Piece("gone", gone)
        if came:
            yield Piece("new", came)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join neighbours: what went before what came, blanks between two changes with them."""
    gone, came = "", ""
    for piece in pieces:
        if piece.mark == "same":
            yield from _changed(gone, came)
            gone, came = "", ""
            yield piece
        elif piece.mark == "gone":
            gone += piece.text
        else:
            came += piece.text
    yield from _changed(gone, came)


def _changed(gone: str, came: str) -> Iterator[Piece]:
    if gone:
        yield Piece("gone", gone)
    if came:
        yield Piece("new", came)


def changed_fields(before: Draft, after: Draft) -> tuple[FieldChange, ...]:
    """Return the fields that differ, in the order of the editor."""
    return tuple(
        FieldChange(field, label, compare(_shown(before, field), _shown(after, field), by_lines=field == "tests"))
        for field, label in _LABELS.items()
        if getattr(before, field) != getattr(after, field)
    )


def _shown(draft: Draft, field: str) -> str:
    text = str(getattr(draft, field))
    return say_table(text) if field == "text" else text
