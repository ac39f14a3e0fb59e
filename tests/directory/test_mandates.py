"""Mandates and guardians: who may act for whom, from when to when, in what; and what stops it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.directory import actions, errors, events, queries
from shuzheng.base.directory.models import Mandate, Person
from shuzheng.base.directory.rules.mandates import adult_on, check_days, is_child
from shuzheng.base.directory.types import MandateState, MandateView, StandingKind
from shuzheng.base.kernel.events import Event, subscribe
from shuzheng.base.kernel.types import Actor, ItemCode, PartyKind
from shuzheng.base.ledger.models import Entry
from shuzheng.base.ledger.queries import list_entries
from tests.directory.builders import (
    AT,
    CLERK,
    CLOSED_SHOP,
    DEAD,
    OWNER,
    SHOP,
    changed,
    firm_of,
    firms,
    load_city,
    make_account,
    make_id_no,
    people,
    person_of,
    post_of,
)

TODAY = date(2026, 11, 24)
ITEM, OTHER = ItemCode("000199001001"), ItemCode("000199001002")
CHILD = make_id_no(997, "20100301")
heard: list[Event] = []


def hear(event: Event) -> None:
    heard.append(event)


for kind in (events.MandateOffered, events.MandateAnswered, events.MandateEnded):
    subscribe(kind, hear)


def child_row(**over: Any) -> dict[str, Any]:
    return {**people()[0], "id_no": CHILD, "name": "林小满", "birth_date": "2010-03-01", "mobile": "19999980009"} | over


def guardian_row(**over: Any) -> dict[str, Any]:
    made = {"guardian_id_no": OWNER, "guardian_name": "林知墨", "ward_id_no": CHILD, "ward_name": "林小满"}
    return {**made, "relation": "父亲"} | over


@pytest.fixture(autouse=True)
def _city(db: None) -> None:
    heard.clear()
    load_city(people=[*people(), child_row()], guardians=[guardian_row()])


@pytest.fixture
def owner() -> Actor:
    return queries.get_actor(make_account().id, at=AT)


@pytest.fixture
def clerk() -> Actor:
    return queries.get_actor(make_account("clerk", CLERK).id, at=AT)


@pytest.fixture
def shop(owner: Actor) -> Actor:
    account = queries.find_account("songfeng")
    assert account is not None
    return queries.get_actor(account.id, at=AT, acting_for=firm_of(SHOP).id)


def give(actor: Actor, **over: Any) -> MandateView:
    said: dict[str, Any] = {
        "items": [],
        "first": TODAY,
        "last": TODAY + timedelta(days=89),
        "command_id": uuid4(),
        "actor": actor,
        "at": AT,
    } | over
    name, id_no = said.pop("name", "许研青"), said.pop("id_no", CLERK)
    return actions.give_mandate(name, id_no, **said)


def acting(mandate: UUID, *, at: datetime = AT) -> Actor:
    account = queries.find_account("clerk")
    assert account is not None
    return queries.get_actor(account.id, at=at, acting_for=mandate)


def counted() -> tuple[int, int]:
    return Mandate.objects.count(), Entry.objects.count()


def test_a_mandate_is_offered_accepted_and_acted_by(owner: Actor, clerk: Actor) -> None:
    offered = give(owner, items=[ITEM])
    assert (offered.state, offered.items, offered.last_on) == (MandateState.OFFERED, (ITEM,), date(2027, 2, 21))
    with pytest.raises(errors.MayNotActFor):
        acting(offered.id)
    accepted = actions.accept_mandate(offered.id, actor=clerk, at=AT)
    assert accepted.state is MandateState.ACCEPTED
    actor = acting(offered.id)
    assert (actor.person, actor.party, actor.limited_to) == (clerk.person, owner.party, frozenset({ITEM}))
    acts = [entry.act for entry in list_entries(offered.urn)]
    assert sorted(acts) == ["directory.mandate_accepted", "directory.mandate_offered"]
    assert [type(event) for event in heard] == [events.MandateOffered, events.MandateAnswered]


def test_a_mandate_for_everything_is_not_limited(owner: Actor, clerk: Actor) -> None:
    mandate = give(owner)
    actions.accept_mandate(mandate.id, actor=clerk, at=AT)
    assert acting(mandate.id).limited_to is None


def test_a_legal_representative_gives_it_for_the_firm(shop: Actor, clerk: Actor) -> None:
    mandate = give(shop)
    actions.accept_mandate(mandate.id, actor=clerk, at=AT)
    party = acting(mandate.id).party
    assert party is not None
    assert (party.kind, party.id) == (PartyKind.FIRM, firm_of(SHOP).id)


def test_the_same_command_gives_one_mandate(owner: Actor) -> None:
    command = uuid4()
    assert give(owner, command_id=command) == give(owner, command_id=command)
    assert Mandate.objects.count() == 1
    assert len(heard) == 1


def test_accepting_twice_is_once(owner: Actor, clerk: Actor) -> None:
    mandate = give(owner)
    first = actions.accept_mandate(mandate.id, actor=clerk, at=AT)
    before = counted()
    assert actions.accept_mandate(mandate.id, actor=clerk, at=AT + timedelta(hours=1)) == first
    assert counted() == before


@pytest.mark.parametrize(
    ("over", "refusal"),
    [
        ({"name": "许研墨"}, errors.MandataryUnknown),
        ({"id_no": make_id_no(999)}, errors.MandataryUnknown),
        ({"name": "陆听松", "id_no": DEAD}, errors.MandataryUnknown),
        ({"name": "林知墨", "id_no": OWNER}, errors.MandataryUnfit),
        ({"name": "林小满", "id_no": CHILD}, errors.MandataryUnfit),
        ({"first": TODAY - timedelta(days=1)}, errors.MandateDaysWrong),
        ({"last": TODAY - timedelta(days=1)}, errors.MandateDaysWrong),
        ({"last": TODAY + timedelta(days=366)}, errors.MandateDaysWrong),
        ({"items": ["not a code"]}, errors.MandateItemsWrong),
        ({"items": [f"0001990{n:05d}" for n in range(21)]}, errors.MandateItemsWrong),
    ],
)
def test_an_unfit_mandate_is_refused_and_writes_nothing(
    owner: Actor, over: dict[str, Any], refusal: type[Exception]
) -> None:
    before = counted()
    with pytest.raises(refusal):
        give(owner, **over)
    assert counted() == before
    assert not heard


def test_the_answer_does_not_tell_whether_the_number_or_the_name_is_wrong(owner: Actor) -> None:
    told = set()
    for over in ({"name": "许研墨"}, {"id_no": make_id_no(999)}, {"name": "陆听松", "id_no": DEAD}):
        with pytest.raises(errors.MandataryUnknown) as caught:
            give(owner, **over)
        told.add(caught.value.message)
    assert len(told) == 1


def test_a_mandatary_a_guardian_and_an_officer_cannot_pass_it_on(owner: Actor, clerk: Actor) -> None:
    mandate = give(owner)
    actions.accept_mandate(mandate.id, actor=clerk, at=AT)
    account = queries.find_account("clerk")
    assert account is not None
    officer = queries.get_actor(account.id, at=AT, post=post_of(CLERK).id)
    guardian = queries.get_actor(_account("songfeng"), at=AT, acting_for=person_of(CHILD).id)
    before = counted()
    for actor in (acting(mandate.id), guardian, officer, Actor("访客")):
        with pytest.raises(errors.MayNotGiveMandate):
            give(actor, name="林知墨", id_no=OWNER)
    assert counted() == before


def _account(name: str) -> int:
    account = queries.find_account(name)
    assert account is not None
    return account.id


def test_an_unproved_identity_neither_gives_nor_accepts_nor_acts(owner: Actor, clerk: Actor, shop: Actor) -> None:
    mandate = give(owner)
    Person.objects.update(real_name=0)
    before = counted()
    with pytest.raises(errors.IdentityUnproved):
        give(owner)
    with pytest.raises(errors.IdentityUnproved):
        actions.accept_mandate(mandate.id, actor=clerk, at=AT)
    with pytest.raises(errors.IdentityUnproved):
        queries.get_actor(_account("songfeng"), at=AT, acting_for=firm_of(SHOP).id)
    assert counted() == before


def test_only_so_many_are_open_at_once(owner: Actor, clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shuzheng.base.directory.actions.mandates.OPEN_MOST", 2)
    first = give(owner)
    give(owner)
    with pytest.raises(errors.TooManyMandates):
        give(owner)
    actions.revoke_mandate(first.id, actor=owner, at=AT)
    give(owner)


@pytest.mark.parametrize("act", [actions.accept_mandate, actions.decline_mandate, actions.resign_mandate])
def test_only_the_mandatary_answers_and_for_themselves(
    owner: Actor, clerk: Actor, act: Callable[..., MandateView]
) -> None:
    mandate = give(owner)
    before = counted()
    for stranger in (owner, Actor("访客"), replace(clerk, on_behalf_of=owner.party)):
        with pytest.raises(errors.NoSuchMandate):
            act(mandate.id, actor=stranger, at=AT)
    assert counted() == before


def test_only_the_principal_revokes(owner: Actor, clerk: Actor, shop: Actor) -> None:
    mandate = give(shop)
    before = counted()
    for stranger in (clerk, owner):
        with pytest.raises(errors.NoSuchMandate):
            actions.revoke_mandate(mandate.id, actor=stranger, at=AT)
    assert counted() == before
    assert actions.revoke_mandate(mandate.id, actor=shop, at=AT).state is MandateState.REVOKED


def test_a_declined_mandate_stays_declined(owner: Actor, clerk: Actor) -> None:
    mandate = give(owner)
    assert actions.decline_mandate(mandate.id, actor=clerk, at=AT).state is MandateState.DECLINED
    for act, actor in ((actions.accept_mandate, clerk), (actions.revoke_mandate, owner)):
        with pytest.raises(errors.MandateOver):
            act(mandate.id, actor=actor, at=AT)


def test_a_revoked_mandate_stops_at_once(owner: Actor, clerk: Actor) -> None:
    mandate = give(owner, items=[ITEM])
    actions.accept_mandate(mandate.id, actor=clerk, at=AT)
    actor = acting(mandate.id)
    queries.check_may_act(actor, item=ITEM, at=AT)
    actions.revoke_mandate(mandate.id, actor=owner, at=AT)
    with pytest.raises(errors.MayNotActFor):
        acting(mandate.id)
    with pytest.raises(errors.MandateDoesNotCover):  # the request that was under way
        queries.check_may_act(actor, item=ITEM, at=AT)
    for act, who in ((actions.accept_mandate, clerk), (actions.resign_mandate, clerk), (actions.revoke_mandate, owner)):
        with pytest.raises(errors.MandateOver):
            act(mandate.id, actor=who, at=AT)
    assert isinstance(heard[-1], events.MandateEnded)


def test_a_mandatary_resigns(owner: Actor, clerk: Actor) -> None:
    mandate = give(owner)
    actions.accept_mandate(mandate.id, actor=clerk, at=AT)
    assert actions.resign_mandate(mandate.id, actor=clerk, at=AT).state is MandateState.RESIGNED
    with pytest.raises(errors.MayNotActFor):
        acting(mandate.id)


def test_a_mandate_holds_from_its_first_day_through_its_last_in_the_citys_time(owner: Actor, clerk: Actor) -> None:
    mandate = give(owner, first=date(2026, 12, 1), last=date(2026, 12, 2))
    actions.accept_mandate(mandate.id, actor=clerk, at=AT)
    midnight = datetime(2026, 11, 30, 16, tzinfo=UTC)  # Asia/Shanghai
    moment = timedelta(seconds=1)
    for at in (midnight - moment, midnight + timedelta(days=2)):
        with pytest.raises(errors.MayNotActFor):
            acting(mandate.id, at=at)
    for at in (midnight, midnight + timedelta(days=2) - moment):
        assert acting(mandate.id, at=at).party == owner.party
    later = queries.list_mandates_given(owner.party, at=midnight + timedelta(days=2)) if owner.party else None
    assert later is not None
    assert later.rows[0].state is MandateState.EXPIRED
    with pytest.raises(errors.MandateOver):
        actions.resign_mandate(mandate.id, actor=clerk, at=midnight + timedelta(days=2))


def test_a_mandate_covers_its_items_only(owner: Actor, clerk: Actor) -> None:
    mandate = give(owner, items=[ITEM])
    actions.accept_mandate(mandate.id, actor=clerk, at=AT)
    actor = acting(mandate.id)
    queries.check_may_act(actor, item=ITEM, at=AT)
    with pytest.raises(errors.MandateDoesNotCover):
        queries.check_may_act(actor, item=OTHER, at=AT)
    queries.check_may_act(clerk, item=OTHER, at=AT)  # one's own affairs


def test_a_dead_principal_and_a_closed_firm_end_their_mandates(owner: Actor, clerk: Actor, shop: Actor) -> None:
    both = [give(owner), give(shop)]
    for mandate in both:
        actions.accept_mandate(mandate.id, actor=clerk, at=AT)
    gone = changed([*people(), child_row()], 0, status="死亡")
    load_city(people=gone, firms=changed(firms(), 0, status="注销"), demo_accounts=[])
    for mandate in both:
        with pytest.raises(errors.MayNotActFor):
            acting(mandate.id)
    assert queries.list_standings(person_of(CLERK).id, at=AT) == ()


def test_the_firms_next_legal_representative_revokes(shop: Actor, clerk: Actor) -> None:
    mandate = give(shop, name="许研青")
    moved = changed(firms(), 0, legal_rep_id_no=CLERK, legal_rep_name="许研青")
    load_city(people=[*people(), child_row()], guardians=[guardian_row()], firms=moved, demo_accounts=[])
    with pytest.raises(errors.MayNotGiveMandate):
        actions.revoke_mandate(mandate.id, actor=shop, at=AT)
    now = queries.get_actor(_account("clerk"), at=AT, acting_for=firm_of(SHOP).id)
    assert actions.revoke_mandate(mandate.id, actor=now, at=AT).state is MandateState.REVOKED


def test_everybody_one_may_act_for_is_listed(owner: Actor, clerk: Actor) -> None:
    mandate = give(clerk, name="林知墨", id_no=OWNER, items=[ITEM])
    actions.accept_mandate(mandate.id, actor=owner, at=AT)
    listed = queries.list_standings(person_of(OWNER).id, at=AT)
    assert [(one.kind, one.key) for one in listed] == [
        (StandingKind.LEGAL_REPRESENTATIVE, firm_of(SHOP).id),
        (StandingKind.GUARDIAN, person_of(CHILD).id),
        (StandingKind.MANDATE, mandate.id),
    ]
    assert [one.note for one in listed] == [SHOP, "父亲", ""]
    assert [one.limited_to for one in listed] == [None, None, frozenset({ITEM})]
    assert listed[1].last_on == date(2028, 2, 29)
    assert queries.has_standing(person_of(OWNER).id, at=AT)
    assert not queries.has_standing(person_of(CLERK).id, at=AT)
    assert firm_of(CLOSED_SHOP).id not in {one.key for one in listed}


def test_lists_go_on_where_they_stopped(owner: Actor, clerk: Actor) -> None:
    made = [give(owner).id for _n in range(3)]
    assert owner.party is not None
    first = queries.list_mandates_given(owner.party, at=AT, limit=2)
    rest = queries.list_mandates_given(owner.party, at=AT, limit=2, after=first.next)
    assert [row.id for row in (*first.rows, *rest.rows)] == made[::-1]
    assert rest.next is None
    assert clerk.person is not None
    assert len(queries.list_mandates_received(clerk.person, at=AT).rows) == 3
    with pytest.raises(errors.PositionUnfit):
        queries.list_mandates_received(clerk.person, at=AT, after="x")


def test_a_guardian_acts_for_a_child_until_its_eighteenth_birthday(owner: Actor) -> None:
    child = person_of(CHILD)
    birthday = datetime(2028, 2, 29, 16, tzinfo=UTC)  # the first of March in the city
    actor = queries.get_actor(_account("songfeng"), at=birthday - timedelta(seconds=1), acting_for=child.id)
    assert actor.party is not None
    assert (actor.party.kind, actor.party.id, actor.limited_to) == (PartyKind.PERSON, child.id, None)
    queries.check_may_act(actor, item=ITEM, at=birthday - timedelta(seconds=1))
    with pytest.raises(errors.MayNotActFor):
        queries.get_actor(_account("songfeng"), at=birthday, acting_for=child.id)
    with pytest.raises(errors.MandateDoesNotCover):
        queries.check_may_act(actor, item=ITEM, at=birthday)


def test_nobody_else_acts_for_the_child(clerk: Actor) -> None:
    with pytest.raises(errors.MayNotActFor):
        queries.get_actor(_account("clerk"), at=AT, acting_for=person_of(CHILD).id)


def test_a_guardianship_the_pack_no_longer_has_ends_and_can_come_back(owner: Actor) -> None:
    folk = [*people(), child_row()]
    load_city(people=folk, guardians=[], demo_accounts=[])
    with pytest.raises(errors.MayNotActFor):
        queries.get_actor(_account("songfeng"), at=AT, acting_for=person_of(CHILD).id)
    load_city(people=folk, guardians=[guardian_row()], demo_accounts=[])
    queries.get_actor(_account("songfeng"), at=AT, acting_for=person_of(CHILD).id)


@given(st.dates(date(1950, 1, 1), date(2030, 12, 31)))
def test_one_is_a_child_up_to_the_day_before_the_eighteenth_birthday(born: date) -> None:
    day = adult_on(born)
    assert not is_child(born, on=day)
    assert is_child(born, on=day - timedelta(days=1))
    assert day.year - born.year == 18


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_term_is_at_most_366_days_and_never_in_the_past(start: int, length: int) -> None:
    first = TODAY + timedelta(days=start)
    last = first + timedelta(days=length)
    if length < 366:
        check_days(first, last, today=TODAY)
    else:
        with pytest.raises(errors.MandateDaysWrong):
            check_days(first, last, today=TODAY)
    with pytest.raises(errors.MandateDaysWrong):
        check_days(TODAY - timedelta(days=1), last, today=TODAY)
