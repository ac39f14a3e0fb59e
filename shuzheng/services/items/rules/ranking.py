"""What comes first: the code itself, a name that begins with the text, one that holds it, everyday words, the rest.

Each part of a question is worth what its best name is worth in the best field: name over theme, result and guide over
papers. Points are whole numbers so that a page can be continued behind them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from shuzheng.base.kernel.sound import cut_pinyin, merge_sound, sounds_of, syllables_of
from shuzheng.services.items.rules.matching import plain
from shuzheng.services.items.rules.question import Part, Question

CODE_POINTS: Final = 20_000
EQUAL_POINTS: Final = 9_000
BEGINS_POINTS: Final = 8_000
MEANT_POINTS: Final = 7_500
HOLDS_POINTS: Final = 7_000
PARTS_POINTS: Final = 5_000
NEAR_POINTS: Final = 1_000
"""Most for an entry that is only near."""
NEAR_LEAST: Final = 0.4
"""Share of a question an entry must hold to be near it: one of two things asked, met by another name."""
PAPERS_WORTH: Final = 0.1
ABOUT_LEAST: Final = 0.3
"""A part worth less was found in the papers only."""
_WEAK_WEIGHT: Final = 0.2
_PAIRS_LEAST: Final = 0.5
_VARIANT: Final = re.compile(
    "变更|延续|延期|补办|补发|补证|补领|补换|换发|换证|换领|注销|废止|校验|歇业|停业|恢复|失败|筹建|筹设|初审|年度|备案|停用|转移|简单"
)
"""Words of the less usual variants of an item, in its last brackets."""
_LAST_BRACKETS: Final = re.compile(r"\(([^()]*)\)[^()]*$")
_SUGGEST_LEAST: Final = 0.75
_SUGGEST_SPREAD: Final = 0.1
_SAME_SOUND: Final = 0.8


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of an item for ranking it.

    Attributes:
        name: As published, folded.
        bare: The name without punctuation.
        initials: Initial of each character of `bare`.
        sounds: Sound of each character of `bare`, blanks between.
        about: Theme, result, department, scope and questions of the guide, folded.
    """

    code: str
    name: str
    bare: str
    initials: str
    sounds: str
    about: str
    has_form: bool


@dataclass(frozen=True, slots=True)
class Rank:
    """Points of an entry; `papers_only` when a part was found nowhere else."""

    points: int
    papers_only: bool = False


def rank_entry(entry: Entry, question: Question) -> Rank:
    """Return the points of an entry that matches the question."""
    if any(part.text == entry.code for part in question.parts):
        return Rank(CODE_POINTS)
    worths = [(part, *_worth(part, entry)) for part in question.parts]
    strong = [worth for part, worth, _size in worths if part in question.strong]
    points = max(_whole_points(entry, question), int(PARTS_POINTS * _mean(worths)))
    points = max(points, _meant_points(entry, question))
    size = sum(size for _part, _worth_, size in worths)
    return Rank(points + _prior(entry, question, size), papers_only=min(strong, default=1.0) < ABOUT_LEAST)


def _mean(worths: Sequence[tuple[Part, float, int]]) -> float:
    weights = [_WEAK_WEIGHT if part.weak else 1.0 for part, _worth_, _size in worths]
    return sum(weight * worth for weight, (_part, worth, _size) in zip(weights, worths, strict=True)) / sum(weights)


def _whole_points(entry: Entry, question: Question) -> int:
    whole = question.whole
    if len(whole) < 2 or whole not in entry.bare:
        return 0
    if whole == entry.bare:
        return EQUAL_POINTS
    return BEGINS_POINTS if entry.bare.startswith(whole) else HOLDS_POINTS


def _meant_points(entry: Entry, question: Question) -> int:
    """Return the points of an item the one thing asked for stands for."""
    strong = question.strong
    if len(strong) != 1 or entry.code not in strong[0].items:
        return 0
    return MEANT_POINTS - 10 * strong[0].items.index(entry.code)


def _prior(entry: Entry, question: Question, size: int) -> int:
    """Return up to 130 points: a name filled by what was asked, on line, the usual variant."""
    filled = int(60 * min(1.0, size / len(entry.bare)))
    return filled + 20 * entry.has_form + (0 if _is_variant(entry.name, question.whole) else 50)


def _is_variant(name: str, asked: str) -> bool:
    brackets = _LAST_BRACKETS.search(name)
    found = _VARIANT.search(brackets[1]) if brackets else None
    return found is not None and found[0] not in asked


def _worth(part: Part, entry: Entry) -> tuple[float, int]:
    """Return what a part is worth in an entry, 0 to 1, and how many characters of the name it takes."""
    best = _own_worth(part, entry)
    for place, term in enumerate(part.terms):
        worth, size = _term_worth(term, entry)
        best = max(best, (worth * max(0.5, 0.92 - 0.03 * place), size))
    if entry.code in part.items:
        best = max(best, (0.97 - 0.005 * part.items.index(entry.code), best[1]))
    return best


def _own_worth(part: Part, entry: Entry) -> tuple[float, int]:
    return _latin_worth(part.text, entry) if part.is_latin else _text_worth(part.text, entry)


def _term_worth(term: str, entry: Entry) -> tuple[float, int]:
    """Return the least worth of the words of a term: all of them must be there, whole."""
    worths = [_text_worth(word, entry, least=1.0) for word in term.split()]
    return min(worth for worth, _size in worths), sum(size for _worth_, size in worths)


def _text_worth(text: str, entry: Entry, *, least: float = _PAIRS_LEAST) -> tuple[float, int]:
    if text in entry.bare:
        return (1.0 if entry.bare.startswith(text) else 0.95), len(text)
    if text in entry.about:
        return 0.5, 0
    held = _held(text, entry.bare)
    if held >= least and len(text) > 2:
        return 0.4 + 0.4 * held, int(len(text) * held)
    return PAPERS_WORTH, 0


def _held(text: str, name: str) -> float:
    """Return the share of characters that stand in the name beside the same neighbour."""
    pairs = [text[i : i + 2] in name for i in range(len(text) - 1)]
    if not pairs:
        return float(text in name)
    touched = [before or after for before, after in pairwise([False, *pairs, False])]
    return sum(touched) / len(text)


def _latin_worth(text: str, entry: Entry) -> tuple[float, int]:
    if text.isdigit() and text in entry.code:
        return 1.0, 0
    if text in entry.bare or text in entry.initials:
        return (0.95 if entry.initials.startswith(text) else 0.85), len(text)
    for cut in cut_pinyin(text):
        if _sounds_in(cut, entry.sounds):
            return (0.95 if entry.sounds.startswith(" ".join(cut)) else 0.9), len(cut)
    return PAPERS_WORTH, 0


def _sounds_in(cut: Iterable[str], sounds: str) -> bool:
    return f" {' '.join(cut)} " in f" {sounds} "


def rank_near(entry: Entry, question: Question) -> Rank | None:
    """Return the points of an entry that holds about half of the question, None for one that does not."""
    share = max(_mean([(part, *_near_worth(part, entry)) for part in question.strong]), _overlap(question.whole, entry))
    if share < NEAR_LEAST:
        return None
    return Rank(int((NEAR_POINTS - 200) * share) + _prior(entry, question, 0))


def _near_worth(part: Part, entry: Entry) -> tuple[float, int]:
    worth, size = _worth(part, entry)
    return (worth if worth >= ABOUT_LEAST else _overlap(part.text, entry)), size


def _overlap(text: str, entry: Entry) -> float:
    """Return how much of a text stands in the name, by neighbouring pairs of characters or of sounds."""
    if len(text) < 2 or text.isascii():
        return 0.0
    sounds = _sounds(text)
    alike = [
        text[i : i + 2] in entry.bare or _SAME_SOUND * _sounds_in(sounds[i : i + 2], entry.sounds)
        for i in range(len(text) - 1)
    ]
    return sum(alike) / len(alike)


@lru_cache(maxsize=256)
def _sounds(text: str) -> tuple[str, ...]:
    return sounds_of(text)


def suggest(question: Question, entries: Iterable[Entry], *, most: int = 3) -> tuple[str, ...]:
    """Return pieces of names that the one thing asked was perhaps meant to be, the likeliest first."""
    found: dict[str, float] = {}
    if len(question.strong) != 1 or question.strong[0].is_latin:
        return ()
    asked = question.strong[0].text
    for entry in entries:
        for likeness, text in _alike(asked, entry):
            whole = question.whole.replace(asked, text)
            found[whole] = max(found.get(whole, 0.0), likeness)
    best = max(found.values(), default=0.0)
    likely = [text for text in sorted(found, key=lambda text: -found[text]) if found[text] > best - _SUGGEST_SPREAD]
    return tuple(likely[:most])


def _alike(text: str, entry: Entry) -> Iterator[tuple[float, str]]:
    """Give the pieces of a name, as long as the text, that look or sound like it and are not it."""
    sounds, heard = _sounds(text), entry.sounds.split(" ")
    if len(heard) != len(entry.bare):
        return
    for start in range(len(entry.bare) - len(text) + 1):
        window = entry.bare[start : start + len(text)]
        same = sum(
            1.0 if a == b else _SAME_SOUND * (c == d)
            for a, b, c, d in zip(text, window, sounds, heard[start : start + len(text)], strict=True)
        )
        if _SUGGEST_LEAST <= same / len(text) < 1:
            yield same / len(text), window


def entry_name(name: str) -> tuple[str, str, str]:
    """Return the bare name with the initials and the sounds of its characters.

    Example:
        >>> entry_name("餐饮（新）")
        ('餐饮新', 'cyx', 'can yin xin')
    """
    bare = plain(name)
    syllables = syllables_of(bare)
    return bare, "".join(part[0] for part in syllables), " ".join(map(merge_sound, syllables))
