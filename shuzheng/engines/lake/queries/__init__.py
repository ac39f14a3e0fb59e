"""Reads; views, never querysets."""

from shuzheng.engines.lake.queries.engines import hash_key, open_embedded, open_engine, seal_ring
from shuzheng.engines.lake.queries.tables import find_table, get_table, list_tables, store

__all__ = [
    "find_table",
    "get_table",
    "hash_key",
    "list_tables",
    "open_embedded",
    "open_engine",
    "seal_ring",
    "store",
]
