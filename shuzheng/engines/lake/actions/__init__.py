"""Verbs of the room."""

from shuzheng.engines.lake.actions.discovery import confirm_proposal, decline_proposal, discover
from shuzheng.engines.lake.actions.quality import check_all_quality, check_quality
from shuzheng.engines.lake.actions.tables import load_tables

__all__ = ["check_all_quality", "check_quality", "confirm_proposal", "decline_proposal", "discover", "load_tables"]
