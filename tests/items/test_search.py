"""Searching the template city, and keeping the index up to date."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzheng.base.kernel.pack import PackRows, Row
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.services.items import pack
from shuzheng.services.items.actions import rebuild_search, refresh_search
from shuzheng.services.items.backends import full_text
from shuzheng.services.items.models import Item, SearchEntry, SearchUnit, SearchWord
from shuzheng.services.items.pack import search as search_part
from shuzheng.services.items.queries import search
from shuzheng.services.items.types import Facet, Filters, SearchResult
from tests.items.city import ARCHIVE, AT, COUNTY_UNIT, ELDER, PERMIT, with_cell, without

STATEMENTS_MOST = 6


def codes(result: SearchResult) -> list[str]:
    return [hit.item.code for hit in result.hits]


def count(result: SearchResult, facet: Facet) -> dict[str, int]:
    return {value.label: value.count for value in result.facets[facet]}


def chosen(**values: str) -> Filters:
    return {Facet(name): frozenset({value}) for name, value in values.items()}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("面馆", PERMIT),
        ("我想开一家小吃店需要什么手续", PERMIT),
        ("mianguan", PERMIT),
        ("mg", PERMIT),
        ("xiaocanyin", PERMIT),
        ("xiao can yin", PERMIT),
        ("老人补贴", ELDER),
        (PERMIT[2:9], PERMIT),
        (COUNTY_UNIT, PERMIT),
    ],
)
def test_everyday_words_pinyin_and_codes_find(city: PackRows, text: str, first: str) -> None:
    assert codes(search(text))[:1] == [first]


def test_other_names_that_were_looked_for_are_told(city: PackRows) -> None:
    assert [(word.phrase, word.terms) for word in search("面馆").words] == [("面馆", ("小餐饮",))]


def test_a_slip_finds_and_asks_whether_something_else_was_meant(city: PackRows) -> None:
    near = search("小餐引经营许可")
    assert codes(near) == [PERMIT]
    assert near.near
    assert near.suggestions == ("小餐饮经营许可",)
    heard = search("面管")
    assert codes(heard) == [PERMIT]
    assert heard.suggestions == ("面馆",)


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_asked_lists_everything_what_is_on_line_first(city: PackRows, text: str) -> None:
    result = search(text)
    assert result.total == 3
    assert [hit.item.has_form for hit in result.hits] == sorted((h.item.has_form for h in result.hits), reverse=True)
    assert not result.near


@pytest.mark.parametrize("text", ["没有这样的事", "！！", "%", "'", '"', "\\", "a" * 500, "(", "餐饮 AND", "*"])
def test_what_is_not_there_gives_nothing_and_no_error(city: PackRows, text: str) -> None:
    assert search(text).total == 0 or "餐饮" in text


def test_a_place_among_the_words_narrows_and_names_who_implements(city: PackRows) -> None:
    result = search("砚田 小餐饮")
    assert [(p.facet, p.name, p.without) for p in result.places] == [(Facet.COUNTY, "砚田县", "小餐饮")]
    assert [(hit.item.code, hit.unit_name) for hit in result.hits] == [(PERMIT, "砚田县市场监管局")]
    assert search("砚田县小餐饮", chosen(county="990102")).hits[0].unit_name == "墨溪区市场监管局"


def test_an_organization_among_the_words_shows_what_it_implements(city: PackRows) -> None:
    result = search("砚田县市场监管局")
    assert codes(result) == [PERMIT]
    assert result.places[0].facet is Facet.UNIT
    assert codes(search("砚田市场监管局 小餐饮")) == [PERMIT]


def test_a_place_where_it_is_not_done_does_not_end_the_search(city: PackRows) -> None:
    result = search("砚田县 高龄补贴")
    assert result.elsewhere
    assert codes(result) == [ELDER]


def test_the_city_named_narrows_nothing(city: PackRows) -> None:
    assert codes(search("样例市小餐饮")) == codes(search("小餐饮"))


def test_facets_count_what_each_choice_would_leave(city: PackRows) -> None:
    result = search("")
    assert count(result, Facet.APPLICANT) == {"个人": 3, "企业": 1}
    assert count(result, Facet.THEME) == {"行业准营": 1, "卫生健康": 1, "社会保障": 1}
    assert set(count(result, Facet.COUNTY)) == {"墨溪区", "砚田县", "市本级"}
    for facet, values in result.facets.items():
        for value in values:
            assert search("", {facet: frozenset({value.value})}).total == value.count, (facet, value)


def test_units_are_offered_once_a_county_is_chosen(city: PackRows) -> None:
    assert search("").facets[Facet.UNIT] == ()
    offered = search("", chosen(county="990122")).facets[Facet.UNIT]
    assert "砚田县市场监管局" in {value.label for value in offered}
    for value in offered:
        assert search("", {**chosen(county="990122"), Facet.UNIT: frozenset({value.value})}).total == value.count


def test_unknown_choices_leave_nothing_and_are_shown(city: PackRows) -> None:
    result = search("", chosen(county="nowhere", theme="没有"))
    assert result.total == 0
    assert [v.value for v in result.facets[Facet.THEME] if v.chosen] == ["没有"]


def test_pages_follow_one_another_in_the_order_of_the_whole(city: PackRows) -> None:
    whole, paged, after = codes(search("经营 许可")), [], None
    assert whole
    whole = codes(search(""))
    while True:
        page = search("", limit=1, after=after)
        paged += codes(page)
        after = page.next
        if after is None:
            break
    assert paged == whole
    assert codes(search("", after="不是位置")) == whole
    assert codes(search("", after="0:")) == whole


def test_a_search_takes_few_statements(city: PackRows) -> None:
    for text, filters in (("小餐饮", {}), ("面管", {}), ("没有的事项", {}), ("", chosen(county="990122"))):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            search(text, filters)
        assert len(asked) <= STATEMENTS_MOST, [query["sql"][:80] for query in asked]


def test_refreshing_twice_writes_nothing(city: PackRows) -> None:
    changes = refresh_search(at=AT)
    assert changes.nothing_changed
    assert changes.kept == SearchEntry.objects.count() + SearchUnit.objects.count() + (
        SearchWord.objects.exclude(kind="word").count()
    )


def test_rebuilding_gives_the_same_index(city: PackRows) -> None:
    before = [codes(search(text)) for text in ("面馆", "xcy", "高龄", "")]
    assert rebuild_search(at=AT).added
    assert [codes(search(text)) for text in ("面馆", "xcy", "高龄", "")] == before


def test_a_new_name_is_found_and_the_old_one_no_longer(city: PackRows) -> None:
    rows = with_cell(city, "items.csv", 0, name="临街茶摊登记")
    code = city.of("items.csv")[0].text("basic_code")
    pack.apply(rows, actor=SYSTEM, at=AT)
    assert codes(search("茶摊"))[:1] == [code]
    assert codes(search("chatan"))[:1] == [code]
    assert SearchEntry.objects.count() == Item.objects.filter(current=True).count()


def test_what_is_retired_is_not_found_and_comes_back(city: PackRows) -> None:
    index = next(n for n, row in enumerate(city.of("items.csv")) if row.text("basic_code") == ARCHIVE)
    pack.apply(without(city, "items.csv", index), actor=SYSTEM, at=AT)
    assert ARCHIVE not in codes(search(""))
    assert search(ARCHIVE).total == 0
    pack.apply(city, actor=SYSTEM, at=AT)
    assert codes(search(ARCHIVE)) == [ARCHIVE]


def test_terms_left_behind_by_a_row_that_is_gone_find_nothing(city: PackRows) -> None:
    full_text().write([(10**9, ("幽灵", "幽", "灵"))])
    assert search("幽灵").total == 0


def test_words_of_the_pack_are_replaced_by_those_of_the_next(city: PackRows) -> None:
    word = Row("search_words.toml", 1, {"say": ["铺子"], "means": ["小餐饮"]}, "word")
    rows = PackRows({**city.rows, "search_words.toml": [word]})
    changes = search_part.apply(rows, actor=SYSTEM, at=AT)
    assert (changes.added, changes.retired) == (1, len(list(search_part.words_of(city))))
    assert codes(search("铺子")) == [PERMIT]
    assert not search("面馆").words


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"say": ["！"], "means": ["餐饮"]}, "没有字"),
        ({"say": ["铺子"], "items": ["999999999999"]}, "999999999999 不在 items.csv"),
        ({"say": ["铺子"]}, "既没有 means 也没有 items"),
    ],
)
def test_faulty_words_are_named_with_a_remedy(city: PackRows, values: dict[str, object], what: str) -> None:
    faults = search_part.check(
        PackRows({**city.rows, "search_words.toml": [Row("search_words.toml", 7, values, "word")]})
    )
    assert [(fault.line, what in fault.what, bool(fault.remedy)) for fault in faults] == [(7, True, True)]


def test_a_word_said_twice_is_a_fault(city: PackRows) -> None:
    rows = [Row("search_words.toml", n, {"say": ["铺子"], "means": ["餐饮"]}, "word") for n in (3, 9)]
    faults = search_part.check(PackRows({**city.rows, "search_words.toml": rows}))
    assert [(fault.line, fault.what) for fault in faults] == [(9, "“铺子”在第 3 行已经写过")]
