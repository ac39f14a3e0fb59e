"""Composite services (一件事) and benchmarks (对标): their words, and the conditions that choose among items."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shuzheng.base.kernel.types import ItemCode
from shuzheng.services.items.types import Applicant


@dataclass(frozen=True, slots=True)
class BenchmarkView:
    """What another place promises for an item (对标).

    Attributes:
        place: Which best: 全国最优, or that of a region or province.
        place_name: The place.
        promised_days: Working days.
        papers: Papers asked for.
    """

    item: ItemCode
    place: str
    place_name: str
    promised_days: int
    papers: int


class QuestionKind(StrEnum):
    """How a question of a composite service is answered."""

    SINGLE = "single"
    MULTI = "multi"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class CompositeQuestion:
    """A question that decides which items belong to a composite service."""

    id: str
    text: str
    kind: QuestionKind
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompositeItem:
    """An item of a composite service.

    Attributes:
        stage: Items of one stage run side by side, stages one after the other; from 1.
        when: Condition on `answer.<question>`, in the rules' expressions; '' is always.
    """

    item: ItemCode
    name: str
    stage: int
    when: str


@dataclass(frozen=True, slots=True)
class CompositeView:
    """A composite service (一件事): several items asked for at once."""

    code: str
    version: int
    name: str
    audience: Applicant
    department: str
    summary: str
    questions: tuple[CompositeQuestion, ...]
    items: tuple[CompositeItem, ...]


_CONDITION: Final = re.compile(
    r"\s*(?:has\(\s*answer\.(?P<list>\w+)\s*,\s*'(?P<has>[^']*)'\s*\)"
    r"|answer\.(?P<name>\w+)\s*(?:=\s*(?:'(?P<is>[^']*)'|(?P<truth>TRUE|FALSE))"
    r"|IN\s*\((?P<among>\s*'[^']*'(?:\s*,\s*'[^']*')*\s*)\)))\s*"
)
_TEXT: Final = re.compile(r"'([^']*)'")
_JOIN: Final = re.compile(r"AND|OR")


def problems_of_condition(when: str, questions: Mapping[str, tuple[QuestionKind, Sequence[str]]]) -> Iterator[str]:
    """Give what is wrong with a condition of a composite service, in words that follow `when`.

    Understood are comparisons of answers with offered options, joined by AND and OR; the rules' full expressions come
    with the rules engine.

    Args:
        when: The condition; '' is always.
        questions: Kind and options by the question's id.

    Example:
        >>> list(problems_of_condition("answer.way = '丙'", {"way": (QuestionKind.SINGLE, ("甲", "乙"))}))
        ['里的“丙”不是问题 way 的选项']
    """
    position = 0
    while position < len(when):
        found = _CONDITION.match(when, position)
        if found is None:
            yield f"写法看不懂：{when[position:].strip()}"
            return
        yield from _problems_of_comparison(found, questions)
        position = found.end()
        joined = _JOIN.match(when, position)
        if joined is None and position < len(when):
            yield f"写法看不懂：{when[position:].strip()}"
            return
        if joined is not None and joined.end() == len(when):
            yield f"在 {joined[0]} 之后没有写完"
        position = position if joined is None else joined.end()


def _problems_of_comparison(
    found: re.Match[str], questions: Mapping[str, tuple[QuestionKind, Sequence[str]]]
) -> Iterator[str]:
    name = found["list"] or found["name"]
    if name not in questions:
        yield f"里的问题 {name} 没有写"
        return
    kind, options = questions[name]
    wanted = QuestionKind.MULTI if found["list"] else QuestionKind.BOOLEAN if found["truth"] else QuestionKind.SINGLE
    given = _TEXT.findall(found["among"] or "") or [option for option in (found["has"], found["is"]) if option]
    if kind is not wanted:
        yield f"里对问题 {name} 的写法与它的类型 {kind} 不合"
        return
    for option in given:
        if option not in options:
            yield f"里的“{option}”不是问题 {name} 的选项"
