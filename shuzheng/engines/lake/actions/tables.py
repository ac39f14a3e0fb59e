"""Definitions of tables as a pack brings them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from shuzheng.base.kernel.pack import Changes
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.actions.editions import load_editions
from shuzheng.engines.lake.actions.sealing import ask_sealing
from shuzheng.engines.lake.errors import SealKept
from shuzheng.engines.lake.models import TableEdition
from shuzheng.engines.lake.queries.tables import list_tables, store
from shuzheng.engines.lake.types.tables import Table


@transaction.atomic
def load_tables(definitions: Iterable[Mapping[str, Any]], *, actor: Actor, at: datetime) -> Changes:
    """Make the definitions given the ones in force; loading the same again changes nothing.

    What is stored is not touched: a table whose definition is gone is no longer read, and keeps its rows. A column that
    becomes L4 is masked as such at once, and the lake's loop stores it sealed (`actions.sealing`).

    Args:
        definitions: Checked, with `code` and with `department` as code.
        actor: Who loads.
        at: When.

    Raises:
        SealKept: A column that is stored sealed would be graded lower.
    """
    changes = load_editions(TableEdition, definitions, what="tables", actor=actor, at=at)
    if changes.added or changes.changed:
        for table in list_tables().values():
            _check_seals(table)
            ask_sealing(table, actor=actor, at=at)
    return changes


def _check_seals(table: Table) -> None:
    version = store().version(table.code)
    sealed = frozenset() if version is None else version.sealed
    for column in table.columns:
        if column.name in sealed and not column.sealed:
            raise SealKept(table=table.label, column=column.label, grade=column.grade)
