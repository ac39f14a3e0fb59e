"""Searches of the desk: the text stays on the server, the address carries a key to it.

A name may not stand in an address, because addresses end in logs, histories and screenshots. Nor may a number: an
identity number looks like a case number.
"""

import secrets
from typing import Final

from django.contrib.sessions.backends.base import SessionBase

SEARCHES: Final = "desk_searches"
KEPT: Final = 20
"""Searches a session remembers, the latest of them."""
TEXT_MAX: Final = 60


def clean(text: str) -> str:
    """Return a search text as it is looked for."""
    return " ".join(text.split())[:TEXT_MAX]


def hold(session: SessionBase, text: str) -> str:
    """Remember a search text for this session and return its key, '' for none; the same text keeps its key."""
    if not text:
        return ""
    held = _held(session)
    key = next((known for known, other in held.items() if other == text), "") or secrets.token_hex(4)
    held.pop(key, None)
    held[key] = text
    session[SEARCHES] = dict(list(held.items())[-KEPT:])
    return key


def recall(session: SessionBase, key: str) -> str:
    """Return the text of a key of this session, '' when it is another's or forgotten."""
    return _held(session).get(key, "")


def _held(session: SessionBase) -> dict[str, str]:
    held = session.get(SEARCHES)
    return {str(key): str(text) for key, text in held.items()} if isinstance(held, dict) else {}
