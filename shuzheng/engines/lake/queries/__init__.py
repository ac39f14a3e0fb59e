"""Reads; views, never querysets."""

from shuzheng.engines.lake.queries.budget import budget_of
from shuzheng.engines.lake.queries.reading import list_readable, see_tables
from shuzheng.engines.lake.queries.saving import get_saved, list_history, list_saved
from shuzheng.engines.lake.queries.tables import find_table, get_table, list_tables, store

__all__ = [
    "budget_of",
    "find_table",
    "get_saved",
    "get_table",
    "list_history",
    "list_readable",
    "list_saved",
    "list_tables",
    "see_tables",
    "store",
]
