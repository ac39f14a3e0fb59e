"""What every step of a proposal does: it is done once, counted, kept in the history and in the ledger."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from shuzheng.base.directory.queries import get_people
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.errors import Conflict
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Actor, JsonObject, PersonId
from shuzheng.base.ledger.actions import record
from shuzheng.services.rulebook.errors import ProposalMoved
from shuzheng.services.rulebook.models import RuleProposal, RuleProposalStep
from shuzheng.services.rulebook.queries.proposals import view_of
from shuzheng.services.rulebook.types.proposing import PROPOSAL_ACT_LABELS, ProposalAct, ProposalView


def once(command_id: UUID, body: Callable[[], RuleProposal], *, actor: Actor, at: datetime) -> ProposalView:
    """Do a step in its transaction; a command that comes again gets the proposal as it stands."""
    today = local_date(at, settings.SHUZHENG.zone)
    try:
        with transaction.atomic():
            return view_of(_done(command_id) or body(), actor=actor, today=today)
    except (Conflict, IntegrityError):
        done = _done(command_id)
        if done is None:
            raise
        return view_of(done, actor=actor, today=today)


def _done(command_id: UUID) -> RuleProposal | None:
    step = RuleProposalStep.objects.filter(command_id=command_id).select_related("proposal__sheet").first()
    return None if step is None else step.proposal


def check_still_there(row: RuleProposal, expected_rev: int | None, *, fits: bool) -> None:
    """Let pass a proposal in a state that fits the step, as the actor saw it.

    Raises:
        ProposalMoved: Somebody was first; says who did what.
    """
    if fits and expected_rev in (None, row.rev):
        return
    last = row.steps.order_by("-seq").first()
    person = None if last is None or last.person_id is None else PersonId(last.person_id)
    found = None if person is None else get_people([person]).get(person)
    act = PROPOSAL_ACT_LABELS[ProposalAct(last.act)] if last else ""
    raise ProposalMoved(by=said("系统") if found is None else found.name, act=said(act))


def write_step(
    row: RuleProposal,
    act: ProposalAct,
    *,
    actor: Actor,
    at: datetime,
    command_id: UUID | None = None,
    words: str = "",
    content: JsonObject | None = None,
) -> None:
    """Count the proposal up, save it whole, and write history and ledger."""
    row.rev += 1
    row.moved_at = at
    row.save()
    RuleProposalStep.objects.create(
        proposal=row,
        seq=row.rev,
        act=act,
        at=at,
        person_id=actor.person,
        organization=actor.org or "",
        words=words,
        command_id=command_id,
    )
    record(
        f"rulebook.rule_{act}",
        f"urn:shuzheng:rule-proposal:{row.public_id}",
        actor=actor,
        at=at,
        content={"rule": row.code, "base": row.base_edition, "rev": row.rev, "words": words, **(content or {})},
        related=[f"urn:shuzheng:rule:{row.code}"],
    )
