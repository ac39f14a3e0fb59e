"""The gate as it is used: who sees what, groups, the process of its own, the log before the rows."""

import csv
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from django.conf import LazySettings
from django.db import connection
from python_calamine import CalamineWorkbook

from shuzheng.base.access.models import BulkReading, BulkReadingSubject
from shuzheng.base.access.queries import subject_key
from shuzheng.base.directory.queries import get_actor
from shuzheng.base.kernel.configuration import Configuration
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.types import Actor, OrgId, PartyKind
from shuzheng.engines.lake import errors
from shuzheng.engines.lake.actions import reading
from shuzheng.engines.lake.actions.reading import export_query, run_query, run_tree
from shuzheng.engines.lake.backends.guarded import Limits, pool
from shuzheng.engines.lake.backends.guarded_child import Job, Secured, answer
from shuzheng.engines.lake.models import QueryRecord
from shuzheng.engines.lake.queries.engines import seal_ring
from shuzheng.engines.lake.queries.tables import store
from shuzheng.engines.lake.rules.limiting import vet_tree
from shuzheng.engines.lake.rules.lineage import lineage_of_sql
from shuzheng.engines.lake.rules.naming import unknown_column
from shuzheng.engines.lake.rules.planning import plan_reading
from shuzheng.engines.lake.rules.vetting import read_query, vet
from shuzheng.engines.lake.types.lineage import Lineage
from shuzheng.engines.lake.types.reading import ExportForm, Reader
from shuzheng.engines.lake.types.tables import Access, Grade, Mask
from shuzheng.engines.lake.types.trees import Aggregate, Figure, Filter, Measure, Plain, Scan, Sort, Union
from shuzheng.engines.rules.rules.checking import check_rule
from tests.directory.builders import AT, CLERK, load_city, make_account, post_of
from tests.lake.worlds import (
    LEADER,
    OPENER,
    PERSON,
    PURPOSE,
    READER,
    ROWS,
    TABLES,
    TODAY,
    job_of,
    make_world,
    people,
    plan_of,
)

SEEN = [row for row in people(0) if row["dept_id"] in (1, 2)]


# ---- who sees what ----
def refusal(reader: Reader, table: object = PERSON, purpose: str = PURPOSE) -> type[ShuzhengError]:
    with pytest.raises(ShuzhengError) as caught:
        plan_reading([table], reader, purpose=purpose, today=TODAY)  # type: ignore[list-item]
    assert caught.value.hint
    return type(caught.value)


def test_each_refusal_has_its_reason() -> None:
    own = replace(PERSON, access=(replace(PERSON.access[0], own=True),))
    assert refusal(READER, purpose=" ") is errors.ReadingPurposeMissing
    assert refusal(Reader(READER.org, roles=frozenset({"clerk"}))) is errors.GrantMissing
    assert refusal(Reader(roles=READER.roles)) is errors.GrantMissing
    assert refusal(replace(READER, above=frozenset({OrgId("x")})), own) is errors.NotOfThisUnit
    assert refusal(READER, purpose="闲聊") is errors.PurposeNotGranted
    assert plan_reading([own], READER, purpose=PURPOSE, today=TODAY).tables[PERSON.code].columns


def test_a_column_above_clear_without_a_mask_is_dropped() -> None:
    bare = replace(
        PERSON,
        columns=(*PERSON.columns[:1], replace(PERSON.columns[1], mask=Mask.NONE)),
        access=(replace(PERSON.access[0], rows=""),),
    )
    plan = plan_reading([bare], READER, purpose=PURPOSE, today=TODAY).tables[PERSON.code]
    assert plan.masks == {"pid": Mask.NONE, "name": Mask.DROP}


def shown(tmp_path: Path, *access: Access) -> list[dict[str, object]]:
    table = replace(PERSON, access=access)
    plan = plan_reading([table], READER, purpose=PURPOSE, today=TODAY)
    secured = Secured(job_of(make_world(0, tmp_path), plan))
    rows: list[dict[str, object]] = secured.run('SELECT * FROM "memory"."main"."person" ORDER BY pid').to_pylist()
    return rows


def test_two_entries_show_no_cell_that_neither_shows(tmp_path: Path) -> None:
    """Names of department 1, clear; codes of department 2: never a name of 2, never a code of 1."""
    roles, purposes = frozenset({"analyst"}), (PURPOSE,)
    one = Access(roles, purposes, columns=("pid", "dept_id", "name"), clear=Grade.L2, rows="dept_id = 1")
    two = Access(roles, purposes, columns=("pid", "dept_id", "code", "name"), rows="dept_id = 2")
    rows = shown(tmp_path, one, two)
    assert len(rows) == len(SEEN)
    assert set(rows[0]) == {"pid", "name", "dept_id", "code"}
    for row, true in zip(rows, SEEN, strict=True):
        first = true["dept_id"] == 1
        assert row["name"] == (true["name"] if first else f"{true['name'][0]}*{true['name'][-1]}")
        assert row["code"] == (None if first else true["code"])


def test_the_readers_place_is_bound_before_any_row_is_read() -> None:
    rule = replace(PERSON.access[0], rows="code = actor.division AND name = actor.org")
    table = replace(PERSON, access=(rule,))
    [branch] = plan_reading([table], READER, purpose=PURPOSE, today=TODAY).tables[PERSON.code].branches
    assert "actor" not in str(branch.rows)
    assert "110101" in str(branch.rows)
    assert refusal(replace(READER, division=None), table) is errors.NotOfThisUnit


def test_single_rows_are_seen_where_granted_and_groups_when_asked_for() -> None:
    both = replace(LEADER, roles=frozenset({"leader", "analyst"}))
    assert plan_of(both).tables[PERSON.code].least_group == 0
    assert "income" not in {n for n, m in plan_of(both).tables[PERSON.code].masks.items() if m is Mask.NONE}
    assert plan_of(both, grouped=True).tables[PERSON.code].least_group == 5


# ---- groups ----
@pytest.mark.parametrize(
    "text",
    [
        "select code from person",
        "select * from person",
        "select distinct code from person",
        "select max(income) from person",
        "select list(code) from person",
        "select count(*) filter (where code = '1') from person",
        "select sum(case when code = '1' then income end) from person",
        "select code, count(*) from person group by rollup (code)",
        "select count(*) from person union all select count(*) from person where code = '1'",
        "select sum(income) over () from person",
        "select count(*) from person where id_no = '1'",
        "select id_no, count(*) from person group by id_no",
        "select count(*) from dept where exists (select 1 from person p where p.dept_id = dept.dept_id)",
        "select (select count(*) from person) from dept",
        "select count(*) from person where income > (select avg(income) from person)",
        "select count(*) from (select * from person)",
        "select count(*) from person p natural join dept",
        "select first(code), any_value(code) from person",
        "select foo(code) from person",
        "select count(*) from person where \"~subject\" = '1'",
    ],
)
def test_what_shows_less_than_a_group_is_refused(text: str) -> None:
    with pytest.raises((errors.GroupsOnly, errors.QueryRefused)):
        vet(read_query(text, TABLES), plan_of(LEADER))


def test_small_groups_are_left_out_of_the_answer(tmp_path: Path) -> None:
    secured = Secured(job_of(make_world(0, tmp_path, 31), plan_of(LEADER)))

    def ask(text: str) -> list[tuple[object, ...]]:
        vetted = vet(read_query(text, TABLES), plan_of(LEADER))
        return [tuple(row.values()) for row in secured.run(vetted.sql).to_pylist()]

    counts: dict[str, int] = {}
    for row in people(0, 31):
        counts[row["code"]] = counts.get(row["code"], 0) + 1
    assert min(counts.values()) < 5 <= max(counts.values())
    assert set(ask("select code, count(*) from person group by code")) == {
        (code, n) for code, n in counts.items() if n >= 5
    }
    assert ask("select count(*) from person where code = '1' and dept_id = 1 group by dept_id") == []


# ---- the process ----
def test_a_query_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    lake = make_world(0, tmp_path)
    pool.warm_up()
    vetted = vet(read_query("select count(*) n from person", TABLES), plan_of())
    time.sleep(2)
    began = time.perf_counter()
    rows = pool.run(job_of(lake, plan_of(), vetted.sql))
    assert rows.to_pylist() == [{"n": len(SEEN)}]
    assert time.perf_counter() - began < 2


def test_rows_and_bytes_have_an_end(tmp_path: Path) -> None:
    lake = make_world(0, tmp_path)
    sql = vet(read_query("select pid from person", TABLES), plan_of()).sql
    assert pool.run(job_of(lake, plan_of(), sql, limits=Limits(rows=10))).num_rows == 11
    with pytest.raises(errors.AnswerTooLarge):
        pool.run(job_of(lake, plan_of(), sql, limits=Limits(bytes=100)))


def test_what_does_not_end_is_stopped(tmp_path: Path) -> None:
    lake = make_world(0, tmp_path)
    text = "select count(*) from person a, person b, person c where a.name || b.name || c.name = 'x'"
    sql = vet(read_query(text, TABLES), plan_of()).sql
    began = time.perf_counter()
    with pytest.raises(errors.QueryTooLong):
        pool.run(job_of(lake, plan_of(), sql, limits=Limits(seconds=1.0)))
    assert time.perf_counter() - began < 8


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_parquet('/etc/passwd')",
        "SELECT * FROM duckdb_views()",
        "SELECT * FROM memory.main.sqlite_master",
        "SELECT * FROM duckdb_settings",
        "SELECT 1; SELECT 2",
        "COPY (SELECT 1) TO '/tmp/x'",
        'SELECT "open person income"(NULL)',
    ],
)
def test_the_second_wall_stands_alone(tmp_path: Path, sql: str) -> None:
    """Even of what the first wall would have written itself."""
    with pytest.raises(errors.QueryRefused):
        pool.run(job_of(make_world(0, tmp_path), plan_of(), sql))


# ---- sealed columns ----
def test_a_sealed_column_is_opened_where_the_plan_shows_it_and_nowhere_else(tmp_path: Path) -> None:
    lake = make_world(0, tmp_path, 30)
    text = "select income from person order by pid"
    opener, reader = plan_of(OPENER), plan_of()
    found = {}
    for plan in (opener, reader):
        head, rows = answer(Secured(job_of(lake, plan)), vet(read_query(text, TABLES), plan).sql, vetted=True)
        assert head == {"outcome": "done"}
        assert rows is not None
        found[plan.reader.roles] = rows.column("income").to_pylist()
    assert found[OPENER.roles] == [row["income"] for row in people(0, 30)]
    assert set(found[READER.roles]) == {None}
    assert job_of(lake, reader).ring is None


def test_files_hold_no_sealed_value_in_clear(tmp_path: Path) -> None:
    version = make_world(0, tmp_path, 30).version(PERSON.code)
    assert version is not None
    read = f"SELECT typeof(income), income FROM read_parquet({list(version.files)!r}) LIMIT 1"
    [(kind, value)] = duckdb.connect().execute(read).fetchall()
    assert kind == "BLOB"
    assert b"1000" not in value


# ---- as it is used ----
@pytest.fixture
def analyst(db: None, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Actor:
    load_city()
    whole: Configuration = settings.SHUZHENG
    values = {name: getattr(whole, name) for name in Configuration.__slots__}
    settings.SHUZHENG = Configuration(**(values | {"var_dir": tmp_path}))
    make_world(0, store().root, ring=seal_ring())
    monkeypatch.setattr(reading, "list_tables", lambda: TABLES)
    monkeypatch.setattr(reading, "get_table", TABLES.__getitem__)
    clerk = get_actor(make_account("clerk", CLERK).id, at=AT, post=post_of(CLERK).id)
    return replace(clerk, roles=frozenset({"analyst"}))


def test_rows_leave_masked_and_logged_by_person(analyst: Actor) -> None:
    found = run_query("select pid, name, id_no from person where pid < 9", actor=analyst, purpose=PURPOSE, at=AT)
    wanted = [row for row in SEEN if row["pid"] < 9]
    assert [row["pid"] for row in found.rows.to_pylist()] == [row["pid"] for row in wanted]
    assert [column.label for column in found.columns] == ["编号", "姓名", "身份证号"]
    assert [column.mask for column in found.columns] == [Mask.NONE, Mask.KEEP_ENDS, Mask.KEEP_ENDS]
    assert found.rows.column_names == ["pid", "name", "id_no"]
    keys = {bytes(key) for key in BulkReadingSubject.objects.values_list("subject_key", flat=True)}
    assert keys == {subject_key(PartyKind.PERSON, row["id_no"]) for row in wanted}
    assert QueryRecord.objects.get().rows == len(wanted)


def test_a_count_is_logged_without_anybody(analyst: Actor) -> None:
    run_query("select dept_id, count(*) from person group by 1", actor=analyst, purpose=PURPOSE, at=AT)
    assert not BulkReading.objects.exists()
    assert QueryRecord.objects.count() == 1


def test_a_count_that_asks_after_somebody_is_logged_for_all_it_may_tell_of(analyst: Actor) -> None:
    run_query("select count(*) from person where id_no = '1'", actor=analyst, purpose=PURPOSE, at=AT)
    assert BulkReading.objects.get().count == len(SEEN)


def test_where_the_log_fails_no_row_leaves(analyst: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError("full")

    monkeypatch.setattr(reading, "record_bulk_reading", fail)
    for read in (run_query, export_query):
        with pytest.raises(OSError, match="full"):
            read("select name from person", actor=analyst, purpose=PURPOSE, at=AT)
    assert not QueryRecord.objects.exists()


def test_no_lock_is_held_while_the_engine_is_asked(analyst: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    depths: list[int] = []
    plain = pool.run

    def run(job: Job) -> pa.Table:
        depths.append(len(connection.savepoint_ids))
        return plain(job)

    monkeypatch.setattr(pool, "run", run)
    run_query("select count(*) from person where id_no = '1'", actor=analyst, purpose=PURPOSE, at=AT)
    assert depths == [0, 0], "the answer, and whom it may tell of"


def test_a_refusal_is_written_down_too(analyst: Actor) -> None:
    with pytest.raises(errors.TableNotFound):
        run_query("select * from nothing", actor=analyst, purpose=PURPOSE, at=AT)
    assert QueryRecord.objects.get().refusal == "lake.table_not_found"


TREE = Sort(Scan(PERSON.code, ("pid", "name", "id_no", "income")), (("pid", False),))
PATHS: dict[str, Callable[[Actor], list[dict[str, Any]]]] = {
    "query": lambda actor: run_query(
        "select pid, name, id_no, income from person order by pid", actor=actor, purpose=PURPOSE, at=AT, limit=ROWS
    ).rows.to_pylist(),
    "tree": lambda actor: run_tree(TREE, actor=actor, purpose=PURPOSE, at=AT, limit=ROWS).rows.to_pylist(),
    "csv": lambda actor: taken_out(
        list(csv.reader(StringIO(b"".join(exported(actor, ExportForm.CSV)).decode("utf-8-sig"))))
    ),
    "xlsx": lambda actor: taken_out(
        CalamineWorkbook.from_filelike(BytesIO(b"".join(exported(actor, ExportForm.XLSX))))
        .get_sheet_by_index(0)
        .to_python()
    ),
}


def exported(actor: Actor, form: ExportForm) -> Iterator[bytes]:
    text = "select pid, name, id_no, income from person order by pid"
    return export_query(text, actor=actor, purpose=PURPOSE, at=AT, form=form)


def taken_out(rows: list[list[Any]]) -> list[dict[str, Any]]:
    head, *below = rows
    return [{**dict(zip(head, row, strict=True)), "pid": int(row[0]), "income": row[3] or None} for row in below]


@pytest.mark.parametrize("path", PATHS)
def test_one_reader_gets_the_same_mask_by_every_path(analyst: Actor, path: str) -> None:
    wanted = [
        {
            "pid": row["pid"],
            "name": f"{row['name'][0]}*{row['name'][-1]}",
            "id_no": f"{row['id_no'][:4]}{'*' * 10}{row['id_no'][-4:]}",
            "income": None,
        }
        for row in SEEN
    ]
    assert PATHS[path](analyst) == wanted
    assert BulkReadingSubject.objects.count() == len({row["id_no"] for row in SEEN})


def test_an_export_that_is_too_large_is_refused_not_cut(analyst: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "EXPORT", replace(reading.EXPORT, rows=2))
    for form in ExportForm:
        with pytest.raises(errors.ExportTooLarge):
            exported(analyst, form)


def test_an_export_holds_what_a_query_holds_and_no_formula(analyst: Actor) -> None:
    text = "select '=1+1' as f, name from person order by pid"
    body = b"".join(export_query(text, actor=analyst, purpose=PURPOSE, at=AT)).decode("utf-8-sig")
    lines = body.splitlines()
    assert lines[0] == "f,name"
    assert lines[1] == "'=1+1,张*丰"
    assert len(lines) == len(SEEN) + 1


# ---- where figures come from ----
def ways(lineage: Lineage) -> dict[str, set[tuple[str, str]]]:
    return {one.name: {(origin.source.name, str(origin.how)) for origin in one.origins} for one in lineage.outputs}


def test_an_answer_says_where_its_columns_come_from(analyst: Actor) -> None:
    text = "select dname, name as who, max(pid) as most from person join dept using (dept_id) group by all"
    found = run_query(text, actor=analyst, purpose=PURPOSE, at=AT)
    assert ways(found.lineage) == {
        "dname": {("dept.dname", "as_is")},
        "who": {("person.name", "masked")},
        "most": {("person.pid", "most")},
    }
    assert [(one.label, one.mask) for one in found.columns] == [
        ("名称", Mask.NONE),
        ("姓名", Mask.KEEP_ENDS),
        ("most", Mask.NONE),
    ]


def test_a_star_comes_from_the_columns_the_reader_sees(analyst: Actor) -> None:
    found = run_query("select * from person limit 1", actor=analyst, purpose=PURPOSE, at=AT)
    assert [one.name for one in found.lineage.outputs] == found.rows.column_names
    assert found.lineage.of("id_no")[0].masked


def test_a_tree_says_where_its_columns_come_from(analyst: Actor) -> None:
    tree = Aggregate(
        Filter(Scan(PERSON.code, ("pid", "name")), check_rule("pid > 3", PERSON.schema).root),
        (),
        (Figure("n", Measure.COUNT_DISTINCT, Plain("name")),),
    )
    found = run_tree(tree, actor=analyst, purpose=PURPOSE, at=AT).lineage
    assert ways(found) == {"n": {("person.name", "counted")}}
    assert found.of("n")[0].masked
    assert [one.source.name for one in found.influences] == ["person.pid"]


# ---- whom an answer tells of ----
@pytest.mark.parametrize(
    ("text", "logged"),
    [
        ("select dept_id, count(*) from person group by 1", False),
        ("select dept_id, count(id_no), count(distinct name) from person group by dept_id", False),
        ("with q as (select dept_id from person) select count(*) from q where dept_id = 1", False),
        ("select dname from dept where dept_id in (select dept_id from person)", False),
        ("select dept_id from person union all select dept_id from dept", True),
        ("select distinct dept_id from person", True),
        ("select dept_id from person except select 9", True),
        ("select * from (select dept_id from person) q", True),
        ("select dept_id, row_number() over () from person", True),
        ("select list(dept_id) from person", True),
        ("select pid, count(*) from person group by pid", True),
        ("select count(case when id_no like '%1' then 1 end) from person", True),
        ("select count(*) from person group by id_no", True),
        ("select count(*) from person a join person b using (id_no)", True),
        ("select count(*) from person a natural join person b", True),
        ("select count(*) filter (where name = 'x') from person", True),
        ("select (select dept_id from person order by all limit 1) from dept", True),
    ],
)
def test_what_tells_of_single_people_is_logged_for_all_it_may_tell_of(text: str, logged: bool) -> None:
    assert vet(read_query(text, TABLES), plan_of()).about == ((PERSON.code,) if logged else ())


@pytest.mark.parametrize(
    ("figure", "logged"),
    [
        (Figure("n", Measure.COUNT), False),
        (Figure("n", Measure.COUNT_DISTINCT, Plain("name")), False),
        (Figure("n", Measure.SUM, Plain("dept_id")), False),
        (Figure("n", Measure.MOST, Plain("name")), True),
        (Figure("n", Measure.COUNT_TRUE, check_rule("name = 'x'", PERSON.schema).root), True),
    ],
)
def test_so_is_what_a_tree_tells(figure: Figure, logged: bool) -> None:
    tree = Aggregate(Scan(PERSON.code, ("name", "dept_id")), (), (figure,))
    for one in (tree, Sort(tree, (("n", False),)), Union((tree, tree))):
        assert vet_tree(one, plan_of(), hash_key=b"h" * 32).about == ((PERSON.code,) if logged else ())


def test_a_union_of_rows_is_logged(analyst: Actor) -> None:
    text = "select pid from person where pid = 1 union all select pid from person where pid = 2"
    run_query(text, actor=analyst, purpose=PURPOSE, at=AT)
    assert BulkReading.objects.get().count == len(SEEN)


# ---- what is said ----
@pytest.mark.parametrize(
    "text",
    [
        "copy 310101199001011234",
        "select '310101199001011234' from person; analyze 310101199001011234",
        "vacuum 310101199001011234",
    ],
)
def test_no_text_of_a_query_reaches_a_log(text: str, caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("sqlglot")
    before = logger.level
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "sqlglot")
    try:
        with pytest.raises(ShuzhengError):
            read_query(text, TABLES)
        lineage_of_sql(text, TABLES)
    finally:
        logger.setLevel(before)
    assert not caplog.records


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("select pid,\n  nme from person", "第 2 行第 3 列：没有列 nme，是不是 name"),
        ("select p.dname from person p join dept d using (dept_id)", "第 1 行第 10 列：没有列 dname，是不是 name"),
        ("select 编号x from person", "第 1 行第 8 列：没有列 编号x"),
        ("with q(a) as (select pid from person) select a, b as c from q order by c, all", "第 1 行第 49 列：没有列 b"),
        ("select pid as n, sum(n) from (select pid from person) x group by all", None),
        ("select x.zzz from (select pid as q from person) x", None),
    ],
)
def test_a_column_that_does_not_fit_is_named(text: str, why: str | None) -> None:
    assert unknown_column(text, plan_of()) == why


def test_a_misspelt_column_is_named_in_the_refusal(analyst: Actor) -> None:
    with pytest.raises(errors.QueryRefused, match="没有列 nme，是不是 name"):
        run_query("select nme from person", actor=analyst, purpose=PURPOSE, at=AT)
    with pytest.raises(errors.QueryRefused, match="列名、函数或类型对不上"):
        run_query("select sum(name) from person", actor=analyst, purpose=PURPOSE, at=AT)
