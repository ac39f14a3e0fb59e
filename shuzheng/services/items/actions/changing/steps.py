"""What every step of a change does: it is done once, counted, kept in the history and in the ledger."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from shuzheng.base.directory.queries import get_people
from shuzheng.base.kernel.errors import Conflict
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Actor, JsonObject, PersonId
from shuzheng.base.ledger.actions import record
from shuzheng.services.items.errors import ChangeMoved
from shuzheng.services.items.models import ItemChange, ItemChangeStep
from shuzheng.services.items.queries.changing.changes import view_of
from shuzheng.services.items.types.changing import CHANGE_ACT_LABELS, ChangeAct, ChangeView


def once(command_id: UUID, body: Callable[[], ItemChange], *, actor: Actor) -> ChangeView:
    """Do a step in its transaction; a command that comes again gets the change as it stands."""
    try:
        with transaction.atomic():
            return view_of(_done(command_id) or body(), actor=actor)
    except (Conflict, IntegrityError):
        done = _done(command_id)
        if done is None:
            raise
        return view_of(done, actor=actor)


def _done(command_id: UUID) -> ItemChange | None:
    step = ItemChangeStep.objects.filter(command_id=command_id).select_related("change").first()
    return None if step is None else step.change


def check_still_there(row: ItemChange, expected_rev: int | None, *, fits: bool) -> None:
    """Let pass a change in a state that fits the step, as the actor saw it.

    Raises:
        ChangeMoved: Somebody was first; says who did what when.
    """
    if fits and expected_rev in (None, row.rev):
        return
    last = row.steps.order_by("-seq").first()
    person = None if last is None or last.person_id is None else PersonId(last.person_id)
    found = None if person is None else get_people([person]).get(person)
    act = CHANGE_ACT_LABELS[ChangeAct(last.act)] if last else ""
    raise ChangeMoved(by=said("系统") if found is None else found.name, act=act)


def write_step(
    row: ItemChange,
    act: ChangeAct,
    *,
    actor: Actor,
    at: datetime,
    command_id: UUID | None = None,
    words: str = "",
    content: JsonObject | None = None,
) -> None:
    """Count the change up, save it whole, and write history and ledger."""
    row.rev += 1
    row.moved_at = at
    row.save()
    ItemChangeStep.objects.create(
        change=row,
        seq=row.rev,
        act=act,
        at=at,
        person_id=actor.person,
        organization=actor.org or "",
        words=words,
        command_id=command_id,
    )
    unit = [f"urn:shuzheng:unit:{row.unit_code}"] if row.unit_code else []
    record(
        f"items.change_{act}",
        f"urn:shuzheng:item-change:{row.public_id}",
        actor=actor,
        at=at,
        content={"item": row.item_code, "unit": row.unit_code, "rev": row.rev, "words": words, **(content or {})},
        related=[f"urn:shuzheng:item:{row.item_code}", *unit],
    )
