"""Reads of the case engine. Everything returned is a view; what an actor may see is asked of `base.access`."""

from shuzheng.engines.cases.queries.cases import (
    find_process,
    get_case,
    get_case_by_id,
    get_deadlines,
    get_diagram,
    get_history,
)
from shuzheng.engines.cases.queries.inbox import (
    count_inbox,
    due_window,
    list_inbox,
    list_inbox_items,
    list_steps,
    soon_by,
)
from shuzheng.engines.cases.queries.lists import find_cases, list_cases_of, list_decided, list_done_by
from shuzheng.engines.cases.queries.movements import last_movement, list_movements
from shuzheng.engines.cases.queries.subtrees import leads_unit
from shuzheng.engines.cases.queries.tallies import tally_units

__all__ = [
    "count_inbox",
    "due_window",
    "find_cases",
    "find_process",
    "get_case",
    "get_case_by_id",
    "get_deadlines",
    "get_diagram",
    "get_history",
    "last_movement",
    "leads_unit",
    "list_cases_of",
    "list_decided",
    "list_done_by",
    "list_inbox",
    "list_inbox_items",
    "list_movements",
    "list_steps",
    "soon_by",
    "tally_units",
]
