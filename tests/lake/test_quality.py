"""All rules of a table in one pass; scores are kept and can be followed over time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from shuzheng.base.kernel.types import SYSTEM
from shuzheng.base.ledger.models import Entry
from shuzheng.engines.lake.actions import check_all_quality, check_quality, load_tables
from shuzheng.engines.lake.backends.duckdb import open_duckdb
from shuzheng.engines.lake.errors import GradingNotYours, NothingStored, PositionInvalid, RuleNotFound, TableNotFound
from shuzheng.engines.lake.models import Batch, QualityRun, QualityScore, TableEdition
from shuzheng.engines.lake.queries import (
    failing_rows,
    find_quality,
    get_table,
    list_latest_quality,
    list_quality_trend,
    list_worst_rules,
    store,
)
from shuzheng.engines.lake.rules.quality import failing_tree, quality_tree, scores_of
from shuzheng.engines.lake.types.gathering import BatchState
from shuzheng.engines.lake.types.quality import RuleScore, dimensions_of, mean_of
from shuzheng.engines.lake.types.tables import Dimension, QualityRule
from shuzheng.engines.lake.types.trees import Aggregate, Project, Scan, Tree
from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.rules.closures import make_closure
from tests.lake.city import AT, BUREAU, MARKET, in_post, land

pytestmark = pytest.mark.usefixtures("city")
TODAY = date(2026, 1, 5)
ROWS: list[dict[str, object]] = [
    {"id_no": "A" * 18, "name": "甲", "birth_date": date(1980, 1, 1), "mobile": "1", "monthly_income": b"x"},
    {"id_no": "B" * 18, "name": "乙", "birth_date": date(2099, 1, 1), "mobile": "1"},
    {"id_no": "C" * 17, "name": None, "birth_date": None, "mobile": None},
    {"id_no": "A" * 18, "name": "丁", "birth_date": date(1850, 1, 1), "mobile": "1"},
]


def by_code(scores: tuple[RuleScore, ...]) -> Mapping[str, tuple[int, int, int, bool]]:
    return {one.code: (one.yes, one.no, one.unknown, one.passed) for one in scores}


def run(tree: Tree) -> list[dict[str, object]]:
    engine = open_duckdb({"person": get_table("person")}, store=store(), hash_key=b"")  # type: ignore[dict-item]
    try:
        rows: list[dict[str, object]] = engine.run(tree).read_all().to_pylist()
        return rows
    finally:
        engine.close()


def test_every_rule_is_counted() -> None:
    land(ROWS)
    view = check_quality("person", actor=SYSTEM, at=AT)
    assert view.rows == 4
    assert by_code(view.scores) == {
        "id_no_length": (3, 1, 0, False),
        "born_before_today": (2, 1, 1, False),
        "has_mobile": (3, 1, 0, False),
        "born_after_1900": (2, 1, 1, False),
        "own.filled.id_no": (4, 0, 0, True),
        "own.filled.name": (3, 1, 0, False),
        "own.unique": (3, 1, 0, False),
        "own.fresh": (1, 0, 0, True),
        "own.reached": (1, 0, 0, True),
    }
    assert set(view.dimensions) == set(Dimension)
    assert view.dimensions[Dimension.ACCURACY] == pytest.approx((2 / 3 + 3 / 4) / 2)
    assert view.score == pytest.approx(sum(view.dimensions.values()) / 6)
    assert view.fails == 6


def test_the_counts_are_those_of_the_rule_decided_row_by_row() -> None:
    table = land(ROWS)
    view = check_quality("person", actor=SYSTEM, at=AT)
    counted = by_code(view.scores)
    for rule in table.rules:
        decide = make_closure(check_rule(rule.text, table.schema).root)
        given = [decide({**dict.fromkeys(table.by_name), **row, "today": TODAY}) for row in ROWS]  # type: ignore[dict-item]
        assert counted[rule.code][:3] == (given.count(True), given.count(False), given.count(None)), rule.code


def test_it_is_one_pass() -> None:
    tree = quality_tree(get_table("person"), TODAY)
    assert isinstance(tree, Aggregate)
    assert isinstance(tree.source, Project)
    assert isinstance(tree.source.source, Scan)
    assert not tree.by


def test_a_rule_about_a_sealed_column_is_not_judged() -> None:
    land(ROWS)
    table = get_table("person")
    rules = (
        QualityRule("pays", "monthly_income > 0", "有收入", Dimension.ACCURACY),
        QualityRule("has", "monthly_income IS NOT NULL", "填了收入", Dimension.COMPLETENESS),
    )
    wider = replace(table, rules=rules)
    [row] = run(quality_tree(wider, TODAY))
    scores = {one.code: one for one in scores_of(wider, row, names=None, now=AT, today=TODAY, reached=True)}
    assert not scores["pays"].judged
    assert scores["pays"].score is None
    assert scores["pays"].passed
    assert (scores["has"].yes, scores["has"].no) == (1, 3)
    with pytest.raises(RuleNotFound):
        failing_tree(wider, "pays", TODAY)


def test_a_key_of_several_columns_is_counted() -> None:
    definition = dict(TableEdition.objects.get(code="person", current=True).definition)
    definition["column"] = [
        {**one, "key": one["name"] in {"id_no", "name"}, "required": one["name"] in {"id_no", "name"}}
        for one in definition["column"]
    ]
    load_tables([definition], actor=SYSTEM, at=AT)
    land(ROWS)
    assert by_code(check_quality("person", actor=SYSTEM, at=AT).scores)["own.unique"] == (4, 0, 0, True)


def gathering(at: datetime, state: BatchState, number: int = 1) -> None:
    Batch.objects.create(
        public_id=uuid4(), source="people", table="person", number=number, state=state, started_at=at, ended_at=at
    )


def test_a_stale_table_and_one_out_of_reach_lose_points() -> None:
    land(ROWS)
    later = AT + timedelta(days=3)
    gathering(later, BatchState.FAILED)
    counted = by_code(check_quality("person", actor=SYSTEM, at=later).scores)
    assert counted["own.fresh"] == (0, 1, 0, False)
    assert counted["own.reached"] == (0, 1, 0, False)


def test_a_gathering_without_new_rows_keeps_a_table_fresh_and_is_seen_on_the_same_day() -> None:
    land(ROWS)
    later = AT + timedelta(days=3)
    first = check_quality("person", actor=SYSTEM, at=later)
    assert by_code(first.scores)["own.fresh"] == (0, 1, 0, False)
    gathering(later, BatchState.DONE)
    again = check_quality("person", actor=SYSTEM, at=later)
    assert by_code(again.scores)["own.fresh"] == (1, 0, 0, True)
    gathering(later, BatchState.FAILED, 2)
    last = check_quality("person", actor=SYSTEM, at=later)
    assert by_code(last.scores)["own.reached"] == (0, 1, 0, False)
    assert check_quality("person", actor=SYSTEM, at=later).id == last.id


def test_a_version_is_checked_once_a_day() -> None:
    land(ROWS)
    first = check_quality("person", actor=SYSTEM, at=AT)
    entries = Entry.objects.count()
    assert check_quality("person", actor=SYSTEM, at=AT + timedelta(hours=1)) == first
    assert Entry.objects.count() == entries
    assert check_quality("person", actor=SYSTEM, at=AT + timedelta(days=1)).id != first.id
    land(ROWS, batch=2)
    later = check_quality("person", actor=SYSTEM, at=AT + timedelta(days=1))
    assert (later.rows, later.version) == (8, first.version + 1)
    changed = dict(TableEdition.objects.get(code="person", current=True).definition)
    changed["rule"] = changed["rule"][:1]
    load_tables([changed], actor=SYSTEM, at=AT)
    assert check_quality("person", actor=SYSTEM, at=AT + timedelta(days=1)).id != later.id
    assert QualityRun.objects.filter(latest=True).count() == 1


def test_scores_are_followed_over_time() -> None:
    land(ROWS)
    ids = [check_quality("person", actor=SYSTEM, at=AT + timedelta(days=n)).id for n in range(3)]
    first = list_quality_trend("person", limit=2)
    second = list_quality_trend("person", after=first.next, limit=2)
    assert [one.id for one in (*first.rows, *second.rows)] == ids[::-1]
    assert second.next is None
    assert all(one.dimensions and not one.scores for one in first.rows)
    with pytest.raises(PositionInvalid):
        list_quality_trend("person", after="-1")


def test_the_latest_and_the_worst_are_found() -> None:
    land(ROWS)
    assert find_quality("person") is None
    assert list_latest_quality() == ()
    check_quality("person", actor=SYSTEM, at=AT)
    [view] = check_all_quality(actor=SYSTEM, at=AT + timedelta(days=1))
    assert [one.id for one in list_latest_quality()] == [view.id]
    assert find_quality("person") == view
    worst = list_worst_rules(3)
    gaps = [float(one.score.target) - (one.score.score or 0) for one in worst]
    assert gaps == sorted(gaps, reverse=True)
    assert all(not one.score.passed for one in worst)
    assert worst[0].score.code == "born_before_today"
    assert QualityScore.objects.filter(run__latest=True, short__gt=0).count() == view.fails


@pytest.mark.parametrize(
    ("rule", "keys"),
    [
        ("id_no_length", ["C" * 17]),
        ("born_before_today", ["B" * 18]),
        ("has_mobile", ["C" * 17]),
        ("own.filled.name", ["C" * 17]),
        ("own.unique", ["A" * 18]),
    ],
)
def test_rows_that_break_a_rule_are_a_tree_for_the_gate(rule: str, keys: list[str]) -> None:
    land(ROWS)
    assert [row["id_no"] for row in run(failing_rows("person", rule, at=AT))] == keys


def test_at_most_so_many_rows_are_shown() -> None:
    land([{"id_no": f"{n:04}", "name": "甲"} for n in range(50)])
    assert len(run(failing_rows("person", "id_no_length", at=AT))) == 20


@pytest.mark.parametrize("rule", ["nothing", "own.fresh", "own.reached", "own.filled.nothing"])
def test_a_rule_no_single_row_breaks_has_no_rows(rule: str) -> None:
    with pytest.raises(RuleNotFound):
        failing_rows("person", rule, at=AT)


def test_who_may_check() -> None:
    land(ROWS)
    entries = Entry.objects.count()
    for actor in (in_post(MARKET, "data_steward"), in_post(BUREAU, "director")):
        with pytest.raises(GradingNotYours):
            check_quality("person", actor=actor, at=AT)
    assert Entry.objects.count() == entries
    assert check_quality("person", actor=in_post(BUREAU, "data_steward"), at=AT).rows == 4
    with pytest.raises(TableNotFound):
        check_quality("nothing", actor=SYSTEM, at=AT)


def test_nothing_stored_has_no_quality() -> None:
    with pytest.raises(NothingStored):
        check_quality("person", actor=SYSTEM, at=AT)
    assert check_all_quality(actor=SYSTEM, at=AT) == ()


def test_a_table_without_rows_has_scores_of_none() -> None:
    land([])
    view = check_quality("person", actor=SYSTEM, at=AT)
    assert view.rows == 0
    assert next(one for one in view.scores if one.code == "id_no_length").score is None
    assert Dimension.CONFORMITY not in view.dimensions


def test_a_target_is_met_exactly() -> None:
    def score(yes: int, no: int, target: str) -> RuleScore:
        return RuleScore("c", "c", Dimension.ACCURACY, yes, no, 0, Decimal(target))

    assert score(9, 1, "0.9").passed
    assert not score(899_999_999, 100_000_001, "0.9").passed
    assert score(0, 0, "1").score is None
    assert mean_of([score(0, 0, "1")]) is None
    assert dimensions_of([score(1, 1, "1"), score(1, 0, "1")]) == {Dimension.ACCURACY: 0.75}


def test_nothing_of_a_row_is_kept() -> None:
    land(ROWS)
    check_quality("person", actor=SYSTEM, at=AT)
    kept = repr([*QualityRun.objects.values(), *QualityScore.objects.values(), *Entry.objects.values()])
    assert "AAAA" not in kept
