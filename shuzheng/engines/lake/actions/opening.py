"""Open a quarantined row for whoever is to put it right."""

from datetime import datetime

from django.db import transaction

from shuzheng.base.access.actions import record_bulk_reading
from shuzheng.base.access.errors import PurposeMissing
from shuzheng.base.access.queries import subject_key
from shuzheng.base.kernel.types import Actor, JsonObject
from shuzheng.base.ledger.actions import record
from shuzheng.engines.lake.queries.gathering import open_quarantined
from shuzheng.engines.lake.queries.jobs import columns_of
from shuzheng.engines.lake.queries.tables import get_table
from shuzheng.engines.lake.types.gathering import QuarantinedId, QuarantinedView


@transaction.atomic
def open_row(row: QuarantinedId, *, actor: Actor, purpose: str, at: datetime) -> QuarantinedView:
    """Return a quarantined row with its values, after the ledger says who opened it and what for.

    Whom the row is about, where it can be read that far, finds the opening in the reader log.

    Args:
        row: Which.
        actor: Who answers for its table.
        purpose: What for, Chinese.
        at: When.

    Raises:
        PurposeMissing: No purpose.
        QuarantinedNotFound, MayNotTend: See `queries.gathering.open_quarantined`.
    """
    if not purpose.strip():
        raise PurposeMissing
    opened = open_quarantined(row, actor=actor)
    content: JsonObject = {"purpose": purpose.strip(), "table": opened.table, "row": opened.row}
    record("lake.row_opened", f"urn:shuzheng:lake:quarantined:{row}", actor=actor, at=at, content=content)
    table = get_table(opened.table)
    numbers = [
        number
        for header, number in (opened.values or {}).items()
        if number and (column := columns_of(opened).get(header)) is not None and column.name == table.subject
    ]
    if table.subject_kind is not None and numbers:
        record_bulk_reading(
            actor,
            subject_kind=table.subject_kind,
            subject_keys=[subject_key(table.subject_kind, number) for number in numbers],
            resource=f"urn:shuzheng:lake:table:{table.code}",
            what=f"归集中隔离的行：{table.label}",
            purpose=purpose.strip(),
            at=at,
        )
    return opened
