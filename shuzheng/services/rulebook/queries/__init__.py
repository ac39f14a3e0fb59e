"""Reads of the rule book.

`get_rule`, `rules_in_force`, `history_of` and `get_sheet` are for rooms, which decide by rules; what a page, a list or
the API shows goes through queries that take the reader.
"""

from shuzheng.services.rulebook.queries.editions import get_rule, history_of, rules_in_force
from shuzheng.services.rulebook.queries.lists import list_rules
from shuzheng.services.rulebook.queries.proposals import (
    get_editor,
    get_newest,
    get_proposal,
    get_proposal_of_case,
    list_proposals,
    refusal_of,
    words_apart,
)
from shuzheng.services.rulebook.queries.sheets import get_sheet

__all__ = [
    "get_editor",
    "get_newest",
    "get_proposal",
    "get_proposal_of_case",
    "get_rule",
    "get_sheet",
    "history_of",
    "list_proposals",
    "list_rules",
    "refusal_of",
    "rules_in_force",
    "words_apart",
]
