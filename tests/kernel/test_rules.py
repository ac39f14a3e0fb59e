"""Seals, masks, canonical JSON, money and folding."""

import json

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.kernel import fold, mask, money, seal
from shuzheng.base.kernel.canonical import canonical_json
from shuzheng.base.kernel.types import Json
from shuzheng.config.keys import MAKERS

RING = MAKERS["seal"]()
OLD = seal.KeyRing("1", {"1": bytes(32)})
ROTATED = seal.KeyRing("钥-2", {"1": bytes(32), "钥-2": b"2" * 32})


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_is_sealed_opens_in_its_place_only(plaintext: bytes, context: str) -> None:
    sealed = seal.seal(RING, plaintext, context)
    assert seal.unseal(RING, sealed, context) == plaintext
    assert seal.seal(RING, plaintext, context) != sealed
    assert len(plaintext) < 8 or plaintext not in sealed
    with pytest.raises(seal.SealBroken):
        seal.unseal(RING, sealed, context + "x")


def test_every_changed_or_missing_byte_of_a_seal_is_noticed() -> None:
    sealed = seal.seal_text(RING, "11010519491231002X", "t.id_no:1")
    assert seal.unseal_text(RING, sealed, "t.id_no:1") == "11010519491231002X"
    for i in range(len(sealed)):
        changed = sealed[:i] + bytes([sealed[i] ^ 1]) + sealed[i + 1 :]
        for broken in (changed, sealed[:i]):
            with pytest.raises(seal.SealBroken):
                seal.unseal(RING, broken, "t.id_no:1")
    with pytest.raises(seal.SealBroken):
        seal.unseal(RING, b"\x01\x01\xff" + bytes(40), "t.id_no:1")


def test_a_rotated_ring_opens_old_values_and_seals_with_the_new_key() -> None:
    old = seal.seal(OLD, b"x", "c")
    assert seal.unseal(ROTATED, old, "c") == b"x"
    assert seal.sealed_with(old) == "1"
    new = seal.seal(ROTATED, b"x", "c")
    assert seal.sealed_with(new) == "钥-2"
    with pytest.raises(seal.SealBroken):
        seal.unseal(OLD, new, "c")


@pytest.mark.parametrize(
    "material",
    [
        b'{"active": "2", "keys": {"1": "AAAA"}}',
        b'{"active": "1", "keys": {"1": "AAAA"}}',
        json.dumps({"active": "", "keys": {"": "A" * 43 + "="}}).encode(),
    ],
)
def test_a_ring_that_is_none_is_refused(material: bytes) -> None:
    with pytest.raises(ValueError, match="key"):
        seal.read_key_ring(material)


def test_a_key_ring_does_not_show_its_keys() -> None:
    assert "2222" not in repr(ROTATED)


def test_a_blind_index_finds_equal_texts_under_one_key() -> None:
    index = seal.blind_index(b"k" * 32, "甲")
    assert index == seal.blind_index(b"k" * 32, "甲")
    assert len({index, seal.blind_index(b"k" * 32, "乙"), seal.blind_index(b"q" * 32, "甲")}) == 3
    assert len(index) == 32


@given(st.text(max_size=30))
def test_masks_keep_length_and_hide_the_middle(text: str) -> None:
    for masked in (mask.mask_name(text), mask.mask_mobile(text), mask.mask_id_no(text)):
        assert len(masked) == len(text)
        assert not text or "*" in masked
    assert mask.mask_id_no(text)[4:-4] in ("", "*" * (len(text) - 8))


@pytest.mark.parametrize(
    ("name", "masked"), [("李小华", "李*华"), ("黄白", "黄*"), ("欧阳小明", "欧**明"), ("甲", "*"), ("", "")]
)
def test_a_name_keeps_its_ends(name: str, masked: str) -> None:
    assert mask.mask_name(name) == masked


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-(2.0**53), 2.0**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_canonical_json_reads_back_and_does_not_depend_on_order(value: Json) -> None:
    written = canonical_json(value)
    assert json.loads(written) == value
    assert canonical_json(json.loads(written)) == written
    if isinstance(value, dict):
        assert canonical_json(dict(reversed(value.items()))) == written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (333333333.33333329, "333333333.3333333"),
        (1e30, "1e+30"),
        (4.50, "4.5"),
        (2e-3, "0.002"),
        (1e-27, "1e-27"),
        (-0.0, "0"),
        (-1.5e-7, "-1.5e-7"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (2**60 + 1, "1152921504606846977"),
        ('€$\u000f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        ({"\ufb33": 3, "\U0001f600": 2, "\u20ac": 1}, '{"€":1,"😀":2,"\ufb33":3}'),
    ],
)
def test_canonical_json_gives_the_published_forms(value: Json, text: str) -> None:
    assert canonical_json(value).decode() == text


def test_canonical_json_refuses_what_json_lacks() -> None:
    for value in (float("nan"), float("inf"), "\ud800"):
        with pytest.raises(ValueError, match=r"NaN|surrogates"):
            canonical_json(value)
    for other in ({1: 2}, {"a": {1}}):
        with pytest.raises(TypeError):
            canonical_json(other)  # type: ignore[arg-type]


@given(st.integers(-(10**12), 10**12))
def test_money_written_is_read_back(fen: int) -> None:
    assert money.parse_yuan(money.format_yuan(fen)) == fen


@given(st.integers(0, 10**9), st.integers(1, 50))
def test_dividing_loses_no_fen(fen: int, parts: int) -> None:
    shares = money.split_evenly(fen, parts)
    assert (sum(shares), len(shares)) == (fen, parts)
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize("text", ["", "1.234", "１.x", "1e5", "--1", ".5", "12345678901234"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(money.MoneyInvalid):
        money.parse_yuan(text)


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角"),
        (105, "壹元零伍分"),
        (100_000, "壹仟元整"),
        (10_0204_50, "壹拾万零贰佰零肆元伍角"),
        (1_0000_0000_00, "壹亿元整"),
        (1_0000_0001_05, "壹亿零壹元零伍分"),
        (10_0000_1000_00, "壹拾亿零壹仟元整"),
        (2005_0300_00, "贰仟零伍万零叁佰元整"),
    ],
)
def test_capitals_are_written_as_on_vouchers(fen: int, text: str) -> None:
    assert money.capital_yuan(fen) == text


def test_money_out_of_range_is_a_programming_error() -> None:
    for call in (lambda: money.capital_yuan(-1), lambda: money.split_evenly(-1, 2), lambda: money.split_evenly(1, 0)):
        with pytest.raises(ValueError, match=r"\w"):
            call()


chinese = st.text("食品经营许可重庆市", min_size=1, max_size=8)


@given(chinese, st.data())
def test_any_part_of_a_title_finds_it_in_characters_and_in_initials(title: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(title) - 1))
    end = data.draw(st.integers(start + 1, len(title)))
    terms = set(fold.index_terms(f"办理{title}（2026）"))
    assert set(fold.query_terms(title[start:end])) <= terms
    initials = fold.pinyin_initials(f"办理{title}")
    if len(initials[start:end]) > 1:
        assert set(fold.query_terms(initials[start:end].upper())) <= terms


def test_folding_forgives_width_case_and_space() -> None:
    assert fold.query_terms("ＳＰ　经营") == fold.query_terms("sp 经营")
    assert fold.query_terms("！？ ") == ()
    assert fold.pinyin_initials("重庆") == "cq"
