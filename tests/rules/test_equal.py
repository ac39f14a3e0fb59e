"""One text, one meaning: the Python closure and DuckDB give the same on every row."""

import os
from collections.abc import Iterator, Mapping, Sequence

import duckdb
import pytest

from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.rules.duckdb import make_duckdb_sql, quote_name
from shuzheng.engines.rules.types import Kind, Rule, Type, Value
from tests.rules.making import DATES, SCHEMA, Maker

PAIRS = int(os.environ.get("RULE_PAIRS", "50000"))
ROWS = 40
COLUMNS = {Kind.BOOL: "BOOLEAN", Kind.DATE: "DATE", Kind.TEXT: "VARCHAR", Kind.LIST: "VARCHAR[]"}


def column(found: Type) -> str:
    return COLUMNS.get(found.kind) or f"DECIMAL({found.digits}, {found.scale})"


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        names = ", ".join(f"{quote_name(name)} {column(fact.type)}" for name, fact in SCHEMA.items())
        connection.execute(f"create table facts (n integer, {names})")
        yield connection


def fill(engine: duckdb.DuckDBPyConnection, rows: Sequence[Mapping[str, Value]]) -> None:
    engine.execute("delete from facts")
    places = ", ".join("?" * (len(SCHEMA) + 1))
    engine.executemany(f"insert into facts values ({places})", [[n, *row.values()] for n, row in enumerate(rows)])


def differences(
    engine: duckdb.DuckDBPyConnection, rule: Rule, rows: Sequence[Mapping[str, Value]]
) -> Iterator[tuple[str, object, object]]:
    found = engine.execute(f"select {make_duckdb_sql(rule.root)} from facts order by n").fetchall()
    decide = make_closure(rule.root)
    for row, (theirs,) in zip(rows, found, strict=True):
        ours = decide(row)
        if ours != theirs or (ours is None) != (theirs is None) or isinstance(ours, bool) != isinstance(theirs, bool):
            yield rule.text, ours, theirs


@pytest.mark.parametrize("seed", range(4))
def test_random_rules_mean_the_same_in_python_and_duckdb(engine: duckdb.DuckDBPyConnection, seed: int) -> None:
    maker, pairs, unknown = Maker(seed), 0, 0
    found: list[tuple[str, object, object]] = []
    rows = maker.rows(ROWS)
    fill(engine, rows)
    tried = too_wide = others = 0
    while pairs < PAIRS // 4:
        tried += 1
        if tried % 50 == 0:
            rows = maker.rows(ROWS)
            fill(engine, rows)
        kind = maker.random.choice([Kind.BOOL, Kind.BOOL, Kind.BOOL, Kind.NUMBER, Kind.NUMBER, Kind.DATE, Kind.TEXT])
        try:
            rule = check_rule(maker.text(kind, maker.random.randint(1, 4)), SCHEMA, kind=kind)
        except RuleTextInvalid as refused:
            too_wide += "位" in refused.message
            others += "位" not in refused.message
            continue
        found.extend(differences(engine, rule, rows))
        pairs += len(rows)
        unknown += sum(make_closure(rule.root)(row) is None for row in rows)
    assert not found, found[:5]
    assert not others
    assert too_wide < tried / 2
    assert 0.05 < unknown / pairs < 0.6


@pytest.mark.parametrize(
    "text",
    [
        "years_between(form.t1, t2)",
        "months_between(form.t1, t2)",
        "days_between(form.t1, t2)",
        "add_years(form.t1, years_between(form.t1, t2))",
        "add_months(form.t1, months_between(form.t1, t2))",
    ],
)
def test_calendar_sums_agree_on_every_pair_of_a_grid_with_leap_days(
    engine: duckdb.DuckDBPyConnection, text: str
) -> None:
    blank = dict.fromkeys(SCHEMA)
    rows = [{**blank, "form.t1": a, "t2": b} for a in DATES for b in DATES]
    fill(engine, rows)
    rule = check_rule(text, SCHEMA, kind=None)
    assert not list(differences(engine, rule, rows))
