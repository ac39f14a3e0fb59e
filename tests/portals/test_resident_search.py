"""The search page: boxes with numbers, chips that come off, what was understood, what was perhaps meant."""

import re
from urllib.parse import quote

from django.test import Client

from tests.portals.browsing import page, words


def found(visitor: Client, query: str) -> str:
    return page(visitor, f"/items/?{query}")


def test_each_choice_has_a_box_and_a_number(visitor: Client) -> None:
    html = found(visitor, "")
    assert re.search(r'name="who" value="person">.*?个人.*?<span class="num">3</span>', html, re.DOTALL)
    assert 'name="county" value="990122"' in html
    assert 'name="unit"' not in html, "no county chosen yet"
    assert "全部事项 3 项" in html


def test_a_choice_stays_ticked_and_comes_off_by_its_chip(visitor: Client) -> None:
    html = found(visitor, "q=&county=990122&who=firm")
    assert re.search(r'value="990122" checked', html)
    assert 'href="/items/?who=firm"' in html
    assert 'href="/items/?county=990122"' in html
    assert "砚田县市场监管局" in html, "who implements it there"
    assert "筛选（已选 2 项）" in html
    assert 'name="unit"' in found(visitor, "county=990102")


def test_choices_go_along_with_the_next_search(visitor: Client) -> None:
    assert '<input type="hidden" name="county" value="990122">' in found(visitor, "county=990122")


def test_other_names_that_were_looked_for_are_links(visitor: Client) -> None:
    html = found(visitor, f"q={quote('面馆')}")
    assert "“面馆”也写作" in html
    assert f'href="/items/?q={quote("小餐饮")}"' in html
    assert "找到 1 项" in html


def test_a_place_typed_becomes_a_chip_that_comes_off(visitor: Client) -> None:
    html = found(visitor, f"q={quote('砚田 小餐饮')}")
    assert re.search(r'value="990122" checked', html)
    assert f'class="chip chip-on" href="/items/?q={quote("小餐饮")}"' in html


def test_a_slip_is_answered_with_what_was_perhaps_meant(visitor: Client) -> None:
    html = found(visitor, f"q={quote('小餐引经营许可')}")
    assert "您要找的是不是：" in html
    assert f'href="/items/?q={quote("小餐饮经营许可")}"' in html
    assert "比较接近的 1 项" in html


def test_a_place_that_does_not_do_it_is_said(visitor: Client) -> None:
    assert "砚田县没有这样的事项，下面是全市的。" in words(visitor.get(f"/items/?q={quote('砚田县 高龄补贴')}"))


def test_odd_parameters_do_no_harm(visitor: Client) -> None:
    many = "&".join(f"theme={n}" for n in range(50))
    for query in (f"theme={'x' * 500}", many, "who=%00&unit=%00&county=%27", "after=%F0%9F%98%80", "level=&level=city"):
        assert visitor.get(f"/items/?{query}").status_code == 200


def test_the_boxes_speak_english_and_names_of_the_pack_stay(visitor: Client) -> None:
    visitor.post("/prefs/language/", {"language": "en", "next": "/"})
    html = found(visitor, "")
    assert "At a counter" in html
    assert "The city itself" in html
    assert '<label for="county-2" lang="zh-Hans">墨溪区</label>' in html


def test_a_composite_service_is_a_hit_with_its_label_and_leads_to_its_page(visitor: Client) -> None:
    html = found(visitor, f"q={quote('开小餐馆')}")
    assert 'href="/onethings/OT901/"' in html
    assert "一件事" in words(visitor.get(f"/items/?q={quote('开小餐馆')}"))
    assert "没有找到" not in html


def test_the_page_of_a_composite_service_says_that_each_item_is_applied_for_on_its_own(visitor: Client) -> None:
    html = page(visitor, "/onethings/OT901/")
    assert "目前这些事项还要分别申请" in html
    assert 'href="/items/000199001001/"' in html
    assert 'href="/items/002099001000/"' in html
    assert "看情况" in html
    assert "是否已经招了从业人员？" in html
    assert 'href="/onethings/OT901/"' in page(visitor, "/onethings/")
    assert visitor.get("/onethings/OT000/").status_code == 404


def test_what_narrows_items_only_leaves_composite_services_out(visitor: Client) -> None:
    asked = f"q={quote('开小餐馆')}"
    assert "/onethings/OT901/" in found(visitor, f"{asked}&who=firm")
    assert "/onethings/OT901/" not in found(visitor, f"{asked}&level=county")
