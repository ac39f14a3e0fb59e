"""Cases to look at: applied for through the real actions, then moved on by the officers of the template city."""

from datetime import datetime
from uuid import uuid4

from django.test import Client

from shuzheng.base.directory import queries as directory
from shuzheng.base.kernel.types import Actor, PostId
from shuzheng.engines.cases import actions as cases, queries
from shuzheng.engines.cases.types import CaseView, TaskInput
from shuzheng.services.items import actions as items
from tests.portals.browsing import PDF, PERMIT, act_for_firm, sign_in
from tests.portals.conftest import AT

UNIT = "11990102MBY000096A4000199001001"
ANSWERS = {
    "contact_mobile": ["13800001234"],
    "place_address": ["石桥路 8 号"],
    "division": ["990102"],
    "area": ["86.5"],
    "format": ["餐饮服务经营者"],
    "projects": ["热食类食品制售"],
    "online": ["false"],
    "staff": ["6"],
}
FLOOR_PLAN, HEALTH = 4, 6


def owner() -> Actor:
    """The firm's legal representative, acting for the firm."""
    account = directory.find_account("xiaoguan")
    assert account is not None
    return directory.get_actor(account.id, at=AT, acting_for=directory.list_firms_of(account.person)[0].id)


def officer(name: str) -> Actor:
    """An officer in the first post."""
    account = directory.find_account(name)
    assert account is not None
    post: PostId = directory.list_posts_of(account.person)[0].id
    return directory.get_actor(account.id, at=AT, post=post)


def make_case(at: datetime = AT) -> CaseView:
    """An application with its two papers, just submitted."""
    files = {FLOOR_PLAN: ("平面布局图.pdf", PDF), HEALTH: ("健康证明.pdf", PDF)}
    return items.apply_at_once(PERMIT, UNIT, ANSWERS, files, command_id=uuid4(), actor=owner(), at=at)


def move(case: CaseView, outcome: str, by: str, *, at: datetime = AT, given: TaskInput | None = None) -> CaseView:
    """Complete the open task of a case."""
    actor = officer(by)
    now = queries.get_case(case.number, actor=actor)
    return cases.complete_task(
        now.id, now.tasks[0].n, outcome, given=given or TaskInput(), command_id=uuid4(), actor=actor, at=at
    )


def make_asked(reason: str = "看不清：请重拍") -> CaseView:
    """A case that waits for its applicant."""
    return move(make_case(), "supplement", "shouli", given=TaskInput(reasons=(reason,), papers=(FLOOR_PLAN,)))


def make_accepted() -> CaseView:
    """A case on the approvers' table."""
    return move(make_case(), "accept", "shouli")


def make_granted() -> CaseView:
    """A case with its licence issued."""
    return move(make_accepted(), "grant", "shenpi")


def at_desk(name: str) -> Client:
    """A browser of an officer who is signed in."""
    client = Client()
    sign_in(client, name)
    return client


def for_firm() -> Client:
    """A browser of the firm's representative, acting for it."""
    client = Client()
    sign_in(client, "xiaoguan")
    act_for_firm(client)
    return client
