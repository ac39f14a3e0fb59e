"""YAML as nothing but lists, mappings and texts, each with its place.

PyYAML only splits the text into events. Nothing is guessed: `no`, `1_000`, `0o17` and `2023-06-01` stay the texts they
are, until the schema of facts says what they should be. Anchors, aliases, tags and a second document are refused, and
so is what is too long or too deep; so a text cannot grow while it is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NoReturn

import yaml

from shuzheng.base.kernel.said import said
from shuzheng.engines.rules.errors import RuleTestsInvalid, TextFault

MOST_CHARACTERS: Final = 200_000
MOST_DEPTH: Final = 6
MOST_EVENTS: Final = 40_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of the text.

    Attributes:
        line: From 1.
        column: From 1.
        text: Of a scalar; None for a list or a mapping.
        plain: A scalar without quotes.
        items: Of a list; None otherwise.
        pairs: Of a mapping, in the order of the text; None otherwise.
    """

    line: int
    column: int
    text: str | None = None
    plain: bool = False
    items: tuple["Entry", ...] | None = None
    pairs: tuple[tuple["Entry", "Entry"], ...] | None = None


def read_yaml(text: str) -> Entry | None:
    """Return the one document of a text; None where it is empty.

    Raises:
        RuleTestsInvalid: It is no YAML, or uses what is refused; with line and column.
    """
    if len(text) > MOST_CHARACTERS:
        _refuse(1, 1, said("文件太大：{n} 字，最多 {most} 字", n=len(text), most=MOST_CHARACTERS))
    try:
        return _Reader(text).document()
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        _refuse(line, column, said("YAML 写法不对：看缩进、冒号后的空格、引号和括号是否成对"))
    except yaml.reader.ReaderError as fault:
        before = text[: fault.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        _refuse(line, column, said("不能用的字符 U+{code:04X}", code=ord(text[fault.position])))


def _refuse(line: int, column: int, problem: str) -> NoReturn:
    raise RuleTestsInvalid((TextFault(line, column, problem),))


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


class _Reader:
    def __init__(self, text: str) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.BaseLoader)
        self._n = 0

    def _next(self) -> yaml.Event:
        self._n += 1
        event = next(self._events)
        if self._n > MOST_EVENTS:
            self._lost(event, said("文件太大：最多 {most} 个部分", most=MOST_EVENTS))
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            self._lost(event, said("不能用锚点和别名（& 和 *）；把内容写出来，是文本就加引号"))
        if getattr(event, "tag", None) is not None:
            self._lost(event, said("不能用标签（!）；是文本就加引号"))
        return event

    def _lost(self, event: yaml.Event, problem: str) -> NoReturn:
        _refuse(*_place(event), problem)

    def document(self) -> Entry | None:
        self._next()  # the stream begins
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        found = self._entry(self._next(), 1)
        self._next()  # the document ends
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            self._lost(after, said("一个文件只写一份，不要用 --- 分成几份"))
        return found

    def _entry(self, event: yaml.Event, depth: int) -> Entry:
        if depth > MOST_DEPTH:
            self._lost(event, said("嵌套太深：最多 {most} 层", most=MOST_DEPTH))
        line, column = _place(event)
        if isinstance(event, yaml.ScalarEvent):
            return Entry(line, column, text=str(event.value), plain=not event.style)
        if isinstance(event, yaml.SequenceStartEvent):
            return Entry(line, column, items=tuple(self._items(yaml.SequenceEndEvent, depth)))
        parts = list(self._items(yaml.MappingEndEvent, depth))
        return Entry(line, column, pairs=tuple(zip(parts[::2], parts[1::2], strict=True)))

    def _items(self, end: type[yaml.Event], depth: int) -> Iterator[Entry]:
        while not isinstance(event := self._next(), end):
            yield self._entry(event, depth + 1)
