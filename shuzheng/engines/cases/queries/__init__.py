"""Reads of the case engine. Everything returned is a view; what an actor may see is asked of `base.access`."""

from shuzheng.engines.cases.queries.cases import (
    find_process,
    get_case,
    get_case_by_id,
    get_deadlines,
    get_diagram,
    get_history,
)
from shuzheng.engines.cases.queries.lists import count_inbox, find_cases, list_cases_of, list_inbox

__all__ = [
    "count_inbox",
    "find_cases",
    "find_process",
    "get_case",
    "get_case_by_id",
    "get_deadlines",
    "get_diagram",
    "get_history",
    "list_cases_of",
    "list_inbox",
]
