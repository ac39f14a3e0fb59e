"""Verbs of the room."""

from shuzheng.engines.lake.actions.tables import load_tables

__all__ = ["load_tables"]
