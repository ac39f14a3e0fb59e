"""Reads; views, never querysets."""

from shuzheng.engines.lake.queries.tables import find_table, get_table, list_tables, store

__all__ = ["find_table", "get_table", "list_tables", "store"]
