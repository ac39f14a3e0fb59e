"""Ids that forms carry."""

from uuid import UUID, uuid4


def read_uuid(text: str) -> UUID:
    """Return the id a form carried; a new one when it carried none."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
