"""Who may read a rule, propose a successor, and review one. Decided here for pages, lists, exports and the API."""

from collections.abc import Collection

from shuzheng.base.kernel.types import Actor
from shuzheng.services.rulebook.errors import MayNotRead
from shuzheng.services.rulebook.types import BOOK_LABELS, PUBLIC_BOOKS


def readable_books(actor: Actor | None) -> Collection[str]:
    """Return the books an actor may read: an officer or a machine of a body every one, anybody else the public ones."""
    if actor is not None and (actor.is_officer or actor.machine is not None or actor.is_system):
        return frozenset(BOOK_LABELS)
    return PUBLIC_BOOKS


def check_may_read(book: str, actor: Actor | None) -> None:
    """Let pass who may read a book.

    Raises:
        MayNotRead: The book is for officers only.
    """
    if book not in readable_books(actor):
        raise MayNotRead
