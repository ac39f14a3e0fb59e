"""How Chinese sounds: toneless pinyin per character, and Latin letters cut into syllables.

Sounds that are often mixed up when typing by ear are one sound here: zh z, ch c, sh s, ang an, eng en, ing in, n l
at the beginning. So `驾使证` sounds like `驾驶证`, and `canyin` is found in `餐饮`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from pypinyin import Style, lazy_pinyin

from shuzheng.base.kernel.fold import fold

CUTS_MOST: Final = 6
"""Ways of cutting one run of letters that are tried."""
_LONGEST: Final = 6
_BY_INITIAL: Final = (
    "a:a,ai,an,ang,ao b:a,ai,an,ang,ao,ei,en,eng,i,ian,iao,ie,in,ing,o,u "
    "c:a,ai,an,ang,ao,e,en,eng,i,ong,ou,u,uan,ui,un,uo "
    "ch:a,ai,an,ang,ao,e,en,eng,i,ong,ou,u,uai,uan,uang,ui,un,uo "
    "d:a,ai,an,ang,ao,e,ei,en,eng,i,ian,iao,ie,ing,iu,ong,ou,u,uan,ui,un,uo e:e,ei,en,eng,er "
    "f:a,an,ang,ei,en,eng,o,ou,u g:a,ai,an,ang,ao,e,ei,en,eng,ong,ou,u,ua,uai,uan,uang,ui,un,uo "
    "h:a,ai,an,ang,ao,e,ei,en,eng,ong,ou,u,ua,uai,uan,uang,ui,un,uo "
    "j:i,ia,ian,iang,iao,ie,in,ing,iong,iu,u,uan,ue,un "
    "k:a,ai,an,ang,ao,e,en,eng,ong,ou,u,ua,uai,uan,uang,ui,un,uo "
    "l:a,ai,an,ang,ao,e,ei,eng,i,ia,ian,iang,iao,ie,in,ing,iu,ong,ou,u,uan,un,uo,v,ve "
    "m:a,ai,an,ang,ao,e,ei,en,eng,i,ian,iao,ie,in,ing,iu,o,ou,u "
    "n:a,ai,an,ang,ao,e,ei,en,eng,i,ian,iang,iao,ie,in,ing,iu,ong,ou,u,uan,un,uo,v,ve o:o,ou "
    "p:a,ai,an,ang,ao,ei,en,eng,i,ian,iao,ie,in,ing,o,ou,u q:i,ia,ian,iang,iao,ie,in,ing,iong,iu,u,uan,ue,un "
    "r:an,ang,ao,e,en,eng,i,ong,ou,u,uan,ui,un,uo s:a,ai,an,ang,ao,e,en,eng,i,ong,ou,u,uan,ui,un,uo "
    "sh:a,ai,an,ang,ao,e,ei,en,eng,i,ou,u,ua,uai,uan,uang,ui,un,uo "
    "t:a,ai,an,ang,ao,e,eng,i,ian,iao,ie,ing,ong,ou,u,uan,ui,un,uo w:a,ai,an,ang,ei,en,eng,o,u "
    "x:i,ia,ian,iang,iao,ie,in,ing,iong,iu,u,uan,ue,un y:a,an,ang,ao,e,i,in,ing,o,ong,ou,u,uan,ue,un "
    "z:a,ai,an,ang,ao,e,ei,en,eng,i,ong,ou,u,uan,ui,un,uo "
    "zh:a,ai,an,ang,ao,e,ei,en,eng,i,ong,ou,u,ua,uai,uan,uang,ui,un,uo"
)
_VOWELS: Final = "aeo"


def _all_syllables() -> Iterator[str]:
    for group in _BY_INITIAL.split():
        initial, _, finals = group.partition(":")
        yield from (final if initial in _VOWELS else initial + final for final in finals.split(","))


SYLLABLES: Final = frozenset(_all_syllables())
"""Every toneless syllable of standard Chinese, ü written v."""
_CHINESE: Final = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]")
_RUNS: Final = re.compile(rf"{_CHINESE.pattern}+|(?:(?!{_CHINESE.pattern}).)+", re.DOTALL)
_MERGED_INITIALS: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_MERGED_FINAL: Final = re.compile(r"(?<=[aei])ng$")


@lru_cache(maxsize=1024)
def merge_sound(syllable: str) -> str:
    """Return the syllable with sounds that are easily mixed up made one.

    Example:
        >>> [merge_sound(s) for s in ("zheng", "nian", "shang", "zhong", "an")]
        ['zen', 'lian', 'san', 'zong', 'an']
    """
    for one, other in _MERGED_INITIALS:
        if syllable.startswith(one):
            syllable = other + syllable.removeprefix(one)
            break
    return _MERGED_FINAL.sub("n", syllable)


def syllables_of(text: str) -> tuple[str, ...]:
    """Return one toneless syllable for each character of a folded text; what has no sound stands for itself.

    Example:
        >>> syllables_of("银行A1")
        ('yin', 'hang', 'a', '1')
    """
    return tuple(part for run in _RUNS.findall(fold(text)) for part in _syllables(run))


def _syllables(run: str) -> list[str]:
    """Return a syllable for each character of a run of Chinese; letters and signs stand for themselves."""
    spelt = lazy_pinyin(run, style=Style.NORMAL) if _CHINESE.match(run) else []
    return spelt if len(spelt) == len(run) else list(run)


def sounds_of(text: str) -> tuple[str, ...]:
    """Return the merged sounds of a text, one for each character.

    Example:
        >>> sounds_of("驾使证") == sounds_of("驾驶证")
        True
    """
    return tuple(merge_sound(part) for part in syllables_of(text))


def cut_pinyin(letters: str) -> tuple[tuple[str, ...], ...]:
    """Return the ways a run of letters reads as whole syllables (merged), long syllables first; none if it does not.

    Example:
        >>> cut_pinyin("canyin")
        (('can', 'yin'),)
        >>> cut_pinyin("spjy")
        ()
    """
    found: list[tuple[str, ...]] = []
    _cut(letters, 0, (), found, set())
    return tuple(dict.fromkeys(tuple(merge_sound(part) for part in cut) for cut in found))


def _cut(letters: str, start: int, before: tuple[str, ...], found: list[tuple[str, ...]], dead: set[int]) -> None:
    """Collect cuts from `start`; a place from which none was found is not tried again."""
    if start == len(letters):
        found.append(before)
        return
    known = len(found)
    for end in range(min(len(letters), start + _LONGEST), start, -1):
        if len(found) >= CUTS_MOST:
            return
        if end not in dead and letters[start:end] in SYLLABLES:
            _cut(letters, end, (*before, letters[start:end]), found, dead)
    if len(found) == known:
        dead.add(start)
