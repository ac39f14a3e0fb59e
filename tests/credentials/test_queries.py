"""Who sees which licence, and what a holder has."""

from datetime import date, timedelta
from uuid import UUID, uuid4
from xml.etree import ElementTree

import pytest

from shuzheng.base.access.errors import OtherUnit
from shuzheng.base.access.queries import list_readings
from shuzheng.base.kernel.types import Party, PartyKind
from shuzheng.engines.credentials import actions, errors, queries
from shuzheng.engines.credentials.types import LicenceState
from tests.credentials.builders import (
    AT,
    CASE,
    CATERING,
    CATERING_NAME,
    OTHER_ORG,
    TODAY,
    firm,
    for_firm,
    make_licence,
    make_officer,
    owner,
    stranger,
)

pytestmark = pytest.mark.usefixtures("city")


def test_the_holder_sees_the_licence_and_nothing_is_logged() -> None:
    licence = make_licence()
    assert queries.get_licence(licence.id, actor=for_firm(), at=AT) == licence
    assert list_readings(firm()).rows == ()


def test_an_officer_of_the_issuer_sees_it_and_the_holder_sees_that() -> None:
    licence = make_licence()
    assert queries.get_licence(licence.id, actor=make_officer(roles=frozenset()), at=AT) == licence
    (reading,) = list_readings(firm()).rows
    assert (reading.resource, reading.what) == (licence.urn, f"{CATERING_NAME}的内容")


@pytest.mark.parametrize("who", [owner, stranger])
def test_to_anyone_else_on_the_public_front_it_does_not_exist(who: object) -> None:
    licence = make_licence()
    actor = who()  # type: ignore[operator]
    with pytest.raises(errors.LicenceNotFound):
        queries.get_licence(licence.id, actor=actor, at=AT)
    with pytest.raises(errors.LicenceNotFound):
        queries.get_licence(uuid4(), actor=actor, at=AT)


def test_an_officer_of_another_unit_is_told_whom_to_ask() -> None:
    licence = make_licence()
    with pytest.raises(OtherUnit):
        queries.get_licence(licence.id, actor=make_officer(org=OTHER_ORG), at=AT)
    assert list_readings(firm()).rows == ()


def test_a_wallet_is_paged_newest_first_without_loss() -> None:
    issued = [make_licence().id for _ in range(5)]
    seen: list[UUID] = []
    after: str | None = None
    while True:
        page = queries.list_licences_of(firm(), at=AT, after=after, limit=2)
        seen += [one.id for one in page.rows]
        after = page.next
        if after is None:
            break
    assert seen == issued[::-1]
    assert queries.list_licences_of(Party(PartyKind.PERSON, firm().id, ""), at=AT).rows == ()


@pytest.mark.parametrize("after", ["", "x", "%%", "MjAyNjEx", "您好", "OTk5OTk5OTkx"])
def test_a_position_nobody_gave_is_refused(after: str) -> None:
    with pytest.raises(errors.PositionInvalid):
        queries.list_licences_of(firm(), at=AT, after=after)


def test_waivers_take_the_newest_valid_licence_and_a_page_can_say_why_another_does_not_count() -> None:
    names = [CATERING_NAME, "从业人员健康证明"]
    assert queries.find_valid_licences(firm(), names, on=TODAY) == {}
    expired = make_licence(valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))
    assert queries.find_valid_licences(firm(), names, on=TODAY) == {}
    held = queries.find_held(firm(), names, on=TODAY)[CATERING_NAME]
    assert (held.id, held.state, held.valid_to) == (expired.id, LicenceState.EXPIRED, date(2021, 1, 1))
    valid = make_licence()
    newest = make_licence()
    make_licence(valid_from=date(2027, 1, 1))
    assert queries.find_valid_licences(firm(), names, on=TODAY)[CATERING_NAME].id == newest.id
    actions.revoke_licence(newest.id, reason="注销", actor=make_officer(), at=AT)
    assert queries.find_valid_licences(firm(), names, on=TODAY)[CATERING_NAME].id == valid.id


def test_what_a_case_issued_is_found() -> None:
    licence = make_licence()
    make_licence(case_id=uuid4())
    assert queries.find_licences_of_case(CASE, at=AT) == (licence,)


def test_licence_types_are_found_by_name_and_code() -> None:
    by_name = queries.licence_type_by_name(CATERING_NAME)
    assert by_name == queries.licence_type(CATERING)
    assert (by_name.validity_years, by_name.key_fields[0]) == (5, "证照编号")
    with pytest.raises(errors.LicenceTypeNotFound):
        queries.licence_type_by_name("没有这类证")
    assert len(queries.list_licence_types()) == 6


def test_the_qr_is_an_image_with_a_name_and_without_style() -> None:
    licence = make_licence()
    svg = queries.licence_qr_svg(
        actions.present_licence(licence.id, actor=for_firm(), at=AT).url_fragment, label='出示"码"'
    )
    drawing = ElementTree.fromstring(svg)
    assert drawing.attrib["role"] == "img"
    assert drawing.attrib["aria-label"] == '出示"码"'
    assert "style" not in svg
    assert "width" not in drawing.attrib


def test_expiry_is_worked_out_for_the_day_asked() -> None:
    make_licence()
    (today,) = queries.list_licences_of(firm(), at=AT).rows
    (later,) = queries.list_licences_of(firm(), at=AT + timedelta(days=3650)).rows
    assert (today.state_label, later.state_label) == ("有效", "已过期")
