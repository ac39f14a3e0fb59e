"""Delimited files: read once, in blocks cut behind whole records, whatever their size."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from typing_extensions import override

from shuzheng.base.kernel.said import said
from shuzheng.engines.lake.backends.sources.reading import Reader, read_ahead, say_os_error
from shuzheng.engines.lake.errors import EncodingUnknown, HeaderInvalid, SourceAway, SourceChanged, SourceEmpty
from shuzheng.engines.lake.rules.reading.chunks import Shape, read_chunk
from shuzheng.engines.lake.rules.reading.encodings import AUTO, BOM, UTF_8, WIDE_BOMS, choose_encoding, show, to_utf_8
from shuzheng.engines.lake.rules.reading.records import line_end, read_record
from shuzheng.engines.lake.types.gathering import Chunk, Proof, Source

BLOCK: Final = 16 << 20
_LONGEST: Final = 4
"""Blocks a record may go over; beyond, its quote is taken as broken."""


class DelimitedReader(Reader):
    """One file."""

    def __init__(self, path: Path, source: Source, *, block: int = BLOCK) -> None:
        """Open it and read its header.

        Raises:
            SourceAway: It is not there, or may not be read.
            SourceEmpty: It has no header.
            EncodingUnknown: It is in UTF-16.
            HeaderInvalid: The quotes of its header are broken.
        """
        self._source, self._block = source, block
        try:
            self._file = path.open("rb", buffering=0)
        except OSError as why:
            raise SourceAway(source=source.code, why=say_os_error(why)) from why
        self._before = os.fstat(self._file.fileno())
        self.total = self._before.st_size
        self._sum, self._read, self._encoding = hashlib.sha256(), 0, source.encoding
        self._first, self._ended = 1, False
        self._part, self._lines = b"", b""
        try:
            self._fill()
            self.names = self._header()
        except BaseException:
            self.close()
            raise

    def _header(self) -> tuple[str, ...]:
        """Return the first record behind the lines that are passed over."""
        place = 0
        for line in range(self._source.skip_rows + 1):
            while self._lines[place : place + 1] in (b"\n", b"\r"):
                place += 1
            if place >= len(self._lines):
                raise SourceEmpty(source=self._source.code)
            if line < self._source.skip_rows:
                place = line_end(self._lines, place)
        record = read_record(self._lines, place, self._source.delimiter.encode())
        if record.fields is None:
            raise HeaderInvalid(source=self._source.code, what=said("表头的引号不配对"))
        self._lines = self._lines[record.end :]
        return tuple(show(field) for field in record.fields)

    @override
    def chunks(self) -> Iterator[Chunk]:
        return read_ahead(self._chunks())

    def _chunks(self) -> Iterator[Chunk]:
        shape = Shape(len(self.names), self._source.delimiter)
        while True:
            last = self._ended or len(self._lines) > _LONGEST * self._block
            found = read_chunk(self._lines, shape, self._first, last=last)
            self._lines = self._lines[found.bytes :]
            self._first += found.rows.num_rows + len(found.faults)
            yield found
            if self._ended:
                break
            self._fill()

    def _fill(self) -> None:
        """Read a block on; what is whole lines of it becomes UTF-8."""
        try:
            block = self._file.read(self._block)
        except OSError as why:
            raise SourceAway(source=self._source.code, why=say_os_error(why)) from why
        if not self._read:
            block = self._without_mark(block)
        self._sum.update(block)
        self._read += len(block)
        self._ended = not block or self._read >= self.total
        raw = self._part + block
        until = len(raw) if self._ended else max(raw.rfind(b"\n"), raw.rfind(b"\r", 0, -1)) + 1
        lines, self._part = raw[:until], raw[until:]
        if self._encoding == AUTO:
            self._encoding = choose_encoding(lines)
        self._lines += to_utf_8(lines, self._encoding)

    def _without_mark(self, block: bytes) -> bytes:
        if block.startswith(WIDE_BOMS):
            raise EncodingUnknown(source=self._source.code, encoding="UTF-16")
        if not block.startswith(BOM):
            return block
        self._encoding = UTF_8
        self._sum.update(BOM)
        self._read += len(BOM)
        return block.removeprefix(BOM)

    def _unchanged(self) -> None:
        after = os.fstat(self._file.fileno())
        same = (after.st_size, after.st_mtime_ns) == (self._before.st_size, self._before.st_mtime_ns)
        if not same or self._read != self.total:
            raise SourceChanged(source=self._source.code)

    @override
    def proof(self) -> Proof:
        self._unchanged()
        return Proof(checksum=self._sum.hexdigest(), fingerprint=self._sum.hexdigest(), bytes=self._read)

    @override
    def close(self) -> None:
        self._file.close()
