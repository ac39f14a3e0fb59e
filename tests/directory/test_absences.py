"""A deputy for a post: who may name one, for which days, what the deputy may then be, and that no chain arises."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shuzheng.base.directory import errors, queries
from shuzheng.base.directory.actions import create_account, name_deputy, release_deputy
from shuzheng.base.directory.events import DeputyNamed, DeputyReleased
from shuzheng.base.directory.models import Absence, Organization, Person, Post
from shuzheng.base.directory.types import AbsenceView
from shuzheng.base.kernel import events
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import SYSTEM, AbsenceId, Actor, OrgId, PersonId, PostId
from shuzheng.base.ledger.models import Entry
from tests.directory.builders import AT, CITY, COUNTY_OFFICE, PASSWORD, STATION, load_city

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 5)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _city(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_handlers", {})
    load_city()


def make_post(
    name: str, org: OrgId = COUNTY_OFFICE, roles: str = "service_window", person: Person | None = None
) -> Post:
    person = person or Person.objects.create(public_id=new_id(AT), name=name, status="正常")
    unit = Organization.objects.get(code=org)
    return Post.objects.create(
        public_id=new_id(AT), person=person, organization=unit, name=f"{name}岗{uuid4().hex[:4]}", roles=f";{roles};"
    )


def acting(post: Post, /, **over: Any) -> Actor:
    fields: dict[str, Any] = {
        "person": PersonId(post.person.public_id),
        "post": PostId(post.public_id),
        "org": OrgId(post.organization.code),
        "org_name": post.organization.short_name,
        "roles": frozenset(filter(None, post.roles.split(";"))),
    }
    return Actor(post.person.name, **(fields | over))


def name(post: Post, deputy: Post, **over: Any) -> AbsenceView:
    fields: dict[str, Any] = {
        "first": FIRST,
        "last": LAST,
        "command_id": uuid4(),
        "actor": acting(post),
        "at": AT,
    }
    return name_deputy(PostId(post.public_id), PersonId(deputy.person.public_id), **(fields | over))


def on(day: date, hour: int = 10) -> datetime:
    """A moment of a local day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 8)


def account_of(post: Post) -> int:
    person = PersonId(post.person.public_id)
    return create_account(f"o{post.pk}x", person=person, password=PASSWORD, actor=SYSTEM, at=AT).id


def test_the_deputy_acts_in_the_post_from_the_first_day_to_the_last_and_signs_for_the_officer() -> None:
    absent, deputy = make_post("许研青"), make_post("何知秋", roles="approval")
    absence = name(absent, deputy)
    account, post = account_of(deputy), PostId(absent.public_id)
    for moment in (on(FIRST - DAY, 23), on(LAST + DAY, 0)):
        with pytest.raises(errors.PostNotHeld):
            queries.get_actor(account, at=moment, post=post)
        assert queries.list_standing_in(PersonId(deputy.person.public_id), at=moment) == ()
    for moment in (on(FIRST, 0), on(LAST, 23)):
        actor = queries.get_actor(account, at=moment, post=post)
        assert (actor.person, actor.stands_in_for) == (deputy.person.public_id, absent.person.public_id)
        assert (actor.org, actor.roles) == (COUNTY_OFFICE, frozenset({"service_window"}))
        assert actor.signature == "何知秋（代许研青）"
        assert actor.hands == {deputy.person.public_id, absent.person.public_id}
        assert queries.list_standing_in(PersonId(deputy.person.public_id), at=moment) == (absence,)
    entry = Entry.objects.get(act="directory.deputy_named")
    assert f"urn:shuzheng:person:{deputy.person.public_id}" in entry.related
    assert "何知秋" not in str(entry.__dict__)


def test_in_the_own_post_nobody_is_stood_in_for() -> None:
    absent, deputy = make_post("许研青"), make_post("何知秋")
    name(absent, deputy)
    actor = queries.get_actor(account_of(deputy), at=on(FIRST), post=PostId(deputy.public_id))
    assert (actor.stands_in_for, actor.signature) == (None, "何知秋")


def test_a_revoked_arrangement_ends_at_once() -> None:
    absent, deputy = make_post("许研青"), make_post("何知秋")
    told: list[Any] = []
    events.subscribe(DeputyNamed, told.append)
    events.subscribe(DeputyReleased, told.append)
    absence = name(absent, deputy)
    account = account_of(deputy)
    assert queries.get_actor(account, at=on(FIRST), post=PostId(absent.public_id)).stands_in_for
    release_deputy(absence.id, actor=acting(absent), at=on(FIRST, 11))
    with pytest.raises(errors.PostNotHeld):
        queries.get_actor(account, at=on(FIRST, 11), post=PostId(absent.public_id))
    with pytest.raises(errors.AbsenceOver):
        release_deputy(absence.id, actor=acting(absent), at=on(FIRST, 12))
    assert [type(event).__name__ for event in told] == ["DeputyNamed", "DeputyReleased"]
    assert Entry.objects.filter(act="directory.deputy_released").count() == 1
    assert name(absent, deputy, at=on(FIRST, 13)).ended_at is None, "the days are free again"


@pytest.mark.parametrize("what", ["absent's post", "deputy's post", "organization"])
def test_what_ended_lets_nobody_stand_in(what: str) -> None:
    absent, deputy = make_post("许研青"), make_post("何知秋")
    name(absent, deputy)
    account = account_of(deputy)
    if what == "organization":
        Organization.objects.filter(code=COUNTY_OFFICE).update(retired_at=AT)
    else:
        ended = absent if what == "absent's post" else deputy
        Post.objects.filter(pk=ended.pk).update(ended_at=AT)
    with pytest.raises(errors.PostNotHeld):
        queries.get_actor(account, at=on(FIRST), post=PostId(absent.public_id))


@pytest.mark.parametrize("org", [COUNTY_OFFICE, CITY])
def test_a_director_of_the_unit_or_above_names_and_revokes_too(org: OrgId) -> None:
    absent, deputy = make_post("许研青"), make_post("何知秋")
    director = acting(make_post("局长", org, "director"))
    absence = name(absent, deputy, actor=director)
    assert absence.named_by_name == "局长"
    assert release_deputy(absence.id, actor=director, at=AT).ended_at == AT


def test_nobody_else_names_or_revokes() -> None:
    absent, deputy = make_post("许研青"), make_post("何知秋")
    absence = name(absent, deputy)
    strangers = [
        acting(deputy),
        acting(make_post("局长", STATION, "director")),
        acting(make_post("科长", roles="team_lead")),
        acting(deputy, post=PostId(absent.public_id), stands_in_for=PersonId(absent.person.public_id)),
        acting(make_post("局长", roles="director"), stands_in_for=PersonId(uuid4())),
        Actor("许研青", person=PersonId(absent.person.public_id)),
        SYSTEM,
    ]
    for actor in strangers:
        with pytest.raises(errors.MayNotNameDeputy):
            name(absent, deputy, actor=actor, first=LAST + DAY, last=LAST + DAY)
        with pytest.raises(errors.MayNotNameDeputy):
            release_deputy(absence.id, actor=actor, at=AT)
    with pytest.raises(errors.NoSuchAbsence):
        release_deputy(AbsenceId(uuid4()), actor=acting(absent), at=AT)
    assert Absence.objects.filter(ended_at__isnull=True).count() == 1


def test_one_post_has_one_deputy_at_a_time_and_days_that_meet_are_refused() -> None:
    absent, deputy, other = make_post("许研青"), make_post("何知秋"), make_post("章云烟")
    name(absent, deputy)
    for first, last in ((FIRST, LAST), (FIRST - DAY, FIRST), (LAST, LAST + DAY), (FIRST + DAY, FIRST + DAY)):
        with pytest.raises(errors.AbsenceOverlaps):
            name(absent, other, first=first, last=last)
    name(absent, other, first=FIRST - DAY, last=FIRST - DAY)
    name(absent, other, first=LAST + DAY, last=LAST + DAY)
    assert Absence.objects.count() == 3


def test_no_chain_arises_from_either_end() -> None:
    a, b, c = make_post("甲"), make_post("乙"), make_post("丙")
    name(a, b)
    with pytest.raises(errors.StandsInThen):
        name(b, c)
    with pytest.raises(errors.DeputyAway):
        name(c, a)
    name(b, c, first=LAST + DAY, last=LAST + DAY)
    assert name(c, b, first=FIRST, last=FIRST).deputy_name == "乙", "one deputy may stand in for two"


def test_the_deputy_is_another_officer_of_the_same_organization() -> None:
    absent = make_post("许研青")
    dead = Person.objects.create(public_id=new_id(AT), name="陆听松", status="死亡")
    own = make_post("许研青", person=absent.person)
    ended = make_post("曾经")
    Post.objects.filter(pk=ended.pk).update(ended_at=AT)
    for unfit in (absent, own, make_post("别处", STATION), make_post("陆听松", person=dead), ended):
        with pytest.raises(errors.DeputyUnfit):
            name(absent, unfit)
    assert not Absence.objects.exists()
    with pytest.raises(errors.NoSuchPost):
        name(ended, absent)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),
        (date(2026, 12, 5), date(2026, 12, 4)),
        (date(2026, 12, 1), date(2027, 6, 1)),
    ],
)
def test_days_begin_today_or_later_in_order_and_are_limited(first: date, last: date) -> None:
    with pytest.raises(errors.AbsenceDaysWrong):
        name(make_post("许研青"), make_post("何知秋"), first=first, last=last)
    assert not Absence.objects.exists()


def test_one_command_names_one_deputy() -> None:
    absent, deputy, command = make_post("许研青"), make_post("何知秋"), uuid4()
    first = name(absent, deputy, command_id=command)
    assert name(absent, deputy, command_id=command) == first
    assert Absence.objects.count() == 1


def test_absences_are_listed_for_a_post_and_for_a_unit() -> None:
    absent, deputy = make_post("许研青"), make_post("何知秋")
    later = name(absent, deputy, first=date(2027, 1, 4), last=date(2027, 1, 8))
    sooner = name(absent, deputy)
    posts = [PostId(absent.public_id)]
    assert queries.list_absences_of(posts, since=AT.date()) == (sooner, later)
    assert queries.list_absences_of(posts, since=LAST) == (sooner, later)
    assert queries.list_absences_of(posts, since=LAST + DAY) == (later,)
    assert queries.list_absences_at(COUNTY_OFFICE, at=on(FIRST)) == (sooner,)
    assert queries.list_absences_at(STATION, at=on(FIRST)) == ()
    assert sooner.runs_on(FIRST)
    assert not sooner.runs_on(LAST + DAY)
    assert sooner.last_on == LAST
