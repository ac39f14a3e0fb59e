"""Reads of item administration: the items of one's department, the editor, changes, versions."""

from shuzheng.services.items.queries.changing.administration import (
    get_item_desk,
    get_version_difference,
    list_my_items,
)
from shuzheng.services.items.queries.changing.changes import count_for_review, get_change, list_changes
from shuzheng.services.items.queries.changing.editor import get_editor
from shuzheng.services.items.queries.changing.subjects import list_unit_edits

__all__ = [
    "count_for_review",
    "get_change",
    "get_editor",
    "get_item_desk",
    "get_version_difference",
    "list_changes",
    "list_my_items",
    "list_unit_edits",
]
