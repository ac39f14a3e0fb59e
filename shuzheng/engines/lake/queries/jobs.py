"""What pages and commands show of gathering beside single batches."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Max

from shuzheng.base.kernel.said import load_said
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.errors import HeaderInvalid, QuarantinedNotFound
from shuzheng.engines.lake.models import Batch, GatherRequest, Quarantined
from shuzheng.engines.lake.queries.gathering import get_source, list_sources, quarantined_view
from shuzheng.engines.lake.queries.tables import get_table
from shuzheng.engines.lake.queries.tending import check_may_tend
from shuzheng.engines.lake.rules.reading.headers import match_header
from shuzheng.engines.lake.types.gathering import (
    BatchKind,
    BatchState,
    BatchView,
    QuarantinedId,
    QuarantinedView,
    QuarantineState,
    Source,
    SourceCode,
)
from shuzheng.engines.lake.types.tables import Column, TableCode


def last_batches() -> Mapping[SourceCode, BatchView]:
    """Return the last batch of each source that has one."""
    gathered = Batch.objects.filter(kind=BatchKind.GATHER)
    last = gathered.values("source").annotate(last=Max("id")).values_list("last", flat=True)
    rows = Batch.objects.filter(pk__in=list(last))
    return {SourceCode(row.source): row.to_view(load_said(row.message)) for row in rows}


def gathered_of(table: TableCode) -> tuple[datetime | None, bool]:
    """Return when a table was last gathered well, and whether the last batch of each of its sources was."""
    rows = Batch.objects.filter(table=table, kind=BatchKind.GATHER)
    ended_at = rows.filter(state=BatchState.DONE).aggregate(last=Max("ended_at"))["last"]
    last = rows.values("source").annotate(last=Max("id")).values_list("last", flat=True)
    return ended_at, not Batch.objects.filter(pk__in=list(last), state=BatchState.FAILED).exists()


def sources_of(table: TableCode) -> tuple[Source, ...]:
    """Return the sources of a table."""
    return tuple(one for one in list_sources().values() if one.table == table)


def is_asked(source: SourceCode) -> bool:
    """Tell whether somebody asked for a source and it was not gathered yet."""
    return GatherRequest.objects.filter(source=source).exists()


def count_open(table: TableCode, *, most: int = 1000) -> int:
    """Return how many rows of a table wait in quarantine, counted up to a limit."""
    rows = Quarantined.objects.filter(batch__table=table, state=QuarantineState.OPEN)
    return len(rows.values_list("pk", flat=True)[:most])


def get_quarantined(row: QuarantinedId, *, actor: Actor) -> QuarantinedView:
    """Return a row in quarantine without its values.

    Raises:
        QuarantinedNotFound: There is none.
        MayNotTend: The actor does not answer for its table.
    """
    found = Quarantined.objects.select_related("batch").filter(public_id=row).first()
    if found is None:
        raise QuarantinedNotFound
    table = get_table(found.batch.table)
    check_may_tend(actor, table)
    return quarantined_view(found, None, table)


def columns_of(row: QuarantinedView) -> Mapping[str, Column]:
    """Return, by header, the columns the values of an opened row were meant for; empty where nothing fits."""
    table = get_table(row.table)
    try:
        header = match_header(tuple(row.values or ()), table, get_source(row.source))
    except HeaderInvalid:
        return {}
    return {header.names[place]: table.by_name[name] for name, place in header.places.items()}
