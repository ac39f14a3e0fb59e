"""Seal, open and index what a licence holds of a person, and the keys that sign codes."""

import json
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from shuzheng.base.kernel.seal import blind_index, blind_indexes, seal_text, unseal_text
from shuzheng.engines.credentials.rules.cose import key_id


def seal_value(field: str, licence: UUID, text: str) -> bytes:
    """Return a sealed text, bound to field and licence."""
    return seal_text(settings.SHUZHENG.read_key("seal"), text, f"credentials.{field}:{licence}")


def open_value(field: str, licence: UUID, sealed: bytes | memoryview) -> str:
    """Return what `seal_value` sealed.

    Raises:
        SealBroken: Changed by hand, moved to another row, or the key is gone.
    """
    return unseal_text(settings.SHUZHENG.read_key("seal"), bytes(sealed), f"credentials.{field}:{licence}")


def seal_fields(licence: UUID, fields: dict[str, str]) -> bytes:
    """Return the printed fields sealed, their order kept."""
    return seal_value("fields", licence, json.dumps(fields, ensure_ascii=False))


def open_fields(licence: UUID, sealed: bytes | memoryview) -> dict[str, str]:
    """Return the printed fields in the order of the sheet. Raises like `open_value`."""
    fields: dict[str, str] = json.loads(open_value("fields", licence, sealed))
    return fields


def index_of(what: str, text: str) -> bytes:
    """Return a keyed digest; `what` keeps equal texts of different rooms and fields apart. Its key is never changed."""
    return blind_index(settings.SHUZHENG.read_key("index"), f"credentials.{what}:{text}")


def blind_index_of(what: str, text: str) -> bytes:
    """Return the blind index of what can be read again from a sealed column, as a new row stores it."""
    return blind_index(settings.SHUZHENG.read_key("blind"), f"credentials.{what}:{text}")


def blind_indexes_of(what: str, text: str) -> tuple[bytes, ...]:
    """Return every index a text may be stored under while the key is being changed."""
    return blind_indexes(settings.SHUZHENG.read_key("blind"), f"credentials.{what}:{text}")


def signing_key() -> Ed25519PrivateKey:
    """Return the key that signs codes."""
    return _private_key(settings.SHUZHENG.read_key("licences"))


def public_keys() -> dict[bytes, Ed25519PublicKey]:
    """Return the public keys that codes are checked with, by key id."""
    public = signing_key().public_key()
    return {key_id(public): public}


@lru_cache(maxsize=4)
def _private_key(pem: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the key 'licences' is not an Ed25519 private key; remove the file and run `shuzheng setup`")
    return key
