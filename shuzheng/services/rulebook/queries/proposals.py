"""Proposed successors as pages show them: one with difference and history, lists, and what the editor begins with."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q

from shuzheng.base.directory.queries import get_organization, get_organizations, get_people
from shuzheng.base.kernel.errors import Refused
from shuzheng.base.kernel.types import Actor, CaseId, OrgId, Page, PersonId
from shuzheng.services.rulebook.errors import ProposalNotFound, RuleNotFound
from shuzheng.services.rulebook.models import RuleEdition, RuleProposal, RuleProposalStep
from shuzheng.services.rulebook.queries.editions import rows_with_sheets
from shuzheng.services.rulebook.queries.sheets import views_of
from shuzheng.services.rulebook.rules.difference import changed_fields, compare
from shuzheng.services.rulebook.rules.drafting import draft_of, problems_of, read_day, say_rule
from shuzheng.services.rulebook.rules.permitting import REVIEW_ROLE, check_may_propose, check_may_review
from shuzheng.services.rulebook.types import RuleCode, RuleKind, RuleView
from shuzheng.services.rulebook.types.proposing import (
    Draft,
    Editor,
    Piece,
    ProposalAct,
    ProposalId,
    ProposalRow,
    ProposalState,
    ProposalStepView,
    ProposalView,
    RuleClash,
)

PAGE_MOST: Final = 50
_HANDS: Final = (ProposalAct.SAVED, ProposalAct.SUBMITTED)
_OPEN: Final = (ProposalState.DRAFT, ProposalState.REVIEW, ProposalState.RETURNED)


def get_newest(code: RuleCode | str) -> RuleView:
    """Return the newest edition of a rule that counts, in force or not: what a successor is written against.

    Raises:
        RuleNotFound: No such rule.
    """
    return views_of([get_newest_row(code)])[0]


def get_newest_row(code: RuleCode | str, *, lock: bool = False) -> RuleEdition:
    """Return the row of it; for this room only."""
    rows = rows_with_sheets().filter(code=code, held=False)
    row = (rows.select_for_update(of=("self",)) if lock else rows).order_by("-edition").first()
    if row is None:
        raise RuleNotFound
    return row


def get_proposal_row(proposal_id: UUID, *, actor: Actor, lock: bool = False) -> RuleProposal:
    """Return the row of a proposal the actor may see; for this room only.

    Seen by the body that proposed it, the body that answers for the rule and data authorities; by every officer once
    it is published. A draft is seen by its own body alone.

    Raises:
        ProposalNotFound: There is none, or it is not theirs to see.
    """
    rows = RuleProposal.objects.select_for_update(of=("self",)) if lock else RuleProposal.objects.all()
    row = rows.select_related("sheet").filter(public_id=proposal_id).first()
    if row is None or not _may_see(row, actor):
        raise ProposalNotFound
    return row


def _may_see(row: RuleProposal, actor: Actor) -> bool:
    if actor.is_system:
        return True
    if not actor.is_officer or actor.org is None:
        return False
    if row.organization == actor.org or row.state == ProposalState.PUBLISHED:
        return True
    if row.state == ProposalState.DRAFT:
        return False
    return REVIEW_ROLE in actor.roles or get_organization(actor.org).short_name == get_newest(row.code).department


def get_proposal(proposal_id: UUID, *, actor: Actor, today: date) -> ProposalView:
    """Return a proposal with its difference, its history and what the actor may do with it.

    Raises:
        ProposalNotFound: There is none, or it is not theirs to see.
    """
    return view_of(get_proposal_row(proposal_id, actor=actor), actor=actor, today=today)


def get_proposal_of_case(case_id: CaseId, *, actor: Actor, today: date) -> ProposalView:
    """Return the proposal a case reviews; the caller has read the case as this actor.

    Raises:
        ProposalNotFound: The case reviews none.
    """
    row = RuleProposal.objects.select_related("sheet").filter(case_id=case_id).first()
    if row is None:
        raise ProposalNotFound
    return view_of(row, actor=actor, today=today)


def view_of(row: RuleProposal, *, actor: Actor, today: date) -> ProposalView:
    """Return the public picture of a proposal; for this room only."""
    base = get_base(row)
    typed, state = typed_of(row), ProposalState(row.state)
    may_edit = refusal_of(base, actor) is None and row.organization == actor.org
    clash = None if state.is_over else find_clash(row, base)
    own = row.case_id is None or row.person_id in actor.hands  # a case goes on in the post that asked for it
    return ProposalView(
        id=ProposalId(row.public_id),
        code=RuleCode(row.code),
        kind=RuleKind(row.kind),
        base=base,
        typed=typed,
        state=state,
        changes=changed_fields(draft_of(base), typed),
        in_words=words_apart(base, typed),
        clash=clash,
        problems=() if state.is_over else problems_of(typed, base, today=today),
        valid_from=read_day(row.valid_from),
        rev=row.rev,
        proposer=PersonId(row.person_id),
        proposer_name=_name_of(row.person_id),
        org=OrgId(row.organization),
        org_name=_org_names([row.organization]).get(row.organization, ""),
        case_id=None if row.case_id is None else CaseId(row.case_id),
        case_number=row.case_number,
        edition=row.edition,
        steps=_steps(row),
        may_edit=may_edit and state.is_editable,
        may_submit=may_edit and own and state.is_editable and clash is None,
        may_drop=may_edit and own and not state.is_over,
        why_not=_why_not(row, actor) if state is ProposalState.REVIEW else "",
    )


def get_base(row: RuleProposal) -> RuleView:
    """Return the edition a proposal was written against; for this room only."""
    return views_of([rows_with_sheets().get(code=row.code, edition=row.base_edition)])[0]


def typed_of(row: RuleProposal) -> Draft:
    """Return the content of a proposal as typed; for this room only."""
    return Draft(
        label=row.label,
        text=row.text,
        failure=row.failure,
        source=row.source,
        source_url=row.source_url,
        valid_from=row.valid_from,
        tests=row.tests,
        reason=row.reason,
    )


def words_apart(base: RuleView, typed: Draft) -> tuple[Piece, ...] | None:
    """Return the rule in Chinese before and after, in pieces; None while it cannot be read."""
    before = say_rule(base.text, base.kind, base.schema)
    after = say_rule(typed.text, base.kind, base.schema)
    return compare(before, after) if before and after else None


def find_clash(row: RuleProposal, base: RuleView) -> RuleClash | None:
    """Return where a proposal meets an edition that came after its base, None when none did; for this room only."""
    newest = get_newest(row.code)
    if newest.edition == base.edition:
        return None
    return RuleClash(base.edition, newest.edition, base.text, row.text, newest.text)


def refusal_of(rule: RuleView, actor: Actor) -> Refused | None:
    """Return why an actor may not propose a successor of a rule, None when they may."""
    own = "" if actor.org is None else get_organization(actor.org).short_name
    try:
        check_may_propose(rule.department, actor=actor, own_name=own)
    except Refused as refused:
        return refused
    return None


def hands_of(row: RuleProposal) -> frozenset[UUID | None]:
    """Return everybody who wrote or submitted a proposal; for this room only."""
    acted = RuleProposalStep.objects.filter(proposal=row, act__in=_HANDS).values_list("person_id", flat=True)
    return frozenset({row.person_id, *acted})


def _why_not(row: RuleProposal, actor: Actor) -> str:
    if REVIEW_ROLE not in actor.roles:
        return ""
    try:
        check_may_review(actor, hands_of(row))
    except Refused as refused:
        return refused.text
    return ""


def get_editor(code: RuleCode | str, *, actor: Actor, proposal_id: UUID | None = None) -> Editor:
    """Return what the editor shows: the newest edition's texts, or those of a draft.

    Raises:
        RuleNotFound, ProposalNotFound: There is none, or it is not theirs to see.
    """
    if proposal_id is None:
        rule = get_newest(code)
        return Editor(rule, draft_of(rule), refusal=refusal_of(rule, actor))
    row = get_proposal_row(proposal_id, actor=actor)
    base = get_base(row)
    steps = _steps(row)
    returned = next((step.words for step in reversed(steps) if step.act is ProposalAct.RETURNED), "")
    return Editor(
        rule=base,
        typed=typed_of(row),
        rev=row.rev,
        proposal=ProposalId(row.public_id),
        refusal=refusal_of(base, actor),
        returned=returned if row.state == ProposalState.RETURNED else "",
        clash=find_clash(row, base),
    )


def list_proposals(
    actor: Actor, *, code: str = "", over: bool = False, after: str | None = None, limit: int = 30
) -> Page[ProposalRow]:
    """Return proposals the actor may see, the newest first.

    Args:
        actor: An officer.
        code: Of one rule; '' for those of the actor's own body, and for a data authority of every body.
        over: Those that are over instead of those under way.
        after: `Page.next` of the page before.
        limit: At most 50.
    """
    if actor.org is None:
        return Page(())
    limit = max(1, min(limit, PAGE_MOST))
    seen = Q(organization=actor.org)
    if REVIEW_ROLE in actor.roles:
        seen |= ~Q(state=ProposalState.DRAFT)
    rows = RuleProposal.objects.filter(seen)
    rows = rows.exclude(state__in=_OPEN) if over else rows.filter(state__in=_OPEN)
    if code:
        rows = rows.filter(code=code)
    if after and after.isascii() and after.isdigit() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    listed = list(rows.order_by("-pk")[: limit + 1])
    more = str(listed[limit - 1].pk) if len(listed) > limit else None
    return Page(_rows(listed[:limit]), more)


def _rows(listed: Sequence[RuleProposal]) -> tuple[ProposalRow, ...]:
    people = get_people(PersonId(row.person_id) for row in listed)
    names = _org_names(row.organization for row in listed)
    return tuple(
        ProposalRow(
            id=ProposalId(row.public_id),
            code=RuleCode(row.code),
            label=row.label,
            state=ProposalState(row.state),
            proposer=people[PersonId(row.person_id)].name if row.person_id in people else "",
            org_name=names.get(row.organization, ""),
            moved_at=row.moved_at,
            case_number=row.case_number,
        )
        for row in listed
    )


def _steps(row: RuleProposal) -> tuple[ProposalStepView, ...]:
    rows = list(row.steps.order_by("seq"))
    people = get_people(PersonId(step.person_id) for step in rows if step.person_id is not None)
    names = _org_names(step.organization for step in rows)
    return tuple(
        ProposalStepView(
            seq=step.seq,
            act=ProposalAct(step.act),
            at=step.at,
            by=people[PersonId(step.person_id)].name if step.person_id in people else "",
            org_name=names.get(step.organization, ""),
            words=step.words,
        )
        for step in rows
    )


def _name_of(person: UUID) -> str:
    found = get_people([PersonId(person)]).get(PersonId(person))
    return "" if found is None else found.name


def _org_names(codes: Iterable[str]) -> dict[str, str]:
    found = get_organizations(OrgId(code) for code in codes if code)
    return {str(code): organization.short_name for code, organization in found.items()}
