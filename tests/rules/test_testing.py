"""Rule tests in YAML: nothing is guessed, every fault has its place, what came is held against what was expected."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from shuzheng.engines.rules.errors import RuleTestsInvalid
from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.rules.testing.reading import read_tests
from shuzheng.engines.rules.rules.testing.running import gives_of, run_tests
from shuzheng.engines.rules.rules.testing.writing import write_tests
from shuzheng.engines.rules.types import BOOL, DATE, LIST, TEXT, Fact, Facts, Rule, Value, number
from shuzheng.engines.rules.types.tables import HitPolicy, Outcome, Table
from shuzheng.engines.rules.types.testing import Came, Condition, RuleTestResult, Verdict
from tests.rules.making import SCHEMA as WIDE_SCHEMA
from tests.rules.tables import make

SCHEMA = {
    fact.name: fact
    for fact in (
        Fact("today", DATE, "办理当天"),
        Fact("fact.pollution_m", number(9, 2), "距最近污染源距离", unit="米"),
        Fact("fact.scope_food", BOOL, "经营范围包含餐饮"),
        Fact("form.kind", TEXT, "类别"),
        Fact("form.tags", LIST, "标签"),
        Fact("form.born", DATE, "出生日期"),
        Fact("form.age", number(3), "年龄"),
    )
}
CONDITIONS = (
    Condition("距污染源25米以上", "经营场所距污染源不足25米", check_rule("fact.pollution_m >= 25", SCHEMA)),
    Condition("经营范围包含餐饮", "", check_rule("fact.scope_food = TRUE", SCHEMA)),
)


def test_a_test_is_read_with_chinese_or_english_keys() -> None:
    chinese, english = read_tests(
        """
- 名称: 距污染源不足 25 米的不予许可
  日期: 2023-06-01
  已知: {fact.pollution_m: 24.99, 标签: [甲, 乙]}
  结论: 不符合
  理由: [经营场所距污染源不足25米]
  说明: 第三十三条
- name: a far one is to be checked
  on: 2023-06-01
  given:
    fact.pollution_m: '25'
  expect: to check
  missing: [经营范围包含餐饮]
""",
        SCHEMA,
    )
    assert chinese.facts == {
        "fact.pollution_m": Decimal("24.99"),
        "form.tags": ["甲", "乙"],
        "today": date(2023, 6, 1),
    }
    assert chinese.expected == Came(Verdict.NOT_MET, reasons=frozenset({"经营场所距污染源不足25米"}))
    assert (chinese.on, chinese.line, chinese.note) == (date(2023, 6, 1), 2, "第三十三条")
    assert english.expected == Came(Verdict.TO_CHECK, missing=frozenset({"fact.scope_food"}))


def one_test(given: str, expect: str = "符合") -> str:
    return f"- 名称: 甲\n  日期: 2023-06-01\n  已知: {given}\n  结论: {expect}\n"


@pytest.mark.parametrize(
    ("given", "name", "wanted"),
    [
        ("{form.kind: no}", "form.kind", "no"),
        ("{form.kind: 1_000}", "form.kind", "1_000"),
        ("{form.kind: 0o17}", "form.kind", "0o17"),
        ("{form.kind: 2023-06-01}", "form.kind", "2023-06-01"),
        ("{form.kind: 1:30}", "form.kind", "1:30"),
        ("{form.kind: 'null'}", "form.kind", "null"),
        ("{form.age: 017}", "form.age", Decimal(17)),
        ("{form.born: 2004-02-29}", "form.born", date(2004, 2, 29)),
        ("{form.born: }", "form.born", None),
        ("{经营范围包含餐饮: 是}", "fact.scope_food", True),
        ("{fact.scope_food: false}", "fact.scope_food", False),
        ("{form.tags: []}", "form.tags", []),
    ],
)
def test_a_value_is_what_the_schema_says_and_never_what_yaml_guesses(given: str, name: str, wanted: Value) -> None:
    (found,) = read_tests(one_test(given), SCHEMA)
    assert found.facts[name] == wanted


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        (one_test("{fact.scope_food: no}"), 3, 25, "是否"),
        (one_test("{form.age: 1_000}"), 3, 18, "数值"),
        (one_test("{form.age: 0x11}"), 3, 18, "数值"),
        (one_test("{form.age: 1e2}"), 3, 18, "数值"),
        (one_test("{form.age: ~}"), 3, 18, "不用写"),
        (one_test("{form.kind: null}"), 3, 19, "加引号"),
        (one_test("{form.born: 2023-02-29}"), 3, 19, "日期"),
        (one_test("{form.tags: 甲}"), 3, 19, "列表"),
        (one_test("{form.kind: [甲]}"), 3, 19, "只能写一个值"),
        (one_test("{form.kid: 甲}"), 3, 8, "form.kind"),
        (one_test("{类型: 甲}"), 3, 8, "没有名为"),
        (one_test("{form.kind: 甲, 类别: 乙}"), 3, 22, "两次"),
        (one_test("[甲]"), 3, 7, "事实: 值"),
        (one_test("{}", "通过"), 4, 7, "符合、不符合、待核"),
        (one_test("{}", "[符合]"), 4, 7, "符合、不符合、待核"),
        (one_test("{}") + "  理由: [甲]\n", 5, 7, "只有“不符合”"),
        (one_test("{}") + "  缺少: [类别]\n", 5, 7, "只有“待核”"),
        (one_test("{}") + "  结伦: 甲\n", 5, 3, "是不是“结论”"),
        (one_test("{}") + "  结论: 符合\n", 5, 3, "两次"),
        (one_test("{}") + "  行: [0]\n", 5, 7, "行号"),
        (one_test("{}") * 2, 5, 3, "名称重复"),
        ("- 名称: 甲\n  日期: 2023-06-01\n", 1, 3, "结论"),
        ("- 名称: 甲\n  日期: 6月1日\n  结论: 符合\n", 2, 7, "日期"),
        ("- 名称: ''\n  日期: 2023-06-01\n  结论: 符合\n", 1, 7, "文本"),
        ("名称: 甲\n", 1, 1, "每个以 - 开头"),
        ("- 甲\n", 1, 3, "一个测试要写"),
        ("- &a 甲\n", 1, 3, "锚点"),
        ("- *a\n", 1, 3, "锚点"),
        ("- !!int 3\n", 1, 3, "标签"),
        ("- !x {a: 1}\n", 1, 3, "标签"),
        ("- <<: {名称: 甲}\n", 1, 3, "没有“<<”"),
        ("- 名称: 甲\n---\n- 名称: 乙\n", 2, 1, "一份"),
        ("- 名称: [甲\n", 2, 1, "写法不对"),
        ("- 名称: 甲\n 日期: 乙\n", 2, 2, "写法不对"),
        ("- 名称: a: b\n", 1, 8, "写法不对"),
        ("- 名称: 甲\n\t- 乙\n", 2, 1, "写法不对"),
        ("- 名称: 甲\n- \x07\n", 2, 3, "U+0007"),
        ("- " * 9 + "甲", 1, 13, "嵌套太深"),
        ("甲" * 200_001, 1, 1, "文件太大"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, line: int, column: int, says: str) -> None:
    with pytest.raises(RuleTestsInvalid) as refused:
        read_tests(text, SCHEMA)
    found = refused.value.faults
    assert any(says in one.problem and (one.line, one.column) == (line, column) for one in found), found


def test_every_fault_is_told_at_once() -> None:
    text = one_test("{form.age: x, form.kid: 1, fact.scope_food: no}", "通过") + "- 乙\n"
    with pytest.raises(RuleTestsInvalid) as refused:
        read_tests(text, SCHEMA)
    assert [one.line for one in refused.value.faults] == [3, 3, 3, 4, 5]
    assert "5 处不对" in refused.value.message


def test_a_bomb_does_not_grow() -> None:
    bomb = "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"
    with pytest.raises(RuleTestsInvalid, match="锚点"):
        read_tests(bomb, SCHEMA)
    with pytest.raises(RuleTestsInvalid, match="文件太大"):
        read_tests("- [" + "a," * 45_000 + "]", SCHEMA)
    with pytest.raises(RuleTestsInvalid, match="测试太多"):
        read_tests("- a\n" * 501, SCHEMA)


def test_tests_are_written_so_that_they_read_back_the_same() -> None:
    text = (
        one_test("{form.kind: '是: 否', form.tags: [甲, '1'], form.age: 3, form.born: 2004-02-29, fact.scope_food: 否}")
        + "- {名称: '乙: 一', 日期: 2023-06-02, 结论: 不符合, 理由: ['甲, 乙'], 说明: 注}\n"
        + "- {名称: 丙, 日期: 2023-06-02, 结论: 待核, 缺少: [类别]}\n"
    )
    tests = read_tests(text, SCHEMA)
    assert [replace(one, line=0) for one in read_tests(write_tests(tests), SCHEMA)] == [
        replace(one, line=0) for one in tests
    ]
    table = make(HitPolicy.COLLECT, ["d1"], ("-", "'甲'"))
    of_table = read_tests(
        "- {名称: a, 日期: 2023-06-01, 结论: [甲, '待核'], 行: [1, 2]}\n- {名称: b, 日期: 2023-06-01, 结论: 待核}\n",
        WIDE_SCHEMA,
        gives_of(table),
    )
    again = read_tests(write_tests(of_table), WIDE_SCHEMA, gives_of(table))
    assert [one.expected for one in again] == [one.expected for one in of_table]


def test_an_empty_text_holds_no_tests() -> None:
    assert read_tests("", SCHEMA) == ()
    assert read_tests("# 还没有\n", SCHEMA) == ()


@given(st.text(alphabet="- :[]{}&*!'\"#\n甲a1%@`|>?,~", max_size=60))
def test_any_text_is_tests_or_a_fault(text: str) -> None:
    try:
        read_tests(text, SCHEMA)
    except RuleTestsInvalid as refused:
        faults = refused.faults
        assert faults


def run(subject: tuple[Condition, ...] | Rule | Table, text: str) -> tuple[RuleTestResult, ...]:
    schema = WIDE_SCHEMA if isinstance(subject, Table) else SCHEMA
    return run_tests(read_tests(text, schema, gives_of(subject)), subject, schema)


@pytest.mark.parametrize(
    ("given", "expect", "problem"),
    [
        ("{fact.pollution_m: 25, fact.scope_food: 是}", "符合", ""),
        ("{fact.pollution_m: 24.99, fact.scope_food: 是}", "不符合\n  理由: [经营场所距污染源不足25米]", ""),
        ("{fact.pollution_m: 25, fact.scope_food: 否}", "不符合\n  理由: [经营范围包含餐饮]", ""),
        ("{fact.pollution_m: 25}", "待核\n  缺少: [fact.scope_food]", ""),
        ("{fact.pollution_m: 1}", "不符合", ""),
        ("{fact.pollution_m: 25}", "符合", "结论应为符合，实际是待核"),
        ("{fact.pollution_m: 1}", "不符合\n  理由: [甲]", "理由应为甲，实际是经营场所距污染源不足25米"),
        ("{fact.pollution_m: 25}", "待核\n  缺少: [类别]", "缺少的事实应为类别，实际是经营范围包含餐饮"),
    ],
)
def test_conditions_are_held_against_what_was_expected(given: str, expect: str, problem: str) -> None:
    (found,) = run(CONDITIONS, one_test(given, expect))
    assert list(found.problems) == ([problem] if problem else [])
    assert found.passed is not bool(problem)


def test_what_came_is_said() -> None:
    (found,) = run(CONDITIONS, one_test("{fact.pollution_m: 25}", "不符合"))
    assert (found.expected_words, found.came_words) == ("不符合", "待核（缺少：经营范围包含餐饮）")


def test_derived_facts_are_computed_before_a_test_is_run() -> None:
    def derive(facts: Facts) -> Facts:
        return {**facts, "fact.scope_food": True}

    tests = read_tests(one_test("{fact.pollution_m: 25}"), SCHEMA)
    (found,) = run_tests(tests, CONDITIONS, SCHEMA, derive)
    assert found.passed


def test_a_value_is_tested_by_its_value() -> None:
    rule = check_rule("form.age * 2", SCHEMA, kind=None)
    right, wrong, unknown = run(
        rule,
        "- {名称: 甲, 日期: 2023-06-01, 已知: {年龄: 4}, 结论: 8}\n"
        "- {名称: 乙, 日期: 2023-06-01, 已知: {年龄: 4}, 结论: 9}\n"
        "- {名称: 丙, 日期: 2023-06-01, 结论: 待核, 缺少: 年龄}\n",
    )
    assert (right.passed, wrong.problems, unknown.passed) == (True, ("结果应为9，实际是8",), True)


TABLE_ROWS = (("< 500", "-", "'甲'"), ("[300..900)", "是", "'乙'"))


def test_a_table_is_tested_by_its_results_and_rows() -> None:
    found = run(
        make(HitPolicy.COLLECT, ["d1", "b1"], *TABLE_ROWS),
        "- {名称: a, 日期: 2023-06-01, 已知: {d1: 400, b1: 是}, 结论: [甲, 乙], 行: [1, 2]}\n"
        "- {名称: b, 日期: 2023-06-01, 已知: {d1: 400, b1: 否}, 结论: {级别: 甲}, 行: 1}\n"
        "- {名称: c, 日期: 2023-06-01, 已知: {d1: 400}, 结论: 待核, 缺少: [b1]}\n"
        "- {名称: d, 日期: 2023-06-01, 已知: {d1: 999}, 结论: 没有一行符合}\n"
        "- {名称: e, 日期: 2023-06-01, 已知: {d1: 1}, 结论: 乙, 行: 2}\n"
        "- {名称: f, 日期: 2023-06-01, 已知: {d1: 1}, 结论: 甲, 行: 2}\n",
    )
    assert [one.passed for one in found] == [True, True, True, True, False, False]
    assert found[4].problems == ("结果应为乙，实际是甲", "行应为2，实际是1")
    assert found[0].came_words == "有结果（甲；乙）"


def test_a_table_that_may_not_hit_twice_says_so() -> None:
    (found,) = run(
        make(HitPolicy.UNIQUE, ["d1", "b1"], *TABLE_ROWS),
        "- {名称: a, 日期: 2023-06-01, 已知: {d1: 400, b1: 是}, 结论: 几行同时符合}\n",
    )
    assert found.passed
    assert found.came.outcome is Outcome.SEVERAL


def test_a_result_named_like_an_outcome_is_written_in_quotes() -> None:
    table = make(HitPolicy.FIRST, ["d1"], ("-", "'待核'"))
    (found,) = run(table, "- {名称: a, 日期: 2023-06-01, 结论: '待核'}\n")
    assert found.passed


def test_a_result_of_the_wrong_type_is_a_fault() -> None:
    table = make(HitPolicy.FIRST, ["d1"], ("-", "'甲'"))
    for expect in ("{级: 甲}", "[[甲]]"):
        with pytest.raises(RuleTestsInvalid):
            run(table, f"- {{名称: a, 日期: 2023-06-01, 结论: {expect}}}\n")
