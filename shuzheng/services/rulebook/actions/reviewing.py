"""What the review's process does inside its steps: publish the successor, send it back, refuse it. Never one's own."""

from datetime import date, datetime

from django.conf import settings
from django.db.models import F, Max, Q
from django.db.models.functions import Greatest

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import JsonObject, PersonId
from shuzheng.base.notices.actions import send_notice
from shuzheng.engines.cases.events import CaseClosed
from shuzheng.engines.cases.types import CaseState, StepContext
from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.services.rulebook.actions.editions import make_edition
from shuzheng.services.rulebook.actions.proposing import check_fit
from shuzheng.services.rulebook.actions.steps import write_step
from shuzheng.services.rulebook.errors import ProposalNotFound, RuleUnfit
from shuzheng.services.rulebook.models import RuleEdition, RuleProposal
from shuzheng.services.rulebook.queries.proposals import get_base, get_newest_row, hands_of, typed_of
from shuzheng.services.rulebook.rules.checking import facts_used
from shuzheng.services.rulebook.rules.drafting import new_rule_of, read_day
from shuzheng.services.rulebook.rules.permitting import check_may_review
from shuzheng.services.rulebook.types import Origin, RuleView
from shuzheng.services.rulebook.types.proposing import PROCESS, ProposalAct, ProposalState


def publish_rule(context: StepContext) -> str | None:
    """Put the successor in force from its day on; service action, in the step of the approval.

    Raises:
        MayNotReview, OwnReview: The reviewer had a hand in it; the step is undone.
        RuleMoved, ProposalUnfit: It no longer fits: the base moved, the text no longer checks, a test fails.
    """
    row = _get_reviewed(context)
    get_newest_row(row.code, lock=True)  # Whoever publishes second waits here, and then sees that the base moved.
    base = get_base(row)
    check_fit(row, base, at=context.at, waited=True)
    today = local_date(context.at, settings.SHUZHENG.zone)
    begins = max(read_day(row.valid_from) or today, today)
    edition = _succeed(row, base, begins, context)
    row.state, row.edition = ProposalState.PUBLISHED, edition.edition
    content: JsonObject = {"edition": edition.edition, "digest": edition.digest, "valid_from": begins.isoformat()}
    words = context.given.opinion
    write_step(row, ProposalAct.PUBLISHED, actor=context.actor, at=context.at, words=words, content=content)
    _tell(row, f"“{row.label}”已审核通过", f"{begins:%Y年%m月%d日}起生效。{words}", context.at)
    return None


def return_rule(context: StepContext) -> str | None:
    """Send a proposal back to whoever drafted it; service action.

    Raises:
        MayNotReview, OwnReview: The reviewer had a hand in it; the step is undone.
    """
    _end(context, ProposalState.RETURNED, ProposalAct.RETURNED, "的修改被退回")
    return None


def refuse_rule(context: StepContext) -> str | None:
    """Note that a proposal is not agreed to; service action.

    Raises:
        MayNotReview, OwnReview: The reviewer had a hand in it; the step is undone.
    """
    _end(context, ProposalState.REFUSED, ProposalAct.REFUSED, "的修改没有同意")
    return None


def on_case_closed(event: CaseClosed) -> None:
    """Give a proposal up whose case was withdrawn on another way than by `drop_proposal`."""
    case = event.case
    if case.process == PROCESS and case.state is CaseState.WITHDRAWN:
        open_states = [state for state in ProposalState if not state.is_over]
        rows = RuleProposal.objects.filter(case_id=case.id, state__in=open_states)
        rows.update(state=ProposalState.DROPPED)


def _end(context: StepContext, state: ProposalState, act: ProposalAct, what: str) -> None:
    row = _get_reviewed(context)
    row.state = state
    words = context.given.opinion
    write_step(row, act, actor=context.actor, at=context.at, words=words)
    _tell(row, f"“{row.label}”{what}", words, context.at)


def _get_reviewed(context: StepContext) -> RuleProposal:
    rows = RuleProposal.objects.select_for_update(of=("self",)).select_related("sheet")
    row = rows.filter(case_id=context.case.id).first()
    if row is None:
        raise ProposalNotFound
    check_may_review(context.actor, hands_of(row))
    return row


def _succeed(row: RuleProposal, base: RuleView, begins: date, context: StepContext) -> RuleEdition:
    before = get_newest_row(row.code)
    new = new_rule_of(typed_of(row), base, begins)
    try:
        used = facts_used(new.text, new.kind, base.schema)
    except RuleTextInvalid as fault:
        raise RuleUnfit(rule=new.code, problem=fault.message) from fault
    last = RuleEdition.objects.filter(code=row.code).aggregate(last=Max("edition"))["last"]
    by = None if context.actor.person is None else PersonId(context.actor.person)
    edition = make_edition(
        new,
        before.sheet,
        base.schema,
        used,
        edition=last + 1,
        begins=begins,
        at=context.at,
        origin=Origin.ONLINE,
        by=by,
    )
    close_before(row.code, begins, at=context.at)
    edition.save()
    return edition


def close_before(code: str, begins: date, *, at: datetime) -> None:
    """End every edition that would still be in force on a day or later; for this room only."""
    rows = RuleEdition.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=begins), code=code, held=False)
    rows.update(valid_to=Greatest(F("valid_from"), begins), closed_at=at)


def _tell(row: RuleProposal, title: str, body: str, at: datetime) -> None:
    send_notice(
        PersonId(row.person_id),
        kind="other",
        title=title[:120],
        body=body,
        link=f"/desk/rules/proposals/{row.public_id}/",
        key=f"rulebook.proposal:{row.public_id}:{row.rev}",
        at=at,
    )
