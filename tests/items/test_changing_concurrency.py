"""Reviewers at once, on whichever database the tests run on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.directory.queries import forget_depths
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.services.items.actions import changing as act
from shuzheng.services.items.errors import ChangeMoved
from shuzheng.services.items.models import Item
from shuzheng.services.items.queries import get_item
from shuzheng.services.items.types.changing import ChangeView
from tests.items.city import AT, PERMIT, load_city
from tests.items.reviewing import (
    AUTHORITY,
    BUREAU,
    CITY_CLERK,
    SECOND_REVIEWER,
    THIRD_REVIEWER,
    in_post,
    with_reviewers,
)

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _city(transactional_db: None) -> None:
    forget_depths()
    directory_pack.apply(with_reviewers(load_city()), actor=SYSTEM, at=AT)


def submitted(**typed: str) -> ChangeView:
    actor = in_post(CITY_CLERK, BUREAU)
    raw = {"reason": ("缩短",), **{name: (value,) for name, value in typed.items()}}
    view, problems = act.save_change(raw, item=PERMIT, base=1, command_id=uuid4(), actor=actor, at=AT)
    assert problems == ()
    return act.submit_change(view.id, command_id=uuid4(), actor=actor, at=AT)


def approve(change: ChangeView, id_no: str) -> str:
    actor = in_post(id_no, AUTHORITY)
    try:
        done = act.approve_change(
            change.id, effective_on=TODAY, expected_rev=change.rev, command_id=uuid4(), actor=actor, at=AT
        )
    except ChangeMoved:
        return "moved"
    return done.state


def together(*jobs: Callable[[], str]) -> list[str]:
    def run(job: Callable[[], str]) -> str:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return sorted(pool.map(run, jobs))


def test_of_two_who_approve_one_change_at_once_one_does() -> None:
    change = submitted(promised_days="3")
    found = together(lambda: approve(change, SECOND_REVIEWER), lambda: approve(change, THIRD_REVIEWER))
    assert found == ["in_force", "moved"]
    assert Item.objects.filter(code=PERMIT).count() == 2


def test_two_changes_of_different_fields_approved_at_once_both_stand() -> None:
    days, visits = submitted(promised_days="3"), submitted(visits="1")
    found = together(lambda: approve(days, SECOND_REVIEWER), lambda: approve(visits, THIRD_REVIEWER))
    assert found == ["in_force", "in_force"]
    item = get_item(PERMIT)
    assert (item.version, item.promised_days, item.visits) == (3, 3, 1)
