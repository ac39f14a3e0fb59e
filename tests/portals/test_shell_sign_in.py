"""Signing in and out, whose affairs these are, preferences."""

from dataclasses import replace

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.portals.browsing import PERMIT, act_for_firm, page, sign_in, text, words


def test_a_resident_lands_at_home_and_is_named_masked(visitor: Client) -> None:
    response = sign_in(visitor, "xiaoguan")
    assert response["Location"] == "/"
    home = page(visitor, "/")
    assert "林*墨" in home
    assert "林知墨" not in home


def test_an_officer_lands_at_the_desk(visitor: Client) -> None:
    assert sign_in(visitor, "shouli")["Location"] == "/desk/"


def test_signing_in_comes_back_to_the_page_that_asked(visitor: Client) -> None:
    asked = visitor.get(f"/items/{PERMIT}/apply/")
    assert asked["Location"] == f"/sign-in/?next=%2Fitems%2F{PERMIT}%2Fapply%2F"
    assert sign_in(visitor, "xiaoguan", next=f"/items/{PERMIT}/apply/")["Location"] == f"/items/{PERMIT}/apply/"


@pytest.mark.parametrize("foreign", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "x"])
def test_signing_in_never_leads_to_another_site(visitor: Client, foreign: str) -> None:
    assert sign_in(visitor, "xiaoguan", next=foreign)["Location"] == "/"


def test_a_wrong_password_says_so_without_telling_which_part(visitor: Client) -> None:
    wrong = sign_in(visitor, "xiaoguan", "not-this-one")
    unknown = sign_in(visitor, "nobody-here", "not-this-one")
    assert wrong.status_code == unknown.status_code == 403
    assert "账号或密码不对" in text(wrong)
    assert "账号或密码不对" in text(unknown)
    assert "_auth_user_id" not in visitor.session


def test_empty_fields_are_pointed_at(visitor: Client) -> None:
    response = sign_in(visitor, "", "")
    assert response.status_code == 422
    assert 'href="#name"' in text(response)
    assert "请填密码" in text(response)
    assert "<title>错误：登录" in text(response)


def test_the_session_gets_a_new_key_at_sign_in(visitor: Client) -> None:
    session = visitor.session
    session["x"] = 1
    session.save()
    before = session.session_key
    sign_in(visitor, "xiaoguan")
    assert visitor.session.session_key != before


def test_demonstration_accounts_are_listed_only_in_a_demonstration(visitor: Client, settings: LazySettings) -> None:
    assert "xiaoguan" not in page(visitor, "/sign-in/")
    settings.SHUZHENG = replace(settings.SHUZHENG, demo=True)
    html = page(visitor, "/sign-in/")
    assert 'href="?name=xiaoguan"' in html
    assert "营业执照、身份证、场所证明免交" in html
    assert 'value="xiaoguan"' in page(visitor, "/sign-in/?name=xiaoguan")


def test_signing_out_ends_the_session(visitor: Client) -> None:
    sign_in(visitor, "xiaoguan")
    visitor.post("/sign-out/")
    assert visitor.get("/my/").status_code == 302
    assert visitor.get("/sign-out/").status_code == 405


def test_every_page_says_for_whom_it_is(visitor: Client) -> None:
    sign_in(visitor, "xiaoguan")
    assert "正在为自己办理" in words(visitor.get("/items/"))
    act_for_firm(visitor)
    for path in ("/", "/items/", f"/items/{PERMIT}/", "/help/", "/verify/"):
        assert "正在为 墨溪区松风小馆（个体工商户） 办理" in words(visitor.get(path)), path
    assert "样例企业服务" in page(visitor, "/")


def test_nobody_acts_for_a_firm_they_do_not_represent(visitor: Client) -> None:
    sign_in(visitor, "zhuli")
    act_for_firm(visitor)
    foreign = visitor.session["acting_for"]
    visitor.post("/sign-out/")
    sign_in(visitor, "xiaoguan")
    response = visitor.post("/acting/", {"who": foreign})
    assert response.status_code == 403
    assert "acting_for" not in visitor.session
    assert visitor.post("/acting/", {"who": "x"}).status_code == 422


def test_a_role_that_ended_leaves_the_person_alone(visitor: Client) -> None:
    sign_in(visitor, "xiaoguan")
    session = visitor.session
    session["acting_for"] = "01890000-0000-7000-8000-000000000000"
    session.save()
    assert "正在为自己办理" in words(visitor.get("/"))
    assert "acting_for" not in visitor.session


def test_an_officer_without_a_post_is_told_whom_to_ask(visitor: Client) -> None:
    sign_in(visitor, "xiaoguan")
    response = visitor.get("/desk/")
    assert response.status_code == 403
    assert "工作台只对在岗的工作人员开放" in text(response)


def test_elder_mode_is_remembered_and_switched_back(visitor: Client) -> None:
    assert visitor.post("/prefs/elder/", {"next": "/items/"})["Location"] == "/items/"
    assert '<html lang="zh-Hans" class="elder">' in page(visitor, "/")
    visitor.post("/prefs/elder/", {"next": "https://elsewhere.example/"})
    assert 'class="elder"' not in page(visitor, "/")


def test_elder_mode_is_kept_in_the_account(visitor: Client) -> None:
    sign_in(visitor, "xiaoguan")
    visitor.post("/prefs/elder/", {"next": "/"})
    elsewhere = Client()
    assert 'class="elder"' not in page(elsewhere, "/")
    sign_in(elsewhere, "xiaoguan")
    assert 'class="elder"' in page(elsewhere, "/")


def test_help_and_accessibility_are_there(visitor: Client) -> None:
    assert "从找事项到拿证" in page(visitor, "/help/")
    assert "GB/T 37668" in page(visitor, "/help/accessibility/")
