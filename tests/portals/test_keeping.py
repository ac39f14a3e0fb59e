"""Every form is saved as it is typed: where the page sends it, who may, and when it is forgotten."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from shuzheng.services.items.models import KeptInput
from tests.portals.browsing import page, sign_in
from tests.portals.walking import at_desk, for_firm, make_asked, make_case

JSON = {"Accept": "application/json"}


def save(client: Client, path: str, typed: dict[str, list[str]], rev: int = 0) -> dict[str, object]:
    sent = {"act": "save", "path": path, "rev": rev, "typed": json.dumps(typed)}
    answer = client.post("/kept/", sent, headers=JSON)
    assert answer.status_code == 200, answer.content
    found: dict[str, object] = answer.json()
    return found


def read(client: Client, *paths: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = client.post("/kept/", {"act": "read", "path": paths}, headers=JSON).json()
    return found


def test_an_explanation_is_kept_until_it_is_sent(city: None) -> None:
    case = make_asked()
    client, path = for_firm(), f"/my/cases/{case.number}/supplement/"
    assert "data-keep" in page(client, f"/my/cases/{case.number}/")
    kept = save(client, path, {"note": ["平面图"], "password": ["秘"], "command_id": ["1"]})
    kept = save(client, path, {"note": ["平面图已重拍"]}, rev=int(str(kept["rev"])))
    found = read(for_firm(), path)  # another device
    assert found[path]["typed"] == {"note": ["平面图已重拍"]}
    refused = client.post(path, {"command_id": str(uuid4()), "note": "", "kept": "1"})
    assert refused.status_code == 422
    assert KeptInput.objects.count() == 1  # it did not go through: still kept
    sent = client.post(path, {"command_id": str(uuid4()), "note": "平面图已重拍", "kept": "1"})
    assert sent.status_code == 302
    assert KeptInput.objects.count() == 0


def test_an_opinion_at_the_desk_is_kept_for_its_writer_only(city: None) -> None:
    case = make_case()
    desk, path = at_desk("shouli"), f"/desk/cases/{case.number}/tasks/1/"
    save(desk, path, {"opinion": ["材料齐全"]})
    assert read(at_desk("shouli"), path)[path]["typed"] == {"opinion": ["材料齐全"]}
    assert read(at_desk("shenpi"), path) == {}
    assert read(for_firm(), path) == {}


def test_two_pages_do_not_write_over_one_another(city: None) -> None:
    client = for_firm()
    save(client, "/my/cases/", {"note": ["甲"]})
    sent = {"act": "save", "path": "/my/cases/", "rev": "0", "typed": '{"note": ["乙"]}'}
    answer = for_firm().post("/kept/", sent, headers=JSON)
    assert answer.status_code == 409
    assert read(client, "/my/cases/")["/my/cases/"]["typed"] == {"note": ["甲"]}


def test_emptied_by_hand_is_forgotten(city: None) -> None:
    client = for_firm()
    save(client, "/my/cases/", {"note": ["甲"]})
    client.post("/kept/", {"act": "drop", "path": "/my/cases/"}, headers=JSON)
    assert read(client, "/my/cases/") == {}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"act": "save", "path": "/my/cases/", "typed": "不是 JSON"},
        {"act": "save", "path": "/my/cases/", "typed": '{"note": "甲"}'},
        {"act": "save", "path": "/no/such/page/", "typed": "{}"},
        {"act": "read", "path": "https://else.where/"},
        {"act": "spy", "path": "/my/cases/"},
    ],
)
def test_what_is_not_a_forms_text_is_refused(city: None, sent: dict[str, str]) -> None:
    assert for_firm().post("/kept/", sent, headers=JSON).status_code == 404
    assert KeptInput.objects.count() == 0


def test_a_visitor_keeps_nothing(visitor: Client) -> None:
    sent = {"act": "save", "path": "/sign-in/", "typed": '{"name": ["甲"]}'}
    assert visitor.post("/kept/", sent, headers=JSON).status_code in {401, 403}
    assert KeptInput.objects.count() == 0
    sign_in(visitor, "laoren")
    assert visitor.get("/kept/").status_code == 405
