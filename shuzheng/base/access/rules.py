"""The decision who sees a thing, and which readings are one."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from shuzheng.base.access.types import Scope
from shuzheng.base.kernel.types import Actor, ItemCode, OrgId, Party

TOGETHER: Final = timedelta(minutes=10)
"""The same reader, thing and purpose within this time of the first reading is one entry with a count."""


def may_see(
    scope: Scope,
    *,
    parties: Collection[UUID],
    orgs: Collection[OrgId],
    above: Collection[OrgId] = (),
    item: ItemCode | None = None,
) -> bool:
    """Tell whether an actor may see a thing.

    An officer sees by the post acted in alone; their own affairs they see on the public front.

    Args:
        scope: From `scope_of`.
        parties: Persons and firms whose thing it is.
        orgs: Units that have a part in it, such as window and decider.
        above: Units above those; a supervising post of one of them may see it too.
        item: The item it belongs to; whoever acts by a mandate for named items sees nothing else.
    """
    if scope.system:
        return True
    if scope.posts:
        return any(post.org in orgs or (post.supervises and post.org in above) for post in scope.posts)
    if scope.limited_to is not None and item not in scope.limited_to:
        return False
    return scope.party is not None and scope.party.id in parties


def is_own(actor: Actor, subject: Party) -> bool:
    """Tell whether the reader reads their own data: their person, or the firm they act for."""
    return subject.id == actor.person or (actor.on_behalf_of is not None and actor.on_behalf_of.id == subject.id)
