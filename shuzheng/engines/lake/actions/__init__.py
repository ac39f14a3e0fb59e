"""Verbs of the room."""

from shuzheng.engines.lake.actions.gathering import gather, run_due_sources
from shuzheng.engines.lake.actions.quarantine import discard, mend
from shuzheng.engines.lake.actions.sources import load_sources
from shuzheng.engines.lake.actions.tables import load_tables

__all__ = ["discard", "gather", "load_sources", "load_tables", "mend", "run_due_sources"]
