"""The verbs of the room."""

from shuzheng.base.files.actions.previewing import draw_preview
from shuzheng.base.files.actions.purging import purge_files
from shuzheng.base.files.actions.resealing import STORE
from shuzheng.base.files.actions.scanning import forget_screenings, rescan_pending
from shuzheng.base.files.actions.storing import screen_upload, store_upload, sweep_orphans

__all__ = [
    "STORE",
    "draw_preview",
    "forget_screenings",
    "purge_files",
    "rescan_pending",
    "screen_upload",
    "store_upload",
    "sweep_orphans",
]
