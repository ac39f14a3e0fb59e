"""A table of people masked on its way out, beside Presidio on the same values and the same SQL without masks.

The table is Parquet as the lake stores it, by a seed: identity number, name and mobile keep their ends, the address
is generalised to its county, the birthday to its year; division and sex are shown. Ours reads it through the secured
view of the gate. `ratio_raw_duckdb` is of five queries in the same engine over the bare table; `ratio_raw_whole_table`
of taking every row out, where nothing but the masks is to be done.

Presidio Anonymizer masks the same five columns of the same rows, a value as a text with one known entity each (its
engine, custom operators that do the same): its recognisers, which take far longer, are not counted. It sees a sample;
its ratio is of rows a second.
"""

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import pyarrow as pa

from bench.frame import SEED, Outcome, Pairs, Say, time_pairs
from shuzheng.base.kernel.types import OrgId
from shuzheng.engines.lake.rules.masking import make_mask
from shuzheng.engines.lake.rules.securing import secured_select
from shuzheng.engines.lake.types.reading import Branch, TablePlan
from shuzheng.engines.lake.types.tables import Column, FieldKind, Mask, Table, TableCode

KEYS: Final = ("ratio_presidio", "ratio_raw_duckdb", "rows_per_second")
ROWS: Final = 2_000_000
SAMPLE: Final = 2_000
HAS_PRESIDIO: Final = importlib.util.find_spec("presidio_anonymizer") is not None
KEY: Final = b"k" * 32
COLUMNS: Final = (
    Column("id_no", "身份证号", mask=Mask.KEEP_ENDS),
    Column("name", "姓名", mask=Mask.KEEP_ENDS),
    Column("mobile", "手机号", mask=Mask.KEEP_ENDS),
    Column("address", "住址", mask=Mask.GENERALISE),
    Column("birth_date", "出生日期", FieldKind.DATE, mask=Mask.GENERALISE),
    Column("division_code", "行政区划"),
    Column("sex", "性别"),
)
MASKED: Final = tuple(column for column in COLUMNS if column.mask is not Mask.NONE)
QUERIES: Final = (
    "SELECT division_code, sex, count(*) FROM ({rows}) GROUP BY ALL",
    "SELECT year(birth_date) AS born, count(*) FROM ({rows}) WHERE sex = '1' GROUP BY 1 ORDER BY 1",
    "SELECT division_code, count(DISTINCT sex) FROM ({rows}) WHERE division_code < '341540' GROUP BY 1",
    "SELECT id_no, name, mobile FROM ({rows}) WHERE division_code = '341507' ORDER BY birth_date LIMIT 100",
    "SELECT * FROM ({rows}) LIMIT 100",
)
"""What analysts ask, once of the masked and once of the bare table."""
_MADE: Final = f"""
SELECT '3415' || lpad((hash(n, {SEED}) % 100000000000000)::VARCHAR, 14, '0') AS id_no,
    ['张', '李', '王', '赵', '欧阳'][1 + n % 5] || ['三', '四五', '六'][1 + n % 3] AS name,
    '1' || lpad((hash(n, 7) % 10000000000)::VARCHAR, 10, '0') AS mobile,
    '甲省乙市' || ['丙区', '丁县', '戊旗'][1 + n % 3] || '幸福路' || n % 900 || '号' AS address,
    DATE '1940-01-01' + (hash(n, 3) % 29000)::INTEGER AS birth_date,
    '3415' || lpad((n % 97)::VARCHAR, 2, '0') AS division_code, (1 + n % 2)::VARCHAR AS sex
FROM range($rows) r(n)
"""


def run(scale: float, say: Say) -> Outcome:
    """Mask everyone; then beside the bare engine, and beside Presidio."""
    rows = max(5000, int(ROWS * min(1.0, scale)))
    outcome = Outcome(work={"scale": scale, "rows": rows, "seed": SEED}, peers=("duckdb", "presidio-anonymizer"))
    with TemporaryDirectory(prefix="shuzheng-bench-") as folder, duckdb.connect() as engine:
        file = Path(folder) / "person.parquet"
        say(f"{rows:,} people")
        engine.execute(f"COPY ({_MADE.replace('$rows', str(rows))}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)")
        relation = f"(SELECT * FROM read_parquet('{file}'))"
        plan = TablePlan(
            Table(TableCode("person"), "人口", OrgId("11990100MBY0000455"), COLUMNS),
            (Branch({column.name: column.mask for column in COLUMNS}),),
            tuple(column.name for column in COLUMNS),
        )
        secured = secured_select(plan, relation, hash_key=KEY)
        raw = f"SELECT {', '.join(column.name for column in COLUMNS)} FROM {relation}"
        asked = [[query.format(rows=source) for query in QUERIES] for source in (secured, raw)]
        pairs = time_pairs(*(_asking(engine, queries) for queries in asked))
        outcome.figures |= pairs.figures("ratio_raw_duckdb")
        whole = time_pairs(_reading(engine, secured), _reading(engine, raw), pairs=3)
        outcome.figures["ratio_raw_whole_table"] = whole.ratio
        outcome.figures["rows_per_second"] = rows / whole.seconds
        outcome.notes.append(
            "ratio_raw_duckdb: what analysts ask (groups, filters, a hundred rows); ratio_raw_whole_table: every row "
            "and column taken out, where masking is the work"
        )
        _beside_presidio(engine, secured, raw, rows, outcome, say)
    return outcome


def _reading(engine: duckdb.DuckDBPyConnection, sql: str) -> Callable[[], int]:
    def read() -> int:
        return sum(batch.num_rows for batch in engine.sql(sql).to_arrow_reader(65_536))

    return read


def _asking(engine: duckdb.DuckDBPyConnection, queries: Sequence[str]) -> Callable[[], int]:
    return lambda: sum(_reading(engine, one)() for one in queries)


def _beside_presidio(
    engine: duckdb.DuckDBPyConnection, secured: str, raw: str, rows: int, outcome: Outcome, say: Say
) -> None:
    if not HAS_PRESIDIO:
        outcome.notes.append("presidio-anonymizer is not installed (dependency group `bench`): ratio_presidio left out")
        return
    say(f"Presidio: {SAMPLE} people")
    sample = engine.sql(f"{raw} LIMIT {SAMPLE}").to_arrow_table()
    peer = _presidio(sample)
    ours = engine.sql(f"SELECT * FROM ({secured}) LIMIT {SAMPLE}").to_arrow_table()
    if peer() != [[str(value) for value in ours.column(column.name).to_pylist()] for column in MASKED]:
        raise AssertionError("Presidio masks otherwise")
    pairs = time_pairs(_reading(engine, secured), peer, pairs=5)
    rates = Pairs(pairs.ours, tuple(taken * rows / sample.num_rows for taken in pairs.peer))
    outcome.figures |= rates.figures("ratio_presidio")
    outcome.work["presidio_rows"] = sample.num_rows
    outcome.notes.append("ratio_presidio: rows a second; its recognisers are not counted; ours on all cores, it on one")


def _presidio(sample: pa.Table) -> Callable[[], list[list[str]]]:
    """Return what masks the sample with Presidio: one text and one known entity a value."""
    anonymizer: Any = importlib.import_module("presidio_anonymizer")
    entities: Any = importlib.import_module("presidio_anonymizer.entities")
    engine = anonymizer.AnonymizerEngine()
    columns = [(column, sample.column(column.name).to_pylist()) for column in MASKED]

    def mask(column: Column, values: Sequence[Any]) -> list[str]:
        left = make_mask(column, column.mask, hash_key=KEY)
        whole = dict(zip(map(str, values), values, strict=True))
        operator = entities.OperatorConfig("custom", {"lambda": lambda text: str(left(whole[text]))})
        return [
            engine.anonymize(
                text=text,
                analyzer_results=[entities.RecognizerResult(column.name, 0, len(text), 1.0)],
                operators={column.name: operator},
            ).text
            for text in map(str, values)
        ]

    return lambda: [mask(column, values) for column, values in columns]
