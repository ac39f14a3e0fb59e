"""Where only groups are granted, a tree may ask what a query may ask, and gets the same answer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.lake import errors
from shuzheng.engines.lake.backends.delta import Store
from shuzheng.engines.lake.backends.guarded_child import Secured
from shuzheng.engines.lake.rules.limiting import vet_tree
from shuzheng.engines.lake.rules.planning import plan_reading
from shuzheng.engines.lake.rules.vetting import read_query, vet
from shuzheng.engines.lake.types.reading import ReadingPlan
from shuzheng.engines.lake.types.tables import Access, Grade
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
    Tree,
    Union,
)
from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.types import Node
from tests.lake.worlds import DEPT, LEADER, PERSON, PURPOSE, TABLES, TODAY, job_of, land, people

LEAST = 5
GRANTED = ("id_no", "dept_id", "code", "income")
GROUPS = replace(
    PERSON,
    access=(Access(frozenset({"leader"}), (PURPOSE,), columns=GRANTED, clear=Grade.L4, least_group=LEAST),),
)


def plan_of() -> ReadingPlan:
    return plan_reading((GROUPS, DEPT), LEADER, purpose=PURPOSE, today=TODAY)


def rows() -> Iterator[dict[str, Any]]:
    """Some groups are small; in some, few have an income, or few lack one."""
    for row in people(0, 90):
        few = row["code"] == "1" and row["pid"] > 30
        lacking = row["code"] == "2" and row["pid"] < 20
        yield {
            **row,
            "income": None if few or lacking else row["income"],
            "code": "s" if row["pid"] < 3 else row["code"],
        }


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Secured:
    store = Store(Path(tmp_path_factory.mktemp("groups")))
    land(store, PERSON, list(rows()))
    land(store, DEPT, [{"dept_id": n, "dname": name} for n, name in ((1, "甲"), (2, "乙"), (9, "丙"))])
    return Secured(job_of(store, plan_of()))


ROWS = Scan(PERSON.code, GRANTED)
PLACES = Scan(DEPT.code, ("dept_id", "dname"))
COUNT = Figure("n", Measure.COUNT)


def rule(text: str) -> Node:
    return check_rule(text, PERSON.schema, kind=None).root


def by_code(*figures: Figure, source: Tree = ROWS) -> Aggregate:
    return Aggregate(source, ("code",), figures)


def of(measure: Measure, column: str = "income") -> Figure:
    return Figure("n", measure, Plain(column))


def joined(kind: JoinKind = JoinKind.INNER, left: Tree = ROWS, right: Tree | None = None) -> Join:
    other = right or Project(PLACES, (Output("d", Plain("dept_id")), Output("dname", Plain("dname"))))
    return Join(left, other, kind, (("dept_id", "d"),))


TWICE = Project(ROWS, (Output("code", Plain("code")), Output("twice", rule("dept_id + dept_id"))))
RENAMED = Project(ROWS, (Output("code", Plain("code")), Output("wage", Plain("income"))))
HIDDEN = Project(ROWS, (Output("code", Plain("code")), Output("x", Plain("id_no"))))
KEPT = Project(ROWS, (Output("code", Plain("code")), Output("id_no", Plain("id_no"))))


@dataclass(frozen=True)
class Case:
    sql: str
    tree: Tree
    allowed: bool = True


CASES = {
    "count": Case("select code, count(*) n from person group by code", by_code(COUNT)),
    "count of all": Case("select count(*) n from person", Aggregate(ROWS, (), (COUNT,))),
    "count known": Case("select code, count(income) n from person group by code", by_code(of(Measure.COUNT_KNOWN))),
    "count by a column": Case("select code, count(income) n from person group by code", by_code(of(Measure.COUNT))),
    "count distinct": Case(
        "select code, count(distinct income) n from person group by code", by_code(of(Measure.COUNT_DISTINCT))
    ),
    "count subjects": Case(
        "select code, count(distinct id_no) n from person group by code", by_code(of(Measure.COUNT_DISTINCT, "id_no"))
    ),
    "sum": Case("select code, sum(income) n from person group by code", by_code(of(Measure.SUM))),
    "sum of a rule's column": Case(
        "select code, sum(income) n from person group by code", by_code(Figure("n", Measure.SUM, rule("income")))
    ),
    "least": Case("select code, min(income) n from person group by code", by_code(of(Measure.LEAST)), False),
    "most": Case("select code, max(income) n from person group by code", by_code(of(Measure.MOST)), False),
    "count true": Case(
        "select code, count_if(income > 5) n from person group by code",
        by_code(Figure("n", Measure.COUNT_TRUE, rule("income > 5"))),
        False,
    ),
    "count false": Case(
        "select code, count(case when not income > 5 then 1 end) n from person group by code",
        by_code(Figure("n", Measure.COUNT_FALSE, rule("income > 5"))),
        False,
    ),
    "sum of an expression": Case(
        "select code, sum(income + 1) n from person group by code",
        by_code(Figure("n", Measure.SUM, rule("income + 1"))),
        False,
    ),
    "count of a masked column": Case(
        "select code, count(substr(code, 1)) n from person group by code",
        by_code(Figure("n", Measure.COUNT_KNOWN, Masked(PERSON.by_name["code"], PERSON.by_name["code"].mask))),
        False,
    ),
    "count of subjects that are known": Case(
        "select code, count(id_no) n from person group by code", by_code(of(Measure.COUNT_KNOWN, "id_no")), False
    ),
    "a group of a subject": Case(
        "select id_no, count(*) n from person group by id_no", Aggregate(ROWS, ("id_no",), (COUNT,)), False
    ),
    "a condition on a column": Case(
        "select code, sum(income) n from person where dept_id in (1, 9) group by code",
        by_code(of(Measure.SUM), source=Filter(ROWS, rule("dept_id IN (1, 9)"))),
    ),
    "a condition on a subject": Case(
        "select count(*) n from person where id_no = '1'",
        Aggregate(Filter(ROWS, rule("id_no = '1'")), (), (COUNT,)),
        False,
    ),
    "single rows": Case("select code from person", Project(ROWS, (Output("code", Plain("code")),)), False),
    "single rows in order": Case("select code from person order by 1", Sort(ROWS, (("code", False),)), False),
    "rows cut off below": Case(
        "select count(*) n from (select * from person order by code limit 7)",
        Aggregate(Sort(ROWS, (("code", False),), 7), (), (COUNT,)),
        False,
    ),
    "groups without figures": Case("select code from person group by code", by_code()),
    "a computed group": Case(
        "select dept_id + dept_id as twice, count(*) n from person group by dept_id + dept_id",
        Aggregate(TWICE, ("twice",), (COUNT,)),
    ),
    "a sum of what was computed": Case(
        "select code, sum(dept_id + dept_id) n from person group by code",
        by_code(of(Measure.SUM, "twice"), source=TWICE),
        False,
    ),
    "a column by another name": Case(
        "select code, sum(income) n from person group by code", by_code(of(Measure.SUM, "wage"), source=RENAMED)
    ),
    "a subject by another name": Case(
        "select count(*) n from (select id_no as x from person) where x = '1'",
        by_code(of(Measure.COUNT_DISTINCT, "x"), source=HIDDEN),
        False,
    ),
    "a subject by its name": Case(
        "select code, count(distinct id_no) n from person group by code",
        by_code(of(Measure.COUNT_DISTINCT, "id_no"), source=KEPT),
    ),
    "a join with an open table": Case(
        "select dname, sum(income) n from person p join dept d on p.dept_id = d.dept_id group by dname",
        Aggregate(joined(), ("dname",), (of(Measure.SUM),)),
    ),
    "a join from an open table": Case(
        "select dname, count(income) n from dept d left join person p on p.dept_id = d.dept_id group by dname",
        Aggregate(
            Join(
                Project(PLACES, (Output("d", Plain("dept_id")), Output("dname", Plain("dname")))),
                ROWS,
                JoinKind.LEFT,
                (("d", "dept_id"),),
            ),
            ("dname",),
            (of(Measure.COUNT_KNOWN),),
        ),
    ),
    "a join by a subject": Case(
        "select count(*) n from person p join dept d on p.id_no = d.dname",
        Aggregate(
            Join(
                ROWS,
                Project(PLACES, (Output("d", Plain("dept_id")), Output("dname", Plain("dname")))),
                JoinKind.INNER,
                (("id_no", "dname"),),
            ),
            (),
            (COUNT,),
        ),
        False,
    ),
    "a condition on a figure": Case(
        "select * from (select code, count(*) n from person group by code) where n > 8",
        Filter(by_code(COUNT), check_rule("n > 8", {"n": replace(PERSON.schema["dept_id"], name="n")}).root),
    ),
    "a figure of figures": Case(
        "select max(n) as m from (select code, sum(income) n from person group by code)",
        Aggregate(by_code(of(Measure.SUM)), (), (Figure("m", Measure.MOST, Plain("n")),)),
    ),
    "groups in order": Case(
        "select code, count(*) n from person group by code order by code limit 3",
        Sort(by_code(COUNT), (("code", False),), 3),
    ),
    "groups joined with an open table": Case(
        "select q.n, d.dname from (select dept_id, count(*) n from person group by dept_id) q"
        " join dept d on d.dept_id = q.dept_id",
        Project(
            joined(left=Aggregate(ROWS, ("dept_id",), (COUNT,))),
            (Output("n", Plain("n")), Output("dname", Plain("dname"))),
        ),
    ),
    "groups beside an open table": Case(
        "select dept_id, count(*) n from person group by dept_id"
        " union all select dept_id, count(*) n from dept group by dept_id",
        Union((Aggregate(ROWS, ("dept_id",), (COUNT,)), Aggregate(PLACES, ("dept_id",), (COUNT,)))),
    ),
    "groups beside groups": Case(
        "select count(*) n from person union all select count(*) n from person",
        Union((Aggregate(ROWS, (), (COUNT,)), Aggregate(ROWS, (), (COUNT,)))),
        False,
    ),
    "groups joined with groups": Case(
        "select a.n from (select dept_id, count(*) n from person group by dept_id) a"
        " join (select dept_id as d, count(*) m from person group by dept_id) b on a.dept_id = b.d",
        joined(
            left=Aggregate(ROWS, ("dept_id",), (COUNT,)),
            right=Aggregate(Project(ROWS, (Output("d", Plain("dept_id")),)), ("d",), (Figure("m", Measure.COUNT),)),
        ),
        False,
    ),
    "open rows that have a group": Case(
        "select dname from dept where dept_id in (select dept_id from person group by dept_id)",
        Join(PLACES, Aggregate(ROWS, ("dept_id",), (COUNT,)), JoinKind.SEMI, (("dept_id", "dept_id"),)),
        False,
    ),
    "rows of people that are in no place": Case(
        "select count(*) n from (select * from person union all select * from person)",
        Aggregate(Union((ROWS, ROWS)), (), (COUNT,)),
        False,
    ),
}


def of_query(secured: Secured, text: str) -> list[tuple[Any, ...]] | None:
    """Return the answer to a query, None where it asks for more than groups."""
    try:
        vetted = vet(read_query(text, TABLES), plan_of())
    except errors.GroupsOnly:
        return None
    return answered(secured, vetted.sql)


def of_tree(secured: Secured, tree: Tree) -> list[tuple[Any, ...]] | None:
    """Return the rows of a tree, None where it asks for more than groups."""
    try:
        vetted = vet_tree(tree, plan_of(), hash_key=b"h" * 32)
    except errors.GroupsOnly:
        return None
    return answered(secured, vetted.sql)


def answered(secured: Secured, sql: str) -> list[tuple[Any, ...]]:
    found = secured.run(sql)
    return sorted((tuple(map(str, row.values())) for row in found.to_pylist()), key=repr)


@pytest.mark.parametrize("name", CASES)
def test_a_tree_may_ask_what_a_query_may_and_is_told_the_same(name: str, secured: Secured) -> None:
    case = CASES[name]
    by_query, by_tree = of_query(secured, case.sql), of_tree(secured, case.tree)
    assert (by_query is not None, by_tree is not None) == (case.allowed, case.allowed)
    assert by_query == by_tree
    assert by_query != [], "a case that shows nothing proves nothing"


def test_a_figure_that_few_have_or_few_lack_is_left_out_by_both(secured: Secured) -> None:
    counts: dict[str, list[int]] = {}
    for row in rows():
        counts.setdefault(row["code"], [0, 0])[row["income"] is None] += 1
    large = {code: both for code, both in counts.items() if sum(both) >= LEAST}
    hidden = {code for code, (have, lack) in large.items() if have < LEAST or 0 < lack < LEAST}
    assert hidden
    assert len(large) < len(counts)
    for found in (of_query(secured, CASES["sum"].sql), of_tree(secured, CASES["sum"].tree)):
        assert found is not None
        assert {code for code, total in found if total == "None"} == hidden
        assert {code for code, _total in found} == large.keys()
