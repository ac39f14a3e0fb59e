"""Tables as Delta Lake folders: `<var>/lake/<code>`. A commit is whole or not there, whenever the power fails."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal
from urllib.parse import unquote

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.schema import PrimitiveType
from deltalake.transaction import AddAction, RemoveAction
from pyarrow.dataset import dataset
from pyarrow.parquet import read_schema

from shuzheng.engines.lake.errors import SealChanged, TableForeign
from shuzheng.engines.lake.rules.arrow import stored_schema
from shuzheng.engines.lake.types.tables import Table, TableCode

_READER: Final = 1
"""Delta protocol we read: no deletion vectors, no column mapping."""
_BYTES: Final = PrimitiveType("binary")
_AS_BYTES: Final = (pa.binary(), pa.large_binary(), pa.binary_view())
"""What writers note of the same bytes in a file."""
_COMMIT: Final = re.compile(r"([0-9]{20})[.]")
"""Names of commits and checkpoints in the log."""
_WRITING: Final = WriterProperties(
    compression="ZSTD", compression_level=3, max_row_group_size=122_880, dictionary_page_size_limit=1 << 16
)
"""Row groups as large as DuckDB writes them: it reads one on one core, and a million rows in one would take one. Past
the limit of a dictionary values stand plain: half a dictionary of identity numbers makes a file half as large again.
"""


@dataclass(frozen=True, slots=True)
class Version:
    """A table as it stood at one commit.

    Attributes:
        files: Absolute paths of its Parquet files. Never list the folder: it holds deleted rows too.
        columns: All it has, the lake's own too.
        sealed: Columns that are bytes in it, whatever a definition says by now.
    """

    table: TableCode
    number: int
    files: tuple[str, ...]
    rows: int
    bytes: int
    columns: frozenset[str] = frozenset()
    sealed: frozenset[str] = frozenset()

    def check(self, table: Table) -> None:
        """Refuse to read a column as text that is sealed by now; the other way round engines see to it.

        Raises:
            SealChanged: The definition given is older than this version.
        """
        if self.sealed & {column.name for column in table.columns if not column.sealed}:
            raise SealChanged(table=table.label)

    def in_clear(self, table: Table) -> frozenset[str]:
        """Return the columns that should be sealed, and are stored in clear."""
        return (self.columns - self.sealed) & {column.name for column in table.columns if column.sealed}


class Store:
    """The lake's folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, code: TableCode) -> Path:
        """Return the folder of a table."""
        return self.root / code

    def ensure(self, table: Table) -> DeltaTable:
        """Return the table, made empty if there is none; columns the definition has anew are added, NULL so far.

        Whoever writes goes on from what is returned: should a column be sealed before the commit, Delta refuses it.

        Raises:
            TableForeign: Something else wrote it with features we do not read.
            SealChanged: A column is stored sealed and defined otherwise, or the other way round.
        """
        schema = stored_schema(table)
        found = self.find(table.code)
        if found is None:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            return DeltaTable.create(str(self.path(table.code)), schema=schema, mode="ignore", name=table.code)
        have, sealed = _columns(found)
        if any((column.name in sealed) != column.sealed for column in table.columns if column.name in have):
            raise SealChanged(table=table.label)
        if missing := [schema.field(name) for name in schema.names if name not in have]:
            write_deltalake(
                found, pa.Table.from_batches([], schema=pa.schema(missing)), mode="append", schema_mode="merge"
            )
            return self._opened(table.code)
        return found

    def find(self, code: TableCode) -> DeltaTable | None:
        """Return the table, None when nothing was stored.

        Raises:
            TableForeign: See `ensure`.
        """
        try:
            return self._opened(code)
        except TableNotFoundError:
            return None

    def _opened(self, code: TableCode) -> DeltaTable:
        found = DeltaTable(str(self.path(code)))
        protocol = found.protocol()
        if protocol.min_reader_version > _READER:
            features = "、".join(sorted(protocol.reader_features or ())) or str(protocol.min_reader_version)
            raise TableForeign(table=code, features=features)
        return found

    def version(self, code: TableCode) -> Version | None:
        """Return the table as it stands, None when nothing was stored."""
        found = self.find(code)
        if found is None:
            return None
        added = pa.table(found.get_add_actions(flatten=True))
        rows, size = (sum(added.column(name).to_pylist()) for name in ("num_records", "size_bytes"))
        files = tuple(map(unquote, found.file_uris()))  # they come as URIs
        return Version(code, found.version(), files, rows, size, *_columns(found))

    def files_at(self, code: TableCode, number: int) -> tuple[str, ...] | None:
        """Return the files of a table as it stood at one commit; None when its log or one of them is kept no more."""
        found = self.find(code)
        if found is None or number > found.version():  # deltalake would look for each number up to it
            return None
        try:
            found.load_as_version(number)
        except DeltaError:
            return None
        files = tuple(map(unquote, found.file_uris()))
        return files if all(Path(file).exists() for file in files) else None

    def landed(self, code: TableCode, writer: str) -> int | None:
        """Return the number of the last batch a writer landed, None when it has landed none."""
        found = self.find(code)
        return None if found is None else found.transaction_version(writer)

    def append(
        self, table: Table, batches: pa.RecordBatchReader, *, writer: str, batch: int, said: Mapping[str, str]
    ) -> int:
        """Land a batch behind what is there, whole and once; return the new version.

        Args:
            table: Definition.
            batches: Columns of `stored_schema(table)`.
            writer: Who lands, such as the code of a source; batches of one writer are numbered upwards.
            batch: Its number; see `landed` for which was the last.
            said: Kept with the commit.
        """
        return self._write(table, batches, "append", writer, batch, said)

    def replace(
        self, table: Table, batches: pa.RecordBatchReader, *, writer: str, batch: int, said: Mapping[str, str]
    ) -> int:
        """Land a batch in place of all that is there; see `append`."""
        return self._write(table, batches, "overwrite", writer, batch, said)

    def _write(
        self,
        table: Table,
        batches: pa.RecordBatchReader,
        mode: Literal["append", "overwrite"],
        writer: str,
        batch: int,
        said: Mapping[str, str],
    ) -> int:
        found = self.ensure(table)
        commit = _commit(writer, batch, said)
        if mode == "append":
            write_deltalake(found, batches, mode=mode, writer_properties=_WRITING, commit_properties=commit)
        else:
            write_deltalake(found, batches, mode=mode, writer_properties=_WRITING, commit_properties=commit)
        return self._opened(table.code).version()

    def adopt(
        self,
        table: Table,
        files: Sequence[tuple[Path, int]],
        *,
        replace: bool,
        writer: str,
        batch: int,
        said: Mapping[str, str],
    ) -> int:
        """Land a batch that was written as Parquet files beforehand: they are moved in, then named by one commit.

        Args:
            table: Definition; the files have the columns of `stored_schema(table)`.
            files: On the same file system as the lake, whose names are unique; and how many rows each has.
            replace: Whether they stand in place of all that is there.
            writer: See `append`.
            batch: See `append`.
            said: See `append`.
        """
        found = self.ensure(table)
        folder = self.path(table.code)
        added: list[AddAction | RemoveAction] = []
        for file, rows in files:
            about = file.stat()
            file.replace(folder / file.name)
            stats = json.dumps({"numRecords": rows})
            added.append(AddAction(file.name, about.st_size, {}, about.st_mtime_ns // 1_000_000, True, stats))  # noqa: FBT003
        mode = "overwrite" if replace else "append"
        commit = _commit(writer, batch, said)
        found.create_write_transaction(added, mode, stored_schema(table), commit_properties=commit)
        return self._opened(table.code).version()

    def merge(
        self, table: Table, batches: pa.RecordBatchReader, *, writer: str, batch: int, said: Mapping[str, str]
    ) -> int:
        """Land a batch by key: rows whose key is there are replaced, others added; see `append`.

        The batch holds each key once (the caller keeps the last), and no key is NULL.
        """
        found = self.ensure(table)
        found.merge(
            source=batches,
            predicate=" AND ".join(f'old."{key}" = new."{key}"' for key in table.keys),
            source_alias="new",
            target_alias="old",
            writer_properties=_WRITING,
            commit_properties=_commit(writer, batch, said),
        ).when_matched_update_all().when_not_matched_insert_all().execute()
        return self._opened(table.code).version()

    def codes(self) -> tuple[TableCode, ...]:
        """Return every table of which something was stored, defined or not, in the order of codes."""
        if not self.root.exists():
            return ()
        return tuple(TableCode(one.name) for one in sorted(self.root.iterdir()) if (one / "_delta_log").is_dir())

    def scan(self, code: TableCode, columns: Sequence[str] | None = None) -> tuple[int, pa.RecordBatchReader]:
        """Return the version of a table and its rows as stored: every column ever stored, or those named.

        Raises:
            TableNotFoundError: Nothing was stored.
        """
        found = self._opened(code)
        return found.version(), _rows(found, columns)

    def rewrite(
        self,
        code: TableCode,
        change: Callable[[pa.RecordBatch], pa.RecordBatch],
        *,
        said: Mapping[str, str],
        sealed: Collection[str] = (),
    ) -> int:
        """Write every row of a table anew, changed; return the new version. What writers landed stays landed.

        Args:
            code: Which table.
            change: Given each batch of rows as stored, in a thread of Delta's own.
            said: Kept with the commit.
            sealed: Columns that become bytes by the same commit.

        Raises:
            CommitFailedError: A batch landed meanwhile; nothing was changed, do it again.
        """
        found = self._opened(code)
        rows = _rows(found, None)
        fields = [field.with_type(pa.binary()) if field.name in sealed else field for field in rows.schema]
        changed = pa.RecordBatchReader.from_batches(pa.schema(fields), map(change, rows))
        commit = CommitProperties(custom_metadata=dict(said), max_commit_retries=0)
        write_deltalake(
            found,
            changed,
            mode="overwrite",
            schema_mode="overwrite" if sealed else None,
            writer_properties=_WRITING,
            commit_properties=commit,
        )
        return self._opened(code).version()

    def checkpoint(self, code: TableCode) -> int:
        """Write the present version down whole, so that no commit before it is needed any more; return its number."""
        found = self._opened(code)
        found.create_checkpoint()
        return found.version()

    def forget_clear(self, code: TableCode, columns: Collection[str], *, before: int) -> int:
        """Remove what still holds columns in clear: files of no present version, and the log with their extremes.

        Files are told by what is in them, so that those of other versions stay, and a call that was cut off is
        finished by the next.

        Args:
            code: Which table; nobody may land in it meanwhile.
            columns: Sealed in the present version.
            before: A version that was written down by `checkpoint`; commits before it go.

        Returns:
            How many files of rows were removed.
        """
        found = self._opened(code)
        present = {Path(unquote(uri)).resolve() for uri in found.file_uris()}
        over = [
            path
            for path in self.path(code).glob("*.parquet")
            if path.resolve() not in present and _holds_clear(path, columns)
        ]
        for path in over:
            path.unlink(missing_ok=True)
        for path in (self.path(code) / "_delta_log").iterdir():
            number = _COMMIT.match(path.name)
            if path.name.endswith(".tmp") or (number is not None and int(number[1]) < before):
                path.unlink(missing_ok=True)
        return len(over)

    def tidy(self, code: TableCode, *, keep: timedelta = timedelta(days=7)) -> Mapping[str, object]:
        """Join small files into large ones, and remove files no version younger than `keep` uses."""
        found = self.find(code)
        if found is None:
            return {}
        done = found.optimize.compact(writer_properties=_WRITING)
        removed = found.vacuum(
            retention_hours=int(keep.total_seconds() // 3600),
            enforce_retention_duration=False,
            dry_run=False,
            full=True,
        )
        found.create_checkpoint()
        found.cleanup_metadata()
        return {**done, "removed": len(removed)}

    def history(self, code: TableCode, limit: int = 50) -> Iterable[Mapping[str, object]]:
        """Return commits, newest first."""
        found = self.find(code)
        return () if found is None else found.history(limit)


def _columns(found: DeltaTable) -> tuple[frozenset[str], frozenset[str]]:
    """Return the columns of a version, and those of them that are bytes."""
    fields = found.schema().fields
    return frozenset(one.name for one in fields), frozenset(one.name for one in fields if one.type == _BYTES)


def _holds_clear(path: Path, columns: Collection[str]) -> bool:
    """Tell whether a file has one of the columns, and not as bytes; half a file is no file."""
    try:
        schema = read_schema(path)
    except (pa.ArrowInvalid, FileNotFoundError):
        return False
    return any(field.name in columns and field.type not in _AS_BYTES for field in schema)


def _rows(found: DeltaTable, columns: Sequence[str] | None) -> pa.RecordBatchReader:
    files, schema = list(map(unquote, found.file_uris())), pa.schema(found.schema().to_arrow())
    rows = dataset(files, schema=schema, format="parquet") if files else dataset(schema.empty_table())
    return rows.scanner(columns=None if columns is None else list(columns)).to_reader()


def said_of(batch: str, at: datetime) -> Mapping[str, str]:
    """Return what is kept with a commit."""
    return {"batch": batch, "at": at.isoformat()}


def _commit(writer: str, batch: int, said: Mapping[str, str]) -> CommitProperties:
    return CommitProperties(custom_metadata=dict(said), app_transactions=[Transaction(writer, batch)])
