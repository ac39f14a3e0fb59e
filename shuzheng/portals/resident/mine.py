"""What the home page shows a signed-in person of their own: cases that wait for them first, drafts, licences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.cases import queries as cases
from shuzheng.engines.cases.types import RESULT_LABELS, STATE_LABELS, CaseState, CaseView
from shuzheng.engines.credentials import queries as credentials
from shuzheng.portals.resident.wallet import Card, read_cards
from shuzheng.portals.shell.templatetags.wording import day
from shuzheng.services.items import queries as items
from shuzheng.services.items.types import DraftRow

CASES_READ = 20
CASES_SHOWN = 3
DRAFTS_SHOWN = 3
LICENCES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a few words; `acts` when the person must do something."""

    number: str
    title: str
    state: str
    kind: str
    icon: str
    words: str
    acts: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything of one's own on the home page."""

    cases: tuple[CaseLine, ...]
    drafts: tuple[DraftRow, ...]
    licences: tuple[Card, ...]


def list_mine(actor: Actor, *, at: datetime) -> Mine:
    """Return what waits for the party acted for."""
    party = actor.party
    today = local_date(at, settings.SHUZHENG.zone)
    listed = cases.list_cases_of(actor, limit=CASES_READ).rows
    whole = party if actor.limited_to is None else None
    held = credentials.list_licences_of(whole, at=at, limit=LICENCES_SHOWN * 2).rows if whole is not None else ()
    return Mine(
        cases=_urgent(listed),
        drafts=items.list_drafts(actor, at=at, limit=DRAFTS_SHOWN),
        licences=tuple(card for card in read_cards(held, today=today) if card.is_valid)[:LICENCES_SHOWN],
    )


def must_act(case: CaseView) -> bool:
    """Tell whether the applicant holds the next step."""
    return any(task.org is None for task in case.tasks)


def _urgent(listed: Iterable[CaseView]) -> tuple[CaseLine, ...]:
    def order(case: CaseView) -> int:
        return 0 if must_act(case) else 2 if case.state.is_over else 1

    return tuple(say_case(case) for case in sorted(listed, key=order)[:CASES_SHOWN])


def say_case(case: CaseView) -> CaseLine:
    """Return a case in a few words."""
    acts = must_act(case)
    kind, icon = ("warn", "clock") if acts else ("b", "clock")
    if case.state is CaseState.DONE:
        kind, icon = ("ok", "check") if case.result == "granted" else ("", "info")
    elif case.state is CaseState.WITHDRAWN:
        kind, icon = "", "undo"
    label = RESULT_LABELS.get(case.result) or STATE_LABELS[case.state]
    return CaseLine(case.number, case.title, _(label), kind, icon, _words(case, acts=acts), acts)


def _words(case: CaseView, *, acts: bool) -> str:
    if acts:
        due = min((task.due_on for task in case.tasks if task.due_on is not None), default=None)
        return _("请在 %(day)s前补交材料") % {"day": day(due)} if due else _("请补交材料，等您期间不计办理时间")
    if case.due_on is not None and not case.state.is_over:
        said = _("%(day)s前答复是否受理") if case.accepted_at is None else _("%(day)s前作出决定")
        return said % {"day": day(case.due_on)}
    return ""
