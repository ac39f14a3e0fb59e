import pytest

from shuzheng.base.kernel.pack import PackRows
from shuzheng.base.kernel.types import SYSTEM, DivisionCode
from shuzheng.services.items import pack, queries
from shuzheng.services.items.errors import FormNotFound, ItemNotFound, UnitNotFound
from tests.items.city import (
    ARCHIVE,
    AT,
    COUNTY_UNIT,
    ELDER,
    OLD_MAN,
    OTHER_FIRM,
    OTHER_OWNER,
    PERMIT,
    VILLAGE_UNIT,
    for_firm,
    person,
    without,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [ELDER, PERMIT, ARCHIVE]),
        ("小餐饮", [PERMIT]),
        ("餐饮许可", [PERMIT]),
        ("xcy", [PERMIT]),
        ("XCYJYXK", [PERMIT]),
        ("０００５９９", [ELDER]),
        (ARCHIVE, [ARCHIVE]),
        ("补贴 高龄", [ELDER]),
        ("查询证明", [ARCHIVE]),
        ("没有这样的事", []),
        ("！！", []),
        ("%", []),
    ],
)
def test_items_are_found_by_words_parts_of_words_initials_and_code(city: PackRows, text: str, found: list[str]) -> None:
    assert sorted(item.code for item in queries.search_items(text).rows) == sorted(found)


def test_names_that_hold_the_text_come_first(city: PackRows) -> None:
    assert queries.search_items("健康").rows[0].code == ARCHIVE


def test_filters_keep_what_the_applicant_may_ask_for(city: PackRows) -> None:
    assert [i.code for i in queries.search_items("", applicant="firm").rows] == [PERMIT]
    assert [i.code for i in queries.search_items("", theme="卫生健康").rows] == [ARCHIVE]
    assert {(t.name, t.count) for t in queries.list_themes()} == {
        ("行业准营", 1),
        ("卫生健康", 1),
        ("社会保障", 1),
    }


def test_pages_follow_one_another_without_a_gap(city: PackRows) -> None:
    whole = [item.code for item in queries.search_items("").rows]
    paged, after = [], None
    while True:
        page = queries.search_items("", limit=1, after=after)
        paged += [item.code for item in page.rows]
        if page.next is None:
            break
        after = page.next
    assert paged == whole
    assert queries.search_items("", after="不是位置").rows == queries.search_items("").rows


def test_a_guide_has_papers_flow_questions_conditions_and_where(city: PackRows) -> None:
    guide = queries.get_guide(PERMIT)
    assert guide.item.licence_type == "小餐饮经营许可证"
    assert guide.conditions[0] == "已取得营业执照"
    assert guide.checks[1].law == "《样例市小餐饮管理办法》第五条"
    assert [m.seq for m in guide.materials] == list(range(1, 9))
    assert guide.materials[0].covered_by == "form"
    assert guide.materials[3].covered_by == "field:layout"
    assert guide.faq[0].question == "许可证有效期多久？"
    assert len(guide.units) == guide.unit_count == 3


def test_a_guide_of_a_village_item_shows_units_of_the_chosen_county(city: PackRows) -> None:
    assert queries.get_guide(ELDER).units == ()
    assert [u.level for u in queries.get_guide(ELDER, county=DivisionCode("990102")).units] == ["town", "village"]
    assert [option.label for option in queries.list_unit_counties(ELDER)] == ["墨溪区"]


def test_the_form_offers_the_citys_divisions(city: PackRows) -> None:
    division = next(f for f in queries.get_form(PERMIT).fields() if f.name == "division")
    assert [option.label for option in division.options] == ["墨溪区", "砚田县", "样例市"]


def test_the_nearest_unit_is_suggested(city: PackRows) -> None:
    firm_unit = queries.suggest_unit(PERMIT, actor=for_firm())
    other = queries.suggest_unit(PERMIT, actor=for_firm(OTHER_OWNER, OTHER_FIRM))
    village = queries.suggest_unit(ELDER, actor=person(OLD_MAN))
    assert firm_unit is not None
    assert firm_unit.code == COUNTY_UNIT
    assert other is not None
    assert other.organization_name == "砚田县市场监管局"
    assert village is not None
    assert village.code == VILLAGE_UNIT


def test_what_is_not_there_is_said(city: PackRows) -> None:
    with pytest.raises(ItemNotFound):
        queries.get_item("999999999999")
    for code in ("短", COUNTY_UNIT[:-1] + "9"):
        with pytest.raises(UnitNotFound):
            queries.get_unit(code)
    pack.apply(without(city, "forms.toml", 1), actor=SYSTEM, at=AT)
    with pytest.raises(FormNotFound):
        queries.get_form(ARCHIVE)
    assert not queries.get_item(ARCHIVE).has_form
