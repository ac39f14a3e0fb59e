"""Seal, open and index the directory's personal data with the keys of this installation."""

from uuid import UUID

from django.conf import settings

from shuzheng.base.kernel.seal import blind_index, seal_text, unseal_text


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
    """Return the keyed blind index of a canonical text."""
    return blind_index(settings.SHUZHENG.read_key("index"), text)
