"""What a person chooses: channels by kind, quiet hours, a mail address that is proven by a code."""

import hmac
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from shuzheng.base.kernel.errors import Refused
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor, PersonId
from shuzheng.base.ledger.actions import record
from shuzheng.base.notices.errors import CodeExpired, CodesTooOften, CodeTriesUsed, CodeWrong, NothingToConfirm
from shuzheng.base.notices.models import Contact, Delivery, Preference, QuietHours
from shuzheng.base.notices.queries.preferences import get_preferences
from shuzheng.base.notices.queries.sealing import seal_address
from shuzheng.base.notices.rules import CODE_EVERY, CODE_LIFE, CODE_TRIES, check_mail_address, confirm_code
from shuzheng.base.notices.types import KINDS, Channel, PreferencesView, Quiet


@transaction.atomic
def save_preferences(
    wanted: Mapping[str, Collection[Channel]], *, quiet: Quiet, actor: Actor, at: datetime
) -> PreferencesView:
    """Save which kinds leave through which channels, and the quiet hours.

    Args:
        wanted: Channels that are on, by kind; a kind that is missing has none. Kinds we do not know are ignored.
        quiet: Local times; equal ones mean none.
        actor: Whose preferences these are.
        at: When.

    Raises:
        Refused: The system has no preferences.
    """
    person = _person_of(actor)
    rows = [
        Preference(person_id=person, kind=kind, channel=channel, wanted=channel in wanted.get(kind, ()))
        for kind in KINDS
        for channel in Channel
    ]
    Preference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person_id", "kind", "channel"], update_fields=["wanted"]
    )
    hours = {"on": quiet.on, "start_minute": quiet.start_minute, "end_minute": quiet.end_minute}
    QuietHours.objects.update_or_create(person_id=person, defaults=hours)
    content = {kind: sorted(channel.value for channel in wanted.get(kind, ())) for kind in KINDS}
    _record("preferences_changed", actor, at, {"wanted": content, "quiet": dict(hours)})
    return get_preferences(person)


@transaction.atomic
def give_mail_address(address: str, *, actor: Actor, at: datetime) -> PreferencesView:
    """Take a mail address and send it a code; nothing else is sent there until the code came back.

    Args:
        address: As typed.
        actor: Whose address it is.
        at: When.

    Raises:
        MailAddressInvalid: Not one address.
        CodesTooOften: The last code is less than two minutes old.
    """
    person = _person_of(actor)
    address = check_mail_address(address)
    row = Contact.objects.select_for_update().filter(person_id=person, channel=Channel.MAIL).first()
    if row is not None and row.address_sealed and at - row.given_at < CODE_EVERY:
        raise CodesTooOften
    row = row or Contact(public_id=new_id(at), person_id=person, channel=Channel.MAIL)
    row.address_sealed = seal_address(row.public_id, address)
    row.salt, row.tries, row.given_at = secrets.token_hex(16), 0, at
    row.confirmed_at, row.bounced_at, row.bounce_reason = None, None, ""
    row.save()
    Delivery.objects.create(
        public_id=new_id(at), contact=row, person_id=person, channel=Channel.MAIL, planned_at=at, run_at=at
    )
    _record("mail_given", actor, at, {})
    return get_preferences(person)


def confirm_mail_address(code: str, *, actor: Actor, at: datetime) -> PreferencesView:
    """Take the code that proves an address. A wrong one is counted.

    Args:
        code: Six digits, as typed.
        actor: Whose address it is.
        at: When.

    Raises:
        NothingToConfirm: No address waits for a code.
        CodeExpired: Older than a day.
        CodeTriesUsed: Five wrong codes.
        CodeWrong: Another code.
    """
    person = _person_of(actor)
    with transaction.atomic():
        row = (
            Contact.objects.select_for_update()
            .filter(person_id=person, channel=Channel.MAIL, confirmed_at__isnull=True)
            .first()
        )
        if row is None or not row.address_sealed:
            raise NothingToConfirm
        if at - row.given_at > CODE_LIFE:
            raise CodeExpired
        if row.tries >= CODE_TRIES:
            raise CodeTriesUsed
        wanted = confirm_code(settings.SHUZHENG.read_key("index"), str(row.public_id), row.salt)
        right = hmac.compare_digest(wanted.encode(), "".join(code.split()).encode())
        if right:
            row.confirmed_at = at
            _record("mail_confirmed", actor, at, {})
        else:
            row.tries += 1
        row.save(update_fields=["confirmed_at", "tries"])
    if not right:
        raise CodeWrong
    return get_preferences(person)


@transaction.atomic
def forget_mail_address(*, actor: Actor, at: datetime) -> PreferencesView:
    """Forget a mail address for good; nothing more leaves by mail. Twice changes nothing."""
    person = _person_of(actor)
    known = Contact.objects.filter(person_id=person, channel=Channel.MAIL).exclude(address_sealed=b"")
    if known.update(address_sealed=b"", salt="", confirmed_at=None, bounced_at=None, bounce_reason=""):
        _record("mail_forgotten", actor, at, {})
    return get_preferences(person)


@transaction.atomic
def retry_channel(channel: Channel, *, actor: Actor, at: datetime) -> PreferencesView:
    """Send through a channel again after messages came back. Twice changes nothing."""
    person = _person_of(actor)
    known = Contact.objects.filter(person_id=person, channel=channel, bounced_at__isnull=False)
    if known.update(bounced_at=None, bounce_reason=""):
        _record("channel_retried", actor, at, {"channel": channel.value})
    return get_preferences(person)


def _person_of(actor: Actor) -> PersonId:
    if actor.person is None:
        raise Refused
    return actor.person


def _record(act: str, actor: Actor, at: datetime, content: Mapping[str, object]) -> None:
    record(f"notices.{act}", actor.urn, actor=actor, at=at, content=content)  # type: ignore[arg-type]
