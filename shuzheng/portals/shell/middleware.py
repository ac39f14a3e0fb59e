"""The edge of every page: language, actor, policy headers, errors. Order as in `config.settings`."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation
from django.utils.cache import patch_vary_headers
from typing_extensions import override

from shuzheng.base.directory import queries as directory
from shuzheng.base.directory.errors import MayNotActFor
from shuzheng.base.kernel import clock
from shuzheng.base.kernel.errors import NotFound, Refused
from shuzheng.base.kernel.types import Actor
from shuzheng.portals.shell import session as memory
from shuzheng.portals.shell.errors import BodyTooLarge, OnlyByButton
from shuzheng.portals.shell.failures import answer_failure, wants_problem
from shuzheng.portals.shell.types import CityRequest

GetResponse = Callable[[CityRequest], HttpResponse]

DESK = "/desk/"
MAX_BODY_BYTES = 32 * 1024 * 1024
"""Three of the largest files in one form and some text; more is refused before it is read."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""No inline script, no inline style; bpmn-js sets styles through the DOM, which this allows."""
PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


class SessionMiddleware(DjangoSessionMiddleware):
    """Open the session; every request prolongs it but those a page makes by itself, with the header `X-Background`.

    Otherwise a page left open, which renews its inbox whenever a case comes in, would never time out.
    """

    @override
    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Store the session, unless nobody was there and nothing in it changed."""
        if "X-Background" in request.headers and not request.session.modified:
            return response
        return super().process_response(request, response)


class LanguageMiddleware:
    """Choose the language by the reader's own switch alone: Chinese until they ask for another.

    Unlike Django's, this does not read `Accept-Language`: a citizen with an English browser gets the city's language.
    A program has no switch; it is answered in the language it accepts.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._known = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: CityRequest) -> HttpResponse:
        """Answer one request."""
        asked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = asked if asked in self._known else settings.LANGUAGE_CODE
        code = self._of_program(request) or code
        request.LANGUAGE_CODE = code
        with translation.override(code):
            response = self.get_response(request)
        response.setdefault("Content-Language", code)
        patch_vary_headers(response, ("Cookie", "Accept-Language") if wants_problem(request) else ("Cookie",))
        return response

    @staticmethod
    def _of_program(request: HttpRequest) -> str:
        """Return what a program accepts, '' for people and for programs that do not say."""
        asked = request.headers.get("Accept-Language", "") if wants_problem(request) else ""
        return translation.get_language_from_request(request) if asked else ""


class ActorMiddleware:
    """Put `request.actor`, `request.at` and `request.held` on each request.

    On the desk the actor holds a post; on every other front they act for themselves or for whom they chose. A
    lapsed session, a closed account or a role that ended leaves a visitor, or the person alone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: CityRequest) -> HttpResponse:
        """Answer one request."""
        request.at = clock.now()
        request.held = {}
        request.actor = find_actor(request)
        return self.get_response(request)


def find_actor(request: CityRequest) -> Actor | None:
    """Return who is signed in, in the role chosen; None for a visitor. No query without a session."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.user.pk is None:
        return None
    account = int(request.user.pk)
    at_desk = request.path.startswith(DESK)
    post = memory.post_of(request.session) if at_desk else None
    standing = None if at_desk else memory.standing_of(request.session)
    try:
        return directory.get_actor(account, at=request.at, acting_for=standing, post=post)
    except MayNotActFor:  # a firm changed hands, a mandate was revoked or a post ended since it was chosen
        memory.forget_role(request.session)
        return directory.get_actor(account, at=request.at)
    except (NotFound, Refused):
        request.session.flush()
        return None


class PolicyMiddleware:
    """Send the security headers; keep personal pages out of every cache; refuse bodies no form of ours sends."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: CityRequest) -> HttpResponse:
        """Answer one request."""
        if _announced_length(request) > MAX_BODY_BYTES:
            response = answer_failure(request, BodyTooLarge(limit_mb=MAX_BODY_BYTES // 1024 // 1024))
        else:
            response = self.get_response(request)
        response.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Cache-Control", "no-cache" if request.actor is None else "private, no-store")
        return response


def _announced_length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdigit() else 0


class ErrorMiddleware:
    """Turn what a view raises into a page or an RFC 9457 problem document."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: CityRequest) -> HttpResponse:
        """Answer one request."""
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):  # Django's has no words
            told = answer_failure(request, OnlyByButton())
            told["Allow"] = response["Allow"]
            return told
        return response

    def process_exception(self, request: CityRequest, exception: Exception) -> HttpResponse:
        """Answer any exception of a view; unexpected ones are logged with the reference number shown."""
        return answer_failure(request, exception)
