"""Reads of the ledger."""

from shuzheng.base.ledger.queries.entries import find_checkpoint, get_entry, get_size, list_entries
from shuzheng.base.ledger.queries.proofs import prove_consistency, prove_inclusion
from shuzheng.base.ledger.queries.verify import verify_ledger

__all__ = [
    "find_checkpoint",
    "get_entry",
    "get_size",
    "list_entries",
    "prove_consistency",
    "prove_inclusion",
    "verify_ledger",
]
