"""Verbs of the room."""

from shuzheng.engines.lake.actions.asking import ask_gather
from shuzheng.engines.lake.actions.budget import spend
from shuzheng.engines.lake.actions.discovery import confirm_proposal, decline_proposal, discover
from shuzheng.engines.lake.actions.gathering import gather, run_due_sources
from shuzheng.engines.lake.actions.looping import gather_asked, run_lake
from shuzheng.engines.lake.actions.opening import open_row
from shuzheng.engines.lake.actions.quality import check_all_quality, check_quality
from shuzheng.engines.lake.actions.quarantine import discard, mend
from shuzheng.engines.lake.actions.reading import export_query, make_ready, run_query, run_tree
from shuzheng.engines.lake.actions.saving import change_query, delete_query, record_query, save_query, share_query
from shuzheng.engines.lake.actions.sealing import seal_asked, seal_table
from shuzheng.engines.lake.actions.sources import load_sources
from shuzheng.engines.lake.actions.tables import load_tables
from shuzheng.engines.lake.actions.tidying import tidy_table

__all__ = [
    "ask_gather",
    "change_query",
    "check_all_quality",
    "check_quality",
    "confirm_proposal",
    "decline_proposal",
    "delete_query",
    "discard",
    "discover",
    "export_query",
    "gather",
    "gather_asked",
    "load_sources",
    "load_tables",
    "make_ready",
    "mend",
    "open_row",
    "record_query",
    "run_due_sources",
    "run_lake",
    "run_query",
    "run_tree",
    "save_query",
    "seal_asked",
    "seal_table",
    "share_query",
    "spend",
    "tidy_table",
]
