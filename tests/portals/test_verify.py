"""The public check: verdicts, the part a script asks for, no personal data in addresses."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from shuzheng.base.kernel import clock
from shuzheng.engines.credentials.actions import present_licence, revoke_licence
from shuzheng.engines.credentials.queries import find_licences_of_case, sheet_code
from shuzheng.engines.credentials.types import LicenceView
from tests.portals.browsing import page, text, words
from tests.portals.conftest import AT
from tests.portals.walking import make_granted, officer, owner


def make_licence() -> LicenceView:
    return find_licences_of_case(make_granted().id, at=AT)[0]


def ask(**fields: str) -> str:
    return words(Client().post("/verify/", fields))


def test_the_page_needs_no_sign_in_and_offers_code_and_number(visitor: Client) -> None:
    html = page(visitor, "/verify/")
    assert 'data-fragment="code"' in html
    assert 'name="number"' in html
    assert "<noscript>" in html


def test_a_presented_code_is_valid_once_and_the_second_check_says_so(city: None) -> None:
    licence = make_licence()
    code = present_licence(licence.id, actor=owner(), at=clock.now()).url_fragment
    first = ask(code=code)
    assert "证照有效" in first
    assert "已经核验过一次" not in first
    assert "已经核验过一次" in ask(code=code)


def test_an_old_presentation_is_stale(city: None) -> None:
    licence = make_licence()
    code = present_licence(licence.id, actor=owner(), at=clock.now() - timedelta(minutes=6)).url_fragment
    assert "出示码已超过时间" in ask(code=code)


def test_a_revoked_licence_says_so_on_its_printed_code(city: None) -> None:
    licence = make_licence()
    revoke_licence(licence.id, reason="停业", actor=officer("shenpi"), at=AT)
    assert "证照已作废" in ask(code=sheet_code(licence.id))


def test_a_truncated_code_is_damaged_and_a_made_up_one_is_not_ours(city: None) -> None:
    code = sheet_code(make_licence().id)
    assert "码不完整或不能识别" in ask(code=code[:40])
    assert "码不完整或不能识别" in ask(code="你好")


def test_a_number_needs_the_right_name(city: None) -> None:
    licence = make_licence()
    assert "证照有效" in ask(number=licence.number, name=licence.holder.name)
    assert "没有查到这张证照" in ask(number=licence.number, name="别的店")
    assert "没有查到这张证照" in ask(number=str(uuid4()), name=licence.holder.name)


@pytest.mark.parametrize(
    ("fields", "field"),
    [({}, "code"), ({"number": "JY1"}, "name"), ({"name": "某店"}, "number"), ({"code": "  "}, "code")],
)
def test_an_incomplete_question_says_what_is_missing(visitor: Client, fields: dict[str, str], field: str) -> None:
    response = visitor.post("/verify/", fields)
    assert response.status_code == 422
    assert f'href="#{field}"' in text(response)


def test_a_script_gets_the_result_alone_and_nobody_keeps_it(city: None) -> None:
    code = sheet_code(make_licence().id)
    response = Client().post("/verify/", {"code": code}, headers={"X-Part": "result"})
    html = text(response)
    assert "<html" not in html
    assert "证照有效" in html
    assert "no-store" in response["Cache-Control"]
    assert code not in html


def test_a_code_in_the_query_is_not_read(city: None) -> None:
    code = sheet_code(make_licence().id)
    assert "证照有效" not in text(Client().get("/verify/", {"code": code}))


def test_a_persons_name_is_masked_in_the_verdict(city: None) -> None:
    shown = ask(code=sheet_code(make_licence().id))
    assert "林知墨" not in shown
