"""The verbs of the rule book: load a book, propose a successor, and what its review does."""

from shuzheng.services.rulebook.actions.loading import load_rules
from shuzheng.services.rulebook.actions.proposing import drop_proposal, save_proposal, submit_proposal
from shuzheng.services.rulebook.actions.reviewing import on_case_closed, publish_rule, refuse_rule, return_rule

__all__ = [
    "drop_proposal",
    "load_rules",
    "on_case_closed",
    "publish_rule",
    "refuse_rule",
    "return_rule",
    "save_proposal",
    "submit_proposal",
]
