"""Whom deadlines are told: who holds the task or has the duty, the director above, and who stands in for them."""

from datetime import date
from uuid import uuid4

import pytest

from shuzheng.base.directory.actions import name_deputy
from shuzheng.base.kernel.types import PersonId, PostId
from shuzheng.base.notices.models import Notice
from shuzheng.engines.cases import actions as cases
from tests.portals.conftest import AT
from tests.portals.posting import BUREAU, CITY, COUNTY, acting, give_post, local, post_named
from tests.portals.walking import make_case, officer

pytestmark = pytest.mark.usefixtures("city")


def told(title: str) -> set[str]:
    """Names of those who were told."""
    people = Notice.objects.filter(kind="desk", title__startswith=title).values_list("person_id", flat=True)
    names = {post_named("许研青").person.public_id: "许研青", post_named("程朱砂").person.public_id: "程朱砂"}
    names[post_named("章云烟").person.public_id] = "章云烟"
    return {names.get(person, "谢藏书") for person in people}


def stand_in(absent: str, account: str, deputy: str) -> None:
    name_deputy(
        PostId(post_named(absent).public_id),
        PersonId(post_named(deputy).person.public_id),
        first=date(2026, 11, 24),
        last=date(2026, 12, 31),
        command_id=uuid4(),
        actor=acting(account, post_named(absent), AT),
        at=AT,
    )


def test_everyone_with_the_duty_is_told_before_and_once() -> None:
    make_case(local(2026, 11, 20))
    for _ in range(2):
        cases.escalate_due(at=local(2026, 11, 25))
    assert told("快到期") == {"许研青"}
    assert Notice.objects.filter(kind="desk").count() == 1


def test_who_claimed_it_is_told_and_the_deputy_too() -> None:
    case = make_case(local(2026, 11, 20))
    give_post("章云烟", BUREAU, "service_window", "受理岗")
    cases.claim_task(case.id, case.tasks[0].n, command_id=uuid4(), actor=officer("shouli"), at=AT)
    stand_in("许研青", "shouli", "程朱砂")
    cases.escalate_due(at=local(2026, 11, 25))
    assert told("快到期") == {"许研青", "程朱砂"}


@pytest.mark.parametrize("org", [COUNTY, CITY])
def test_the_nearest_director_is_told_when_it_is_overdue(org: str) -> None:
    make_case(local(2026, 11, 16))
    give_post("谢藏书", org, "director", "主任")
    for _ in range(2):
        cases.escalate_due(at=local(2026, 11, 25))
    assert told("超期") == {"谢藏书"}
    notice = Notice.objects.get(kind="desk", title__startswith="超期")
    assert "还没有人认领" in notice.body
    assert "松风" not in notice.title + notice.body
    assert notice.link.startswith("/desk/cases/")


def test_without_a_director_anywhere_nobody_is_told() -> None:
    make_case(local(2026, 11, 16))
    cases.escalate_due(at=local(2026, 11, 25))
    assert told("超期") == set()
