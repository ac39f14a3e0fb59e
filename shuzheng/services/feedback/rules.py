"""Who may rate what, and how. Pure."""

from collections.abc import Sequence

from shuzheng.base.kernel.types import Actor
from shuzheng.engines.cases.types import CaseView
from shuzheng.services.feedback import errors
from shuzheng.services.feedback.types import COMMENT_LIMIT, TAGS, RatingLevel


def check_may_rate(actor: Actor, case: CaseView) -> None:
    """Let pass the applicant of a closed case.

    Raises:
        NotYourCase: Anybody else, an officer included.
        NotOver: The case is under way.
    """
    party = actor.party
    if actor.is_officer or party is None or (party.kind, party.id) != (case.applicant.kind, case.applicant.id):
        raise errors.NotYourCase
    if not case.state.is_over:
        raise errors.NotOver


def may_rate(actor: Actor, case: CaseView) -> bool:
    """Tell whether `check_may_rate` lets pass."""
    try:
        check_may_rate(actor, case)
    except (errors.NotYourCase, errors.NotOver):
        return False
    return True


def read_rating(level: int, tags: Sequence[str], comment: str) -> tuple[RatingLevel, tuple[str, ...], str]:
    """Return level, tags (each once, in order) and comment without surrounding blanks.

    Raises:
        LevelUnknown, TagUnknown, CommentTooLong: What is wrong.
    """
    if isinstance(level, bool) or level not in set(RatingLevel):
        raise errors.LevelUnknown
    if any(tag not in TAGS for tag in tags):
        raise errors.TagUnknown
    text = comment.strip()
    if len(text) > COMMENT_LIMIT:
        raise errors.CommentTooLong(limit=COMMENT_LIMIT, length=len(text))
    return RatingLevel(level), tuple(dict.fromkeys(tags)), text
