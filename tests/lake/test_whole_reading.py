"""Where too many are told of to be noted one by one, each of them still finds who read the table they stood in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import duckdb
import pytest
from django.conf import LazySettings

from shuzheng.base.access.models import BulkReading, WholeReading
from shuzheng.base.access.queries import list_readings, spelt
from shuzheng.base.access.types import HOLDERS, Edition, Standing
from shuzheng.base.directory.queries import get_actor
from shuzheng.base.kernel.configuration import Configuration
from shuzheng.base.kernel.types import Actor, Party, PartyKind
from shuzheng.base.ledger.queries import list_entries
from shuzheng.engines.lake import errors
from shuzheng.engines.lake.actions import reading
from shuzheng.engines.lake.actions.reading import export_query, run_query, run_tree
from shuzheng.engines.lake.backends.guarded import Limits
from shuzheng.engines.lake.queries import holding
from shuzheng.engines.lake.queries.engines import seal_ring
from shuzheng.engines.lake.queries.holding import TABLES as PREFIX, find_standings, urn_of
from shuzheng.engines.lake.queries.tables import store
from shuzheng.engines.lake.types.tables import Grade, Mask, TableCode
from shuzheng.engines.lake.types.trees import Aggregate, Figure, Filter, Measure, Scan
from shuzheng.engines.rules.rules.checking import check_rule
from tests.directory.builders import AT, CLERK, DEAD, OWNER, load_city, make_account, person_of, post_of
from tests.lake.worlds import PERSON, PURPOSE, TABLES, land, people

ROWS = 30
TEXT = "select count(*) from person where name = 'x'"
TREE = Aggregate(
    Filter(Scan(PERSON.code, ("name",)), check_rule("name = 'x'", PERSON.schema).root),
    (),
    (Figure("n", Measure.COUNT),),
)


def rows_with(*numbers: str) -> list[Mapping[str, Any]]:
    rows = [dict(row) for row in people(0, ROWS)]
    for row, number in zip(rows, numbers, strict=False):
        row["id_no"] = number
    return list(rows)


def put(*numbers: str, batch: int = 1) -> None:
    """Land rows in place of those there are, the first of them about some numbers."""
    place = store()
    if place.version(PERSON.code) is None:
        land(place, PERSON, rows_with(*numbers), seal_ring())
        return
    _version, rows = place.scan(PERSON.code)
    table = rows.read_all()
    at = table.schema.get_field_index("id_no")
    kept = [row["id_no"] for row in rows_with(*numbers)]
    changed = table.set_column(at, table.schema.field(at), [kept])
    place.replace(PERSON, changed.to_reader(), writer="w", batch=batch, said={})


@pytest.fixture
def analyst(db: None, settings: LazySettings, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Actor]:
    load_city()
    whole: Configuration = settings.SHUZHENG
    values = {name: getattr(whole, name) for name in Configuration.__slots__}
    settings.SHUZHENG = Configuration(**(values | {"var_dir": tmp_path}))
    put(OWNER)
    land(store(), TABLES["dept"], [{"dept_id": 1, "dname": "甲"}])  # type: ignore[index]
    monkeypatch.setattr(reading, "list_tables", lambda: TABLES)
    monkeypatch.setattr(reading, "get_table", TABLES.__getitem__)
    monkeypatch.setattr(holding, "find_table", TABLES.get)
    monkeypatch.setattr(reading, "SUBJECTS", Limits(rows=5))
    holding._known.clear()
    clerk = get_actor(make_account("clerk", CLERK).id, at=AT, post=post_of(CLERK).id)
    yield replace(clerk, roles=frozenset({"analyst"}))
    holding._known.clear()


def party(number: str) -> Party:
    return Party(PartyKind.PERSON, person_of(number).id, "某人")


def ask(actor: Actor, *, minutes: int = 0) -> None:
    run_query(TEXT, actor=actor, purpose=PURPOSE, at=AT + timedelta(minutes=minutes))


def standings(number: str = OWNER) -> list[Standing | None]:
    return [row.standing for row in list_readings(party(number)).rows]


PATHS: dict[str, Callable[[Actor], object]] = {
    "query": lambda actor: run_query(TEXT, actor=actor, purpose=PURPOSE, at=AT),
    "tree": lambda actor: run_tree(TREE, actor=actor, purpose=PURPOSE, at=AT),
    "export": lambda actor: export_query(TEXT, actor=actor, purpose=PURPOSE, at=AT),
}


@pytest.mark.parametrize("path", PATHS)
def test_who_stands_in_the_table_finds_the_reading_and_who_does_not_does_not(analyst: Actor, path: str) -> None:
    PATHS[path](analyst)
    (seen,) = list_readings(party(OWNER)).rows
    assert (seen.what, seen.purpose, seen.standing) == ("数据湖查询：人口", PURPOSE, Standing.HELD)
    assert (seen.reader, seen.resource) == ("许*青", urn_of(PERSON.code))
    assert list_readings(party(DEAD)).rows == ()
    version = store().version(PERSON.code)
    assert version is not None
    assert WholeReading.objects.get().version == version.number
    assert [entry.act for entry in list_entries(urn_of(PERSON.code))] == ["access.read_whole"]
    assert not BulkReading.objects.exists()


def test_where_they_can_be_noted_they_are(analyst: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SUBJECTS", Limits(rows=ROWS))
    ask(analyst)
    assert not WholeReading.objects.exists()
    assert BulkReading.objects.exists()


def test_where_the_log_fails_no_row_leaves(analyst: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError("full")

    monkeypatch.setattr(reading, "record_whole_reading", fail)
    with pytest.raises(OSError, match="full"):
        ask(analyst)


def test_it_is_the_version_that_was_read_that_counts(analyst: Actor) -> None:
    ask(analyst)
    put(DEAD, batch=2)
    ask(analyst, minutes=1)
    assert [row.at for row in list_readings(party(OWNER)).rows] == [AT]
    assert [row.at for row in list_readings(party(DEAD)).rows] == [AT + timedelta(minutes=1)]


def test_of_a_version_kept_no_more_the_page_says_possibly(analyst: Actor) -> None:
    ask(analyst)
    put(DEAD, batch=2)
    store().tidy(PERSON.code, keep=timedelta(0))
    assert standings(OWNER) == [Standing.UNKNOWN]
    assert standings(DEAD) == [Standing.HELD_NOW]


def test_what_was_found_before_it_went_is_still_known(analyst: Actor) -> None:
    ask(analyst)
    assert (standings(OWNER), standings(DEAD)) == ([Standing.HELD], [])
    put(DEAD, batch=2)
    store().tidy(PERSON.code, keep=timedelta(0))
    assert (standings(OWNER), standings(DEAD)) == ([Standing.HELD], [])


def test_a_version_is_looked_into_once(analyst: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    plain = holding._look_up

    def look_up(*given: Any) -> bool:
        asked.append(given[2])
        return plain(*given)

    monkeypatch.setattr(holding, "_look_up", look_up)
    for minute in range(3):
        ask(analyst, minutes=minute)
    assert [standings(), standings()] == [[Standing.HELD] * 3] * 2
    assert asked == [OWNER]


@pytest.mark.parametrize("version", [99, 10**12])
def test_a_version_there_never_was_is_not_known(analyst: Actor, version: int) -> None:
    for urn, standing in ((urn_of(PERSON.code), Standing.HELD_NOW), (f"{PREFIX}gone", Standing.UNKNOWN)):
        edition = Edition(urn, version)
        assert find_standings(PartyKind.PERSON, OWNER, [edition]) == {edition: standing}
        assert find_standings(PartyKind.FIRM, OWNER, [edition]) == {edition: Standing.UNKNOWN}


@pytest.mark.parametrize("text", [f" {OWNER.lower()} ", f"\u3000{OWNER}", "９" + OWNER[1:], OWNER])
def test_the_spelling_of_a_number_makes_no_difference(analyst: Actor, text: str) -> None:
    assert spelt(text) == OWNER
    put(text, batch=2)
    ask(analyst)
    assert standings() == [Standing.HELD]


def test_a_sealed_number_is_found_too(analyst: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = tuple(
        replace(one, grade=Grade.L4, mask=Mask.DROP) if one.name == "id_no" else one for one in PERSON.columns
    )
    table = replace(PERSON, code=TableCode("hidden"), columns=columns)
    land(store(), table, rows_with(OWNER), seal_ring())
    monkeypatch.setattr(holding, "find_table", {"hidden": table}.get)
    version = store().version(table.code)
    assert version is not None
    edition = Edition(urn_of(table.code), version.number)
    assert find_standings(PartyKind.PERSON, OWNER, [edition]) == {edition: Standing.HELD}
    assert find_standings(PartyKind.PERSON, DEAD, [edition]) == {edition: Standing.NOT_HELD}


@pytest.mark.parametrize("failed", [errors.EngineFailed(engine="duckdb", why="x"), duckdb.OutOfMemoryException("x")])
def test_what_cannot_be_looked_into_is_not_known_and_asked_again(
    failed: Exception, analyst: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> bool:
        raise failed

    ask(analyst)
    with monkeypatch.context() as patch:
        patch.setattr(holding, "_look_up", fail)
        assert (standings(OWNER), standings(DEAD)) == ([Standing.UNKNOWN], [Standing.UNKNOWN])
    assert (standings(OWNER), standings(DEAD)) == ([Standing.HELD], [])


def test_the_lake_answers_for_its_tables() -> None:
    assert HOLDERS[PREFIX] is find_standings
