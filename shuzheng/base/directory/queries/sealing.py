"""Seal, open and index the directory's personal data with the keys of this installation."""

from uuid import UUID

from django.conf import settings

from shuzheng.base.kernel.seal import blind_index, blind_indexes, seal_text, unseal_text


def seal_field(field: str, owner: UUID, text: str) -> bytes:
    """Return the sealed text, bound to the field and the row; an empty text stays empty.

    Args:
        field: Such as `person.id_no`.
        owner: Public id of the row.
        text: What to hide.
    """
    if not text:
        return b""
    return seal_text(settings.SHUZHENG.read_key("seal"), text, f"directory.{field}:{owner}")


def open_field(field: str, owner: UUID, sealed: bytes | memoryview) -> str:
    """Return the text `seal_field` sealed.

    Raises:
        SealBroken: Changed by hand, moved to another row, or the key is gone.
    """
    if not sealed:
        return ""
    return unseal_text(settings.SHUZHENG.read_key("seal"), bytes(sealed), f"directory.{field}:{owner}")


def index_of(text: str) -> bytes:
    """Return a keyed digest of a text: pseudonyms, hashes of addresses. Its key is never changed."""
    return blind_index(settings.SHUZHENG.read_key("index"), text)


def index_of_id_no(id_no: str) -> bytes:
    """Return the blind index of an identity number, as a new row stores it."""
    return blind_index(settings.SHUZHENG.read_key("blind"), id_no.strip().upper())


def indexes_of_id_no(id_no: str) -> tuple[bytes, ...]:
    """Return every index an identity number may be stored under while the key is being changed; search with these."""
    return blind_indexes(settings.SHUZHENG.read_key("blind"), id_no.strip().upper())
