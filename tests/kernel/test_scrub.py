"""Numbers are found and masked wherever they stand, and what only looks like one is left alone."""

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.kernel.mask import mask_address
from shuzheng.base.kernel.scrub import find_numbers, mask_numbers
from tests.directory.builders import make_id_no


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("号码110105194912310026。", "号码1101**********0026。"),
        ("11010519491231002x", "1101**********002x"),
        ('{"mobile": "13800006621"}', '{"mobile": "138****6621"}'),
        ("+86 138 0000 6621", "138****6621"),
        ("a=13800006621&b=", "a=138****6621&b="),
    ],
)
def test_numbers_are_masked_wherever_they_stand(text: str, masked: str) -> None:
    assert mask_numbers(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "办件 341502202611240001",
        "11990102MBY000096A",
        "018f9c3e-1380-0006-6211-138000066210",
        "1763949600000",
        "12345678901",
        "2026-11-24 09:05:13,138",
    ],
)
def test_what_only_looks_like_a_number_stays(text: str) -> None:
    assert (mask_numbers(text), find_numbers(text)) == (text, ())


@given(st.integers(100, 999), st.sampled_from(["19380621", "20240229", "20160520"]), st.text(max_size=5))
def test_every_identity_number_is_found(serial: int, born: str, around: str) -> None:
    number = make_id_no(serial, born)
    text = f"{around} {number} {around}"
    assert number in find_numbers(text)
    assert number not in mask_numbers(text)


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("安徽省六安市金寨县天堂寨镇前畈村下畈组59号", "安徽省六安市金寨县天堂寨镇****"),
        ("样例市墨溪区石桥路 8 号", "样例市墨溪区****"),
        ("石桥路 8 号", "石桥****"),
        ("", ""),
    ],
)
def test_an_address_keeps_its_town(address: str, masked: str) -> None:
    assert mask_address(address) == masked
