"""Names, numbers, mobiles, addresses and days of birth masked, a million rows; against Presidio and raw DuckDB.

The rows are made by a seed in DuckDB, one value in forty not known, and land in a table of the lake. Ours is the tree
that the gate would run, a projection with a mask on each column, through the engine, all batches consumed as Arrow.

Beside it, over the same Parquet files, the same masks as a person writes them by hand for just these columns, in DuckDB
with as many threads; every row is compared. And presidio-anonymizer over a sample of the same rows: it is told where
what lies, so that only anonymising is timed and no recognising, and it is given a row as one text with five places,
which costs it less than a value at a time. Its answers are compared too; its ratio is of rows a second.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import pyarrow as pa

from bench.frame import SEED, Outcome, Pairs, Say, time_pairs
from shuzheng.base.kernel.types import OrgId
from shuzheng.engines.lake.backends.delta import Store, said_of
from shuzheng.engines.lake.backends.duckdb import DuckEngine, open_duckdb
from shuzheng.engines.lake.rules.arrow import stored_schema
from shuzheng.engines.lake.rules.masking import make_mask
from shuzheng.engines.lake.types.tables import Column, FieldKind, Grade, Mask, Table, TableCode
from shuzheng.engines.lake.types.trees import Masked, Output, Project, Scan
from shuzheng.engines.rules.rules.duckdb import quote_text

if HAS_PRESIDIO := find_spec("presidio_anonymizer") is not None:
    from presidio_anonymizer import AnonymizerEngine
    from presidio_anonymizer.entities import OperatorConfig, RecognizerResult

KEYS: Final = ("ratio_presidio", "ratio_raw_duckdb", "rows_per_second")
ROWS: Final = 1_000_000
ONE_BY_ONE: Final = 2_000
"""Rows Presidio anonymises."""
UNKNOWN: Final = 40
"""One value in so many is not known."""
AT: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
CODE: Final = TableCode("masked")
TABLE: Final = Table(
    CODE,
    "人口",
    OrgId("11990100MBY0000455"),
    (
        Column("name", "姓名", grade=Grade.L2, mask=Mask.KEEP_ENDS),
        Column("id_no", "身份证号", grade=Grade.L3, mask=Mask.KEEP_ENDS),
        Column("mobile", "手机号", grade=Grade.L3, mask=Mask.KEEP_ENDS),
        Column("address", "住址", grade=Grade.L3, mask=Mask.GENERALISE),
        Column("born_on", "出生日期", FieldKind.DATE, grade=Grade.L2, mask=Mask.GENERALISE),
    ),
)
NAMES: Final = tuple(column.name for column in TABLE.columns)
TREE: Final = Project(Scan(CODE, NAMES), tuple(Output(one.name, Masked(one, one.mask)) for one in TABLE.columns))
BY_HAND: Final = """
SELECT CASE WHEN length(name) > 2 THEN left(name, 1) || repeat('*', length(name) - 2) || right(name, 1)
            ELSE left(name, 1) || '*' END AS name,
       left(id_no, 4) || '**********' || right(id_no, 4) AS id_no,
       left(mobile, 3) || '****' || right(mobile, 4) AS mobile,
       regexp_extract(address, '^.+?[县旗区]') AS address,
       make_date(year(born_on), 1, 1) AS born_on
FROM read_parquet([{files}])
"""
_SURNAMES: Final = "赵钱孙李周吴郑王冯陈"
_GIVEN: Final = "安柏墨竹溪岚川禾青远"
_COUNTIES: Final = ("墨溪区", "竹笺县", "青石区", "白杨旗")


def run(scale: float, say: Say) -> Outcome:
    """Mask; then beside the peers."""
    rows = max(5_000, int(ROWS * min(1.0, scale)))
    outcome = Outcome(
        work={"scale": scale, "rows": rows, "columns": len(NAMES), "seed": SEED},
        peers=("duckdb", "pyarrow", "presidio-anonymizer"),
    )
    with TemporaryDirectory(prefix="shuzheng-bench-") as folder:
        store = Store(Path(folder) / "lake")
        say(f"{rows:,} rows")
        _land(store, rows, outcome)
        engine = open_duckdb({CODE: TABLE}, store=store, hash_key=b"bench")
        try:
            _beside_raw(engine, store, rows, outcome, say)
            _beside_presidio(engine, rows, outcome, say)
        finally:
            engine.close()
    return outcome


def _land(store: Store, rows: int, outcome: Outcome) -> None:
    with duckdb.connect() as maker:
        made = maker.sql(_made(rows))
        check = made.aggregate(f"bit_xor(hash({', '.join(NAMES)}))").fetchall()[0][0]
        outcome.work["check"] = f"{check:x}"
        schema = stored_schema(TABLE)
        batches = (batch.cast(schema) for batch in made.to_arrow_reader(65_536))
        reader = pa.RecordBatchReader.from_batches(schema, batches)
        store.append(TABLE, reader, writer="bench", batch=1, said=said_of("b1", AT))


def _made(rows: int) -> str:
    """Return the SELECT that makes the rows; the same seed makes the same ones."""

    def drawn(number: int) -> str:
        return f"(hash(n * 1000 + {number}, {SEED}) % 1000000)::INTEGER"

    def letter(letters: str, number: int) -> str:
        return f"substr('{letters}', 1 + {drawn(number)} % {len(letters)}, 1)"

    day = f"(DATE '1940-01-01' + {drawn(1)} % 27000)"
    counties = ", ".join(map(quote_text, _COUNTIES))
    two = f"CASE WHEN {drawn(5)} % 3 > 0 THEN {letter(_GIVEN, 3)} ELSE '' END"
    flat = f"{drawn(9)} % 90 || '栋' || {drawn(10)} % 3000 || '室'"
    values = (
        f"{letter(_SURNAMES, 2)} || {letter(_GIVEN, 4)} || {two}",
        f"'990102' || strftime({day}, '%Y%m%d') || lpad(({drawn(6)} % 10000)::VARCHAR, 4, '0')",
        f"'199' || lpad(({drawn(7)} * 97 % 100000000)::VARCHAR, 8, '0')",
        f"'临江省竹州市' || [{counties}][1 + {drawn(8)} % 4] || '柏林街道阳光小区' || {flat}",
        day,
    )
    given = ", ".join(
        f"CASE WHEN {drawn(20 + number)} % {UNKNOWN} > 0 THEN {value} END AS {name}"
        for number, (name, value) in enumerate(zip(NAMES, values, strict=True))
    )
    own = f"'b1' AS _batch, n + 1 AS _row, TIMESTAMPTZ '{AT.isoformat()}' AS _landed_at"
    return f"SELECT {given}, {own} FROM range({rows}) r(n)"


def _consumed(batches: pa.RecordBatchReader) -> int:
    return sum(batch.num_rows for batch in batches)


# ---- beside the peers ----
def _beside_raw(engine: DuckEngine, store: Store, rows: int, outcome: Outcome, say: Say) -> None:
    found = store.version(CODE)
    if found is None:
        raise AssertionError("nothing landed")
    sql = BY_HAND.format(files=", ".join(map(quote_text, found.files)))
    say("the same by hand in DuckDB")
    with duckdb.connect() as raw:
        _check_same(engine.run(TREE).read_all(), raw.sql(sql).to_arrow_table())
        pairs = time_pairs(
            lambda: _consumed(engine.run(TREE)), lambda: _consumed(raw.sql(sql).to_arrow_reader(65_536)), pairs=9
        )
    outcome.figures |= pairs.figures("ratio_raw_duckdb")
    outcome.figures["rows_per_second"] = rows / pairs.seconds
    outcome.notes.append("ratio_raw_duckdb: by hand for columns of just this form; ours for texts of every length")


def _check_same(ours: pa.Table, theirs: pa.Table) -> None:
    """Hold every row of ours to the other's, whatever their order."""
    with duckdb.connect() as judge:
        judge.register("ours", ours)
        judge.register("theirs", theirs.cast(ours.schema))
        apart = judge.sql(
            "SELECT count(*) FROM ((FROM ours EXCEPT ALL FROM theirs) UNION ALL (FROM theirs EXCEPT ALL FROM ours))"
        ).fetchall()[0][0]
    if apart or ours.num_rows != theirs.num_rows:
        raise AssertionError(f"{apart} rows are masked otherwise by hand")


def _beside_presidio(engine: DuckEngine, rows: int, outcome: Outcome, say: Say) -> None:
    if not HAS_PRESIDIO:
        outcome.notes.append("presidio is not installed (dependency group `bench`): ratio_presidio left out")
        return
    sample = min(ONE_BY_ONE, rows)
    say(f"Presidio: {sample:,} rows")
    whole = engine.run(Scan(CODE, NAMES)).read_all().slice(0, sample).to_pylist()
    peer = _Presidio([[row[name] for name in NAMES] for row in whole])
    if peer.anonymised() != peer.wanted:
        raise AssertionError("Presidio anonymises otherwise")
    pairs = time_pairs(lambda: _consumed(engine.run(TREE)), peer.anonymised, pairs=5)
    rates = Pairs(pairs.ours, tuple(taken * rows / sample for taken in pairs.peer))
    outcome.figures |= rates.figures("ratio_presidio")
    outcome.work["presidio_rows"] = sample
    outcome.figures["presidio_rows_per_second"] = rows / (rates.seconds * rates.ratio)
    outcome.notes.append("ratio_presidio: rows a second; it is told the places, recognising is not timed; one core")


class _Presidio:
    """Anonymises rows, each a text of five fields, whose places are known beforehand."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        self._engine = AnonymizerEngine()
        self._operators = {
            **{
                name: OperatorConfig("mask", {"masking_char": "*", "chars_to_mask": 100, "from_end": False})
                for name in ("name", "id_no", "mobile")
            },
            "address": OperatorConfig("redact", {}),
            "born_on": OperatorConfig("replace", {"new_value": "01-01"}),
        }
        masks = [make_mask(column, column.mask, hash_key=b"bench") for column in TABLE.columns]
        self.wanted = ["\t".join(map(_text, _masked(masks, row))) for row in rows]
        self._given = [_placed(row, _masked(masks, row)) for row in rows]

    def anonymised(self) -> list[str]:
        """Return the rows anonymised."""
        return [
            self._engine.anonymize(text=text, analyzer_results=places, operators=self._operators).text
            for text, places in self._given
        ]


def _masked(masks: Sequence[Callable[[Any], Any]], row: Sequence[Any]) -> list[Any]:
    return [mask(value) for mask, value in zip(masks, row, strict=True)]


def _text(value: str | date | None) -> str:
    return "" if value is None else str(value)


def _placed(row: Sequence[Any], masked: Sequence[Any]) -> "tuple[str, list[RecognizerResult]]":
    """Return a row as one text, and where in it what has to go lies: between the ends that stay."""
    places, start = [], 0
    for name, value, left in zip(NAMES, map(_text, row), map(_text, masked), strict=True):
        first, last = _middle(name, value, left)
        if first < last:
            places.append(RecognizerResult(name, start + first, start + last, 1.0))
        start += len(value) + 1
    return "\t".join(map(_text, row)), places


def _middle(name: str, value: str, left: str) -> tuple[int, int]:
    if name == "address":
        return len(left), len(value)
    if name == "born_on":
        return min(5, len(value)), len(value)
    return left.find("*") if left else 0, left.rfind("*") + 1
