"""What a session remembers beside the account: for whom is acted, and the post chosen.

The desk acts in the post, every other front for the person or whom they act for: an officer's own affairs are
their own.
"""

from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from shuzheng.base.kernel.types import PostId

ACTING_FOR = "acting_for"
POST = "post"


def read_id(text: str) -> UUID | None:
    """Return a UUID written as text, None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def standing_of(session: SessionBase) -> UUID | None:
    """Return the key of the standing this session acts by: firm, child or mandate."""
    return read_id(str(session.get(ACTING_FOR, "")))


def post_of(session: SessionBase) -> PostId | None:
    """Return the post this session has chosen."""
    found = read_id(str(session.get(POST, "")))
    return None if found is None else PostId(found)


def act_by(session: SessionBase, standing: UUID | None) -> None:
    """Remember the standing, or that the person acts for themselves. The caller has checked that they may."""
    if standing is None:
        session.pop(ACTING_FOR, None)
    else:
        session[ACTING_FOR] = str(standing)


def take_post(session: SessionBase, post: PostId) -> None:
    """Remember the post chosen. The caller has checked that the person holds it."""
    session[POST] = str(post)


def forget_role(session: SessionBase) -> None:
    """Forget standing and post: the role chosen is no longer the person's."""
    session.pop(ACTING_FOR, None)
    session.pop(POST, None)
