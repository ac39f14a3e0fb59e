"""Decision tables: what a cell says, what is wrong and where, what comes out and why."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from shuzheng.engines.rules.errors import TableFault, TableInvalid
from shuzheng.engines.rules.rules.tables.checking import check_table, facts_of_table
from shuzheng.engines.rules.rules.tables.deciding import decide_table, explain_table, make_table_closure
from shuzheng.engines.rules.types import LIST, TEXT, Value, number
from shuzheng.engines.rules.types.tables import (
    HitPolicy,
    InputColumn,
    Outcome,
    OutputColumn,
    RowText,
    Table,
    TableDefinition,
)
from tests.rules.making import SCHEMA
from tests.rules.tables import define, make, random_table

UNIQUE, FIRST, COLLECT, PRIORITY = HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.COLLECT, HitPolicy.PRIORITY


@pytest.mark.parametrize(
    ("column", "cell", "value", "holds"),
    [
        ("d1", "-", None, True),
        ("d1", "3", Decimal(3), True),
        ("d1", ">= 3", Decimal("2.99"), False),
        ("d1", "<> 3", Decimal(3), False),
        ("d1", "-3", Decimal(-3), True),
        ("d1", "[1..5)", Decimal(5), False),
        ("d1", "[1..5)", Decimal(1), True),
        ("d1", "(1..5]", Decimal(1), False),
        ("d1", "(1..5]", Decimal(5), True),
        ("d1", "[1.5..2.5]", Decimal("1.50"), True),
        ("d1", "[-5..-1]", Decimal(-3), True),
        ("d1", "1, [3..5], > 9", Decimal(4), True),
        ("d1", "1, [3..5], > 9", Decimal(2), False),
        ("d1", "非([3..5], 9)", Decimal(4), False),
        ("d1", "NOT (1)", Decimal(2), True),
        ("d1", "空", None, True),
        ("d1", "NULL", Decimal(1), False),
        ("d1", "不为空", None, False),
        ("d1", "NOT NULL", Decimal(1), True),
        ("d1", ">= 3", None, None),
        ("d1", "空, >= 3", None, True),
        ("d1", ">= i1 * 2", Decimal(9), None),
        ("s1", "'甲', '乙'", "乙", True),
        ("s1", "非('甲', '乙')", "丙", True),
        ("s1", "非('甲', '乙')", None, None),
        ("b1", "是", True, True),
        ("b1", "否", True, False),
        ("b1", "TRUE", True, True),
        ("t2", "2026-01-31", date(2026, 1, 31), True),
        ("t2", "[2026-01-01..DATE '2026-06-30']", date(2026, 6, 30), True),
        ("t2", "< 2026-01-01", date(2026, 1, 1), False),
        ("l1", "空", None, True),
    ],
)
def test_a_cell_says_what_it_says(column: str, cell: str, value: Value, *, holds: bool | None) -> None:
    decided = decide_table(make(FIRST, [column], (cell, "'甲'")), {column: value})
    assert decided.outcome is {True: Outcome.DECIDED, False: Outcome.NONE, None: Outcome.UNKNOWN}[holds]


@pytest.mark.parametrize(
    ("column", "cell", "character", "says"),
    [
        ("d1", "", 1, "不限就写 -"),
        ("d1", "  ", 3, "不限就写 -"),
        ("d1", "- 3 -", 6, "没有写完"),
        ("d1", "[1..5", 6, "没有写完"),
        ("d1", "[1, 5]", 3, "区间"),
        ("d1", "(1 + 2)", 7, "区间"),
        ("d1", "1...5", 2, "看不懂"),
        ("d1", "[1..5) 2", 8, "看不懂"),
        ("d1", "'甲'", 1, "不能拿"),
        ("d1", ">=", 3, "没有写完"),
        ("d1", ">= 3 AND 4", 6, "看不懂"),
        ("d1", "2026-01-31", 1, "不能拿"),
        ("d1", "１", 1, "半角"),
        ("d1", "1，2", 2, "半角"),
        ("d1", "1; 2", 2, "分号"),
        ("d1", "1 -- 2", 3, "注释"),
        ("d1", "1,", 3, "没有写完"),
        ("s1", "甲", 1, "'甲'"),
        ("s1", "'甲', 乙", 6, "'乙'"),
        ("s1", "'甲", 1, "引号"),
        ("b1", "[是..否]", 1, "没有大小"),
        ("b1", "> 否", 1, "相等"),
        ("t2", "2026-02-31", 1, "没有“2026-02-31”这一天"),
        ("l1", "'低保'", 1, "has"),
        ("l1", "[1..2]", 1, "没有大小"),
    ],
)
def test_a_wrong_cell_is_told_with_its_place(column: str, cell: str, character: int, says: str) -> None:
    with pytest.raises(TableInvalid) as refused:
        make(FIRST, [column], ("-", "'甲'"), (cell, "'乙'"))
    (fault,) = refused.value.faults
    assert (fault.row, fault.column, fault.character) == (2, 1, character), fault
    assert says in fault.problem


def test_every_fault_of_a_table_is_told_at_once() -> None:
    definition = define(FIRST, ["d9", "s1"], ("", "甲", "'甲'"), ("> 1", "-", "3"), ("-", "'甲'"))
    with pytest.raises(TableInvalid) as refused:
        check_table(definition, SCHEMA)
    assert [(one.row, one.column) for one in refused.value.faults] == [(0, 1), (1, 1), (1, 2), (2, 3), (3, 0)]
    assert [one.place for one in refused.value.faults][:2] == ["表头第 1 列", "第 1 行第 1 列"]
    assert "5 处不对" in refused.value.message


@pytest.mark.parametrize(
    ("definition", "says"),
    [
        (TableDefinition(FIRST, (), (), ()), "至少要有"),
        (define(FIRST, ["d1"] * 31, ("-",) * 32), "最多"),
        (define(FIRST, ["d1"], *[("-", "'甲'")] * 1001), "最多"),
        (
            TableDefinition(
                FIRST,
                (InputColumn("", "d1"),),
                (OutputColumn("a", "", TEXT), OutputColumn("a", "", TEXT)),
                (RowText(("-",), ("'x'", "'x'")),),
            ),
            "重复",
        ),
        (define(PRIORITY, ["d1"], ("-", "'丁'")), "优先顺序里列出"),
        (define(PRIORITY, ["d1"], ("-", "s1")), "优先顺序里列出"),
        (define(FIRST, ["d1"], ("-", "d1"), kind=number(3)), "放不进"),
        (
            TableDefinition(
                PRIORITY, (InputColumn("", "d1"),), (OutputColumn("a", "", TEXT),), (RowText(("-",), ("'x'",)),)
            ),
            "优先策略",
        ),
        (
            TableDefinition(
                FIRST,
                (InputColumn("", "d1"),),
                (OutputColumn("a", "级", number(3), ("很高",)),),
                (RowText(("-",), ("1",)),),
            ),
            "优先顺序里",
        ),
    ],
)
def test_a_table_of_the_wrong_shape_is_refused(definition: TableDefinition, says: str) -> None:
    with pytest.raises(TableInvalid) as refused:
        check_table(definition, SCHEMA)
    assert any(says in one.problem for one in refused.value.faults), refused.value.faults


ROWS = (("< 500", "-", "'甲'"), ("[300..900)", "是", "'乙'"), (">= 900", "-", "'丙'"))


@pytest.mark.parametrize(
    ("policy", "facts", "outcome", "rows"),
    [
        (FIRST, {"d1": Decimal(400), "b1": True}, Outcome.DECIDED, (1,)),
        (FIRST, {"d1": Decimal(600), "b1": True}, Outcome.DECIDED, (2,)),
        (FIRST, {"d1": Decimal(600), "b1": False}, Outcome.NONE, ()),
        (FIRST, {"d1": Decimal(600)}, Outcome.UNKNOWN, ()),
        (FIRST, {"d1": Decimal(400)}, Outcome.DECIDED, (1,)),
        (FIRST, {"b1": True}, Outcome.UNKNOWN, ()),
        (UNIQUE, {"d1": Decimal(400), "b1": True}, Outcome.SEVERAL, ()),
        (UNIQUE, {"d1": Decimal(200), "b1": True}, Outcome.DECIDED, (1,)),
        (UNIQUE, {"d1": Decimal(400)}, Outcome.DECIDED, (1,)),
        (UNIQUE, {"d1": Decimal(600)}, Outcome.UNKNOWN, ()),
        (UNIQUE, {"d1": Decimal(600), "b1": False}, Outcome.NONE, ()),
        (COLLECT, {"d1": Decimal(400), "b1": True}, Outcome.DECIDED, (1, 2)),
        (COLLECT, {"d1": Decimal(400)}, Outcome.UNKNOWN, ()),
        (COLLECT, {"d1": Decimal(600), "b1": False}, Outcome.NONE, ()),
    ],
)
def test_each_policy_picks_its_rows(
    policy: HitPolicy, facts: dict[str, Value], outcome: Outcome, rows: tuple[int, ...]
) -> None:
    table = make(policy, ["d1", "b1"], *ROWS)
    decided = decide_table(table, facts)
    assert (decided.outcome, decided.rows) == (outcome, rows)
    assert make_table_closure(table)(facts) == (outcome, rows)


def test_priority_takes_the_foremost_result_and_waits_for_what_could_be_foremost() -> None:
    table = make(PRIORITY, ["d1", "b1"], (">= 0", "-", "'丙'"), (">= 0", "是", "'甲'"), (">= 0", "-", "'乙'"))
    assert decide_table(table, {"d1": Decimal(1), "b1": True}).values == ({"level": "甲"},)
    assert decide_table(table, {"d1": Decimal(1), "b1": False}).values == ({"level": "乙"},)
    assert decide_table(table, {"d1": Decimal(1)}).outcome is Outcome.UNKNOWN


def test_a_decision_says_which_rows_hold_and_what_is_missing() -> None:
    decided = decide_table(make(COLLECT, ["d1", "month(t2)"], ("< 9", "-", "s1"), ("-", "[1..6]", "'乙'")), {"d1": 1})
    assert (decided.hits, decided.unknown, set(decided.missing)) == ((1,), (2,), {"t2"})
    assert decide_table(make(FIRST, ["d1"], ("< 9", "s1")), {"d1": 1, "s1": "丁"}).values == ({"level": "丁"},)


def test_why_a_row_does_not_hold_is_said_cell_by_cell() -> None:
    table = make(FIRST, ["d1", "month(t2)", "s1"], (">= 500", "[1..6]", "'a', 'b'", "'甲'"), ("-", "-", "-", "'乙'"))
    first, second = explain_table(table, {"d1": Decimal(20), "t2": date(2024, 3, 1)})
    assert first.holds is False
    assert [(i, one.words, one.holds, one.actual, one.missing) for i, one in first.cells.items()] == [
        (1, "金额不低于500元", False, "20元", ()),
        (2, "month(t2)在1至6之间", True, "3", ()),
        (3, "名称是a、b中的一种", None, "未提供", ("s1",)),
    ]
    assert second.holds is True
    assert not second.cells


def test_the_facts_of_a_table_are_those_it_was_written_with() -> None:
    table = make(FIRST, ["month(t2)", "d1"], ("1", "> i1", "s1"))
    assert facts_of_table(table) == {"t2", "d1", "i1", "s1"}
    assert SCHEMA["l1"].type == LIST


@given(st.integers(0, 10**6), st.sampled_from(list(HitPolicy)))
def test_a_random_table_decides_or_is_refused(seed: int, policy: HitPolicy) -> None:
    table, faults = tried(random_table(seed, policy))
    assert all("位" in one.problem or "大小" in one.problem for one in faults), faults
    assert table is None or decide_table(table, {}).outcome in Outcome


@given(st.text(max_size=40))
def test_any_text_is_a_cell_or_a_fault(text: str) -> None:
    _, faults = tried(define(FIRST, ["d1"], (text, "'甲'")))
    assert all((one.row, one.column) == (1, 1) for one in faults)


def tried(definition: TableDefinition) -> tuple[Table | None, tuple[TableFault, ...]]:
    try:
        return check_table(definition, SCHEMA), ()
    except TableInvalid as refused:
        return None, refused.faults
