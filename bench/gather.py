"""A department's CSV file gathered into a table; against dlt and against DuckDB alone, from the same file.

Ours does all it does in a city: takes the file apart and finds rows that do not fit, types ten columns, asks a rule of
quality, looks for keys that stand twice, hashes what it read, lands one Delta commit and notes the batch. DuckDB alone
reads the file (`read_csv`, types guessed) and writes Parquet with the same compression: the limit of this machine. dlt
reads the file with its `read_csv` (pandas; `read_csv_duckdb` fails with DuckDB 2.0) and loads a DuckDB database, types
guessed, nothing checked, on a file cut to `PEER` rows; rates are compared.
"""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb
from django.conf import settings

from bench.frame import Outcome, Pairs, Say, scratch_database, time_pairs
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.lake.actions.gathering import gather
from shuzheng.engines.lake.actions.sources import load_sources
from shuzheng.engines.lake.actions.tables import load_tables
from shuzheng.engines.lake.models import Batch
from shuzheng.engines.lake.queries.gathering import inbox

KEYS: Final = ("ratio_dlt", "ratio_raw_duckdb", "rows_per_second")
ROWS: Final = 2_000_000
PEER: Final = 20_000
AT: Final = datetime(2026, 1, 5, tzinfo=UTC)
_COLUMNS: Final[tuple[Mapping[str, object], ...]] = (
    {"name": "id_no", "label": "证件号", "required": True, "key": True},
    {"name": "name", "label": "姓名", "required": True},
    {"name": "sex", "label": "性别"},
    {"name": "born", "label": "出生日期", "type": "date"},
    {"name": "division", "label": "行政区划"},
    {"name": "address", "label": "住址"},
    {"name": "mobile", "label": "手机号"},
    {"name": "income", "label": "收入", "type": "decimal", "digits": 12, "scale": 2},
    {"name": "visits", "label": "次数", "type": "integer", "digits": 9},
    {"name": "changed", "label": "更新时间", "type": "moment"},
)
_MADE: Final = """
    SELECT '3415' || lpad(i::VARCHAR, 14, '0') AS id_no, '姓名' || (hash(i, 1) % 100000) AS name,
        ['男', '女'][1 + (i % 2)::INT] AS sex, DATE '1950-01-01' + (hash(i, 2) % 25000)::INT AS born,
        '341502' AS division, '某省某市某区人民路' || (hash(i, 3) % 1000) || '号' AS address,
        '1' || lpad((hash(i, 4) % 10000000000)::VARCHAR, 10, '0') AS mobile,
        ((hash(i, 5) % 1000000) / 100)::DECIMAL(12, 2) AS income, hash(i, 6) % 1000 AS visits,
        (DATE '2020-01-01' + (hash(i, 7) % 1500)::INT)::VARCHAR || ' 08:30:00' AS changed
    FROM range({rows}) t(i)
"""


def run(scale: float, say: Say) -> Outcome:
    """Measure at a scale; 1 is the headline's."""
    outcome = Outcome(peers=("duckdb", "deltalake", "pyarrow", "dlt"))
    rows = max(2000, int(ROWS * scale))
    with scratch_database(), TemporaryDirectory(prefix="shuzheng-bench-") as name:
        folder = Path(name)
        inbox().mkdir(parents=True, exist_ok=True)
        path = inbox() / "people.csv"
        _make(path, rows)
        _define()
        outcome.work |= {"scale": scale, "rows": rows, "megabytes": round(path.stat().st_size / 1e6, 1)}
        say(f"DuckDB alone: {rows:,} rows")
        pairs = time_pairs(_ours, lambda: _raw(path, folder), pairs=5)
        outcome.figures |= pairs.figures("ratio_raw_duckdb")
        outcome.figures["rows_per_second"] = rows / pairs.seconds
        outcome.figures["landed"] = Batch.objects.order_by("-id").values_list("landed", flat=True)[0]
        _beside_dlt(folder, outcome, say)
    return outcome


def _make(path: Path, rows: int) -> None:
    with duckdb.connect() as engine:
        engine.execute(f"COPY ({_MADE.format(rows=rows)}) TO '{path}' (HEADER)")


def _define() -> None:
    table = {
        "code": "person",
        "label": "人员",
        "department": "11990100MBY0000455",
        "column": [dict(column) for column in _COLUMNS],
        "rule": [
            {"code": "length", "text": "length(id_no) = 18", "label": "18 位", "dimension": "规范性", "blocks": True}
        ],
    }
    load_tables([table], actor=SYSTEM, at=AT)
    source = {"code": "people", "table": "person", "kind": "csv", "where": "people.csv"}
    load_sources([source], actor=SYSTEM, at=AT)


def _ours() -> None:
    """Gather as if for the first time: an empty lake, no batch that is known again."""
    shutil.rmtree(Path(settings.SHUZHENG.var_dir) / "lake", ignore_errors=True)
    Batch.objects.all().delete()
    gather("people", actor=SYSTEM, at=AT + timedelta(days=1))


def _raw(path: Path, folder: Path) -> None:
    with duckdb.connect() as engine:
        engine.execute(
            f"COPY (SELECT * FROM read_csv('{path}')) TO '{folder / 'raw.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
        )


def _beside_dlt(folder: Path, outcome: Outcome, say: Say) -> None:
    if find_spec("dlt") is None:
        outcome.notes.append("dlt is not installed (dependency group `bench`): ratio_dlt left out")
        return
    from bench.gather_peer import load  # noqa: PLC0415 - dlt is heavy and may be absent

    rows = int(str(outcome.work["rows"]))
    few = min(rows, max(2000, PEER))
    small = folder / "few.csv"
    _make(small, few)
    say(f"dlt: {few:,} rows")
    beside = time_pairs(_ours, lambda: load(small, folder / "dlt"), pairs=3, warm=1)
    rates = Pairs(tuple(taken * few / rows for taken in beside.ours), beside.peer)
    outcome.figures |= rates.figures("ratio_dlt")
    outcome.work["dlt_rows"] = few
    outcome.notes.append("ratio_dlt: dlt guesses types and checks nothing; its reader for DuckDB fails with DuckDB 2.0")
