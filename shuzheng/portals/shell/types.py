"""What the middleware puts on each request."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import HttpRequest

from shuzheng.base.kernel.types import Actor

TypedFields = Mapping[str, Sequence[str]]
"""Fields of a form as typed, every value of each name."""


class CityRequest(HttpRequest):
    """A request that knows who acts and when.

    Attributes:
        actor: Who is signed in, in the role chosen; None for a visitor.
        at: The moment of the request; views pass it to every action.
        held: What was typed before the session lapsed, given back once; empty otherwise.
    """

    actor: Actor | None
    at: datetime
    held: TypedFields
