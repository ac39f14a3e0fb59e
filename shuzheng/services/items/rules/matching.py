"""What an entry of the search index must hold, as a tree that every full-text engine can be asked.

Terms of an entry: from its name single characters, pairs of characters, pairs of pinyin initials and pairs of sounds
(`can_yin`); from the rest (theme, result, guide, papers) pairs of characters only; and its code whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias, Union

from shuzheng.base.kernel.fold import fold, index_terms, query_terms
from shuzheng.base.kernel.sound import sounds_of


@dataclass(frozen=True, slots=True)
class Term:
    """The entry holds this term."""

    text: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: "tuple[Match, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds; none of no parts does."""

    parts: "tuple[Match, ...]"


Match: TypeAlias = Union[Term, AllOf, AnyOf]


def holds(match: Match, terms: frozenset[str]) -> bool:
    """Tell whether terms fit a match, for what is few enough to need no index."""
    if isinstance(match, Term):
        return match.text in terms
    answers = (holds(part, terms) for part in match.parts)
    return all(answers) if isinstance(match, AllOf) else any(answers)


def all_of(terms: Iterable[str]) -> Match:
    """Return the match of every term."""
    return AllOf(tuple(Term(term) for term in dict.fromkeys(terms)))


def any_of(terms: Iterable[str]) -> Match:
    """Return the match of any term."""
    return AnyOf(tuple(Term(term) for term in dict.fromkeys(terms)))


def sound_pairs(sounds: Sequence[str]) -> tuple[str, ...]:
    """Return the terms of neighbouring sounds.

    Example:
        >>> sound_pairs(("can", "yin", "fu"))
        ('can_yin', 'yin_fu')
    """
    return tuple(f"{one}_{other}" for one, other in pairwise(sounds))


def terms_of_entry(code: str, name: str, rest: str) -> tuple[str, ...]:
    """Return what is stored for an entry, each term once.

    Args:
        code: Basic code.
        name: Name of the item.
        rest: Everything else that is searched.
    """
    terms = dict.fromkeys(index_terms(name))
    terms |= dict.fromkeys(sound_pairs(sounds_of(plain(name))))
    terms |= dict.fromkeys(query_terms(rest))
    terms |= dict.fromkeys(index_terms(code))
    return tuple(terms)


def plain(text: str) -> str:
    """Return the letters, digits and Chinese characters of a text, folded, nothing between them.

    Example:
        >>> plain("食品经营许可（餐饮服务）")
        '食品经营许可餐饮服务'
    """
    return "".join(char for char in fold(text) if char.isalnum())
