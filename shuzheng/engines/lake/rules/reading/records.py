"""Delimited text taken apart one record after another: the reading everything faster is held to.

Source: RFC 4180, kept strictly, with what files of offices need beside it: lines end in LF, CR LF or CR; an empty line
is no record; the delimiter may be another. A record whose quotes are broken is its first line alone, and reading goes
on behind that line: so a quote that is never closed costs one record, not the rest of the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MOST_LINES: Final = 200
"""A record does not go over more lines: a quote that stays open for longer is a broken one."""
_QUOTE: Final = 34
_CR: Final = 13
_LF: Final = 10


@dataclass(frozen=True, slots=True)
class Record:
    """One record.

    Attributes:
        fields: None when it could not be taken apart.
        text: As it stands in the file, without the end of its last line.
        end: Where the next begins.
    """

    fields: tuple[bytes, ...] | None
    text: bytes
    end: int


class _Broken(Exception):
    """Quotes do not fit."""


def split_records(content: bytes, delimiter: bytes = b",", start: int = 0) -> Iterator[Record]:
    """Yield the records of a text in an encoding that leaves ASCII alone."""
    here = start
    while here < len(content):
        if content[here] in (_CR, _LF):
            here += 1
            continue
        record = read_record(content, here, delimiter)
        yield record
        here = record.end


def read_record(content: bytes, start: int, delimiter: bytes = b",") -> Record:
    """Return the record that begins at a place which is no end of a line."""
    try:
        fields, end = _fields(content, start, delimiter)
    except _Broken:
        end = line_end(content, start)
        return Record(None, content[start:end], _behind(content, end))
    return Record(fields, content[start:end], _behind(content, end))


def _fields(content: bytes, start: int, delimiter: bytes) -> tuple[tuple[bytes, ...], int]:
    found: list[bytes] = []
    here = start
    while True:
        field, here = _quoted(content, here) if content[here : here + 1] == b'"' else _plain(content, here, delimiter)
        found.append(field)
        if content[here : here + 1] != delimiter:
            break
        here += 1
    if here < len(content) and content[here] not in (_CR, _LF):
        raise _Broken
    if _lines(content[start:here]) > MOST_LINES:
        raise _Broken
    return tuple(found), here


def _quoted(content: bytes, start: int) -> tuple[bytes, int]:
    here = start + 1
    while True:
        close = content.find(b'"', here)
        if close < 0:
            raise _Broken
        if content[close + 1 : close + 2] != b'"':
            return content[start + 1 : close].replace(b'""', b'"'), close + 1
        here = close + 2


def _plain(content: bytes, start: int, delimiter: bytes) -> tuple[bytes, int]:
    end = line_end(content, start)
    stop = content.find(delimiter, start, end)
    stop = end if stop < 0 else stop
    field = content[start:stop]
    if b'"' in field:
        raise _Broken
    return field, stop


def line_end(content: bytes, start: int) -> int:
    """Return where the line ends, before CR or LF."""
    ends = [end for end in (content.find(b"\n", start), content.find(b"\r", start)) if end >= 0]
    return min(ends, default=len(content))


def _behind(content: bytes, end: int) -> int:
    return min(end + 1, len(content))


def _lines(text: bytes) -> int:
    return text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")
