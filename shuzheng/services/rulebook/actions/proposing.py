"""Proposing a successor: keep what was typed, wrong or right; submit it, which opens a case; withdraw it."""

from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings

from shuzheng.base.directory.queries import get_organization, list_organizations, list_posts_at
from shuzheng.base.directory.types import Duty, OrganizationView
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor, CaseId, ItemCode, Party, PartyKind, PersonId
from shuzheng.engines.cases.actions import complete_task, open_case, withdraw_case
from shuzheng.engines.cases.queries import get_case_by_id
from shuzheng.engines.cases.types import NewCase
from shuzheng.services.rulebook.actions.steps import check_still_there, once, write_step
from shuzheng.services.rulebook.errors import MayNotPropose, NoReviewer, ProposalUnfit, RuleMoved
from shuzheng.services.rulebook.models import RuleProposal
from shuzheng.services.rulebook.queries.proposals import (
    find_clash,
    get_base,
    get_newest_row,
    get_proposal_row,
    refusal_of,
    typed_of,
)
from shuzheng.services.rulebook.rules.drafting import problems_of, tidy
from shuzheng.services.rulebook.rules.permitting import REVIEW_ROLE
from shuzheng.services.rulebook.types import RuleView
from shuzheng.services.rulebook.types.proposing import (
    PROCESS,
    REVIEW_ITEM,
    Draft,
    ProposalAct,
    ProposalState,
    ProposalView,
)

REVIEW_DAYS: Final = 5
"""Working days the process gives a reviewer."""
TITLE_MOST: Final = 200


def save_proposal(
    draft: Draft,
    *,
    code: str = "",
    proposal_id: UUID | None = None,
    base: int = 0,
    expected_rev: int | None = None,
    command_id: UUID,
    actor: Actor,
    at: datetime,
) -> ProposalView:
    """Keep what was typed, wrong or right; the view says what is wrong with it.

    Args:
        draft: As typed.
        code: The rule, for a new proposal.
        proposal_id: The draft to write on; the rule is then its own.
        base: Edition the page was filled with: what is typed is measured against it. 0 keeps a draft's own.
        expected_rev: Revision of that page.
        command_id: Made with the page; the same one again gives the same draft.
        actor: Who writes.
        at: When.

    Raises:
        RuleNotFound, ProposalNotFound: There is nothing to change.
        NotYourRule, MayNotPropose: Somebody else's.
        ProposalMoved: A colleague was first.
    """

    def body() -> RuleProposal:
        if proposal_id is None:
            row = _new(code, actor, at)
        else:
            row = get_proposal_row(proposal_id, actor=actor, lock=True)
            check_still_there(row, expected_rev, fits=ProposalState(row.state).is_editable)
        newest = get_newest_row(row.code)
        if base and base <= newest.edition:
            row.base_edition = base
        row.sheet = newest.sheet if row.base_edition == newest.edition else row.sheet
        _check_theirs(get_base(row), row, actor)
        for name, text in asdict(tidy(draft)).items():
            setattr(row, name, text)
        row.valid_from = row.valid_from[:20]
        write_step(row, ProposalAct.SAVED, actor=actor, at=at, command_id=command_id)
        return row

    return once(command_id, body, actor=actor, at=at)


def _new(code: str, actor: Actor, at: datetime) -> RuleProposal:
    newest = get_newest_row(code)
    if actor.person is None or actor.org is None:
        raise MayNotPropose(org=actor.org_name)
    return RuleProposal(
        public_id=new_id(at),
        code=newest.code,
        base_edition=newest.edition,
        sheet=newest.sheet,
        kind=newest.kind,
        person_id=actor.person,
        organization=actor.org,
        division=_head_of(actor).division,
    )


def _head_of(actor: Actor) -> OrganizationView:
    """Return the government at the head of the actor's body."""
    if actor.org is None:
        raise MayNotPropose(org=actor.org_name)
    return get_organization(get_organization(actor.org).levels.l1)


def _check_theirs(rule: RuleView, row: RuleProposal, actor: Actor) -> None:
    refused = refusal_of(rule, actor)
    if refused is not None:
        raise refused
    if row.organization != actor.org:
        raise MayNotPropose(org=actor.org_name)


def submit_proposal(
    proposal_id: UUID, *, expected_rev: int | None = None, command_id: UUID, actor: Actor, at: datetime
) -> ProposalView:
    """Hand a draft over for review: opens its case, or goes on with it where it was sent back.

    Raises:
        ProposalNotFound, NotYourRule, MayNotPropose: Not there, or not theirs.
        ProposalMoved: A colleague was first.
        RuleMoved: The rule got another edition meanwhile; carries all three texts.
        ProposalUnfit: Something is wrong or missing; carries every problem.
        NoReviewer: The city names no data authority.
    """

    def body() -> RuleProposal:
        row = get_proposal_row(proposal_id, actor=actor, lock=True)
        check_still_there(row, expected_rev, fits=ProposalState(row.state).is_editable)
        rule = get_base(row)
        _check_theirs(rule, row, actor)
        check_fit(row, rule, at=at)
        if row.case_id is None:
            _open(row, rule, command_id, actor, at)
        else:
            _go_on(row, command_id, actor, at)
        row.state = ProposalState.REVIEW
        content = {"case": str(row.case_id)}
        write_step(
            row, ProposalAct.SUBMITTED, actor=actor, at=at, command_id=command_id, words=row.reason, content=content
        )
        return row

    return once(command_id, body, actor=actor, at=at)


def check_fit(row: RuleProposal, base: RuleView, *, at: datetime, waited: bool = False) -> None:
    """Let pass a proposal that can become an edition; for this room only.

    Args:
        row: The proposal.
        base: The edition it was written against.
        at: When.
        waited: It was reviewed: its day may have come meanwhile.

    Raises:
        RuleMoved, ProposalUnfit: It cannot.
    """
    clash = find_clash(row, base)
    if clash is not None:
        raise RuleMoved(clash, base=clash.base_edition, now=clash.now_edition)
    problems = problems_of(typed_of(row), base, today=local_date(at, settings.SHUZHENG.zone))
    if waited:
        problems = tuple(problem for problem in problems if problem.field != "valid_from")
    if problems:
        raise ProposalUnfit(problems, first=problems[0].message)


def _open(row: RuleProposal, rule: RuleView, command_id: UUID, actor: Actor, at: datetime) -> None:
    reviewer = _reviewer_of(row)
    if actor.post is None or actor.org is None or actor.person is None:
        raise MayNotPropose(org=actor.org_name)
    new = NewCase(
        process=PROCESS,
        item=ItemCode(REVIEW_ITEM),
        item_version=rule.edition,
        title=f"规则修改：{row.label}"[:TITLE_MOST],
        division=reviewer.division,
        applicant=Party(PartyKind.POST, actor.post, f"{actor.org_name} {actor.signature}"),
        contact=PersonId(actor.person),
        parts={"reviewer": reviewer.code, "drafter": actor.org},
        levels=reviewer.levels,
        acceptance_days=REVIEW_DAYS,
        promised_days=0,
        legal_days=None,
        law="",
    )
    case = open_case(new, command_id=command_id, actor=actor, at=at)
    row.case_id, row.case_number = case.id, case.number


def _reviewer_of(row: RuleProposal) -> OrganizationView:
    """Return the data authority of the place: the body with that duty and somebody in a post for it."""
    units = list_organizations(division=row.division, duty=Duty.DATA_AUTHORITY)  # type: ignore[arg-type]  # a stored code
    for unit in units:
        if list_posts_at(unit.code, role=REVIEW_ROLE):
            return unit
    raise NoReviewer


def _go_on(row: RuleProposal, command_id: UUID, actor: Actor, at: datetime) -> None:
    case = get_case_by_id(_case_of(row))
    task = next((task for task in case.tasks if task.org is None), None)
    if task is not None:
        complete_task(case.id, task.n, "again", command_id=command_id, actor=actor, at=at)


def _case_of(row: RuleProposal) -> CaseId:
    if row.case_id is None:
        raise TypeError(row)
    return CaseId(row.case_id)


def drop_proposal(
    proposal_id: UUID, *, expected_rev: int | None = None, command_id: UUID, actor: Actor, at: datetime
) -> ProposalView:
    """Give a proposal up before it is published; its case is withdrawn.

    Raises:
        ProposalNotFound, NotYourRule, MayNotPropose: Not there, or not theirs.
        ProposalMoved: It was published or given up already, or a colleague was first.
    """

    def body() -> RuleProposal:
        row = get_proposal_row(proposal_id, actor=actor, lock=True)
        check_still_there(row, expected_rev, fits=not ProposalState(row.state).is_over)
        _check_theirs(get_base(row), row, actor)
        if row.case_id is not None:
            withdraw_case(CaseId(row.case_id), reason="", command_id=command_id, actor=actor, at=at)
        row.state = ProposalState.DROPPED
        write_step(row, ProposalAct.DROPPED, actor=actor, at=at, command_id=command_id)
        return row

    return once(command_id, body, actor=actor, at=at)
