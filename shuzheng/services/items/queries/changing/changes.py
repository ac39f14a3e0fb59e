"""Proposed changes as pages show them: one with its differences and history, and lists by what one must do."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from shuzheng.base.directory.queries import get_organization, get_organizations, get_people
from shuzheng.base.kernel.errors import NotFound, Refused
from shuzheng.base.kernel.types import Actor, ItemCode, OrgId, Page, PersonId
from shuzheng.services.items.errors import ChangeNotFound
from shuzheng.services.items.models import ItemChange, ItemChangeStep, Unit
from shuzheng.services.items.queries.catalogue import find_item_row, get_item_row, name_unit
from shuzheng.services.items.queries.changing.subjects import Subject, get_subject
from shuzheng.services.items.rules.changing.comparing import clashes, differences
from shuzheng.services.items.rules.changing.facts import in_order, label_of
from shuzheng.services.items.rules.changing.permitting import (
    REVIEW_ROLE,
    check_may_propose,
    check_may_review,
    lies_in,
    reach_of,
)
from shuzheng.services.items.types import UnitView
from shuzheng.services.items.types.changing import (
    ChangeAct,
    ChangeId,
    ChangeRow,
    ChangeState,
    ChangeView,
    Clash,
    StepView,
)

PAGE_MOST: Final = 50
_HANDS: Final = (ChangeAct.SAVED, ChangeAct.SUBMITTED)


def get_change_row(change_id: UUID, *, actor: Actor, lock: bool = False) -> ItemChange:
    """Return the row of a change the actor may see; for this room only.

    Seen by the body that proposed it, the body the item belongs to and the data authority of its place; by every
    officer once it is in force.

    Raises:
        ChangeNotFound: There is none, or it is not theirs to see.
    """
    rows = ItemChange.objects.select_for_update() if lock else ItemChange.objects.all()
    row = rows.filter(public_id=change_id).first()
    if row is None or not _may_see(row, actor):
        raise ChangeNotFound
    return row


def _may_see(row: ItemChange, actor: Actor) -> bool:
    if actor.is_system:
        return True
    if not actor.is_officer or actor.org is None:
        return False
    if row.state == ChangeState.IN_FORCE or row.organization == actor.org:
        return True
    own = get_organization(actor.org)
    if REVIEW_ROLE in actor.roles and lies_in(row.division, own.division):
        return row.state != ChangeState.DRAFT
    item = find_item_row(row.item_code)
    return item is not None and item.department == own.short_name


def get_change(change_id: UUID, *, actor: Actor) -> ChangeView:
    """Return a change with its differences, its history and what the actor may do with it.

    Raises:
        ChangeNotFound: There is none, or it is not theirs to see.
    """
    return view_of(get_change_row(change_id, actor=actor), actor=actor)


def view_of(row: ItemChange, *, actor: Actor) -> ChangeView:
    """Return the public picture of a change; for this room only."""
    item = find_item_row(row.item_code, row.base_version) or get_item_row(row.item_code)
    unit = _unit_view(row)
    subject = find_subject(row)
    names = {} if subject is None else subject.windows
    steps = _steps(row)
    may_edit, may_review, why_not = _may(row, subject, actor)
    clashing = find_clashes(row, subject)
    state = ChangeState(row.state)
    return ChangeView(
        id=ChangeId(row.public_id),
        item=item.to_view(),
        unit=unit,
        state=state,
        reason=row.reason,
        differences=differences(row.before, row.after, names),
        clashes=clashing,
        wanted_on=row.wanted_on,
        effective_on=row.effective_on,
        version=row.version,
        rev=row.rev,
        proposer=PersonId(row.person_id),
        proposer_name=_name_of(row.person_id),
        org=OrgId(row.organization),
        org_name=_org_names([row.organization])[row.organization],
        steps=steps,
        may_edit=may_edit and state.is_editable,
        may_submit=may_edit and state.is_editable and not clashing,
        may_drop=may_edit and not state.is_over and state is not ChangeState.APPROVED,
        may_return=may_review and state in (ChangeState.REVIEW, ChangeState.APPROVED),
        may_approve=may_review and state is ChangeState.REVIEW and not clashing,
        why_not=why_not if state is ChangeState.REVIEW else "",
        longer_units=0 if state.is_over else longer_units(row).count(),
    )


def _unit_view(row: ItemChange) -> UnitView | None:
    found = Unit.objects.filter(code=row.unit_code).first() if row.unit_code else None
    return None if found is None else name_unit(found.to_row())


def find_subject(row: ItemChange) -> Subject | None:
    """Return what a change is about, None when it is no longer in force; for this room only."""
    try:
        return get_subject(row.item_code, row.unit_code)
    except NotFound:
        return None


def find_clashes(row: ItemChange, subject: Subject | None) -> tuple[Clash, ...]:
    """Return where a change not yet in force meets what was changed elsewhere; for this room only."""
    if subject is None or ChangeState(row.state).is_over:
        return ()
    return clashes(row.before, row.after, subject.facts, subject.windows)


def longer_units(row: ItemChange) -> QuerySet[Unit]:
    """Return the units whose own promise would no longer be shorter than the item's; for this room only."""
    days = row.after.get("promised_days")
    if row.unit_code or not isinstance(days, int):
        return Unit.objects.none()
    return Unit.objects.filter(item_code=row.item_code, promised_days__gte=days)


def hands_of(row: ItemChange) -> frozenset[UUID | None]:
    """Return everybody who wrote or submitted a change; for this room only."""
    acted = ItemChangeStep.objects.filter(change=row, act__in=_HANDS).values_list("person_id", flat=True)
    return frozenset({row.person_id, *acted})


def _may(row: ItemChange, subject: Subject | None, actor: Actor) -> tuple[bool, bool, str]:
    """Return whether the actor may write the change, may review it, and why a reviewer may not."""
    if actor.org is None:
        return False, False, ""
    may_edit = subject is not None and row.organization == actor.org
    try:
        if may_edit and subject is not None:
            check_may_propose(subject.target(actor), actor=actor)
    except Refused:
        may_edit = False
    if REVIEW_ROLE not in actor.roles:
        return may_edit, False, ""
    try:
        own = get_organization(actor.org)
        check_may_review(row.division, actor=actor, own_division=own.division, hands=hands_of(row))
    except Refused as refusal:
        return may_edit, False, refusal.text
    return may_edit, True, ""


def _steps(row: ItemChange) -> tuple[StepView, ...]:
    rows = list(row.steps.order_by("seq"))
    people = get_people(PersonId(step.person_id) for step in rows if step.person_id is not None)
    names = _org_names([step.organization for step in rows])
    return tuple(
        StepView(
            seq=step.seq,
            act=ChangeAct(step.act),
            at=step.at,
            by=people[PersonId(step.person_id)].name if step.person_id in people else "",
            org_name=names[step.organization],
            words=step.words,
        )
        for step in rows
    )


def _name_of(person: UUID) -> str:
    found = get_people([PersonId(person)]).get(PersonId(person))
    return "" if found is None else found.name


def _org_names(codes: Sequence[str]) -> dict[str, str]:
    found = get_organizations(OrgId(code) for code in codes if code)
    return {code: found[OrgId(code)].short_name if OrgId(code) in found else code for code in codes}


def _reviewed_by(actor: Actor) -> Q:
    """Return the condition of lying in a data authority's reach; one that nothing fulfils for others."""
    if actor.org is None or REVIEW_ROLE not in actor.roles:
        return Q(pk__in=[])
    reach = reach_of(get_organization(actor.org).division)
    return Q(division__startswith=reach) & ~Q(state=ChangeState.DRAFT)


def _of(show: str, actor: Actor) -> QuerySet[ItemChange]:
    mine, reviewed = Q(organization=actor.org or ""), _reviewed_by(actor)
    match show:
        case "review":
            return ItemChange.objects.filter(reviewed, state=ChangeState.REVIEW)
        case "waiting":
            return ItemChange.objects.filter(mine | reviewed, state=ChangeState.APPROVED)
        case "done":
            return ItemChange.objects.filter(mine | reviewed, state__in=[ChangeState.IN_FORCE, ChangeState.DROPPED])
        case _:
            open_states = [ChangeState.DRAFT, ChangeState.REVIEW, ChangeState.RETURNED]
            return ItemChange.objects.filter(mine, state__in=open_states)


def list_changes(actor: Actor, show: str = "", *, after: str | None = None, limit: int = 30) -> Page[ChangeRow]:
    """Return changes, the newest first.

    Args:
        actor: An officer.
        show: `review`: what the actor is to review; `waiting`: approved, not yet in force; `done`: in force or dropped;
            anything else: what the actor's own body has under way.
        after: `Page.next` of the page before.
        limit: At most 50.
    """
    limit = max(1, min(limit, PAGE_MOST))
    rows = _of(show, actor)
    if after and after.isascii() and after.isdigit() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    listed = list(rows.defer("typed").order_by("-pk")[: limit + 1])
    more = str(listed[limit - 1].pk) if len(listed) > limit else None
    return Page(rows_of(listed[:limit]), more)


def rows_of(listed: Sequence[ItemChange]) -> tuple[ChangeRow, ...]:
    """Return the lines of a list; for this room only."""
    people = get_people(PersonId(row.person_id) for row in listed)
    names = _org_names([row.organization for row in listed] + [row.unit_code[:18] for row in listed])
    return tuple(
        ChangeRow(
            id=ChangeId(row.public_id),
            item=ItemCode(row.item_code),
            item_name=row.item_name,
            unit=row.unit_code,
            unit_name=names[row.unit_code[:18]],
            state=ChangeState(row.state),
            what=tuple(label_of(key, row.after, row.before) for key in in_order(row.after)),
            proposer=people[PersonId(row.person_id)].name if row.person_id in people else "",
            org_name=names[row.organization],
            moved_at=row.moved_at,
            effective_on=row.effective_on or row.wanted_on,
        )
        for row in listed
    )


def count_for_review(actor: Actor, *, cap: int = 100) -> int:
    """Return how many changes wait for the actor's review, at most `cap`."""
    return _of("review", actor)[:cap].count()
