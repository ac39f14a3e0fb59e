"""The lake of a demonstration city: files of the pack lie in the inbox as if departments had put them there."""

import shutil
from collections.abc import Callable
from pathlib import Path

from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.lake.actions import check_all_quality, discover, gather
from shuzheng.engines.lake.queries import inbox, last_batches, list_sources
from shuzheng.engines.lake.types.gathering import FILES, Source, SourceKind


def fill_lake(folder: Path, tell: Callable[[str], object]) -> None:
    """Put what is missing into the inbox, gather every source once, score and look through the tables.

    Args:
        folder: The pack.
        tell: Shows one line of progress.
    """
    gathered = last_batches()
    new = [one for one in list_sources().values() if one.code not in gathered]
    for source in new:
        if not put_in_inbox(source, folder):
            continue
        for batch in gather(source.code, actor=SYSTEM, at=now()):
            tell(f"{source.label or source.code}：读入 {batch.read} = 入湖 {batch.landed} + 隔离 {batch.quarantined}")
    if new:
        check_all_quality(actor=SYSTEM, at=now())
        for table in {one.table for one in new}:
            discover(table, actor=SYSTEM, at=now())


def put_in_inbox(source: Source, folder: Path) -> bool:
    """Copy the file of a source out of the pack, unless a department has put one there; tell whether there is one."""
    given, place = folder / source.where, inbox() / source.where
    if source.kind in FILES and given.is_file() and not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(given, place)
    return source.kind is SourceKind.VIEW or place.exists()
