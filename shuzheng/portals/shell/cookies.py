"""Cookies of ours: same site, not for scripts."""

from django.conf import settings
from django.http import HttpResponse

YEAR_SECONDS = 365 * 24 * 3600


def remember(response: HttpResponse, name: str, value: str, *, seconds: int | None = YEAR_SECONDS) -> None:
    """Set a cookie; None seconds keep it for as long as the browser is open."""
    response.set_cookie(
        name, value, max_age=seconds, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
