"""Reads: who acts, what is shown, and that nothing personal shows in a repr or in the database."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

import pytest
from django.db import connection

from shuzheng.base.directory import errors, queries
from shuzheng.base.directory.models import Firm, Person
from shuzheng.base.directory.types import AccountView
from shuzheng.base.kernel.errors import NotFound
from shuzheng.base.kernel.seal import SealBroken
from shuzheng.base.kernel.types import DivisionCode, FirmId, OrgId, PersonId, PostId
from tests.directory.builders import (
    AT,
    CITY,
    CLERK,
    CLOSED_SHOP,
    COUNTY_OFFICE,
    OWNER,
    SHOP,
    STATION,
    TOWN_OFFICE,
    changed,
    firm_of,
    firms,
    load_city,
    make_account,
    organizations,
    people,
    person_of,
    post_of,
    posts,
)

Queries = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def owner(db: None) -> AccountView:
    load_city()
    return make_account()


@pytest.fixture
def clerk(owner: AccountView) -> AccountView:
    return make_account("clerk", CLERK)


def test_a_person_acts_for_themselves(owner: AccountView, django_assert_num_queries: Queries) -> None:
    with django_assert_num_queries(1):
        actor = queries.get_actor(owner.id, at=AT)
    assert (actor.name, actor.person, actor.is_officer, actor.on_behalf_of) == ("林知墨", owner.person, False, None)


def test_a_legal_representative_acts_for_the_firm(owner: AccountView, django_assert_num_queries: Queries) -> None:
    shop = firm_of(SHOP)
    with django_assert_num_queries(2):
        actor = queries.get_actor(owner.id, at=AT, acting_for=shop.id)
    assert actor.party is not None
    assert (actor.party.kind, actor.party.id, actor.party.name) == ("firm", shop.id, "墨溪区松风小馆")


def test_another_person_may_not_act_for_the_firm(clerk: AccountView) -> None:
    with pytest.raises(errors.MayNotActFor):
        queries.get_actor(clerk.id, at=AT, acting_for=firm_of(SHOP).id)


def test_an_unknown_firm_is_refused_like_anothers(owner: AccountView) -> None:
    with pytest.raises(errors.MayNotActFor):
        queries.get_actor(owner.id, at=AT, acting_for=FirmId(owner.person))


def test_nobody_acts_for_a_deregistered_firm(owner: AccountView) -> None:
    with pytest.raises(errors.FirmDeregistered):
        queries.get_actor(owner.id, at=AT, acting_for=firm_of(CLOSED_SHOP).id)


def test_a_firm_that_changed_hands_stops_working_at_once(owner: AccountView) -> None:
    shop = firm_of(SHOP)
    queries.get_actor(owner.id, at=AT, acting_for=shop.id)
    load_city(firms=changed(firms(), 0, legal_rep_id_no=CLERK, legal_rep_name="许研青"), demo_accounts=[])
    with pytest.raises(errors.MayNotActFor):
        queries.get_actor(owner.id, at=AT, acting_for=shop.id)
    assert firm_of(SHOP).version == 2


def test_an_officer_acts_in_a_post(clerk: AccountView, django_assert_num_queries: Queries) -> None:
    post = post_of(CLERK)
    with django_assert_num_queries(2):
        actor = queries.get_actor(clerk.id, at=AT, post=post.id)
    assert (actor.post, actor.org, actor.org_name) == (post.id, COUNTY_OFFICE, "墨溪区市场监管局")
    assert actor.roles == {"service_window"}


def test_a_post_of_another_person_is_refused(owner: AccountView) -> None:
    with pytest.raises(errors.PostNotHeld):
        queries.get_actor(owner.id, at=AT, post=post_of(CLERK).id)


def test_a_post_that_ended_is_refused(clerk: AccountView) -> None:
    post = post_of(CLERK)
    load_city(posts=[], demo_accounts=[])
    with pytest.raises(errors.PostNotHeld):
        queries.get_actor(clerk.id, at=AT, post=post.id)
    assert queries.list_posts_of(clerk.person) == ()


def test_a_post_in_a_retired_organization_is_refused(clerk: AccountView) -> None:
    post = post_of(CLERK)
    load_city(organizations=[organizations()[0], organizations()[3]], posts=[], demo_accounts=[])
    with pytest.raises(errors.PostNotHeld):
        queries.get_actor(clerk.id, at=AT, post=post.id)


def test_post_and_firm_together_are_refused(clerk: AccountView) -> None:
    with pytest.raises(errors.TwoRoles):
        queries.get_actor(clerk.id, at=AT, post=PostId(clerk.person), acting_for=FirmId(clerk.person))


def test_a_dead_person_no_longer_acts(owner: AccountView) -> None:
    load_city(people=changed(people(), 0, status="死亡"), demo_accounts=[])
    with pytest.raises(errors.AccountClosed):
        queries.get_actor(owner.id, at=AT)


def test_an_unknown_account_is_refused(owner: AccountView) -> None:
    with pytest.raises(errors.NoSuchAccount):
        queries.get_actor(owner.id + 1, at=AT)
    with pytest.raises(errors.NoSuchAccount):
        queries.get_account(owner.id + 1)


def test_firms_of_a_person_leave_out_deregistered_ones(owner: AccountView) -> None:
    assert [firm.uscc for firm in queries.list_firms_of(owner.person)] == [SHOP]
    assert queries.list_firms_of(person_of(CLERK).id) == ()


def test_a_firm_is_shown_as_registered(owner: AccountView) -> None:
    shop = queries.get_firm(firm_of(SHOP.lower()).id)
    assert (shop.capital_fen, shop.registered_on) == (10_000_000, date(2015, 10, 25))
    assert (shop.legal_rep, shop.legal_rep_name, shop.mobile) == (owner.person, "林知墨", "19999980000")
    assert queries.get_firms([shop.id]) == {shop.id: shop}


def test_an_identity_is_opened(owner: AccountView) -> None:
    identity = queries.get_identity(owner.person)
    assert (identity.id_no, identity.mobile) == (OWNER, "19999980000")
    assert identity.address == "样例省样例市墨溪区竹笺镇松烟村0号"
    assert (identity.sex, identity.birth_on, identity.version) == ("男", date(1990, 1, 1), 1)


def test_a_person_is_found_by_identity_number(owner: AccountView) -> None:
    found = queries.find_person_by_id_no(f" {OWNER.lower()} ")
    assert found is not None
    assert found.id == owner.person
    assert queries.find_person_by_id_no("110105194912310021") is None
    assert queries.get_people([owner.person]) == {owner.person: found}


def test_no_identity_number_mobile_or_address_stands_in_the_database_in_clear(owner: AccountView) -> None:
    with connection.cursor() as cursor:
        for table in ("directory_person", "directory_account", "directory_post"):
            cursor.execute(f"SELECT * FROM {table}")
            stored = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()])
            assert not any(text in stored for text in (OWNER, CLERK, "1999998000", "松烟村0号"))


def test_a_sealed_value_copied_to_another_person_does_not_open(owner: AccountView) -> None:
    stolen = Person.objects.get(public_id=person_of(CLERK).id)
    Person.objects.filter(public_id=owner.person).update(id_no_sealed=bytes(stolen.id_no_sealed))
    with pytest.raises(SealBroken):
        queries.get_identity(owner.person)


def test_no_repr_shows_personal_data(owner: AccountView) -> None:
    shown = [
        queries.get_identity(owner.person),
        queries.get_person(owner.person),
        firm_of(SHOP),
        owner,
        Person.objects.get(public_id=owner.person),
        Firm.objects.get(uscc=SHOP),
    ]
    text = "".join(f"{one!r}{one!s}" for one in shown)
    assert not any(secret in text for secret in (OWNER, "林知墨", "19999980000", "松烟村", "songfeng"))


def test_organizations_are_listed_by_place_kind_duty_and_tree(owner: AccountView) -> None:
    town = DivisionCode("990102100")
    assert [o.code for o in queries.list_organizations(division=town, kind="town")] == [TOWN_OFFICE]
    assert {o.code for o in queries.list_organizations(under=COUNTY_OFFICE)} == {COUNTY_OFFICE, STATION}
    assert {o.code for o in queries.list_organizations(parent=CITY)} == {COUNTY_OFFICE, TOWN_OFFICE}
    assert len(queries.list_organizations(duty="approval")) == 4
    assert queries.list_organizations(duty="appro") == ()


def test_an_organization_knows_its_levels(owner: AccountView, django_assert_num_queries: Queries) -> None:
    station = queries.get_organization(STATION)
    assert station.levels.as_tuple() == (CITY, COUNTY_OFFICE, STATION, None)
    assert queries.depth_of(STATION) == station.depth == 3
    with django_assert_num_queries(0):
        queries.depth_of(STATION)
    assert set(queries.get_organizations([CITY, STATION, OrgId("x")])) == {CITY, STATION}


@pytest.mark.parametrize(
    "ask",
    [
        lambda: queries.get_organization(OrgId("x")),
        lambda: queries.get_division(DivisionCode("x")),
        lambda: queries.get_person(PersonId(UUID(int=7))),
        lambda: queries.get_identity(PersonId(UUID(int=7))),
        lambda: queries.get_firm(FirmId(UUID(int=7))),
    ],
)
def test_an_unknown_code_or_id_is_not_found(owner: AccountView, ask: Callable[[], object]) -> None:
    with pytest.raises(NotFound):
        ask()


def test_divisions_are_listed_level_by_level(owner: AccountView) -> None:
    assert [d.code for d in queries.list_divisions(None)] == ["990000"]
    assert [d.name for d in queries.list_divisions(DivisionCode("990102"))] == ["竹笺镇"]
    assert queries.county_of(DivisionCode("990102100201")) == "990102"
    assert queries.get_division(DivisionCode("990102")).full_name == "样例省样例市墨溪区"


def test_posts_at_an_organization_are_found_by_role(owner: AccountView) -> None:
    assert [p.name for p in queries.list_posts_at(COUNTY_OFFICE, role="service_window")] == ["受理岗"]
    assert queries.list_posts_at(COUNTY_OFFICE, role="approval") == ()


def test_working_days_are_the_national_ones(db: None, django_assert_num_queries: Queries) -> None:
    days = queries.working_days()
    assert days.add(date(2026, 9, 30), 1) == date(2026, 10, 8)
    with django_assert_num_queries(0):
        assert queries.working_days() is days


def test_a_loaded_notice_is_in_force_at_once_and_ends_when_the_pack_drops_it(db: None) -> None:
    assert queries.working_days().is_provisional(date(2027, 1, 1))
    notice = {
        "year": 2027,
        "source": "国办发明电〔2026〕1号",
        "holidays": [{"from": date(2027, 1, 1), "to": date(2027, 1, 4), "name": "元旦"}],
        "makeup_days": [date(2027, 1, 10)],
    }
    load_city(calendar=[notice])
    days = queries.working_days()
    assert not days.is_provisional(date(2027, 1, 1))
    assert not days.is_working(date(2027, 1, 4))
    assert days.is_working(date(2027, 1, 10))
    load_city()
    assert queries.working_days().is_working(date(2027, 1, 4))


def test_a_notice_loaded_by_another_process_is_in_force_after_a_minute(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("shuzheng.base.directory.queries.days.time.monotonic", lambda: clock[0])
    before = queries.working_days()
    with monkeypatch.context() as other_process:
        other_process.setattr("shuzheng.base.directory.actions.load.forget_working_days", lambda: None)
        holidays = [{"from": date(2027, 1, 4), "to": date(2027, 1, 4), "name": "元旦"}]
        load_city(calendar=[{"year": 2027, "source": "通知", "holidays": holidays}])
    assert queries.working_days() is before
    clock[0] += 61
    assert not queries.working_days().is_working(date(2027, 1, 4))


def test_an_address_hash_is_stable_and_tells_nothing(db: None) -> None:
    assert queries.hash_address("192.0.2.1") == queries.hash_address("192.0.2.1")
    assert re.fullmatch(r"[0-9a-f]{32}", queries.hash_address("192.0.2.1"))
    assert queries.hash_address("192.0.2.1") != queries.hash_address("192.0.2.2")


def test_posts_shown_are_those_held_now(clerk: AccountView) -> None:
    load_city(posts=changed(posts(), 0, post_name="审批岗", roles="approval"), demo_accounts=[])
    assert [(p.name, p.roles) for p in queries.list_posts_of(clerk.person)] == [("审批岗", frozenset({"approval"}))]
