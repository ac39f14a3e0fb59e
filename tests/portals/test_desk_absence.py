"""Deputies over HTTP: before, during and after the days; on list, case, file, decision; revoked; for directors."""

import re
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from shuzheng.base.directory.actions import name_deputy
from shuzheng.base.directory.models import Absence, Post
from shuzheng.base.kernel import clock
from shuzheng.base.kernel.types import PersonId, PostId
from shuzheng.base.notices.queries import list_notices
from shuzheng.engines.cases import actions as cases
from shuzheng.engines.cases.queries import get_history
from shuzheng.engines.cases.types import CaseView
from tests.portals.browsing import page, text, words
from tests.portals.conftest import AT
from tests.portals.posting import BUREAU, COUNTY, acting, give_post, local, post_named, take_post
from tests.portals.walking import at_desk, make_case, officer

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 4)


class Now:
    """The moment the pages take for now."""

    at = local(2026, 11, 24)


@pytest.fixture
def now(city: None, monkeypatch: pytest.MonkeyPatch) -> Now:
    held = Now()
    monkeypatch.setattr(clock, "now", lambda: held.at)
    return held


def on(day: date, hour: int) -> datetime:
    return local(day.year, day.month, day.day, hour)


def arrange() -> Post:
    """许研青 is away, 程朱砂 of the same bureau is the deputy. Returns the post stood in for."""
    absent, deputy = post_named("许研青"), post_named("程朱砂")
    name_deputy(
        PostId(absent.public_id),
        PersonId(deputy.person.public_id),
        first=FIRST,
        last=LAST,
        command_id=uuid4(),
        actor=acting("shouli", absent, AT),
        at=AT,
    )
    return absent


def claimed_case() -> CaseView:
    case = make_case(AT)
    cases.claim_task(case.id, case.tasks[0].n, command_id=uuid4(), actor=officer("shouli"), at=AT)
    return case


def test_a_deputy_sees_and_decides_in_the_days_and_neither_before_nor_after(now: Now) -> None:
    absent, case = arrange(), claimed_case()
    client = at_desk("shenpi")
    post = {"post": str(absent.public_id)}
    for moment in (on(FIRST - timedelta(days=1), 23), on(LAST + timedelta(days=1), 0)):
        now.at = moment
        assert client.post("/desk/post/", post).status_code == 422
        assert case.number not in page(client, "/desk/")
        assert "代许研青" not in page(client, "/desk/post/")
    now.at = on(FIRST, 9)
    assert "代许研青" in page(client, "/desk/post/")
    take_post(client, absent)
    html = page(client, "/desk/?show=mine")
    assert case.number in html
    assert "您在代理许研青" in html
    assert "程朱砂（代许研青）" in html
    opened = page(client, f"/desk/cases/{case.number}/")
    assert "data-decide" in opened
    action = re.search(r'action="(/desk/cases/\d+/tasks/\d+/)" class="stack" data-decide', opened)
    assert action is not None
    client.post(action[1], {"outcome": "accept", "command_id": str(uuid4())})
    last = get_history(case.id)[-1]
    assert (last.outcome, last.by) == ("accept", "程朱砂（代许研青）")
    assert "程朱砂（代许研青）" in words(client.get(f"/desk/cases/{case.number}/"))


def test_a_deputy_whose_days_are_over_falls_back_to_the_own_post_in_the_middle_of_a_session(now: Now) -> None:
    absent, case = arrange(), claimed_case()
    client = at_desk("shenpi")
    now.at = on(LAST, 23)
    take_post(client, absent)
    assert case.number in page(client, "/desk/?show=mine")
    now.at = on(LAST + timedelta(days=1), 0)
    n = case.tasks[0].n
    refused = client.post(f"/desk/cases/{case.number}/tasks/{n}/", {"outcome": "accept", "command_id": str(uuid4())})
    assert refused.status_code == 403
    assert "您在代理" not in page(client, "/desk/")
    assert [entry.act for entry in get_history(case.id)] == ["opened", "claimed"]


def test_a_deputy_of_another_unit_gets_no_further_than_the_post_stood_in_for(now: Now) -> None:
    other = give_post("沈藏锋", BUREAU, "service_window", "借调岗")
    absent, case = post_named("许研青"), make_case(AT)
    name_deputy(
        PostId(absent.public_id),
        PersonId(other.person.public_id),
        first=FIRST,
        last=LAST,
        command_id=uuid4(),
        actor=acting("shouli", absent, AT),
        at=AT,
    )
    Post.objects.filter(pk=other.pk).update(ended_at=AT)
    now.at = on(FIRST, 9)
    client = at_desk("weijian")
    assert client.post("/desk/post/", {"post": str(absent.public_id)}).status_code == 422
    assert client.get(f"/desk/cases/{case.number}/").status_code == 403


def test_an_officer_names_a_deputy_on_the_page_and_revokes(now: Now) -> None:
    absent, deputy = post_named("许研青"), post_named("程朱砂")
    client = at_desk("shouli")
    assert "没有安排代理" in page(client, "/desk/absence/")
    response = client.post(
        "/desk/absence/",
        {
            "post": str(absent.public_id),
            "deputy": str(deputy.person.public_id),
            "first": "2026-12-01",
            "last": "2026-12-04",
            "command_id": str(uuid4()),
        },
    )
    shown = client.get(response["Location"])
    assert "已指定代理人" in words(shown)
    assert "还没有开始" in words(shown)
    told = officer("shenpi").person
    assert told is not None
    assert [notice.title for notice in list_notices(told).rows] == ["12月1日到12月4日由您代理许研青"]
    address = re.search(r'action="(/desk/absence/[0-9a-f-]{36}/release/)"', text(shown))
    assert address is not None
    assert at_desk("shenpi").post(address[1]).status_code == 403
    ended = client.post(address[1])
    assert "已撤销" in words(client.get(ended["Location"]))
    assert client.post(address[1]).status_code == 409
    assert len(list_notices(told).rows) == 2


def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(now: Now) -> None:
    client = at_desk("shouli")
    post = str(post_named("许研青").public_id)
    empty = client.post("/desk/absence/", {"post": post, "deputy": "", "first": "", "last": "2026-12-04"})
    assert empty.status_code == 422
    html = text(empty)
    assert "<title>错误：" in html
    assert 'href="#deputy"' in html
    assert 'href="#first"' in html
    assert 'value="2026-12-04"' in html
    deputy = str(post_named("程朱砂").person.public_id)
    past = client.post("/desk/absence/", {"post": post, "deputy": deputy, "first": "2026-11-01", "last": "2026-11-02"})
    assert past.status_code == 422
    assert "要从今天或以后开始" in text(past)
    assert not Absence.objects.exists()


def test_a_director_arranges_for_officers_of_the_subtree_and_nobody_else_does(now: Now) -> None:
    director = give_post("谢藏书", COUNTY, "director", "区长")
    absent, deputy = post_named("许研青"), post_named("程朱砂")
    client = at_desk("juzhang")
    take_post(client, director)
    html = page(client, f"/desk/absence/?post={absent.public_id}")
    assert "许研青" in html
    assert "程朱砂" in html
    typed = {"post": str(absent.public_id), "deputy": str(deputy.person.public_id), "first": "2026-12-01"}
    typed |= {"last": "2026-12-04", "command_id": str(uuid4())}
    assert at_desk("shenpi").post("/desk/absence/", typed).status_code == 403
    assert at_desk("weijian").post("/desk/absence/", typed).status_code == 403
    assert not Absence.objects.exists()
    assert client.post("/desk/absence/", typed).status_code == 302
    assert Absence.objects.get().named_by.name == "谢藏书"


def test_a_deputy_cannot_name_a_deputy(now: Now) -> None:
    absent = arrange()
    now.at = on(FIRST, 9)
    client = at_desk("shenpi")
    take_post(client, absent)
    html = page(client, "/desk/absence/")
    assert "代理人不能再请人代理" in html
    assert 'name="deputy"' not in html
    typed = {"post": str(absent.public_id), "deputy": str(post_named("章云烟").person.public_id)}
    typed |= {"first": "2026-12-08", "last": "2026-12-09", "command_id": str(uuid4())}
    assert client.post("/desk/absence/", typed).status_code == 403
    assert Absence.objects.count() == 1
