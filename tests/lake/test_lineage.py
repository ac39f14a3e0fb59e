"""From a source column to a figure: of trees, of queries; and what is said is true of what DuckDB answers."""

from collections.abc import Iterable, Iterator

import duckdb
import pytest

from shuzheng.base.kernel.types import OrgId
from shuzheng.engines.lake.errors import TreeInvalid
from shuzheng.engines.lake.rules.lineage import lineage_of_sql, lineage_of_tree
from shuzheng.engines.lake.types.lineage import By, Edge, How, Lineage, Origin, Source
from shuzheng.engines.lake.types.tables import Column, FieldKind, Mask, Table, TableCode
from shuzheng.engines.lake.types.trees import (
    Aggregate,
    Figure,
    Filter,
    Join,
    JoinKind,
    Masked,
    Measure,
    Output,
    Plain,
    Project,
    Scan,
    Sort,
    Union,
)
from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.types import Node

P, F = TableCode("p"), TableCode("f")
COLUMNS = {
    P: (
        Column("id", "证件号", mask=Mask.KEEP_ENDS),
        Column("name", "姓名"),
        Column("area", "区县"),
        Column("age", "年龄", FieldKind.INTEGER, digits=3),
    ),
    F: (Column("owner", "法人"), Column("uscc", "代码"), Column("Capital", "资本", FieldKind.INTEGER, digits=9)),
}
TABLES = {code: Table(code, code, OrgId("x"), columns) for code, columns in COLUMNS.items()}
PEOPLE = Scan(P, ("id", "name", "area", "age"))
FIRMS = Scan(F, ("owner", "uscc", "Capital"))


def rule(text: str, table: TableCode = P) -> Node:
    return check_rule(text, TABLES[table].schema, kind=None).root


def made(lineage: Lineage) -> list[str]:
    """Return outputs as `name < source how, …`."""
    return [
        f"{output.name} < " + ", ".join(f"{one.source.name} {one.how}" for one in output.origins)
        for output in lineage.outputs
    ]


def chosen(lineage: Lineage) -> list[str]:
    return [f"{one.source.name} {one.by}" for one in lineage.influences]


# ---- trees ----
def test_a_column_handed_on_masked_and_computed() -> None:
    outputs = (
        Output("who", Plain("name")),
        Output("number", Masked(COLUMNS[P][0], Mask.KEEP_ENDS)),
        Output("same", Masked(COLUMNS[P][0], Mask.NONE)),
        Output("old", rule("age >= 60 AND area = '甲'")),
        Output("plain", rule("age")),
        Output("one", rule("1 + 1")),
    )
    found = lineage_of_tree(Project(PEOPLE, outputs), TABLES)
    assert made(found) == [
        "who < p.name as_is",
        "number < p.id masked",
        "same < p.id as_is",
        "old < p.age computed, p.area computed",
        "plain < p.age as_is",
        "one < ",
    ]
    assert found.of("number")[0].masked
    assert not found.of("same")[0].masked
    assert not chosen(found)


def test_a_mask_is_remembered_through_what_comes_after() -> None:
    masked = Project(PEOPLE, (Output("h", Masked(COLUMNS[P][0], Mask.HASH)), Output("area", Plain("area"))))
    counted = Aggregate(masked, ("area",), (Figure("n", Measure.COUNT_DISTINCT, Plain("h")),))
    assert lineage_of_tree(counted, TABLES).of("n") == (Origin(Source(P, "id"), How.COUNTED, masked=True),)


def test_figures_groups_and_the_small_group_limit() -> None:
    figures = (
        Figure("n", Measure.COUNT),
        Figure("total", Measure.SUM, Plain("age")),
        Figure("old", Measure.COUNT_TRUE, rule("age > 60")),
        Figure("least", Measure.LEAST, Plain("age")),
        Figure("most", Measure.MOST, Plain("age")),
    )
    found = lineage_of_tree(Aggregate(PEOPLE, ("area",), figures, least=5, of_whom="id"), TABLES)
    assert made(found) == [
        "area < p.area as_is",
        "n < p counted",
        "total < p.age summed",
        "old < p.age counted",
        "least < p.age least",
        "most < p.age most",
    ]
    assert chosen(found) == ["p.area grouped", "p.id filtered"]


def test_what_filters_and_sorts_has_a_part_without_standing_in_the_result() -> None:
    tree = Sort(Filter(PEOPLE, rule("age > 18 AND area = '甲'")), (("name", True),), limit=3)
    found = lineage_of_tree(Project(tree, (Output("id", Plain("id")),)), TABLES)
    assert made(found) == ["id < p.id as_is"]
    assert chosen(found) == ["p.age filtered", "p.area filtered", "p.name sorted"]


@pytest.mark.parametrize(("kind", "outputs"), [(JoinKind.INNER, 7), (JoinKind.LEFT, 7), (JoinKind.SEMI, 4)])
def test_joins(kind: JoinKind, outputs: int) -> None:
    tree = Join(PEOPLE, FIRMS, kind, (("id", "owner"),))
    found = lineage_of_tree(tree, TABLES)
    assert len(found.outputs) == outputs
    assert chosen(found) == ["f.owner joined", "p.id joined"]
    counted = lineage_of_tree(Aggregate(tree, (), (Figure("n", Measure.COUNT),)), TABLES)
    assert made(counted) == ["n < p counted" if kind is JoinKind.SEMI else "n < f counted, p counted"]


def test_a_union_is_made_of_all_its_parts() -> None:
    other = Project(FIRMS, (Output("id", Plain("owner")),))
    one = Project(Filter(PEOPLE, rule("age > 1")), (Output("id", Plain("id")),))
    found = lineage_of_tree(Union((one, other)), TABLES)
    assert made(found) == ["id < f.owner as_is, p.id as_is"]
    assert chosen(found) == ["p.age filtered"]


def test_a_tree_that_cannot_run_has_no_lineage() -> None:
    with pytest.raises(TreeInvalid):
        lineage_of_tree(Project(PEOPLE, (Output("x", Plain("no_such")),)), TABLES)


def test_the_drawing_has_every_line_once() -> None:
    tree = Aggregate(Filter(PEOPLE, rule("age > 18")), ("area",), (Figure("n", Measure.COUNT),))
    graph = lineage_of_tree(tree, TABLES).graph
    assert graph.sources == ("p", "p.age", "p.area")
    assert graph.outputs == ("0:area", "1:n")
    assert set(graph.edges) == {
        Edge("p.area", "0:area", How.AS_IS),
        Edge("p", "1:n", How.COUNTED),
        Edge("p.age", "rows", By.FILTERED),
        Edge("p.area", "rows", By.GROUPED),
    }


# ---- queries ----
SHAPES: list[tuple[str, list[str], list[str]]] = [
    ("SELECT id, name AS n FROM p", ["id < p.id as_is", "n < p.name as_is"], []),
    ("SELECT P.ID AS Nr FROM P", ["Nr < p.id as_is"], []),
    ("SELECT id, id FROM p", ["id < p.id as_is", "id < p.id as_is"], []),
    (
        "SELECT p.* EXCLUDE (age, area), upper(name) u FROM p",
        ["id < p.id as_is", "name < p.name as_is", "u < p.name computed"],
        [],
    ),
    (
        "SELECT area, count(*) n, sum(age), max(age) m FROM p WHERE name LIKE '张%' GROUP BY area HAVING min(age) > 3",
        ["area < p.area as_is", "n < p counted", "SUM(age) < p.age summed", "m < p.age most"],
        ["p.age filtered", "p.area grouped", "p.name filtered"],
    ),
    ("SELECT area, avg(age) a FROM p GROUP BY ALL", ["area < p.area as_is", "a < p.age gathered"], ["p.area grouped"]),
    ("SELECT DISTINCT area FROM p", ["area < p.area as_is"], ["p.area grouped"]),
    ("SELECT sum(age) / count(*) AS m FROM p", ["m < p.age computed"], []),
    ("SELECT count(*) FILTER (WHERE age > 3) c FROM p", ["c < p.age counted"], []),
    (
        "WITH x AS (SELECT id, age + 1 a FROM p) SELECT x.a, f.uscc FROM x JOIN f ON f.owner = x.id",
        ["a < p.age computed", "uscc < f.uscc as_is"],
        ["f.owner joined", "p.id joined"],
    ),
    (
        "WITH a AS (SELECT id, age FROM p WHERE age > 1), b AS (SELECT id FROM a) SELECT count(id) n FROM b",
        ["n < p.id counted"],
        ["p.age filtered"],
    ),
    ("SELECT id FROM p UNION ALL SELECT owner FROM f", ["id < f.owner as_is, p.id as_is"], []),
    ("SELECT id FROM p EXCEPT SELECT owner FROM f", ["id < p.id as_is"], ["f.owner filtered"]),
    (
        "SELECT id AS i FROM p UNION ALL BY NAME SELECT owner AS o FROM f",
        ["i < p.id as_is", "o < f.owner as_is"],
        [],
    ),
    (
        "SELECT name, row_number() OVER (PARTITION BY area ORDER BY age) r FROM p",
        ["name < p.name as_is", "r < p.age ranked, p.area ranked"],
        [],
    ),
    ("SELECT sum(age) OVER w s FROM p WINDOW w AS (PARTITION BY area)", ["s < p.age summed"], ["p.area sorted"]),
    (
        "SELECT id FROM p QUALIFY row_number() OVER (ORDER BY age, id) = 1",
        ["id < p.id as_is"],
        ["p.age filtered", "p.id filtered"],
    ),
    ("SELECT name FROM p ORDER BY age, id LIMIT 2", ["name < p.name as_is"], ["p.age sorted", "p.id sorted"]),
    (
        "SELECT name, (SELECT count(*) FROM f WHERE f.owner = p.id) n FROM p",
        ["name < p.name as_is", "n < f counted"],
        ["f.owner filtered", "p.id filtered"],
    ),
    (
        "SELECT name FROM p WHERE EXISTS (SELECT 1 FROM f WHERE f.owner = p.id AND capital > 3)",
        ["name < p.name as_is"],
        ["f.Capital filtered", "f.owner filtered", "p.id filtered"],
    ),
    (
        "SELECT name FROM p WHERE id IN (SELECT owner FROM f)",
        ["name < p.name as_is"],
        ["f.owner filtered", "p.id filtered"],
    ),
    ("SELECT x FROM p, (SELECT max(age) x FROM p) m", ["x < p.age most"], []),
    (
        "SELECT f.uscc FROM f LEFT JOIN p ON p.id = f.owner AND p.age > 30 WHERE p.id IS NULL",
        ["uscc < f.uscc as_is"],
        ["f.owner joined", "p.age joined", "p.id filtered", "p.id joined"],
    ),
    ("SELECT a.id, b.name FROM p a, p b WHERE a.age = b.age", ["id < p.id as_is", "name < p.name as_is"],
     ["p.age filtered"]),
    ("SELECT u FROM p, unnest([name, area]) AS t(u)", ["u < p.area computed, p.name computed"], []),
    ("SELECT id, age + 1 AS a, a * 2 AS b FROM p", ["id < p.id as_is", "a < p.age computed", "b < p.age computed"], []),
    ("SELECT p FROM p", ["p < p.age computed, p.area computed, p.id computed, p.name computed"], []),
    ("SELECT name, CASE WHEN age > 30 THEN area END c FROM p",
     ["name < p.name as_is", "c < p.age computed, p.area computed"], []),
    ("SELECT v.a FROM (VALUES (1), (2)) v(a)", ["a < "], []),
    ("(SELECT id FROM p)", ["id < p.id as_is"], []),
    (
        "SELECT area, count(*) n FROM p GROUP BY ROLLUP (area, age)",
        ["area < p.area as_is", "n < p counted"],
        ["p.age grouped", "p.area grouped"],
    ),
    ("SELECT DISTINCT ON (area) area, 1 AS one FROM p", ["area < p.area as_is", "one < "], ["p.area grouped"]),
]  # fmt: skip
LOST = [
    "WITH RECURSIVE r AS (SELECT id, 1 AS d FROM p UNION ALL SELECT r.id, d + 1 FROM r WHERE d < 3) SELECT * FROM r",
    "SELECT x.y FROM p x(y)",
    "SELECT p.name, l.c FROM p, LATERAL (SELECT count(*) c FROM f WHERE f.owner = p.id) l",
    "SELECT * FROM p PIVOT (sum(age) FOR area IN ('甲'))",
    "SELECT max(COLUMNS(*)) FROM p",
]
"""Queries that are not followed; what is said of them is wide."""


@pytest.mark.parametrize(("text", "outputs", "influences"), SHAPES, ids=[text for text, _o, _i in SHAPES])
def test_each_shape_of_a_query_is_followed(text: str, outputs: list[str], influences: list[str]) -> None:
    found = lineage_of_sql(text, TABLES)
    assert found.exact
    assert made(found) == outputs
    assert chosen(found) == influences


@pytest.mark.parametrize("text", LOST)
def test_what_cannot_be_followed_is_said_to_come_from_everything_it_reads(text: str) -> None:
    found = lineage_of_sql(text, TABLES)
    assert not found.exact
    assert {source for source in found.sources if source.table == P} == {Source(P, one.name) for one in COLUMNS[P]}
    assert any(source.table == F for source in found.sources) == (" f " in text)
    assert found.outputs


@pytest.mark.parametrize(
    "text", ["not sql (", "", "SELECT * FROM unknown", "SELECT no_such FROM p, f", "SELECT " + "(" * 900]
)
def test_nothing_that_is_given_makes_it_fail(text: str) -> None:
    assert not lineage_of_sql(text, TABLES).exact


def test_a_mask_beneath_the_query_is_its_first_step() -> None:
    found = lineage_of_sql(
        "SELECT id, upper(id) u, name FROM p", TABLES, masks={P: {"id": Mask.HASH, "name": Mask.NONE}}
    )
    assert made(found) == ["id < p.id masked", "u < p.id computed", "name < p.name as_is"]
    assert [found.of(name)[0].masked for name in ("id", "u", "name")] == [True, True, False]


def test_a_star_stands_for_the_columns_given() -> None:
    narrow = {P: Table(P, "p", OrgId("x"), COLUMNS[P][1:2])}
    assert made(lineage_of_sql("SELECT * FROM p", narrow)) == ["name < p.name as_is"]


def test_an_output_that_is_not_there_is_none() -> None:
    with pytest.raises(KeyError):
        lineage_of_sql("SELECT id FROM p", TABLES).of("name")


ROWS: dict[TableCode, list[tuple[object, ...]]] = {
    P: [("1", "张一", "甲", 20), ("2", "张二", "乙", 40), ("3", "李三", "甲", 40), ("4", "张四", "丙", 70)],
    F: [("1", "A", 5), ("3", "B", 1), ("9", "C", 50)],
}
OTHER: dict[tuple[TableCode, str], list[object]] = {
    (P, "id"): ["9", "1", "3", "2"],
    (P, "name"): ["李甲", "张乙", "王丙", "张丁"],
    (P, "area"): ["乙", "乙", "丙", "甲"],
    (P, "age"): [71, 2, 25, 33],
    (F, "owner"): ["4", "2", "8"],
    (F, "uscc"): ["X", "Y", "Z"],
    (F, "Capital"): [1, 9, 2],
}


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": "1"}) as made:
        yield made


def answer(engine: duckdb.DuckDBPyConnection, text: str, changed: tuple[TableCode, str] | None = None) -> list[str]:
    for code, rows in ROWS.items():
        names = [column.name for column in COLUMNS[code]]
        engine.execute(f"CREATE OR REPLACE TABLE {code} ({', '.join(_typed(COLUMNS[code]))})")
        for number, row in enumerate(rows):
            new = [
                OTHER[code, name][number] if (code, name) == changed else value
                for name, value in zip(names, row, strict=True)
            ]
            engine.execute(f"INSERT INTO {code} VALUES ({', '.join('?' * len(new))})", new)
    return sorted(map(repr, engine.execute(text).fetchall()))


def _typed(columns: Iterable[Column]) -> list[str]:
    return [f"{one.name} {'INTEGER' if one.kind is FieldKind.INTEGER else 'VARCHAR'}" for one in columns]


@pytest.mark.parametrize("text", [*(text for text, _o, _i in SHAPES), *LOST])
def test_a_column_that_is_not_named_can_change_without_changing_the_answer(
    engine: duckdb.DuckDBPyConnection, text: str
) -> None:
    """What lineage leaves out has no part: the other values of a column never show."""
    sources = lineage_of_sql(text, TABLES).sources
    before = answer(engine, text)
    for code, name in OTHER:
        if Source(code, name) not in sources:
            assert answer(engine, text, (code, name)) == before, f"{code}.{name}"
