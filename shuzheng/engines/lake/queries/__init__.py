"""Reads; views, never querysets."""

from shuzheng.engines.lake.queries.discovery import get_proposal, list_proposals, may_decide
from shuzheng.engines.lake.queries.tables import find_table, get_table, list_tables, store

__all__ = ["find_table", "get_proposal", "get_table", "list_proposals", "list_tables", "may_decide", "store"]
