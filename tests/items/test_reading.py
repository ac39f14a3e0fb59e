from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from shuzheng.services.items.rules.reading import Wrong, describe_value, read_answers, read_field
from shuzheng.services.items.types import FieldType, Option, Precision, SectionSpec
from tests.items.builders import make_field

RIGHT = [
    (FieldType.TEXT, "　松风小馆 ", "松风小馆"),
    (FieldType.NUMBER, "12.5", "12.5"),
    (FieldType.NUMBER, "１２．５０", "12.5"),
    (FieldType.NUMBER, " 1,234.50 ", "1234.5"),
    (FieldType.NUMBER, "0012", "12"),
    (FieldType.NUMBER, "-0", "0"),
    (FieldType.DATE, "2026-11-24", "2026-11-24"),
    (FieldType.DATE, "2026年11月24日", "2026-11-24"),
    (FieldType.DATE, "2026/11/4", "2026-11-04"),
    (FieldType.DATE, "２０２６．１１．２４", "2026-11-24"),
    (FieldType.DATE, "20261124", "2026-11-24"),
    (FieldType.CHOICE, "乙", "乙"),
    (FieldType.MULTICHOICE, "乙", ["乙"]),
    (FieldType.ID_NUMBER, "11010519491231002x", "11010519491231002X"),
    (FieldType.ID_NUMBER, "１１０１０５ 19491231 002X", "11010519491231002X"),
    (FieldType.USCC, "91350100m000100y43", "91350100M000100Y43"),
    (FieldType.MOBILE, "+86 138-0000-1234", "13800001234"),
    (FieldType.DIVISION, "110105", "110105"),
    (FieldType.ADDRESS, "石桥路 8 号", "石桥路 8 号"),
    (FieldType.BOOLEAN, "是", True),
    (FieldType.BOOLEAN, "false", False),
]

WRONG = [
    (FieldType.NUMBER, "十八", "食品处理区面积要填数字，例如 12.5"),
    (FieldType.NUMBER, "-3", "食品处理区面积不能小于 0，例如 12.5"),
    (FieldType.NUMBER, "1.234", "食品处理区面积最多写到小数点后 2 位，例如 12.5"),
    (FieldType.NUMBER, "12345678901", "食品处理区面积太大，整数部分最多 10 位，例如 12.5"),
    (FieldType.DATE, "2026-02-30", "单位名称没有这一天，请核对月份和日期，例如 2026-11-24"),
    (FieldType.DATE, "明天", "单位名称要填年月日，例如 2026-11-24"),
    (FieldType.DATE, "1776-07-04", "单位名称的年份要在 1900 至 2100 之间，例如 2026-11-24"),
    (FieldType.CHOICE, "丁", "单位名称请从列出的选项里选一个，例如 甲"),
    (FieldType.MULTICHOICE, "丁", "单位名称请从列出的选项里选，例如 甲"),
    (FieldType.ADDRESS, "这里", "单位名称要写到门牌号或村组，例如 人民路 8 号 2 幢 103 室"),
    (FieldType.BOOLEAN, "也许", "请选择“是”或“否”：单位名称"),
    (FieldType.TEXT, "长" * 201, "单位名称最多 200 个字，现在有 201 个字"),
]


@pytest.mark.parametrize(("kind", "typed", "value"), RIGHT)
def test_a_right_answer_is_read_in_its_canonical_form(kind: FieldType, typed: str, value: object) -> None:
    assert read_field(make_field(kind), [typed]) == value


@pytest.mark.parametrize(("kind", "typed", "message"), WRONG)
def test_a_wrong_answer_is_told_what_is_wrong_with_an_example(kind: FieldType, typed: str, message: str) -> None:
    with pytest.raises(Wrong) as caught:
        read_field(make_field(kind), [typed])
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("kind", "typed", "part"),
    [
        (FieldType.ID_NUMBER, "110105194912310021", "校验位不符"),
        (FieldType.ID_NUMBER, "1234", "应为 18 位，现在是 4 位"),
        (FieldType.USCC, "91350100M000100Y44", "校验位不符"),
        (FieldType.MOBILE, "12345", "例如 13800001234"),
    ],
)
def test_a_wrong_code_is_told_why_and_never_repeated(kind: FieldType, typed: str, part: str) -> None:
    with pytest.raises(Wrong) as caught:
        read_field(make_field(kind), [typed])
    assert part in caught.value.message
    assert typed not in caught.value.message


def test_whole_numbers_refuse_decimals() -> None:
    spec = make_field(FieldType.NUMBER, label="从业人员人数", precision=Precision(9, 0))
    assert read_field(spec, ["5.0"]) == "5"
    with pytest.raises(Wrong, match="从业人员人数要填整数，例如 12"):
        read_field(spec, ["5.5"])


def test_a_unit_typed_after_the_number_is_forgiven() -> None:
    assert read_field(make_field(FieldType.NUMBER, unit="平方米"), ["12.5 平方米"]) == "12.5"


def test_choices_are_kept_once_and_in_the_order_of_the_form() -> None:
    assert read_field(make_field(FieldType.MULTICHOICE), ["丙", "甲", "丙"]) == ["甲", "丙"]


def test_a_division_is_chosen_by_code_or_name_and_only_from_those_offered() -> None:
    spec = make_field(FieldType.DIVISION, options=(Option("990102", "墨溪区"),))
    assert read_field(spec, ["墨溪区"]) == read_field(spec, ["990102"]) == "990102"
    with pytest.raises(Wrong, match="例如 墨溪区"):
        read_field(spec, ["110105"])


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (FieldType.TEXT, "请填写单位名称"),
        (FieldType.NUMBER, "请填写食品处理区面积，例如 12.5"),
        (FieldType.CHOICE, "请选择单位名称，例如 甲"),
        (FieldType.MULTICHOICE, "请选择单位名称，至少选一项，例如 甲"),
        (FieldType.BOOLEAN, "请选择“是”或“否”：单位名称"),
        (FieldType.MOBILE, "请填写单位名称，例如 13800001234"),
    ],
)
def test_a_missing_answer_is_asked_for(kind: FieldType, message: str) -> None:
    with pytest.raises(Wrong) as caught:
        read_field(make_field(kind), ["  　"])
    assert caught.value.message == message
    assert read_field(make_field(kind, required=False), []) is None


def test_a_section_gives_right_values_beside_the_problems_and_leaves_files_to_the_papers() -> None:
    section = SectionSpec(
        "经营场所",
        (
            make_field(FieldType.NUMBER, name="area"),
            make_field(FieldType.TEXT, name="who"),
            make_field(FieldType.FILE, name="plan"),
        ),
    )
    values, problems = read_answers(section, {"area": ["十八"], "who": ["甲"], "strange": ["x"]})
    assert values == {"who": "甲"}
    assert [(p.field, p.label) for p in problems] == [("area", "食品处理区面积（平方米）")]


TYPED_KINDS = [kind for kind in FieldType if kind is not FieldType.FILE]


@given(kind=st.sampled_from(TYPED_KINDS), typed=st.lists(st.text(max_size=60), max_size=4))
def test_no_text_breaks_the_validator_and_what_it_accepts_it_accepts_again(kind: FieldType, typed: list[str]) -> None:
    spec = make_field(kind)
    try:
        value = read_field(spec, typed)
    except Wrong:
        return
    assert read_field(spec, describe_value(value)) == value


@given(st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2))
def test_a_number_keeps_its_value_however_it_is_typed(number: Decimal) -> None:
    plain = f"{number:f}"
    wide = plain.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789."})
    for typed in (plain, wide, f"{number:,f}", f" {plain} "):
        value = read_field(make_field(FieldType.NUMBER), [typed])
        assert isinstance(value, str)
        assert Decimal(value) == number


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_every_way_of_writing_a_day_is_the_same_day(on: date) -> None:
    y, m, d = on.year, on.month, on.day
    for typed in (f"{y}-{m}-{d}", f"{y}年{m}月{d}日", f"{y}/{m:02}/{d:02}", f"{y}.{m}.{d}", f"{y}{m:02}{d:02}"):
        assert read_field(make_field(FieldType.DATE), [typed]) == str(on)
