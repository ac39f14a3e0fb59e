"""A rule is tried on what is known of a person or firm: for a purpose, by posts that may, nothing typed lost."""

from typing import Any

import pytest
from django.test import Client

from shuzheng.base.access.models import Reading
from shuzheng.base.directory.queries import find_firm_by_uscc, find_organization, find_person_by_id_no
from shuzheng.base.kernel.types import OrgId
from shuzheng.engines.rules.types import Sensitivity
from shuzheng.portals.officer import taking
from shuzheng.services.rulebook.errors import MayNotTakeFacts
from shuzheng.services.rulebook.rules.permitting import check_may_take_facts
from tests.portals.browsing import PERMIT, page, text, words
from tests.portals.test_policies import authority
from tests.portals.walking import at_desk

TRY = "/desk/rules/try"
KITCHEN, ELDERS, FORM = f"{TRY}/policy/TP-SC-01/4/", f"{TRY}/policy/TP-MZ-01/3/", f"{TRY}/form/{PERMIT}/1/"
SHOP, OTHER_SHOP = "92990102MBY0000H1P", "91990122MBY0000J8G"
OLD, NOBODY = "990102193806219919", "990102193806219901"
PURPOSE = "核对新的标准"


def take(client: Client, address: str, number: str, purpose: str = PURPOSE, **typed: str) -> Any:
    given = {"on": "2023-12-01", "subject": number, "subject_purpose": purpose, "go": "subject", **typed}
    return client.post(address, given)


def test_a_firms_known_facts_fill_the_form_and_decide_the_rule(city: None) -> None:
    got = take(authority(), KITCHEN, SHOP)
    assert got.status_code == 200
    assert "已取“墨溪区松风小馆（个体工商户）”的事实" in words(got)
    assert '<option value="true" selected' in text(got)
    assert "来自明厨亮灶接入信息" in words(got)
    reading = Reading.objects.get()
    firm = find_firm_by_uscc(SHOP)
    assert firm is not None
    assert (reading.subject_id, reading.purpose) == (firm.id, PURPOSE)
    assert reading.resource == "urn:shuzheng:rule:policy/TP-SC-01/4"


def test_a_persons_known_facts_fill_the_form(city: None) -> None:
    got = take(authority(), ELDERS, OLD)
    assert got.status_code == 200, words(got)
    assert "已取“陆听松”的事实" in words(got)
    assert 'value="84"' in text(got)  # years on the first day of the policy's year
    person = find_person_by_id_no(OLD)
    assert person is not None
    assert Reading.objects.get().subject_id == person.id


def test_what_no_register_told_stays_unknown(city: None) -> None:
    got = take(authority(), KITCHEN, OTHER_SHOP)
    assert got.status_code == 200
    assert "待核：还有不知道的" in words(got)


def test_a_form_is_filled_from_registers_and_licences(city: None) -> None:
    got = take(at_desk("shenpi"), FORM, SHOP)
    assert got.status_code == 200, words(got)
    assert Reading.objects.get().purpose == PURPOSE
    assert "存续" in text(got)


def test_without_a_purpose_nothing_is_read_and_what_was_typed_stays(city: None) -> None:
    got = take(authority(), KITCHEN, SHOP, " ", **{"f-firm.open_kitchen": "false"})
    assert got.status_code == 422
    assert "请写明用来做什么" in words(got)
    assert f'value="{SHOP}"' in text(got)
    assert "松风小馆" not in words(got)
    assert '<option value="false" selected' in text(got)
    assert not Reading.objects.exists()


@pytest.mark.parametrize("who", ["shouli", "shenpi", "weijian"])
def test_a_post_without_a_part_in_the_rule_is_refused_and_nothing_is_read(city: None, who: str) -> None:
    got = take(at_desk(who), ELDERS, OLD)
    assert got.status_code == 422
    assert "您的岗位不能取" in words(got)
    assert "陆听松" not in words(got)
    assert not Reading.objects.exists()


def test_a_firm_of_another_county_is_refused(city: None) -> None:
    got = take(at_desk("shenpi"), FORM, OTHER_SHOP)
    assert got.status_code == 422
    assert "您的岗位不能取" in words(got)
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "请填身份证号或统一社会信用代码"),
        ("12345", "号码不对，请核对"),
        (NOBODY, "号码不对，请核对"),
        ("990102193806219927", "没有登记这个号码"),
        (OLD, "这条规则问的是企业，不是个人"),
    ],
)
def test_a_wrong_number_is_explained_and_nothing_typed_is_lost(city: None, number: str, said: str) -> None:
    got = take(authority(), KITCHEN, number, **{"f-firm.open_kitchen": "true"})
    assert got.status_code == 422
    assert said in words(got)
    assert f'value="{PURPOSE}"' in text(got)
    assert '<option value="true" selected' in text(got)


def test_what_was_typed_stands_over_what_is_known(city: None) -> None:
    got = take(authority(), KITCHEN, SHOP, **{"f-firm.open_kitchen": "false"})
    assert '<option value="false" selected' in text(got)
    assert "来自明厨亮灶接入信息" not in words(got)


def test_a_number_in_an_address_is_not_looked_at(city: None) -> None:
    got = authority().get(KITCHEN, {"subject": SHOP, "subject_purpose": PURPOSE, "go": "subject"})
    assert "松风小馆" not in text(got)
    assert not Reading.objects.exists()


def test_facts_above_the_officers_grade_are_not_taken(city: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "grade_seen", lambda *_args, **_more: Sensitivity.L1)
    got = take(authority(), ELDERS, OLD)
    assert 'value="84"' not in text(got)
    assert "高度敏感的没有取：" in words(got)


def test_a_decision_table_is_about_nobody(city: None) -> None:
    client = authority()
    assert "用一个人或一家企业的事实" not in page(client, "/desk/rules/try/table/shop-visit/")
    assert "已取" not in words(take(client, "/desk/rules/try/table/shop-visit/", SHOP))
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("office", "roles", "division", "passes"),
    [
        ("11990102MBY000096A", {"approval"}, "990102", True),
        ("11990102MBY000096A", {"approval"}, None, True),
        ("11990102MBY000096A", {"approval"}, "990122", False),
        ("11990102MBY000096A", {"service_window"}, "990102", False),
        ("11990100MBY000037A", {"benefit_payer"}, "990122", True),
        ("11990102MBY0000C0T", {"approval"}, "990102", False),
        ("11990100MBY0000455", {"data_authority"}, "990122", True),
        (None, {"data_authority"}, "990102", False),
    ],
)
def test_who_may_take_facts(
    city: None, office: str | None, roles: set[str], division: str | None, passes: bool
) -> None:
    unit = None if office is None else find_organization(OrgId(office))
    if passes:
        check_may_take_facts(roles, unit, department="市市场监管局", division=division)
    else:
        with pytest.raises(MayNotTakeFacts):
            check_may_take_facts(roles, unit, department="市市场监管局", division=division)
