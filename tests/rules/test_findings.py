"""Overlaps, gaps and rows never used: exact where a table can be cut up, by samples and said so where it cannot."""

import time
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings, strategies as st

from shuzheng.engines.rules.rules.tables import findings
from shuzheng.engines.rules.rules.tables.checking import check_table
from shuzheng.engines.rules.rules.tables.deciding import make_row_closures
from shuzheng.engines.rules.rules.tables.findings import findings_of
from shuzheng.engines.rules.types import BOOL, TEXT, Fact, Value, number
from shuzheng.engines.rules.types.tables import HitPolicy, LookKind, Severity, Table
from tests.rules.tables import define, make

UNIQUE, FIRST, COLLECT, PRIORITY = HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.COLLECT, HitPolicy.PRIORITY


def told(table: Table) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(one.severity.value, one.kind.value, one.rows) for one in findings_of(table)]


def test_rows_that_hold_together_are_an_error_where_one_may() -> None:
    table = make(
        UNIQUE, [("d1", ">= 0"), "s2"], ("[0..500]", "-", "'甲'"), (">= 500", "-", "'乙'"), ("空", "-", "'丙'")
    )
    (found,) = findings_of(table)
    assert (found.severity, found.kind, found.rows) == (Severity.ERROR, LookKind.OVERLAP, (1, 2))
    assert found.words == "第 1 行和第 2 行会同时符合。例如：金额：500.00元；类别：其他"
    assert found.example == {"d1": Decimal("500.00"), "s2": "其他"}
    assert not found.sampled


def test_rows_that_hold_together_are_a_note_elsewhere() -> None:
    rows = (("[0..500]", "'甲'"), (">= 500", "'乙'"))
    assert told(make(COLLECT, [("d1", ">= 0")], *rows)) == [("note", "overlap", (1, 2))]
    assert told(make(FIRST, [("d1", ">= 0")], *rows)) == [("note", "overlap", (1, 2))]


def test_a_case_no_row_answers_is_said_with_an_example() -> None:
    table = make(
        UNIQUE, [("d1", ">= 0"), ("s2", "'住宅', '商业'")], ("< 500", "'住宅'", "'甲'"), (">= 500.01", "-", "'乙'")
    )
    first, second = findings_of(table)
    assert {first.words, second.words} == {
        "没有一行管到：金额：500.00元。例如：金额：500.00元；类别：住宅",
        "没有一行管到：金额：0.00元至500.00元；类别：商业。例如：金额：0.00元；类别：商业",
    }
    assert first.severity is Severity.WARNING


def test_days_texts_and_yes_or_no_have_gaps_too() -> None:
    table = make(
        UNIQUE, ["form.t1", "s1", "b1"], ("< 2026-01-01", "-", "是", "'甲'"), ("> 2026-01-01", "非('x')", "否", "'乙'")
    )
    words = [one.words for one in findings_of(table)]
    assert any("开始日：2026年1月1日。" in one for one in words)
    assert any("名称：x" in one for one in words)
    assert any("本市户籍：是" in one for one in words)


def test_not_known_is_no_gap_unless_every_row_says_known() -> None:
    known = make(UNIQUE, ["b1"], ("是", "'甲'"), ("否", "'乙'"))
    assert told(known) == []
    (found,) = findings_of(make(UNIQUE, ["b1"], ("不为空", "'甲'")))
    assert found.words == "没有一行管到：本市户籍：未提供。例如：本市户籍：未提供"


@pytest.mark.parametrize("policy", [FIRST, PRIORITY])
def test_a_row_behind_others_is_never_used(policy: HitPolicy) -> None:
    rows = (("< 500", "是", "'甲'"), ("< 500", "否", "'甲'"), ("< 300", "不为空", "'乙'"), ("-", "-", "'丙'"))
    assert told(make(policy, ["d1", "b1"], *rows))[0] == ("warning", "unreachable", (3,))


def test_a_row_for_not_known_belongs_above_the_rows_that_ask() -> None:
    below = make(FIRST, ["b1"], ("是", "'甲'"), ("否", "'乙'"), ("空", "'丙'"))
    assert told(below) == [("warning", "unreachable", (3,))]
    above = make(FIRST, ["b1"], ("空", "'丙'"), ("是", "'甲'"), ("否", "'乙'"))
    assert told(above) == []


def test_a_row_with_an_impossible_cell_is_said() -> None:
    table = make(UNIQUE, [("d1", ">= 0")], ("[5..1]", "'甲'"), ("> 1.001, [1.001..1.009]", "'乙'"), ("<= 1", "'丙'"))
    assert told(table) == [("warning", "unreachable", (1,))]


@pytest.mark.parametrize("columns", [["d1", "d1"], ["d1", "length(s1)"], ["s1", "s2"]])
def test_what_cannot_be_cut_up_is_sampled_and_said(columns: list[str]) -> None:
    cells = {"d1": ">= 250", "length(s1)": "> d2", "s1": "> 'b'", "s2": "-"}
    one, other = (cells[column] for column in columns)
    table = make(UNIQUE, columns, (one, other, "'甲'"), (one, other, "'乙'"))
    found = findings_of(table)
    assert (found[0].kind, found[0].severity) == (LookKind.OVERLAP, Severity.ERROR)
    assert all(one.sampled for one in found)
    assert "抽查了" in found[-1].words


def test_a_value_that_is_more_than_a_fact_is_cut_up_as_itself() -> None:
    table = make(UNIQUE, [("month(t2)", "[1..12]"), ("d1", ">= 0")], ("<= 6", "-", "'甲'"), ("[6..11]", "-", "'乙'"))
    assert [one.words for one in findings_of(table)] == [
        "第 1 行和第 2 行会同时符合。例如：month(t2)：6；金额：0.00元",
        "没有一行管到：month(t2)：12。例如：month(t2)：12；金额：0.00元",
    ]


def test_a_table_that_takes_too_many_cuts_is_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "MOST_PIECES", 3)
    table = make(UNIQUE, ["d1", "b1"], *[(f"[{n}..{n + 1})", "是", "'甲'") for n in range(9)])
    found = findings_of(table)
    assert "表太大" in found[-1].words
    assert found[0].kind is LookKind.GAP


def test_many_findings_are_counted_and_not_all_listed() -> None:
    table = make(UNIQUE, ["b1"], *[("是", "'甲'")] * 12, ("否", "'乙'"))
    found = findings_of(table)
    assert len(found) == 21
    assert found[-1].words == "同时符合的行另有 46 处，没有列出"


def test_two_hundred_rows_come_back_at_once() -> None:
    rows = [
        (f"[{a * 10}..{a * 10 + 10})" if a < 9 else ">= 90", f"[{b}..{b + 1})" if b < 4 else ">= 4", c, "-", "'甲'")
        for a in range(10)
        for b in range(5)
        for c in ("'a'", "'b'", "'c'", "非('a', 'b', 'c')")
    ]
    table = make(UNIQUE, [("i1", ">= 0"), ("d1", ">= 0"), "s1", "d2"], *rows)
    began = time.perf_counter()
    assert findings_of(table) == ()
    assert time.perf_counter() - began < 2  # 0.05 s when nothing else runs


SMALL = {fact.name: fact for fact in (Fact("n", number(1), "数"), Fact("s", TEXT, "类"), Fact("b", BOOL, "否"))}
DOMAIN: tuple[tuple[Value, ...], ...] = (
    (None, *(Decimal(n) for n in range(-9, 10))),
    (None, "x", "y", "其他"),
    (None, True, False),
)
NUMBERS = st.one_of(
    st.sampled_from(["-", "空", "不为空"]),
    st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">=", "=", "<>"]), st.integers(-9, 9)),
    st.builds("[{}..{})".format, st.integers(-9, 9), st.integers(-9, 9)),
    st.builds("非({}, > {}.5)".format, st.integers(-9, 9), st.integers(0, 9)),
)
CELLS = st.tuples(
    NUMBERS,
    st.sampled_from(["-", "-", "空", "'x'", "'x', 'y'", "非('x')", "<> 'y'"]),
    st.sampled_from(["-", "-", "是", "否", "不为空", "空, 是"]),
    st.sampled_from(["'甲'", "'乙'", "'丙'"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=7), st.sampled_from(list(HitPolicy)))
def test_findings_are_what_trying_every_case_finds(rows: list[tuple[str, ...]], policy: HitPolicy) -> None:
    table = check_table(define(policy, ["n", "s", "b"], *rows), SMALL)
    decide = make_row_closures(table)
    tried = [decide(dict(zip(SMALL, values, strict=True))) for values in product(*DOMAIN)]
    n = range(len(rows))
    gap = any(all(holds is False for holds in case) for case in tried)
    together = {(i + 1, k + 1) for i in n for k in n if i < k and any(case[i] and case[k] for case in tried)}
    order = [row.number - 1 for row in table.ranked]
    used = {
        i
        for place, i in enumerate(order)
        for case in tried
        if case[i] and (policy in {UNIQUE, COLLECT} or all(case[before] is False for before in order[:place]))
    }
    found = findings_of(table)
    assert any(one.kind is LookKind.GAP for one in found) is gap
    assert {one.rows for one in found if one.kind is LookKind.OVERLAP} == set(
        sorted(together)[: 20 if policy is UNIQUE else 3]
    )
    assert {one.rows[0] - 1 for one in found if one.kind is LookKind.UNREACHABLE} == set(n) - used
    for one in found:
        holds = decide(one.example)
        assert one.kind is not LookKind.GAP or all(each is False for each in holds)
        assert one.kind is not LookKind.OVERLAP or all(holds[row - 1] for row in one.rows)


def test_an_example_is_a_plain_one() -> None:
    (found,) = findings_of(make(UNIQUE, [("form.t1", ">= 2000-01-01")], ("< 2030-01-01", "'甲'")))
    assert found.example == {"form.t1": date(2030, 1, 1)}
