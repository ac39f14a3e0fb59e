"""Reads; views, never querysets."""

from shuzheng.engines.lake.queries.budget import budget_of
from shuzheng.engines.lake.queries.discovery import get_proposal, list_proposals, may_decide
from shuzheng.engines.lake.queries.quality import (
    failing_rows,
    find_quality,
    list_latest_quality,
    list_quality_trend,
    list_worst_rules,
)
from shuzheng.engines.lake.queries.saving import get_saved, list_history, list_saved
from shuzheng.engines.lake.queries.tables import find_table, get_table, list_tables, store

__all__ = [
    "budget_of",
    "failing_rows",
    "find_quality",
    "find_table",
    "get_proposal",
    "get_saved",
    "get_table",
    "list_history",
    "list_latest_quality",
    "list_proposals",
    "list_quality_trend",
    "list_saved",
    "list_tables",
    "list_worst_rules",
    "may_decide",
    "store",
]
