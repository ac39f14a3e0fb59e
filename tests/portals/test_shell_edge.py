"""Errors as pages and problem documents, headers, and nothing typed being lost."""

import json
import logging

import pytest
from django.http import HttpResponse
from django.test import Client

from shuzheng.portals.resident.views import home
from shuzheng.services.items.models import HeldInput
from tests.portals.browsing import PERMIT, fields, fill, page, sign_in, start, text, words


def test_an_unknown_address_offers_the_search_and_a_reference(visitor: Client) -> None:
    response = visitor.get("/items/000000000000/")
    assert response.status_code == 404
    assert 'action="/items/"' in text(response)
    assert "404-" in text(response)


def test_a_program_gets_a_problem_document(visitor: Client) -> None:
    response = visitor.get("/items/000000000000/", headers={"accept": "application/problem+json"})
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert body["status"] == 404
    assert body["code"] == "items.item_not_found"
    assert body["type"] == "urn:shuzheng:problem:items.item_not_found"
    assert body["instance"].startswith("urn:shuzheng:reference:404-")
    assert body["hint"]


@pytest.mark.parametrize("path", ["/prefs/language/", "/prefs/elder/"])
def test_an_address_for_buttons_says_so_when_it_is_opened(visitor: Client, path: str) -> None:
    response = visitor.get(path)
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "只接收页面上的按钮" in text(response)
    assert "再按一次按钮" in text(response)


def test_a_program_without_a_sign_in_gets_401(visitor: Client) -> None:
    response = visitor.get(f"/items/{PERMIT}/apply/", headers={"accept": "application/json"})
    assert response.status_code == 401
    assert json.loads(response.content)["code"] == "shell.sign_in_first"


def test_a_breakdown_is_not_the_readers_fault_and_logs_no_secret(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> HttpResponse:
        raise RuntimeError("a wire is cut")

    monkeypatch.setattr(home, "get_city", broken)
    visitor.raise_request_exception = False
    with caplog.at_level(logging.INFO):
        response = visitor.get("/", {"name": "李小华"})
    assert response.status_code == 500
    assert "不是您的错" in text(response)
    assert "wire" not in text(response)
    lines = [record for record in caplog.records if record.name == "shuzheng.portals.shell.failures"]
    assert len(lines) == 1
    assert "500-" in lines[0].getMessage()
    assert lines[0].exc_info is not None
    assert not any("李小华" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("path", ["/", "/items/", "/sign-in/", "/help/", "/nowhere/"])
def test_every_answer_carries_the_policies(visitor: Client, path: str) -> None:
    response = visitor.get(path)
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "camera=()" in response["Permissions-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_personal_pages_are_kept_by_no_cache(visitor: Client) -> None:
    assert visitor.get("/")["Cache-Control"] == "no-cache"
    sign_in(visitor, "xiaoguan")
    assert visitor.get("/")["Cache-Control"] == "private, no-store"


def test_a_body_no_form_of_ours_sends_is_refused_unread(visitor: Client) -> None:
    response = visitor.post("/sign-in/", b"", content_type="text/plain", CONTENT_LENGTH=str(64 * 1024 * 1024))
    assert response.status_code == 413
    assert "32 MB" in text(response)


def test_a_form_with_a_stale_token_is_not_taken(city: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = sign_in(strict, "xiaoguan")
    assert response.status_code == 403
    assert "打开得太久了" in text(response)
    assert "_auth_user_id" not in strict.session


def test_typed_text_survives_an_expired_session(visitor: Client) -> None:
    draft = start(visitor)
    typed = {**fields(page(visitor, f"{draft}2/")), "place_address": "石桥路 8 号", "area": "不知道", "go": "next"}
    del visitor.cookies["sessionid"]

    sent_away = visitor.post(f"{draft}2/", typed)
    assert sent_away.status_code == 302
    assert "held=1" in sent_away["Location"]
    assert "石桥路" not in sent_away["Location"]
    assert "您填的内容已经保存" in page(visitor, sent_away["Location"])

    assert sign_in(visitor, "xiaoguan", next=f"{draft}2/")["Location"] == f"{draft}2/"
    first = page(visitor, f"{draft}2/")
    assert 'value="石桥路 8 号"' in first
    assert 'value="不知道"' in first
    assert "这是您登录前填的" in first
    assert 'value="石桥路 8 号"' not in page(visitor, f"{draft}2/")


def test_a_lapsed_session_comes_back_in_the_same_role_but_only_for_who_may(visitor: Client) -> None:
    draft = start(visitor)
    del visitor.cookies["sessionid"]
    sign_in(visitor, "zhuli", next=f"{draft}1/")
    assert visitor.get(f"{draft}1/").status_code == 404
    visitor.post("/sign-out/")
    sign_in(visitor, "xiaoguan", next=f"{draft}1/")
    assert visitor.get(f"{draft}1/").status_code == 404, "an explicit sign-out forgets the firm"


def test_typed_text_is_given_to_its_own_page_only(visitor: Client) -> None:
    draft = start(visitor)
    del visitor.cookies["sessionid"]
    visitor.post(f"{draft}2/", {"place_address": "石桥路 8 号"})
    sign_in(visitor, "xiaoguan", next=f"{draft}2/")
    assert "石桥路 8 号" not in page(visitor, f"{draft}1/")


def test_the_held_text_is_sealed(visitor: Client) -> None:
    draft = start(visitor)
    del visitor.cookies["sessionid"]
    visitor.post(f"{draft}2/", {"place_address": "石桥路 8 号"})
    assert "石桥路".encode() not in bytes(HeldInput.objects.get().content)
    cookie = visitor.cookies["held"]
    assert cookie["httponly"]
    assert cookie["path"] == f"{draft}2/"


def test_a_breakdown_keeps_what_was_typed(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = start(visitor)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a wire is cut")

    with monkeypatch.context() as patch:
        patch.setattr("shuzheng.services.items.actions.save_section", broken)
        visitor.raise_request_exception = False
        referer = f"http://testserver{draft}2/"
        response = visitor.post(f"{draft}2/", {"place_address": "石桥路 8 号"}, headers={"referer": referer})
    assert response.status_code == 500
    assert "您刚才填的内容已经保存" in words(response)
    assert 'value="石桥路 8 号"' in page(visitor, f"{draft}2/")


def test_a_stranger_never_learns_of_a_draft(visitor: Client) -> None:
    draft = start(visitor)
    fill(visitor, draft)
    other = Client()
    sign_in(other, "zhuli")
    for path in (f"{draft}1/", f"{draft}papers/", f"{draft}check/"):
        response = other.get(path)
        assert response.status_code == 404
        assert "石桥路" not in text(response)
    assert other.post(f"{draft}1/", {"go": "next"}).status_code == 404
    assert other.post(f"{draft}discard/").status_code == 404
