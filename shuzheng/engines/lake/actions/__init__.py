"""Verbs of the room."""

from shuzheng.engines.lake.actions.budget import spend
from shuzheng.engines.lake.actions.reading import export_query, run_query, run_tree
from shuzheng.engines.lake.actions.saving import change_query, delete_query, record_query, save_query, share_query
from shuzheng.engines.lake.actions.tables import load_tables

__all__ = [
    "change_query",
    "delete_query",
    "export_query",
    "load_tables",
    "record_query",
    "run_query",
    "run_tree",
    "save_query",
    "share_query",
    "spend",
]
