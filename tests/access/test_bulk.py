"""Rows read out of the lake: one act, each whom it concerns; who sees the entry, and who does not."""

from dataclasses import replace
from datetime import timedelta
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzheng.base.access import actions, errors
from shuzheng.base.access.actions import record_bulk_reading, record_reading
from shuzheng.base.access.models import BulkReading, BulkReadingSubject
from shuzheng.base.access.queries import list_readings, subject_key, subject_keys_of
from shuzheng.base.directory.queries import find_number, get_actor
from shuzheng.base.kernel.types import SYSTEM, Actor, Party, PartyKind
from shuzheng.base.ledger.queries import list_entries
from tests.directory.builders import AT, CLERK, OWNER, SHOP, firm_of, load_city, make_account, person_of, post_of

TABLE = "urn:shuzheng:lake:table:person"
PERSON, FIRM = PartyKind.PERSON, PartyKind.FIRM


@pytest.fixture
def owner(db: None) -> Actor:
    load_city()
    return get_actor(make_account().id, at=AT)


@pytest.fixture
def clerk(owner: Actor) -> Actor:
    return get_actor(make_account("clerk", CLERK).id, at=AT, post=post_of(CLERK).id)


@pytest.fixture
def subject(owner: Actor) -> Party:
    return Party(PERSON, person_of(OWNER).id, "林知墨")


def read(actor: Actor, *keys: bytes, kind: PartyKind = PERSON, minutes: int = 0, purpose: str = "核对人口数") -> int:
    return record_bulk_reading(
        actor,
        subject_kind=kind,
        subject_keys=keys,
        resource=TABLE,
        what="数据湖查询：人口",
        purpose=purpose,
        at=AT + timedelta(minutes=minutes),
    )


def made_up(count: int) -> list[bytes]:
    return [subject_key(PERSON, f"{n:018}") for n in range(count)]


def test_the_person_sees_that_their_row_was_read_and_a_stranger_does_not(clerk: Actor, subject: Party) -> None:
    assert read(clerk, *made_up(3), subject_key(PERSON, find_number(subject))) == 4
    (seen,) = list_readings(subject).rows
    assert (seen.reader, seen.organization_name, seen.what) == ("许*青", "墨溪区市场监管局", "数据湖查询：人口")
    assert (seen.purpose, seen.at, seen.count, seen.concerned, seen.in_bulk) == ("核对人口数", AT, 1, 4, True)
    assert list_readings(Party(FIRM, firm_of(SHOP).id, "")).rows == ()
    assert list_readings(Party(PERSON, firm_of(SHOP).id, "")).rows == ()


def test_the_firm_sees_it_by_its_code_and_a_person_with_the_same_text_does_not(clerk: Actor) -> None:
    shop = firm_of(SHOP)
    read(clerk, subject_key(PERSON, shop.uscc))
    assert list_readings(Party(FIRM, shop.id, "")).rows == ()
    read(clerk, subject_key(FIRM, shop.uscc), kind=FIRM)
    assert len(list_readings(Party(FIRM, shop.id, "")).rows) == 1


def test_the_spelling_of_a_number_makes_no_difference() -> None:
    wanted = subject_key(PERSON, "99010219900307991X")
    assert len(wanted) == 32
    for spelt in (" 99010219900307991x ", "９９０１０２１９９００３０７９９１Ｘ", "99010219900307991X\u3000"):
        assert subject_key(PERSON, spelt) == wanted
    assert subject_key(FIRM, "99010219900307991X") != wanted


def test_whom_the_directory_has_no_number_of_has_no_key(owner: Actor) -> None:
    assert subject_keys_of(Party(PartyKind.POST, firm_of(SHOP).id, "")) == ()
    assert subject_keys_of(Party(PERSON, firm_of(SHOP).id, "")) == ()


def test_each_is_concerned_once_and_the_ledger_has_one_entry_without_a_number(clerk: Actor, subject: Party) -> None:
    key = subject_key(PERSON, find_number(subject))
    assert read(clerk, key, key, *made_up(2)) == 3
    assert BulkReadingSubject.objects.count() == 3
    assert [entry.act for entry in list_entries(TABLE)] == ["access.read_bulk"]
    row = BulkReading.objects.get()
    assert find_number(subject) not in repr((row.__dict__, list_readings(subject)))


def test_ones_own_rows_and_the_platforms_work_are_not_logged(owner: Actor, subject: Party) -> None:
    shop = firm_of(SHOP)
    acting = replace(owner, on_behalf_of=Party(FIRM, shop.id, shop.name))
    mine = subject_key(PERSON, find_number(subject))
    assert read(owner, mine) == 0
    assert read(acting, subject_key(FIRM, shop.uscc), kind=FIRM) == 0
    assert read(SYSTEM, *made_up(2)) == 0
    assert not BulkReading.objects.exists()
    assert not list_entries(TABLE)
    assert read(owner, mine, *made_up(1)) == 1
    assert not list_readings(subject).rows


def test_a_reading_without_a_purpose_is_refused(clerk: Actor) -> None:
    with pytest.raises(errors.PurposeMissing):
        read(clerk, *made_up(1), purpose=" ")
    assert not BulkReading.objects.exists()


def test_both_logs_are_one_list_newest_first_page_by_page(clerk: Actor, subject: Party) -> None:
    key = subject_key(PERSON, find_number(subject))
    for minute in range(0, 60, 6):
        if minute % 4:
            read(clerk, key, minutes=minute, purpose=f"用途 {minute}")
        else:
            at = AT + timedelta(minutes=minute)
            record_reading(clerk, subject=subject, resource="urn:x", what="x", purpose=f"用途 {minute}", at=at)
    for limit in (1, 2, 3, 4, 9, 10):
        seen, after = [], None
        while True:
            page = list_readings(subject, after=after, limit=limit)
            assert len(page.rows) <= limit
            seen += [row.purpose for row in page.rows]
            after = page.next
            if after is None:
                break
        assert seen == [f"用途 {minute}" for minute in range(54, -1, -6)]


def test_a_page_costs_the_same_number_of_statements_however_many_entries(clerk: Actor, subject: Party) -> None:
    key = subject_key(PERSON, find_number(subject))
    counts = []
    for _ in range(2):
        for minute in range(5):
            read(clerk, key, minutes=minute)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            list_readings(subject)
        counts.append(len(asked))
    assert counts == [4, 4]


@pytest.mark.parametrize("after", [".", "x", "1.x", "1.-2", "1.2.3.4", "1.2.x", "." + "9" * 30, "", "٣.1"])
def test_a_made_up_position_is_refused(subject: Party, after: str) -> None:
    with pytest.raises(errors.PositionInvalid):
        list_readings(subject, after=after)


def test_ten_thousand_are_logged_within_two_seconds(clerk: Actor) -> None:
    keys = made_up(10_000)
    began = perf_counter()
    assert read(clerk, *keys) == 10_000
    assert perf_counter() - began < 2
    assert BulkReadingSubject.objects.count() == 10_000


@pytest.mark.parametrize("broken", ["subjects", "ledger"])
def test_a_write_that_fails_leaves_nothing(
    clerk: Actor, subject: Party, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise OSError("disk full")

    if broken == "subjects":
        monkeypatch.setattr(BulkReadingSubject.objects, "bulk_create", fail)
    else:
        monkeypatch.setattr(actions, "record", fail)
    with pytest.raises(OSError, match="disk full"):
        read(clerk, subject_key(PERSON, find_number(subject)))
    assert not BulkReading.objects.exists()
    assert not BulkReadingSubject.objects.exists()
    assert not list_entries(TABLE)
