"""The inbox under its filters, and several tasks handled at once, over HTTP."""

import re
from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client

from shuzheng.base.kernel import clock
from shuzheng.base.notices.queries import list_notices
from shuzheng.engines.cases.queries import get_history
from tests.portals.browsing import page, text, words
from tests.portals.conftest import AT
from tests.portals.posting import COUNTY, OTHER_BUREAU, give_post, local, post_named, take_post
from tests.portals.walking import at_desk, for_firm, make_asked, make_case, move, officer

NOW = local(2026, 11, 25)
"""A Wednesday: nearly due is up to Friday."""


@pytest.fixture
def now(city: None, monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return NOW


def narrow(client: Client, **typed: str) -> str:
    """Fill in the filter form; the address it leads to."""
    return str(client.post("/desk/narrow/", typed)["Location"])


def test_tabs_tell_late_today_soon_and_paused_apart_with_a_number_each(now: datetime) -> None:
    late = make_case(local(2026, 11, 16))
    today = make_case(local(2026, 11, 18))
    soon = make_case(local(2026, 11, 20))
    make_case(local(2026, 11, 24))
    asked = make_asked()
    client = at_desk("shouli")
    shown = {show: page(client, f"/desk/?show={show}") for show in ("late", "today", "soon", "paused")}
    listed = {show: set(re.findall(r'href="/desk/cases/(\d+)/"', html)) for show, html in shown.items()}
    assert listed == {
        "late": {late.number},
        "today": {today.number},
        "soon": {today.number, soon.number},
        "paused": {asked.number},
    }
    tabs = re.findall(r'class="chip" href="([^"]+)"[^>]*>([^<]+) <b class="num[^"]*">(\d+)</b>', shown["late"])
    assert {label.strip(): n for _, label, n in tabs} == {
        "待我处理": "4",
        "已超期": "1",
        "今天到期": "1",
        "快到期": "2",
        "待认领": "4",
        "我认领的": "0",
        "等申请人": "1",
    }


def test_what_i_did_is_listed_with_what_became_of_it(now: datetime) -> None:
    case = move(make_case(AT), "accept", "shouli")
    shown = words(at_desk("shouli").get("/desk/?show=done"))
    assert case.number in shown
    assert "受理审查：受理" in shown
    assert case.number not in words(at_desk("weijian").get("/desk/?show=done"))


def test_the_form_becomes_an_address_that_can_be_kept_and_names_nobody(now: datetime) -> None:
    case = make_case(AT)
    client = at_desk("shouli")
    address = narrow(client, item=case.item, step="受理审查", text="松风小馆", show="nobody")
    assert address.startswith("/desk/?show=nobody&item=")
    assert "松风" not in address
    assert "%E6%9D%BE" not in address
    html = page(client, address)
    assert case.number in html
    assert 'value="松风小馆"' in html
    assert case.number in page(client, address), "kept: it opens again"
    other = narrow(client, text="没有这样的人")
    assert "没有符合条件的办件" in page(client, other)
    assert "清空筛选" in page(client, other)
    assert case.number in page(at_desk("shouli"), address), "in another session the text is not there; the rest holds"


def test_a_number_does_not_stand_in_an_address_either(now: datetime) -> None:
    case = make_case(AT)
    client = at_desk("shouli")
    for typed in (case.number, "990102199005059916", "13800001234"):
        assert typed not in narrow(client, text=typed)
    assert case.number in page(client, narrow(client, text=case.number[:14]))


def test_what_is_not_on_offer_is_left_out_of_the_filter(now: datetime) -> None:
    case = make_case(AT)
    client = at_desk("shouli")
    stranger = post_named("沈藏锋", "11990102MBY0000C0T")
    for query in ("item=x", "step=没有", "who=mine", f"who={stranger.public_id}", "s=zz", "show=under"):
        assert case.number in page(client, f"/desk/?{query}")


def test_an_inbox_goes_on_under_its_filter(now: datetime) -> None:
    cases = [make_case(local(2026, 11, 16, 8 + n)) for n in range(3)]
    client = at_desk("shouli")
    address = narrow(client, show="late", text="松风")
    html = page(client, address)
    assert [html.count(case.number) > 0 for case in cases] == [True] * 3
    assert client.get(f"{address}&after=nonsense").status_code == 422


def test_a_lead_hands_ticked_tasks_to_a_colleague_who_is_told(now: datetime) -> None:
    first, second = move(make_case(AT), "accept", "shouli"), move(make_case(AT), "accept", "shouli")
    client = at_desk("shenpi2")
    html = page(client, "/desk/")
    assert "改派选中的办件" in html
    assert "改派选中的办件" not in page(at_desk("shenpi"), "/desk/")
    to = post_named("程朱砂")
    tasks = [f"{case.number}:{case.tasks[0].n}" for case in (first, second)] + ["990102209901010001:1"]
    sent = {"task": tasks, "to": str(to.public_id), "reason": "分担一下", "command_id": str(uuid4()), "back": "/desk/"}
    response = client.post("/desk/reassign/", sent)
    assert response["Location"] == "/desk/?handed=2&missed=1"
    shown = words(client.get(response["Location"]))
    assert "已改派 2 件" in shown
    assert "有 1 件没有改派" in shown
    assert client.post("/desk/reassign/", sent)["Location"] == "/desk/?handed=2&missed=1", "a second click does no more"
    assert get_history(first.id)[-1].act == "reassigned"
    told = officer("shenpi").person
    assert told is not None
    notices = list_notices(told).rows
    assert [notice.title for notice in notices] == ["有一件办件交给您办：小餐饮经营许可（新办）"] * 2
    assert all("松风" not in notice.body for notice in notices)
    assert first.number in page(at_desk("shenpi"), "/desk/?show=mine")


@pytest.mark.parametrize("left_out", ["to", "reason", "task"])
def test_handing_on_without_somebody_a_reason_or_a_tick_says_so(now: datetime, left_out: str) -> None:
    case = move(make_case(AT), "accept", "shouli")
    client = at_desk("shenpi2")
    sent = {"task": f"{case.number}:{case.tasks[0].n}", "to": str(post_named("程朱砂").public_id), "reason": "分担"}
    response = client.post("/desk/reassign/", {name: value for name, value in sent.items() if name != left_out})
    assert "没有改派：请勾选办件" in words(client.get(response["Location"]))
    assert get_history(case.id)[-1].act == "completed"


def test_somebody_else_cannot_hand_on_or_urge_by_address(now: datetime) -> None:
    case = make_case(local(2026, 11, 16))
    give_post("谢藏书", OTHER_BUREAU, "director")
    n, to = case.tasks[0].n, str(post_named("许研青").public_id)
    sent = {"to": to, "reason": "试试", "note": "快"}
    for name in ("shouli", "shenpi", "weijian"):
        client = at_desk(name)
        for what in ("reassign", "urge"):
            assert client.post(f"/desk/cases/{case.number}/tasks/{n}/{what}/", sent).status_code == 403
        many = client.post("/desk/reassign/", {**sent, "task": f"{case.number}:{n}"})
        assert "handed=0&missed=1" in many["Location"]
    elsewhere = at_desk("juzhang")
    take_post(elsewhere, post_named("谢藏书", OTHER_BUREAU))
    assert elsewhere.post(f"/desk/cases/{case.number}/tasks/{n}/urge/", sent).status_code == 403
    assert [entry.act for entry in get_history(case.id)] == ["opened"]


def test_a_lead_sees_on_the_case_whom_it_may_go_to_and_urges_what_is_late(now: datetime) -> None:
    case = make_case(local(2026, 11, 16))
    director = give_post("谢藏书", COUNTY, "director")
    client = at_desk("juzhang")
    take_post(client, director)
    html = page(client, f"/desk/cases/{case.number}/")
    assert "许研青 · 受理岗" in html
    assert "催办这一步" in html
    n = case.tasks[0].n
    said = client.post(f"/desk/cases/{case.number}/tasks/{n}/urge/", {"note": "请今天办完"})["Location"]
    assert "已催办" in words(client.get(said))
    again = client.post(f"/desk/cases/{case.number}/tasks/{n}/urge/", {"note": "快"})
    assert again.status_code == 409
    assert "今天已经催办过" in text(again)
    clerk = officer("shouli").person
    assert clerk is not None
    assert [notice.title for notice in list_notices(clerk).rows] == ["催办：小餐饮经营许可（新办）"]
    sent = {"to": str(post_named("许研青").public_id), "reason": "请您办"}
    said = client.post(f"/desk/cases/{case.number}/tasks/{n}/reassign/", sent)["Location"]
    shown = words(client.get(said))
    assert "已改派" in shown
    assert "改派“受理审查”" in shown
    assert "交给许研青：请您办" in shown
    assert "催办这一步" not in page(at_desk("shouli"), f"/desk/cases/{case.number}/")


def test_the_applicant_does_not_see_how_the_office_shares_out_its_work(now: datetime) -> None:
    case = move(make_case(AT), "accept", "shouli")
    client = at_desk("shenpi2")
    sent = {"to": str(post_named("程朱砂").public_id), "reason": "分担一下"}
    client.post(f"/desk/cases/{case.number}/tasks/{case.tasks[0].n}/reassign/", sent)
    shown = words(for_firm().get(f"/my/cases/{case.number}/"))
    assert "分担一下" not in shown
    assert "程朱砂" not in shown


def test_the_bar_at_the_top_finds_without_an_address(now: datetime) -> None:
    html = page(at_desk("shouli"), "/desk/")
    form = html[html.index('class="jump"') :]
    assert 'method="post"' in form[: form.index("</form>")]
