"""The address book: the tree, the search, and office telephones, never a person's."""

import pytest

from shuzheng.base.directory import errors, queries
from shuzheng.base.directory.actions import set_office
from shuzheng.base.directory.models import Office, Post
from shuzheng.base.directory.rules.book import check_office_phone, rank_name
from shuzheng.base.directory.types import BookHit, OfficeContact
from shuzheng.base.kernel.types import SYSTEM, Actor, OrgId
from shuzheng.base.ledger.models import Entry
from tests.directory.builders import AT, CITY, COUNTY_OFFICE, STATION, TOWN_OFFICE, load_city
from tests.directory.test_absences import acting, make_post


@pytest.fixture
def city(db: None) -> None:
    load_city()


def names(hits: tuple[BookHit, ...]) -> list[str]:
    return [hit.post.person_name if hit.post else hit.organization.short_name for hit in hits]


@pytest.mark.parametrize(
    ("asked", "name", "rank"),
    [
        ("市场监管局", "市场监管局", 0),
        ("市场", "市场监管局", 1),
        ("scjgj", "市场监管局", 0),
        ("scj", "市场监管局", 1),
        ("jgj", "市场监管局", 2),
        ("监管", "市场监管局", 2),
        ("税务", "市场监管局", None),
        ("sc1", "市场监管局", None),
    ],
)
def test_a_name_fits_as_a_whole_at_its_beginning_within_or_by_initials(asked: str, name: str, rank: int | None) -> None:
    assert rank_name(asked, name) == rank


def test_the_tree_opens_level_by_level_and_page_by_page(city: None) -> None:
    assert [unit.code for unit in queries.list_book(None).rows] == [CITY]
    first = queries.list_book(CITY, limit=1)
    second = queries.list_book(CITY, limit=1, after=first.next)
    assert {unit.code for unit in (*first.rows, *second.rows)} == {COUNTY_OFFICE, TOWN_OFFICE}
    assert second.next is None
    assert queries.list_book(STATION).rows == ()


def test_a_search_finds_units_and_people_by_name_initials_and_duty(city: None) -> None:
    assert names(queries.search_book("墨溪").rows) == ["墨溪区市场监管局"]
    assert names(queries.search_book("zjscjgs").rows) == ["竹笺市场监管所"]
    assert names(queries.search_book("许研青").rows) == ["许研青"]
    assert names(queries.search_book("xyq").rows) == ["许研青"]
    assert names(queries.search_book("受理岗").rows) == ["许研青"]
    assert "许研青" in names(queries.search_book("", duty="service_window").rows)
    assert names(queries.search_book("许", duty="licence_issuer").rows) == []
    assert queries.search_book(" ").rows == ()
    assert queries.search_book("没有这个").rows == ()


def test_a_search_pages_without_loss_or_repetition(city: None) -> None:
    for number in range(5):
        make_post(f"许{number}")
    whole = names(queries.search_book("", duty="service_window").rows)
    listed: list[str] = []
    after, pages = None, 0
    while pages == 0 or after:
        page = queries.search_book("", duty="service_window", after=after, limit=2)
        listed += names(page.rows)
        after, pages = page.next, pages + 1
    assert listed == whole
    assert len(whole) == len(set(whole)) == 10
    for wrong in ("x", "1~2~3", "a~0~x~1", "~~~"):
        with pytest.raises(errors.PositionUnfit):
            queries.search_book("许", after=wrong)


def test_an_ended_post_is_found_no_more(city: None) -> None:
    Post.objects.filter(person__name="许研青").update(ended_at=AT)
    assert queries.search_book("许研青").rows == ()


@pytest.mark.parametrize("phone", ["", "0999-1234567", "12345", "(0999) 1234567转8", "1234567、1234568"])
def test_office_numbers_are_taken(phone: str) -> None:
    check_office_phone(phone)


@pytest.mark.parametrize("phone", ["13800001234", "0999-1234567 13800001234", "call me", "<b>1</b>", "1" * 41])
def test_mobiles_and_other_texts_are_not(phone: str) -> None:
    with pytest.raises(errors.OfficePhoneUnfit):
        check_office_phone(phone)


def test_who_leads_or_administers_a_unit_keeps_its_entry(city: None) -> None:
    for roles, org in (("director", CITY), ("director", COUNTY_OFFICE), ("team_lead", COUNTY_OFFICE)):
        keeper = acting(make_post(roles, org, roles))
        contact = set_office(COUNTY_OFFICE, phone="0999-1234567", place="二楼", actor=keeper, at=AT)
        assert queries.get_offices([COUNTY_OFFICE]) == {COUNTY_OFFICE: contact}
    assert Entry.objects.filter(act="directory.office_set").count() == 1, "the same again changes nothing"
    assert queries.get_offices([STATION]) == {}


def test_others_do_not(city: None) -> None:
    strangers: list[Actor] = [
        acting(make_post("受理")),
        acting(make_post("局长", STATION, "director")),
        acting(make_post("科长", CITY, "team_lead")),
        Actor("林知墨"),
        SYSTEM,
    ]
    for actor in strangers:
        with pytest.raises(errors.MayNotKeepBook):
            set_office(COUNTY_OFFICE, phone="0999-1234567", place="", actor=actor, at=AT)
    director = acting(make_post("局长", COUNTY_OFFICE, "director"))
    with pytest.raises(errors.OfficePhoneUnfit):
        set_office(COUNTY_OFFICE, phone="13800001234", place="", actor=director, at=AT)
    with pytest.raises(errors.NoSuchOrganization):
        set_office(OrgId("0" * 18), phone="", place="", actor=director, at=AT)
    assert not Office.objects.exists()
    assert OfficeContact() == OfficeContact("", "")
