"""The verbs of the rule book."""

from shuzheng.services.rulebook.actions.loading import load_rules

__all__ = ["load_rules"]
