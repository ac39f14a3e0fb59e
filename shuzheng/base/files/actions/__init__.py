"""The verbs of the room."""

from shuzheng.base.files.actions.resealing import STORE
from shuzheng.base.files.actions.storing import store_upload, sweep_orphans

__all__ = ["STORE", "store_upload", "sweep_orphans"]
