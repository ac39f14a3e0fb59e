"""What the home page shows a signed-in person of their own: what waits for them first, then cases, papers, notices."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Actor
from shuzheng.base.notices.queries import list_notices
from shuzheng.base.notices.types import NoticeView
from shuzheng.engines.cases.queries import list_cases_of
from shuzheng.engines.cases.types import CaseState
from shuzheng.engines.credentials.queries import list_expiring, list_licences_of
from shuzheng.portals.resident.mine import CaseLine, say_case
from shuzheng.portals.resident.wallet import SOON_DAYS, Card, read_cards
from shuzheng.services.items.queries import list_drafts
from shuzheng.services.items.types import DraftRow

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Front:
    """Everything of one's own on the home page.

    Attributes:
        waiting: Cases that wait for the applicant.
        cases: The newest others.
        expiring: Licences that run out soon; `licences` are the newest others.
        notices: Unread ones.
    """

    waiting: tuple[CaseLine, ...]
    cases: tuple[CaseLine, ...]
    drafts: tuple[DraftRow, ...]
    expiring: tuple[Card, ...]
    licences: tuple[Card, ...]
    notices: tuple[NoticeView, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was ever begun."""
        return not (self.waiting or self.cases or self.drafts)


def read_front(actor: Actor, *, at: datetime) -> Front:
    """Return what waits for the party acted for; licences only when all of its affairs may be seen."""
    today = local_date(at, settings.SHUZHENG.zone)
    waiting = list_cases_of(actor, state=CaseState.PAUSED, limit=SHOWN).rows
    numbers = {case.number for case in waiting}
    newest = list_cases_of(actor, limit=SHOWN + len(waiting)).rows
    others = [case for case in newest if case.number not in numbers]
    party = actor.party if actor.limited_to is None else None
    soon = list_expiring(party, at=at, days=SOON_DAYS, limit=SHOWN) if party is not None else ()
    held = list_licences_of(party, at=at, limit=SHOWN * 2).rows if party is not None else ()
    return Front(
        waiting=tuple(map(say_case, waiting)),
        cases=tuple(map(say_case, others[:SHOWN])),
        drafts=list_drafts(actor, at=at, limit=SHOWN),
        expiring=read_cards(soon, today=today),
        licences=tuple(card for card in read_cards(held, today=today) if card.is_valid)[:SHOWN],
        notices=list_notices(actor.person, limit=SHOWN, unread_only=True).rows if actor.person is not None else (),
    )
