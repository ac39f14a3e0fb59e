"""Reads of the rule book.

`get_rule`, `rules_in_force`, `history_of` and `get_sheet` are for rooms, which decide by rules; what a page, a list or
the API shows goes through queries that take the reader.
"""

from shuzheng.services.rulebook.queries.editions import get_rule, history_of, rules_in_force
from shuzheng.services.rulebook.queries.lists import list_rules
from shuzheng.services.rulebook.queries.sheets import get_sheet

__all__ = ["get_rule", "get_sheet", "history_of", "list_rules", "rules_in_force"]
