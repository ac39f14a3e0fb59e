"""Queries kept and queries asked."""

from typing import Final

from django.db.models import Q

from shuzheng.base.kernel.types import Actor, OrgId, Page, PersonId, PostId
from shuzheng.engines.lake.errors import QueryPositionInvalid, SavedQueryNotFound
from shuzheng.engines.lake.models import QueryRecord, SavedQuery
from shuzheng.engines.lake.queries.sealing import open_query
from shuzheng.engines.lake.rules.saving import may_change, may_read
from shuzheng.engines.lake.types.saving import HistoryView, QueryId, QueryState, SavedQueryId, SavedView

MOST_ROWS: Final = 200


def list_saved(actor: Actor, *, after: str | None = None, limit: int = 50) -> Page[SavedView]:
    """Return the queries an actor keeps and those shared in the unit of the post acted in, newest first.

    Args:
        actor: Who looks; an officer, for anyone else nothing is kept.
        after: `Page.next` of the page before.
        limit: At most 200.

    Raises:
        QueryPositionInvalid: `after` is not a position.
    """
    if actor.person is None or not actor.is_officer:
        return Page(())
    limit = max(1, min(limit, MOST_ROWS))
    rows = SavedQuery.objects.filter(
        Q(person_id=actor.person) | Q(shared=True), organization_code=actor.org or "", deleted_at=None
    )
    if after is not None:
        rows = rows.filter(pk__lt=_position(after))
    listed = list(rows.order_by("-pk")[: limit + 1])
    more = str(listed[limit - 1].pk) if len(listed) > limit else None
    return Page(tuple(saved_view(row, actor) for row in listed[:limit]), more)


def get_saved(query: SavedQueryId, *, actor: Actor) -> SavedView:
    """Return a kept query.

    Raises:
        SavedQueryNotFound: There is none, or the actor may not know that there is.
    """
    row = SavedQuery.objects.filter(public_id=query, deleted_at=None).first()
    if row is None or not may_read(actor, person=row.person_id, org=row.organization_code, shared=row.shared):
        raise SavedQueryNotFound
    return saved_view(row, actor)


def list_history(actor: Actor, *, after: str | None = None, limit: int = 50) -> Page[HistoryView]:
    """Return what an actor asked in the post acted in, newest first.

    Args:
        actor: Whose history; nobody else's is shown.
        after: `Page.next` of the page before.
        limit: At most 200.

    Raises:
        QueryPositionInvalid: `after` is not a position.
    """
    if actor.is_system:
        return Page(())
    limit = max(1, min(limit, MOST_ROWS))
    who = {"machine_id": actor.machine} if actor.person is None else {"person_id": actor.person}
    rows = QueryRecord.objects.filter(**who, post_id=actor.post)
    if after is not None:
        rows = rows.filter(pk__lt=_position(after))
    listed = list(rows.order_by("-pk")[: limit + 1])
    more = str(listed[limit - 1].pk) if len(listed) > limit else None
    return Page(tuple(map(_history_view, listed[:limit])), more)


def saved_view(row: SavedQuery, actor: Actor) -> SavedView:
    """Return a row as the actor sees it, its text opened."""
    return SavedView(
        id=SavedQueryId(row.public_id),
        title=row.title,
        text=open_query("saved", row.public_id, row.text_sealed),
        purpose=row.purpose,
        chart=row.chart,
        shared=row.shared,
        owner=row.person_name,
        owner_id=PersonId(row.person_id),
        post=PostId(row.post_id),
        org=OrgId(row.organization_code),
        mine=may_change(actor, person=row.person_id, org=row.organization_code),
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


def _history_view(row: QueryRecord) -> HistoryView:
    return HistoryView(
        id=QueryId(row.public_id),
        text=open_query("query", row.public_id, row.text_sealed),
        purpose=row.purpose,
        tables=tuple(row.tables),
        rows=row.rows,
        ms=row.ms,
        state=QueryState(row.state),
        refusal=row.refusal,
        at=row.at,
    )


def _position(after: str) -> int:
    if not (after.isascii() and after.isdigit() and len(after) <= 18):
        raise QueryPositionInvalid
    return int(after)
