"""The address book over HTTP: the tree, the search, and the office telephone."""

import pytest
from django.test import Client

from shuzheng.base.directory.models import Office
from tests.portals.browsing import page, text, words
from tests.portals.posting import BUREAU, CITY, COUNTY
from tests.portals.walking import at_desk


@pytest.fixture
def clerk(city: None) -> Client:
    return at_desk("shouli")


def test_it_opens_at_the_own_unit_with_its_people_and_the_way_up(clerk: Client) -> None:
    shown = words(clerk.get("/desk/people/"))
    for person in ("许研青", "程朱砂", "章云烟"):
        assert person in shown
    assert "科室负责人" in shown
    html = page(clerk, "/desk/people/")
    assert f'href="?unit={CITY}"' in html
    assert f'href="?unit={COUNTY}"' in html
    assert "墨溪区市场监管局" in page(clerk, f"/desk/people/?unit={COUNTY}")
    assert "许研青" in page(clerk, "/desk/people/?unit=nonsense"), "an unknown unit shows one's own"


def test_a_search_finds_people_units_and_duties_and_stays_out_of_the_address(clerk: Client) -> None:
    for q, found in (
        ("许研青", "许研青"),
        ("xyq", "许研青"),
        ("mxqscjgj", "墨溪区市场监管局"),
        ("卫健", "墨溪区卫健委"),
    ):
        address = clerk.post("/desk/people/", {"q": q})["Location"]
        assert address.startswith("/desk/people/?s=")
        assert found in words(clerk.get(address))
    duty = clerk.post("/desk/people/", {"q": "", "duty": "licence_issuer"})["Location"]
    assert duty == "/desk/people/?duty=licence_issuer"
    assert "程朱砂" in words(clerk.get(duty))
    nothing = clerk.post("/desk/people/", {"q": "没有这个人"})["Location"]
    assert "没有查到" in words(clerk.get(nothing))


def test_no_personal_mobile_stands_in_it(clerk: Client) -> None:
    assert "tel:" not in page(clerk, "/desk/people/")
    assert "138" not in words(clerk.get("/desk/people/"))


def test_a_lead_keeps_the_office_telephone_and_a_mobile_is_refused(clerk: Client) -> None:
    lead = at_desk("shenpi2")
    path = f"/desk/people/{BUREAU}/office/"
    assert "修改办公电话和地点" in page(lead, "/desk/people/")
    assert "修改办公电话和地点" not in page(clerk, "/desk/people/")
    wrong = lead.post(path, {"phone": "13800001234", "place": "二楼"})
    assert wrong.status_code == 422
    assert "不填手机号码" in text(wrong)
    assert 'value="二楼"' in text(wrong)
    assert not Office.objects.exists()
    assert clerk.post(path, {"phone": "0999-1234567", "place": ""}).status_code == 403
    saved = lead.post(path, {"phone": "0999-1234567", "place": "二楼"})["Location"]
    assert "已保存" in words(lead.get(saved))
    assert "0999-1234567" in words(clerk.get("/desk/people/"))
    assert lead.get(path)["Location"].startswith("/desk/people/")


def test_it_is_for_officers(visitor: Client) -> None:
    assert visitor.get("/desk/people/")["Location"].startswith("/sign-in/")
