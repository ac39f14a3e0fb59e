"""Where the columns of a table come from and what is made of them, as far as whoever looks may know."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.queries.jobs import sources_of
from shuzheng.engines.lake.queries.readable import see_readable
from shuzheng.engines.lake.queries.saving import MOST_ROWS, list_saved
from shuzheng.engines.lake.queries.tables import get_table, list_tables
from shuzheng.engines.lake.rules.lineage import Followed, lineage_of_sql, lineage_of_table
from shuzheng.engines.lake.rules.vetting import read_query
from shuzheng.engines.lake.types.lineage import TableLineage
from shuzheng.engines.lake.types.reading import TablePlan
from shuzheng.engines.lake.types.saving import SavedView
from shuzheng.engines.lake.types.tables import Table, TableCode


def table_lineage(code: str, *, actor: Actor, at: datetime) -> TableLineage:
    """Return the lineage of a table, column by column.

    Names of columns, sources and rules are every officer's to know, as on the page of the table. Of kept queries only
    those the actor keeps or that are shared in the unit, and only where the actor may read each table they name.

    Args:
        code: Which table.
        actor: Who looks; the platform itself keeps no queries.
        at: When.

    Raises:
        TableNotFound: There is none.
    """
    table = get_table(code)
    kept = list_saved(actor, limit=MOST_ROWS)
    followed = _followed(table, kept.rows, actor, at) if kept.rows else iter(())
    return lineage_of_table(table, sources_of(table.code), followed, more=kept.next is not None)


def _followed(table: Table, kept: tuple[SavedView, ...], actor: Actor, at: datetime) -> Iterator[Followed]:
    defined, readable = list_tables(), see_readable(actor, at=at)
    for one in kept:
        named = _named(one.text, defined)
        if table.code not in named or not named <= readable.keys():
            continue
        plans = {code: readable[code].get(one.purpose) or next(iter(readable[code].values())) for code in named}
        seen = {code: _seen(plan) for code, plan in plans.items()}
        masks = {code: plan.masks for code, plan in plans.items()}
        yield Followed(str(one.id), one.title, lineage_of_sql(one.text, seen, masks=masks))


def _named(text: str, defined: Mapping[TableCode, Table]) -> frozenset[TableCode]:
    """Return the tables a text reads; none where the gate would not read it any more."""
    try:
        return frozenset(read_query(text, defined).tables)
    except ShuzhengError:
        return frozenset()


def _seen(plan: TablePlan) -> Table:
    return replace(plan.table, columns=tuple(plan.table.by_name[name] for name in plan.columns))
