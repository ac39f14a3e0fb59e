"""Definitions of tables as a pack brings them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from shuzheng.base.kernel.pack import Changes
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.actions.editions import load_editions
from shuzheng.engines.lake.models import TableEdition


@transaction.atomic
def load_tables(definitions: Iterable[Mapping[str, Any]], *, actor: Actor, at: datetime) -> Changes:
    """Make the definitions given the ones in force; loading the same again changes nothing.

    What is stored is not touched: a table whose definition is gone is no longer read, and keeps its rows.

    Args:
        definitions: Checked, with `code` and with `department` as code.
        actor: Who loads.
        at: When.
    """
    return load_editions(TableEdition, definitions, what="tables", actor=actor, at=at)
