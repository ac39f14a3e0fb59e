# ruff: noqa: E501 - texts of files, in characters twice as wide as others
"""Each kind of source gives the rows it has."""

import json
import os
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pymysql
import pytest
from django.conf import settings
from django.db import connection
from typing_extensions import override

from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.lake.actions.gathering import gather
from shuzheng.engines.lake.backends.sources import databases
from shuzheng.engines.lake.backends.sources.databases import DatabaseReader
from shuzheng.engines.lake.backends.sources.http import HttpReader
from shuzheng.engines.lake.backends.sources.reading import make_chunk
from shuzheng.engines.lake.errors import SourceAway, SourceDiffers
from shuzheng.engines.lake.models import Batch
from shuzheng.engines.lake.queries.gathering import inbox
from shuzheng.engines.lake.types.gathering import Proof
from tests.lake.making import define, put, quarantine, rows
from tests.lake.times import AT

pytestmark = pytest.mark.usefixtures("lake")

CREATE = "CREATE TABLE people (id_no VARCHAR(30), name VARCHAR(30), born DATE, wage DECIMAL(12,2), visits INTEGER, seen TIMESTAMP)"
FIRST = [
    ("1", "张三", "1990-01-05", "12.50", 3, "2026-01-01 08:00:00"),
    ("2", "李四", None, None, None, "2026-01-02 08:00:00"),
]
SECOND = [
    ("2", "李四光", "1991-01-05", "7.00", 1, "2026-01-03 08:00:00"),
    ("3", "", None, None, None, "2026-01-04 08:00:00"),
]


def insert(execute: Any, values: list[tuple[Any, ...]], mark: str) -> None:
    for row in values:
        execute(f"INSERT INTO people VALUES ({', '.join([mark] * 6)})", row)


def gathers_what_is_new(add: Any) -> None:
    [batch] = gather("people", actor=SYSTEM, at=AT)
    assert (batch.read, batch.landed) == (2, 2)
    assert batch.watermark_after.startswith("2026-01-02 08:00:00")
    found = rows("id_no, name, wage, visits, born")
    assert [row[:4] for row in found] == [("1", "张三", Decimal("12.50"), 3), ("2", "李四", None, None)]
    assert str(found[0][4]) == "1990-01-05"
    add(SECOND)
    [batch] = gather("people", actor=SYSTEM, at=AT + timedelta(hours=1))
    assert batch.read == batch.landed + batch.quarantined == 3, "the newest comes again where rows replace one another"
    assert sorted(row[0] for row in rows("id_no || name")) == ["1张三", "2李四光"]
    assert sorted(rule for _, rule, _ in quarantine()) == ["duplicate", "missing:name"]


# ---- files ----
def workbook(path: Path, lines: list[list[str | float]]) -> None:
    """Write the least a workbook may be; texts in line."""
    cells = "".join(
        "<row>"
        + "".join(
            f"<c><v>{v}</v></c>" if isinstance(v, float) else f'<c t="inlineStr"><is><t>{v}</t></is></c>' for v in line
        )
        + "</row>"
        for line in lines
    )
    spread = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{spread}" xmlns:r="{office}"><sheets><sheet name="人员" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        book.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{spread}"><sheetData>{cells}</sheetData></worksheet>'
        )


def test_excel() -> None:
    define(kind="excel", where="people.xlsx", sheet="人员", skip_rows=1, missing_columns="ignore")
    lines: list[list[str | float]] = [
        ["人员表"],
        ["证件号", "姓名", "工资"],
        ["1", "张三", 12.5],
        [],
        [2.0, "李四", ""],
        ["3", "", 1.0],
    ]
    workbook(put(b"", "people.xlsx"), lines)
    gather("people", actor=SYSTEM, at=AT)
    assert rows("_row, id_no, name, wage") == [(1, "1", "张三", Decimal("12.50")), (2, "2", "李四", None)]
    assert [(row, rule) for row, rule, _ in quarantine()] == [(3, "missing:name")]


def test_a_workbook_that_is_none() -> None:
    define(kind="excel", where="people.xlsx")
    put("no workbook", "people.xlsx")
    with pytest.raises(SourceAway):
        gather("people", actor=SYSTEM, at=AT)


def test_json_lines() -> None:
    define(kind="jsonl", where="people.jsonl", missing_columns="ignore")
    put(
        '{"证件号":"1","姓名":"张三","工资":12345678.10}\n\n{"证件号":"2",\n[]\n{"证件号":"3","姓名":"王五","次数":7}\n',
        "people.jsonl",
    )
    gather("people", actor=SYSTEM, at=AT)
    assert rows("_row, id_no, wage, visits") == [(1, "1", Decimal("12345678.10"), None), (4, "3", None, 7)]
    assert [(row, rule) for row, rule, _ in quarantine()] == [(2, "json"), (3, "json")]


def test_parquet() -> None:
    define(kind="parquet", where="people.parquet", missing_columns="ignore")
    path = put(b"", "people.parquet")
    table = pa.table(
        {
            "证件号": ["1", "2"],
            "姓名": ["张三", None],
            "工资": pa.array([Decimal("1.5"), None], pa.decimal128(9, 1)),
            "次数": [1.0, 2.0],
        }
    )
    pq.write_table(table, path)
    gather("people", actor=SYSTEM, at=AT)
    assert rows("id_no, wage, visits") == [("1", Decimal("1.50"), 1)]
    assert [(row, rule) for row, rule, _ in quarantine()] == [(2, "missing:name")]


def test_a_folder_gives_each_file_once_and_waits_for_those_being_written() -> None:
    define(where="drops/", mode="append", settle_seconds=60)
    for name, age in (("a.csv", 100), ("b.csv", 100), ("c.csv", 10)):
        path = put(f"证件号,姓名,出生日期,工资,次数\n{name},张三,,,\n", f"drops/{name}")
        moment = AT.timestamp() - age
        os.utime(path, (moment, moment))
    assert [batch.file for batch in gather("people", actor=SYSTEM, at=AT)] == ["a.csv", "b.csv"]
    assert [batch.file for batch in gather("people", actor=SYSTEM, at=AT)] == []
    assert [batch.file for batch in gather("people", actor=SYSTEM, at=AT + timedelta(seconds=60))] == ["c.csv"]
    assert sorted(row[0] for row in rows("id_no")) == ["a.csv", "b.csv", "c.csv"]


def test_a_bad_file_of_a_folder_does_not_keep_the_others_back() -> None:
    define(where="drops/", mode="append", settle_seconds=0)
    put("坏\n", "drops/a.csv")
    put("证件号,姓名,出生日期,工资,次数\n1,张三,,,\n", "drops/b.csv")
    for path in (inbox() / "drops").iterdir():
        os.utime(path, (AT.timestamp() - 1, AT.timestamp() - 1))
    with pytest.raises(Exception, match="缺少的列"):
        gather("people", actor=SYSTEM, at=AT)
    assert [row[0] for row in rows("id_no")] == ["1"]


# ---- databases ----
def test_sqlite() -> None:
    define(kind="sqlite", where="people.sqlite3", relation="people", mode="merge", watermark="seen")
    inbox().mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(inbox() / "people.sqlite3")) as database:
        database.execute(CREATE)

        def add(values: list[tuple[Any, ...]]) -> None:
            insert(database.execute, values, "?")
            database.commit()

        add(FIRST)
        gathers_what_is_new(add)


def test_a_column_that_comes_with_fewer_values_than_the_source_counts_fails_the_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    define(kind="sqlite", where="people.sqlite3", relation="people", mode="full")
    inbox().mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(inbox() / "people.sqlite3")) as database:
        database.execute(CREATE)
        insert(database.execute, FIRST, "?")
        database.commit()
    plain = make_chunk

    def losing(some: Any, width: int, first: int) -> Any:
        return plain([(*row[:-1], None) for row in some], width, first)

    monkeypatch.setattr(databases, "make_chunk", losing)
    with pytest.raises(SourceDiffers, match="个值，读到 0 个"):
        gather("people", actor=SYSTEM, at=AT)
    assert rows("id_no") == []
    monkeypatch.undo()
    gather("people", actor=SYSTEM, at=AT)
    assert len(rows("id_no")) == len(FIRST)


def test_postgresql() -> None:
    where = os.environ.get("SHUZHENG_TEST_POSTGRESQL", "")
    if not where:
        pytest.skip("SHUZHENG_TEST_POSTGRESQL names no PostgreSQL server")
    define(kind="postgresql", where=where, relation="people", mode="merge", watermark="seen")
    with psycopg.connect(where, autocommit=True) as server:
        server.execute("DROP TABLE IF EXISTS people")
        server.execute(CREATE)
        try:
            insert(server.execute, FIRST, "%s")
            gathers_what_is_new(lambda values: insert(server.execute, values, "%s"))
        finally:
            server.execute("DROP TABLE people")


def test_mysql() -> None:
    where = os.environ.get("SHUZHENG_TEST_MYSQL", "")
    if not where:
        pytest.skip("SHUZHENG_TEST_MYSQL names no MariaDB server")
    place = urlsplit(where)
    define(kind="mysql", where=where, relation="people", mode="merge", watermark="seen")
    server = pymysql.connect(
        host=place.hostname,
        port=place.port or 3306,
        user=place.username,
        database=place.path.strip("/"),
        autocommit=True,
    )
    with closing(server), server.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS people")
        cursor.execute(CREATE)
        try:
            insert(cursor.execute, FIRST, "%s")
            gathers_what_is_new(lambda values: insert(cursor.execute, values, "%s"))
        finally:
            cursor.execute("DROP TABLE people")


def test_a_view_of_our_own() -> None:
    define(kind="view", where="lake_people", mode="merge", watermark="seen")
    with connection.cursor() as cursor:
        cursor.execute(CREATE)
        cursor.execute("CREATE VIEW lake_people AS SELECT * FROM people")
        insert(cursor.execute, FIRST, "%s")
        gathers_what_is_new(lambda values: insert(cursor.execute, values, "%s"))


def test_a_count_that_differs_fails_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    test_sqlite()
    before = rows()
    monkeypatch.setattr(DatabaseReader, "proof", lambda self: Proof(rows=99))
    with pytest.raises(SourceDiffers, match="99"):
        gather("people", actor=SYSTEM, at=AT)
    assert rows() == before


def test_a_database_that_does_not_answer() -> None:
    define(kind="postgresql", where="postgresql://nobody@127.0.0.1:1/nothing", relation="people")
    with pytest.raises(SourceAway):
        gather("people", actor=SYSTEM, at=AT)
    assert Batch.objects.get().state == "failed"


# ---- HTTP ----
class Pages(BaseHTTPRequestHandler):
    data = [{"id_no": str(n), "name": f"人{n}", "seen": f"2026-01-{n:02}"} for n in range(1, 8)]
    fail = 0
    tokens: list[str] = []

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(place.query).items()}
        type(self).tokens.append(self.headers.get("Authorization", ""))
        if type(self).fail:
            type(self).fail -= 1
            self.send_response(503)
            self.end_headers()
            return
        found = [row for row in self.data if row["seen"] > asked.get("since", "")]
        start = {
            "/number": 3 * (int(asked.get("page", 1)) - 1),
            "/cursor": int(asked.get("page", 0)),
            "/link": int(asked.get("from", 0)),
        }
        first = start[place.path]
        more = str(first + 3) if first + 3 < len(found) else None
        body = json.dumps({"result": {"items": found[first : first + 3], "next": more}}).encode()
        self.send_response(200)
        if more and place.path == "/link":
            self.send_header("Link", f'</link?from={more}>; rel="next"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[str]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize("paging", ["number", "cursor", "link"])
def test_http_pages(paging: str, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HttpReader.__init__, "__kwdefaults__", {"wait": 0.0})
    monkeypatch.setattr(Pages, "fail", 2)
    (settings.SHUZHENG.var_dir / "keys" / "api").write_text("letmein\n")
    define(
        kind="http", where=f"{server}/{paging}", paging=paging, rows_at="result.items", next_at="result.next",
        missing_columns="ignore", mode="merge", watermark="seen", since_param="since", secret="api",
    )  # fmt: skip
    [batch] = gather("people", actor=SYSTEM, at=AT)
    assert (batch.read, batch.landed, batch.watermark_after) == (7, 7, "2026-01-07")
    assert [row[0] for row in rows("id_no")] == [str(n) for n in range(1, 8)]
    assert Pages.tokens[-1] == "Bearer letmein"
    [batch] = gather("people", actor=SYSTEM, at=AT)
    assert (batch.read, batch.watermark_after) == (0, "2026-01-07")


def test_http_that_stays_away(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HttpReader.__init__, "__kwdefaults__", {"wait": 0.0})
    monkeypatch.setattr(Pages, "fail", 4)
    define(kind="http", where=f"{server}/number", rows_at="result.items", missing_columns="ignore")
    with pytest.raises(SourceAway, match="503"):
        gather("people", actor=SYSTEM, at=AT)
    define(kind="http", where=f"{server}/number", rows_at="result", missing_columns="ignore")
    with pytest.raises(SourceAway, match="没有约定的数据"):
        gather("people", actor=SYSTEM, at=AT)
