"""The person behind a guarded request."""

from shuzheng.base.kernel.types import PersonId
from shuzheng.portals.shell.errors import SignInFirst
from shuzheng.portals.shell.types import CityRequest


def person_of(request: CityRequest) -> PersonId:
    """Return the person who is signed in, whatever role they act in.

    Raises:
        SignInFirst: Nobody is.
    """
    if request.actor is None or request.actor.person is None:
        raise SignInFirst
    return request.actor.person
