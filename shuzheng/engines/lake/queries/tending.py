"""Who may gather a source, and put right what could not land: whoever decides on the table's grades."""

from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.errors import MayNotTend
from shuzheng.engines.lake.queries.discovery import may_decide
from shuzheng.engines.lake.types.tables import Table


def may_tend(actor: Actor, table: Table) -> bool:
    """Tell whether the actor answers for what is gathered into a table; see `rules.grading.check_may_confirm`."""
    return actor.is_system or may_decide(table, actor)


def check_may_tend(actor: Actor, table: Table) -> None:
    """Refuse whoever answers neither for the table nor for all data of its place.

    Raises:
        MayNotTend: See above.
    """
    if not may_tend(actor, table):
        raise MayNotTend(table=table.code)
