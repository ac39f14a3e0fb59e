"""Public ids: UUIDv7 taken from the moment of the act, so that they sort by time. Source: RFC 9562, 5.7."""

import secrets
from datetime import datetime
from uuid import UUID


def new_id(at: datetime) -> UUID:
    """Make a UUIDv7 whose first 48 bits are the Unix time of `at` in milliseconds.

    Args:
        at: Aware moment of the act.

    Example:
        >>> from datetime import UTC
        >>> new_id(datetime(2026, 11, 24, tzinfo=UTC)).version
        7
    """
    milliseconds = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    value = milliseconds << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
