"""Ask for a source to be gathered now; the lake's own loop does it."""

from datetime import datetime

from django.db import transaction

from shuzheng.base.kernel.types import Actor
from shuzheng.base.ledger.actions import record
from shuzheng.engines.lake.models import GatherRequest
from shuzheng.engines.lake.queries.gathering import get_source
from shuzheng.engines.lake.queries.tables import get_table
from shuzheng.engines.lake.queries.tending import check_may_tend


@transaction.atomic
def ask_gather(source_code: str, *, actor: Actor, at: datetime) -> bool:
    """Note that a source is to be gathered; asking again before it was changes nothing.

    Args:
        source_code: Which source.
        actor: Who answers for the source's table.
        at: When.

    Returns:
        Whether it is newly asked for.

    Raises:
        SourceNotFound: There is none.
        MayNotTend: The actor does not answer for the table.
    """
    source = get_source(source_code)
    check_may_tend(actor, get_table(source.table))
    _, new = GatherRequest.objects.get_or_create(
        source=source.code, defaults={"asked_by": actor.signature, "asked_at": at}
    )
    if new:
        record("lake.gather_asked", f"urn:shuzheng:lake:source:{source.code}", actor=actor, at=at, content={})
    return new
