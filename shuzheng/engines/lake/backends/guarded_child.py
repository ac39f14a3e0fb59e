"""The process a reader's query runs in: it gets one job on a pipe, answers once, and ends.

It starts with nothing but the engine: no settings, no database, no keys but those of the job. The engine is locked
down and can open the lake's folder alone; the process has a limit of memory and of processor time. What it says of a
failure is one word of a short list, never what the engine said.

An error must tell nothing of rows the reader may not see, and an engine may evaluate a reader's condition before the
row filter. So after any error the query runs again over copies that hold the visible rows alone; what comes of that is
the answer, an error too.
"""

import json
import os
import pickle
import resource
import struct
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.seal import KeyRing
from shuzheng.engines.lake.backends.duckdb import DuckEngine, Means
from shuzheng.engines.lake.errors import QueryRefused
from shuzheng.engines.lake.rules.dialects import DUCKDB
from shuzheng.engines.lake.rules.securing import secured_select
from shuzheng.engines.lake.rules.verifying import verify
from shuzheng.engines.lake.rules.vetting import CATALOG, OWN, WITH_SUBJECT
from shuzheng.engines.lake.types.reading import ReadingPlan
from shuzheng.engines.lake.types.tables import TableCode

_BATCH_ROWS: Final = 16_384
_SPARE: Final = 1 << 30
"""Address space beside the engine's own limit: Arrow buffers, stacks of threads, allocator arenas."""
LENGTH: Final = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use.

    Attributes:
        rows: Rows of the answer; one more is fetched to know that there are more.
        bytes: Of the answer, as Arrow.
        seconds: On the wall.
        memory_mb: Of the engine.
    """

    rows: int = 10_000
    bytes: int = 64 << 20
    seconds: float = 30.0
    memory_mb: int = 1024
    threads: int = 2


@dataclass(frozen=True, slots=True)
class Job:
    """All the process is told.

    Attributes:
        files: Of each table, those of the version to read.
        versions: Of each table of which something was stored: the number of that version.
        ring: Only where something sealed is to be opened.
        vetted: The text is a reader's and is checked again; False for SQL written from a tree.
    """

    plan: ReadingPlan
    files: Mapping[TableCode, tuple[str, ...]]
    root: Path
    hash_key: bytes = field(repr=False)
    subject_key: bytes = field(repr=False)
    ring: KeyRing | None = field(repr=False)
    sql: str = field(repr=False)
    vetted: bool = True
    limits: Limits = field(default_factory=Limits)
    versions: Mapping[TableCode, int] = field(default_factory=dict)


class Secured:
    """An engine in which only secured views are left to read.

    Args:
        job: What is to be read; its text is not looked at.
    """

    def __init__(self, job: Job) -> None:
        tables = {code: one.table for code, one in job.plan.tables.items()}
        means = Means(memory=f"{job.limits.memory_mb}MB", threads=job.limits.threads)
        engine = DuckEngine(tables, job.files, root=job.root, hash_key=job.hash_key, sealing=job.ring, means=means)
        self.connection = engine.connection
        self.plan, self.limits = job.plan, job.limits
        for code, one in job.plan.tables.items():
            self._make(code, secured_select(one, engine.relation(code), hash_key=job.hash_key))
            if one.table.subject:
                select = secured_select(one, engine.relation(code), hash_key=job.hash_key, subject_key=job.subject_key)
                self._make(WITH_SUBJECT + code, select)

    def _make(self, name: str, select: str) -> None:
        self.connection.execute(f"CREATE VIEW {path_sql(name)} AS {select}")

    def check(self, sql: str) -> None:
        """Hold a text to the second wall.

        Raises:
            QueryRefused: See `rules.verifying`.
        """
        [(found,)] = self.connection.execute(
            "SELECT json_serialize_sql(?)", [sql]
        ).fetchall()  # all: the result is closed
        verify(str(found), allowed_paths(self.plan), OWN)

    def run(self, sql: str) -> pa.Table:
        """Return at most one row more than the limit.

        Raises:
            duckdb.Error: In a way that tells nothing of hidden rows.
            OverflowError: More bytes than the limit.
        """
        try:
            return self._fetch(sql)
        except (duckdb.InterruptException, duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException):
            raise
        except duckdb.Error:
            with self._copies(sql):
                return self._fetch(sql)

    def _fetch(self, sql: str) -> pa.Table:
        reader = self.connection.sql(sql).to_arrow_reader(_BATCH_ROWS)
        batches, rows, size = [], 0, 0
        for batch in reader:
            taken = batch.slice(0, self.limits.rows + 1 - rows)
            batches.append(taken)
            rows, size = rows + taken.num_rows, size + taken.nbytes
            if size > self.limits.bytes:
                raise OverflowError
            if rows > self.limits.rows:
                break
        return pa.Table.from_batches(batches, reader.schema)

    @contextmanager
    def _copies(self, sql: str) -> Iterator[None]:
        """Put tables of the visible rows in the place of the views a text reads, for as long as it runs."""
        names = [name for code in self.plan.tables for name in (code, WITH_SUBJECT + code)]
        self.connection.execute("BEGIN")
        try:
            for name in (name for name in names if path_sql(name) in sql):
                copy = path_sql(f"copy of {name}")
                self.connection.execute(f"CREATE TABLE {copy} AS FROM {path_sql(name)}")
                self.connection.execute(f"DROP VIEW {path_sql(name)}")
                self.connection.execute(f"ALTER TABLE {copy} RENAME TO {DUCKDB.quote_name(name)}")
            yield
        finally:
            self.connection.execute("ROLLBACK")


def path_sql(name: str) -> str:
    """Return the whole quoted name of a secured view."""
    return ".".join(map(DUCKDB.quote_name, (CATALOG, "main", name)))


def allowed_paths(plan: ReadingPlan) -> frozenset[tuple[str, ...]]:
    """Return the paths the second wall lets pass."""
    return frozenset((CATALOG, "main", name) for code in plan.tables for name in (code, WITH_SUBJECT + code))


def answer(secured: Secured, sql: str, *, vetted: bool) -> tuple[dict[str, object], pa.Table | None]:
    """Return the head of an answer, and its rows where there are any.

    Args:
        secured: The engine.
        sql: Exactly what runs.
        vetted: Hold it to the second wall first.
    """
    timer = threading.Timer(secured.limits.seconds, secured.connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        if vetted:
            secured.check(sql)
        return {"outcome": "done"}, secured.run(sql)
    except QueryRefused as refused:
        why = refused.facts["why"]
        return {"outcome": "refused", "text": getattr(why, "text", str(why)), "facts": getattr(why, "facts", {})}, None
    except (ShuzhengError, duckdb.Error, OverflowError, MemoryError, pa.ArrowException) as failed:
        return {"outcome": _OUTCOMES.get(type(failed), "failed")}, None
    finally:
        timer.cancel()


_OUTCOMES: Final[Mapping[type[BaseException], str]] = {
    duckdb.InterruptException: "too_long",
    duckdb.OutOfMemoryException: "too_long",
    MemoryError: "too_long",
    OverflowError: "too_large",
    duckdb.BinderException: "names",
    duckdb.CatalogException: "names",
    duckdb.ParserException: "names",
}


def main() -> None:
    """Read one job from standard input, write one answer to standard output."""
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    length = source.read(LENGTH.size)
    if len(length) < LENGTH.size:
        return
    job: Job = pickle.loads(source.read(LENGTH.unpack(length)[0]))  # noqa: S301 - from the process that started us
    _limit(job.limits)
    try:
        head, rows = answer(Secured(job), job.sql, vetted=job.vetted)
    except (ShuzhengError, duckdb.Error, MemoryError):
        head, rows = {"outcome": "failed"}, None
    said = json.dumps(head, default=str).encode()
    target.write(LENGTH.pack(len(said)) + said)
    if rows is not None:
        with pa.ipc.new_stream(target, rows.schema) as stream:
            stream.write_table(rows)
    target.flush()


def _limit(limits: Limits) -> None:
    """Bound this process from now on: memory it may address, processor time, no core file, no file written."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0]) if Path("/proc/self/statm").exists() else 0
    space = pages * resource.getpagesize() + limits.memory_mb * (1 << 20) + _SPARE
    seconds = int(limits.seconds * limits.threads) + 5
    for what, most in ((resource.RLIMIT_AS, space), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    main()
