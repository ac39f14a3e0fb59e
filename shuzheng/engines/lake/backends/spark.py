"""The engine on a cluster: Spark Connect, spoken to a real Spark or to Sail, over the same Parquet files.

The files of one version of each table are handed to the cluster by path (`spark.read.schema(…).parquet(files…)`), so
it must see the lake's folder where we see it: a shared file system. Nothing of Delta is needed there. Results come
whole; a tree that gives more than a page belongs on the cluster only up to its last count.

Needs the extra `cluster`; without it, or without an answer, `EngineAway`. Sealed columns stay sealed: the key never
leaves this machine. That of HASH does, in the SQL: a cluster's query log is as secret as the key.
"""

import socket
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any, Final
from urllib.parse import urlsplit

import pyarrow as pa
from typing_extensions import override

from shuzheng.engines.lake.backends.delta import Store, Version
from shuzheng.engines.lake.errors import EngineAway, EngineFailed
from shuzheng.engines.lake.rules.arrow import arrow_type
from shuzheng.engines.lake.rules.columns import Columns, table_columns
from shuzheng.engines.lake.rules.dialects import SPARK
from shuzheng.engines.lake.rules.writing import Writer
from shuzheng.engines.lake.types.engines import Engine
from shuzheng.engines.lake.types.tables import Table, TableCode
from shuzheng.engines.lake.types.trees import Tree

_NAME: Final = "spark"
_PORT: Final = 15002
"""Of Spark Connect, where the address names none."""
_WAIT_SECONDS: Final = 3
UNPLANNED: Final = "集群的计划器自己出错，请改用进程内引擎"
_UNPLANNED_BY: Final = (
    "Physical input schema should be the same as the one converted from logical input schema",
    "PLAN_VALIDATION_FAILED",
)
"""Sail's planner refuses about one random tree in thirty by the first, Spark's own optimizer some by the second (in its
rule `RemoveRedundantAliases`, seen with 4.2.0); neither answered wrongly.

Source: https://github.com/apache/datafusion/issues/13190
"""


def answers(url: str) -> bool:
    """Tell whether something listens at a Spark Connect address, such as `sc://spark.example:15002`."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or _PORT), _WAIT_SECONDS):
            return True
    except (OSError, ValueError):
        return False


def open_spark(tables: Mapping[TableCode, Table], *, url: str, store: Store, hash_key: bytes) -> "SparkEngine":
    """Return an engine that sees the tables given and no others, each as it stands at this moment.

    Args:
        tables: By code; one of which nothing was stored is empty.
        url: `sc://host:port/;parameters`.
        store: Where they lie; the cluster sees the same folder.
        hash_key: Key of the mask HASH.

    Raises:
        EngineAway: The extra is not installed, or nothing answers.
        SealChanged: A column was sealed since the tables given were defined.
    """
    versions = {code: found for code in tables if (found := store.version(code)) is not None}
    for code, version in versions.items():
        version.check(tables[code])
    return SparkEngine(tables, versions, session=_session(url), url=url, hash_key=hash_key)


class SparkEngine(Engine):
    """Spark Connect; made by `open_spark`. Each engine is a session of its own."""

    name = _NAME

    def __init__(
        self,
        tables: Mapping[TableCode, Table],
        versions: Mapping[TableCode, Version],
        *,
        session: Any,
        url: str,
        hash_key: bytes,
    ) -> None:
        self._tables, self._versions, self._session, self._url = tables, versions, session, url
        self._made: set[TableCode] = set()
        self._writer = Writer(SPARK, tables, self._view, hash_key=hash_key)

    @override
    def run(self, tree: Tree) -> pa.RecordBatchReader:
        """Return the rows of a tree; columns have the types `rules.columns.columns_of` gives.

        Raises:
            TreeInvalid: The tree names what is not there, or compares what cannot be compared.
            EngineAway: The cluster does not answer.
            EngineFailed: It answered that it could not.
        """
        if not answers(self._url):
            raise EngineAway(engine=self.name)
        try:
            sql, columns = self.sql(tree)
            found = self._session.sql(sql).toArrow()
        except _errors() as failed:
            why = UNPLANNED if any(one in str(failed) for one in _UNPLANNED_BY) else type(failed).__name__
            raise EngineFailed(engine=self.name, why=why) from None
        return found.cast(pa.schema(list(columns.items()))).to_reader()

    def sql(self, tree: Tree) -> tuple[str, Columns]:
        """Return the SELECT of a tree and its columns; keys of HASH stand in it: never log or show it.

        Raises:
            TreeInvalid: See `run`.
        """
        return self._writer.write(tree)

    @override
    def close(self) -> None:
        """End the session."""
        if answers(self._url):
            self._session.stop()

    def _view(self, code: TableCode) -> str:
        """Return the name under which the session knows a table."""
        name = SPARK.quote_name(f"lake_{code}")
        if code in self._made:
            return name
        columns = table_columns(self._tables[code], opened=False)
        version = self._versions.get(code)
        if version is not None and version.files:
            rows = self._read(self._tables[code], version, columns)
        else:
            nothing = ", ".join(
                f"{SPARK.typed('NULL', found)} AS {SPARK.quote_name(one)}" for one, found in columns.items()
            )
            rows = self._session.sql(f"SELECT {nothing} WHERE FALSE")
        rows.createOrReplaceTempView(f"lake_{code}")
        self._made.add(code)
        return name

    def _read(self, table: Table, version: Version, columns: Columns) -> Any:
        """Return the rows of a version; of a column that is yet to be sealed only where there is a value."""
        clear = version.in_clear(table)
        kinds = {one: arrow_type(table.by_name[one]) if one in clear else found for one, found in columns.items()}
        schema = ", ".join(f"{SPARK.quote_name(one)} {SPARK.type_name(found)}" for one, found in kinds.items())
        rows = self._session.read.schema(schema).parquet(*version.files)
        if not clear:
            return rows
        quoted = {one: SPARK.quote_name(one) for one in columns}
        return rows.selectExpr(
            *(
                f"CASE WHEN {name} IS NOT NULL THEN CAST('' AS BINARY) END AS {name}" if one in clear else name
                for one, name in quoted.items()
            )
        )


def _session(url: str) -> Any:
    if not answers(url):
        raise EngineAway(engine=_NAME)
    away: tuple[type[Exception], ...] = (ImportError, *_errors())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the client's opinion of the pandas that is installed
            client = import_module("pyspark.sql.connect.session")
            session = client.SparkSession.builder.remote(url).create()
            session.conf.set("spark.sql.session.timeZone", "UTC")
    except away as failed:
        raise EngineAway(engine=_NAME) from failed
    return session


def _errors() -> tuple[type[Exception], ...]:
    """Return what the client raises; nothing where it is not installed."""
    try:
        found: type[Exception] = import_module("pyspark.errors").PySparkException
    except ImportError:
        return ()
    return (found,)


def make_opener(store: Store, url: str) -> Callable[..., SparkEngine]:
    """Return what opens engines over one lake's folder on a cluster; an `Opener`."""
    return partial(open_spark, store=store, url=url)
