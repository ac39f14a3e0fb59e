"""Seal and open the texts of queries."""

from uuid import UUID

from django.conf import settings

from shuzheng.base.kernel.seal import blind_index, seal_text, unseal_text


def seal_query(place: str, owner: UUID, text: str) -> bytes:
    """Return a text sealed.

    Args:
        place: `query` or `saved`.
        owner: Public id of the row.
        text: What to hide.
    """
    return seal_text(settings.SHUZHENG.read_key("seal"), text, f"lake.{place}:{owner}")


def open_query(place: str, owner: UUID, sealed: bytes | memoryview) -> str:
    """Return what `seal_query` sealed.

    Raises:
        SealBroken: Changed by hand, moved to another row, or the key is gone.
    """
    if not sealed:
        return ""
    return unseal_text(settings.SHUZHENG.read_key("seal"), bytes(sealed), f"lake.{place}:{owner}")


def index_of_query(text: str) -> bytes:
    """Return a keyed digest of a text. Its key is never changed."""
    return blind_index(settings.SHUZHENG.read_key("index"), f"lake.query:{text}")
