"""Which part of the tree of organizations a list may cover: the post's own, or one below a supervising post."""

from shuzheng.base.access.queries import check_may_see, scope_of
from shuzheng.base.access.types import PostScope, Scope
from shuzheng.base.directory.queries import get_organization, get_organizations
from shuzheng.base.directory.types import OrganizationView
from shuzheng.base.kernel.types import Actor, OrgId
from shuzheng.engines.cases.rules.permissions import may_lead


def check_root(unit: OrgId, *, actor: Actor) -> OrganizationView:
    """Return an organization whose subtree the actor may list.

    Raises:
        OtherUnit: It is neither the post's own nor, for a supervising post, one below it.
        NothingToSee: The actor is not at the desk.
        NoSuchOrganization: The code is unknown.
    """
    organization = get_organization(unit)
    above = [org for org in organization.levels.as_tuple() if org is not None]
    check_may_see(scope_of(actor), parties=(), orgs=(unit,), above=above)
    return organization


def leads_unit(unit: OrgId, actor: Actor) -> bool:
    """Tell whether the actor leads a unit: its director, a director above it, or its own team lead."""
    return may_lead(unit, get_organization(unit).levels, actor)


def roots_of(scope: Scope, post: PostScope, units: tuple[OrgId, ...]) -> tuple[tuple[int, OrgId], ...]:
    """Return level and code of each subtree to list: the units asked for, else the post's own.

    A unit below another of them is left out: its rows come with the other's.

    Raises:
        OtherUnit: A unit is not the post's to see.
    """
    if not units:
        return ((post.level, post.org),)
    found = get_organizations(units)
    roots = []
    for unit in dict.fromkeys(units):
        organization = found.get(unit) or get_organization(unit)
        above = [org for org in organization.levels.as_tuple() if org is not None]
        check_may_see(scope, parties=(), orgs=(unit,), above=above)
        if not any(other in above and other != unit for other in units):
            roots.append((organization.depth, unit))
    return tuple(roots)
