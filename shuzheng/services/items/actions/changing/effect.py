"""A change takes effect: a new version of the item, or new values of the unit. Cases and drafts keep their version."""

from datetime import date, datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max

from shuzheng.base.jobs.actions import enqueue
from shuzheng.base.kernel.errors import NotFound
from shuzheng.base.kernel.types import SYSTEM, JsonObject, PersonId
from shuzheng.base.notices.actions import send_notice
from shuzheng.services.items.actions.changing.steps import write_step
from shuzheng.services.items.actions.searching import refresh_item
from shuzheng.services.items.models import Item, ItemChange, Unit
from shuzheng.services.items.queries.changing.changes import find_clashes, longer_units
from shuzheng.services.items.queries.changing.subjects import Subject, content_of, get_subject
from shuzheng.services.items.rules.changing.facts import with_item_facts, with_unit_facts
from shuzheng.services.items.rules.changing.limits import promise_problem, unit_promise_problem
from shuzheng.services.items.types import Handling
from shuzheng.services.items.types.changing import ChangeAct, ChangeState

TAKE_EFFECT_JOB: Final = "items.take_effect"
"""Name under which the composition root registers `take_effect`."""


def schedule_effect(row: ItemChange, day: date, *, at: datetime) -> None:
    """Ask the worker to put an approved change in force when its day begins."""
    payload: JsonObject = {"change": str(row.public_id), "rev": row.rev}
    key = f"{row.public_id}:{row.rev}"
    enqueue(TAKE_EFFECT_JOB, payload, key=key, at=at, run_at=_beginning_of(day))


def _beginning_of(day: date) -> datetime:
    return datetime.combine(day, time(0, 0), tzinfo=ZoneInfo(settings.SHUZHENG.zone))


def take_effect(payload: JsonObject, at: datetime) -> None:
    """Put an approved change in force; the job handler. One that was sent back meanwhile is left alone."""
    rows = ItemChange.objects.select_for_update()
    row = rows.filter(
        public_id=UUID(str(payload["change"])), rev=int(str(payload["rev"])), state=ChangeState.APPROVED
    ).first()
    if row is not None:
        put_in_force(row, at=at)


def put_in_force(row: ItemChange, *, at: datetime) -> None:
    """Put an approved change in force inside the caller's transaction; for this room only.

    When what it stands on changed since it was approved, it goes back to whoever proposed it instead.
    """
    subject, obstacle = _look(row)
    if subject is None or obstacle:
        row.state, row.effective_on = ChangeState.RETURNED, None
        write_step(row, ChangeAct.HELD_UP, actor=SYSTEM, at=at, words=obstacle)
        send_notice(
            PersonId(row.person_id),
            kind="other",
            title=f"“{row.item_name}”的修改没有生效"[:120],
            body=obstacle,
            link=f"/desk/items/changes/{row.public_id}/",
            key=f"items.change:{row.public_id}:{row.rev}",
            at=at,
        )
        return
    content = _change_item(row, subject.item, at) if subject.unit is None else _change_unit(row, subject.unit)
    row.state = ChangeState.IN_FORCE
    write_step(row, ChangeAct.TOOK_EFFECT, actor=SYSTEM, at=at, content=content)
    refresh_item(row.item_code, at=at)


def _look(row: ItemChange) -> tuple[Subject | None, str]:
    """Return what the change is about, locked against others taking effect, and in words what stands in its way."""
    list(Item.objects.select_for_update().filter(code=row.item_code, current=True).values_list("pk"))
    try:
        subject = get_subject(row.item_code, row.unit_code)
    except NotFound:
        return None, "这个事项或实施单位已经取消，请核对"
    clashing = find_clashes(row, subject)
    if clashing:
        return subject, f"审核之后，{'、'.join(clash.label for clash in clashing)}又改过，请对照最新内容再提交"
    return subject, _promise_obstacle(row, subject)


def _promise_obstacle(row: ItemChange, subject: Subject) -> str:
    days, item = row.after.get("promised_days"), subject.item
    if not isinstance(days, int):
        return ""
    handling = Handling(item.handling)
    if subject.unit is None:
        return promise_problem(days, handling=handling, legal_days=item.legal_days)
    return unit_promise_problem(days, handling=handling, item_days=item.promised_days)


def _change_item(row: ItemChange, item: Item, at: datetime) -> JsonObject:
    content = with_item_facts(content_of(item), row.after)
    newest = Item.objects.filter(code=item.code).aggregate(newest=Max("version"))["newest"]
    Item.objects.filter(pk=item.pk).update(current=False, retired_at=at)
    Item.objects.create(
        version=newest + 1,
        current=True,
        edited=True,
        digest=content.digest,
        materials=content.materials,
        guide=content.guide,
        form=content.form,
        licence_fields=content.licence_fields,
        has_form=item.has_form,
        added_at=at,
        **content.columns,
    )
    row.version = newest + 1
    shortened = longer_units(row).update(promised_days=None)
    return {"version": row.version, "digest": content.digest, "units_as_item": shortened}


def _change_unit(row: ItemChange, unit: Unit) -> JsonObject:
    changed = with_unit_facts(unit.to_row(), row.after)
    columns = {name: getattr(changed, name) for name in row.after}
    Unit.objects.filter(pk=unit.pk).update(**columns)
    return {"fields": sorted(columns)}
