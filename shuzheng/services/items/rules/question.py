"""Reading what was typed into a search box: everyday words, places, filler, codes, pinyin, and what is left.

A text is cut into parts. Known phrases are taken first, the longest first; then filler; the rest stays as it was typed.
A weak part (filler, a lone character) raises what holds it but refuses nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from shuzheng.base.kernel.fold import fold, query_terms
from shuzheng.base.kernel.sound import SYLLABLES, cut_pinyin, sounds_of
from shuzheng.services.items.rules.matching import AllOf, AnyOf, Match, Term, all_of, any_of, plain, sound_pairs
from shuzheng.services.items.types import Facet, WordKind

TEXT_MOST: Final = 60
"""Characters of a text that are read."""
PHRASE_MOST: Final = 20
"""Characters of the longest phrase the lexicon is asked for."""
CODE_LEAST: Final = 4
"""Digits that may be part of a code."""
_CHUNKS: Final = re.compile(r"[^\W_]+")
_RUNS: Final = re.compile(r"[0-9a-z]+|[^0-9a-z]+")
_SPACED: Final = re.compile(r"\b[a-z]+(?: [a-z]+)+\b")
_LETTERS: Final = re.compile(r"[a-z]{2,24}")
_IMPLEMENTING: Final = re.compile(r"([0-9a-z]{18})[1-9]([0-9]{12}(?:[0-9]{2})?)")
_DROPPED: Final = re.compile(
    "请问|我想要|我想|我要|我家里|我家|我们|咱们|我|您|你|怎么样|怎么|怎样|如何|咋样|咋|为什么|什么|哪些|哪里|哪儿|在哪|去哪|到哪|上哪|要办|要不要|"
    "能不能|可不可以|可以|是不是|是否|需不需要|需要|多少钱|多长时间|多久|多少|一下|的|了|吗|呢|吧|啊|呀|啥|谁"
)
_WEAK: Final = re.compile(
    "办理|申请|手续|流程|条件|材料|资料|要求|规定|标准|政策|地点|地址|电话|时间|网上|在线|自己|别人|今年|新"
)
"""Words that say how or where rather than what."""
_EDGE_VERBS: Final = "办开想要去给帮找问做弄搞"


@dataclass(frozen=True, slots=True)
class LexiconWord:
    """A phrase that is known, and what it stands for.

    Attributes:
        phrase: As typed, folded.
        terms: Official words; blanks inside one join words that must all be there.
        items: Codes of items it means above all, the first first.
        weak: It says little about what is asked.
        code: Of a county or an organization.
        county: County of an organization.
    """

    kind: WordKind
    phrase: str
    terms: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    weak: bool = False
    code: str = ""
    name: str = ""
    county: str = ""

    @property
    def facet(self) -> Facet:
        """Return what a place narrows."""
        return Facet.UNIT if self.kind is WordKind.UNIT else Facet.COUNTY


Lexicon = Mapping[str, Sequence[LexiconWord]]
"""Known phrases by what was typed: a phrase, or letters that spell one."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the text with its other names."""

    text: str
    terms: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    weak: bool = False

    @property
    def is_latin(self) -> bool:
        """Tell whether it is letters and digits: pinyin, initials, a code."""
        return self.text.isascii()


@dataclass(frozen=True, slots=True)
class Question:
    """A text that was read.

    Attributes:
        whole: What is asked in one piece, without places and filler.
        parts: In order; at least one is strong unless all are weak.
        places: Counties and organizations named.
    """

    whole: str
    parts: tuple[Part, ...]
    places: tuple[LexiconWord, ...] = ()
    used: tuple[LexiconWord, ...] = field(default=())

    @property
    def strong(self) -> tuple[Part, ...]:
        """Return the parts that must be there: all of them when all are weak."""
        return tuple(part for part in self.parts if not part.weak) or self.parts


def read_text(text: str) -> str:
    """Return the text as it is read: folded, not too long, syllables typed one by one joined.

    Example:
        >>> read_text("Hu Zhao")
        'huzhao'
    """
    return _SPACED.sub(_join_syllables, fold(text)[:TEXT_MOST])


def _join_syllables(found: re.Match[str]) -> str:
    parts = found[0].split()
    return "".join(parts) if SYLLABLES.issuperset(parts) else found[0]


def phrases_of(text: str) -> tuple[str, ...]:
    """Return what the lexicon must be asked for: every piece of every chunk.

    Example:
        >>> phrases_of("低保 a")
        ('低', '低保', '保', 'a')
    """
    found: dict[str, None] = {}
    for chunk in _CHUNKS.findall(text):
        if _LETTERS.fullmatch(chunk):
            found[chunk] = None
            continue
        for start in range(len(chunk)):
            for end in range(start + 1, min(len(chunk), start + PHRASE_MOST) + 1):
                found[chunk[start:end]] = None
    return tuple(found)


def letters_of(text: str) -> tuple[str, ...]:
    """Return the runs of letters, which may spell a phrase."""
    return tuple(dict.fromkeys(_LETTERS.findall(text)))


def sound_key(text: str) -> str:
    """Return the merged sounds of a phrase as the lexicon keeps them.

    Example:
        >>> sound_key("低宝") == sound_key("低保")
        True
    """
    return " ".join(sounds_of(text))


def sound_keys_of_letters(letters: str) -> tuple[str, ...]:
    """Return the sounds a run of letters may spell."""
    return tuple(" ".join(cut) for cut in cut_pinyin(letters))


def read_question(text: str, lexicon: Lexicon, *, split: bool = False) -> Question:
    """Read a text.

    Args:
        text: From `read_text`.
        lexicon: Known phrases for `phrases_of(text)` and `letters_of(text)`.
        split: Also take a verb off the ends of an unknown run (`办身份证`: 办, 身份证).
    """
    parts: list[Part] = []
    used: list[LexiconWord] = []
    for chunk in _CHUNKS.findall(text):
        code = _IMPLEMENTING.fullmatch(chunk)
        if code:
            parts.append(Part(code[2]))
            used += lexicon.get(code[1], ())
            continue
        for piece, words in _known(chunk, lexicon):
            if words:
                used += words
                parts += _part_of(piece, words)
            else:
                parts += _unknown(piece, lexicon, split=split)
    places = _places(used)
    whole = plain("".join(part.text for part in parts))
    return Question(whole, tuple(parts), places, tuple(word for word in used if word.kind is WordKind.WORD))


def _known(chunk: str, lexicon: Lexicon) -> Iterator[tuple[str, Sequence[LexiconWord]]]:
    """Give the chunk in pieces, known phrases with their words; the longest phrase is taken first, anywhere."""
    least = 2 if len(chunk) > 1 else 1
    for size in range(min(len(chunk), PHRASE_MOST), least - 1, -1):
        for start in range(len(chunk) - size + 1):
            words = lexicon.get(chunk[start : start + size])
            if words:
                if start:
                    yield from _known(chunk[:start], lexicon)
                yield chunk[start : start + size], words
                if start + size < len(chunk):
                    yield from _known(chunk[start + size :], lexicon)
                return
    yield chunk, ()


def _part_of(piece: str, words: Sequence[LexiconWord]) -> Iterator[Part]:
    plain_words = [word for word in words if word.kind is WordKind.WORD]
    if plain_words:
        yield Part(
            piece,
            tuple(dict.fromkeys(term for word in plain_words for term in (*_spelt(piece, word), *word.terms))),
            tuple(dict.fromkeys(item for word in plain_words for item in word.items)),
            weak=len(piece) == 1 or all(word.weak for word in plain_words),
        )


def _spelt(piece: str, word: LexiconWord) -> Iterator[str]:
    """Give the phrase itself when letters or a like sound stood for it."""
    if word.phrase != piece:
        yield word.phrase


def _unknown(piece: str, lexicon: Lexicon, *, split: bool) -> Iterator[Part]:
    for run in _RUNS.findall(piece):
        if run.isascii():
            yield from _latin(run)
            continue
        for text, weak in _without_filler(run):
            if split and len(text) > 2 and not weak:
                yield from _split(text, lexicon)
            else:
                yield _lone(text, lexicon) if len(text) == 1 else Part(text, weak=weak)


def _latin(run: str) -> Iterator[Part]:
    yield Part(run, weak=len(run) < (CODE_LEAST if run.isdigit() else 2))


def _without_filler(run: str) -> Iterator[tuple[str, bool]]:
    for rest in _DROPPED.split(run):
        last = 0
        for found in _WEAK.finditer(rest):
            if found.start() > last:
                yield rest[last : found.start()], False
            yield found[0], True
            last = found.end()
        if last < len(rest):
            yield rest[last:], False


def _lone(char: str, lexicon: Lexicon) -> Part:
    words = [word for word in lexicon.get(char, ()) if word.kind is WordKind.WORD]
    terms = tuple(term for word in words for term in word.terms)
    return Part(char, terms, weak=True)


def _split(text: str, lexicon: Lexicon) -> Iterator[Part]:
    """Take one verb off the front, else off the end, when it is one."""
    if _is_verb(text[0], lexicon):
        yield _lone(text[0], lexicon)
        yield Part(text[1:])
    elif _is_verb(text[-1], lexicon):
        yield Part(text[:-1])
        yield _lone(text[-1], lexicon)
    else:
        yield Part(text)


def _is_verb(char: str, lexicon: Lexicon) -> bool:
    return char in _EDGE_VERBS or bool(lexicon.get(char))


def _places(used: Iterable[LexiconWord]) -> tuple[LexiconWord, ...]:
    """Return the places named; an organization that several share is narrowed by the county named, else left out."""
    words = list(used)
    counties = {word.code for word in words if word.kind is WordKind.COUNTY}
    by_phrase: dict[str, list[LexiconWord]] = {}
    for word in words:
        if word.kind is WordKind.UNIT:
            by_phrase.setdefault(word.phrase, []).append(word)
    places = [word for word in words if word.kind is WordKind.COUNTY]
    for found in by_phrase.values():
        near = [word for word in found if word.county in counties] or found
        if len({word.code for word in near}) == 1:
            places.append(near[0])
    return tuple(dict.fromkeys(places))


def strict_match(question: Question) -> Match | None:
    """Return the match of entries that hold every strong part under one of its names; None when nothing is asked."""
    parts = [match for part in question.strong if (match := _match_of(part)) is not None]
    return AllOf(tuple(parts)) if parts else None


def near_match(question: Question) -> Match | None:
    """Return the match of entries that hold anything of the question: a pair of characters, a pair of sounds."""
    found: list[Match] = []
    for part in question.strong:
        match = _match_of(part)
        if match is not None:
            found.append(match)
        pairs = query_terms(part.text)
        if pairs:
            found.append(any_of(pairs))
        for sounds in [sounds_of(part.text)] if not part.is_latin else cut_pinyin(part.text):
            if len(sounds) > 1:
                found.append(any_of(sound_pairs(sounds)))
    return AnyOf(tuple(found)) if found else None


def _match_of(part: Part) -> Match | None:
    names = [*_own_matches(part), *(_word_match(term) for term in part.terms), *map(Term, part.items)]
    found = tuple(match for match in names if match is not None)
    return AnyOf(found) if found else None


def _own_matches(part: Part) -> Iterator[Match | None]:
    yield _word_match(part.text)
    if part.is_latin:
        for sounds in cut_pinyin(part.text):
            if len(sounds) > 1:
                yield all_of(sound_pairs(sounds))
    elif len(part.text) > 2:
        yield all_of(part.text)


def _word_match(text: str) -> Match | None:
    terms = query_terms(text)
    return all_of(terms) if terms else None
