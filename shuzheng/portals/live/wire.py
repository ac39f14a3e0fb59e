"""What goes over the wire: events of the stream as bytes."""

import json
from collections.abc import Sequence
from typing import Final

from shuzheng.portals.live.types import Fresh, Position

HEARTBEAT: Final = b":\n\n"
"""A comment: keeps proxies from closing a quiet line, and finds out that a browser is gone."""
BYE: Final = b"event: bye\ndata: {}\n\n"
"""The session ended: the browser closes and does not come back."""
INBOX: Final = b"event: inbox\ndata: {}\n"


def say_retry(milliseconds: int) -> bytes:
    """Return the first line of a stream: how long to wait before coming back after a break."""
    return f"retry: {milliseconds}\n\n".encode("ascii")


def say_notices(unread: int, fresh: Sequence[Fresh]) -> bytes:
    """Return the event with the number of unread notices and the titles of new ones, oldest first."""
    told = {"unread": unread, "new": [{"id": str(one.id), "title": one.title} for one in fresh]}
    return f"event: notices\ndata: {json.dumps(told, ensure_ascii=False)}\n".encode()


def mark(event: bytes, position: Position) -> bytes:
    """Return an event whole, with the position the browser names when it comes back."""
    return b"%sid: %s\n\n" % (event, str(position).encode("ascii"))
