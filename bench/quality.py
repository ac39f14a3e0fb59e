"""Ten rules of quality over one table of people; against Great Expectations, pandera and pointblank.

Everyone reads the same Parquet files inside the timed part, judges the same ten rules and gives how many rows break
each; the counts are compared first and must be equal. Ours is the whole check: the Delta log is read, DuckDB opened and
locked, the one pass run, scores made of it. Great Expectations works on pandas, pandera and pointblank on polars.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

import duckdb

from bench.frame import PAIRS, SEED, Outcome, Say, time_pairs
from bench.quality_peers import (
    DISTRICTS,
    HAS_GX,
    HAS_PANDERA,
    HAS_POINTBLANK,
    SEXES,
    Counts,
    GreatExpectations,
    Pandera,
    Pointblank,
)
from shuzheng.base.kernel.types import OrgId
from shuzheng.engines.lake.backends.delta import Store
from shuzheng.engines.lake.backends.duckdb import Means, open_duckdb
from shuzheng.engines.lake.rules.arrow import stored_schema
from shuzheng.engines.lake.rules.quality import quality_tree, scores_of
from shuzheng.engines.lake.types.tables import Column, Dimension, FieldKind, QualityRule, Table, TableCode

KEYS: Final = ("ratio_great_expectations", "ratio_pandera", "ratio_pointblank", "rows_per_second")
ROWS: Final = 2_000_000
TODAY: Final = date(2023, 12, 15)
NOW: Final = datetime(2023, 12, 15, tzinfo=UTC)
_IN: Final = "{0} IN ({1})"


def _listed(texts: tuple[str, ...]) -> str:
    return ", ".join(f"'{text}'" for text in texts)


RULES: Final[Mapping[str, tuple[str, Dimension]]] = {
    "id_length": ("length(id_no) = 18", Dimension.CONFORMITY),
    "id_there": ("id_no IS NOT NULL", Dimension.COMPLETENESS),
    "sex": (f"sex IN ({_listed(SEXES)})", Dimension.CONFORMITY),
    "born": ("born <= today", Dimension.ACCURACY),
    "born_late": ("born >= DATE '1900-01-01'", Dimension.ACCURACY),
    "mobile_there": ("mobile IS NOT NULL", Dimension.COMPLETENESS),
    "mobile_length": ("length(mobile) = 11", Dimension.CONFORMITY),
    "mobile_head": ("starts_with(mobile, '1')", Dimension.CONFORMITY),
    "income": ("income BETWEEN 0 AND 500000", Dimension.ACCURACY),
    "district": (f"district IN ({_listed(DISTRICTS)})", Dimension.CONSISTENCY),
}
TABLE: Final = Table(
    code=TableCode("people"),
    label="人",
    department=OrgId(""),
    columns=(
        Column("id_no", "身份证号"),
        Column("sex", "性别"),
        Column("born", "出生日期", FieldKind.DATE),
        Column("mobile", "手机号"),
        Column("income", "年收入", FieldKind.INTEGER),
        Column("district", "县区"),
    ),
    rules=tuple(QualityRule(code, text, code, dimension) for code, (text, dimension) in RULES.items()),
)


class Peer(Protocol):
    """Judges the ten rules."""

    def count(self) -> Counts:
        """Return the rows that break each."""


def run(scale: float, say: Say) -> Outcome:
    """Check a table, beside each peer in turn."""
    rows = max(1_000, int(ROWS * scale))
    outcome = Outcome(
        work={"scale": scale, "rows": rows, "rules": len(RULES), "seed": SEED},
        peers=("duckdb", "great-expectations", "pandas", "pandera", "pointblank", "polars"),
    )
    with TemporaryDirectory(prefix="shuzheng-bench-") as folder:
        say(f"{rows:,} rows")
        store = Store(Path(folder) / "lake")
        files = _make(store, rows)
        broken = _check(store)
        outcome.work |= {"files": len(files), "broken": sum(broken.values())}
        for distribution, key, present, peer in (
            ("great-expectations", "ratio_great_expectations", HAS_GX, GreatExpectations),
            ("pandera", "ratio_pandera", HAS_PANDERA, Pandera),
            ("pointblank", "ratio_pointblank", HAS_POINTBLANK, Pointblank),
        ):
            if not present:
                outcome.notes.append(f"{distribution} is not installed (dependency group `bench`): {key} left out")
                continue
            say(distribution)
            _beside(store, key, distribution, peer(files, TODAY), broken, outcome)
        if "rows_per_second" not in outcome.figures:
            alone = time_pairs(lambda: _check(store), lambda: None)
            outcome.figures["rows_per_second"] = rows / alone.seconds
    outcome.notes.append("pandera gives its counts only together with the failing cells, some 5 in 100 rows here")
    outcome.notes.append(
        "left out on both sides: uniqueness of a key, samples of failing rows; freshness and targets are ours alone"
    )
    return outcome


def _beside(store: Store, key: str, distribution: str, peer: Peer, broken: Counts, outcome: Outcome) -> None:
    theirs = peer.count()
    apart = {code: (count, theirs.get(code, 0)) for code, count in broken.items() if theirs.get(code, 0) != count}
    if apart:
        raise AssertionError(f"{distribution} counts otherwise, ours and theirs: {apart}")
    pairs = time_pairs(_as_call(store), peer.count, pairs=PAIRS)
    outcome.figures |= pairs.figures(key)
    outcome.figures["rows_per_second"] = int(str(outcome.work["rows"])) / pairs.seconds


def _as_call(store: Store) -> Callable[[], Counts]:
    return lambda: _check(store)


def _check(store: Store) -> Counts:
    """Check the table as `actions.quality` does, and return how many rows break each rule."""
    engine = open_duckdb({TABLE.code: TABLE}, store=store, hash_key=b"", means=Means(memory="1GB"))
    try:
        [row] = engine.run(quality_tree(TABLE, TODAY)).read_all().to_pylist()
    finally:
        engine.close()
    scores = scores_of(TABLE, row, names=None, now=NOW, today=TODAY, reached=True)
    return {one.code: one.no for one in scores if one.code in RULES}


def _make(store: Store, rows: int) -> tuple[str, ...]:
    """Store people, one value in a hundred wrong and one in fifty missing."""
    drawn = "(hash(n, {0}, " + str(SEED) + ") % 1000)::INTEGER"

    def value(number: int, good: str, wrong: str, missing: int = 20) -> str:
        this = drawn.format(number)
        return f"CASE WHEN {this} < {missing} THEN NULL WHEN {this} < {missing + 10} THEN {wrong} ELSE {good} END"

    number, sex = "lpad((n * 7919)::VARCHAR, 18, '3')", ("(1 + n % 2)::VARCHAR", "'x'")
    district = (f"[{_listed(DISTRICTS)}][1 + (n % 7)::INTEGER]", "'000000'")
    born = ("DATE '1930-01-01' + (n % 33000)::INTEGER", "DATE '1800-01-01'")
    mobile = ("'13' || lpad((n % 1000000000)::VARCHAR, 9, '0')", "'0564-12'")
    columns = (
        f"{value(1, number, 'n::VARCHAR', 5)} AS id_no",
        f"{value(2, *sex)} AS sex",
        f"{value(3, *born)} AS born",
        f"{value(4, *mobile)} AS mobile",
        f"{value(5, '(n * 37 % 400000)::BIGINT', '-1')} AS income",
        f"{value(6, *district)} AS district",
    )
    own = "'b1' AS _batch, n + 1 AS _row, TIMESTAMPTZ '2023-12-14 00:00:00+00' AS _landed_at"
    sql = f"SELECT {', '.join(columns)}, {own} FROM range({rows}) r(n) ORDER BY n"
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        made = engine.sql(sql).to_arrow_table().cast(stored_schema(TABLE))
    store.append(TABLE, made.to_reader(), writer="bench", batch=1, said={})
    version = store.version(TABLE.code)
    return () if version is None else version.files
