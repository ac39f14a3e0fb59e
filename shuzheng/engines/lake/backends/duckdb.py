"""The engine in the process: DuckDB over the Parquet files of one version of each table, locked down.

It reads the files the Delta log names, never a folder; it can open nothing else, and its settings cannot be changed.
Sealed columns are bytes, unless it was opened with the key ring (`sealing`), which only the gate does. One that was
graded L4 and is not yet written anew looks the same to whoever reads: by the key ring its values, without it bytes that
hold none and tell only where there is a value. Which of the two is stored the files say.
Engines without the key ring make nothing in their database, so they share one a process: to start one takes as long as
to judge 400,000 rows.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType
from typing_extensions import override

from shuzheng.base.kernel.seal import KeyRing, SealBroken
from shuzheng.engines.lake.backends.delta import Store
from shuzheng.engines.lake.errors import EngineFailed, SealChanged
from shuzheng.engines.lake.rules.arrow import arrow_type
from shuzheng.engines.lake.rules.columns import Columns, table_columns
from shuzheng.engines.lake.rules.dialects import DUCKDB
from shuzheng.engines.lake.rules.sealing import open_column
from shuzheng.engines.lake.rules.writing import Writer
from shuzheng.engines.lake.types.engines import Engine
from shuzheng.engines.lake.types.tables import Column, Table, TableCode
from shuzheng.engines.lake.types.trees import Tree

_BATCH_ROWS: Final = 65_536
_WHY: Final[Mapping[type[duckdb.Error], str]] = {
    duckdb.OutOfMemoryException: "内存不够",
    duckdb.IOException: "读写文件出错",
    duckdb.InterruptException: "被中断",
}


@dataclass(frozen=True, slots=True)
class Means:
    """What the engine may use.

    Attributes:
        memory: As DuckDB writes it, `1GB`; '' is four fifths of the machine.
        threads: 0: one for each core.
        spill: Folder it writes to when memory is short; None: it does not, and fails instead.
    """

    memory: str = ""
    threads: int = 0
    spill: Path | None = None


def open_duckdb(
    tables: Mapping[TableCode, Table],
    *,
    store: Store,
    hash_key: bytes,
    sealing: KeyRing | None = None,
    means: Means | None = None,
) -> "DuckEngine":
    """Return an engine that sees the tables given and no others, each as it stands at this moment.

    Args:
        tables: By code; one of which nothing was stored is empty.
        store: Where they lie.
        hash_key: Key of the mask HASH.
        sealing: The ring `seal`: sealed columns are opened as they are read. Only the gate gives it.
        means: What the engine may use.
    """
    files = {code: () if (found := store.version(code)) is None else found.files for code in tables}
    means = means or Means()
    return DuckEngine(tables, files, root=store.root, hash_key=hash_key, sealing=sealing, means=means, shared=True)


class DuckEngine(Engine):
    """DuckDB; made by `open_duckdb`.

    Attributes:
        connection: Locked down; take a cursor of it. The gate, which shares with nobody, makes its views here.
    """

    name = "duckdb"

    def __init__(
        self,
        tables: Mapping[TableCode, Table],
        files: Mapping[TableCode, tuple[str, ...]],
        *,
        root: Path,
        hash_key: bytes,
        sealing: KeyRing | None,
        means: Means,
        shared: bool = False,
    ) -> None:
        self._tables, self._files, self._sealing = tables, files, sealing
        self._relations: dict[TableCode, str] = {}
        self._broken = False
        if shared and sealing is None:
            self.connection = _shared(os.getpid(), root, means).cursor()
        else:
            self.connection = _connected(means)
            if sealing is not None:
                for table in tables.values():
                    self._register(table, sealing)
            _lock(self.connection, root, means)
        self._writer = Writer(DUCKDB, tables, self.relation, hash_key=hash_key, opened=sealing is not None)

    @override
    def run(self, tree: Tree) -> pa.RecordBatchReader:
        """Return the rows of a tree in batches; columns have the types `rules.columns.columns_of` gives.

        Raises:
            TreeInvalid: The tree names what is not there, or compares what cannot be compared.
            EngineFailed: Memory or disk did not do; also while batches are read.
            SealBroken: A sealed value does not open with the ring given; also while batches are read.
        """
        sql, columns = self.sql(tree)
        schema = pa.schema(list(columns.items()))
        return pa.RecordBatchReader.from_batches(schema, self._batches(sql, schema))

    def sql(self, tree: Tree) -> tuple[str, Columns]:
        """Return the SELECT of a tree and its columns; keys of HASH stand in it: never log or show it.

        Raises:
            TreeInvalid: See `run`.
        """
        return self._writer.write(tree)

    def relation(self, code: TableCode) -> str:
        """Return a table as a subquery in parentheses: every column of the definition and the lake's own, typed."""
        if code not in self._relations:
            self._relations[code] = f"({self._select(self._tables[code])})"
        return self._relations[code]

    def interrupt(self) -> None:
        """End what runs; it raises `EngineFailed`. May be called from another thread."""
        self.connection.interrupt()

    @override
    def close(self) -> None:
        """Let go of memory and files."""
        self.connection.close()

    def _batches(self, sql: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        try:
            with self.connection.cursor() as cursor:
                for batch in cursor.sql(sql).to_arrow_reader(_BATCH_ROWS):
                    yield batch.cast(schema)
        except duckdb.Error as failed:
            if self._broken:
                raise SealBroken from None
            raise EngineFailed(engine=self.name, why=_WHY.get(type(failed), type(failed).__name__)) from None

    def _select(self, table: Table) -> str:
        files, columns = self._files[table.code], table_columns(table, opened=self._sealing is not None)
        have = self._stored(files)
        given = ", ".join(f"{self._read(table, name, have)} AS {DUCKDB.quote_name(name)}" for name in columns)
        rows = f"FROM {_parquet(files)}" if files else "WHERE FALSE"
        return f"SELECT {given} {rows}"

    def _read(self, table: Table, name: str, have: Mapping[str, bool]) -> str:
        found = table_columns(table, opened=self._sealing is not None)[name]
        if name not in have:
            return DUCKDB.typed("NULL", found)
        column, quoted = table.by_name.get(name), DUCKDB.quote_name(name)
        if column is not None and column.sealed:
            return self._read_sealed(table, column, stored=have[name])
        if have[name]:
            raise SealChanged(table=table.label)
        return DUCKDB.typed(quoted, found)

    def _read_sealed(self, table: Table, column: Column, *, stored: bool) -> str:
        """Return a column of grade L4; `stored` tells whether it is sealed in the files already."""
        quoted = DUCKDB.quote_name(column.name)
        if self._sealing is None:
            return quoted if stored else f"CASE WHEN {quoted} IS NOT NULL THEN ''::BLOB END"
        if stored:
            return f"{DUCKDB.quote_name(_opener(table, column))}({quoted})"
        return DUCKDB.typed(quoted, arrow_type(column))

    def _stored(self, files: tuple[str, ...]) -> Mapping[str, bool]:
        """Return the columns the files have, and whether they are bytes; one that came later is not in the older."""
        if not files:
            return {}
        try:
            with self.connection.cursor() as cursor:
                found = cursor.sql(f"SELECT * FROM {_parquet(files)}")  # noqa: S608 - our own paths
                return {name: str(kind) == "BLOB" for name, kind in zip(found.columns, found.types, strict=True)}
        except duckdb.Error as failed:
            raise EngineFailed(engine=self.name, why=_WHY.get(type(failed), type(failed).__name__)) from None

    def _open(self, table: Table, column: Column, ring: KeyRing, values: pa.ChunkedArray) -> pa.Array:
        try:
            return open_column(values.combine_chunks(), table.code, column, ring)
        except SealBroken:
            self._broken = True  # DuckDB passes on that something was raised, not what
            raise

    def _register(self, table: Table, ring: KeyRing) -> None:
        for column in table.columns:
            if column.sealed:
                self.connection.create_function(
                    _opener(table, column),
                    partial(self._open, table, column, ring),
                    ["BLOB"],
                    DUCKDB.type_name(arrow_type(column)),
                    type=PythonUDFType.ARROW,
                    null_handling=FunctionNullHandling.SPECIAL,
                )


def _opener(table: Table, column: Column) -> str:
    return f"open {table.code} {column.name}"


def _parquet(files: tuple[str, ...]) -> str:
    listed = ", ".join(map(DUCKDB.quote_text, files))
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"


def _connected(means: Means) -> duckdb.DuckDBPyConnection:
    config: dict[str, str] = {
        "python_enable_replacements": "false",
        "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false",
        "temp_directory": "" if means.spill is None else str(means.spill),
    }
    if means.memory:
        config["memory_limit"] = means.memory
    if means.threads:
        config["threads"] = str(means.threads)
    connection = duckdb.connect(":memory:", config=dict(config))
    connection.execute("SET GLOBAL TimeZone = 'UTC'")  # a cursor forgets what was set for the connection alone
    return connection


@lru_cache(maxsize=4)
def _shared(_process: int, root: Path, means: Means) -> duckdb.DuckDBPyConnection:
    """Return the database of this process over a root, locked; a process that was forked starts its own."""
    connection = _connected(means)
    connection.execute("SET enable_external_file_cache = false")  # it would hold what was read for good
    _lock(connection, root, means)
    return connection


def _lock(connection: duckdb.DuckDBPyConnection, root: Path, means: Means) -> None:
    folders = [root.resolve(), *([] if means.spill is None else [means.spill])]
    listed = ", ".join(DUCKDB.quote_text(f"{folder}/") for folder in folders)
    connection.execute(f"SET allowed_directories = [{listed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def make_opener(store: Store, means: Means | None = None) -> Callable[..., DuckEngine]:
    """Return what opens engines over one lake's folder; an `Opener`."""
    return partial(open_duckdb, store=store, means=means)
