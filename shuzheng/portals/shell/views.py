"""Pages of the shell (stub: owner G replaces)."""

from django.http import HttpRequest, HttpResponse


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer a form whose token does not match."""
    return HttpResponse(reason, status=403)
