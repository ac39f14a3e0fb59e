"""The leaf of an entry: canonical JSON of ids, act, subject, time and commitments. No personal data.

The content of an act is committed to by SHA-256 over a random salt and its canonical JSON. The salt lies beside the
leaf and can be erased; then nothing can be learnt from the commitment, while the leaf keeps the salt's hash.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from shuzheng.base.kernel.canonical import canonical_json
from shuzheng.base.kernel.types import JsonObject

SALT_BYTES: Final = 32
_VERSION: Final = 1
_INSTANT: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True, slots=True)
class Leaf:
    """The hashed part of an entry, each value exactly as its column holds it.

    Attributes:
        id: Public id, canonical text.
        at: UTC instant, `2026-11-24T01:02:03.000004Z`.
        related: URNs separated by one space.
        commitment: 32 bytes, or none when the act has no content.
        salt_hash: SHA-256 of the salt, or none.
    """

    id: str
    act: str
    subject: str
    actor: str
    post: str
    org: str
    on_behalf_of: str
    at: str
    related: str
    commitment: bytes
    salt_hash: bytes


def leaf_bytes(leaf: Leaf) -> bytes:
    """Return what is hashed into the tree."""
    return canonical_json(
        {
            "v": _VERSION,
            "id": leaf.id,
            "act": leaf.act,
            "subject": leaf.subject,
            "actor": leaf.actor,
            "post": leaf.post,
            "org": leaf.org,
            "on_behalf_of": leaf.on_behalf_of,
            "at": leaf.at,
            "related": leaf.related,
            "commitment": leaf.commitment.hex(),
            "salt_hash": leaf.salt_hash.hex(),
        }
    )


def commit(content: JsonObject, salt: bytes) -> bytes:
    """Return the commitment to a content under a salt."""
    return hashlib.sha256(salt + canonical_json(content)).digest()


def matches_content(commitment: bytes, salt: bytes, content: JsonObject) -> bool:
    """Tell whether a content is the one committed to."""
    return hmac.compare_digest(commitment, commit(content, salt))


def instant_text(at: datetime) -> str:
    """Return an aware instant as the leaf writes it; as text it sorts by time.

    Raises:
        ValueError: A datetime without time zone.
    """
    if at.tzinfo is None:
        raise ValueError("an act needs an aware instant")
    return at.astimezone(UTC).strftime(_INSTANT)


def read_instant(text: str) -> datetime:
    """Return the instant of a leaf's text."""
    return datetime.strptime(text, _INSTANT).replace(tzinfo=UTC)
