"""Account pages: devices, password, mandates given, accepted and used; acting for a child."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from shuzheng.base.directory import queries as directory
from shuzheng.base.directory.models import Mandate, Session
from shuzheng.base.directory.types import MandateState
from shuzheng.base.kernel.clock import local_date, now
from shuzheng.base.notices.queries import list_notices
from tests.portals.browsing import act_for_firm, command_of, page, sign_in, text, words
from tests.portals.conftest import PASSWORD

RECORD, ALLOWANCE, PERMIT = "002099001000", "000599001000", "000199001001"
ID_NO = "990102193806219919"  # laoren


@pytest.fixture
def citizen(visitor: Client) -> Client:
    sign_in(visitor, "qunzhong")
    return visitor


@pytest.fixture
def helper(city: None) -> Client:
    client = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) Mobile Safari/604.1"})
    sign_in(client, "laoren")
    return client


def filled(client: Client, **over: object) -> dict[str, object]:
    today = local_date(now(), "Asia/Shanghai")
    return {
        "command_id": command_of(page(client, "/account/mandates/new/")),
        "name": "陆听松",
        "id_no": ID_NO,
        "extent": "some",
        "items": [RECORD],
        "first": today.isoformat(),
        "last": (today + timedelta(days=30)).isoformat(),
        "go": "give",
    } | over


def give(client: Client, **over: object) -> Mandate:
    response = client.post("/account/mandates/new/", filled(client, **over))
    assert response.status_code == 302, words(response)
    return Mandate.objects.latest("pk")


def accepted(citizen: Client, helper: Client, **over: object) -> Mandate:
    mandate = give(citizen, **over)
    assert helper.post(f"/account/mandates/{mandate.public_id}/accept/").status_code == 302
    helper.post("/acting/", {"who": str(mandate.public_id)})
    return mandate


def test_the_account_tells_how_well_it_is_proved(citizen: Client) -> None:
    shown = words(citizen.get("/account/"))
    assert "已实人（人脸或窗口核验）" in shown
    assert "现在有 1 处登录着" in shown


@pytest.mark.parametrize("path", ["/account/", "/account/sessions/", "/account/password/", "/account/mandates/"])
def test_account_pages_ask_visitors_to_sign_in(visitor: Client, path: str) -> None:
    assert visitor.get(path)["Location"].startswith("/sign-in/?next=%2Faccount")


def test_another_device_is_seen_and_signed_out(citizen: Client) -> None:
    phone = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) Mobile Safari/604.1"})
    sign_in(phone, "qunzhong")
    shown = page(citizen, "/account/sessions/")
    assert "手机 · Safari" in shown
    assert shown.count("这台设备") == 1
    assert str(phone.session.session_key) not in shown
    assert "127.0.0.1" not in shown
    which = re.search(r'name="which" value="([0-9a-f]{32})"', shown)
    assert which is not None
    assert citizen.post("/account/sessions/end/", {"which": which[1]}).status_code == 302
    assert phone.get("/account/").status_code == 302
    assert citizen.get("/account/").status_code == 200
    assert citizen.post("/account/sessions/end/", {"which": which[1]}).status_code == 404


def test_signing_out_everywhere_signs_this_device_out_too(citizen: Client) -> None:
    phone = Client()
    sign_in(phone, "qunzhong")
    assert citizen.post("/account/sessions/end/", {"which": "all"})["Location"] == "/sign-in/"
    assert {client.get("/account/").status_code for client in (phone, citizen)} == {302}
    assert not Session.objects.filter(account__isnull=False).exists()


def test_a_new_password_signs_the_other_devices_out_and_is_told(citizen: Client) -> None:
    phone = Client()
    sign_in(phone, "qunzhong")
    typed = {"current": PASSWORD, "new": "quiet green hills", "again": "quiet green hills"}
    response = citizen.post("/account/password/", typed)
    assert response["Location"] == "/account/?said=password"
    assert citizen.get("/account/").status_code == 200
    assert phone.get("/account/").status_code == 302
    assert sign_in(Client(), "qunzhong", "quiet green hills").status_code == 302
    account = directory.find_account("qunzhong")
    assert account is not None
    assert [row.title for row in list_notices(account.person).rows] == ["密码已改"]


@pytest.mark.parametrize(
    ("over", "field", "said"),
    [
        ({"current": ""}, "current", "请填现在的密码"),
        ({"current": "not-this-one"}, "current", "现在的密码不对"),
        ({"new": "short", "again": "short"}, "new", "密码至少 8 个字符"),
        ({"again": "another"}, "again", "两次填的新密码不一样"),
    ],
)
def test_a_refused_password_is_pointed_at_and_never_sent_back(
    citizen: Client, over: dict[str, str], field: str, said: str
) -> None:
    typed = {"current": PASSWORD, "new": "quiet green hills", "again": "quiet green hills"} | over
    response = citizen.post("/account/password/", typed)
    assert response.status_code in {403, 422}
    assert f'href="#{field}"' in text(response)
    assert said in text(response)
    assert "quiet green hills" not in text(response)
    assert sign_in(Client(), "qunzhong").status_code == 302


def test_a_password_typed_into_a_lapsed_session_is_not_kept(visitor: Client) -> None:
    typed = {"current": PASSWORD, "new": "quiet green hills", "again": "quiet green hills"}
    response = visitor.post("/account/password/", typed)
    assert response["Location"] == "/sign-in/?next=%2Faccount%2Fpassword%2F"


def test_items_are_searched_and_what_was_typed_stays(citizen: Client) -> None:
    typed = filled(citizen, items=[PERMIT], q="健康档案", go="search", last="")
    shown = text(citizen.post("/account/mandates/new/", typed))
    assert f'value="{RECORD}"' in shown
    assert re.search(rf'value="{PERMIT}" checked', shown)
    assert 'value="陆听松"' in shown
    assert not Mandate.objects.exists()


@pytest.mark.parametrize(
    ("over", "field", "said"),
    [
        ({"name": ""}, "name", "请填受托人的姓名"),
        ({"id_no": "990102198603149917"}, "id_no", "没有找到姓名和公民身份号码都相符的人"),
        ({"items": []}, "q", "请搜索并勾选要委托的事项"),
        ({"extent": ""}, "extent", "请选委托全部事项"),
        ({"last": ""}, "last", "请填到哪天为止"),
        ({"first": "2020-01-01"}, "first", "委托从今天或以后开始"),
        ({"name": "方素笺", "id_no": "990102199501309945"}, "name", "不能是委托人自己"),
    ],
)
def test_a_refused_mandate_is_pointed_at_and_nothing_typed_is_lost(
    citizen: Client, over: dict[str, object], field: str, said: str
) -> None:
    response = citizen.post("/account/mandates/new/", filled(citizen, **over))
    assert response.status_code == 422
    assert f'href="#{field}"' in text(response)
    assert said in text(response)
    assert "<title>错误：" in text(response)
    assert not Mandate.objects.exists()


def test_a_double_click_gives_one_mandate(citizen: Client) -> None:
    typed = filled(citizen)
    for _n in range(2):
        assert citizen.post("/account/mandates/new/", typed).status_code == 302
    assert Mandate.objects.count() == 1


def test_both_sides_are_told_of_every_step(citizen: Client, helper: Client) -> None:
    mandate = give(citizen)
    helper.post(f"/account/mandates/{mandate.public_id}/accept/")
    citizen.post(f"/account/mandates/{mandate.public_id}/revoke/")
    people = [directory.find_account(name) for name in ("laoren", "qunzhong")]
    titles = [[row.title for row in list_notices(one.person).rows] for one in people if one is not None]
    assert titles == [["委托已撤销", "委托，等您接受"], ["委托已被接受"]]
    bodies = [row.body for one in people if one is not None for row in list_notices(one.person).rows]
    assert not any("方素笺" in body or "陆听松" in body for body in bodies)


def test_a_mandatary_applies_for_the_principal_in_the_named_item_only(citizen: Client, helper: Client) -> None:
    accepted(citizen, helper)
    assert "只限委托的 1 个事项" in words(helper.get("/"))
    unit = re.search(r'name="unit"[^>]*value="([^"]+)"', page(helper, f"/items/{RECORD}/apply/"))
    assert unit is not None
    begun = helper.post(f"/items/{RECORD}/apply/", {"unit": unit[1]})
    assert begun.status_code == 302
    assert "方素笺" in page(helper, begun["Location"])  # the principal's data, not the mandatary's
    other = re.search(r'name="unit"[^>]*value="([^"]+)"', page(helper, f"/items/{ALLOWANCE}/apply/"))
    assert other is not None
    refused = helper.post(f"/items/{ALLOWANCE}/apply/", {"unit": other[1]})
    assert refused.status_code == 403
    assert "对方没有委托您办这件事" in text(refused)


def test_a_limited_mandatary_sees_neither_licences_nor_readers(citizen: Client, helper: Client) -> None:
    accepted(citizen, helper)
    for path in ("/my/licences/", "/my/readers/"):
        response = helper.get(path)
        assert response.status_code == 403
        assert "对方只委托了您几个事项" in text(response)
    assert "证照不在其内" in words(helper.get("/my/"))


def test_a_mandatary_for_everything_sees_the_licences(citizen: Client, helper: Client) -> None:
    accepted(citizen, helper, extent="all", items=[])
    assert helper.get("/my/licences/").status_code == 200


def test_a_mandate_revoked_in_the_middle_of_a_form_stops_it(citizen: Client, helper: Client) -> None:
    mandate = accepted(citizen, helper)
    unit = re.search(r'name="unit"[^>]*value="([^"]+)"', page(helper, f"/items/{RECORD}/apply/"))
    assert unit is not None
    step = helper.post(f"/items/{RECORD}/apply/", {"unit": unit[1]})["Location"]
    citizen.post(f"/account/mandates/{mandate.public_id}/revoke/")
    response = helper.post(step, {"go": "next"})
    assert response.status_code == 404
    assert "正在为自己办理" not in page(helper, "/")  # nobody left to act for, so nothing to choose
    assert citizen.get(step).status_code == 200  # the draft is the principal's


def test_a_mandatary_cannot_give_a_mandate_for_the_principal(citizen: Client, helper: Client) -> None:
    accepted(citizen, helper, extent="all", items=[])
    assert "不能替对方再委托" in words(helper.get("/account/mandates/"))
    assert helper.get("/account/mandates/new/").status_code == 403


def test_a_stranger_moves_nothing(citizen: Client, helper: Client) -> None:
    mandate = give(citizen)
    stranger = Client()
    sign_in(stranger, "xiaoguan")
    for act in ("accept", "decline", "resign", "revoke", "anything"):
        assert stranger.post(f"/account/mandates/{mandate.public_id}/{act}/").status_code == 404
    mandate.refresh_from_db()
    assert mandate.state == MandateState.OFFERED


def test_a_firms_mandate_is_given_in_its_name(visitor: Client, helper: Client) -> None:
    sign_in(visitor, "xiaoguan")
    act_for_firm(visitor)
    mandate = give(visitor, items=[PERMIT])
    assert (mandate.person, mandate.firm is not None) == (None, True)
    assert "松风小馆" in words(helper.get("/account/mandates/"))


def test_a_guardian_applies_for_the_child_with_the_childs_data(citizen: Client) -> None:
    shown = page(citizen, "/acting/")
    assert "您是监护人（母亲）" in shown
    key = re.search(r'name="who" value="([0-9a-f-]{36})"', shown)
    assert key is not None
    citizen.post("/acting/", {"who": key[1]})
    assert "方*笺" in words(citizen.get("/"))
    unit = re.search(r'name="unit"[^>]*value="([^"]+)"', page(citizen, f"/items/{RECORD}/apply/"))
    assert unit is not None
    begun = citizen.post(f"/items/{RECORD}/apply/", {"unit": unit[1]})
    assert "方小笺" in page(citizen, begun["Location"])


def test_a_page_of_somebody_one_acts_for_says_how_to_see_it(visitor: Client) -> None:
    sign_in(visitor, "xiaoguan")
    response = visitor.get("/my/cases/990102202611240001/")
    assert response.status_code == 404
    assert "/acting/?next=%2Fmy%2Fcases%2F990102202611240001%2F" in text(response)
