"""What a person chose, defaults filled in."""

from collections.abc import Iterable
from uuid import UUID

from shuzheng.base.directory.queries import get_mobiles
from shuzheng.base.kernel.mask import mask_mobile
from shuzheng.base.kernel.types import PersonId
from shuzheng.base.notices.models import Contact, Preference, QuietHours
from shuzheng.base.notices.queries.sealing import open_address
from shuzheng.base.notices.rules import mask_mail, wanted_channels
from shuzheng.base.notices.types import CHANNELS, KINDS, Channel, ContactView, PreferencesView, Quiet


def get_preferences(person: PersonId) -> PreferencesView:
    """Return everything a person chose; addresses masked."""
    chosen = chosen_of([person]).get(person, {})
    hours = QuietHours.objects.filter(person_id=person).first()
    rows = {row.channel: row for row in Contact.objects.filter(person_id=person)}
    return PreferencesView(
        wanted={kind: wanted_channels(kind, chosen) for kind in KINDS},
        quiet=Quiet() if hours is None else hours.to_view(),
        contacts={
            Channel.SMS: _mobile(person, rows.get(Channel.SMS)),
            Channel.MAIL: _mail(rows.get(Channel.MAIL)),
        },
        channels=tuple(channel for channel in Channel if channel in CHANNELS),
    )


def chosen_of(people: Iterable[UUID]) -> dict[UUID, dict[tuple[str, str], bool]]:
    """Return what people chose by kind and channel, in one statement."""
    chosen: dict[UUID, dict[tuple[str, str], bool]] = {}
    for row in Preference.objects.filter(person_id__in=set(people)):
        chosen.setdefault(row.person_id, {})[row.kind, row.channel] = row.wanted
    return chosen


def _mobile(person: PersonId, row: Contact | None) -> ContactView:
    mobile = get_mobiles([person]).get(person, "")
    bounced = "" if row is None or row.bounced_at is None else row.bounce_reason
    return ContactView(Channel.SMS, mask_mobile(mobile), confirmed=bool(mobile), bounced=bounced)


def _mail(row: Contact | None) -> ContactView:
    if row is None or not row.address_sealed:
        return ContactView(Channel.MAIL, "", confirmed=False, bounced="")
    return ContactView(
        Channel.MAIL,
        mask_mail(open_address(row.public_id, row.address_sealed)),
        confirmed=row.confirmed_at is not None,
        bounced="" if row.bounced_at is None else row.bounce_reason,
    )
