"""My space: cases, supplement, withdrawal, rating, wallet, notices, readers."""

import re
from collections.abc import Collection
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client

from shuzheng.base.access import queries as access
from shuzheng.base.access.actions import record_bulk_reading, record_reading, record_whole_reading
from shuzheng.base.access.queries import subject_key
from shuzheng.base.access.types import HOLDERS, Edition, Standing
from shuzheng.base.directory.queries import find_number
from shuzheng.base.kernel.types import PartyKind
from shuzheng.base.notices.actions import send_notice
from shuzheng.engines.cases.queries import get_case, get_history
from shuzheng.engines.cases.types import CaseState, TaskInput
from shuzheng.engines.credentials.actions import revoke_licence
from shuzheng.engines.credentials.queries import find_licences_of_case
from shuzheng.services.feedback.queries import find_rating
from tests.portals.browsing import PDF, command_of, page, sign_in, text, words
from tests.portals.conftest import AT
from tests.portals.walking import (
    FLOOR_PLAN,
    for_firm,
    make_accepted,
    make_asked,
    make_case,
    make_granted,
    move,
    officer,
    owner,
)


def upload(name: str, content: bytes = PDF) -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def test_a_visitor_is_sent_to_sign_in(visitor: Client) -> None:
    assert visitor.get("/my/cases/")["Location"].startswith("/sign-in/")


def test_my_space_puts_what_waits_for_me_first(city: None) -> None:
    quiet, asked = make_case(), make_asked()
    html = page(for_firm(), "/my/")
    assert "等您办" in html
    assert html.index(asked.number) < html.index(quiet.number)
    assert "未读消息" in html


def test_an_empty_list_of_cases_shows_the_way_on(visitor: Client) -> None:
    sign_in(visitor, "laoren")
    assert "找要办的事" in page(visitor, "/my/cases/")
    assert "看全部办件" in page(visitor, "/my/cases/?state=done")


def test_cases_are_listed_by_state(city: None) -> None:
    new, asked = make_case(), make_asked()
    client = for_firm()
    assert new.number in page(client, "/my/cases/")
    paused = page(client, "/my/cases/?state=paused")
    assert asked.number in paused
    assert new.number not in paused


def test_a_stranger_is_told_nothing_of_a_case(city: None) -> None:
    case = make_case()
    stranger = Client()
    sign_in(stranger, "laoren")
    for path in ("", "process.bpmn"):
        assert stranger.get(f"/my/cases/{case.number}/{path}").status_code == 404
    refused = stranger.post(f"/my/cases/{case.number}/withdraw/", {"command_id": str(uuid4())})
    assert refused.status_code == 404
    assert get_case(case.number, actor=owner()).state is CaseState.OPEN


def test_a_new_case_shows_both_dates_and_why(city: None) -> None:
    case = make_case()
    html = page(for_firm(), f"/my/cases/{case.number}/")
    shown = words(for_firm().get(f"/my/cases/{case.number}/"))
    assert "受理期限" in shown
    assert "办理期限" in shown
    assert "为什么是这一天" in shown
    assert 'class="days" role="img" aria-label="从11月24日起' in html
    assert "行政许可法" in shown


def test_a_case_that_waits_for_me_says_what_why_and_until_when(city: None) -> None:
    case = make_asked("看不清：请重拍")
    shown = words(for_firm().get(f"/my/cases/{case.number}/"))
    assert "需要您补 1 份材料" in shown
    assert "看不清：请重拍" in shown
    assert "请在 12月15日（周二）前补交" in shown
    assert "个工作日内" in shown
    assert "等您期间不计办理时间" in shown


def test_a_supplement_with_its_file_hands_the_case_back(city: None) -> None:
    case = make_asked()
    client = for_firm()
    command = command_of(page(client, f"/my/cases/{case.number}/"))
    sent = {"command_id": command, f"paper-{FLOOR_PLAN}": upload("新图.pdf"), "note": "标好了门"}
    response = client.post(f"/my/cases/{case.number}/supplement/", sent)
    assert response["Location"] == f"/my/cases/{case.number}/?said=supplemented"
    assert get_case(case.number, actor=owner()).state is CaseState.OPEN
    again = {"command_id": command, f"paper-{FLOOR_PLAN}": upload("新图.pdf"), "note": "标好了门"}
    assert client.post(f"/my/cases/{case.number}/supplement/", again).status_code == 302
    assert [entry.outcome for entry in get_history(case.id)] == ["", "supplement", "submit"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("脚本.pdf", b"#!/bin/sh\necho hi\n", "只收 PDF"),
        ("空.pdf", b"", ""),
        ("大.pdf", PDF + b"0" * 10_600_000, "10 MB"),
    ],
)
def test_a_bad_file_is_refused_and_the_words_are_kept(city: None, name: str, content: bytes, said: str) -> None:
    case = make_asked()
    client = for_firm()
    sent = {
        "command_id": str(uuid4()),
        f"paper-{FLOOR_PLAN}": upload(name, content),
        "note": "" if not content else "说明在此",
    }
    response = client.post(f"/my/cases/{case.number}/supplement/", sent)
    assert response.status_code in {413, 422}
    html = text(response)
    assert said in html
    if content:
        assert "说明在此" in html
    assert get_case(case.number, actor=owner()).state is CaseState.PAUSED


def test_a_supplement_without_anything_says_what_is_missing(city: None) -> None:
    case = make_asked()
    response = for_firm().post(f"/my/cases/{case.number}/supplement/", {"command_id": str(uuid4())})
    assert response.status_code == 422
    assert "还有材料没有补：经营场所平面布局图" in text(response)


def test_what_was_typed_survives_a_lapsed_session(city: None) -> None:
    case = make_asked()
    client = for_firm()
    client.cookies.pop("sessionid")
    path = f"/my/cases/{case.number}/supplement/"
    away = client.post(path, {"note": "健康证在外地办的"})
    assert away.status_code == 302
    back = sign_in(client, "xiaoguan", next=path)
    # signed in as oneself again; the representative applied, so the case is still theirs to see
    assert "健康证在外地办的" in text(client.get(back["Location"]))


def test_an_application_is_withdrawn_once(city: None) -> None:
    case = make_case()
    client = for_firm()
    sent = {"command_id": command_of(page(client, f"/my/cases/{case.number}/")), "reason": "暂时不开了"}
    assert client.post(f"/my/cases/{case.number}/withdraw/", sent)["Location"].endswith("?said=withdrawn")
    assert client.post(f"/my/cases/{case.number}/withdraw/", sent).status_code == 302
    shown = words(client.get(f"/my/cases/{case.number}/"))
    assert "您撤回了这件申请" in shown
    assert "确认撤回申请" not in shown
    later = client.post(f"/my/cases/{case.number}/withdraw/", {"command_id": str(uuid4())})
    assert later.status_code == 409


def test_a_refusal_names_its_reasons_and_what_can_be_done(city: None) -> None:
    case = move(
        make_accepted(), "refuse", "shenpi", given=TaskInput(opinion="不同意", reasons=("面积不足，请扩大后再申请",))
    )
    shown = words(for_firm().get(f"/my/cases/{case.number}/"))
    assert "没有批准，原因是" in shown
    assert "面积不足，请扩大后再申请" in shown
    assert "60 日内，向墨溪区人民政府申请" in shown
    assert "最晚到 2027年1月23日" in shown
    assert "6 个月内" in shown
    assert "2027年5月24日" in shown
    assert "重新申请" in shown


def test_a_granted_case_leads_to_its_licence_and_can_be_rated_once(city: None) -> None:
    case = make_granted()
    licence = find_licences_of_case(case.id, at=AT)[0]
    client = for_firm()
    assert f'href="/my/licences/{licence.id}/"' in page(client, f"/my/cases/{case.number}/")
    assert client.post(f"/my/cases/{case.number}/rate/", {"level": "6"}).status_code == 422
    assert find_rating(case.id) is None
    assert client.post(f"/my/cases/{case.number}/rate/", {"level": "5", "comment": "快"}).status_code == 302
    assert "您已经评价过" in page(client, f"/my/cases/{case.number}/")
    assert client.post(f"/my/cases/{case.number}/rate/", {"level": "1"}).status_code == 409
    rating = find_rating(case.id)
    assert rating is not None
    assert rating.level == 5


def test_my_own_file_is_sent_to_me_and_not_to_a_stranger(city: None) -> None:
    case = make_case()
    client = for_firm()
    found = re.search(r"/my/cases/\d+/files/[0-9a-f-]{36}/", page(client, f"/my/cases/{case.number}/"))
    assert found is not None
    response = client.get(found[0])
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    stranger = Client()
    sign_in(stranger, "laoren")
    assert stranger.get(found[0]).status_code == 404


def test_the_wallet_shows_every_licence_with_its_state(city: None) -> None:
    make_granted()
    html = page(for_firm(), "/my/licences/")
    assert "小餐饮经营许可证" in html
    assert "营业执照" in html


def test_a_licence_shows_a_code_for_five_minutes_and_its_sheet(city: None) -> None:
    licence = find_licences_of_case(make_granted().id, at=AT)[0]
    client = for_firm()
    html = page(client, f"/my/licences/{licence.id}/")
    assert re.search(r'<div class="qr"><svg[^>]*role="img"', html)
    assert re.search(r"<b>\d\d:\d\d</b> 前有效", html)
    assert "style=" not in html
    assert client.get(f"/my/licences/{licence.id}/code/")["Location"] == f"/my/licences/{licence.id}/#show"


def test_a_revoked_licence_is_not_presented_and_says_why(city: None) -> None:
    licence = find_licences_of_case(make_granted().id, at=AT)[0]
    revoke_licence(licence.id, reason="经营者申请停业", actor=officer("shenpi"), at=AT)
    html = page(for_firm(), f"/my/licences/{licence.id}/")
    assert 'class="qr"' not in html
    assert "现在不能出示" in html
    assert "经营者申请停业" in html


def test_another_persons_licence_is_not_found(city: None) -> None:
    licence = find_licences_of_case(make_granted().id, at=AT)[0]
    stranger = Client()
    sign_in(stranger, "laoren")
    assert stranger.get(f"/my/licences/{licence.id}/").status_code == 404
    assert stranger.get(f"/my/licences/{licence.id}/sheet.pdf").status_code == 404


def test_notices_are_read_one_by_one_or_all(city: None) -> None:
    person = owner().person
    assert person is not None
    for n in (1, 2):
        send_notice(person, kind="case", title=f"消息 {n}", body="正文", link="/my/cases/", key=str(n), at=AT)
    client = for_firm()
    html = page(client, "/my/notices/")
    assert html.count('class="unread"') == 2
    first = re.search(r'name="notice" value="([^"]+)"', html)
    assert first is not None
    assert client.post("/my/notices/", {"notice": first[1]})["Location"] == "/my/cases/"
    assert page(client, "/my/notices/").count('class="unread"') == 1
    client.post("/my/notices/")
    assert 'class="unread"' not in page(client, "/my/notices/")
    assert client.post("/my/notices/", {"notice": "nonsense"}).status_code == 404


def test_i_see_who_read_my_data_masked_with_purpose_and_case(city: None) -> None:
    case = make_case()
    client = for_firm()
    assert "还没有人看过" in page(client, "/my/readers/")
    record_reading(
        officer("shouli"), subject=case.applicant, resource=case.urn, what="申请表和材料", purpose="审查申请材料", at=AT
    )
    shown = words(client.get("/my/readers/"))
    assert "许*青" in shown
    assert "墨溪区市场监管局" in shown
    assert "审查申请材料" in shown
    assert f"办件 {case.number}" in shown


def test_i_see_who_read_a_whole_table_i_stand_in(city: None, monkeypatch: pytest.MonkeyPatch) -> None:
    number = find_number(make_case().applicant)
    known = {1: Standing.HELD, 2: Standing.NOT_HELD, 3: Standing.HELD_NOW, 4: Standing.UNKNOWN}
    asked: list[str] = []

    def keeper(_kind: PartyKind, of: str, editions: Collection[Edition]) -> dict[Edition, Standing]:
        asked.append(of)
        return {one: known[one.version] for one in editions}

    monkeypatch.setattr(HOLDERS, "_entries", {"urn:shuzheng:lake:table:": keeper})
    for version in (2, 1, 3, 4):
        record_whole_reading(
            officer("shouli"),
            subject_kind=PartyKind.FIRM,
            edition=Edition("urn:shuzheng:lake:table:market_subject", version),
            what="数据湖查询：市场主体",
            purpose=f"用途 {version}",
            at=AT,
        )
    shown = words(for_firm().get("/my/readers/"))
    assert asked == [number]
    assert "读的是整张表，当时您在其中" in shown
    assert "可能涉及您：当时的数据已不再保留，您现在在这张表里" in shown
    assert "可能涉及您：当时的数据已不再保留，无法核对您当时是否在其中" in shown
    assert [f"用途 {version}" in shown for version in known] == [True, False, True, True]
    monkeypatch.setattr(access, "LOOKUPS", 1)
    known[4] = Standing.NOT_HELD
    client = for_firm()
    shown = page(client, "/my/readers/")
    assert "还没有人看过" not in shown
    assert "最近的整表查询都不涉及您" in shown
    assert "用途 3" in page(client, f"/my/readers/?after={access.list_readings(make_case().applicant).next}")


def test_i_see_who_read_my_row_out_of_the_lake(city: None) -> None:
    numbers = (find_number(make_case().applicant), "91990102MBY0000999")
    mine, theirs = (subject_key(PartyKind.FIRM, number) for number in numbers)
    for keys, purpose in (([mine, theirs], "核对经营异常名录"), ([theirs], "与我无关的用途")):
        record_bulk_reading(
            officer("shouli"),
            subject_kind=PartyKind.FIRM,
            subject_keys=keys,
            resource="urn:shuzheng:lake:table:market_subject",
            what="数据湖查询：市场主体",
            purpose=purpose,
            at=AT,
        )
    shown = words(for_firm().get("/my/readers/"))
    assert "数据湖查询：市场主体" in shown
    assert "许*青" in shown
    assert "核对经营异常名录" in shown
    assert "同一次查询共涉及 2 个对象" in shown
    assert "与我无关的用途" not in shown
