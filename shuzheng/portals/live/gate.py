"""Who may listen: the session is read as an ordinary page reads it, but never prolonged.

A page that is open and untouched must time out as before, so nothing here saves a session.
"""

from collections.abc import Collection
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import parse_cookie

from shuzheng.base.access.queries import scope_of
from shuzheng.portals.live.types import Listener
from shuzheng.portals.shell.middleware import DESK, find_actor
from shuzheng.portals.shell.session import post_of
from shuzheng.portals.shell.types import CityRequest


def session_of(cookies: str) -> str:
    """Return the key of the session in a `Cookie` header, '' when there is none."""
    return parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")


def admit(key: str, *, at: datetime) -> Listener | None:
    """Return who listens with a session: the person, and the post chosen at the desk; None for nobody signed in."""
    row = _store(key).get_model_class().objects.filter(session_key=key, expire_date__gt=at).first() if key else None
    if row is None:
        return None
    request = CityRequest()
    request.COOKIES = {settings.SESSION_COOKIE_NAME: key}
    request.at, request.session = at, _store(key)
    request.user = get_user(request)
    request.path = DESK if post_of(request.session) is not None else "/"
    actor = None if isinstance(request.user, AnonymousUser) else find_actor(request)
    if actor is None or actor.person is None:
        return None
    posts = scope_of(actor).posts
    return Listener(person=actor.person, session=key, mark=row.session_data, posts=posts, looked_at=at)


def marks_of(keys: Collection[str], *, at: datetime) -> dict[str, str]:
    """Return the stored content of those sessions that are still open, by key."""
    rows = _store("").get_model_class().objects.filter(session_key__in=keys, expire_date__gt=at)
    return dict(rows.values_list("session_key", "session_data"))


def _store(key: str) -> SessionStore:
    found = import_module(settings.SESSION_ENGINE).SessionStore(key)
    if not isinstance(found, SessionStore):
        raise TypeError("live pages need sessions in the database")
    return found
