"""Policies on both fronts: read by everybody, decided for who is signed in, named only to who may see it."""

import csv
import io
from datetime import date

import pytest
from django.test import Client

from shuzheng.base.access.models import Reading
from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.jobs.actions import run_due
from shuzheng.base.jobs.types import HANDLERS
from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.pack import PackRows
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.packs.queries import read_pack
from shuzheng.services.benefits.actions import STEP_JOB, run_step
from shuzheng.services.benefits.models import Run
from tests.benefits.city import ELDERS, KITCHEN
from tests.items.city import with_cell
from tests.portals.browsing import act_for_firm, page, sign_in, words
from tests.portals.conftest import AT, TEMPLATE
from tests.portals.test_officer_items import switched
from tests.portals.walking import at_desk

FIRM_POLICY, OLD_POLICY = f"{KITCHEN}-990102-2023", f"{ELDERS}-990100-2023"


def signed_in(name: str) -> Client:
    client = Client()
    sign_in(client, name)
    return client


def firm_front(name: str) -> Client:
    client = signed_in(name)
    act_for_firm(client)
    return client


def looked_for(client: Client, family: str) -> None:
    """Start a search on the page and let the worker finish it."""
    if STEP_JOB not in HANDLERS:
        HANDLERS.register(STEP_JOB, run_step)
    assert client.post(f"/desk/policies/{family}/run/").status_code == 302
    while run_due(at=now()):
        pass


def authority() -> Client:
    return switched(at_desk("juzhang"), "市数管局")


# ---- the public front ----
def test_the_list_shows_each_family_once_and_can_be_narrowed(visitor: Client) -> None:
    shown = page(visitor, "/policies/")
    assert shown.count("小餐饮明厨亮灶补助</a>") == shown.count("高龄老人关怀金</a>") == 1
    assert "墨溪区等 2 个区县" in shown
    narrowed = page(visitor, "/policies/?target=person&q=关怀&year=2022&place=990100&department=市民政局")
    assert "小餐饮明厨亮灶补助</a>" not in narrowed
    assert "高龄老人关怀金</a>" in narrowed
    assert "没有这样的政策" in page(visitor, "/policies/?q=无此政策")
    assert "高龄老人关怀金" in page(visitor, "/policies/?year=abcd&target=cat")


def test_a_policy_says_what_it_gives_who_can_have_it_and_what_is_looked_up(visitor: Client) -> None:
    shown = page(visitor, f"/policies/{FIRM_POLICY}/")
    for words_of_page in (
        "最高 2,000 元",
        "从业人数乘200",
        "后厨视频已接入",
        "《明厨亮灶接入信息》接入日期",
        "第二条",
        "登录看看",
    ):
        assert words_of_page in shown
    assert visitor.get("/policies/TP-XX-1/").status_code == 404


def test_mine_asks_a_visitor_to_sign_in(visitor: Client) -> None:
    response = visitor.get("/policies/?mine=1")
    assert response.status_code == 302
    assert "/sign-in/" in response["Location"]


def test_a_firm_sees_what_fits_it(city: None) -> None:
    client = firm_front("xiaoguan")
    shown = page(client, f"/policies/{FIRM_POLICY}/")
    assert "松风小馆（个体工商户）符合" in shown
    assert "<b>1,000 元</b>" in shown
    mine = page(client, "/policies/?mine=1")
    assert "符合的 1 条" in mine
    assert "符合，1,000 元" in mine
    assert "这项政策给个人" in page(client, f"/policies/{OLD_POLICY}/")


def test_what_is_not_known_is_to_be_checked_and_names_its_register(city: None) -> None:
    client = firm_front("zhuli")
    shown = page(client, f"/policies/{KITCHEN}-990122-2023/")
    assert "是否符合，还要核实" in shown
    assert "由《明厨亮灶接入信息》的“接入日期”提供" in shown
    assert "待核的 1 条" in page(client, "/policies/?mine=1")


def test_a_refusal_names_the_condition_the_fact_and_what_would_change_it(city: None) -> None:
    shown = page(signed_in("qunzhong"), f"/policies/{OLD_POLICY}/")
    assert "方素笺不符合" in shown
    assert "未满 80 周岁" in shown
    assert "登记的是：27周岁" in shown
    assert "符合，600 元" in page(signed_in("laoren"), "/policies/?mine=1")


# ---- the desk ----
def test_the_desk_lists_families_and_shows_one(city: None) -> None:
    client = at_desk("yunchuang")
    assert "小餐饮明厨亮灶补助" in page(client, "/desk/policies/?target=firm")
    assert "没有这样的政策" in page(client, "/desk/policies/?q=无此政策")
    shown = page(client, f"/desk/policies/{KITCHEN}/")
    assert "firm.open_kitchen = true" in shown
    assert "由主管部门的资金兑付岗位或本级数据主管岗位查看" in shown
    assert client.get("/desk/policies/TP-XX-1/").status_code == 404


def test_an_authority_looks_for_everyone_and_says_what_for_before_names(city: None) -> None:
    client = authority()
    assert "还没有查找过" in page(client, f"/desk/policies/{ELDERS}/")
    looked_for(client, ELDERS)
    assert "符合 1" in page(client, f"/desk/policies/{ELDERS}/")
    before = page(client, f"/desk/policies/published/{OLD_POLICY}/")
    assert "陆" not in before
    refused = client.post(f"/desk/policies/published/{OLD_POLICY}/", {"purpose": " "})
    assert refused.status_code == 422
    assert Reading.objects.count() == 0
    named = words(client.post(f"/desk/policies/published/{OLD_POLICY}/", {"purpose": "核对兑付名单"}))
    assert "陆*松" in named
    assert "陆听松" not in named
    assert list(Reading.objects.values_list("purpose", "resource")) == [
        ("核对兑付名单", f"urn:shuzheng:policy:{OLD_POLICY}:matches")
    ]
    assert "核对兑付名单" in page(signed_in("laoren"), "/my/readers/")


def test_the_file_masks_people_names_firms_and_is_logged(city: None) -> None:
    client = authority()
    looked_for(client, KITCHEN)
    assert client.post(f"/desk/policies/published/{FIRM_POLICY}/export/", {}).status_code == 422
    answer = client.post(f"/desk/policies/published/{FIRM_POLICY}/export/", {"purpose": "兑付"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1] == [
        "符合",
        "墨溪区松风小馆（个体工商户）",
        "92990102MBY0000H1P",
        "1000.00",
        "小餐饮明厨亮灶补助",
        FIRM_POLICY,
    ]
    assert Reading.objects.count() == 1


@pytest.mark.parametrize("path", ["", "export/"])
def test_another_post_gets_neither_names_nor_the_file(city: None, path: str) -> None:
    looked_for(authority(), ELDERS)
    client = at_desk("shenpi")
    answer = client.post(f"/desk/policies/published/{OLD_POLICY}/{path}", {"purpose": "看看"})
    assert answer.status_code == 403
    assert "不能查看这项政策的符合对象" in words(answer)
    assert client.get(f"/desk/policies/published/{OLD_POLICY}/").status_code == 403
    assert client.post(f"/desk/policies/{ELDERS}/run/").status_code == 403
    assert "符合 1" not in page(client, f"/desk/policies/{ELDERS}/")
    assert Run.objects.count() == 1
    assert Reading.objects.count() == 0


def with_payer(rows: PackRows) -> PackRows:
    """The county's market bureau pays: its clerk is also a payer."""
    posts = rows.of("posts.csv")
    index = next(n for n, row in enumerate(posts) if row.text("post_name") == "受理岗")
    rows = with_cell(rows, "posts.csv", index, roles="service_window;benefit_payer")
    bodies = rows.of("organizations.csv")
    bureau = next(n for n, row in enumerate(bodies) if row.text("code") == posts[index].text("organization"))
    return with_cell(rows, "organizations.csv", bureau, duties=f"{bodies[bureau].text('duties')};benefit_payer")


def test_a_countys_payer_sees_its_own_countys_policies_of_its_own_department_only(city: None) -> None:
    directory_pack.apply(with_payer(read_pack(TEMPLATE)), actor=SYSTEM, at=AT)
    client = at_desk("shouli")
    looked_for(client, KITCHEN)
    assert client.get(f"/desk/policies/published/{FIRM_POLICY}/").status_code == 200
    assert client.get(f"/desk/policies/published/{KITCHEN}-990122-2023/").status_code == 403
    assert client.post(f"/desk/policies/{ELDERS}/run/").status_code == 403
    shown = page(client, f"/desk/policies/{KITCHEN}/")
    assert shown.count("published/") == 1


# ---- the API ----
def test_the_api_lists_and_reads_policies(visitor: Client) -> None:
    listed = visitor.get("/api/policies?target=firm&limit=1").json()
    assert [one["code"] for one in listed["policies"]] == [FIRM_POLICY]
    more = visitor.get(f"/api/policies?target=firm&after={listed['next']}").json()
    assert [one["division"] for one in more["policies"]] == ["990122"]
    assert more["next"] is None
    read = visitor.get(f"/api/policies/{FIRM_POLICY}").json()
    assert read["valid_to"] == date(2023, 12, 31).isoformat()
    assert read["conditions"][3]["checked"][0]["dataset"] == "明厨亮灶接入信息"
    assert read["fit"] is None
    assert visitor.get("/api/policies/TP-XX-1").json()["code"] == "benefits.policy_not_found"


def test_the_api_tells_the_reader_only_about_itself(city: None) -> None:
    fit = firm_front("zhuli").get(f"/api/policies/{KITCHEN}-990122-2023").json()["fit"]
    assert fit["fits"] is None
    assert [one["seq"] for one in fit["conditions"] if one["holds"] is None] == [4]
    assert firm_front("xiaoguan").get(f"/api/policies/{FIRM_POLICY}").json()["fit"]["amount_fen"] == 1000_00
