"""Tables of the room in the operational database."""

from shuzheng.engines.lake.models.tables import TableEdition

__all__ = ["TableEdition"]
