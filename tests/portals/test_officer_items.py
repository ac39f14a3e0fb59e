"""Item administration at the desk: list, editor, review, differences, and what stands in the way."""

import re
from typing import Any

import pytest
from django.test import Client

from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.packs.queries import read_pack
from shuzheng.services.items.models import ItemChange
from tests.items.reviewing import with_reviewers
from tests.portals.browsing import PERMIT, command_of, page, text, words
from tests.portals.conftest import AT, TEMPLATE
from tests.portals.walking import at_desk

UNIT = f"11990102MBY000096A4{PERMIT}"


@pytest.fixture
def bureau(city: None) -> Client:
    """An approver of the bureau that leads the item."""
    directory_pack.apply(with_reviewers(read_pack(TEMPLATE)), actor=SYSTEM, at=AT)
    return at_desk("yunchuang")


def reviewer() -> Client:
    client = at_desk("shenpi2")
    return switched(client, "市数管局")


def switched(client: Client, organization: str) -> Client:
    found = re.search(rf'value="([0-9a-f-]{{36}})"[^>]*><label[^>]*><b>{organization}</b>', page(client, "/desk/post/"))
    assert found is not None
    client.post("/desk/post/", {"post": found[1]})
    return client


def sent(html: str, **over: Any) -> dict[str, Any]:
    """What a browser sends back from the editor, with some fields typed over."""
    hidden = {name: found[1] for name in ("command_id", "base", "rev") if (found := _hidden(html, name))}
    return {**hidden, "reason": "并联审查后可以缩短", "go": "save", **over}


def _hidden(html: str, name: str) -> re.Match[str] | None:
    return re.search(rf'name="{name}" value="([^"]*)"', html)


def propose(client: Client, path: str = f"/desk/items/{PERMIT}/change/", **typed: str) -> str:
    """Submit a change; return its address."""
    response = client.post(path, sent(page(client, path), go="submit", **typed))
    assert response.status_code == 302, words(response)
    return str(response["Location"]).split("?")[0]


def step(client: Client, change: str, verb: str, **given: str) -> Any:
    html = page(client, change)
    rev = _hidden(html, "rev")
    return client.post(
        f"{change}{verb}/",
        {"command_id": command_of(html), "rev": rev[1] if rev else "", **given},
    )


def test_the_list_shows_the_items_of_the_department_and_finds_by_word_and_code(bureau: Client) -> None:
    listed = page(bureau, "/desk/items/")
    assert "小餐饮经营许可（新办）" in listed
    assert "健康档案" not in listed
    assert "小餐饮" in page(bureau, f"/desk/items/?q={PERMIT[:6]}")
    assert "没有查到" in page(bureau, "/desk/items/?q=没有的")
    assert "健康档案" in page(reviewer(), "/desk/items/?all=1")


def test_residents_are_sent_away(visitor: Client) -> None:
    for path in ("/desk/items/", f"/desk/items/{PERMIT}/", f"/desk/items/{PERMIT}/change/", "/desk/items/changes/"):
        assert visitor.get(path).status_code == 302


def test_the_editor_shows_todays_value_beside_the_new_one(bureau: Client) -> None:
    shown = words(bureau.get(f"/desk/items/{PERMIT}/change/"))
    assert "现在 ：承诺时限（工作日） 4" in shown
    assert "法定时限 20 个工作日，不能超过" in shown
    assert "材料 2：营业执照" in shown


def test_a_change_goes_from_draft_over_review_into_the_guide(bureau: Client) -> None:
    path = f"/desk/items/{PERMIT}/change/"
    saved = bureau.post(path, sent(page(bureau, path), promised_days="3", scope="全市的小餐饮"))
    assert saved.status_code == 302
    edit = str(saved["Location"])
    assert "已存为草稿" in page(bureau, edit)
    change = propose(bureau, edit.split("?", maxsplit=1)[0], promised_days="2")
    shown = words(bureau.get(f"{change}?said=submitted"))
    assert "已提交审核" in shown
    assert "去掉： 4 加上： 2" in shown
    client = reviewer()
    assert "待我审核 1" in words(client.get("/desk/items/"))
    assert "小餐饮经营许可（新办）" in page(client, "/desk/items/changes/?show=review")
    approved = step(client, change, "approve", effective_on="2020-01-01")
    assert approved.status_code == 422
    assert "生效日不能早于今天" in words(approved)
    today = _hidden_day(page(client, change))
    assert step(client, change, "approve", effective_on=today).status_code == 302
    assert "已通过，今天起生效" in page(client, f"{change}?said=approved")
    assert "2 个工作日" in words(Client().get(f"/items/{PERMIT}/"))
    item = words(bureau.get(f"/desk/items/{PERMIT}/"))
    assert "第 2 版生效中" in item
    assert "平台上的修改" in item
    assert "承诺时限（工作日）" in words(bureau.get(f"/desk/items/{PERMIT}/versions/2/"))
    assert "最初一版" in words(bureau.get(f"/desk/items/{PERMIT}/versions/1/"))


def _hidden_day(html: str) -> str:
    found = re.search(r'id="effective_on"[^>]*value="(\d{4}-\d\d-\d\d)"', html)
    assert found is not None
    return found[1]


def test_wrong_fields_are_listed_and_everything_typed_is_still_there(bureau: Client) -> None:
    path = f"/desk/items/{PERMIT}/change/"
    typed = {"promised_days": "30", "scope": "写了很久的话", "channels": "", "go": "submit", "reason": ""}
    response = bureau.post(path, sent(page(bureau, path), **typed))
    assert response.status_code == 422
    html, said = text(response), words(response)
    assert 'href="#promised_days"' in html
    for message in ("不能超过法定时限 20", "请至少勾选一种办理渠道", "请写为什么改"):
        assert message in said
    assert "写了很久的话" in said
    assert 'value="30"' in html
    assert ItemChange.objects.get().state == "draft"
    again = bureau.post(_action(html), {**sent(html), "promised_days": "3", "scope": "写了很久的话", "go": "submit"})
    assert again.status_code == 302


def _action(html: str) -> str:
    found = re.search(r'<form method="post" action="(/desk/items/[^"]+/edit/)"', html)
    assert found is not None
    return found[1]


def test_pressing_save_twice_makes_one_draft(bureau: Client) -> None:
    path = f"/desk/items/{PERMIT}/change/"
    filled = sent(page(bureau, path), promised_days="3")
    first, second = bureau.post(path, filled), bureau.post(path, filled)
    assert first["Location"] == second["Location"]
    assert ItemChange.objects.count() == 1


def test_what_one_may_not_change_says_whom_to_ask(bureau: Client) -> None:
    county = at_desk("shouli")
    shown = words(county.get(f"/desk/items/{PERMIT}/"))
    assert "由市市场监管局负责，墨溪区市场监管局不能修改" in shown
    refused = county.get(f"/desk/items/{PERMIT}/change/")
    assert refused.status_code == 403
    assert "请联系市市场监管局" in words(refused)


def test_a_window_clerk_changes_the_hours_of_the_own_unit(bureau: Client) -> None:
    county = at_desk("shouli")
    assert f"/desk/items/units/{UNIT}/change/" in page(county, f"/desk/items/{PERMIT}/")
    path = f"/desk/items/units/{UNIT}/change/"
    change = propose(county, path, hours="周一至周五 9:00—17:00", phone="0990-3333333")
    assert "办理时间" in page(county, change)


def test_ones_own_change_cannot_be_reviewed_and_the_page_says_so(bureau: Client) -> None:
    author = switched(at_desk("juzhang"), "市市场监管局")
    change = propose(author, promised_days="3")
    himself = switched(author, "市数管局")
    html = page(himself, change)
    assert "要由别人审核" in html
    assert f"{change}approve/" not in html
    assert himself.post(f"{change}approve/", {"effective_on": "2099-01-01"}).status_code == 403
    assert ItemChange.objects.get().state == "review"


def test_sending_back_asks_for_a_reason_and_the_editor_shows_it(bureau: Client) -> None:
    change = propose(bureau, promised_days="3")
    client = reviewer()
    empty = step(client, change, "return", words="")
    assert empty.status_code == 422
    assert "退回要写明理由" in words(empty)
    assert step(client, change, "return", words="请写明怎样缩短").status_code == 302
    assert "退回的理由：请写明怎样缩短" in page(bureau, f"{change}edit/")
    assert "已退回" in page(bureau, change)


def test_the_second_of_two_reviewers_is_told_and_keeps_the_words(bureau: Client) -> None:
    change = propose(bureau, promised_days="3")
    client, html = reviewer(), page(reviewer(), change)
    assert step(client, change, "return", words="先改流程").status_code == 302
    rev = _hidden(html, "rev")
    assert rev is not None
    late = client.post(f"{change}return/", {"command_id": command_of(html), "rev": rev[1], "words": "我写的"})
    assert late.status_code == 409
    assert "章云烟刚才已经退回修改" in words(late)


def test_a_page_filled_in_meanwhile_shows_both_values_and_takes_the_text_along(bureau: Client) -> None:
    path = f"/desk/items/{PERMIT}/change/"
    old = sent(page(bureau, path), promised_days="3", scope="我写的范围")
    change = propose(bureau, promised_days="2")
    client = reviewer()
    step(client, change, "approve", effective_on=_hidden_day(page(client, change)))
    moved = bureau.post(path, old)
    assert moved.status_code == 409
    assert "您开始改的时候 您改成 现在生效的 承诺时限（工作日） 4 3 2" in words(moved)
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text(moved)))
    shown = bureau.post(path, {**kept, "go": "show"})
    assert shown.status_code == 200
    assert "我写的范围" in words(shown)
    assert 'name="base" value="2"' in text(shown)


def test_a_dropped_change_is_over_and_its_editor_leads_back(bureau: Client) -> None:
    change = propose(bureau, promised_days="3")
    assert step(bureau, change, "drop").status_code == 302
    assert "已放弃" in page(bureau, change)
    assert bureau.get(f"{change}edit/")["Location"] == change
    assert "已放弃" in page(bureau, "/desk/items/changes/?show=done")


def test_unknown_items_versions_and_changes_are_not_found(bureau: Client) -> None:
    for path in (
        "/desk/items/000000000000/",
        "/desk/items/nonsense/change/",
        "/desk/items/units/nonsense/change/",
        f"/desk/items/{PERMIT}/versions/9/",
        "/desk/items/changes/0192f0c1-2345-7000-8000-000000000001/",
    ):
        assert bureau.get(path).status_code == 404


def test_empty_lists_say_the_way_on(bureau: Client) -> None:
    for show in ("", "waiting", "done"):
        assert "看本单位的事项" in page(bureau, f"/desk/items/changes/?show={show}")
    assert "没有等您审核的修改" in page(reviewer(), "/desk/items/changes/?show=review")
