"""A table means the same in Python and in DuckDB, whatever its policy, its columns and what is not known."""

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from shuzheng.engines.rules.errors import TableInvalid
from shuzheng.engines.rules.rules.duckdb import quote_name
from shuzheng.engines.rules.rules.tables import deciding
from shuzheng.engines.rules.rules.tables.axes import axes_of
from shuzheng.engines.rules.rules.tables.checking import check_table
from shuzheng.engines.rules.rules.tables.deciding import decide_table, make_table_closure
from shuzheng.engines.rules.rules.tables.duckdb import make_table_sql, sql_type
from shuzheng.engines.rules.types import Value
from shuzheng.engines.rules.types.tables import HitPolicy, Outcome, Table
from tests.rules.making import SCHEMA, Maker
from tests.rules.tables import make, random_table

ROWS = 40


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        names = ", ".join(f"{quote_name(name)} {sql_type(fact.type)}" for name, fact in SCHEMA.items())
        connection.execute(f"create table facts (n integer, {names})")
        rows = Maker(7).rows(ROWS)
        places = ", ".join("?" * (len(SCHEMA) + 1))
        values = [[n, *row.values()] for n, row in enumerate(rows)]
        connection.executemany(f"insert into facts values ({places})", values)
        yield connection


def ours(table: Table, facts: dict[str, Value]) -> tuple[object, ...]:
    found = decide_table(table, facts)
    assert (found.outcome, found.rows) == make_table_closure(table)(facts)
    every = [[row[output.name] for row in found.values] for output in table.outputs]
    if table.policy is HitPolicy.COLLECT:
        shown: list[object] = [values if found.outcome is Outcome.DECIDED else None for values in every]
    else:
        shown = [values[0] if values else None for values in every]
    return found.outcome, list(found.rows), *shown


def differences(engine: duckdb.DuckDBPyConnection, table: Table) -> Iterator[tuple[object, object]]:
    theirs = engine.execute(f"select * from ({make_table_sql(table, 'facts', keep=['n'])}) order by n").fetchall()
    rows = Maker(7).rows(ROWS)
    for facts, (_, *found) in zip(rows, theirs, strict=True):
        mine = ours(table, dict(facts))
        if mine != tuple(found):
            yield mine, tuple(found)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), policy=st.sampled_from(list(HitPolicy)))
def test_a_random_table_means_the_same_in_python_and_duckdb(
    engine: duckdb.DuckDBPyConnection, seed: int, policy: HitPolicy
) -> None:
    try:
        table = check_table(random_table(seed, policy), SCHEMA)
    except TableInvalid:
        return
    assert not list(differences(engine, table))


@pytest.mark.parametrize("policy", list(HitPolicy))
def test_every_outcome_of_a_policy_is_met_in_both(engine: duckdb.DuckDBPyConnection, policy: HitPolicy) -> None:
    table = make(
        policy,
        ["d1", "b1", "month(t2)"],
        ("< 20", "-", "-", "'甲'"),
        ("<= 50", "是", "-", "'乙'"),
        ("空", "-", "-", "'丙'"),
        ("> 50", "否", "非(1, 2)", "'乙'"),
    )
    assert not list(differences(engine, table))
    met = {decide_table(table, dict(facts)).outcome for facts in Maker(7).rows(ROWS)}
    assert met == set(Outcome) - (set() if policy is HitPolicy.UNIQUE else {Outcome.SEVERAL})


@pytest.mark.parametrize("policy", list(HitPolicy))
def test_looking_up_stretches_and_asking_row_by_row_give_the_same(
    monkeypatch: pytest.MonkeyPatch, policy: HitPolicy
) -> None:
    rows, met = [dict(facts) for facts in Maker(11).rows(200)], 0
    for seed in range(120):
        try:
            table = check_table(random_table(seed, policy), SCHEMA)
        except TableInvalid:
            continue
        met += axes_of(table) is not None
        quick = make_table_closure(table)
        with monkeypatch.context() as patch:
            patch.setattr(deciding, "axes_of", lambda _table: None)
            plain = make_table_closure(table)
        assert [quick(facts) for facts in rows] == [plain(facts) for facts in rows]
    assert met > 20


def test_random_tables_are_mostly_tables() -> None:
    tables = 0
    for seed in range(100):
        try:
            check_table(random_table(seed, HitPolicy.FIRST), SCHEMA)
        except TableInvalid:
            continue
        tables += 1
    assert tables > 60
