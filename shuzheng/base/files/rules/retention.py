"""How long a file is kept: while somebody uses it, then as many days as its use asks for."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from shuzheng.base.files.types import FileUse, Keeping

UNUSED: Final = "unused"
LOOK_AGAIN: Final = timedelta(days=30)
"""A file in use is looked at again after this time."""


def decide_keeping(
    uses: Sequence[FileUse], *, stored_at: datetime, days: Mapping[str, timedelta], at: datetime
) -> Keeping:
    """Decide about one file.

    The longest of its uses counts. A kind without a period keeps its files for ever.

    Args:
        uses: What the rooms above use it for.
        stored_at: From when a file nobody uses is kept.
        days: Period by kind, counted from the end of the use.
        at: Now.
    """
    held = [use for use in uses if use.ended_at is None or use.kind not in days]
    if held:
        return Keeping(kind=held[0].kind, look_at=at + LOOK_AGAIN, until=None)
    ended = uses or (FileUse(UNUSED, stored_at),)
    until, kind = max((use.ended_at + days[use.kind], use.kind) for use in ended if use.ended_at and use.kind in days)
    return Keeping(kind=kind, look_at=until, until=until)
