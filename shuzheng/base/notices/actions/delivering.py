"""The loop that sends: claim rows, send outside any transaction, mark what came of it.

Sending is at least once: a loop that dies between sending and marking leaves its rows under a lease, and another sends
them again with the same message id, by which the provider drops the repetition. An edge of the platform, where the
clock is read and unexpected errors are caught. Only an error's class is kept: its text may hold a number or address.
"""

import logging
import secrets
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F

from shuzheng.base.directory.queries import get_mobiles
from shuzheng.base.kernel import clock
from shuzheng.base.kernel.types import PersonId
from shuzheng.base.notices.actions.planning import plan_deliveries
from shuzheng.base.notices.errors import MessageRefused
from shuzheng.base.notices.models import Delivery
from shuzheng.base.notices.queries.sealing import open_address
from shuzheng.base.notices.rules import (
    LEASE,
    compose_code,
    compose_mail,
    compose_sms,
    confirm_code,
    next_state,
    retry_delay,
)
from shuzheng.base.notices.types import CHANNELS, SIGNATURES, Channel, DeliveryState, Message

_log: Final = logging.getLogger(__name__)
BATCH: Final = 200
SENDERS: Final = 8
"""Messages on the wire at the same time."""
NO_ADDRESS: Final = "NoAddress"
_IDLE_SECONDS: Final = 1.0
_AFTER_DATABASE_ERROR_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt: the provider's reference, or the class of the error and whether to try again."""

    ref: str = ""
    error: str = ""
    final: bool = False


def deliver_due(*, at: datetime, limit: int = BATCH) -> int:
    """Plan what is unplanned, then send up to `limit` due messages.

    Args:
        at: The moment that counts as now.
        limit: At most so many messages.

    Returns:
        How many notices were planned and messages tried.
    """
    planned = plan_deliveries(at=at)
    reap_lost_deliveries(at=at)
    rows = claim_due(at=at, limit=limit)
    if not rows:
        return planned
    messages = _messages_of(rows)
    with ThreadPoolExecutor(max_workers=min(SENDERS, len(rows)), thread_name_prefix="notices") as pool:
        outcomes = list(pool.map(_send, messages))
    _mark(rows, outcomes, at=at)
    return planned + len(rows)


def run_deliveries(stop: threading.Event) -> None:
    """Send what is due until told to stop; beside `jobs.run_worker`, so that a slow gateway delays no deadline."""
    while not stop.is_set():
        close_old_connections()
        try:
            pause = 0.0 if deliver_due(at=clock.now()) else _IDLE_SECONDS
        except DatabaseError as error:
            _log.warning("database not usable: %s", _name_of(error))
            connection.close()
            pause = _AFTER_DATABASE_ERROR_SECONDS
        if pause:
            stop.wait(pause)
    connection.close()


def claim_due(*, at: datetime, limit: int) -> list[Delivery]:
    """Take the longest-due messages under a lease; no other loop gets them. Counts as an attempt."""
    due = Delivery.objects.filter(state=DeliveryState.WAITING, run_at__lte=at).order_by("run_at", "pk")
    if not due.exists():
        return []
    token = secrets.token_hex(16)
    with transaction.atomic():
        taken = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        Delivery.objects.filter(pk__in=taken).update(
            state=DeliveryState.SENDING, attempts=F("attempts") + 1, claim=token, lease_until=at + LEASE
        )
    mine = Delivery.objects.filter(pk__in=taken, claim=token)
    return list(mine.select_related("notice", "contact").order_by("pk"))


def reap_lost_deliveries(*, at: datetime) -> int:
    """Free the messages whose sender died in the middle; return how many."""
    lost = Delivery.objects.filter(state=DeliveryState.SENDING, lease_until__lt=at)
    return lost.update(state=DeliveryState.WAITING, run_at=at, claim="", lease_until=None, last_error="SenderLost")


def _messages_of(rows: Sequence[Delivery]) -> list[Message | None]:
    """Return what leaves, None where there is nowhere to send it."""
    city = SIGNATURES["city"]() if "city" in SIGNATURES else "政务服务"
    mobiles = get_mobiles(PersonId(row.person_id) for row in rows if row.channel == Channel.SMS)
    return [
        _text_message(row, city, mobiles.get(PersonId(row.person_id), ""))
        if row.channel == Channel.SMS
        else _mail(row, city)
        for row in rows
    ]


def _text_message(row: Delivery, city: str, mobile: str) -> Message | None:
    if not mobile or row.notice is None:
        return None
    return Message(row.public_id, Channel.SMS, mobile, "", compose_sms(city, row.notice.title))


def _mail(row: Delivery, city: str) -> Message | None:
    contact = row.contact
    to = "" if contact is None else open_address(contact.public_id, contact.address_sealed)
    if contact is None or not to:
        return None
    if row.notice is None:
        code = confirm_code(settings.SHUZHENG.read_key("index"), str(contact.public_id), contact.salt)
        subject, text = compose_code(city, code)
    else:
        subject, text = compose_mail(city, row.notice.title, f"{settings.SHUZHENG.public_url}/my/notices/")
    return Message(row.public_id, Channel.MAIL, to, subject, text)


def _send(message: Message | None) -> Outcome:
    """Send one message; runs in a thread that never touches the database."""
    if message is None:
        return Outcome(error=NO_ADDRESS, final=True)
    if message.channel not in CHANNELS:
        return Outcome(error="ChannelOff")
    try:
        return Outcome(ref=CHANNELS[message.channel].send(message)[:120])
    except MessageRefused:
        return Outcome(error="MessageRefused", final=True)
    except Exception as error:  # noqa: BLE001 - one message's failure must not stop the others
        return Outcome(error=_name_of(error))


@transaction.atomic
def _mark(rows: Sequence[Delivery], outcomes: Sequence[Outcome], *, at: datetime) -> None:
    """Write what came of each attempt, but for rows that belong to another loop by now: one statement a fate."""
    held = Delivery.objects.select_for_update().filter(pk__in=[row.pk for row in rows], claim=rows[0].claim)
    mine = set(held.values_list("pk", flat=True))
    fates: dict[tuple[DeliveryState, int, str], list[int]] = {}
    for row, outcome in zip(rows, outcomes, strict=True):
        if row.pk in mine:
            fates.setdefault((_fate(row, outcome), row.attempts, outcome.error), []).append(row.pk)
    for (state, attempts, error), keys in fates.items():
        Delivery.objects.filter(pk__in=keys).update(
            state=state,
            sent_at=at if state is DeliveryState.SENT else None,
            run_at=at + retry_delay(attempts) if state is DeliveryState.WAITING else F("run_at"),
            claim="",
            lease_until=None,
            last_error=error,
        )
    tried = zip(rows, outcomes, strict=True)
    refs = [(outcome.ref, row.pk) for row, outcome in tried if outcome.ref and row.pk in mine]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {Delivery._meta.db_table} SET provider_ref = %s WHERE id = %s", refs)  # noqa: S608
    _say_failures(outcomes)


def _fate(row: Delivery, outcome: Outcome) -> DeliveryState:
    if not outcome.error:
        return DeliveryState.SENT
    if outcome.final:
        return DeliveryState.DROPPED if outcome.error == NO_ADDRESS else DeliveryState.FAILED
    return next_state(row.attempts)


def _say_failures(outcomes: Sequence[Outcome]) -> None:
    failed = [outcome.error for outcome in outcomes if outcome.error and outcome.error != NO_ADDRESS]
    if failed:
        _log.warning("%s of %s messages did not go: %s", len(failed), len(outcomes), "、".join(sorted(set(failed))))


def _name_of(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"[:120]
