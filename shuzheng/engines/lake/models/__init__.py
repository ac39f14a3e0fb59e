"""Tables of the room in the operational database."""

from shuzheng.engines.lake.models.gathering import Batch, Quarantined, SourceEdition
from shuzheng.engines.lake.models.tables import TableEdition

__all__ = ["Batch", "Quarantined", "SourceEdition", "TableEdition"]
