"""The verbs of the ledger."""

from shuzheng.base.ledger.actions.record import record
from shuzheng.base.ledger.actions.sequence import sequence_pending

__all__ = ["record", "sequence_pending"]
