"""Everyone many rules fit: what DuckDB finds in queries of 25 is what each closure gives on each row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.rules.binding import bind
from shuzheng.engines.rules.rules.checking import check_rule, facts_of
from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.rules.duckdb import quote_name
from shuzheng.engines.rules.rules.finding import (
    Sought,
    column_type,
    count_everyone,
    find_everyone,
    list_known,
    plan_queries,
)
from shuzheng.engines.rules.types import Kind, Node, Value
from tests.rules.making import SCHEMA, Maker

ROWS = 120
Row = Mapping[str, Value]


@pytest.fixture
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def fill(engine: duckdb.DuckDBPyConnection, rows: Sequence[Row], columns: Mapping[str, str] | None = None) -> None:
    types = {name: column_type(fact.type) for name, fact in SCHEMA.items()} | dict(columns or {})
    engine.execute(
        f"create or replace table t (n integer, {', '.join(f'{quote_name(k)} {v}' for k, v in types.items())})"
    )
    places = ", ".join("?" * (len(types) + 1))
    engine.executemany(f"insert into t values ({places})", [[n, *row.values()] for n, row in enumerate(rows)])


def expected(rules: Sequence[Sought], rows: Sequence[Row]) -> dict[tuple[int, int], tuple[bool | None, Value]]:
    found: dict[tuple[int, int], tuple[bool | None, Value]] = {}
    for rule in rules:
        decides = [make_closure(node) for node in rule.conditions]
        value = None if rule.value is None else make_closure(rule.value)
        for n, row in enumerate(rows):
            given = [decide(row) for decide in decides]
            if False not in given:
                fits = None if None in given else True
                found[rule.key, n] = (fits, value(row) if fits and value is not None else None)
    return found


def check(engine: duckdb.DuckDBPyConnection, rules: Sequence[Sought], rows: Sequence[Row], per_query: int = 25) -> int:
    """Compare both ways of looking with the closures; return how many pairs were found."""
    find_everyone(engine, rules, relation="t", subject="n", into="found", per_query=per_query)
    found = {(rule, n): (fits, value) for rule, n, fits, value in engine.execute("select * from found").fetchall()}
    wanted = expected(rules, rows)
    assert found == wanted
    counts = count_everyone(engine, rules, relation="t", subject="n", per_query=per_query)
    for one in counts:
        mine = [fits for (key, _), (fits, _) in wanted.items() if key == one.key]
        assert (one.fits, one.open) == (mine.count(True), mine.count(None))
    assert [one.key for one in counts] == [rule.key for rule in rules]
    return len(found)


def condition(text: str) -> Node:
    return check_rule(text, SCHEMA).root


@pytest.mark.parametrize("seed", range(3))
def test_random_groups_are_found_as_the_closures_decide(engine: duckdb.DuckDBPyConnection, seed: int) -> None:
    maker = Maker(seed)
    rows = maker.rows(ROWS)
    fill(engine, rows)
    made: list[Node] = []
    while len(made) < 60:
        try:
            made.append(condition(maker.text(Kind.BOOL, 2)))
        except RuleTextInvalid:
            continue
    rules = []
    for key in range(70):
        group = key // 5
        shared, own = made[group : group + 2], made[20 + key % 40 : 21 + key % 40]
        rules.append(Sought(key, (*shared, *own)[: 1 + key % 3], None, f"g{group}"))
    assert check(engine, rules, rows) > 200


def test_rules_that_differ_in_constants_are_joined_and_unknown_columns_stay_open(
    engine: duckdb.DuckDBPyConnection,
) -> None:
    rows = Maker(7).rows(ROWS)
    fill(engine, rows)
    value = check_rule("LEAST(ROUND(d1, 2), 5000)", SCHEMA, kind=Kind.NUMBER).root
    rules = [
        Sought(
            10 * n + year,
            (
                condition("i2 > -5 OR b1 = TRUE"),
                condition(f"s1 = '{word}'"),
                condition(f"t2 >= DATE '20{20 + year}-01-01'"),
            ),
            value,
            "family",
        )
        for n, word in enumerate(("a", "abc", "张三", "it''s"))
        for year in (0, 3)
    ]
    (query,) = plan_queries(rules, relation="t", subject="n")
    (sure,) = plan_queries(rules, relation="t", subject="n", known=SCHEMA)
    assert sure.sql.count("UNION ALL") == 0
    assert query.sql.count("UNION ALL") == 1
    assert check(engine, rules, rows) > 20


@pytest.mark.parametrize("full", [0.0, 0.5, 1.0])
def test_facts_known_of_every_row_are_decided_in_two_values_and_found_the_same(
    engine: duckdb.DuckDBPyConnection, full: float
) -> None:
    maker = Maker(12)
    names = sorted(SCHEMA)[: round(full * len(SCHEMA))]
    rows = [dict(row) for row in maker.rows(ROWS)]
    for row in rows:
        for name in names:
            while row[name] is None:
                row[name] = maker.value(SCHEMA[name])
    fill(engine, rows)
    texts = (
        "i1 > 0", "i1 > 0 AND b2 = TRUE", "t2 > form.t1", "round(i1 / i2, 1) > 2", "s1 = 'a' OR s2 = 'b'",
        "add_days(t2, i1) > form.t1", "i1 IS NULL OR i2 > 3", "CASE WHEN b1 THEN i1 > 3 END", "NOT (b1 AND i2 > 0)",
    )  # fmt: skip
    value = check_rule("ROUND(LEAST(d1, 5000), 2)", SCHEMA, kind=Kind.NUMBER).root
    rules = [
        Sought(10 * n + m, (condition(shared), condition(own)), value, f"g{n}")
        for n, shared in enumerate(texts)
        for m, own in enumerate(texts)
    ]
    asked = frozenset[str]().union(*(facts_of(node) for rule in rules for node in rule.conditions))
    known = list_known(engine, rules, relation="t")
    assert known == {name for name in asked if all(row[name] is not None for row in rows)}
    assert known >= asked & set(names)
    assert check(engine, rules, rows) > 100


def test_rules_with_nothing_of_their_own_are_each_found(engine: duckdb.DuckDBPyConnection) -> None:
    rows = Maker(8).rows(ROWS)
    fill(engine, rows)
    rules = [Sought(key, (condition("b1 = TRUE"),), None, "twins") for key in range(3)]
    assert check(engine, rules, rows) > 30
    assert check(engine, [Sought(1, (), None)], rows) == ROWS


def test_groups_of_other_shapes_and_cut_groups_are_found_too(engine: duckdb.DuckDBPyConnection) -> None:
    rows = Maker(9).rows(ROWS)
    fill(engine, rows)
    texts = ("i1 > 0", "i1 > 0 AND b2 = TRUE", "t2 > form.t1", "i1 > 10", "s1 = 'a' OR s2 = 'b'", "i1 > 100")
    rules = [Sought(key, (condition("b1 = FALSE"), condition(text)), None, "mixed") for key, text in enumerate(texts)]
    for per_query in (1, 2, 4, 25):
        assert check(engine, rules, rows, per_query) > 20


def test_texts_kept_as_enum_are_found_the_same(engine: duckdb.DuckDBPyConnection) -> None:
    words = ("b", "a", "张三", "A")
    rows = [{**row, "s1": None if n % 7 == 0 else words[n % 4]} for n, row in enumerate(Maker(11).rows(ROWS))]
    fill(engine, rows, {"s1": "ENUM('b', 'a', '张三', 'A')"})
    texts = (
        "s1 = 'a'",
        "s1 <> 'b'",
        "s1 IN ('a', '张三', '没有')",
        "s1 < 'b'",
        "upper(s1) = 'A'",
        "s1 LIKE '张%'",
        "s1 = s2",
    )
    rules = [Sought(key, (condition(text),), None) for key, text in enumerate(texts)]
    same = [Sought(50 + n, (condition(f"s1 = '{word}'"),), None, "words") for n, word in enumerate((*words, "没有"))]
    assert check(engine, [*rules, *same], rows) > 100


@pytest.mark.parametrize("seed", range(3))
def test_a_bound_tree_gives_what_the_tree_gives_with_the_facts(seed: int) -> None:
    maker = Maker(100 + seed)
    names = ("i1", "d1", "t2", "s1", "b1", "l1")
    tried = 0
    while tried < 150:
        kind = maker.random.choice([Kind.BOOL, Kind.NUMBER, Kind.DATE, Kind.TEXT])
        try:
            node = check_rule(maker.text(kind, 3), SCHEMA, kind=kind).root
        except RuleTextInvalid:
            continue
        tried += 1
        row = maker.rows(1)[0]
        facts = {name: row[name] for name in names}
        bound = bind(node, facts)
        unbound = {k: v for k, v in row.items() if facts.get(k) is None or k == "l1"}
        assert make_closure(bound)(unbound) == make_closure(node)(row)
        assert not facts_of(bound) & {k for k, v in facts.items() if v is not None and k != "l1"}


def test_binding_works_out_what_is_constant() -> None:
    node = check_rule("i1 > year(add_years(t2, 1)) - 2", SCHEMA).root
    bound = bind(node, {"t2": date(2023, 1, 1)})
    assert bound.parts[1].value == Decimal(2022)
    assert replace(bound.parts[1], value=None).parts == ()
