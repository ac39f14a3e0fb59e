"""What a session remembers beside the account: the firm acted for, and the post chosen.

The desk acts in the post, every other front for the person or the firm: an officer's own affairs are their own.
"""

from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from shuzheng.base.kernel.types import FirmId, PostId

ACTING_FOR = "acting_for"
POST = "post"


def read_id(text: str) -> UUID | None:
    """Return a UUID written as text, None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def firm_of(session: SessionBase) -> FirmId | None:
    """Return the firm this session acts for."""
    found = read_id(str(session.get(ACTING_FOR, "")))
    return None if found is None else FirmId(found)


def post_of(session: SessionBase) -> PostId | None:
    """Return the post this session has chosen."""
    found = read_id(str(session.get(POST, "")))
    return None if found is None else PostId(found)


def act_for(session: SessionBase, firm: FirmId | None) -> None:
    """Remember the firm, or that the person acts for themselves. The caller has checked that they may."""
    if firm is None:
        session.pop(ACTING_FOR, None)
    else:
        session[ACTING_FOR] = str(firm)


def take_post(session: SessionBase, post: PostId) -> None:
    """Remember the post chosen. The caller has checked that the person holds it."""
    session[POST] = str(post)


def forget_role(session: SessionBase) -> None:
    """Forget firm and post: the role chosen is no longer the person's."""
    session.pop(ACTING_FOR, None)
    session.pop(POST, None)
