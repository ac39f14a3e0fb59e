"""Who may open a page at all. What they may see on it is decided below, in the rooms.

@residents          # signed in, for themselves or a firm
@officers           # signed in, in a post
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from shuzheng.base.directory import queries as directory
from shuzheng.base.kernel.types import Actor
from shuzheng.portals.shell import held, kept, session as memory
from shuzheng.portals.shell.errors import NotAnOfficer, SignInFirst
from shuzheng.portals.shell.failures import wants_problem
from shuzheng.portals.shell.types import CityRequest

P = ParamSpec("P")
View = Callable[Concatenate[CityRequest, P], HttpResponseBase]


def residents(view: View[P]) -> View[P]:
    """Let signed-in people in; send others to sign in and back, with what they typed."""

    @wraps(view)
    def guarded(request: CityRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.actor is None:
            return ask_to_sign_in(request)
        if request.method != "GET":
            response = view(request, *args, **kwargs)
            kept.forget_sent(request, response)
            return response
        request.held = held.take_back(request)
        response = view(request, *args, **kwargs)
        held.forget(request, response)
        return response

    return guarded


def officers(view: View[P]) -> View[P]:
    """Let people in who hold a post, in the one they chose or their first; others are told whom to ask."""

    @wraps(view)
    def guarded(request: CityRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.actor is not None and request.actor.post is None:
            request.actor = _in_first_post(request, request.actor)
        return residents(view)(request, *args, **kwargs)

    return guarded


def ask_to_sign_in(request: CityRequest) -> HttpResponse:
    """Send a visitor to the sign-in page and back to this path; what they typed waits for them."""
    if wants_problem(request):
        raise SignInFirst
    token = held.keep(request) if request.method == "POST" else ""
    asked = {"next": request.get_full_path() if request.method == "GET" else request.path}
    if token:
        asked["held"] = "1"
    response = HttpResponseRedirect(f"{reverse('shell:sign_in')}?{urlencode(asked)}")
    if token:
        held.hand_token(request, response, token)
    return response


def actor_of(request: CityRequest) -> Actor:
    """Return who acts, on a guarded page."""
    if request.actor is None:
        raise SignInFirst
    return request.actor


def _in_first_post(request: CityRequest, person: Actor) -> Actor:
    posts = directory.list_posts_of(person.person) if person.person is not None else ()
    if not posts:
        raise NotAnOfficer
    memory.take_post(request.session, posts[0].id)
    return directory.get_actor(int(request.user.pk or 0), at=request.at, post=posts[0].id)
