"""Sealing: personal data at rest is AES-256-GCM, bound to its place, under a key ring that can be rotated.

A sealed value is `0x01 | length of key id | key id | nonce (12 bytes) | ciphertext and tag (16 bytes)`. The head and
the `context` (such as `directory.person.id_no:<uuid>`) are authenticated: a value copied to another row does not open.
The key ring is the JSON that `read_key("seal")` gives: `{"active": "1", "keys": {"1": base64 of 32 bytes}}`.
To find a sealed value again, store `blind_index` beside it: HMAC under the active key of a second ring. While its key
is being changed, `blind_indexes` gives every index the text may be stored under.

Source: NIST SP 800-38D (GCM), RFC 2104 (HMAC).
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shuzheng.base.kernel.errors import ShuzhengError

VERSION: Final = 1
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


class SealBroken(ShuzhengError):
    """A sealed value does not open: changed bytes, another place, or a key that is not in the ring."""

    code = "kernel.seal_broken"
    status = 500
    text = "这项加密资料不能打开：内容被改动，或密钥不在密钥环中"
    hint = "请运维人员核对密钥文件与数据库是否来自同一份备份"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by id, and the id new values are sealed with; never shown in a traceback."""

    active: str
    keys: Mapping[str, bytes] = field(repr=False)


@lru_cache(maxsize=8)
def read_key_ring(material: bytes) -> KeyRing:
    """Return the key ring held in JSON.

    Raises:
        ValueError: Not a ring of 32-byte keys with an active one.
    """
    ring = json.loads(material)
    keys = {str(name): base64.b64decode(text, validate=True) for name, text in ring["keys"].items()}
    if ring["active"] not in keys or any(len(key) != 32 for key in keys.values()):
        raise ValueError("a key ring needs 32-byte keys and an active one among them")
    if any(not 0 < len(name.encode()) < 256 for name in keys):
        raise ValueError("a key id has 1 to 255 bytes")
    return KeyRing(active=ring["active"], keys=keys)


def _ring_of(key_ring: KeyRing | bytes) -> KeyRing:
    return key_ring if isinstance(key_ring, KeyRing) else read_key_ring(key_ring)


def seal(key_ring: KeyRing | bytes, plaintext: bytes, context: str) -> bytes:
    """Seal bytes with the active key of the ring.

    Args:
        key_ring: A ring, or its JSON.
        plaintext: What to hide.
        context: The place this value belongs to; the same text opens it.
    """
    ring = _ring_of(key_ring)
    name = ring.active.encode()
    head = bytes([VERSION, len(name)]) + name
    nonce = secrets.token_bytes(NONCE_BYTES)
    return head + nonce + AESGCM(ring.keys[ring.active]).encrypt(nonce, plaintext, head + context.encode())


def unseal(key_ring: KeyRing | bytes, sealed: bytes, context: str) -> bytes:
    """Open a sealed value with whichever key of the ring it names.

    Raises:
        SealBroken: Changed, truncated, moved to another context, or its key is gone.
    """
    ring = _ring_of(key_ring)
    name = sealed_with(sealed)
    key = ring.keys.get(name)
    if key is None:
        raise SealBroken
    end = 2 + len(name.encode())
    head, nonce, body = sealed[:end], sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, head + context.encode())
    except InvalidTag:
        raise SealBroken from None


def seal_many(key_ring: KeyRing | bytes, plaintexts: Sequence[bytes], context: str) -> list[bytes]:
    """Seal many values of one place, such as a column; each opens as one that `seal` made does."""
    ring = _ring_of(key_ring)
    name = ring.active.encode()
    head = bytes([VERSION, len(name)]) + name
    bound, encrypt = head + context.encode(), AESGCM(ring.keys[ring.active]).encrypt
    drawn = secrets.token_bytes(NONCE_BYTES * len(plaintexts))
    nonces = (drawn[place : place + NONCE_BYTES] for place in range(0, len(drawn), NONCE_BYTES))
    return [head + nonce + encrypt(nonce, text, bound) for nonce, text in zip(nonces, plaintexts, strict=True)]


def unseal_many(key_ring: KeyRing | bytes, sealed: Iterable[bytes], context: str) -> list[bytes]:
    """Open many values of one place.

    Raises:
        SealBroken: See `unseal`; of any of them.
    """
    ring = _ring_of(key_ring)
    openers = {name: AESGCM(key).decrypt for name, key in ring.keys.items()}
    place = context.encode()
    opened = []
    for value in sealed:
        decrypt, end = openers.get(sealed_with(value)), 2 + value[1]
        if decrypt is None:
            raise SealBroken
        try:
            opened.append(decrypt(value[end : end + NONCE_BYTES], value[end + NONCE_BYTES :], value[:end] + place))
        except InvalidTag:
            raise SealBroken from None
    return opened


def seal_text(key_ring: KeyRing | bytes, text: str, context: str) -> bytes:
    """Seal a text as UTF-8."""
    return seal(key_ring, text.encode(), context)


def unseal_text(key_ring: KeyRing | bytes, sealed: bytes, context: str) -> str:
    """Open a sealed text.

    Raises:
        SealBroken: See `unseal`.
    """
    return unseal(key_ring, sealed, context).decode()


def sealed_with(sealed: bytes) -> str:
    """Return the id of the key a value was sealed with; another than the active one means: seal it again.

    Raises:
        SealBroken: Not a sealed value of a version we know.
    """
    if len(sealed) < 2 or sealed[0] != VERSION or len(sealed) < 2 + sealed[1] + NONCE_BYTES + TAG_BYTES:
        raise SealBroken
    try:
        return sealed[2 : 2 + sealed[1]].decode()
    except UnicodeDecodeError:
        raise SealBroken from None


def read_index_ring(material: bytes) -> KeyRing:
    """Return the ring of index keys: 32 bytes are a ring of one key, named `1`; anything longer is a ring in JSON.

    Raises:
        ValueError: Neither.
    """
    return KeyRing(active="1", keys={"1": material}) if len(material) == 32 else read_key_ring(material)


def blind_index(material: bytes, text: str) -> bytes:
    """Return 32 bytes by which an equal text is found without being readable: HMAC-SHA-256 under the active key.

    Args:
        material: `read_key("blind")`, or any 32 bytes.
        text: The canonical form, so that equal things have equal texts.
    """
    ring = read_index_ring(material)
    return _index_under(ring.keys[ring.active], text)


def blind_indexes(material: bytes, text: str) -> tuple[bytes, ...]:
    """Return every index an equal text may be stored under, that of the active key first."""
    ring = read_index_ring(material)
    others = (name for name in ring.keys if name != ring.active)
    return tuple(_index_under(ring.keys[name], text) for name in (ring.active, *others))


def _index_under(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
