"""Decide for many notices at once through which channels they leave, and when."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from shuzheng.base.kernel.ids import new_id
from shuzheng.base.notices.models import Contact, Delivery, Notice, QuietHours
from shuzheng.base.notices.queries.preferences import chosen_of
from shuzheng.base.notices.rules import STALE, decide_run_at, wanted_channels
from shuzheng.base.notices.types import CHANNELS, Channel, Quiet

BATCH: Final = 500


@transaction.atomic
def plan_deliveries(*, at: datetime, limit: int = BATCH) -> int:
    """Make a message for each notice and channel its reader wants, with a few statements for all of them.

    A notice that is two days old by now is only shown in the application.

    Returns:
        How many notices were looked at.
    """
    waiting = Notice.objects.filter(planned_at__isnull=True).order_by("pk")
    rows = list(waiting.select_for_update(skip_locked=True)[:limit])
    if not rows:
        return 0
    Delivery.objects.bulk_create(_deliveries(rows, at), ignore_conflicts=True)
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(planned_at=at)
    return len(rows)


def _deliveries(rows: Sequence[Notice], at: datetime) -> list[Delivery]:
    people = {row.person_id for row in rows}
    chosen, hours = chosen_of(people), _quiet_of(people)
    contacts = {(row.person_id, row.channel): row for row in Contact.objects.filter(person_id__in=people)}
    switched_on = {channel for channel in Channel if channel in CHANNELS}
    return [
        Delivery(
            public_id=new_id(at),
            notice=row,
            contact=contacts.get((row.person_id, channel)),
            person_id=row.person_id,
            channel=channel,
            planned_at=at,
            run_at=decide_run_at(row.kind, hours.get(row.person_id, Quiet()), at=at, zone=settings.SHUZHENG.zone),
        )
        for row in rows
        if at - row.sent_at < STALE
        for channel in sorted(wanted_channels(row.kind, chosen.get(row.person_id, {})) & switched_on)
        if _reaches(channel, contacts.get((row.person_id, channel)))
    ]


def _quiet_of(people: Iterable[UUID]) -> dict[UUID, Quiet]:
    return {row.person_id: row.to_view() for row in QuietHours.objects.filter(person_id__in=people)}


def _reaches(channel: Channel, contact: Contact | None) -> bool:
    """Tell whether a channel reaches a person: nothing came back, and a mail address was proven."""
    if contact is None:
        return channel is Channel.SMS
    return contact.bounced_at is None and (channel is Channel.SMS or contact.confirmed_at is not None)
