"""Record an act: exactly one INSERT, in the transaction of the act itself."""

import hashlib
import itertools
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor, JsonObject
from shuzheng.base.ledger.models import Entry
from shuzheng.base.ledger.rules.leaf import SALT_BYTES, Leaf, commit, instant_text, leaf_bytes
from shuzheng.base.ledger.rules.merkle import hash_leaf

_COUNTER_BITS: Final = 24
_counter = itertools.count()


def record(
    act: str,
    subject: str,
    *,
    actor: Actor,
    at: datetime,
    content: JsonObject | None = None,
    related: Sequence[str] = (),
) -> UUID:
    """Write one entry for an act; call it inside the act's transaction.

    Args:
        act: `<room>.<past participle>`, such as `cases.accepted`.
        subject: URN of what the act was done to, such as `urn:shuzheng:case:<uuid>`.
        actor: Who acted; only ids are kept.
        at: Aware moment of the act.
        content: What the act said; committed to, never stored. It may hold personal data.
        related: URNs of others concerned; a URN holds ids only.

    Returns:
        Public id of the entry.
    """
    salt = None if content is None else secrets.token_bytes(SALT_BYTES)
    party = actor.on_behalf_of
    leaf = Leaf(
        id=str(_entry_id(at)),
        act=act,
        subject=subject,
        actor=actor.urn,
        post="" if actor.post is None else str(actor.post),
        org=actor.org or "",
        on_behalf_of="" if party is None else party.urn,
        at=instant_text(at),
        related=" ".join(related),
        commitment=b"" if content is None or salt is None else commit(content, salt),
        salt_hash=b"" if salt is None else hashlib.sha256(salt).digest(),
    )
    _insert(leaf, salt, hash_leaf(leaf_bytes(leaf)))
    return UUID(leaf.id)


def _insert(leaf: Leaf, salt: bytes | None, leaf_hash: bytes) -> None:
    """Insert by plain SQL: every act pays for this, and the ORM costs three times the statement."""
    row = {
        "public_id": Entry._meta.pk.get_db_prep_value(UUID(leaf.id), connection),
        "act": leaf.act,
        "subject": leaf.subject,
        "actor": leaf.actor,
        "post": leaf.post,
        "org": leaf.org,
        "on_behalf_of": leaf.on_behalf_of,
        "at": leaf.at,
        "related": leaf.related,
        "commitment": leaf.commitment,
        "salt": salt,
        "salt_hash": leaf.salt_hash,
        "leaf_hash": leaf_hash,
    }
    places = ", ".join(["%s"] * len(row))
    sql = f'INSERT INTO "{Entry._meta.db_table}" ({", ".join(row)}) VALUES ({places})'  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(sql, list(row.values()))


def _entry_id(at: datetime) -> UUID:
    """Make a UUIDv7 that sorts after those this process made before it for the same millisecond.

    An act often leaves two entries at one instant; the counter keeps their order. Source: RFC 9562, 6.2 method 1.
    """
    value = new_id(at).int
    count = next(_counter) % (1 << _COUNTER_BITS)
    high, low = count >> 12, count & 0xFFF
    value = value & ~(0xFFF << 64) | high << 64
    value = value & ~(0xFFF << 50) | low << 50
    return UUID(int=value)
