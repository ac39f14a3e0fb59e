"""Tables whose columns are being sealed, and how far that is."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

from shuzheng.base.kernel.said import load_said
from shuzheng.engines.lake.models import Sealing
from shuzheng.engines.lake.queries.tables import store
from shuzheng.engines.lake.types.sealing import SealingView
from shuzheng.engines.lake.types.tables import TableCode


def find_sealing(table: str) -> SealingView | None:
    """Return what is under way in a table, None when nothing is."""
    row = Sealing.objects.filter(table=table).first()
    return None if row is None else _view(row)


def list_sealing() -> tuple[SealingView, ...]:
    """Return the tables in which columns are being sealed, those asked for first at the head."""
    return tuple(map(_view, Sealing.objects.order_by("asked_at", "pk")))


def _view(row: Sealing) -> SealingView:
    rows, total = (0, 0) if row.sealed_at else _told(progress_file(TableCode(row.table)))
    return row.to_view(load_said(row.message), rows, total)


def _told(path: Path) -> tuple[int, int]:
    try:
        rows, total = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return 0, 0
    return int(rows), int(total)


def progress_file(table: TableCode) -> Path:
    """Return where whoever writes a table anew says how far it is: its rows come in a thread of Delta's own."""
    return store().root / "_work" / f"{table}.sealing"


@contextmanager
def hold_table(table: TableCode) -> Iterator[None]:
    """Wait for a table and hold it: batches land in it, and it is written anew, one after the other.

    The hold ends with the process, however that ends. Delta refuses what goes by an older definition all the same;
    the hold makes it wait instead.
    """
    folder = store().root / "_work"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / f"table {table}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield
