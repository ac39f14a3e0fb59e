"""Who may decide how a column is graded."""

from typing import Final

from shuzheng.base.directory.types import OrganizationView
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.errors import GradingNotYours

STEWARD: Final = "data_steward"
AUTHORITY: Final = "data_authority"
_ZEROS: Final = "00"


def check_may_confirm(actor: Actor, *, office: OrganizationView | None, owner: OrganizationView | None) -> None:
    """Let pass who may confirm or decline a proposed grade, and have a table looked through.

    A data steward decides for the tables of its own body, a data authority for those of every body of its division
    and of the divisions below.

    Args:
        actor: Who would decide; a person in a post.
        office: Body of the post, None without one.
        owner: Body that answers for the table, None when the directory does not know it.

    Raises:
        GradingNotYours: It may not.
    """
    if not actor.is_officer or office is None:
        raise GradingNotYours
    steward = STEWARD in actor.roles and owner is not None and office.code == owner.code
    authority = AUTHORITY in actor.roles and (owner is None or _covers(str(office.division), str(owner.division)))
    if not (steward or authority):
        raise GradingNotYours


def may_confirm(actor: Actor, *, office: OrganizationView | None, owner: OrganizationView | None) -> bool:
    """Tell whether `check_may_confirm` lets pass."""
    try:
        check_may_confirm(actor, office=office, owner=owner)
    except GradingNotYours:
        return False
    return True


def _covers(own: str, division: str) -> bool:
    return division == own or (own.endswith(_ZEROS) and division.startswith(own.removesuffix(_ZEROS)))
