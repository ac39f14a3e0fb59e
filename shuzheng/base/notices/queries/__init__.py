"""Reads of the room."""

from shuzheng.base.notices.queries.arrivals import last_arrival, list_arrivals
from shuzheng.base.notices.queries.inbox import count_unread, get_notice, list_notices
from shuzheng.base.notices.queries.outgoing import get_backlog, list_deliveries, list_failed
from shuzheng.base.notices.queries.preferences import get_preferences

__all__ = [
    "count_unread",
    "get_backlog",
    "get_notice",
    "get_preferences",
    "last_arrival",
    "list_arrivals",
    "list_deliveries",
    "list_failed",
    "list_notices",
]
