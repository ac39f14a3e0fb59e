"""Reads; views, never querysets."""

from shuzheng.engines.lake.queries.budget import budget_of
from shuzheng.engines.lake.queries.engines import hash_key, open_embedded, open_engine, seal_ring
from shuzheng.engines.lake.queries.saving import get_saved, list_history, list_saved
from shuzheng.engines.lake.queries.tables import find_table, get_table, list_tables, store

__all__ = [
    "budget_of",
    "find_table",
    "get_saved",
    "get_table",
    "hash_key",
    "list_history",
    "list_saved",
    "list_tables",
    "open_embedded",
    "open_engine",
    "seal_ring",
    "store",
]
