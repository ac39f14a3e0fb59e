"""Open a quarantined row for whoever is to put it right."""

from datetime import datetime

from django.db import transaction

from shuzheng.base.access.errors import PurposeMissing
from shuzheng.base.kernel.types import Actor, JsonObject
from shuzheng.base.ledger.actions import record
from shuzheng.engines.lake.queries.gathering import open_quarantined
from shuzheng.engines.lake.types.gathering import QuarantinedId, QuarantinedView


@transaction.atomic
def open_row(row: QuarantinedId, *, actor: Actor, purpose: str, at: datetime) -> QuarantinedView:
    """Return a quarantined row with its values, after the ledger says who opened it and what for.

    A row that could not be read cannot say whom it is about, so no entry in anybody's reader log is possible.

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
    return opened
