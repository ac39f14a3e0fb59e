"""Sources, batches, what is in quarantine, and how fresh tables are."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import Max, QuerySet

from shuzheng.base.kernel.said import load_said
from shuzheng.base.kernel.seal import unseal_text
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.errors import QuarantinedNotFound, SourceNotFound
from shuzheng.engines.lake.models import Batch, Quarantined, SourceEdition
from shuzheng.engines.lake.queries.tables import find_table, list_tables
from shuzheng.engines.lake.queries.tending import check_may_tend, list_tended
from shuzheng.engines.lake.rules.sources import read_source
from shuzheng.engines.lake.rules.tending import judge_freshness, say_rule
from shuzheng.engines.lake.types.gathering import (
    BatchId,
    BatchKind,
    BatchState,
    BatchView,
    FreshnessView,
    QuarantinedId,
    QuarantinedView,
    QuarantineState,
    Source,
    SourceCode,
)
from shuzheng.engines.lake.types.tables import Table, TableCode

PLACE: Final = "lake.quarantine"
LIST_MOST: Final = 200


def inbox() -> Path:
    """Return the folder departments put their files in: `<var>/inbox`."""
    return Path(settings.SHUZHENG.var_dir) / "inbox"


def list_sources() -> Mapping[SourceCode, Source]:
    """Return every source now defined, by code, in the order of codes."""
    rows = SourceEdition.objects.filter(current=True).order_by("code").values_list("definition", flat=True)
    return {source.code: source for source in map(read_source, rows)}


def get_source(code: str) -> Source:
    """Return a source now defined.

    Raises:
        SourceNotFound: There is none.
    """
    row = SourceEdition.objects.filter(code=code, current=True).values_list("definition", flat=True).first()
    if row is None:
        raise SourceNotFound(source=code)
    return read_source(row)


def list_batches(*, source: str = "", table: str = "", before: int = 0, limit: int = 50) -> tuple[list[BatchView], int]:
    """Return batches, newest first, and the position to go on from; 0 at the end.

    Args:
        source: Only of this source.
        table: Only of this table.
        before: Position a former page ended with; 0 begins.
        limit: Most batches.
    """
    rows = Batch.objects.order_by("-id")
    rows = rows.filter(source=source) if source else rows
    rows = rows.filter(table=table) if table else rows
    found = list((rows.filter(pk__lt=before) if before else rows)[: min(limit, LIST_MOST)])
    views = [row.to_view(load_said(row.message)) for row in found]
    return views, (found[-1].pk if len(found) == min(limit, LIST_MOST) else 0)


def find_batch(batch: BatchId) -> BatchView | None:
    """Return a batch, None when there is none."""
    row = Batch.objects.filter(public_id=batch).first()
    return None if row is None else row.to_view(load_said(row.message))


def list_quarantined(
    *,
    actor: Actor,
    table: str = "",
    batch: BatchId | None = None,
    state: QuarantineState | None = QuarantineState.OPEN,
    after: int = 0,
    limit: int = 50,
) -> tuple[list[QuarantinedView], int]:
    """Return rows that did not land, without their values, of the tables the actor answers for; oldest first.

    Args:
        actor: Who asks.
        table: Only of this table.
        batch: Only of this batch.
        state: Only in this state; None: all.
        after: Position a former page ended with; 0 begins.
        limit: Most rows.

    Returns:
        The rows, and the position to go on from, 0 at the end.
    """
    tended = list_tended(actor)
    tables = [code for code in tended if table in ("", code)]
    rows = Quarantined.objects.filter(batch__table__in=tables, pk__gt=after).order_by("pk").select_related("batch")
    rows = _narrowed(rows, batch, state)
    found = list(rows[: min(limit, LIST_MOST)])
    views = [quarantined_view(row, None, tended[TableCode(row.batch.table)]) for row in found]
    return views, (found[-1].pk if len(found) == min(limit, LIST_MOST) else 0)


def _narrowed(
    rows: "QuerySet[Quarantined]", batch: BatchId | None, state: QuarantineState | None
) -> "QuerySet[Quarantined]":
    rows = rows if batch is None else rows.filter(batch__public_id=batch)
    return rows if state is None else rows.filter(state=state)


def open_quarantined(row: QuarantinedId, *, actor: Actor) -> QuarantinedView:
    """Return a row with its values, for whoever is to put it right.

    Whoever shows them writes the reader log first: `actions.open_row`.

    Raises:
        QuarantinedNotFound: There is none.
        MayNotTend: The actor does not answer for its table.
    """
    found = Quarantined.objects.select_related("batch").filter(public_id=row).first()
    table = None if found is None else find_table(found.batch.table)
    if found is None or table is None:
        raise QuarantinedNotFound
    check_may_tend(actor, table)
    return quarantined_view(found, read_values(found), table)


def read_values(row: Quarantined) -> Mapping[str, str | None]:
    """Return the values of a row, opened."""
    key = settings.SHUZHENG.read_key("seal")
    opened = json.loads(unseal_text(key, bytes(row.values_sealed), f"{PLACE}:{row.public_id}"))
    return {str(name): None if value is None else str(value) for name, value in opened.items()}


def quarantined_view(row: Quarantined, values: Mapping[str, str | None] | None, table: Table) -> QuarantinedView:
    """Return a row of a table; without its values where None is given."""
    return QuarantinedView(
        id=QuarantinedId(row.public_id),
        batch=BatchId(row.batch.public_id),
        source=SourceCode(row.batch.source),
        table=TableCode(row.batch.table),
        row=row.row,
        rule=row.rule,
        reason=say_rule(row.rule, table),
        state=QuarantineState(row.state),
        values=values,
        at=row.at,
    )


def freshness(at: datetime) -> Iterator[FreshnessView]:
    """Yield how fresh each table is, in the order of codes."""
    done = Batch.objects.filter(state=BatchState.DONE, kind=BatchKind.GATHER)
    landed = dict(done.values_list("table").annotate(last=Max("ended_at")))
    for code, table in list_tables().items():
        state, due = judge_freshness(table.fresh_days, landed.get(code), at)
        yield FreshnessView(code, table.label, landed.get(code), due, state)
