"""National codes: right ones pass, wrong ones are refused with what is wrong."""

import string
from datetime import date

import pytest
from hypothesis import assume, given, strategies as st
from stdnum.cn import uscc as other_uscc
from stdnum.iso7064 import mod_11_2

from shuzheng.base.kernel import code_errors as errors, codes
from shuzheng.base.kernel.errors import Invalid
from shuzheng.base.kernel.types import ItemCode, LicenceTypeCode, OrgId

USCC = "91350100M000100Y43"
CITIZEN = "11010519491231002X"
PUBLIC_LICENCES = [
    "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F",
    "1.2.156.3005.2.11100000000013338W087.11370800MB28559184.37080001202411010001.001.3",
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
]
TYPE, ISSUER = LicenceTypeCode("11100000000013338W032"), OrgId("11220000013544541J")
ITEM = ItemCode("000125005002")

usccs = st.builds(
    lambda head, division, tail: (body := head + division + tail) + codes.uscc_check_character(body),
    st.text("123456789ANY", min_size=2, max_size=2),
    st.text(string.digits, min_size=6, max_size=6),
    st.text(codes.USCC_ALPHABET, min_size=9, max_size=9),
)
citizen_ids = st.builds(
    lambda division, born, order: (body := f"{division}{born:%Y%m%d}{order:03d}") + mod_11_2.calc_check_digit(body),
    st.text(string.digits, min_size=6, max_size=6),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
)
serials = st.text(string.digits + string.ascii_uppercase, min_size=1, max_size=30)


def refused(parse: object, text: str) -> type[Invalid]:
    assert callable(parse)
    with pytest.raises(Invalid) as caught:
        parse(text)
    error = caught.value
    assert error.code.startswith("kernel.")
    assert error.hint
    assert len(text) < 6 or text not in error.message
    return type(error)


def replaced(text: str, position: int, character: str) -> str:
    return text[:position] + character + text[position + 1 :]


@given(usccs)
def test_a_credit_code_comes_back_as_it_was_and_other_software_agrees(text: str) -> None:
    parts = codes.parse_uscc(text)
    assert parts.text == parts.authority + parts.kind + parts.division + parts.organization + text[-1]
    assert codes.check_uscc(f" {text[:9].lower()}-{text[9:]} ") == text
    assert not text[0].isdigit() or not text[1].isdigit() or other_uscc.is_valid(text)


@given(usccs, st.integers(0, 17), st.sampled_from(string.digits + string.ascii_uppercase))
def test_one_wrong_character_of_a_credit_code_is_refused(text: str, position: int, character: str) -> None:
    assume(text[position] != character)
    refused(codes.parse_uscc, replaced(text, position, character))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", errors.UsccLength),
        (USCC[:-1], errors.UsccLength),
        (USCC.replace("M", "I"), errors.UsccCharacter),
        (replaced(USCC, 3, "A"), errors.UsccCharacter),
        (replaced(USCC, 17, "4"), errors.UsccCheck),
        ("９１３５０１００Ｍ０００１００Ｙ４４", errors.UsccCheck),
    ],
)
def test_a_wrong_credit_code_is_told_what_is_wrong(text: str, problem: type[Invalid]) -> None:
    assert refused(codes.parse_uscc, text) is problem


def test_a_message_names_the_place_and_the_hint_shows_a_right_example() -> None:
    error = errors.UsccCharacter(position=9)
    assert "第 9 位" in error.message
    assert codes.check_uscc(USCC) in error.hint
    assert codes.check_citizen_id(CITIZEN) in errors.CitizenIdCheck().hint


@given(citizen_ids)
def test_an_identity_number_tells_birth_and_sex(text: str) -> None:
    parts = codes.parse_citizen_id(text)
    assert f"{parts.born_on:%Y%m%d}" == text[6:14]
    assert parts.sex == ("男" if text[16] in "13579" else "女")
    assert parts.text == text == codes.check_citizen_id(text.lower())


@given(citizen_ids, st.integers(0, 17), st.sampled_from(string.digits + "XA"))
def test_one_wrong_character_of_an_identity_number_is_refused(text: str, position: int, character: str) -> None:
    assume(text[position] != character)
    refused(codes.parse_citizen_id, replaced(text, position, character))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("110105194912310", errors.CitizenIdLength),
        ("X1010519491231002X", errors.CitizenIdCharacter),
        ("110105194913310021", errors.CitizenIdDate),
        ("110105194902300021", errors.CitizenIdDate),
        ("110105177612310021", errors.CitizenIdDate),
        ("110105194912310021", errors.CitizenIdCheck),
    ],
)
def test_a_wrong_identity_number_is_told_what_is_wrong(text: str, problem: type[Invalid]) -> None:
    assert refused(codes.parse_citizen_id, text) is problem


def test_a_birth_after_today_is_refused_when_today_is_given() -> None:
    assert codes.check_citizen_id(CITIZEN, on=date(1949, 12, 31)) == CITIZEN
    with pytest.raises(errors.CitizenIdDate):
        codes.parse_citizen_id(CITIZEN, on=date(1949, 12, 30))


def test_a_county_that_did_not_exist_at_birth_is_no_ground_for_refusal() -> None:
    body = "34150419900101001"
    assert codes.parse_citizen_id(body + mod_11_2.calc_check_digit(body)).warning == ""
    body = "99010119900101001"
    assert codes.parse_citizen_id(body + mod_11_2.calc_check_digit(body)).warning != ""


@pytest.mark.parametrize("text", PUBLIC_LICENCES)
def test_published_licence_identifiers_verify(text: str) -> None:
    parts = codes.parse_licence_identifier(text)
    assert codes.make_licence_identifier(parts.type_code, parts.issuer, parts.serial, parts.version) == text


@given(serials, st.integers(1, 999))
def test_a_licence_identifier_made_is_read_back(serial: str, version: int) -> None:
    parts = codes.parse_licence_identifier(codes.make_licence_identifier(TYPE, ISSUER, serial, version))
    assert (parts.type_code, parts.issuer, parts.serial, parts.version) == (TYPE, ISSUER, serial, version)


@given(serials, st.integers(1, 999), st.data())
def test_one_wrong_character_of_a_licence_identifier_is_refused(serial: str, version: int, data: st.DataObject) -> None:
    text = codes.make_licence_identifier(TYPE, ISSUER, serial, version)
    position = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(st.sampled_from(string.digits + string.ascii_uppercase + "."))
    assume(text[position] != character)
    refused(codes.parse_licence_identifier, replaced(text, position, character))


@pytest.mark.parametrize(("serial", "version"), [("", 1), ("a1", 1), ("1.2", 1), ("1", 0), ("1", 1000), ("证", 1)])
def test_a_licence_identifier_is_not_made_from_wrong_parts(serial: str, version: int) -> None:
    with pytest.raises(errors.LicenceIdentifierInvalid):
        codes.make_licence_identifier(TYPE, ISSUER, serial, version)


@given(usccs, st.sampled_from("123456"), st.from_regex(r"[0-9]{12}([0-9]{2})?", fullmatch=True))
def test_an_implementing_code_made_is_read_back(organization: str, level: str, item: str) -> None:
    parts = codes.parse_implementing_code(
        codes.make_implementing_code(OrgId(organization), level, codes.parse_item_code(item))
    )
    assert (parts.organization, parts.level, parts.item) == (organization, level, item)


@given(st.integers(0, 17), st.sampled_from(string.digits + string.ascii_uppercase))
def test_one_wrong_character_in_the_head_of_an_implementing_code_is_refused(position: int, character: str) -> None:
    text = codes.make_implementing_code(OrgId(USCC), "3", ITEM)
    assume(text[position] != character)
    refused(codes.parse_implementing_code, replaced(text, position, character))


@pytest.mark.parametrize("text", ["", f"{USCC}7{ITEM}", f"{USCC}3{ITEM}0", f"{USCC}3{ITEM}012", f"{USCC}300012500500A"])
def test_a_wrong_implementing_code_is_refused(text: str) -> None:
    assert refused(codes.parse_implementing_code, text) is errors.ImplementingCodeInvalid


@pytest.mark.parametrize(
    ("text", "code", "level", "parent"),
    [
        ("110000", "110000", "province", None),
        ("110000000000", "110000", "province", None),
        ("110100", "110100", "city", "110000"),
        ("110105", "110105", "county", "110100"),
        ("110105001", "110105001", "town", "110105"),
        ("110105001000", "110105001", "town", "110105"),
        ("110105001007", "110105001007", "village", "110105001"),
    ],
)
def test_a_division_knows_its_level_and_parent(text: str, code: str, level: str, parent: str | None) -> None:
    division = codes.parse_division_code(text)
    assert (division.code, division.level, division.parent) == (code, level, parent)
    assert codes.check_division_code(text) == code


@pytest.mark.parametrize("text", ["", "11010", "1101050", "11010A", "000000", "110005", "110105000001"])
def test_a_wrong_division_is_refused(text: str) -> None:
    assert refused(codes.parse_division_code, text) is errors.DivisionCodeInvalid


def test_item_and_licence_type_codes_are_held_to_their_shape() -> None:
    assert codes.check_item_code(" 0001 2500 5002") == ITEM
    assert codes.check_licence_type_code(TYPE.lower()) == TYPE
    for text in ("", "00012500500", "0001250050021", "00012500500A", "一00125005002"):
        assert refused(codes.parse_item_code, text) is errors.ItemCodeInvalid
    for text in ("", TYPE[:-1], "I" + TYPE[1:], TYPE[:-1] + "A"):
        assert refused(codes.parse_licence_type_code, text) is errors.LicenceTypeCodeInvalid


@pytest.mark.parametrize("text", ["13800006621", "+86 138 0000 6621", "138-0000-6621", "１３８００００６６２１"])
def test_a_mobile_number_is_forgiven_its_dress(text: str) -> None:
    assert codes.check_mobile(text) == "13800006621"


@pytest.mark.parametrize("text", ["", "1380000662", "138000066210", "12800006621", "1380000662x"])
def test_a_wrong_mobile_number_is_refused(text: str) -> None:
    assert refused(codes.check_mobile, text) is errors.MobileInvalid
