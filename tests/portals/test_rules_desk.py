"""The rule book at the desk: list, one rule, trying it, changing it, and its review as a case."""

import re
from typing import Any

import pytest
from django.test import Client

from shuzheng.base.access.models import Reading
from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.kernel.clock import local_date, now
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.packs.queries import read_pack
from shuzheng.services.rulebook.models import RuleEdition, RuleProposal
from tests.items.reviewing import with_reviewers
from tests.portals.browsing import PERMIT, command_of, page, text, words
from tests.portals.conftest import AT, TEMPLATE
from tests.portals.test_officer_items import reviewer, switched
from tests.portals.walking import at_desk, make_case

CODE = f"form/{PERMIT}/2"
RULE, TRY, CHANGE, CHECK = (f"/desk/rules/{verb}/{CODE}/" for verb in ("rule", "try", "change", "check"))


@pytest.fixture
def desk(city: None) -> Client:
    """An approver of the bureau that leads the item."""
    directory_pack.apply(with_reviewers(read_pack(TEMPLATE)), actor=SYSTEM, at=AT)
    return at_desk("yunchuang")


def _hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    return found[1] if found else ""


def typed(html: str, **over: str) -> dict[str, str]:
    """What a browser sends back from the editor, with a change of the floor area typed in."""
    hidden = {name: _hidden(html, name) for name in ("command_id", "base", "rev")}
    return {
        **hidden,
        "label": "经营场所不少于12平方米",
        "text": "form.area >= 12",
        "failure": "经营场所面积过小",
        "source": "《样例市小餐饮管理办法》（2026年修订）第五条",
        "source_url": "",
        "tests": "",
        "valid_from": _today(),
        "reason": "办法修订",
        "go": "submit",
        **over,
    }


def _today() -> str:

    return local_date(now(), "Asia/Shanghai").isoformat()


def propose(client: Client, **over: str) -> str:
    response = client.post(CHANGE, typed(page(client, CHANGE), **over))
    assert response.status_code == 302, words(response)
    return str(response["Location"]).split("?")[0]


def case_of(proposal: str) -> str:
    row = RuleProposal.objects.get(public_id=proposal.rstrip("/").rsplit("/", 1)[1])
    return f"/desk/cases/{row.case_number}/"


def decide(client: Client, case: str, outcome: str, **given: str) -> Any:
    html = page(client, case)
    return client.post(
        f"{case}tasks/{_task(html)}/",
        {
            "command_id": command_of(html[html.index("data-decide") :] if "data-decide" in html else html),
            "expected_rev": _hidden(html, "expected_rev"),
            "outcome": outcome,
            "opinion": "",
            **given,
        },
    )


def _task(html: str) -> str:
    found = re.search(r"/tasks/(\d+)/", html)
    return found[1] if found else "1"


# Reading


def test_the_list_finds_by_word_code_and_fact_and_says_when_nothing_is_found(desk: Client) -> None:
    listed = words(desk.get("/desk/rules/"))
    assert "经营场所不少于10平方米 form.area >= 10" in listed
    assert "小餐饮经营许可" in listed
    for asked in (
        "q=存续",
        "q=登记状态",
        "q=form.area",
        f"q={CODE}",
        f"owner={PERMIT}",
        "book=form&kind=condition",
    ):
        assert "经营" in words(desk.get(f"/desk/rules/?{asked}")), asked
    for asked in ("q=没有的字", "state=coming", "state=ended", "book=form&kind=value"):
        assert "没有这样的规则" in words(desk.get(f"/desk/rules/?{asked}")), asked


def test_the_export_holds_the_same_rules_and_no_formula(desk: Client) -> None:
    RuleEdition.objects.filter(code=CODE).update(label="=1+1")
    sent = desk.get("/desk/rules/export/")
    assert "'=1+1" in text(sent)
    assert text(sent).count(f"form/{PERMIT}/") == RuleEdition.objects.filter(book="form").count()


def test_a_rule_shows_text_words_tree_facts_history_and_where_it_is_used(desk: Client) -> None:
    html = page(desk, RULE)
    shown = words(desk.get(RULE))
    assert '<abbr class="w-fact" title="经营场所面积（平方米）">form.area</abbr>' in html
    for part in (
        "不低于10平方米",
        "经营场所面积过小，请调整后再申请",
        "没有值时表示",
        "《样例市小餐饮管理办法》第五条",
        "第 1 版",
    ):
        assert part in shown, part
    assert f"/desk/items/{PERMIT}/" in html
    assert desk.get("/desk/rules/rule/form/nothing/1/").status_code == 404


def test_residents_are_sent_away(visitor: Client) -> None:
    for path in ("/desk/rules/", "/desk/rules/export/", RULE, TRY, CHANGE, "/desk/rules/proposals/"):
        assert visitor.get(path).status_code == 302, path


# Trying


def test_trying_says_what_holds_what_fails_by_how_much_and_what_would_help(desk: Client) -> None:
    said = words(desk.post(TRY, {"on": "2026-12-01", "f-form.area": "8.5", "go": "try"}))
    assert "不符合" in said
    assert "实际： 8.5平方米" in said
    assert "还差 1.5" in said
    assert "告诉申请人： 经营场所面积过小" in said
    assert "符合" in words(desk.post(TRY, {"on": "2026-12-01", "f-form.area": "10", "go": "try"}))
    assert "待核：还有不知道的" in words(desk.post(TRY, {"on": "2026-12-01", "f-form.area": "", "go": "try"}))


def test_what_was_typed_wrong_stays_and_is_explained(desk: Client) -> None:
    wrong = desk.post(TRY, {"on": "明天", "f-form.area": "十平方", "go": "try"})
    assert wrong.status_code == 422
    assert 'value="十平方"' in text(wrong)
    assert 'value="明天"' in text(wrong)
    assert "日期看不懂" in words(wrong)


def test_a_real_case_gives_its_facts_and_the_look_stands_in_the_reader_log(desk: Client) -> None:
    case = make_case()
    clerk = at_desk("shouli")
    refused = clerk.post(TRY, {"on": "2026-12-01", "case": case.number, "purpose": "", "go": "case"})
    assert "请写明用来做什么" in words(refused)
    assert not Reading.objects.filter(purpose="核对面积要求").exists()
    taken = clerk.post(TRY, {"on": "2026-12-01", "case": case.number, "purpose": "核对面积要求", "go": "case"})
    assert 'value="86.5"' in text(taken)
    assert "来自申请表" in words(taken)
    assert Reading.objects.filter(purpose="核对面积要求").exists()


def test_another_units_case_is_not_given(desk: Client) -> None:
    case = make_case()
    stranger = at_desk("weijian")
    refused = stranger.post(TRY, {"on": "2026-12-01", "case": case.number, "purpose": "看看", "go": "case"})
    assert refused.status_code == 422
    assert "86.5" not in text(refused)
    assert not Reading.objects.filter(purpose="看看").exists()


# Changing


def test_the_check_while_typing_marks_the_place_and_says_the_difference(desk: Client) -> None:
    html = page(desk, CHANGE)
    wrong = desk.post(CHECK, typed(html, text="form.area >= 12 AND\nform.aera < 3"))
    assert "第 2 行第 1 列" in words(wrong)
    assert "<mark>form" in text(wrong)
    right = desk.post(CHECK, typed(html))
    assert "看得懂" in words(right)
    assert "<del>10</del><ins>12</ins>" in text(right)
    tests = "- 名称: 差一点\n  日期: 2026-12-01\n  已知: {form.area: 11.99}\n  结论: 符合"
    assert "结论应为符合，实际是不符合" in words(desk.post(CHECK, typed(html, tests=tests)))
    assert not RuleProposal.objects.exists()


def test_a_change_goes_from_draft_over_review_into_force(desk: Client) -> None:
    saved = desk.post(CHANGE, typed(page(desk, CHANGE), go="save", reason=""))
    assert saved.status_code == 302
    edit = str(saved["Location"])
    assert "已存为草稿" in words(desk.get(edit))
    address = edit.split("?", maxsplit=1)[0]
    sent = desk.post(address, typed(page(desk, address)))
    proposal = str(sent["Location"]).split("?", maxsplit=1)[0]
    assert "已提交审核" in words(desk.get(f"{proposal}?said=submitted"))
    client = reviewer()
    inbox = words(client.get("/desk/"))
    assert "规则修改：经营场所不少于12平方米" in inbox
    case = case_of(proposal)
    shown = words(client.get(case))
    assert "<del>10</del><ins>12</ins>" in page(client, case)
    for part in ("规则审核", "办法修订", "通过并发布", "退回修改", "不同意"):
        assert part in shown, part
    assert "申请表" not in shown
    assert decide(client, case, "approve").status_code == 302
    assert "已办。结果已经告诉起草的人" in words(client.get(f"{case}?said=done"))
    rule = words(desk.get(RULE))
    assert "第 2 版" in rule
    assert "在线修改，经审核发布" in rule
    assert "经营场所不少于12平方米" in words(Client().get(f"/items/{PERMIT}/"))


def test_the_officers_own_page_at_home_shows_no_review(desk: Client) -> None:
    propose(desk)
    home = Client()
    home.post("/sign-in/", {"name": "yunchuang", "password": "shuzheng-demo"})
    assert "规则修改" not in words(home.get("/my/"))


def test_sent_back_without_words_is_asked_for_and_with_words_comes_back(desk: Client) -> None:
    proposal = propose(desk)
    client, case = reviewer(), case_of(proposal)
    silent = decide(client, case, "return")
    assert silent.status_code == 422
    assert "请写意见" in words(silent)
    assert decide(client, case, "return", opinion="依据写到款").status_code == 302
    assert "退回的意见：依据写到款" in words(desk.get(f"{proposal}edit/"))
    again = desk.post(f"{proposal}edit/", typed(page(desk, f"{proposal}edit/"), source="第五条第一款"))
    assert again.status_code == 302, words(again)
    assert decide(client, case, "approve").status_code == 302


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(desk: Client) -> None:
    wrong = desk.post(CHANGE, typed(page(desk, CHANGE), text="form.area >=", source="", valid_from="下周"))
    assert wrong.status_code == 422
    said = words(wrong)
    for part in ("有 3 处需要改一下", "式子没有写完", "请写依据", "请填生效日期"):
        assert part in said, part
    assert "form.area &gt;=" in text(wrong)
    assert 'value="下周"' in text(wrong)


def test_ones_own_cannot_be_approved_in_another_post(desk: Client) -> None:
    own = switched(at_desk("juzhang"), "市市场监管局")
    proposal = propose(own)
    case = case_of(proposal)
    switched(own, "市数管局")
    assert "自己起草或提交的规则，要由别人审核" in words(own.get(case))
    refused = own.post(f"{case}tasks/1/", {"command_id": "", "outcome": "approve", "expected_rev": ""})
    assert refused.status_code == 403
    assert "自己起草或提交的规则" in words(refused)
    assert RuleEdition.objects.filter(code=CODE).count() == 1


def test_a_base_that_moved_shows_three_texts_and_goes_on_over_the_newest(desk: Client) -> None:
    first, second = propose(desk), propose(desk, text="form.area >= 15")
    client = reviewer()
    decide(client, case_of(first), "approve")
    moved = decide(client, case_of(second), "approve")
    assert moved.status_code == 409
    said = words(moved)
    for part in ("要先核对三份文本", "form.area >= 10", "form.area >= 15", "form.area >= 12"):
        assert part in said, part
    assert decide(client, case_of(second), "return", opinion="请在第 2 版上改").status_code == 302
    edit = f"{second}edit/"
    assert "要先核对三份文本" in words(desk.get(edit))
    assert desk.post(edit, typed(page(desk, edit), text="form.area >= 15")).status_code == 302
    assert decide(client, case_of(second), "approve").status_code == 302
    assert RuleEdition.objects.filter(code=CODE).order_by("-edition")[0].text == "form.area >= 15"


def test_another_body_is_told_whom_to_ask(desk: Client) -> None:
    stranger = at_desk("weijian")
    assert "这条规则由市市场监管局负责" in words(stranger.get(RULE))
    assert "这条规则由市市场监管局负责" in words(stranger.get(CHANGE))
    refused = stranger.post(CHANGE, typed(page(stranger, CHANGE)))
    assert refused.status_code == 403
    assert not RuleProposal.objects.exists()


def test_a_draft_is_not_shown_to_another_body(desk: Client) -> None:
    saved = desk.post(CHANGE, typed(page(desk, CHANGE), go="save"))
    address = str(saved["Location"]).split("edit", maxsplit=1)[0]
    for client in (reviewer(), at_desk("weijian")):
        assert client.get(address).status_code == 404
        assert "没有在办的规则修改" in words(client.get("/desk/rules/proposals/"))
    assert "经营场所不少于12平方米" in words(desk.get("/desk/rules/proposals/"))


def test_withdrawn_it_leaves_the_inbox(desk: Client) -> None:
    proposal = propose(desk)
    html = page(desk, proposal)
    gone = desk.post(f"{proposal}drop/", {"command_id": command_of(html), "rev": _hidden(html, "rev")})
    assert gone.status_code == 302
    assert "规则修改：" not in words(reviewer().get("/desk/"))
    assert "已撤回" in words(desk.get("/desk/rules/proposals/?show=over"))


def test_the_inbox_is_narrowed_to_reviews_by_their_name(desk: Client) -> None:
    propose(desk)
    inbox = page(reviewer(), "/desk/")
    assert re.search(r'<option value="rule_review"[^>]*>规则修改</option>', inbox)
    assert "规则修改：经营场所" in words(reviewer().get("/desk/?item=rule_review"))
