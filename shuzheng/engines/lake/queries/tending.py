"""Who may gather a source, and put right what could not land: whoever decides on the table's grades."""

from collections.abc import Mapping

from shuzheng.base.directory.queries import get_organizations
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.errors import MayNotTend
from shuzheng.engines.lake.queries.discovery import may_decide
from shuzheng.engines.lake.queries.tables import list_tables
from shuzheng.engines.lake.rules.grading import may_confirm
from shuzheng.engines.lake.types.tables import Table, TableCode


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


def list_tended(actor: Actor) -> Mapping[TableCode, Table]:
    """Return the tables an actor answers for, by code. Two statements, however many tables there are."""
    tables = list_tables()
    if actor.is_system:
        return tables
    own = () if actor.org is None else (actor.org,)
    bodies = get_organizations({*own, *(one.department for one in tables.values())})
    office = None if actor.org is None else bodies.get(actor.org)
    return {
        code: one for code, one in tables.items() if may_confirm(actor, office=office, owner=bodies.get(one.department))
    }
