"""Who may see a thing."""

from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.access.rules import is_own, may_see
from shuzheng.base.access.types import PostScope, Scope
from shuzheng.base.kernel.types import SYSTEM, Actor, OrgId, Party, PartyKind, PersonId, PostId

ME, OTHER, FIRM = UUID(int=1), UUID(int=2), UUID(int=3)
MINE, THEIRS, ABOVE = OrgId("mine"), OrgId("theirs"), OrgId("above")


def make_scope(
    *, party: UUID | None = None, org: OrgId | None = None, roles: tuple[str, ...] = (), system: bool = False
) -> Scope:
    posts = () if org is None else (PostScope(org=org, level=2, roles=frozenset(roles)),)
    owner = None if party is None else Party(PartyKind.PERSON, party, "甲")
    return Scope(party=owner, person=PersonId(ME), posts=posts, system=system)


@pytest.mark.parametrize(
    ("scope", "may"),
    [
        (make_scope(party=ME), True),
        (make_scope(party=OTHER), False),
        (make_scope(org=MINE), True),
        (make_scope(org=THEIRS), False),
        (make_scope(org=ABOVE, roles=("director",)), True),
        (make_scope(org=ABOVE, roles=("approval",)), False),
        (make_scope(), False),
        (make_scope(system=True), True),
    ],
)
def test_a_thing_is_seen_by_its_parties_its_units_and_directors_above(scope: Scope, may: bool) -> None:
    assert may_see(scope, parties=[ME], orgs=[MINE], above=[ABOVE]) is may


def test_an_officer_does_not_see_their_own_affairs_at_the_desk() -> None:
    scope = Scope(party=None, person=PersonId(ME), posts=(PostScope(THEIRS, 2, frozenset()),))
    assert not may_see(scope, parties=[ME], orgs=[MINE])


@given(st.sets(st.uuids()), st.sets(st.sampled_from([MINE, THEIRS])))
def test_a_stranger_sees_nothing(parties: set[UUID], orgs: set[OrgId]) -> None:
    assert not may_see(make_scope(party=ME), parties=parties - {ME}, orgs=orgs)
    assert not may_see(make_scope(org=ABOVE), parties=parties, orgs=orgs)


def test_ones_own_data_is_ones_person_and_the_firm_acted_for() -> None:
    me, firm = Party(PartyKind.PERSON, ME, "甲"), Party(PartyKind.FIRM, FIRM, "乙")
    actor = Actor("甲", person=PersonId(ME), on_behalf_of=firm)
    assert is_own(actor, me)
    assert is_own(actor, firm)
    assert not is_own(Actor("甲", person=PersonId(ME), post=PostId(OTHER)), firm)
    assert not is_own(SYSTEM, me)
