"""Give, accept, decline, revoke and resign a mandate (委托). Each act stands in the ledger and is announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from shuzheng.base.directory.errors import (
    MandataryUnknown,
    MayNotGiveMandate,
    NoSuchMandate,
    TooManyMandates,
)
from shuzheng.base.directory.events import MandateAnswered, MandateEnded, MandateOffered
from shuzheng.base.directory.models import Firm, Mandate, Person
from shuzheng.base.directory.queries.acting import mandate_view, today
from shuzheng.base.directory.queries.sealing import indexes_of_id_no
from shuzheng.base.directory.rules.mandates import (
    OPEN_MOST,
    check_days,
    check_mandatary,
    check_proved,
    check_state,
    read_items,
)
from shuzheng.base.directory.types import FIRM_DEREGISTERED, PERSON_NORMAL, MandateState, MandateView
from shuzheng.base.kernel.events import publish
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor, JsonObject, MandateId, PartyKind
from shuzheng.base.ledger.actions import record

_OPEN = (MandateState.OFFERED, MandateState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class _Principal:
    """Who gives: a person for themselves, or a legal representative for the firm."""

    giver: Person
    firm: Firm | None

    def columns(self) -> dict[str, Person | Firm | None]:
        """Return what stands in a mandate of this principal."""
        return {"person": None if self.firm else self.giver, "firm": self.firm}


@transaction.atomic
def give_mandate(
    name: str,
    id_no: str,
    *,
    items: Sequence[str],
    first: date,
    last: date,
    command_id: UUID,
    actor: Actor,
    at: datetime,
) -> MandateView:
    """Offer a person a mandate: they may act once they accepted.

    Args:
        name: Of the mandatary, as on the identity card.
        id_no: Of the mandatary; both must fit.
        items: Basic codes it is limited to; none means every item.
        first: First day, today or later.
        last: Last day.
        command_id: The same one again gives the same mandate.
        actor: A person for themselves, or a legal representative acting for the firm.
        at: When.

    Raises:
        MayNotGiveMandate: A mandatary, a guardian, an officer in a post, or nobody.
        IdentityUnproved: The giver's identity was not checked.
        MandateDaysWrong, MandateItemsWrong: What it says has another form.
        MandataryUnknown, MandataryUnfit: Nobody fits name and number, or a child or the principal does.
        TooManyMandates: As many are open as allowed.
    """
    principal = _principal_of(actor)
    again = Mandate.objects.select_related("person", "firm", "given_by", "mandatary").filter(command_id=command_id)
    done = again.filter(given_by=principal.giver).first()
    if done is not None:
        return mandate_view(done, at=at)
    check_proved(principal.giver.real_name)
    check_days(first, last, today=today(at))
    codes = read_items(items)
    mandatary = _find_mandatary(name, id_no)
    alone = principal.firm is None and mandatary.pk == principal.giver.pk
    check_mandatary(birth_on=mandatary.birth_on, is_principal=alone, on=today(at))
    open_now = Mandate.objects.filter(**principal.columns(), state__in=_OPEN, valid_to__gt=today(at))
    if open_now.count() >= OPEN_MOST:
        raise TooManyMandates(most=OPEN_MOST)
    row = Mandate.objects.create(
        public_id=new_id(at),
        command_id=command_id,
        given_by=principal.giver,
        mandatary=mandatary,
        items=list(codes),
        valid_from=first,
        valid_to=last + timedelta(days=1),
        offered_at=at,
        **principal.columns(),
    )
    view = mandate_view(row, at=at)
    content = {"items": list(codes), "from": first.isoformat(), "to": row.valid_to.isoformat()}
    _record("directory.mandate_offered", view, actor, at, content)
    publish(MandateOffered(view))
    return view


def accept_mandate(mandate: MandateId | UUID, *, actor: Actor, at: datetime) -> MandateView:
    """Accept a mandate: from its first day on one may act for the principal. Twice is once.

    Raises:
        NoSuchMandate: It is not offered to the actor, acting for themselves.
        IdentityUnproved: The mandatary's identity was not checked.
        MandateOver: Declined, revoked or expired.
    """
    with transaction.atomic():
        row = _received(mandate, actor)
        check_proved(row.mandatary.real_name)
        view = mandate_view(row, at=at)
        if view.state is MandateState.ACCEPTED:
            return view
        check_state(view.state, MandateState.OFFERED)
        row.accepted_at = at
        return _answer(row, MandateState.ACCEPTED, actor, at)


def decline_mandate(mandate: MandateId | UUID, *, actor: Actor, at: datetime) -> MandateView:
    """Decline a mandate that was offered.

    Raises:
        NoSuchMandate: It is not offered to the actor, acting for themselves.
        MandateOver: Answered, revoked or expired before.
    """
    with transaction.atomic():
        row = _received(mandate, actor)
        check_state(mandate_view(row, at=at).state, MandateState.OFFERED)
        row.ended_at = at
        return _answer(row, MandateState.DECLINED, actor, at)


def resign_mandate(mandate: MandateId | UUID, *, actor: Actor, at: datetime) -> MandateView:
    """Resign a mandate one accepted; it stops at once.

    Raises:
        NoSuchMandate: It is not the actor's, acting for themselves.
        MandateOver: It is not in force.
    """
    with transaction.atomic():
        row = _received(mandate, actor)
        check_state(mandate_view(row, at=at).state, MandateState.ACCEPTED)
        return _end(row, MandateState.RESIGNED, actor, at)


def revoke_mandate(mandate: MandateId | UUID, *, actor: Actor, at: datetime) -> MandateView:
    """Revoke a mandate one gave, offered or accepted; it stops at once, also in the middle of a form.

    For a firm, whoever legally represents it now may revoke, not only who gave it.

    Raises:
        MayNotGiveMandate: A mandatary, a guardian, an officer in a post, or nobody.
        NoSuchMandate: It is another principal's.
        MandateOver: It ended before.
    """
    with transaction.atomic():
        principal = _principal_of(actor)
        row = _locked(mandate).filter(**principal.columns()).first()
        if row is None:
            raise NoSuchMandate
        check_state(mandate_view(row, at=at).state, *_OPEN)
        return _end(row, MandateState.REVOKED, actor, at)


def _principal_of(actor: Actor) -> _Principal:
    """Return the principal, held until the commit, so that two mandates at once are counted one by one."""
    if actor.person is None or actor.is_officer:
        raise MayNotGiveMandate
    giver = Person.objects.select_for_update().filter(public_id=actor.person).first()
    if giver is None:
        raise MayNotGiveMandate
    party = actor.on_behalf_of
    if party is None:
        return _Principal(giver, None)
    firm = Firm.objects.select_for_update().filter(public_id=party.id, legal_rep=giver, retired_at__isnull=True).first()
    if party.kind is not PartyKind.FIRM or firm is None or firm.status == FIRM_DEREGISTERED:
        raise MayNotGiveMandate
    return _Principal(giver, firm)


def _find_mandatary(name: str, id_no: str) -> Person:
    found = Person.objects.filter(id_no_index__in=indexes_of_id_no(id_no), retired_at__isnull=True).first()
    if found is None or found.name != name.strip() or found.status != PERSON_NORMAL:
        raise MandataryUnknown
    return found


def _locked(mandate: UUID) -> QuerySet[Mandate]:
    rows = Mandate.objects.select_related("person", "firm", "given_by", "mandatary")
    return rows.select_for_update(of=("self",)).filter(public_id=mandate)


def _received(mandate: UUID, actor: Actor) -> Mandate:
    row = None
    if actor.person is not None and actor.on_behalf_of is None and not actor.is_officer:
        row = _locked(mandate).filter(mandatary__public_id=actor.person).first()
    if row is None:
        raise NoSuchMandate
    return row


def _answer(row: Mandate, state: MandateState, actor: Actor, at: datetime) -> MandateView:
    view = _move(row, state, actor, at)
    publish(MandateAnswered(view))
    return view


def _end(row: Mandate, state: MandateState, actor: Actor, at: datetime) -> MandateView:
    row.ended_at = at
    view = _move(row, state, actor, at)
    if actor.person is not None:
        publish(MandateEnded(view, actor.person))
    return view


def _move(row: Mandate, state: MandateState, actor: Actor, at: datetime) -> MandateView:
    row.state = state
    row.save(update_fields=["state", "accepted_at", "ended_at"])
    view = mandate_view(row, at=at)
    _record(f"directory.mandate_{state}", view, actor, at, None)
    return view


def _record(act: str, view: MandateView, actor: Actor, at: datetime, content: JsonObject | None) -> None:
    related = [view.principal.urn, f"urn:shuzheng:person:{view.mandatary}"]
    record(act, view.urn, actor=actor, at=at, content=content, related=related)
