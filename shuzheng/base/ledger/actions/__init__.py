"""The verbs of the ledger."""

from shuzheng.base.ledger.actions.record import record

__all__ = ["record"]
