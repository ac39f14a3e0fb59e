"""Reads of who may act for whom: firms legally represented, children, mandates in force."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from shuzheng.base.directory.errors import (
    FirmDeregistered,
    MandateDoesNotCover,
    MayNotActFor,
    NoSuchMandate,
    PositionUnfit,
)
from shuzheng.base.directory.models import Firm, Guardianship, Mandate, Person
from shuzheng.base.directory.rules.mandates import adult_on, is_child, state_on
from shuzheng.base.directory.types import (
    FIRM_DEREGISTERED,
    PERSON_NORMAL,
    MandateState,
    MandateView,
    Standing,
    StandingKind,
)
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Actor, ItemCode, MandateId, Page, Party, PartyKind, PersonId


def today(at: datetime) -> date:
    """Return the day in the city."""
    return local_date(at, settings.SHUZHENG.zone)


def party_of_person(row: Person) -> Party:
    """Return a person as a party."""
    return Party(PartyKind.PERSON, row.public_id, row.name)


def party_of_firm(row: Firm) -> Party:
    """Return a firm as a party."""
    return Party(PartyKind.FIRM, row.public_id, row.name)


def list_standings(person: PersonId, *, at: datetime) -> tuple[Standing, ...]:
    """Return everybody a person may act for now: firms by name, then children, then mandates by their last day."""
    return tuple(_standings(person, at))


def has_standing(person: PersonId, *, at: datetime) -> bool:
    """Tell whether there is anybody a person may act for now; stops at the first."""
    return next(_standings(person, at), None) is not None


def _standings(person: PersonId, at: datetime) -> Iterator[Standing]:
    on = today(at)
    firms = Firm.objects.filter(legal_rep__public_id=person, retired_at__isnull=True).exclude(status=FIRM_DEREGISTERED)
    yield from map(_of_firm, firms.order_by("name", "pk"))
    for row in _guardianships(Q(guardian__public_id=person)).order_by("ward__birth_on", "pk"):
        if _guards(row, on):
            yield _of_child(row)
    for mandate in _mandates_in_force(Q(mandatary__public_id=person), on).order_by("valid_to", "pk"):
        if _principal_acts(mandate):
            yield _of_mandate(mandate)


def get_standing(person: Person, key: UUID, *, at: datetime) -> Standing:
    """Return the standing with this key.

    Raises:
        MayNotActFor: The person has none like it, or it is over (`FirmDeregistered` for a firm that was).
    """
    on = today(at)
    firm = Firm.objects.filter(public_id=key, legal_rep=person, retired_at__isnull=True).first()
    if firm is not None:
        if firm.status == FIRM_DEREGISTERED:
            raise FirmDeregistered
        return _of_firm(firm)
    child = _guardianships(Q(guardian=person, ward__public_id=key)).first()
    if child is not None and _guards(child, on):
        return _of_child(child)
    mandate = _mandates_in_force(Q(mandatary=person, public_id=key), on).first()
    if mandate is not None and _principal_acts(mandate):
        return _of_mandate(mandate)
    raise MayNotActFor


def check_may_act(actor: Actor, *, item: ItemCode, at: datetime) -> None:
    """Let pass who may still act in this item for whom they act for.

    Asked where an application begins and where it is submitted.

    The standing is looked up anew, so that a mandate revoked while a form was filled in stops it. One's own affairs
    and an officer's pass without a statement.

    Raises:
        MandateDoesNotCover: No standing in force covers the item.
    """
    party = actor.on_behalf_of
    if party is None or actor.person is None:
        return
    for standing in _standings(actor.person, at):
        same = (standing.party.kind, standing.party.id) == (party.kind, party.id)
        if same and (standing.limited_to is None or item in standing.limited_to):
            return
    raise MandateDoesNotCover


def _guardianships(which: Q) -> QuerySet[Guardianship]:
    rows = Guardianship.objects.select_related("ward", "guardian").filter(which, ended_at__isnull=True)
    return rows.filter(ward__retired_at__isnull=True, ward__status=PERSON_NORMAL)


def _guards(row: Guardianship, on: date) -> bool:
    """Tell whether the child still is one, and the guardian is none themselves."""
    return is_child(row.ward.birth_on, on=on) and not is_child(row.guardian.birth_on, on=on)


def _mandates_in_force(which: Q, on: date) -> QuerySet[Mandate]:
    rows = Mandate.objects.select_related("person", "firm").filter(which, state=MandateState.ACCEPTED)
    return rows.filter(valid_from__lte=on, valid_to__gt=on)


def _principal_acts(row: Mandate) -> bool:
    """Tell whether the principal can still act at all; a mandate of the dead or of a closed firm is over."""
    if row.firm is not None:
        return row.firm.retired_at is None and row.firm.status != FIRM_DEREGISTERED
    return row.person is not None and row.person.retired_at is None and row.person.status == PERSON_NORMAL


def _of_firm(row: Firm) -> Standing:
    return Standing(StandingKind.LEGAL_REPRESENTATIVE, row.public_id, party_of_firm(row), note=row.uscc)


def _of_child(row: Guardianship) -> Standing:
    born = row.ward.birth_on
    last = None if born is None else date.fromordinal(adult_on(born).toordinal() - 1)
    return Standing(
        StandingKind.GUARDIAN, row.ward.public_id, party_of_person(row.ward), note=row.relation, last_on=last
    )


def _of_mandate(row: Mandate) -> Standing:
    limited = frozenset(map(ItemCode, row.items)) if row.items else None
    last = date.fromordinal(row.valid_to.toordinal() - 1)
    return Standing(StandingKind.MANDATE, row.public_id, principal_of(row), note="", limited_to=limited, last_on=last)


def principal_of(row: Mandate) -> Party:
    """Return who gave a mandate; for this room only."""
    if row.firm is not None:
        return party_of_firm(row.firm)
    if row.person is not None:
        return party_of_person(row.person)
    raise NoSuchMandate


def mandate_view(row: Mandate, *, at: datetime) -> MandateView:
    """Return a mandate as others see it; for this room only."""
    return MandateView(
        id=MandateId(row.public_id),
        principal=principal_of(row),
        given_by=PersonId(row.given_by.public_id),
        mandatary=PersonId(row.mandatary.public_id),
        mandatary_name=row.mandatary.name,
        items=tuple(map(ItemCode, row.items)),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        state=state_on(MandateState(row.state), row.valid_to, on=today(at)),
        offered_at=row.offered_at,
        accepted_at=row.accepted_at,
        ended_at=row.ended_at,
    )


def list_mandates_given(
    principal: Party, *, at: datetime, after: str | None = None, limit: int = 20
) -> Page[MandateView]:
    """Return the mandates a person or firm gave, newest first. The caller passes the actor's own party.

    Raises:
        PositionUnfit: `after` is not a position.
    """
    firm = principal.kind is PartyKind.FIRM
    return _page(Q(firm__public_id=principal.id) if firm else Q(person__public_id=principal.id), at, after, limit)


def list_mandates_received(
    person: PersonId, *, at: datetime, after: str | None = None, limit: int = 20
) -> Page[MandateView]:
    """Return the mandates a person was given, newest first.

    Raises:
        PositionUnfit: `after` is not a position.
    """
    return _page(Q(mandatary__public_id=person), at, after, limit)


def _page(which: Q, at: datetime, after: str | None, limit: int) -> Page[MandateView]:
    rows = Mandate.objects.select_related("person", "firm", "given_by", "mandatary").filter(which)
    if after is not None:
        if not (after.isascii() and after.isdigit() and len(after) <= 18):
            raise PositionUnfit
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk")[: limit + 1])
    views = tuple(mandate_view(row, at=at) for row in found[:limit])
    return Page(views, str(found[limit - 1].pk) if len(found) > limit else None)
