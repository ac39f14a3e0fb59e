"""What this room keeps sealed in the operational database; see `kernel.sealed`."""

from typing import Final

from shuzheng.base.kernel.sealed import SealedColumn

COLUMNS: Final = (
    SealedColumn("lake.QueryRecord", "text_sealed", "lake.query"),
    SealedColumn("lake.SavedQuery", "text_sealed", "lake.saved"),
)
