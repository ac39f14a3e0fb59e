"""Open a session after somebody proved who they are, whichever way; and where they land."""

from django.contrib.auth import login
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from shuzheng.base.directory import queries as directory
from shuzheng.base.directory.backends.sessions import DEVICE, METHOD, OPENED_AT
from shuzheng.base.directory.rules.devices import read_device
from shuzheng.base.directory.types import AccountView
from shuzheng.portals.shell import session as memory
from shuzheng.portals.shell.acting import act_as_before
from shuzheng.portals.shell.context import ELDER_COOKIE
from shuzheng.portals.shell.cookies import remember
from shuzheng.portals.shell.errors import Breakdown
from shuzheng.portals.shell.middleware import DESK
from shuzheng.portals.shell.types import CityRequest

BACKEND = "django.contrib.auth.backends.ModelBackend"
AUTHORIZE = "/oidc/authorize"
"""Where the sign-in service begins; from there the browser leaves for another origin."""


def address_hash(request: HttpRequest) -> str:
    """Return a keyed hash of the client's address: enough to see many tries, not to know where from."""
    return directory.hash_address(request.META.get("REMOTE_ADDR", ""))


def enter(request: CityRequest, account: AccountView, *, method: str, back: str) -> HttpResponse:
    """Open the session and send the person on: back to the page that asked, to the desk, or home.

    Args:
        request: The request that proved the person.
        account: Whose session it becomes.
        method: `password` or `external`.
        back: Path of ours, '' to choose.
    """
    user = ModelBackend().get_user(account.id)
    if user is None:
        raise Breakdown
    login(request, user, backend=BACKEND)
    request.session[DEVICE] = read_device(request.headers.get("User-Agent", ""))
    request.session[METHOD] = method
    request.session[OPENED_AT] = request.at.isoformat()
    if back:
        act_as_before(request, account)
    response = _send_on(request, back or _landing(request, account))
    if account.elder_mode:
        remember(response, ELDER_COOKIE, "1")
    return response


def _send_on(request: CityRequest, to: str) -> HttpResponse:
    """Redirect; to the sign-in service by a page, because `form-action` holds a form's redirects to this origin."""
    if to.startswith(AUTHORIZE):
        return render(request, "shell/onward.html", {"onward": to})
    return HttpResponseRedirect(to)


def _landing(request: CityRequest, account: AccountView) -> str:
    """Return where a person lands: officers at the desk in their first post, others at home."""
    posts = directory.list_posts_of(account.person)
    if not posts:
        return reverse("resident:home")
    memory.take_post(request.session, posts[0].id)
    return DESK
