"""What a reader may ask of each table, for each purpose."""

from collections.abc import Mapping
from datetime import date

from shuzheng.base.directory.queries import find_organization
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.errors import NotOfThisUnit
from shuzheng.engines.lake.queries.tables import list_tables
from shuzheng.engines.lake.rules.planning import plan_reading, purposes_of
from shuzheng.engines.lake.types.reading import Reader, TablePlan
from shuzheng.engines.lake.types.tables import Table, TableCode


def reader_of(actor: Actor) -> Reader:
    """Return all that decides what an actor may see of the lake."""
    office = None if actor.org is None else find_organization(actor.org)
    if office is None:
        return Reader(roles=actor.roles)
    above = frozenset(code for code in office.levels.as_tuple() if code is not None)
    return Reader(org=office.code, above=above, division=office.division, roles=actor.roles)


def list_readable(actor: Actor, *, today: date) -> Mapping[TableCode, Mapping[str, TablePlan]]:
    """Return, by table and purpose, what an actor may see; tables of which it may see nothing are left out."""
    reader = reader_of(actor)
    found = {code: _plans(table, reader, today) for code, table in list_tables().items()}
    return {code: plans for code, plans in found.items() if plans}


def plans_of(table: Table, actor: Actor, *, today: date) -> Mapping[str, TablePlan]:
    """Return, by purpose, what an actor may see of one table; empty: nothing."""
    return _plans(table, reader_of(actor), today)


def _plans(table: Table, reader: Reader, today: date) -> Mapping[str, TablePlan]:
    plans = {}
    for purpose in purposes_of(table, reader):
        try:
            plans[purpose] = plan_reading([table], reader, purpose=purpose, today=today).tables[table.code]
        except NotOfThisUnit:
            continue
    return plans
