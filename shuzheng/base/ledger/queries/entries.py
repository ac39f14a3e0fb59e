"""Entries and checkpoints as they stand."""

from uuid import UUID

from shuzheng.base.ledger import errors
from shuzheng.base.ledger.models import Checkpoint, Entry
from shuzheng.base.ledger.types import Checkpoint as CheckpointView, EntryView


def get_entry(entry_id: UUID) -> EntryView:
    """Return an entry.

    Raises:
        EntryNotFound: No entry has this id.
    """
    entry = Entry.objects.filter(public_id=entry_id).first()
    if entry is None:
        raise errors.EntryNotFound
    return entry.to_view()


def list_entries(subject: str, *, after: UUID | None = None, limit: int = 50) -> tuple[EntryView, ...]:
    """Return what was done to a subject, oldest first.

    Args:
        subject: URN.
        after: Id of the last entry already seen; ids sort by time.
        limit: At most so many.
    """
    rows = Entry.objects.filter(subject=subject)
    if after is not None:
        rows = rows.filter(public_id__gt=after)
    return tuple(row.to_view() for row in rows.order_by("public_id")[:limit])


def get_size() -> int:
    """Return how many entries have a position."""
    return Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0


def find_checkpoint() -> CheckpointView | None:
    """Return the latest checkpoint; None before the first batch."""
    row = Checkpoint.objects.order_by("-size").first()
    return None if row is None else row.to_view()
