"""Raise the real-name level (实名等级) of a person: by their sign-in, by an external sign-in, or at a window."""

from datetime import datetime

from django.db import transaction

from shuzheng.base.directory.errors import MayNotConfirm, NoSuchPerson, NumberDiffers
from shuzheng.base.directory.models import Person
from shuzheng.base.directory.queries.sealing import indexes_of_id_no
from shuzheng.base.directory.rules.signing import may_manage
from shuzheng.base.directory.types import Duty, RealName
from shuzheng.base.kernel.types import Actor, PersonId
from shuzheng.base.ledger.actions import record


def confirm_identity(person: PersonId, *, id_no: str, actor: Actor, at: datetime) -> RealName:
    """Confirm at a window that the person stands there with their identity card; return the level reached.

    Args:
        person: Who stands there.
        id_no: The number read from the card.
        actor: Of a service window, or an administrator.
        at: When.

    Raises:
        MayNotConfirm: The actor has neither duty.
        NoSuchPerson: The person is unknown.
        NumberDiffers: The card is another person's.
    """
    if Duty.SERVICE_WINDOW not in actor.roles and not may_manage(actor):
        raise MayNotConfirm
    with transaction.atomic():
        row = Person.objects.select_for_update().filter(public_id=person, retired_at__isnull=True).first()
        if row is None:
            raise NoSuchPerson
        if row.id_no_index is None or bytes(row.id_no_index) not in indexes_of_id_no(id_no):
            raise NumberDiffers
        if raise_level(row, RealName.PRESENT):
            content = {"level": int(RealName.PRESENT)}
            record("directory.identity_confirmed", f"urn:shuzheng:person:{person}", actor=actor, at=at, content=content)
        return RealName(row.real_name)


def raise_level(row: Person, level: int) -> bool:
    """Raise a person's level, never lower it; tell whether it rose. For this room only, inside a transaction."""
    if level <= row.real_name:
        return False
    row.real_name = level
    row.save(update_fields=["real_name"])
    return True
