"""Sealing columns of a table that holds rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shuzheng.engines.lake.types.tables import TableCode

GRACE: Final = timedelta(minutes=10)
"""How long files in clear stay after the last version that named them: no reading of the gate takes longer."""
SealProgress = Callable[[int, int], object]
"""Told rows written and rows in all, in any thread."""


@dataclass(frozen=True, slots=True)
class SealingView:
    """What is under way in a table.

    Attributes:
        sealed_at: Since when everything that is read is sealed; None: rows are still to be written anew.
        message: Why the last try ended, Chinese; '' when none failed.
        rows, total: Rows written by the try at hand, 0 when none writes.
    """

    table: TableCode
    asked_at: datetime
    sealed_at: datetime | None
    message: str = ""
    rows: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one call did.

    Attributes:
        rows: Of the table as it is now.
        removed: Files in clear that were removed.
        clear_until: Files in clear that no version names stay until then; None: none is left.
    """

    table: TableCode
    columns: tuple[str, ...]
    rows: int
    removed: int = 0
    clear_until: datetime | None = None
