"""Databases of others and views of our own: one snapshot, counted by the source and read by a server-side cursor."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import psycopg
import pymysql
import pymysql.cursors
from django.db import DatabaseError, connection, transaction
from typing_extensions import override

from shuzheng.base.kernel.said import said
from shuzheng.engines.lake.backends.sources.reading import ROWS, Reader, as_text, make_chunk
from shuzheng.engines.lake.errors import SourceAway, SourceDiffers
from shuzheng.engines.lake.types.gathering import Chunk, Mode, Proof, Source, SourceKind

_AWAY: Final = (psycopg.Error, pymysql.MySQLError, sqlite3.Error, DatabaseError, OSError)
_SECONDS: Final = 15
Cursors = Callable[[], Any]


class DatabaseReader(Reader):
    """A table or view of a database."""

    total = 0

    def __init__(self, source: Source, *, inbox: Path, secret: str, since: str) -> None:
        """Connect, begin a snapshot, count and look at the columns.

        Raises:
            SourceAway: The database does not answer, or has no such table.
        """
        self._source, self._since = source, since
        self._open = ExitStack()
        try:
            self._cursors, quote, self._mark = _connect(source, inbox, secret, self._open)
            name = source.where if source.kind is SourceKind.VIEW else source.relation
            self._relation = ".".join(quote + part + quote for part in name.split("."))
            self._watermark = quote + source.watermark.replace(quote, quote * 2) + quote
            self.names = self._named()
            self._count, self._known, self._last = self._counted(quote)
            self._seen = [0] * len(self.names)
            self._cursor = self._open.enter_context(closing(self._cursors()))
            self._cursor.execute(f"SELECT * FROM {self._relation}{self._newer()}", self._given())  # noqa: S608
            self._begun = self._cursor.fetchmany(ROWS)
        except _AWAY as why:
            self.close()
            raise SourceAway(source=source.code, why=said("数据库没有应答，或没有这张表")) from why

    def _newer(self) -> str:
        """Return the condition. Where rows replace one another, those as new as the last come again: none is lost."""
        if not self._since:
            return ""
        sign = ">=" if self._source.mode is Mode.MERGE else ">"
        return f" WHERE {self._watermark} {sign} {self._mark}"

    def _given(self) -> list[str]:
        return [self._since] if self._since else []

    def _named(self) -> tuple[str, ...]:
        with closing(self._cursors()) as cursor:
            cursor.execute(f"SELECT * FROM {self._relation} WHERE 1 = 0")  # noqa: S608
            cursor.fetchall()
            return tuple(str(column[0]) for column in cursor.description)

    def _counted(self, quote: str) -> tuple[int, list[int], str]:
        """Return what the source says it gives: its rows, the values of each column, and the last watermark."""
        columns = "".join(f", count({quote}{name.replace(quote, quote * 2)}{quote})" for name in self.names)
        last = f", max({self._watermark})" if self._source.watermark else ""
        with closing(self._cursors()) as cursor:
            asked = f"SELECT count(*){columns}{last} FROM {self._relation}{self._newer()}"  # noqa: S608
            cursor.execute(asked, self._given())
            found = cursor.fetchone()
        known = [int(one) for one in found[1 : 1 + len(self.names)]]
        return int(found[0]), known, (as_text(found[-1]) or "" if last else "")

    @override
    def chunks(self) -> Iterator[Chunk]:
        first, some = 1, self._begun
        try:
            while some:
                chunk = make_chunk(some, len(self.names), first)
                for place, column in enumerate(chunk.rows.columns):
                    self._seen[place] += len(column) - column.null_count
                yield chunk
                first += len(some)
                some = self._cursor.fetchmany(ROWS)
        except _AWAY as why:
            raise SourceAway(source=self._source.code, why=said("读取时连接中断")) from why

    @override
    def proof(self) -> Proof:
        """Return what the source counted, row by row and column by column; each column was read with as many values.

        Raises:
            SourceDiffers: A column came with more or fewer values than the source says it has.
        """
        for name, known, seen in zip(self.names, self._known, self._seen, strict=True):
            if known != seen:
                what = said("来源说列 {column} 有 {said} 个值，读到 {read} 个", column=name, said=known, read=seen)
                raise SourceDiffers(source=self._source.code, what=what)
        digest = hashlib.sha256(" ".join(map(str, (self._count, *self._known))).encode()).hexdigest()
        return Proof(rows=self._count, checksum=f"count={self._count} columns={digest[:32]}", watermark=self._last)

    @override
    def close(self) -> None:
        self._open.close()


def _connect(source: Source, inbox: Path, secret: str, opened: ExitStack) -> tuple[Cursors, str, str]:
    """Return what makes a cursor, how names are quoted, and how a value is marked."""
    match source.kind:
        case SourceKind.SQLITE:
            path = (inbox / source.where).resolve().as_uri()
            lite = opened.enter_context(closing(sqlite3.connect(f"{path}?mode=ro", uri=True)))
            lite.execute("BEGIN")
            return lite.cursor, '"', "?"
        case SourceKind.POSTGRESQL:
            return _postgresql(source, secret, opened)
        case SourceKind.MYSQL:
            return _mysql(source, secret, opened)
    opened.enter_context(transaction.atomic())
    return connection.chunked_cursor, '"', "%s"


def _postgresql(source: Source, secret: str, opened: ExitStack) -> tuple[Cursors, str, str]:
    made = psycopg.connect(source.where, password=secret or None, connect_timeout=_SECONDS)
    opened.enter_context(closing(made))
    made.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    made.read_only = True
    names = iter(range(1_000_000))
    return (lambda: made.cursor(name=f"lake_{next(names)}")), '"', "%s"


def _mysql(source: Source, secret: str, opened: ExitStack) -> tuple[Cursors, str, str]:
    place = urlsplit(source.where)
    made = pymysql.connect(
        host=place.hostname or "localhost",
        port=place.port or 3306,
        user=unquote(place.username or ""),
        password=secret,
        database=place.path.strip("/"),
        charset="utf8mb4",
        connect_timeout=_SECONDS,
        cursorclass=pymysql.cursors.SSCursor,
    )
    opened.enter_context(closing(made))
    with made.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
    return made.cursor, "`", "%s"
