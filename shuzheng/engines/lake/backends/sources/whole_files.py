"""Excel workbooks, JSON lines and Parquet files."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook
from typing_extensions import override

from shuzheng.base.kernel.said import said
from shuzheng.engines.lake.backends.sources.reading import ROWS, Reader, as_text, chunks_of, make_chunk, say_os_error
from shuzheng.engines.lake.errors import SourceAway, SourceChanged, SourceEmpty
from shuzheng.engines.lake.types.gathering import WHOLE, Chunk, Fault, Proof, Source

_LOOKED_AT: Final = 1000
"""Lines of JSON from which the header is taken; a later line with another key is a fault."""


class _File(Reader):
    """A file that is hashed first and must be the same at the end."""

    def __init__(self, path: Path, source: Source) -> None:
        self._path, self._source = path, source
        try:
            with path.open("rb") as file:
                self._sum = hashlib.file_digest(file, "sha256").hexdigest()
            self._before = self._stat()
        except OSError as why:
            raise SourceAway(source=source.code, why=say_os_error(why)) from why
        self.total = self._before[0]
        self._rows: int | None = None

    def _stat(self) -> tuple[int, int]:
        about = self._path.stat()
        return about.st_size, about.st_mtime_ns

    @override
    def proof(self) -> Proof:
        if self._stat() != self._before:
            raise SourceChanged(source=self._source.code)
        return Proof(rows=self._rows, checksum=self._sum, fingerprint=self._sum, bytes=self.total)

    @override
    def close(self) -> None:
        return


class ExcelReader(_File):
    """One sheet; a row without anything in it is none."""

    def __init__(self, path: Path, source: Source) -> None:
        """Read the sheet.

        Raises:
            SourceAway: It is not there, is no workbook, or has no such sheet.
            SourceEmpty: It has no header.
        """
        super().__init__(path, source)
        try:
            book = CalamineWorkbook.from_path(str(path))
            sheet = book.get_sheet_by_name(source.sheet) if source.sheet else book.get_sheet_by_index(0)
            found = sheet.to_python(skip_empty_area=False)
        except (CalamineError, BadZipFile, OSError, ValueError) as why:
            raise SourceAway(source=source.code, why=said("不是能读的 Excel 工作簿，或没有这张工作表")) from why
        self._lines = [row for row in found[source.skip_rows :] if any(value not in ("", None) for value in row)]
        if not self._lines:
            raise SourceEmpty(source=source.code)
        self.names = tuple(as_text(value) or "" for value in self._lines[0])

    @override
    def chunks(self) -> Iterator[Chunk]:
        return chunks_of(self._lines[1:], len(self.names))


class JsonLinesReader(_File):
    """One object a line."""

    def __init__(self, path: Path, source: Source) -> None:
        """Look at the first lines for the header.

        Raises:
            SourceAway: It is not there.
            SourceEmpty: It has no lines.
        """
        super().__init__(path, source)
        self._file = path.open("rb")
        self._start = list(islice(filter(bytes.strip, self._file), _LOOKED_AT))
        names: dict[str, None] = {}
        for line in self._start:
            found = read_object(line)
            names.update(dict.fromkeys(found or {}))
        if not self._start:
            self._file.close()
            raise SourceEmpty(source=source.code)
        self.names = tuple(names)

    @override
    def chunks(self) -> Iterator[Chunk]:
        waiting = enumerate(chain(self._start, filter(bytes.strip, self._file)), 1)
        while some := list(islice(waiting, ROWS)):
            yield chunk_of_objects([(number, read_object(line), line) for number, line in some], self.names)

    @override
    def close(self) -> None:
        self._file.close()


class ParquetReader(_File):
    """One file; it says itself how many rows it has."""

    def __init__(self, path: Path, source: Source) -> None:
        """Read its schema.

        Raises:
            SourceAway: It is not there, or is no Parquet file.
        """
        super().__init__(path, source)
        try:
            self._parquet = pq.ParquetFile(path)
        except (pa.ArrowException, OSError) as why:
            raise SourceAway(source=source.code, why=said("不是能读的 Parquet 文件")) from why
        self.names = tuple(self._parquet.schema_arrow.names)
        self._rows = self._parquet.metadata.num_rows

    @override
    def chunks(self) -> Iterator[Chunk]:
        first = 1
        for batch in self._parquet.iter_batches(batch_size=ROWS * 5):
            columns = [_texts(column) for column in batch.columns]
            table = pa.table(columns, names=[f"s{place}" for place in range(len(columns))])
            numbers = pa.array(range(first, first + batch.num_rows), pa.int64())
            yield Chunk(table, numbers, bytes=batch.nbytes)
            first += batch.num_rows

    @override
    def close(self) -> None:
        self._parquet.close()


def _texts(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_nested(kind) or pa.types.is_binary(kind):
        return pa.array(list(map(as_text, column.to_pylist())), pa.string())
    return column.cast(pa.string())


def read_object(line: bytes | str) -> dict[str, object] | None:
    """Return an object, numbers exact; None when the text is none."""
    try:
        found = json.loads(line, parse_float=Decimal)
    except ValueError:
        return None
    return {str(key): value for key, value in found.items()} if isinstance(found, dict) else None


def chunk_of_objects(some: Sequence[tuple[int, dict[str, object] | None, bytes]], names: Sequence[str]) -> Chunk:
    """Return objects as a chunk; what is none, or has a key the header lacks, is a fault."""
    known = frozenset(names)
    rows, numbers, faults = [], [], []
    for number, found, line in some:
        if found is None or not known.issuperset(found):
            rule = "json" if found is None else "columns"
            faults.append(Fault(number, rule, {WHOLE: line.decode("utf-8", "backslashreplace").strip()}))
            continue
        rows.append([_plain(found.get(name)) for name in names])
        numbers.append(number)
    made = make_chunk(rows, len(names), 1)
    return Chunk(made.rows, pa.array(numbers, pa.int64()), tuple(faults), sum(len(line) for _, _, line in some))


def _plain(value: object) -> object:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else value
