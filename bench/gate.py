"""From a reader's text to what may run, over five tables: both walls and lineage; beside the bare engine.

The query joins five tables of sixteen columns each, half of them masked, with a common table, a window and a union of
groups. Ours reads the text, judges it, traces its columns, writes it anew and holds DuckDB's own tree of it to the
second wall. The peer is DuckDB parsing, binding and planning (EXPLAIN) the same query over bare tables: what any
answer costs before a row is read; `ratio_duckdb_prepare` is of rates.
"""

from datetime import date
from typing import Final

import duckdb

from bench.frame import SEED, Outcome, Say, time_pairs
from shuzheng.base.kernel.types import DivisionCode, OrgId
from shuzheng.engines.lake.rules.planning import plan_reading
from shuzheng.engines.lake.rules.verifying import verify
from shuzheng.engines.lake.rules.vetting import CATALOG, OWN, WITH_SUBJECT, read_query, vet
from shuzheng.engines.lake.types.reading import Reader
from shuzheng.engines.lake.types.tables import Access, Column, Grade, Mask, Table, TableCode

KEYS: Final = ("rewrite_ms_5_tables", "ratio_duckdb_prepare")
COLUMNS: Final = 16
TIMES: Final = 200
QUERY: Final = """
WITH recent AS (SELECT a.c0, a.c1, b.c2, b.c3 FROM t0 a JOIN t1 b ON a.c0 = b.c0 WHERE a.c4 LIKE '3415%' AND b.c5 <> '')
SELECT r.c1, x.c2, count(*) AS n, count(DISTINCT y.c3) AS m, max(z.c6) AS most, rank() OVER (ORDER BY count(*)) AS place
FROM recent r JOIN t2 x ON r.c0 = x.c0 LEFT JOIN t3 y ON x.c1 = y.c1 LEFT JOIN t4 z ON x.c0 = z.c0
WHERE x.c7 IN ('1', '2', '3') AND (y.c8 IS NULL OR y.c8 BETWEEN 'a' AND 'm')
GROUP BY r.c1, x.c2 HAVING count(*) > 1 ORDER BY n DESC LIMIT 100
"""


def run(scale: float, say: Say) -> Outcome:
    """Rewrite and check a query; prepare it in the bare engine."""
    tables = {code: _table(code) for code in (TableCode(f"t{n}") for n in range(5))}
    org = OrgId("11990100MBY0000455")
    reader = Reader(org, frozenset({org}), DivisionCode("110101"), frozenset({"analyst"}))
    times = max(5, int(TIMES * min(1.0, scale)))
    outcome = Outcome(
        work={"scale": scale, "tables": len(tables), "columns": COLUMNS, "queries": times, "seed": SEED},
        peers=("duckdb", "sqlglot"),
    )
    bare = duckdb.connect()
    for code in tables:
        bare.execute(f"CREATE TABLE {code} ({', '.join(f'c{n} VARCHAR' for n in range(COLUMNS))})")
    allowed = [(CATALOG, "main", name) for code in tables for name in (code, WITH_SUBJECT + code)]

    def rewrite() -> None:
        for _ in range(times):
            query = read_query(QUERY, tables)
            plan = plan_reading(tables.values(), reader, purpose="统计分析", today=date(2026, 1, 5))
            sql = vet(query, plan).sql
            [(found,)] = bare.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()
            verify(str(found), allowed, OWN)

    def prepare() -> None:
        for _ in range(times):
            bare.execute(f"EXPLAIN {QUERY}").fetchall()

    say(f"{times} queries over {len(tables)} tables")
    pairs = time_pairs(rewrite, prepare)
    outcome.figures["rewrite_ms_5_tables"] = pairs.seconds / times * 1000
    outcome.figures |= pairs.figures("ratio_duckdb_prepare")
    outcome.notes.append(
        "planning the reading (roles, rows, masks) is within rewrite_ms_5_tables; starting a process is not"
    )
    return outcome


def _table(code: TableCode) -> Table:
    columns = tuple(
        Column(f"c{n}", f"列{n}", grade=Grade.L3 if n % 2 else Grade.L1, mask=Mask.KEEP_ENDS if n % 2 else Mask.NONE)
        for n in range(COLUMNS)
    )
    access = Access(frozenset({"analyst"}), ("统计分析",), rows="c0 = actor.division OR c2 = actor.org")
    return Table(code, str(code), OrgId("11990100MBY0000455"), columns, access=(access,))
