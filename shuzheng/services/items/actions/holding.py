"""Typed text of an expired session: kept sealed for a day, given back once, to the page it came from."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from shuzheng.services.items.errors import HeldTooLarge
from shuzheng.services.items.models import HeldInput
from shuzheng.services.items.queries.sealing import open_bytes, seal_bytes
from shuzheng.services.items.types import HELD_HOURS

NEVER_HELD: Final = frozenset({"csrfmiddlewaretoken", "password", "command_id"})
"""Names of inputs that are not the person's own text."""


def hold_input(path: str, raw: Mapping[str, Sequence[str]], *, at: datetime) -> str:
    """Keep what was typed until the person has signed in again.

    Args:
        path: Page it was typed on, without query.
        raw: Texts by input name.
        at: When; kept for 24 hours.

    Returns:
        A token for the person's cookie or sign-in form; it cannot be guessed and is not stored.

    Raises:
        HeldTooLarge: More than 200,000 bytes.
    """
    typed = {name: [str(text) for text in texts] for name, texts in raw.items() if name not in NEVER_HELD}
    plain = json.dumps({"path": path, "raw": typed}, ensure_ascii=False).encode()
    if len(plain) > HeldTooLarge.limit:
        raise HeldTooLarge
    token = secrets.token_urlsafe(32)
    HeldInput.objects.create(
        token_hash=_hash(token),
        content=seal_bytes("held", _place(token), plain),
        expires_at=at + timedelta(hours=HELD_HOURS),
    )
    return token


@transaction.atomic
def take_held_input(token: str, *, at: datetime, path: str | None = None) -> dict[str, list[str]] | None:
    """Give back what was typed, once.

    Args:
        token: From `hold_input`.
        at: When.
        path: When given, only what was typed on this page.

    Returns:
        Texts by input name; None when unknown, taken before, too old, or typed on another page.
    """
    row = HeldInput.objects.select_for_update().filter(token_hash=_hash(token)).first()
    if row is None or row.taken_at is not None or row.expires_at <= at:
        return None
    held = json.loads(open_bytes("held", _place(token), row.content))
    if path is not None and held["path"] != path:
        return None
    row.taken_at, row.content = at, b""
    row.save(update_fields=["taken_at", "content"])
    raw: dict[str, list[str]] = held["raw"]
    return raw


def purge_held(at: datetime) -> None:
    """Wipe typed text nobody came back for; run hourly by the schedule."""
    HeldInput.objects.filter(expires_at__lte=at).exclude(content=b"").update(content=b"")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _place(token: str) -> UUID:
    return UUID(bytes=hashlib.sha256(f"place:{token}".encode()).digest()[:16])
