"""Proofs anybody can check with `rules.merkle` and the log's public key alone."""

from uuid import UUID

from shuzheng.base.ledger import errors
from shuzheng.base.ledger.models import Checkpoint, Entry
from shuzheng.base.ledger.queries.log import nodes_of, stored_tiles
from shuzheng.base.ledger.rules.leaf import leaf_bytes
from shuzheng.base.ledger.rules.merkle import consistency_path, inclusion_path
from shuzheng.base.ledger.types import ConsistencyProof, InclusionProof


def prove_inclusion(entry_id: UUID) -> InclusionProof:
    """Return the proof that an entry stands in the log of the latest checkpoint.

    Raises:
        EntryNotFound, EntryNotSequenced: There is nothing to prove, or not yet.
    """
    entry = Entry.objects.filter(public_id=entry_id).first()
    if entry is None:
        raise errors.EntryNotFound
    checkpoint = Checkpoint.objects.order_by("-size").first()
    if entry.position is None or checkpoint is None or entry.position >= checkpoint.size:
        raise errors.EntryNotSequenced
    return InclusionProof(
        entry=entry.public_id,
        leaf=leaf_bytes(entry.to_leaf()),
        position=entry.position,
        size=checkpoint.size,
        path=inclusion_path(entry.position, checkpoint.size, nodes_of(stored_tiles())),
        checkpoint=checkpoint.note,
    )


def prove_consistency(first: int, second: int) -> ConsistencyProof:
    """Return the proof that the log of `first` entries is the beginning of the log of `second`.

    Raises:
        SizeOutOfRange: The log never had these sizes.
    """
    checkpoint = Checkpoint.objects.order_by("-size").first()
    size = 0 if checkpoint is None else checkpoint.size
    if not 0 <= first <= second <= size:
        raise errors.SizeOutOfRange(size=size, first=first, second=second)
    return ConsistencyProof(first, second, consistency_path(first, second, nodes_of(stored_tiles())))
