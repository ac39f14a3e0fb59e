"""Seal and open the mail addresses people gave, with the keys of this installation."""

from uuid import UUID

from django.conf import settings

from shuzheng.base.kernel.seal import seal_text, unseal_text


def seal_address(contact: UUID, address: str) -> bytes:
    """Return a sealed address, bound to its row; an empty one stays empty."""
    return seal_text(settings.SHUZHENG.read_key("seal"), address, _context(contact)) if address else b""


def open_address(contact: UUID, sealed: bytes | memoryview) -> str:
    """Return what `seal_address` sealed.

    Raises:
        SealBroken: Changed by hand, moved to another row, or the key is gone.
    """
    return unseal_text(settings.SHUZHENG.read_key("seal"), bytes(sealed), _context(contact)) if sealed else ""


def _context(contact: UUID) -> str:
    return f"notices.contact.address:{contact}"
