"""Licences as cards: a colour by type, the state in words, what runs out soon first said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from shuzheng.base.kernel.types import LicenceId
from shuzheng.engines.credentials.types import LicenceState, LicenceView
from shuzheng.portals.shell.licences import LOOKS, Look
from shuzheng.portals.shell.templatetags.wording import full_day, tr

COLOURS = ("", "lic-g", "lic-r", "lic-o")
"""Card colours; a type keeps its own."""
SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Card:
    """One licence in the wallet.

    Attributes:
        css: Colour of the card; `lic-x` for one that does not count any more.
        until: Validity in words.
        soon: Days left when it runs out within `SOON_DAYS`, else None.
    """

    id: LicenceId
    name: str
    issuer: str
    holder: str
    number: str
    until: str
    state: str
    look: Look
    css: str
    soon: int | None
    is_valid: bool


def read_cards(licences: Iterable[LicenceView], *, today: date) -> tuple[Card, ...]:
    """Return the cards, those that count first; the order is otherwise kept."""
    cards = [_card(licence, today) for licence in licences]
    return tuple(sorted(cards, key=lambda card: not card.is_valid))


def _card(licence: LicenceView, today: date) -> Card:
    valid = licence.state is LicenceState.VALID
    soon = None
    if valid and licence.valid_to is not None and licence.valid_to <= today + timedelta(days=SOON_DAYS):
        soon = (licence.valid_to - today).days
    return Card(
        id=licence.id,
        name=licence.type_name,
        issuer=licence.issuer_name,
        holder=licence.holder.name,
        number=licence.number,
        until=_until(licence),
        state=tr(licence.state_label),
        look=LOOKS[licence.state],
        css=COLOURS[sum(licence.type_code.encode()) % len(COLOURS)] if valid else "lic-x",
        soon=soon,
        is_valid=valid,
    )


def _until(licence: LicenceView) -> str:
    if licence.valid_to is None:
        return str(_("长期有效"))
    words = _("%(day)s到期") if licence.state is not LicenceState.EXPIRED else _("%(day)s已到期")
    return str(words % {"day": full_day(licence.valid_to)})
