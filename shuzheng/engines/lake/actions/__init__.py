"""Verbs of the room."""

from shuzheng.engines.lake.actions.budget import spend
from shuzheng.engines.lake.actions.discovery import confirm_proposal, decline_proposal, discover
from shuzheng.engines.lake.actions.quality import check_all_quality, check_quality
from shuzheng.engines.lake.actions.saving import change_query, delete_query, record_query, save_query, share_query
from shuzheng.engines.lake.actions.tables import load_tables

__all__ = [
    "change_query",
    "check_all_quality",
    "check_quality",
    "confirm_proposal",
    "decline_proposal",
    "delete_query",
    "discover",
    "load_tables",
    "record_query",
    "save_query",
    "share_query",
    "spend",
]
