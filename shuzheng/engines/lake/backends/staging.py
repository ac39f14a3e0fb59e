"""A batch on its way: typed, sealed, and written beside the lake; nothing of it is in the table before one commit.

What stands in the batch's folder when it is whole: Parquet files of the rows that land, the rows that do not (sealed),
and last of all `manifest.json`, which says that the batch is whole. So whoever finds a batch that was cut off knows
from the table's log and this folder alone how to go on; the source need not be there any more.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.seal import KeyRing, seal_text
from shuzheng.engines.lake.backends.sources.reading import as_text
from shuzheng.engines.lake.errors import TooManyBad
from shuzheng.engines.lake.rules.arrow import stored_schema
from shuzheng.engines.lake.rules.reading.typing import RELATION, Plan, Short
from shuzheng.engines.lake.rules.sealing import open_column, seal_column
from shuzheng.engines.lake.types.gathering import Chunk, Fault, Source
from shuzheng.engines.lake.types.tables import ROW_COLUMN, Table
from shuzheng.engines.rules.rules.duckdb import quote_name, quote_text

MEMORY: Final = "256MB"
"""Of DuckDB; with blocks under way a batch takes about twice that, whatever its size."""
_GROUPING: Final = "128MB"
"""While keys are grouped, which spills to disk and is no slower for it; what it takes it does not give back."""
PLACE: Final = "lake.quarantine"
_MANIFEST: Final = "manifest.json"
_BAD: Final = "quarantine.jsonl"
_BYTES: Final = pa.binary()
_TOGETHER: Final = 20_480
"""Rows one core types at a time; a chunk is several, so that no core waits long for the other."""
_RARELY: Final = 8
"""Of so many rows one may need the long way; where more do, the short one is not tried again."""
_WRITING: Final = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, ROW_GROUP_SIZE 40960)"
"""Row groups that several cores fill and compress while a chunk is typed; tidying joins them into larger ones."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A batch that is whole.

    Attributes:
        files: Name and rows of each file.
    """

    read: int
    landed: int
    quarantined: int
    bytes: int
    checksum: str
    fingerprint: str
    watermark: str
    files: tuple[tuple[str, int], ...]


class Stage:
    """Where one batch is made ready."""

    def __init__(self, folder: Path, table: Table, source: Source, ring: KeyRing, *, at: datetime, name: str) -> None:
        """Begin anew; what an earlier try left is removed.

        Args:
            folder: Of this batch alone, on the file system of the lake.
            table: Where it goes.
            source: Where it comes from.
            ring: The ring `seal`.
            at: When the batch began.
            name: Begins the names of its files; unique in the lake.
        """
        self.folder, self._table, self._source, self._ring, self._at, self._name = folder, table, source, ring, at, name
        clear_stage(folder)
        folder.mkdir(parents=True, mode=0o700)
        self._files: list[tuple[str, int]] = []
        self._header: tuple[str, ...] = ()
        self._plan: Plan | None = None
        self._shortly = True
        self.read = self.bytes = self.bad = 0
        self._list = (folder / _BAD).open("w", encoding="utf-8")
        self._engine = duckdb.connect(
            config={"memory_limit": MEMORY, "temp_directory": str(folder), "preserve_insertion_order": False}
        )
        self._engine.execute("SET TimeZone = 'UTC'")

    def plan(self, plan: Plan, header: Sequence[str]) -> None:
        """Say how the chunks to come are typed, and what their columns are called."""
        self._plan, self._header = plan, tuple(header)

    def take(self, chunk: Chunk) -> None:
        """Type a chunk: write what lands, note what does not.

        Raises:
            TooManyBad: More rows are bad than the source allows.
        """
        self.read += chunk.rows.num_rows + len(chunk.faults)
        self.bytes += chunk.bytes
        self._refuse(chunk.faults)
        if not chunk.rows.num_rows or self._plan is None:
            return
        rows = chunk.rows.append_column(ROW_COLUMN, chunk.numbers)
        if self._shortly:
            rows = self._take_short(rows, self._plan.short[chunk.trimmed])
        if rows.num_rows:
            self._take_all(rows, self._plan)

    def _take_short(self, rows: pa.Table, short: Short) -> pa.Table:
        """Write what reads the short way, and return the rest; where that is much, the long way is gone from now on."""
        with self._given(rows):
            if self._write(short.good) == rows.num_rows:
                return rows.slice(0, 0)
            rest = self._engine.sql(short.rest).to_arrow_table()
        self._shortly = rest.num_rows * _RARELY < rows.num_rows
        return rest

    def _take_all(self, rows: pa.Table, plan: Plan) -> None:
        with self._given(rows):
            if self._write(plan.good) < rows.num_rows:
                self._refuse(list(self._bad_rows(plan)))

    @contextmanager
    def _given(self, rows: pa.Table) -> Iterator[None]:
        self._engine.register(RELATION, pa.Table.from_batches(rows.to_batches(max_chunksize=_TOGETHER)))
        try:
            yield
        finally:
            self._engine.unregister(RELATION)

    def _write(self, query: str) -> int:
        name = f"{self._name}-{len(self._files) + 1:05}.parquet"
        path = self.folder / name
        if any(column.sealed for column in self._table.columns):
            count = self._write_sealed(query, path)
        else:
            counted = self._engine.execute(f"COPY ({query}) TO {quote_text(str(path))} {_WRITING}").fetchone()
            count = 0 if counted is None else int(counted[0])
        if count:
            self._files.append((name, count))
        return count

    def _write_sealed(self, query: str, path: Path) -> int:
        found = self._engine.sql(query).to_arrow_table()
        for column in self._table.columns:
            if column.sealed:
                place = found.schema.get_field_index(column.name)
                sealed = seal_column(found.column(place).combine_chunks(), self._table.code, column, self._ring)
                found = found.set_column(place, column.name, sealed)
        pq.write_table(found.cast(stored_schema(self._table)), path, compression="zstd", compression_level=3)
        return int(found.num_rows)

    def _bad_rows(self, plan: Plan) -> Iterator[Fault]:
        for row, why, *texts in self._engine.execute(plan.bad).fetchall():
            yield Fault(row, plan.reasons[why], dict(zip(self._header, texts, strict=True)))

    def _refuse(self, faults: Sequence[Fault]) -> None:
        self.bad += len(faults)
        if self.bad > self._source.most_quarantined:
            raise TooManyBad(source=self._source.code, most=self._source.most_quarantined)
        for fault in faults:
            key = new_id(self._at)
            sealed = seal_text(self._ring, json.dumps(fault.values, ensure_ascii=False), f"{PLACE}:{key}")
            line = {"id": str(key), "row": fault.row, "rule": fault.rule, "sealed": b64encode(sealed).decode()}
            self._list.write(json.dumps(line) + "\n")

    # ---- keys that stand twice ----
    def settle(self, header_of: Mapping[str, str]) -> None:
        """Keep of each key the last row; earlier ones go to quarantine.

        Args:
            header_of: Column → its header in the source, for the values noted.
        """
        if not self._table.keys or not self._files:
            return
        keys = ", ".join(map(quote_name, self._table.keys))
        parts = self._parts()
        if self._grouped(f"SELECT count(*) - count(DISTINCT hash({keys})) FROM {parts}") == (0,):  # noqa: S608
            return  # no digest stands twice, so no key does; to group short numbers costs a third of grouping keys
        twice = f"SELECT {keys}, max({ROW_COLUMN}) AS last FROM {parts} GROUP BY ALL HAVING count(*) > 1"  # noqa: S608
        self._grouped(f"CREATE TEMP TABLE twice AS {twice}")
        over = (
            f"SELECT file, {ROW_COLUMN} FROM (SELECT *, parse_filename(filename) AS file FROM {parts}) "  # noqa: S608
            f"JOIN twice USING ({keys}) WHERE {ROW_COLUMN} < last"
        )
        self._engine.execute(f"CREATE TEMP TABLE over AS {over}")
        counted = self._engine.execute("SELECT file, count(*) FROM over GROUP BY file ORDER BY file").fetchall()
        if sum(count for _, count in counted) + self.bad > self._source.most_quarantined:
            raise TooManyBad(source=self._source.code, most=self._source.most_quarantined)
        for file, count in counted:
            self._rewrite(file, count, header_of)

    def _grouped(self, query: str) -> tuple[object, ...] | None:
        self._engine.execute(f"SET memory_limit = '{_GROUPING}'")
        found: tuple[object, ...] | None = self._engine.execute(query).fetchone()
        self._engine.execute(f"SET memory_limit = '{MEMORY}'")
        return found

    def _parts(self) -> str:
        listed = ", ".join(quote_text(str(self.folder / name)) for name, _ in self._files)
        return f"read_parquet([{listed}], filename = true)"

    def _rewrite(self, file: str, count: int, header_of: Mapping[str, str]) -> None:
        path = self.folder / file
        before = f"read_parquet({quote_text(str(path))})"
        rows = f"(SELECT {ROW_COLUMN} FROM over WHERE file = {quote_text(file)})"  # noqa: S608
        gone = self._engine.sql(f"SELECT * FROM {before} WHERE {ROW_COLUMN} IN {rows} ORDER BY {ROW_COLUMN}")  # noqa: S608
        self._refuse([self._superseded(row, header_of) for row in self._opened(gone.to_arrow_table()).to_pylist()])
        self._engine.execute(
            f"COPY (SELECT * FROM {before} WHERE {ROW_COLUMN} NOT IN {rows}) "  # noqa: S608
            f"TO {quote_text(str(path) + '.new')} {_WRITING}"
        )
        Path(f"{path}.new").replace(path)
        place = next(place for place, (name, _) in enumerate(self._files) if name == file)
        self._files[place] = (file, self._files[place][1] - count)

    def _opened(self, rows: pa.Table) -> pa.Table:
        for column in self._table.columns:
            if column.sealed:
                place = rows.schema.get_field_index(column.name)
                opened = open_column(rows.column(place).combine_chunks(), self._table.code, column, self._ring)
                rows = rows.set_column(place, column.name, opened)
        return rows

    @staticmethod
    def _superseded(row: Mapping[str, object], header_of: Mapping[str, str]) -> Fault:
        values = {header_of[name]: as_text(value) for name, value in row.items() if name in header_of}
        return Fault(int(str(row[ROW_COLUMN])), "duplicate", values)

    # ---- the end ----
    def close(self) -> None:
        """Let go of the engine and the list."""
        self._engine.close()
        self._list.close()

    def seal(self, *, checksum: str, fingerprint: str, watermark: str) -> Manifest:
        """Say that the batch is whole: everything is on the disk before the manifest is."""
        self._engine.close()
        self._list.flush()
        os.fsync(self._list.fileno())
        self._list.close()
        files = tuple((name, rows) for name, rows in self._files if rows)
        for name, _ in files:
            sync(self.folder / name)
        made = Manifest(
            read=self.read,
            landed=sum(rows for _, rows in files),
            quarantined=self.bad,
            bytes=self.bytes,
            checksum=checksum,
            fingerprint=fingerprint,
            watermark=watermark,
            files=files,
        )
        new = self.folder / f"{_MANIFEST}.new"
        new.write_text(json.dumps(asdict(made)), "utf-8")
        sync(new)
        new.replace(self.folder / _MANIFEST)
        sync(self.folder)
        return made


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a batch, None when it is not whole."""
    path = folder / _MANIFEST
    if not path.exists():
        return None
    found = json.loads(path.read_text("utf-8"))
    return Manifest(**{**found, "files": tuple((str(name), int(rows)) for name, rows in found["files"])})


def read_quarantine(folder: Path) -> Iterator[tuple[UUID, int, str, bytes]]:
    """Yield id, row, rule and sealed values of each row that did not land."""
    with (folder / _BAD).open(encoding="utf-8") as lines:
        for line in lines:
            found = json.loads(line)
            yield UUID(found["id"]), int(found["row"]), str(found["rule"]), b64decode(found["sealed"])


def read_staged(folder: Path, files: Sequence[tuple[str, int]], schema: pa.Schema) -> pa.RecordBatchReader:
    """Return the rows of a batch that is whole, in batches."""

    def batches() -> Iterator[pa.RecordBatch]:
        for name, _ in files:
            with pq.ParquetFile(folder / name) as file:
                for batch in file.iter_batches(batch_size=65_536):
                    yield batch.cast(schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def seal_staged(folder: Path, files: Sequence[tuple[str, int]], table: Table, ring: KeyRing) -> None:
    """Seal what was made ready before a column became L4; called again after a fault it does what is left.

    Args:
        folder: Of the batch.
        files: Its files, see `Manifest`.
        table: Graded as it is now.
        ring: The ring `seal`.
    """
    for name, _ in files:
        path = folder / name
        kinds = {field.name: field.type for field in pq.read_schema(path)}
        clear = [one for one in table.columns if one.sealed and not pa.types.is_binary(kinds.get(one.name, _BYTES))]
        if not clear:
            continue
        with pq.ParquetFile(path) as file:
            rows = file.read()
        for column in clear:
            sealed = seal_column(rows.column(column.name).combine_chunks(), table.code, column, ring)
            rows = rows.set_column(rows.schema.get_field_index(column.name), column.name, sealed)
        new = Path(f"{path}.new")
        pq.write_table(rows, new, compression="zstd", compression_level=3)
        sync(new)
        new.replace(path)


def clear_stage(folder: Path) -> None:
    """Remove what a batch left; a manifest goes first, so that half a folder never looks whole."""
    if not folder.exists():
        return
    (folder / _MANIFEST).unlink(missing_ok=True)
    for path in sorted(folder.rglob("*"), key=lambda one: len(one.parts), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
