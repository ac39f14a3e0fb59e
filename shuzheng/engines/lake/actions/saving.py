"""Keep a query, share it with the unit, delete it; and write down each query that was asked."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor, JsonObject
from shuzheng.base.ledger.actions import record
from shuzheng.engines.lake.errors import SavedQueryForeign, SavedQueryNotFound, SavingRefused
from shuzheng.engines.lake.models import QueryRecord, SavedQuery
from shuzheng.engines.lake.queries.saving import saved_view
from shuzheng.engines.lake.queries.sealing import index_of_query, seal_query
from shuzheng.engines.lake.rules.saving import check_draft, may_change, may_read
from shuzheng.engines.lake.types.saving import QueryDraft, QueryId, QueryState, SavedQueryId, SavedView


@transaction.atomic
def save_query(draft: QueryDraft, *, actor: Actor, at: datetime) -> SavedView:
    """Keep a query for the actor; the text is not run and not judged.

    Args:
        draft: What to keep.
        actor: Its owner, in the post acted in.
        at: When.

    Raises:
        SavedQueryInvalid: A part is empty or too long.
        SavingRefused: The actor holds no post.
    """
    check_draft(draft)
    if actor.person is None or actor.post is None or actor.org is None:
        raise SavingRefused
    row = SavedQuery(
        public_id=new_id(at),
        person_id=actor.person,
        person_name=actor.name,
        post_id=actor.post,
        organization_code=actor.org,
        created_at=at,
    )
    return _written(row, draft, "lake.query_saved", actor=actor, at=at)


@transaction.atomic
def change_query(query: SavedQueryId, draft: QueryDraft, *, actor: Actor, at: datetime) -> SavedView:
    """Put a draft in the place of a kept query.

    Raises:
        SavedQueryInvalid: A part is empty or too long.
        SavedQueryNotFound: There is none that the actor may read.
        SavedQueryForeign: It is another's.
    """
    check_draft(draft)
    return _written(_own(query, actor), draft, "lake.query_changed", actor=actor, at=at)


@transaction.atomic
def share_query(query: SavedQueryId, *, shared: bool, actor: Actor, at: datetime) -> SavedView:
    """Let the unit read a kept query, or no longer.

    Raises:
        SavedQueryNotFound: There is none that the actor may read.
        SavedQueryForeign: It is another's.
    """
    row = _own(query, actor)
    if row.shared != shared:
        row.shared, row.changed_at = shared, at
        row.save(update_fields=["shared", "changed_at"])
        act = "lake.query_shared" if shared else "lake.query_unshared"
        record(act, _urn(row), actor=actor, at=at)
    return saved_view(row, actor)


@transaction.atomic
def delete_query(query: SavedQueryId, *, actor: Actor, at: datetime) -> None:
    """Delete a kept query; its text is gone.

    Raises:
        SavedQueryNotFound: There is none that the actor may read.
        SavedQueryForeign: It is another's.
    """
    row = _own(query, actor)
    row.text_sealed, row.chart, row.deleted_at = b"", None, at
    row.save(update_fields=["text_sealed", "chart", "deleted_at"])
    record("lake.query_deleted", _urn(row), actor=actor, at=at)


@transaction.atomic
def record_query(
    actor: Actor,
    *,
    text: str,
    purpose: str,
    tables: Iterable[str],
    state: QueryState,
    at: datetime,
    rows: int = 0,
    ms: int = 0,
    refusal: str = "",
) -> QueryId:
    """Write down a query that was asked, answered or refused.

    Args:
        actor: Who asked.
        text: As it was typed; it is sealed.
        purpose: What for.
        tables: Codes of the tables it reads, as far as that was known.
        state: How it ended.
        at: When it was asked.
        rows: How many left.
        ms: How long it took.
        refusal: Code of the error.
    """
    public_id, named = new_id(at), sorted(set(tables))
    index = index_of_query(text)
    QueryRecord.objects.create(
        public_id=public_id,
        person_id=actor.person,
        machine_id=actor.machine,
        post_id=actor.post,
        organization_code=actor.org or "",
        purpose=purpose[:160],
        text_sealed=seal_query("query", public_id, text),
        text_index=index,
        tables=named,
        rows=rows,
        ms=ms,
        state=state,
        refusal=refusal,
        at=at,
    )
    record(
        "lake.queried",
        f"urn:shuzheng:lake:query:{public_id}",
        actor=actor,
        at=at,
        content={"purpose": purpose[:160], "text": index.hex(), "tables": named, "rows": rows, "state": state},
    )
    return QueryId(public_id)


def _own(query: SavedQueryId, actor: Actor) -> SavedQuery:
    row = SavedQuery.objects.select_for_update().filter(public_id=query, deleted_at=None).first()
    if row is None or not may_read(actor, person=row.person_id, org=row.organization_code, shared=row.shared):
        raise SavedQueryNotFound
    if not may_change(actor, person=row.person_id, org=row.organization_code):
        raise SavedQueryForeign
    return row


def _written(row: SavedQuery, draft: QueryDraft, act: str, *, actor: Actor, at: datetime) -> SavedView:
    row.title, row.purpose, row.shared = draft.title.strip(), draft.purpose.strip(), draft.shared
    row.chart = None if draft.chart is None else dict(draft.chart)
    row.text_sealed, row.changed_at = seal_query("saved", row.public_id, draft.text), at
    row.save()
    content: JsonObject = {"title": row.title, "text": index_of_query(draft.text).hex(), "shared": row.shared}
    record(act, _urn(row), actor=actor, at=at, content=content)
    return saved_view(row, actor)


def _urn(row: SavedQuery) -> str:
    return f"urn:shuzheng:lake:saved-query:{row.public_id}"
