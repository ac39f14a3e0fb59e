"""Codes, rules and verdicts without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import base45
import cbor2
import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings, strategies as st

from shuzheng.base.kernel.types import SYSTEM, Party, PartyKind
from shuzheng.engines.credentials import errors
from shuzheng.engines.credentials.rules import codes, cose, licences, sheets, verdicts
from shuzheng.engines.credentials.types import LicenceState, VerdictState
from tests.credentials.builders import AT, CASE, ISSUER, OTHER_ORG, TODAY, make_new, make_officer, make_view, stranger

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
KEYS = {cose.key_id(KEY.public_key()): KEY.public_key()}
LICENCE = UUID("0193a0e0-0000-7000-8000-0000000000cc")
SHEET = codes.write_code(codes.sheet_claims(LICENCE), KEY)
SHOWN = codes.write_code(codes.presentation_claims(LICENCE, at=AT), KEY)
URL = "http://127.0.0.1:8000"
HOLDER = Party(PartyKind.FIRM, UUID(int=7), "某店")


def refused(text: str) -> VerdictState:
    with pytest.raises(cose.CodeRefused) as caught:
        codes.read_code(text, KEYS)
    return caught.value.state


def as_text(message: bytes) -> str:
    return codes._to_text(message)


def sign_raw(protected: bytes, payload: bytes, key: Ed25519PrivateKey = KEY, unprotected: object = None) -> str:
    signature = key.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    body = [protected, {} if unprotected is None else unprotected, payload, signature]
    return as_text(cbor2.dumps(cbor2.CBORTag(18, body)))


PROTECTED = cbor2.dumps({1: -8, 4: cose.key_id(KEY.public_key())})
PAYLOAD = cbor2.dumps({1: 0, 2: LICENCE.bytes})

# Codes


@given(st.uuids(), st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_code_says_what_was_written(licence: UUID, at: datetime) -> None:
    for claims in (codes.sheet_claims(licence), codes.presentation_claims(licence, at=at)):
        text = codes.write_code(claims, KEY)
        assert codes.read_code(text, KEYS) == claims
        assert codes.read_code(codes.verify_url(URL, text), KEYS) == claims
        assert codes.read_code("#" + text + "\n", KEYS) == claims


def test_a_presentation_lives_five_minutes_and_has_its_own_nonce() -> None:
    first, second = (
        codes.read_code(codes.write_code(codes.presentation_claims(LICENCE, at=AT), KEY), KEYS) for _ in "ab"
    )
    assert first.expires_at == AT + timedelta(minutes=5)
    assert first.nonce != second.nonce


@given(st.uuids())
def test_a_scanner_that_undoes_the_escapes_of_the_url_is_understood(licence: UUID) -> None:
    claims = codes.sheet_claims(licence)
    text = codes.write_code(claims, KEY)
    assert codes.read_code(text.replace("%20", " ").replace("%25", "%"), KEYS) == claims


@pytest.mark.parametrize("text", [SHEET, SHOWN])
def test_the_qr_is_small_and_needs_no_escape_in_a_url(text: str) -> None:
    symbol = codes.make_qr(codes.verify_url("https://zwfw.example-city.gov.cn", text))
    assert isinstance(symbol.version, int)
    assert symbol.version <= 10
    assert symbol.error in {"M", "Q", "H"}
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:")


def test_text_without_a_code_makes_a_plain_qr() -> None:
    assert isinstance(codes.make_qr("您好"), segno.QRCode)


@settings(max_examples=300)
@given(st.data(), st.sampled_from([SHEET, SHOWN]))
def test_a_code_with_one_character_changed_is_never_accepted(data: st.DataObject, text: str) -> None:
    position = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(
        st.one_of(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:abc\n\t"), st.characters())
    )
    changed = text[:position] + character + text[position + 1 :]
    if changed != text:
        assert refused(changed) in {VerdictState.FORGED, VerdictState.DAMAGED}


@settings(max_examples=300)
@given(st.data(), st.sampled_from([SHEET, SHOWN]))
def test_a_code_with_one_bit_flipped_is_never_accepted(data: st.DataObject, text: str) -> None:
    message = bytearray(codes._messages(text)[0])
    bit = data.draw(st.integers(0, len(message) * 8 - 1))
    message[bit // 8] ^= 1 << bit % 8
    assert refused(as_text(bytes(message))) in {VerdictState.FORGED, VerdictState.DAMAGED}


@given(st.integers(0, len(SHOWN) - 1))
def test_a_truncated_code_is_never_accepted(length: int) -> None:
    assert refused(SHOWN[:length]) in {VerdictState.FORGED, VerdictState.DAMAGED}


@given(st.text(max_size=300) | st.binary(max_size=300).map(as_text))
def test_any_other_text_is_refused_and_nothing_else_is_raised(text: str) -> None:
    assert refused(text) in {VerdictState.FORGED, VerdictState.DAMAGED}


@given(st.binary(max_size=200))
def test_any_bytes_with_our_frame_are_refused(tail: bytes) -> None:
    head = cose.FRAME + cbor2.dumps(PROTECTED) + b"\xa0"
    assert refused(as_text(head + tail)) in {VerdictState.FORGED, VerdictState.DAMAGED}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#",
        "SZ1:",
        "SZ2:" + SHEET[4:],
        "HC1:" + SHEET[4:],
        SHEET[4:],
        "x" * 100_000,
        "SZ1:" + "A" * 100_000,
        "https://[",
        "https://x/#",
        "sz1:" + SHEET[4:],
        "SZ1:" + SHEET[4:].lower(),
        "\x00",
        "\ud800",
    ],
)
def test_what_is_not_a_whole_code_is_damaged(text: str) -> None:
    assert refused(text) is VerdictState.DAMAGED


@pytest.mark.parametrize(
    "text",
    [
        codes.write_code(codes.sheet_claims(LICENCE), OTHER_KEY),
        sign_raw(cbor2.dumps({1: -7, 4: cose.key_id(KEY.public_key())}), PAYLOAD),
        sign_raw(cbor2.dumps({1: -8}), PAYLOAD),
        sign_raw(b"", PAYLOAD),
        sign_raw(cbor2.dumps({1: -8, 4: cose.key_id(KEY.public_key()), 5: b""}), PAYLOAD),
        sign_raw(PROTECTED, PAYLOAD, OTHER_KEY),
        sign_raw(PROTECTED, PAYLOAD, unprotected={4: b"x"}),
    ],
    ids=[
        "other key",
        "other algorithm",
        "no kid",
        "no header",
        "more header",
        "our kid, other key",
        "unprotected header",
    ],
)
def test_what_our_key_did_not_sign_as_we_sign_is_forged(text: str) -> None:
    assert refused(text) is VerdictState.FORGED


def tampered(message: bytes) -> dict[str, bytes]:
    return {
        "trailing byte": message + b"\x00",
        "long length": message[:2] + b"\x58" + message[2:],
        "no tag": message[1:],
        "array of five": b"\xd2\x85" + message[2:] + b"\xf6",
    }


@pytest.mark.parametrize("name", list(tampered(b"")))
def test_a_frame_written_in_another_way_is_refused(name: str) -> None:
    message = tampered(codes._messages(SHEET)[0])[name]
    assert refused(as_text(message)) in {VerdictState.FORGED, VerdictState.DAMAGED}


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff" * 24,
        cbor2.dumps("text"),
        cbor2.dumps({}),
        cbor2.dumps({1: 2, 2: LICENCE.bytes}),
        cbor2.dumps({1: True, 2: LICENCE.bytes}),
        cbor2.dumps({1: 0, 2: b"short"}),
        cbor2.dumps({1: 0, 2: str(LICENCE)}),
        cbor2.dumps({1: 0, 2: LICENCE.bytes, 9: 1}),
        cbor2.dumps({2: LICENCE.bytes, 1: 0}),
        b"\xa3\x01\x00\x01\x00\x02\x50" + LICENCE.bytes,
        b"\xa2\x01\x18\x00\x02\x50" + LICENCE.bytes,
        PAYLOAD + b"\x00",
        cbor2.dumps({1: 1, 2: LICENCE.bytes}),
        cbor2.dumps({1: 1, 2: LICENCE.bytes, 4: 2**70, 6: 0, 7: b"x"}),
        cbor2.dumps({1: 1, 2: LICENCE.bytes, 4: 2**60, 6: 0, 7: b"x"}),
        cbor2.dumps({1: 1, 2: LICENCE.bytes, 4: "soon", 6: 0, 7: b"x"}),
        cbor2.dumps({1: 1, 2: LICENCE.bytes, 4: 1, 6: 0, 7: "x"}),
        cbor2.dumps({1: [], 2: LICENCE.bytes}),
        b"\x81" * 200,
    ],
)
def test_a_payload_that_is_no_claims_is_damaged_even_when_our_key_signed_it(payload: bytes) -> None:
    assert refused(as_text(cose.sign(payload, KEY))) is VerdictState.DAMAGED


def test_base45_has_one_spelling() -> None:
    message = codes._messages(SHEET)[0]
    assert base45.b45decode(base45.b45encode(message).decode()) == message
    assert codes._from_base45("::::") is None
    assert codes._from_base45("A") is None
    assert codes._from_base45("QED8W\n") is None


# Licences


@pytest.mark.parametrize(
    ("stored", "on", "state"),
    [
        (LicenceState.VALID, date(2031, 11, 26), LicenceState.VALID),
        (LicenceState.VALID, date(2031, 11, 27), LicenceState.EXPIRED),
        (LicenceState.SUSPENDED, date(2031, 11, 27), LicenceState.EXPIRED),
        (LicenceState.REVOKED, date(2031, 11, 27), LicenceState.REVOKED),
        (LicenceState.CORRECTED, date(2031, 11, 27), LicenceState.CORRECTED),
    ],
)
def test_a_licence_is_valid_through_its_last_day(stored: LicenceState, on: date, state: LicenceState) -> None:
    assert licences.state_on(stored, date(2031, 11, 26), on) is state
    assert licences.state_on(stored, None, on) is stored


@given(st.integers(2000, 2099), st.integers(1, 999_999))
def test_the_count_can_be_read_back_from_a_number(year: int, count: int) -> None:
    number = licences.make_number(make_view().type_code, ISSUER, licences.make_serial(year, count))
    assert licences.count_in_number(number, make_view().type_code, ISSUER, year) == count
    assert licences.count_in_number(number, make_view().type_code, ISSUER, year + 1) is None
    assert licences.count_in_number("990102198603149917", make_view().type_code, ISSUER, year) is None


def test_who_may_issue() -> None:
    new = make_new(holder=HOLDER)
    licences.check_may_issue(SYSTEM, new)
    licences.check_may_issue(make_officer(org=OTHER_ORG, roles=frozenset({"approval"})), new)
    licences.check_may_issue(make_officer(), replace(new, case_id=None))
    for actor, case in (
        (stranger(), CASE),
        (stranger(), None),
        (make_officer(org=OTHER_ORG), None),
        (make_officer(roles=frozenset()), None),
    ):
        with pytest.raises(errors.MayNotIssue):
            licences.check_may_issue(actor, replace(new, case_id=case))


def test_only_a_licence_issuer_of_the_issuer_may_change() -> None:
    assert licences.may_change(make_officer(), make_view())
    for actor in (
        make_officer(org=OTHER_ORG),
        make_officer(roles=frozenset({"approval"})),
        make_officer(post=None),
        stranger(),
        SYSTEM,
    ):
        assert not licences.may_change(actor, make_view())


@pytest.mark.parametrize(
    ("reason", "error"), [("", errors.ReasonMissing), (" \n", errors.ReasonMissing), ("字" * 501, errors.ReasonTooLong)]
)
def test_a_change_needs_a_short_reason(reason: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        licences.check_reason(reason)


# Verdicts


def test_a_person_is_masked_and_a_firm_is_not() -> None:
    person = make_view(
        holder=Party(PartyKind.PERSON, uuid4(), "林知墨"),
        number="990102198603149917",
        fields={"证件号码": "990102198603149917", "住址": "某村1号", "经营范围": "餐饮"},
    )
    shown = verdicts.public_facts(person)
    assert (shown.holder_name, shown.number, dict(shown.fields)) == ("林*墨", "9901**********9917", {})
    assert verdicts.public_facts(make_view()).holder_name == "墨溪区松风小馆（个体工商户）"


def test_only_what_a_firm_may_do_is_shown_and_no_personal_number_in_it() -> None:
    fields = {
        "法定代表人": "林知墨",
        "住所": "某村101号",
        "经营项目": "热食，电话13800006621，99010219860314991X",
        "经营范围": "详见证照副本",
        "用途": "",
    }
    shown = verdicts.public_facts(make_view(fields=fields)).fields
    assert set(shown) == {"经营项目"}
    assert "13800006621" not in shown["经营项目"]
    assert "19860314" not in shown["经营项目"]


@given(
    st.integers(10**16, 10**17 - 1),
    st.sampled_from("0123456789Xx"),
    st.sampled_from(["", " ", "号", "：", "a", "电话"]),
)
def test_no_identity_number_passes(first: int, last: str, around: str) -> None:
    number = f"{first}{last}"
    assert number not in verdicts.without_personal_number(f"{around}{number}{around}")


@pytest.mark.parametrize(
    ("given_name", "same"),
    [
        ("墨溪区松风小馆（个体工商户）", True),
        (" 墨溪区松风小馆(个体工商户) ", True),
        ("墨溪区松风小馆", False),
        ("", False),
        ("  ", False),
    ],
)
def test_names_are_compared_without_regard_to_width_and_blanks(given_name: str, same: bool) -> None:
    assert verdicts.same_name(given_name, "墨溪区松风小馆（个体工商户）") is same


def test_every_state_has_its_words() -> None:
    for state in LicenceState:
        found = verdicts.verdict_of(make_view(state=state), on=TODAY)
        assert verdicts.checks_of_licence(found)[1].passed is (state is LicenceState.VALID)
    assert verdicts.verdict_of(make_view(), on=TODAY - timedelta(days=1)) is VerdictState.NOT_YET


# Sheets


def test_the_sheet_names_number_own_fields_and_validity_once() -> None:
    fields = {
        "证照编号": "别的",
        "单位名称": "某店",
        "成立日期": "2019-05-02",
        "发证机关": "x",
        "发证日期": "2026-11-27",
        "有效期起": "x",
        "有效期止": "x",
    }
    assert sheets.sheet_rows(make_view(fields=fields)) == [
        ("证照编号", "9901020022026000001"),
        ("单位名称", "某店"),
        ("成立日期", "2019年5月2日"),
        ("有效期", "2026年11月27日 至 2031年11月26日"),
    ]
    assert sheets.sheet_rows(make_view(valid_to=None))[-1] == ("有效期", "2026年11月27日起长期有效")


def test_fonts_with_chinese_characters_are_chosen_and_none_is_said() -> None:
    assert sheets.choose_fonts({"DejaVu Sans"}) is None
    assert sheets.choose_fonts({"Noto Sans SC"}) == {"sans": ["Noto Sans SC"], "serif": ["Noto Sans SC"]}
    both = sheets.choose_fonts({"Noto Sans SC", "Noto Serif CJK SC"})
    assert both == {"sans": ["Noto Sans SC"], "serif": ["Noto Serif CJK SC"]}
