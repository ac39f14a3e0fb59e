"""Loading a pack: good way, refusals that write nothing, and the second time."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from shuzheng.base.directory.queries import list_divisions
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.base.ledger.models import Entry
from shuzheng.packs.actions import load_pack, pack_diff
from shuzheng.packs.errors import NoPackLoaded, OtherPackLoaded, PackHasFaults
from shuzheng.packs.models import LoadedPack
from shuzheng.packs.parts import PARTS
from shuzheng.packs.queries import get_pack_info
from tests.packs.conftest import TEMPLATE

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
Spoil = Callable[[str, str, str], None]


def load(folder: Path) -> dict[str, bool]:
    done = load_pack(folder, actor=SYSTEM, at=AT)
    return {title: changes.nothing_changed for title, changes in done.items()}


def row_counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def test_a_pack_is_loaded_part_by_part_and_says_so() -> None:
    said: list[str] = []
    done = load_pack(TEMPLATE, actor=SYSTEM, at=AT, progress=said.append)
    assert list(done) == [title for title, _ in PARTS]
    assert all(changes.added for changes in done.values())
    assert said == [f"装入{title}" for title, _ in PARTS]
    assert get_pack_info().city == "样例市"
    assert list_divisions(None)


def test_the_second_load_changes_nothing() -> None:
    load(TEMPLATE)
    before = row_counts()
    said: list[str] = []
    done = load_pack(TEMPLATE, actor=SYSTEM, at=AT, progress=said.append)
    assert all(changes.nothing_changed for changes in done.values()), done
    assert said[0] == "内容与已装入的相同，逐部分核对"
    assert row_counts() == before


def test_a_new_version_changes_only_what_differs(pack: Path, spoil: Spoil) -> None:
    load(TEMPLATE)
    spoil("people.csv", "19999980004", "19999980044")
    spoil("pack.toml", 'resident = "样例政务服务"', 'resident = "样例政务"')
    done = load_pack(pack, actor=SYSTEM, at=AT)
    assert [(c.added, c.changed, c.retired) for c in done.values()] == [(0, 1, 0)] + [(0, 0, 0)] * (len(PARTS) - 1)
    assert get_pack_info().resident_portal == "样例政务"


def test_loading_stands_in_the_ledger_once() -> None:
    load(TEMPLATE)
    load(TEMPLATE)
    assert Entry.objects.filter(act="packs.loaded").count() == 1


def test_a_pack_with_faults_writes_nothing_and_names_the_first(pack: Path, spoil: Spoil) -> None:
    spoil("people.csv", "1938-06-21", "1938-6-21")
    before = row_counts()
    with pytest.raises(PackHasFaults) as refused:
        load(pack)
    assert "people.csv 第 4 行" in refused.value.message
    assert row_counts() == before
    with pytest.raises(PackHasFaults):
        pack_diff(pack, actor=SYSTEM, at=AT)


def test_another_city_is_refused_and_nothing_written(pack: Path, spoil: Spoil) -> None:
    load(TEMPLATE)
    before = row_counts()
    spoil("pack.toml", 'code = "template"', 'code = "another"')
    with pytest.raises(OtherPackLoaded):
        load(pack)
    assert row_counts() == before
    assert get_pack_info().name == "template"


def test_an_interrupted_load_is_finished_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shuzheng.packs.actions.PARTS", PARTS[:1])
    load(TEMPLATE)
    LoadedPack.objects.all().delete()
    monkeypatch.undo()
    done = load(TEMPLATE)
    assert done[PARTS[0][0]] is True
    assert not any(done[title] for title, _ in PARTS[1:])
    assert get_pack_info().name == "template"


def test_a_diff_counts_and_keeps_nothing(pack: Path, spoil: Spoil) -> None:
    before = row_counts()
    assert all(changes.added for changes in pack_diff(TEMPLATE, actor=SYSTEM, at=AT).values())
    assert row_counts() == before
    load(TEMPLATE)
    spoil("people.csv", "19999980004", "19999980044")
    differing = {title: c.changed for title, c in pack_diff(pack, actor=SYSTEM, at=AT).items() if not c.nothing_changed}
    assert differing == {PARTS[0][0]: 1}


def test_nothing_loaded_is_said_with_what_to_do() -> None:
    with pytest.raises(NoPackLoaded) as refused:
        get_pack_info()
    assert "setup" in refused.value.hint


def test_whose_city_this_is_costs_one_small_read(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    load(TEMPLATE)
    get_pack_info()
    with django_assert_num_queries(1):
        get_pack_info()
