"""Non-interference: whatever is asked, two lakes that differ only in hidden rows and values answer the same.

`leaks.sql` holds one query a line. Any difference in result or error is a leak. The list must also catch gates that
are broken on purpose, else it proves nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.engines.lake.backends.guarded_child import Secured, answer
from shuzheng.engines.lake.rules.grouping import SUBJECT
from shuzheng.engines.lake.rules.naming import unknown_column
from shuzheng.engines.lake.rules.planning import plan_for_system, plan_reading
from shuzheng.engines.lake.rules.vetting import read_query, vet
from tests.lake.worlds import LEADER, PERSON, PURPOSE, TABLES, TODAY, job_of, make_world, plan_of

QUERIES = [line for line in (Path(__file__).parent / "leaks.sql").read_text("utf-8").split("\n") if line]
Ask = Callable[[Secured, str], object]


def gate(secured: Secured, text: str) -> object:
    """What a reader gets: rows, or the refusal."""
    try:
        vetted = vet(read_query(text, TABLES), secured.plan)
    except ShuzhengError as refused:
        return type(refused).__name__, refused.message
    head, rows = answer(secured, vetted.sql, vetted=True)
    if head["outcome"] == "names":
        return head["outcome"], unknown_column(text, secured.plan)
    if rows is None:
        return tuple(head.items())
    kept = rows.drop_columns([name for name in rows.column_names if name.startswith(SUBJECT)])
    return head["outcome"], kept.column_names, sorted(map(repr, kept.to_pylist()))


def unvetted(secured: Secured, text: str) -> object:
    """Views in a locked engine, and nothing else."""
    try:
        return sorted(map(repr, secured.connection.execute(text).fetchall()))
    except Exception as failed:  # noqa: BLE001 - whatever it says is what leaks
        return str(failed)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[Secured]:
    root = tmp_path_factory.mktemp("worlds")
    return [Secured(job_of(make_world(n, root / str(n)), plan_of())) for n in (0, 1)]


def leaks(worlds: list[Secured], ask: Ask) -> list[str]:
    return [text for text in QUERIES if ask(worlds[0], text) != ask(worlds[1], text)]


def test_the_list_is_long_enough() -> None:
    assert len(QUERIES) == len(set(QUERIES)) >= 460


@pytest.mark.parametrize("text", QUERIES)
def test_nothing_is_learnt(worlds: list[Secured], text: str) -> None:
    first, second = (gate(world, text) for world in worlds)
    assert first == second


def test_the_gate_answers_what_may_be_asked(worlds: list[Secured]) -> None:
    answered = [text for text in QUERIES if gate(worlds[0], text)[0] == "done"]  # type: ignore[index]
    assert len(answered) > 90


def test_no_refusal_repeats_what_the_engine_said(worlds: list[Secured]) -> None:
    for text in QUERIES:
        said = str(gate(worlds[0], text))
        assert "Error" not in said
        assert ".parquet" not in said


@pytest.mark.parametrize(
    "text",
    [
        "select count(*) from person where name = 1",
        "select p.name, count(*) from person p group by 1",
        "select dept_id, count(*) from person group by dept_id order by avg(nam)",
        "select dept_id, count(*) from person group by dept_id, names",
    ],
)
def test_a_hidden_column_and_one_that_never_was_are_spoken_of_alike(tmp_path: Path, text: str) -> None:
    """The leader sees `dept_id`, `code` and `income` alone; in the second lake there is no `name` at all."""
    never = replace(PERSON, columns=tuple(one for one in PERSON.columns if one.name != "name"))
    tables = {**TABLES, PERSON.code: never}
    plan = plan_reading(tables.values(), LEADER, purpose=PURPOSE, today=TODAY)
    store = make_world(0, tmp_path, 30)
    asked = [gate(Secured(job_of(store, one)), text) for one in (plan_of(LEADER), plan)]
    assert asked[0] == asked[1]
    assert "没有列 nam" in str(asked[0])


def test_the_list_finds_a_gate_without_vetting(tmp_path: Path) -> None:
    fresh = [Secured(job_of(make_world(n, tmp_path / str(n)), plan_of())) for n in (0, 1)]
    memory = ("000000000", "repeat", "error(", "sleep", "install", "https")
    assert any(
        unvetted(fresh[0], text) != unvetted(fresh[1], text)
        for text in QUERIES
        if not any(word in text for word in memory)
    )


def test_the_list_finds_views_that_hide_nothing(tmp_path: Path) -> None:
    """Vetting alone is no gate: without filter and mask underneath, what passes it differs."""
    plan = plan_for_system(TABLES.values(), purpose=PURPOSE)
    open_worlds = [Secured(job_of(make_world(n, tmp_path / str(n)), plan)) for n in (0, 1)]
    assert len(leaks(open_worlds, gate)) > 50


def test_after_an_error_the_query_runs_over_visible_rows_alone(
    worlds: list[Secured], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tries = Secured._fetch, []

    def failing_first(self: Secured, sql: str) -> pa.Table:
        tries.append(self.connection.sql("SELECT table_name FROM duckdb_tables()").fetchall())
        if len(tries) == 1:
            raise duckdb.ConversionException
        return real(self, sql)

    monkeypatch.setattr(Secured, "_fetch", failing_first)
    found = gate(worlds[0], "select count(*) from person where code = 5")
    assert found == ("done", ["count_star()"], ["{'count_star()': 200}"])
    assert tries == [[], [("person",)]]
    assert worlds[0].connection.sql("SELECT table_name FROM duckdb_tables()").fetchall() == []


def test_groups_under_the_limit_are_in_no_answer(tmp_path: Path) -> None:
    """Whatever of the list a reader of groups gets, no group in it has fewer than five."""
    secured = Secured(job_of(make_world(0, tmp_path), plan_of(LEADER)))
    more = ["select code, count(*) n from person group by code", "select dept_id, sum(income) from person group by 1"]
    answered = [one for text in (*QUERIES, *more) if "person" in text and (one := gate(secured, text))[0] == "done"]  # type: ignore[index]
    assert answered
