"""Home, search and guide, as anybody and as somebody reads them."""

import re
from datetime import UTC, datetime

from django.test import Client

from shuzheng.services.items.actions import refresh_search
from shuzheng.services.items.models import Item
from tests.portals.browsing import PERMIT, act_for_firm, page, sign_in, start, text, words


def test_home_shows_the_city_and_no_empty_box(visitor: Client) -> None:
    home = page(visitor, "/")
    assert "样例政务服务" in home
    assert "3 个事项" in words(visitor.get("/"))
    assert "/items/?q=" in home
    assert "我的办件" in home, "in the navigation"
    assert 'id="h-my"' not in home
    assert 'id="h-lic"' not in home


def test_every_link_of_the_public_pages_leads_somewhere(visitor: Client) -> None:
    seen: set[str] = set()
    waiting = ["/", "/items/", "/items/?q=没有的", f"/items/{PERMIT}/", "/sign-in/", "/help/", "/nowhere/"]
    while waiting:
        path = waiting.pop()
        response = visitor.get(path)
        assert response.status_code in {200, 302} or path == "/nowhere/", path
        if response.status_code != 200:
            continue
        for link in re.findall(r'href="(/[^"#]*)', text(response)):
            if link not in seen and not link.startswith("/static/") and len(seen) < 80:
                seen.add(link)
                waiting.append(link)
    assert len(seen) > 10


def test_home_puts_drafts_and_cases_of_the_party_first(visitor: Client) -> None:
    start(visitor)
    home = words(visitor.get("/"))
    assert "接着填" in home
    assert "不动产权证书" in home, "the firm's licence"


def test_search_finds_by_words_and_by_pinyin_initials(visitor: Client) -> None:
    assert "小餐饮经营许可" in page(visitor, "/items/?q=餐饮")
    assert "小餐饮经营许可" in page(visitor, "/items/?q=xcy")


def test_search_filters_can_be_seen_and_taken_off(visitor: Client) -> None:
    html = page(visitor, "/items/?q=&who=firm&theme=行业准营")
    assert "小餐饮经营许可" in html
    assert "高龄补贴给付" not in html
    assert "，去掉此条件" in html
    assert 'href="/items/?who=firm"' in html


def test_search_without_a_hit_says_how_to_go_on(visitor: Client) -> None:
    said = words(visitor.get("/items/?q=遛狗证"))
    assert "没有找到“遛狗证”" in said
    assert "小餐饮" in said, "suggestions of the pack"


def test_search_goes_on_by_position_and_keeps_the_filters(visitor: Client) -> None:
    first = Item.objects.get(code=PERMIT)
    for n in range(25):
        Item.objects.create(
            **{
                **{f.attname: getattr(first, f.attname) for f in Item._meta.concrete_fields if not f.primary_key},
                "code": f"0001990020{n:02}",
            }
        )
    refresh_search(at=datetime(2026, 11, 24, tzinfo=UTC))
    html = page(visitor, "/items/?who=firm")
    found = re.search(r'href="(\?who=firm&amp;after=[^"]+)"', html)
    assert found is not None
    rest = page(visitor, f"/items/{found[1].replace('&amp;', '&')}")
    assert set(re.findall(r'<h2 lang="zh-Hans"><a href="([^"]+)"', html)).isdisjoint(
        re.findall(r'<h2 lang="zh-Hans"><a href="([^"]+)"', rest)
    )


def test_what_was_searched_is_escaped(visitor: Client) -> None:
    assert "<script>alert" not in page(visitor, "/items/?q=<script>alert(1)</script>")


def test_guide_tells_four_facts_and_one_way_to_apply(visitor: Client) -> None:
    said = words(visitor.get(f"/items/{PERMIT}/"))
    assert "4 个工作日" in said
    assert "法定 20 个工作日" in said
    assert "不收费" in said
    assert "《样例市小餐饮管理办法》第三条" in said
    assert "墨溪区市场监管局" in said
    assert text(visitor.get(f"/items/{PERMIT}/")).count(f'href="/items/{PERMIT}/apply/"') == 1


def test_guide_counts_the_papers_the_reader_need_not_bring(visitor: Client) -> None:
    sign_in(visitor, "xiaoguan")
    act_for_firm(visitor)
    said = words(visitor.get(f"/items/{PERMIT}/"))
    assert "按您持有的证照核对过" in said
    assert "已查到墨溪区松风小馆（个体工商户）的营业执照" in said
    assert "从业人员健康证明已于2021年9月8日到期，请上传" in said


def test_guide_warns_who_cannot_apply_in_this_role(visitor: Client) -> None:
    sign_in(visitor, "xiaoguan")
    act_for_firm(visitor)
    assert "这个事项由个人申请，您现在是为企业办理" in words(visitor.get("/items/000599001000/"))


def test_guide_of_a_village_item_shows_one_county_at_a_time(visitor: Client) -> None:
    html = page(visitor, "/items/000599001000/")
    counties = re.findall(r'<option value="(\d{6})"', html)
    assert counties
    last = page(visitor, f"/items/000599001000/?county={counties[-1]}")
    assert f'value="{counties[-1]}" selected' in last
    unknown = page(visitor, "/items/000599001000/?county=xx")
    assert f'value="{counties[-1]}" selected' in unknown, "the county chosen before stays"


def test_pages_speak_english_when_asked_and_the_pack_keeps_its_language(visitor: Client) -> None:
    visitor.post("/prefs/language/", {"language": "en", "next": "/"})
    home = page(visitor, "/")
    assert '<html lang="en"' in home
    assert "What do you need to get done?" in home
    assert "小餐饮经营许可" in home
    visitor.post("/prefs/language/", {"language": "zh-hans"})
    assert "您要办什么事？" in page(visitor, "/")
    assert visitor.post("/prefs/language/", {"language": "xx"}).status_code == 422
