"""Who may see whom a policy fits: the post that pays it, and the one that governs the data of its place."""

from collections.abc import Collection
from typing import Final

from shuzheng.base.directory.types import OrganizationView
from shuzheng.services.benefits.errors import MayNotFindEveryone
from shuzheng.services.rulebook.rules.permitting import covers, is_office_of

PAYER: Final = "benefit_payer"
AUTHORITY: Final = "data_authority"


def check_may_find(roles: Collection[str], office: OrganizationView | None, *, department: str, division: str) -> None:
    """Let pass who may see whom a published policy fits.

    A data authority sees the policies of its own division and of those below it. A payer also has to be of the
    department that pays: the city's own, or the county's office of the same name.

    Args:
        roles: Of the post acted in.
        office: Its organization; None on the public front.
        department: Short name of the department that pays, as the city's is called.
        division: Division the policy is published for.

    Raises:
        MayNotFindEveryone: It may not.
    """
    if office is None or not {PAYER, AUTHORITY} & set(roles) or not covers(office.division, division):
        raise MayNotFindEveryone
    if AUTHORITY not in roles and not is_office_of(office, department):
        raise MayNotFindEveryone


def may_find(roles: Collection[str], office: OrganizationView | None, *, department: str, division: str) -> bool:
    """Tell whether `check_may_find` lets pass."""
    try:
        check_may_find(roles, office, department=department, division=division)
    except MayNotFindEveryone:
        return False
    return True
