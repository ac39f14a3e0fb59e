"""Events between rooms: published inside the transaction, handled at once, connected by the composition root.

A handler writes rows or enqueues a job; it never sends anything itself. An exception in a handler undoes the act.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class Event:
    """Base of what a room announces; subclasses are named in the past tense."""


E = TypeVar("E", bound=Event)
_handlers: dict[type[Event], list[Callable[[Event], None]]] = {}


def subscribe(kind: type[E], handler: Callable[[E], None]) -> None:
    """Call `handler` for every published event of exactly this kind; twice the same handler counts once."""

    def narrowed(event: Event) -> None:
        if isinstance(event, kind):
            handler(event)

    narrowed.__dict__["of"] = handler
    known = _handlers.setdefault(kind, [])
    if all(other.__dict__.get("of") is not handler for other in known):
        known.append(narrowed)


def publish(event: Event) -> None:
    """Hand the event to its handlers, in the order they were connected."""
    for handler in _handlers.get(type(event), ()):
        handler(event)
