"""The real ears on a real city: what is read of sessions, notices and cases, and that nothing is prolonged."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.test import Client

from shuzheng.base.directory.models import Post, Session
from shuzheng.base.directory.queries import find_account
from shuzheng.base.kernel import clock
from shuzheng.base.kernel.types import PersonId
from shuzheng.base.notices.actions import mark_all_read, send_notice
from shuzheng.engines.cases.actions import claim_task
from shuzheng.portals.live import gate
from shuzheng.portals.live.ears import DatabaseEars
from shuzheng.portals.live.types import Listener, Position
from shuzheng.portals.shell.heard import heard_now
from tests.portals.browsing import act_for_firm, page, sign_in
from tests.portals.conftest import AT
from tests.portals.walking import at_desk, make_case, move, officer


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def listen(client: Client) -> Listener:
    found = gate.admit(key_of(client), at=clock.now())
    assert found is not None
    return found


def person_of(name: str) -> PersonId:
    account = find_account(name)
    assert account is not None
    return account.person


def test_a_person_listens_for_themselves_also_while_acting_for_a_firm(visitor: Client) -> None:
    sign_in(visitor, "xiaoguan")
    assert listen(visitor).person == person_of("xiaoguan")
    act_for_firm(visitor)
    found = listen(visitor)
    assert (found.person, found.posts) == (person_of("xiaoguan"), ())


def test_an_officer_listens_to_the_inbox_of_the_post_chosen(city: None) -> None:
    (post,) = listen(at_desk("shouli")).posts
    assert (post.org, "service_window" in post.roles) == ("11990102MBY000096A", True)


def test_nobody_listens_without_a_session_that_is_open(visitor: Client) -> None:
    assert gate.admit("", at=AT) is None
    assert gate.admit("x" * 32, at=AT) is None
    sign_in(visitor, "xiaoguan")
    key = key_of(visitor)
    late = clock.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE + 1)
    assert gate.admit(key, at=late) is None
    assert gate.marks_of([key], at=late) == {}
    visitor.post("/sign-out/")
    assert gate.admit(key, at=clock.now()) is None
    assert gate.marks_of([key], at=clock.now()) == {}


def test_a_post_that_ended_is_listened_to_no_more(city: None) -> None:
    client = at_desk("shouli")
    Post.objects.filter(person__public_id=person_of("shouli")).update(ended_at=AT)
    assert listen(client).posts == ()


def test_listening_does_not_prolong_the_session(city: None) -> None:
    client = at_desk("shouli")
    before = Session.objects.filter(session_key=key_of(client)).values_list("expire_date", "session_data")[0]
    listen(client)
    gate.marks_of([key_of(client)], at=clock.now())
    assert Session.objects.filter(session_key=key_of(client)).values_list("expire_date", "session_data")[0] == before


def test_what_a_page_fetches_by_itself_does_not_prolong_the_session_either(city: None) -> None:
    client = at_desk("shouli")
    early = clock.now() + timedelta(minutes=1)
    Session.objects.filter(session_key=key_of(client)).update(expire_date=early)
    client.get("/desk/", headers={"X-Background": "1"})
    assert Session.objects.get(session_key=key_of(client)).expire_date == early
    client.get("/desk/")
    assert Session.objects.get(session_key=key_of(client)).expire_date > early


def test_notices_are_followed_by_position_and_counted(city: None) -> None:
    ears, person = DatabaseEars(), person_of("laoren")
    start = ears.now_at().notices
    for n in (1, 2):
        send_notice(person, kind="other", title=f"第 {n} 条", body="", link="", key=f"k{n}", at=AT)
    send_notice(person_of("qunzhong"), kind="other", title="别人的", body="", link="", key="k", at=AT)
    own = ears.arrivals(after=start, limit=10, person=person)
    assert [arrival.title for arrival in own] == ["第 1 条", "第 2 条"]
    assert len(ears.arrivals(after=start, limit=10)) == 3
    assert len(ears.arrivals(after=own[0].position, limit=1)) == 1
    assert ears.unread([person]) == {person: 2}
    mark_all_read(actor=officer("shouli"), at=AT)
    assert ears.unread([person, person_of("shouli")]) == {person: 2, person_of("shouli"): 0}


def test_a_new_case_a_claim_and_a_decision_each_touch_the_inboxes_of_the_unit(city: None) -> None:
    ears = DatabaseEars()
    clerk, approver, stranger = (listen(at_desk(name)) for name in ("shouli", "shenpi", "weijian"))

    def heard_by(*listeners: Listener) -> list[bool]:
        moves = ears.movements(after=position, limit=10)
        return [any(map(listener.concerns, moves)) for listener in listeners]

    position = ears.now_at().moves
    case = make_case()
    assert heard_by(clerk, approver, stranger) == [True, False, False]
    position = ears.now_at().moves
    claim_task(case.id, case.tasks[0].n, command_id=uuid4(), actor=officer("shouli"), at=AT)
    assert heard_by(clerk, approver, stranger) == [True, False, False]
    position = ears.now_at().moves
    move(case, "accept", "shouli")
    assert heard_by(clerk, approver, stranger) == [True, True, False]
    assert ears.movements(after=ears.now_at().moves, limit=10) == ()


def test_a_page_of_the_desk_says_how_far_it_has_heard(city: None) -> None:
    make_case()
    assert f'data-heard="{heard_now()}"' in page(at_desk("shouli"), "/desk/")
    assert Position.read(heard_now()) == DatabaseEars().now_at()


def test_a_server_without_streams_tells_the_browser_not_to_come_back(visitor: Client) -> None:
    assert visitor.get("/live/").status_code == 204
