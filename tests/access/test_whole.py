"""Resources read whole: whom they concern is asked of who keeps them; the page stays short, and whole."""

from collections.abc import Collection, Mapping
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzheng.base.access import errors, queries
from shuzheng.base.access.actions import record_bulk_reading, record_reading, record_whole_reading
from shuzheng.base.access.models import WholeReading
from shuzheng.base.access.queries import list_readings, subject_key
from shuzheng.base.access.types import HOLDERS, Edition, ReadingView, Standing
from shuzheng.base.directory.queries import find_number, get_actor
from shuzheng.base.kernel.types import SYSTEM, Actor, Party, PartyKind
from shuzheng.base.ledger.queries import list_entries
from tests.directory.builders import AT, CLERK, OWNER, SHOP, firm_of, load_city, make_account, person_of, post_of

THING = "urn:test:table:person"
PERSON, FIRM = PartyKind.PERSON, PartyKind.FIRM


class Keeper:
    """Keeps resources; versions are numbered, and who stands in which is told beforehand."""

    def __init__(self) -> None:
        self.known: dict[int, Standing] = {}
        self.asked: list[tuple[PartyKind, str, int]] = []

    def __call__(self, kind: PartyKind, number: str, editions: Collection[Edition]) -> Mapping[Edition, Standing]:
        self.asked += [(kind, number, one.version) for one in editions]
        return {one: self.known.get(one.version, Standing.NOT_HELD) for one in editions}


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Keeper:
    made = Keeper()
    monkeypatch.setattr(HOLDERS, "_entries", {"urn:test:": made})
    return made


@pytest.fixture
def clerk(db: None) -> Actor:
    load_city()
    return get_actor(make_account("clerk", CLERK).id, at=AT, post=post_of(CLERK).id)


@pytest.fixture
def subject(clerk: Actor) -> Party:
    return Party(PERSON, person_of(OWNER).id, "林知墨")


def read(actor: Actor, version: int, *, minutes: int = 0, kind: PartyKind = PERSON, purpose: str = "统计") -> None:
    record_whole_reading(
        actor,
        subject_kind=kind,
        edition=Edition(THING, version),
        what="数据湖查询：人口",
        purpose=purpose,
        at=AT + timedelta(minutes=minutes),
    )


def pages(subject: Party, limit: int = 50) -> list[tuple[ReadingView, ...]]:
    found, after = [], None
    while True:
        page = list_readings(subject, after=after, limit=limit)
        found.append(page.rows)
        after = page.next
        if after is None:
            return found


def test_who_stood_in_it_sees_the_reading(clerk: Actor, subject: Party, keeper: Keeper) -> None:
    keeper.known = {7: Standing.HELD}
    read(clerk, 7)
    (seen,) = list_readings(subject).rows
    assert (seen.reader, seen.organization_name, seen.what) == ("许*青", "墨溪区市场监管局", "数据湖查询：人口")
    assert (seen.resource, seen.purpose, seen.at, seen.standing) == (THING, "统计", AT, Standing.HELD)
    assert keeper.asked == [(PERSON, OWNER, 7)]
    [entry] = list_entries(THING)
    assert entry.act == "access.read_whole"


def test_who_did_not_stand_in_it_does_not(clerk: Actor, subject: Party, keeper: Keeper) -> None:
    read(clerk, 7)
    assert list_readings(subject).rows == ()
    keeper.known = {7: Standing.HELD}
    assert list_readings(Party(FIRM, firm_of(SHOP).id, "")).rows == (), "people were in it"
    assert list_readings(Party(PERSON, firm_of(SHOP).id, "")).rows == (), "the directory knows no number"
    read(clerk, 7, kind=FIRM)
    assert len(list_readings(Party(FIRM, firm_of(SHOP).id, "")).rows) == 1


@pytest.mark.parametrize("standing", [Standing.HELD_NOW, Standing.UNKNOWN])
def test_what_can_be_told_no_more_is_not_hidden(
    standing: Standing, clerk: Actor, subject: Party, keeper: Keeper
) -> None:
    keeper.known = {7: standing}
    read(clerk, 7)
    assert [seen.standing for seen in list_readings(subject).rows] == [standing]


def test_a_resource_nobody_keeps_is_not_hidden(clerk: Actor, subject: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HOLDERS, "_entries", {})
    read(clerk, 7)
    assert [seen.standing for seen in list_readings(subject).rows] == [Standing.UNKNOWN]


def test_ones_own_reading_and_the_platforms_work_are_not_listed(clerk: Actor, keeper: Keeper) -> None:
    keeper.known = {7: Standing.HELD}
    read(clerk, 7)
    assert list_readings(Party(PERSON, person_of(CLERK).id, "")).rows == ()
    read(SYSTEM, 7)
    assert WholeReading.objects.count() == 1


def test_a_reading_without_a_purpose_is_refused(clerk: Actor) -> None:
    with pytest.raises(errors.PurposeMissing):
        read(clerk, 7, purpose=" ")
    assert not WholeReading.objects.exists()


def test_one_version_is_looked_into_once(clerk: Actor, subject: Party, keeper: Keeper) -> None:
    keeper.known = {7: Standing.HELD}
    for minute in range(20):
        read(clerk, 7, minutes=minute)
    with CaptureQueriesContext(connection) as asked:
        assert len(list_readings(subject).rows) == 20
    assert len(asked) == 4
    assert len(keeper.asked) == 1


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
@pytest.mark.parametrize("lookups", [1, 2, 8])
def test_three_logs_are_one_list_and_no_page_looks_further_than_it_may(
    lookups: int, limit: int, clerk: Actor, subject: Party, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LOOKUPS", lookups)
    monkeypatch.setattr(queries, "CANDIDATES", 4)
    keeper.known = dict.fromkeys(range(0, 40, 3), Standing.HELD)
    key, wanted = subject_key(PERSON, find_number(subject)), []
    for minute in range(40):
        at, purpose = AT + timedelta(minutes=minute), f"用途 {minute}"
        if minute % 8 == 1:
            record_reading(clerk, subject=subject, resource="urn:x", what="x", purpose=purpose, at=at)
        elif minute % 8 == 5:
            record_bulk_reading(
                clerk, subject_kind=PERSON, subject_keys=[key], resource="urn:y", what="y", purpose=purpose, at=at
            )
        else:
            read(clerk, minute // 2, minutes=minute, purpose=purpose)
            if minute // 2 % 3:
                continue
        wanted.append(purpose)
    found = pages(subject, limit)
    assert [row.purpose for page in found for row in page] == wanted[::-1]
    assert max(map(len, found)) <= limit
    keeper.asked.clear()
    list_readings(subject, limit=limit)
    assert len(keeper.asked) <= lookups


def test_a_reading_noted_late_is_on_a_page_too(
    clerk: Actor, subject: Party, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LOOKUPS", 1)
    keeper.known = {1: Standing.HELD, 2: Standing.HELD}
    read(clerk, 1, minutes=9, purpose="先记")
    read(clerk, 2, minutes=3, purpose="后记")
    assert [row.purpose for page in pages(subject) for row in page] == ["后记", "先记"]
