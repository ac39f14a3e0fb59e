"""The sequencer: gives pending entries their positions, extends the tree, signs a checkpoint, in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from shuzheng.base.ledger.models import Checkpoint, Entry, SequencerLock, Tile
from shuzheng.base.ledger.queries.log import log_key, log_origin, nodes_of, stored_tiles
from shuzheng.base.ledger.rules.leaf import instant_text
from shuzheng.base.ledger.rules.merkle import HASH_BYTES, range_hash
from shuzheng.base.ledger.rules.notes import CheckpointBody, sign_checkpoint
from shuzheng.base.ledger.rules.tiles import Place, grow, overlay

_LOCK: Final = 1


def sequence_pending(*, at: datetime, limit: int = 1000) -> int:
    """Give up to `limit` pending entries the next positions; return how many.

    Two sequencers at once take turns: the first statement locks, only the second looks (after a wait PostgreSQL would
    show the new lock row together with the old rows of the same statement).

    Args:
        at: Moment the checkpoint is signed.
        limit: A batch of a thousand costs little more than one of ten.
    """
    if not Entry.objects.filter(position__isnull=True).exists():
        return 0
    with transaction.atomic():
        SequencerLock.objects.bulk_create([SequencerLock(id=_LOCK)], ignore_conflicts=True)
        SequencerLock.objects.select_for_update().get(id=_LOCK)
        size = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
        pending = Entry.objects.filter(position__isnull=True).order_by("public_id")[:limit]
        # A hash of another length was changed by hand; in the tree it would shift its neighbours. Verifying names it.
        rows = [(each, bytes(leaf)) for each, leaf in pending.values_list("public_id", "leaf_hash")]
        rows = [(each, leaf) for each, leaf in rows if len(leaf) == HASH_BYTES]
        if not rows:
            return 0
        _place_entries([each for each, _ in rows], first=size)
        _append(size, [leaf for _, leaf in rows], at=at)
        return len(rows)


def _place_entries(entries: Sequence[UUID], *, first: int) -> None:
    key = Entry._meta.pk
    sql = f'UPDATE "{Entry._meta.db_table}" SET position = %s WHERE {key.column} = %s AND position IS NULL'  # noqa: S608 - names from the model
    with connection.cursor() as cursor:
        cursor.executemany(
            sql, [(first + i, key.get_db_prep_value(each, connection)) for i, each in enumerate(entries)]
        )


def _append(size: int, leaf_hashes: Sequence[bytes], *, at: datetime) -> None:
    stored = stored_tiles()
    changed = grow(size, leaf_hashes, stored)
    _store_tiles(changed)
    size += len(leaf_hashes)
    root = range_hash(0, size, nodes_of(overlay(changed, stored)))
    body = CheckpointBody(log_origin(), size, root, instant_text(at))
    checkpoint = Checkpoint(size=size, root_hash=root, at=body.at, note=sign_checkpoint(body, log_key()))
    checkpoint.save(force_insert=True)


def _store_tiles(changed: dict[Place, bytes]) -> None:
    Tile.objects.bulk_create(
        [Tile(level=level, index=index, hashes=hashes) for (level, index), hashes in changed.items()],
        update_conflicts=True,
        unique_fields=["level", "index"],
        update_fields=["hashes"],
    )
