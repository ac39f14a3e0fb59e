"""What a reader may ask of each table, for each purpose: for the page of a table and for the query page."""

from collections.abc import Mapping
from datetime import date, datetime

from django.conf import settings

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.errors import NotOfThisUnit
from shuzheng.engines.lake.queries.reading import place_of
from shuzheng.engines.lake.queries.tables import list_tables
from shuzheng.engines.lake.rules.planning import plan_reading, purposes_of
from shuzheng.engines.lake.types.reading import Reader, TablePlan
from shuzheng.engines.lake.types.tables import Table, TableCode


def see_readable(actor: Actor, *, at: datetime) -> Mapping[TableCode, Mapping[str, TablePlan]]:
    """Return, by table and purpose, what an actor may see; tables of which it may see nothing are left out."""
    reader, today = place_of(actor), local_date(at, settings.SHUZHENG.zone)
    found = {code: _plans(table, reader, today) for code, table in list_tables().items()}
    return {code: plans for code, plans in found.items() if plans}


def plans_of(table: Table, actor: Actor, *, at: datetime) -> Mapping[str, TablePlan]:
    """Return, by purpose, what an actor may see of one table; empty: nothing."""
    return _plans(table, place_of(actor), local_date(at, settings.SHUZHENG.zone))


def _plans(table: Table, reader: Reader, today: date) -> Mapping[str, TablePlan]:
    plans = {}
    for purpose in purposes_of(table, reader):
        try:
            plans[purpose] = plan_reading([table], reader, purpose=purpose, today=today).tables[table.code]
        except NotOfThisUnit:
            continue
    return plans
