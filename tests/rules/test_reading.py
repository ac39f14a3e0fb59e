"""What a text means, and where exactly it is wrong."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.rules.checking import check_rule, facts_of
from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.types import Kind, Value
from tests.rules.making import SCHEMA


def value_of(text: str, **facts: Value) -> Value:
    return make_closure(check_rule(text, SCHEMA, kind=None).root)({**facts})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 + 2 * 3 = 7", True),
        ("(1 + 2) * 3 = 9", True),
        ("10 - 2 - 3 = 5", True),
        ("NOT 1 = 2", True),
        ("FALSE AND FALSE OR TRUE", True),
        ("NOT FALSE AND FALSE", False),
        ("2 BETWEEN 1 AND 3 AND 1 = 1", True),
        ("2 NOT BETWEEN 1 AND 3", False),
        ("'a' NOT LIKE 'a'", False),
        ("'a' NOT IN ('b')", True),
        ("'it''s' = 'it''s'", True),
        ("-2 < -1", True),
        ("1 != 2", True),
        ("round(7 / 2, 0) = 4", True),
        ("round(-7 / 2, 0) = -4", True),
        ("round(1 / 0, 2) IS NULL", True),
        ("DATE '2024-02-29' = add_years(DATE '2020-02-29', 4)", True),
        ("years_between(DATE '2004-02-29', DATE '2022-02-28') = 17", True),
        ("years_between(DATE '2004-02-29', DATE '2022-03-01') = 18", True),
        ("add_days(DATE '9999-12-31', 1) IS NULL", True),
        ("case when 1 = 2 then 'x' else 'y' end = 'y'", True),
        ("upper('aß') = 'Aß'", True),
        ("trim('　a ') = 'a'", True),
        ("substr('张三丰', 2, 1) = '三'", True),
    ],
)
def test_a_text_means_what_it_says(text: str, *, wanted: bool) -> None:
    assert value_of(text) is wanted


@pytest.mark.parametrize(
    ("text", "known", "wanted"),
    [
        ("b1 AND b2", {"b1": True}, None),
        ("b1 AND b2", {"b1": False}, False),
        ("b1 OR b2", {"b1": True}, True),
        ("b1 OR b2", {"b1": False}, None),
        ("NOT b1", {}, None),
        ("d1 >= 25", {}, None),
        ("d1 IS NULL", {}, True),
        ("b1 IS NOT TRUE", {}, True),
        ("coalesce(d1, 0) = 0", {}, True),
        ("d1 >= 25", {"d1": Decimal(25)}, True),
        ("form.t1 < DATE '2024-01-01'", {"form.t1": date(2023, 12, 31)}, True),
        ("has(l1, '低保')", {"l1": ["低保", "残疾"]}, True),
        ("has(l1, '低保')", {"l1": []}, False),
        ("has(l1, '低保')", {}, None),
    ],
)
def test_what_is_not_known_is_kept_apart_from_no(text: str, known: dict[str, Value], *, wanted: bool | None) -> None:
    assert value_of(text, **known) is wanted


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("", 1, 1, "空的"),
        ("   \n ", 2, 2, "空的"),
        ("d1 >=", 1, 6, "没有写完"),
        ("d1 >= 25 AND\n  b3", 2, 3, "没有名为“b3”"),
        ("金额 > 1", 1, 1, "写成 d1"),
        ("d1 > '1'", 1, 1, "不能拿"),
        ("d1 / 2 > 1", 1, 1, "ROUND"),
        ("(d1 > 1", 1, 8, "缺“)”"),
        ("d1 > 1)", 1, 7, "看不懂"),
        ("b1 = = b2", 1, 6, "看不懂"),
        ("1 < 2 < 3", 1, 7, "不能连写"),
        ("NOT NOT b1", 1, 1, "连写 NOT"),
        ("1 - - - 1 = 2", 1, 7, "负号"),
        ("b1; DROP TABLE x", 1, 3, "分号"),
        ("b1 -- x", 1, 4, "注释"),
        ("b1 /* x */", 1, 4, "注释"),
        ("b1 # x", 1, 4, "注释"),
        ("s1 = 'a", 1, 6, "引号"),
        ("s1 ＝ 'a'", 1, 4, "半角"),
        ("s1 = ‘a’", 1, 6, "半角"),
        ("b1\u202e", 1, 3, "U+202E"),
        ("b1\x00", 1, 3, "U+0000"),
        ("b1 AND NULL", 1, 8, "NULL"),
        ("d1 = 1e5", 1, 6, "写法"),
        ("d1 = 1.", 1, 6, "写法"),
        ("d1 = .5", 1, 6, "看不懂"),
        ("d1 = 0x10", 1, 6, "写法"),
        ("form.t1 = DATE '2023-02-29'", 1, 11, "没有“2023-02-29”这一天"),
        ("form.t1 = '2023-02-28'", 1, 1, "不能拿"),
        ("s1 LIKE s2", 1, 9, "常量"),
        ("s1 LIKE 'a\\'", 1, 1, "反斜杠"),
        ("d1 IN ()", 1, 8, "看不懂"),
        ("d1 IN (1, d2)", 1, 11, "常量"),
        ("s1 IN ('a', 1)", 1, 13, "不能拿"),
        ("eval('x') = 1", 1, 1, "没有“eval”"),
        ("lowr(s1) = 'a'", 1, 1, "是不是 lower"),
        ("length(s1, s2) = 1", 1, 1, "1 个参数"),
        ("substr(s1, 0) = 'a'", 1, 12, "起点"),
        ("round(d1, d2) = 1", 1, 11, "保留的位数"),
        ("i1 * i1 * i1 = 1", 1, 1, "位"),
        ("CASE WHEN b1 THEN 1 ELSE 'a' END = 1", 1, 1, "类型不一样"),
        ("CASE b1 WHEN TRUE THEN 1 END = 1", 1, 6, "WHEN"),
        ("greatest(b1, b2)", 1, 1, "没有大小"),
        ("l1 = l1", 1, 1, "has"),
        ("b1 < b2", 1, 1, "相等"),
        ("add_days(t2, 1.5) = t2", 1, 14, "整数"),
        ("d1", 1, 1, "结果应为是否"),
        ("s1 || s2 = 'a'", 1, 4, "U+007C"),
        ("SELECT 1", 1, 8, "看不懂"),
        ("s1 = $1", 1, 6, "U+0024"),
        ("a.b.c = 1", 1, 4, "看不懂"),
        ("now() > t2", 1, 1, "没有“now”"),
        ("d1 > ALL (1)", 1, 6, "没有“ALL”|没有“all”"),
        ("EXISTS (b1)", 1, 1, "没有“exists”"),
        ("CAST(d1 AS INTEGER) = 1", 1, 9, "应为“)”"),
        ("d1::text = '1'", 1, 3, "U+003A"),
        ("b1 IS 1", 1, 7, "IS 后面"),
        ("INTERVAL '1' DAY > t2", 1, 10, "看不懂"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, line: int, column: int, says: str) -> None:
    with pytest.raises(RuleTextInvalid) as refused:
        check_rule(text, SCHEMA)
    facts = refused.value.facts
    assert any(word in str(facts["problem"]) for word in says.split("|")), facts["problem"]
    assert (facts["line"], facts["column"]) == (line, column), facts


@pytest.mark.parametrize(
    "text",
    [
        "(" * 400 + "b1" + ")" * 400,
        "NOT (" * 60 + "b1" + ")" * 60,
        "b1 " + "AND b1 " * 700,
        "b1" + " " * 5000,
        "coalesce(" * 50 + "b1" + ", b1)" * 50,
        "CASE WHEN " * 60 + "b1",
        "1 = " + "-(" * 100 + "1" + ")" * 100,
        "d1 IN (" + ",".join(map(str, range(600))) + ")",
    ],
)
def test_a_text_that_is_too_big_is_refused_at_once(text: str) -> None:
    with pytest.raises(RuleTextInvalid):
        check_rule(text, SCHEMA)


def test_long_chains_are_no_depth() -> None:
    assert value_of("b1 " + "AND b1 " * 250, b1=True) is True


@given(st.text(max_size=60))
def test_any_text_is_a_rule_or_a_fault(text: str) -> None:
    with suppress(RuleTextInvalid):
        check_rule(text, SCHEMA, kind=None)


WORDS = st.sampled_from(
    [
        "b1",
        "d1",
        "s1",
        "t2",
        "AND",
        "OR",
        "NOT",
        "(",
        ")",
        "=",
        "<",
        ",",
        "IN",
        "BETWEEN",
        "IS",
        "NULL",
        "1",
        "'a'",
        "-",
        "+",
        "*",
        "/",
        "CASE",
        "WHEN",
    ]
)


@given(st.lists(WORDS, max_size=14))
def test_any_words_are_a_rule_or_a_fault(words: list[str]) -> None:
    try:
        rule = check_rule(" ".join(words), SCHEMA, kind=None)
    except RuleTextInvalid:
        return
    make_closure(rule.root)({})


def test_the_facts_a_rule_asks_about_are_known() -> None:
    rule = check_rule("b1 AND (form.t1 < t2 OR d1 > 1)", SCHEMA)
    assert facts_of(rule.root) == {"b1", "form.t1", "t2", "d1"}
    assert rule.root.type.kind is Kind.BOOL
