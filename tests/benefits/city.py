"""The template city with its policies, and the people who look at them."""

from datetime import UTC, datetime
from typing import Final

from shuzheng.base.directory.queries import list_posts_of
from shuzheng.base.jobs.types import HANDLERS
from shuzheng.base.kernel.pack import Changes, PackRows
from shuzheng.base.kernel.types import SYSTEM, Actor
from shuzheng.services.benefits import pack as benefits_pack
from shuzheng.services.benefits.actions import STEP_JOB, run_step
from tests.items.city import person

AT: Final = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
KITCHEN: Final = "TP-SC-01"
"""A family for firms of two counties in 2023."""
ELDERS: Final = "TP-MZ-01"
"""A family for people of the city in 2022 and 2023."""
CHIEF: Final = "990100197206069916"
"""Approver of the market bureau, and chief of the data bureau in another post."""


def load_policies(pack: PackRows) -> Changes:
    if STEP_JOB not in HANDLERS:
        HANDLERS.register(STEP_JOB, run_step)
    return benefits_pack.apply(pack, actor=SYSTEM, at=AT)


def in_post(id_no: str, role: str) -> Actor:
    """The person in the post that has a role."""
    actor = person(id_no)
    assert actor.person is not None
    post = next(one for one in list_posts_of(actor.person) if role in one.roles)
    return Actor(
        name=actor.name,
        person=actor.person,
        post=post.id,
        org=post.organization,
        org_name=post.organization_name,
        roles=post.roles,
    )
