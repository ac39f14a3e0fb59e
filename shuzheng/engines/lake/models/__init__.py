"""Tables of the room in the operational database."""

from shuzheng.engines.lake.models.reading import BudgetDay, QueryRecord, SavedQuery
from shuzheng.engines.lake.models.tables import TableEdition

__all__ = ["BudgetDay", "QueryRecord", "SavedQuery", "TableEdition"]
