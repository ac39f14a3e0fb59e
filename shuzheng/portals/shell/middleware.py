"""Actor, policy and error edge of every page (stub: owner G replaces)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """Put `request.actor` and `request.at` on each request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class PolicyMiddleware(ActorMiddleware):
    """Send the content security policy."""


class ErrorMiddleware(ActorMiddleware):
    """Turn errors into pages or problem documents."""
