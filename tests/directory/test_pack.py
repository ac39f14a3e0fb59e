"""Loading a pack: all at once, twice without a write, retirement instead of deletion."""

import csv
import time
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzheng.base.directory import errors, pack as directory_pack, queries
from shuzheng.base.directory.models import Division, Firm, Organization, Person, Post
from shuzheng.base.kernel.pack import PackRows, Row
from shuzheng.base.kernel.types import SYSTEM, DivisionCode
from shuzheng.base.ledger.queries import list_entries
from tests.directory.builders import (
    AT,
    OWNER,
    STATION,
    changed,
    firm_of,
    load_city,
    make_pack,
    organizations,
    people,
    person_of,
    posts,
)

PACKS = Path(__file__).resolve().parents[2] / "packs"


def read_csvs(folder: Path) -> PackRows:
    rows = {}
    for name in directory_pack.FILES:
        path = folder / name
        if name.endswith(".csv") and path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                rows[name] = [Row(name, line, row) for line, row in enumerate(csv.DictReader(file), 2)]
    return PackRows(rows)


def test_a_pack_is_loaded_and_stands_in_the_ledger(db: None) -> None:
    changes = directory_pack.apply(make_pack(), actor=SYSTEM, at=AT)
    assert (changes.added, changes.changed, changes.retired) == (15, 0, 0)
    assert [entry.act for entry in list_entries("urn:shuzheng:directory")] == ["directory.loaded"]


def test_a_second_load_writes_nothing(db: None) -> None:
    load_city()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        changes = directory_pack.apply(make_pack(), actor=SYSTEM, at=AT)
    assert changes.nothing_changed
    assert changes.unchanged == 15
    assert not [q["sql"] for q in asked if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]


def test_a_faulty_pack_writes_nothing(db: None) -> None:
    with pytest.raises(errors.PackFaulty) as refusal:
        directory_pack.apply(make_pack(posts=changed(posts(), 0, roles="king")), actor=SYSTEM, at=AT)
    assert "posts.csv 第 2 行" in refusal.value.message
    assert not Division.objects.exists()
    assert not list_entries("urn:shuzheng:directory")


def test_check_gives_every_fault(db: None) -> None:
    faults = directory_pack.check(make_pack(posts=changed(posts(), 0, roles="king")))
    assert [(fault.file, fault.line) for fault in faults] == [("posts.csv", 2)]


def test_a_changed_person_gets_a_new_version_and_keeps_their_id(db: None) -> None:
    load_city()
    before = queries.get_identity(person_of(OWNER).id)
    load_city(people=changed(people(), 0, address="新住处1号"))
    after = queries.get_identity(person_of(OWNER).id)
    assert (after.id, after.version, after.address) == (before.id, 2, "新住处1号")


def test_rows_a_new_version_lacks_are_retired_never_deleted(db: None) -> None:
    load_city()
    changes = directory_pack.apply(
        make_pack(
            organizations=[row for row in organizations() if row["code"] != STATION],
            people=people()[:1],
            firms=[],
            posts=[],
            demo_accounts=[],
        ),
        actor=SYSTEM,
        at=AT,
    )
    assert changes.retired == 1 + 2 + 2 + 1
    assert queries.get_organization(STATION).code == STATION
    assert STATION not in {o.code for o in queries.list_organizations()}
    assert (Person.objects.count(), Firm.objects.count(), Post.objects.count()) == (3, 2, 1)


def test_a_retired_row_comes_back_with_its_id(db: None) -> None:
    load_city()
    shop = firm_of(next(row.text("uscc") for row in make_pack().of("firms.csv")))
    load_city(firms=[], demo_accounts=[])
    assert not queries.list_firms_of(shop.legal_rep)
    load_city()
    assert queries.list_firms_of(shop.legal_rep)[0].id == shop.id


def test_a_moved_organization_takes_its_remembered_level_along(db: None) -> None:
    load_city()
    assert queries.depth_of(STATION) == 3
    load_city(organizations=changed(organizations(), 2, parent_code=organizations()[0]["code"]))
    assert queries.depth_of(STATION) == 2


def test_the_template_pack_loads(db: None) -> None:
    template = read_csvs(PACKS / "template")
    assert directory_pack.check(template) == []
    directory_pack.apply(template, actor=SYSTEM, at=AT)
    assert directory_pack.apply(template, actor=SYSTEM, at=AT).nothing_changed


@pytest.mark.skipif(not (PACKS / "luan" / "organizations.csv").exists(), reason="the city pack is not there yet")
def test_a_whole_city_is_loaded_in_bulk_and_in_seconds(db: None) -> None:
    city = read_csvs(PACKS / "luan")
    began = time.monotonic()
    with CaptureQueriesContext(connection) as asked:
        directory_pack.apply(city, actor=SYSTEM, at=AT)
    assert time.monotonic() - began < 20
    assert len(asked) < 200
    assert Organization.objects.count() == 4558
    assert len(queries.list_organizations(kind="department")) == 346
    assert queries.find_division(DivisionCode("341500")) is not None
    assert directory_pack.apply(city, actor=SYSTEM, at=AT).nothing_changed
