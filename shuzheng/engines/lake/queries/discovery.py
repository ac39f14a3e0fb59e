"""Proposals of grades, and what was confirmed."""

from collections.abc import Mapping

from django.db.models import Q

from shuzheng.base.directory.queries import get_organizations
from shuzheng.base.directory.types import OrganizationView
from shuzheng.base.kernel.said import load_said
from shuzheng.base.kernel.types import Actor, Page
from shuzheng.engines.lake.errors import PositionInvalid, ProposalNotFound
from shuzheng.engines.lake.models import Proposal
from shuzheng.engines.lake.queries.tables import find_table
from shuzheng.engines.lake.rules.grading import check_may_confirm, may_confirm
from shuzheng.engines.lake.types.discovery import Found, ProposalState, ProposalView
from shuzheng.engines.lake.types.tables import Grade, Mask, Table, TableCode


def list_proposals(
    table: str = "", *, state: ProposalState | None = ProposalState.OPEN, after: str | None = None, limit: int = 50
) -> Page[ProposalView]:
    """Return proposals, newest first.

    Args:
        table: Code, '' for all.
        state: None for all.
        after: `Page.next` of the page before.
        limit: At most 200.

    Raises:
        PositionInvalid: `after` is not a position.
    """
    limit = max(1, min(limit, 200))
    wanted = Q()
    if table:
        wanted &= Q(table=table)
    if state is not None:
        wanted &= Q(state=state)
    if after is not None:
        wanted &= Q(pk__lt=position(after))
    rows = list(Proposal.objects.filter(wanted).order_by("-pk")[: limit + 1])
    more = str(rows[limit - 1].pk) if len(rows) > limit else None
    tables: dict[str, Table | None] = {row.table: None for row in rows[:limit]}
    tables = {code: find_table(code) for code in tables}
    return Page(tuple(view_of(row, tables[row.table]) for row in rows[:limit]), more)


def get_proposal(proposal_id: int) -> ProposalView:
    """Return a proposal.

    Raises:
        ProposalNotFound: There is none.
    """
    row = Proposal.objects.filter(pk=proposal_id).first()
    if row is None:
        raise ProposalNotFound
    return view_of(row, find_table(row.table))


def may_decide(table: Table, actor: Actor) -> bool:
    """Tell whether an actor may have a table looked through and decide on its grades."""
    office, owner = bodies_of(table, actor)
    return may_confirm(actor, office=office, owner=owner)


def check_may_decide(table: Table, actor: Actor) -> None:
    """Let pass who may have a table looked through and checked: see `rules.grading`; the system always may.

    Raises:
        GradingNotYours: The actor may not.
    """
    if not actor.is_system:
        office, owner = bodies_of(table, actor)
        check_may_confirm(actor, office=office, owner=owner)


def bodies_of(table: Table, actor: Actor) -> tuple[OrganizationView | None, OrganizationView | None]:
    """Return the body an actor's post belongs to, and the one that answers for a table."""
    codes = [table.department, *([] if actor.org is None else [actor.org])]
    known = get_organizations(codes)
    return (None if actor.org is None else known.get(actor.org)), known.get(table.department)


def position(after: str) -> int:
    """Return where a page goes on.

    Raises:
        PositionInvalid: Not a position.
    """
    if not (after.isascii() and after.isdigit() and len(after) <= 18):
        raise PositionInvalid
    return int(after)


def view_of(row: Proposal, table: Table | None) -> ProposalView:
    """Return a proposal beside what its column is now; a column that is gone counts as graded as proposed."""
    column = None if table is None else table.by_name.get(row.column)
    evidence: Mapping[str, float] = row.evidence
    return ProposalView(
        id=row.pk,
        table=TableCode(row.table),
        column=row.column,
        column_label=row.column if column is None else column.label,
        found=Found(row.found),
        share=row.share,
        confidence=row.confidence,
        grade=Grade(row.grade),
        mask=Mask(row.mask),
        reason=load_said(row.reason),
        now_grade=Grade(row.grade) if column is None else column.grade,
        now_mask=Mask(row.mask) if column is None else column.mask,
        state=ProposalState(row.state),
        evidence=evidence,
        at=row.at,
        by=row.by_name,
        decided_at=row.decided_at,
        answer=row.answer,
    )
