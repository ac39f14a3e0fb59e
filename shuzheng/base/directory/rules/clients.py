"""Ids, secrets and redirect addresses of programs that sign in."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from shuzheng.base.directory.errors import RedirectUnfit, RoleUnknown
from shuzheng.base.directory.types import Duty, PostRole

SECRET_BYTES: Final = 32
FAILURES: Final = 10
"""Wrong secrets of one id from one address within the window that lock it."""
ROTATION: Final = timedelta(days=7)
"""How long an old secret still holds after a rotation, unless said otherwise."""
ROLES: Final = frozenset((*map(str, Duty), str(PostRole.DIRECTOR)))
LOOPBACK: Final = frozenset(("127.0.0.1", "localhost", "::1"))


def make_secret() -> str:
    """Return a new secret or token: 256 random bits, so that a plain hash of it cannot be guessed back."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest_of(secret: str) -> bytes:
    """Return what is stored of a secret, token or code."""
    return hashlib.sha256(secret.encode()).digest()


def check_roles(roles: Iterable[str]) -> frozenset[str]:
    """Return the roles of a machine, each one that a post could carry; never the administrator's.

    Raises:
        RoleUnknown: Another word.
    """
    wanted = frozenset(roles)
    for role in sorted(wanted - ROLES):
        raise RoleUnknown(role=role)
    return wanted


def check_redirect(uri: str) -> None:
    """Check a redirect address when it is registered; requests must then repeat it letter by letter.

    Raises:
        RedirectUnfit: Not https (http on the loopback), a fragment, a user, or no host.

    Example:
        >>> check_redirect("https://oa.example.gov.cn/callback")
    """
    parts = urlsplit(uri)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not safe or not parts.hostname or "@" in parts.netloc or "#" in uri or len(uri) > 400 or not uri.isprintable():
        raise RedirectUnfit
