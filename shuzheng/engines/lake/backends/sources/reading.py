"""What every reader is, and rows of Python values as a chunk of text."""

import errno
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final, Protocol

import pyarrow as pa

from shuzheng.base.kernel.said import said
from shuzheng.engines.lake.types.gathering import Chunk, Proof

ROWS: Final = 20_000
"""Rows of a chunk, where rows come one by one."""


_WHY: Final = {
    errno.ENOENT: "文件不存在",
    errno.EACCES: "没有读取权限",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超过磁盘配额",
    errno.EFBIG: "文件超过允许的大小",
}


def say_os_error(why: OSError) -> str:
    """Return what an operating system refused, Chinese."""
    return said(_WHY.get(why.errno or 0, "读写出错"))


class Reader(Protocol):
    """An opened source.

    Attributes:
        names: Its header, in its order.
        total: Bytes in all, 0 when unknown.
    """

    names: tuple[str, ...]
    total: int

    def chunks(self) -> Iterator[Chunk]:
        """Yield its rows, numbered from 1; once.

        Raises:
            SourceChanged: It changed while it was read.
            SourceAway: It stopped answering.
        """

    def proof(self) -> Proof:
        """Return what the source holds to have given; after the last chunk.

        Raises:
            SourceChanged: It changed while it was read.
        """

    def close(self) -> None:
        """Let go of it."""


def read_ahead(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """Yield chunks, the next one read in a thread of its own while this one is worked on; what it raises is raised."""
    with ThreadPoolExecutor(1, "lake-reading") as thread:
        waiting = thread.submit(next, chunks, None)
        while (found := waiting.result()) is not None:
            waiting = thread.submit(next, chunks, None)
            yield found


def as_text(value: object) -> str | None:
    """Return a value of another system as the text a file would have.

    Example:
        >>> as_text(True), as_text(1.0), as_text(Decimal("1E+2")), as_text(None)
        ('true', '1', '100', None)
    """
    if value is None or isinstance(value, str):
        return value
    write = next((write for kind, write in _WRITERS if isinstance(value, kind)), str)
    return write(value)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(Decimal(repr(value)), "f")


_WRITERS: Final[tuple[tuple[type, Callable[[Any], str]], ...]] = (
    (bool, lambda value: "true" if value else "false"),
    (float, _number),
    (Decimal, lambda value: format(value, "f")),
    (datetime, lambda value: value.isoformat(" ")),
    (date, lambda value: value.isoformat()),
    (bytes, lambda value: value.decode("utf-8", "backslashreplace")),
)


def chunks_of(rows: Iterable[Sequence[object]], width: int, *, first: int = 1, size: int = ROWS) -> Iterator[Chunk]:
    """Yield rows of values as chunks."""
    waiting = iter(rows)
    while some := list(islice(waiting, size)):
        yield make_chunk(some, width, first)
        first += len(some)


def make_chunk(rows: Sequence[Sequence[object]], width: int, first: int) -> Chunk:
    """Return rows of values as one chunk of text."""
    columns = [pa.array([as_text(row[place]) for row in rows], pa.string()) for place in range(width)]
    table = pa.table(columns, names=[f"s{place}" for place in range(width)])
    size = sum(column.nbytes for column in columns)
    return Chunk(table, pa.array(range(first, first + len(rows)), pa.int64()), bytes=size)
