"""The desk: inbox, review, claiming, deciding, conflicts, finding, licences, notices and posts."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from shuzheng.base.access.queries import list_readings
from shuzheng.base.notices.actions import send_notice
from shuzheng.engines.cases.models import History
from shuzheng.engines.cases.queries import get_history
from shuzheng.engines.credentials.queries import find_licences_of_case
from shuzheng.engines.credentials.types import LicenceState
from tests.portals.browsing import page, sign_in, text, words
from tests.portals.conftest import AT
from tests.portals.walking import (
    FLOOR_PLAN,
    at_desk,
    make_accepted,
    make_asked,
    make_case,
    make_granted,
    move,
    officer,
)


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None
    return found[1]


def box(client: Client, number: str) -> tuple[str, dict[str, str]]:
    """Address and hidden fields of the decision box."""
    html = page(client, f"/desk/cases/{number}/")
    form = html[html.index("data-decide") - 400 :]
    action = re.search(r'action="(/desk/cases/\d+/tasks/\d+/)"', form)
    assert action is not None
    return action[1], {name: hidden(form, name) for name in ("command_id", "expected_rev")}


def look_for(client: Client, q: str) -> str:
    """Search at the desk; the address of what was found."""
    return str(client.post("/desk/find/", {"q": q})["Location"])


def test_a_visitor_is_sent_to_sign_in_and_back(visitor: Client) -> None:
    response = visitor.get("/desk/")
    assert response["Location"].startswith("/sign-in/?next=%2Fdesk%2F")


def test_a_person_without_a_post_is_told_whom_to_ask(visitor: Client) -> None:
    sign_in(visitor, "xiaoguan")
    assert visitor.get("/desk/").status_code == 403


def test_an_empty_inbox_says_why(city: None) -> None:
    assert "收件箱空了" in page(at_desk("shouli"), "/desk/")


def test_the_inbox_lists_the_earliest_due_first_with_due_words(city: None) -> None:
    later = make_case()
    earlier = make_case(AT.replace(day=10))
    html = page(at_desk("shouli"), "/desk/")
    assert html.index(earlier.number) < html.index(later.number)
    assert "小餐饮经营许可" in html
    assert "待认领" in html


def test_tabs_narrow_the_inbox_and_an_unknown_one_shows_all(city: None) -> None:
    case = make_case()
    client = at_desk("shouli")
    assert case.number in page(client, "/desk/?show=nobody")
    assert "您没有认领办件" in page(client, "/desk/?show=mine")
    assert case.number in page(client, "/desk/?show=nonsense")


def test_several_are_claimed_at_once_and_the_line_says_how_many(city: None) -> None:
    first, second = make_case(), make_case()
    client = at_desk("shouli")
    tasks = [f"{case.number}:{case.tasks[0].n}" for case in (first, second)] + ["990102209901010001:1"]
    response = client.post("/desk/claim/", {"task": tasks, "command_id": str(uuid4())})
    assert "claimed=2" in response["Location"]
    shown = words(client.get(response["Location"]))
    assert "已认领 2 件" in shown
    assert "有 1 件同事先认领了" in shown
    assert first.number in page(client, "/desk/?show=mine")


def test_the_review_shows_the_applicant_masked_and_logs_the_look(city: None) -> None:
    case = make_case()
    html = page(at_desk("shouli"), f"/desk/cases/{case.number}/")
    assert "林*墨" in html
    assert "138****1234" in html
    assert "13800001234" not in html
    assert "来自企业登记" in html
    readings = list_readings(case.applicant).rows
    assert [row.what for row in readings] == ["申请表和材料"]


def test_full_numbers_are_shown_only_for_a_stated_purpose_that_is_logged(city: None) -> None:
    case = make_case()
    client = at_desk("shouli")
    refused = client.post(f"/desk/cases/{case.number}/reveal/", {"purpose": " "})
    assert refused.status_code == 422
    assert "13800001234" not in text(refused)
    shown = client.post(f"/desk/cases/{case.number}/reveal/", {"purpose": "电话约核查时间"})
    assert "13800001234" in text(shown)
    assert "电话约核查时间" in [row.purpose for row in list_readings(case.applicant).rows]


def test_the_process_stands_in_words_and_as_a_drawing(city: None) -> None:
    case = make_case()
    client = at_desk("shouli")
    html = page(client, f"/desk/cases/{case.number}/")
    assert re.search(r'<li aria-current="step">受理审查', html)
    assert f'data-bpmn="/desk/cases/{case.number}/process.bpmn"' in html
    drawing = client.get(f"/desk/cases/{case.number}/process.bpmn")
    assert drawing.status_code == 200
    assert b"bpmndi:BPMNDiagram" in drawing.content
    assert drawing["X-Content-Type-Options"] == "nosniff"


def test_a_paper_is_sent_as_what_it_is_and_never_sniffed(city: None) -> None:
    case = make_case()
    client = at_desk("shouli")
    found = re.search(rf"/desk/cases/{case.number}/files/[0-9a-f-]{{36}}/", page(client, f"/desk/cases/{case.number}/"))
    assert found is not None
    response = client.get(found[0])
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert client.get(f"/desk/cases/{case.number}/files/{uuid4()}/").status_code == 404


def test_an_officer_of_another_unit_is_told_whose_case_it_is(city: None) -> None:
    case = make_case()
    response = at_desk("weijian").get(f"/desk/cases/{case.number}/")
    assert response.status_code == 403
    assert "市场监管局" in text(response)
    assert not list_readings(case.applicant).rows


def test_a_supplement_without_papers_and_reasons_is_explained_and_what_was_typed_is_kept(city: None) -> None:
    case = make_case()
    client = at_desk("shouli")
    action, sent = box(client, case.number)
    response = client.post(action, {**sent, "outcome": "supplement", "opinion": "请补一补"})
    assert response.status_code == 422
    html = text(response)
    assert "<title>错误：" in html
    assert 'href="#papers"' in html
    assert 'href="#reasons"' in html
    assert "请补一补" in html
    assert History.objects.filter(case__number=case.number).count() == 1, "nothing was written"


def test_a_supplement_is_asked_for_with_reasons_the_applicant_understands(city: None) -> None:
    case = make_case()
    client = at_desk("shouli")
    action, sent = box(client, case.number)
    typed = {"outcome": "supplement", "paper": [FLOOR_PLAN], "reason": ["看不清：请重拍"], "own_reason": "请标出门"}
    response = client.post(action, {**sent, **typed})
    assert response["Location"] == f"/desk/cases/{case.number}/?said=done"
    last = get_history(case.id)[-1]
    assert (last.outcome, last.papers, last.reasons) == ("supplement", (FLOOR_PLAN,), ("看不清：请重拍", "请标出门"))
    shown = words(client.get(response["Location"]))
    assert "已办：要求补正" in shown
    assert "等申请人补正" in shown


def test_a_double_click_decides_once(city: None) -> None:
    case = make_case()
    client = at_desk("shouli")
    action, sent = box(client, case.number)
    first = client.post(action, {**sent, "outcome": "accept"})
    second = client.post(action, {**sent, "outcome": "accept"})
    assert first["Location"] == second["Location"]
    assert [entry.outcome for entry in get_history(case.id)] == ["", "accept"]


def test_the_second_of_two_officers_is_told_who_was_first_and_keeps_the_text(city: None) -> None:
    case = make_accepted()
    one, other = at_desk("shenpi"), at_desk("shenpi2")
    action, sent = box(other, case.number)
    move(case, "grant", "shenpi", at=AT)
    typed = {"outcome": "refuse", "own_reason": "面积不够，请扩大后再申请", "opinion": "不同意"}
    response = other.post(action, {**sent, **typed})
    assert response.status_code == 409
    shown = words(response)
    assert "程朱砂 在 11月24日" in shown
    assert "准予许可" in shown
    assert "面积不够，请扩大后再申请" in shown
    assert "不同意" in shown
    assert [entry.outcome for entry in get_history(case.id)][-1] == "grant"
    assert page(one, f"/desk/cases/{case.number}/")


def test_a_task_claimed_by_a_colleague_must_be_taken_over_first(city: None) -> None:
    case = make_accepted()
    one, other = at_desk("shenpi"), at_desk("shenpi2")
    n = case.tasks[0].n
    claimed = one.post(f"/desk/cases/{case.number}/claim/", {"task": n, "command_id": str(uuid4())})
    assert "已由您认领" in text(one.get(claimed["Location"]))
    html = page(other, f"/desk/cases/{case.number}/")
    assert "程朱砂认领" in html
    assert "接过来办" in html
    assert "data-decide" not in html
    refused = other.post(
        f"/desk/cases/{case.number}/tasks/{n}/", {"outcome": "grant", "opinion": "好", "command_id": str(uuid4())}
    )
    assert refused.status_code == 409
    assert "由程朱砂认领了" in text(refused)
    other.post(f"/desk/cases/{case.number}/claim/", {"task": n, "command_id": str(uuid4())})
    assert "data-decide" in page(other, f"/desk/cases/{case.number}/")


def test_the_box_without_a_button_shows_the_page_again_with_what_was_typed(city: None) -> None:
    case = make_accepted()
    client = at_desk("shenpi")
    response = client.post(f"/desk/cases/{case.number}/tasks/{case.tasks[0].n}/", {"opinion": "接着写"})
    assert response.status_code == 200
    assert "接着写" in text(response)


def test_what_was_typed_survives_a_lapsed_session(city: None) -> None:
    case = make_case()
    client = at_desk("shouli")
    action, sent = box(client, case.number)
    client.cookies.pop("sessionid")
    away = client.post(action, {**sent, "outcome": "supplement", "own_reason": "门的开向没有画"})
    assert away.status_code == 302
    back = sign_in(client, "shouli", next=action)
    shown = client.get(back["Location"])
    assert shown.status_code == 200
    assert "门的开向没有画" in text(shown)
    assert get_history(case.id)[-1].act == "opened"


def test_a_refusal_offers_the_items_own_conditions_as_reasons(city: None) -> None:
    case = make_accepted()
    html = page(at_desk("shenpi"), f"/desk/cases/{case.number}/")
    assert "不予许可" in html
    assert re.search(r'name="reason" value="[^"]+（《', html)


@pytest.mark.parametrize("q", ["小餐饮", "墨溪区松风小馆（个体工商户）"])
def test_a_case_is_found_by_item_and_by_applicant(city: None, q: str) -> None:
    case = make_case()
    client = at_desk("shouli")
    found = look_for(client, q)
    assert case.number in text(client.get(found))
    assert q not in found
    assert found.startswith("/desk/find/?s=")


def test_a_full_number_opens_the_case_and_another_units_is_not_shown(city: None) -> None:
    case = make_case()
    client, stranger = at_desk("shouli"), at_desk("weijian")
    assert client.get(look_for(client, case.number))["Location"] == f"/desk/cases/{case.number}/"
    other = stranger.get(look_for(stranger, case.number))
    assert other.status_code == 200
    assert "不能查看" in text(other)
    assert "没有查到" in text(client.get(look_for(client, "990102209901010009")))


def test_a_search_is_the_sessions_own_and_an_address_never_holds_what_was_typed(city: None) -> None:
    make_case()
    client = at_desk("shouli")
    found = look_for(client, "松风小馆")
    assert "松风小馆" in text(client.get(found))
    assert "松风小馆" not in text(at_desk("shouli").get(found))
    assert 'method="post"' in page(client, "/desk/find/")
    assert client.get("/desk/find/", {"q": "松风小馆"}).status_code == 200
    assert 'value="松风小馆"' not in text(client.get("/desk/find/", {"q": "松风小馆"}))


def test_a_licence_is_revoked_only_with_reason_and_confirmation(city: None) -> None:
    case = make_granted()
    licence = find_licences_of_case(case.id, at=AT)[0]
    client = at_desk("shenpi")
    path = f"/desk/licences/{licence.id}/"
    assert case.number in page(client, path)
    refused = client.post(f"{path}revoke/", {"reason": "", "confirm": ""})
    assert refused.status_code == 422
    assert "请写明理由" in text(refused)
    assert find_licences_of_case(case.id, at=AT)[0].state is LicenceState.VALID
    done = client.post(f"{path}revoke/", {"reason": "经营者申请停业，依规定注销", "confirm": "1"})
    assert done["Location"] == f"{path}?said=revoked"
    assert find_licences_of_case(case.id, at=AT)[0].state is LicenceState.REVOKED
    assert "作废这张证照" not in page(client, path)


def test_an_officer_without_the_duty_sees_the_licence_but_no_button(city: None) -> None:
    licence = find_licences_of_case(make_granted().id, at=AT)[0]
    html = page(at_desk("shouli"), f"/desk/licences/{licence.id}/")
    assert "作废这张证照" not in html
    assert "有“发证”职责的岗位" in html
    assert at_desk("weijian").get(f"/desk/licences/{licence.id}/").status_code == 403


def test_a_notice_opens_what_it_is_about_and_counts_as_read(city: None) -> None:
    actor = officer("shouli")
    assert actor.person is not None
    send_notice(actor.person, kind="case", title="请看", body="正文", link="/desk/find/", key="k", at=AT)
    client = at_desk("shouli")
    html = page(client, "/desk/notices/")
    assert "未读" in html
    path = re.search(r"/desk/notices/[0-9a-f-]{36}/", html)
    assert path is not None
    assert client.post(path[0])["Location"] == "/desk/find/"
    assert 'class="unread"' not in page(client, "/desk/notices/")
    assert at_desk("shenpi").post(path[0]).status_code == 404


def test_a_person_with_two_posts_chooses_one(city: None) -> None:
    client = at_desk("juzhang")
    html = page(client, "/desk/post/")
    posts = re.findall(r'name="post" value="([0-9a-f-]{36})"', html)
    assert len(posts) == 2
    assert client.post("/desk/post/", {"post": posts[1]})["Location"] == "/desk/"
    assert "数据资源" in page(client, "/desk/") or "数管局" in page(client, "/desk/")
    assert client.post("/desk/post/", {"post": str(uuid4())}).status_code == 422


def test_single_keys_can_be_switched_off(city: None) -> None:
    make_case()
    client = at_desk("shouli")
    assert "data-keys-off" not in page(client, "/desk/")
    client.post("/desk/keys/", {"keys": "off"})
    assert "data-keys-off" in page(client, "/desk/")


def test_a_case_that_waits_for_its_applicant_offers_nothing_to_decide(city: None) -> None:
    case = make_asked()
    html = page(at_desk("shouli"), f"/desk/cases/{case.number}/")
    assert "data-decide" not in html
    assert "现在等申请人办“补正”" in html
