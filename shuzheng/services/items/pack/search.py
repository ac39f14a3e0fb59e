"""What follows from the other steps: the search index, and the pack's everyday words for it (`search_words.toml`)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from shuzheng.base.kernel.fold import query_terms
from shuzheng.base.kernel.pack import Changes, Fault, PackRows, Row
from shuzheng.base.kernel.types import Actor
from shuzheng.services.items.actions.searching import keep_words, refresh_search
from shuzheng.services.items.rules.matching import plain
from shuzheng.services.items.rules.question import LexiconWord
from shuzheng.services.items.types import WordKind

FILES: Final[tuple[str, ...]] = ("search_words.toml",)


def check(pack: PackRows) -> list[Fault]:
    """Return every fault in the words, including references to items."""
    codes = {row.text("basic_code") for row in pack.of("items.csv")}
    said: dict[str, int] = {}
    return [
        Fault(row.file, row.line, what, remedy)
        for row in pack.of("search_words.toml")
        for what, remedy in _problems(row, codes, said)
    ]


def _problems(row: Row, codes: set[str], said: dict[str, int]) -> Iterator[tuple[str, str]]:
    for phrase in _texts(row, "say"):
        known = said.setdefault(plain(phrase), row.line)
        if not query_terms(phrase):
            yield f"say 的“{phrase}”里没有字", '写人们会输入的词，例如 "开饭店"'
        elif known != row.line:
            yield f"“{phrase}”在第 {known} 行已经写过", "合并到一处"
    for code in _texts(row, "items"):
        if code not in codes:
            yield f"items 的 {code} 不在 items.csv 里", "改成该文件中的事项编码"
    if not (_texts(row, "means") or _texts(row, "items") or row.values.get("weak")):
        yield "既没有 means 也没有 items", '写正式的说法，例如 means = ["餐饮服务"]；只是次要的词就写 weak = true'


def _texts(row: Row, key: str) -> tuple[str, ...]:
    value = row.values.get(key)
    return tuple(str(part) for part in value) if isinstance(value, list) else ()


def words_of(pack: PackRows) -> Iterator[LexiconWord]:
    """Give the everyday words of a pack, one for each way of saying."""
    for row in pack.of("search_words.toml"):
        terms = tuple(" ".join(map(plain, term.split())) for term in _texts(row, "means"))
        for phrase in _texts(row, "say"):
            yield LexiconWord(
                WordKind.WORD, plain(phrase), terms, _texts(row, "items"), weak=bool(row.values.get("weak"))
            )


def apply(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:  # noqa: ARG001 - the shape of every part
    """Keep the words and bring the index up to date; applying twice changes nothing.

    Only words are counted: the index follows from other parts, which say what they changed.
    """
    words = keep_words(words_of(pack))
    refresh_search(at=at)
    return Changes(added=words.added, changed=words.changed, unchanged=words.kept, retired=words.removed)
