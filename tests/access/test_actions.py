"""Scopes, refusals with whom to ask, and the reader log."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from shuzheng.base.access import errors
from shuzheng.base.access.actions import record_reading, record_readings
from shuzheng.base.access.models import Reading
from shuzheng.base.access.queries import check_may_see, list_readings, scope_of
from shuzheng.base.directory.queries import get_actor
from shuzheng.base.kernel.types import SYSTEM, Actor, Party, PartyKind
from shuzheng.base.ledger.queries import list_entries
from tests.directory.builders import (
    AT,
    CLERK,
    COUNTY_OFFICE,
    OWNER,
    SHOP,
    STATION,
    TOWN_OFFICE,
    firm_of,
    load_city,
    make_account,
    person_of,
    post_of,
)

CASE = "urn:shuzheng:case:01936000-0000-7000-8000-000000000001"


@pytest.fixture
def owner(db: None) -> Actor:
    load_city()
    return get_actor(make_account().id, at=AT)


@pytest.fixture
def clerk(owner: Actor) -> Actor:
    return get_actor(make_account("clerk", CLERK).id, at=AT, post=post_of(CLERK).id)


@pytest.fixture
def subject(owner: Actor) -> Party:
    return Party(PartyKind.PERSON, person_of(OWNER).id, "林知墨")


def read(
    actor: Actor, subject: Party, *, minutes: int = 0, purpose: str = "审查申请材料", what: str = "申请表"
) -> None:
    at = AT + timedelta(minutes=minutes)
    record_reading(actor, subject=subject, resource=CASE, what=what, purpose=purpose, at=at)


def test_an_officer_is_scoped_by_the_post_and_its_level(clerk: Actor) -> None:
    scope = scope_of(clerk)
    assert scope.party is None
    assert [(post.org, post.level, post.roles) for post in scope.posts] == [
        (COUNTY_OFFICE, 2, frozenset({"service_window"}))
    ]


def test_a_resident_is_scoped_by_the_party_acted_for(owner: Actor) -> None:
    assert scope_of(owner).party == owner.party
    shop = firm_of(SHOP)
    acting = replace(owner, on_behalf_of=Party(PartyKind.FIRM, shop.id, shop.name))
    assert scope_of(acting).party == acting.on_behalf_of
    assert scope_of(SYSTEM).system


def test_an_officer_of_another_unit_is_told_whom_to_ask(clerk: Actor) -> None:
    with pytest.raises(errors.OtherUnit) as refusal:
        check_may_see(scope_of(clerk), parties=[], orgs=[TOWN_OFFICE, STATION])
    assert refusal.value.message == "这件事由竹笺镇、竹笺市场监管所办理，您所在的墨溪区市场监管局不能查看"
    check_may_see(scope_of(clerk), parties=[], orgs=[COUNTY_OFFICE])


def test_a_stranger_is_not_told_that_the_thing_exists(owner: Actor) -> None:
    with pytest.raises(errors.NothingToSee):
        check_may_see(scope_of(owner), parties=[UUID(int=1)], orgs=[COUNTY_OFFICE])
    check_may_see(scope_of(owner), parties=[person_of(OWNER).id], orgs=[])


def test_the_person_sees_who_read_their_data(clerk: Actor, subject: Party) -> None:
    read(clerk, subject)
    (seen,) = list_readings(subject).rows
    assert (seen.reader, seen.organization_name) == ("许*青", "墨溪区市场监管局")
    assert (seen.what, seen.purpose, seen.at, seen.count) == ("申请表", "审查申请材料", AT, 1)
    assert [entry.act for entry in list_entries(subject.urn)] == ["access.read"]


def test_the_same_page_within_ten_minutes_is_one_entry_with_a_count(clerk: Actor, subject: Party) -> None:
    for minutes in (0, 3, 9):
        read(clerk, subject, minutes=minutes)
    (seen,) = list_readings(subject).rows
    assert (seen.count, seen.at, seen.last_at) == (3, AT, AT + timedelta(minutes=9))
    assert len(list_entries(subject.urn)) == 1


def test_after_ten_minutes_it_is_a_new_entry(clerk: Actor, subject: Party) -> None:
    for minutes in (0, 9, 10):
        read(clerk, subject, minutes=minutes)
    assert [seen.count for seen in list_readings(subject).rows] == [1, 2]


def test_another_purpose_or_thing_is_a_new_entry(clerk: Actor, subject: Party) -> None:
    read(clerk, subject)
    read(clerk, subject, purpose="答复咨询")
    read(clerk, subject, what="材料：身份证")
    assert len(list_readings(subject).rows) == 3


def test_a_reading_without_purpose_is_refused(clerk: Actor, subject: Party) -> None:
    with pytest.raises(errors.PurposeMissing):
        read(clerk, subject, purpose="  ")
    assert not Reading.objects.exists()
    assert not list_entries(subject.urn)


def test_ones_own_data_and_the_platforms_work_are_not_logged(owner: Actor, subject: Party) -> None:
    read(owner, subject)
    read(SYSTEM, subject)
    shop = firm_of(SHOP)
    party = Party(PartyKind.FIRM, shop.id, shop.name)
    read(replace(owner, on_behalf_of=party), party)
    assert not Reading.objects.exists()


def test_readings_are_paged_newest_first_and_only_ones_own(clerk: Actor, subject: Party) -> None:
    for n in range(5):
        read(clerk, subject, what=f"材料 {n}")
    read(clerk, Party(PartyKind.FIRM, firm_of(SHOP).id, ""))
    first = list_readings(subject, limit=3)
    rest = list_readings(subject, after=first.next, limit=3)
    assert [seen.what for seen in (*first.rows, *rest.rows)] == [f"材料 {n}" for n in (4, 3, 2, 1, 0)]
    assert rest.next is None


@pytest.mark.parametrize("after", ["x", "-1", "1e3", "9" * 30, "٣"])
def test_a_made_up_position_is_refused(subject: Party, after: str) -> None:
    with pytest.raises(errors.PositionInvalid):
        list_readings(subject, after=after)


def test_no_repr_shows_what_was_read(clerk: Actor, subject: Party) -> None:
    read(clerk, subject, what="材料：诊断书")
    assert "诊断书" not in repr(list_readings(subject)) + str(Reading.objects.get())


def test_a_list_taken_out_is_logged_for_each_concerned_once_and_once_in_the_ledger(
    clerk: Actor, subject: Party
) -> None:
    firm = Party(PartyKind.FIRM, firm_of(SHOP).id, "松风小馆")
    mine = Party(PartyKind.PERSON, UUID(str(clerk.person)), clerk.name)
    listed = [subject, firm, subject, mine]
    written = record_readings(clerk, subjects=listed, resource="urn:x", what="办件清单", purpose="周报", at=AT)
    assert written == 2
    for party in (subject, firm):
        (row,) = list_readings(party).rows
        assert (row.what, row.purpose, row.organization) == ("办件清单", "周报", COUNTY_OFFICE)
    assert list_readings(mine).rows == ()
    assert [entry.act for entry in list_entries("urn:x")] == ["access.read_list"]


def test_a_list_without_a_purpose_is_not_taken_out(clerk: Actor, subject: Party) -> None:
    with pytest.raises(errors.PurposeMissing):
        record_readings(clerk, subjects=[subject], resource="urn:x", what="办件清单", purpose=" ", at=AT)
    assert not Reading.objects.exists()
    assert record_readings(SYSTEM, subjects=[subject], resource="urn:x", what="x", purpose="x", at=AT) == 0
