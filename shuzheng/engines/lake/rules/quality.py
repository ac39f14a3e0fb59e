"""All rules of a table in one pass, and the scores read off its one row.

Beside the pack's rules every table has some of its own: each required column is filled (完整性), the key names one row
(准确性), rows are fresh (时效性), the table could be reached (可访问性).

Source: GB/T 36344-2018. The pass is one Aggregate over one Project over one Scan; a key of several columns is counted
in a second one, because rules have no way to join texts.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from shuzheng.base.kernel.said import said
from shuzheng.engines.lake.errors import RuleNotFound, TreeInvalid
from shuzheng.engines.lake.rules.columns import columns_of
from shuzheng.engines.lake.rules.tending import judge_freshness
from shuzheng.engines.lake.types.gathering import Freshness
from shuzheng.engines.lake.types.quality import FILLED_PREFIX, FRESH_CODE, REACHED_CODE, UNIQUE_CODE, RuleScore
from shuzheng.engines.lake.types.tables import LANDED_COLUMN, Column, Dimension, QualityRule, Table
from shuzheng.engines.lake.types.trees import (
    Aggregate,
    Figure,
    Filter,
    Measure,
    Output,
    Plain,
    Project,
    Scan,
    Sort,
    Tree,
)
from shuzheng.engines.rules.rules.binding import bind
from shuzheng.engines.rules.rules.checking import check_rule, facts_of
from shuzheng.engines.rules.types import BOOL, Fact, Node, Op, number

ROWS: Final = "rows"
_LATEST: Final = "latest"
_NAMES: Final = "names"
_ONE: Final = Decimal(1)
_COUNTED: Final = "n"


def quality_tree(table: Table, today: date) -> Aggregate:
    """Return the one pass over a table: its rows, and of each rule how many rows it judges and how many keep it.

    Each rule is worked out once a row, as a column; counting its truth and its presence costs next to nothing.

    Args:
        table: Whose rules.
        today: What rules mean by `today`.
    """
    judged = _judged(table, today)
    plain = sorted({LANDED_COLUMN, *table.keys, *(one.name for _, one in _required(table))})
    asked = frozenset(plain).union(*(facts_of(node) for _, _, node in judged))
    outputs = [
        *(Output(f"is_{name}", Plain(name)) for name in plain),
        *(Output(f"rule_{place}", node) for place, _, node in judged),
    ]
    figures = [
        Figure(ROWS, Measure.COUNT),
        Figure(_LATEST, Measure.MOST, Plain(f"is_{LANDED_COLUMN}")),
        *(Figure(f"filled_{place}", Measure.COUNT_KNOWN, Plain(f"is_{one.name}")) for place, one in _required(table)),
    ]
    if len(table.keys) == 1:
        figures.append(Figure(_NAMES, Measure.COUNT_DISTINCT, Plain(f"is_{table.keys[0]}")))
    for place, _, _ in judged:
        decided = Node(Op.FACT, BOOL, (), f"rule_{place}")
        figures += [
            Figure(f"yes_{place}", Measure.COUNT_TRUE, decided),
            Figure(f"judged_{place}", Measure.COUNT_KNOWN, decided),
        ]
    return Aggregate(Project(Scan(table.code, tuple(sorted(asked))), tuple(outputs)), (), tuple(figures))


def names_tree(table: Table) -> Aggregate | None:
    """Return what counts the different keys of a table whose key has several columns; None for others."""
    if len(table.keys) < 2:
        return None
    groups = Aggregate(Scan(table.code, table.keys), table.keys, (Figure(_COUNTED, Measure.COUNT),))
    return Aggregate(groups, (), (Figure(_NAMES, Measure.COUNT),))


def scores_of(
    table: Table,
    row: Mapping[str, object],
    *,
    names: int | None,
    now: datetime,
    today: date,
    reached: bool,
    gathered_at: datetime | None = None,
) -> tuple[RuleScore, ...]:
    """Return the scores a pass gave.

    Args:
        table: Whose.
        row: The one row of `quality_tree`.
        names: What `names_tree` counted, None where it was not asked.
        now: For freshness.
        today: As given to `quality_tree`.
        reached: Whether the last gathering reached its source.
        gathered_at: When a gathering last ended well, with new rows or without; None: the rows tell.
    """
    landed_at = row.get(_LATEST)
    known = [one for one in (landed_at, gathered_at) if isinstance(one, datetime)]
    rows = _whole(row[ROWS])
    return (
        *_rule_scores(table, row, rows, today),
        *_filled_scores(table, row, rows),
        *_unique_scores(table, row, rows, names),
        *_fresh_scores(table, max(known, default=None), now),
        _either(REACHED_CODE, said("最近一次归集成功"), Dimension.ACCESSIBILITY, holds=reached),
    )


def digest_of(table: Table, *, fresh: bool = True, reached: bool = True) -> str:
    """Return a digest of everything that decides the scores of a day beside the rows.

    Args:
        table: Whose.
        fresh: Whether it was gathered lately enough.
        reached: See `scores_of`.
    """
    said_so = [
        *(repr((one.code, one.text, one.dimension, one.target)) for one in table.rules),
        *(repr((one.name, one.kind, one.required, one.key, one.sealed)) for one in table.columns),
        repr((table.fresh_days, fresh, reached)),
    ]
    return hashlib.sha256("\n".join(said_so).encode()).hexdigest()


def failing_tree(table: Table, code: str, today: date, limit: int = 20) -> Tree:
    """Return the rows that break a rule, some of them; to be read through the gate and nowhere else.

    Args:
        table: Whose rule.
        code: A rule of the table, or one of those every table has that rows can break.
        today: What the rule means by `today`.
        limit: At most so many.

    Raises:
        RuleNotFound: No such rule, or none that rows break.
    """
    scan = Scan(table.code, tuple(column.name for column in table.columns))
    if code == UNIQUE_CODE and table.keys:
        return Sort(_repeated(table), ((_COUNTED, True),), limit)
    condition = _broken(table, code, today)
    if condition is None:
        raise RuleNotFound(rule=code)
    order = tuple((name, False) for name in table.keys)
    return Sort(Filter(scan, condition), order, limit)


def _broken(table: Table, code: str, today: date) -> Node | None:
    rule = next((one for one in table.rules if one.code == code), None)
    if rule is not None:
        node = _bound(rule, table, today)
        return None if _is_sealed(table, node) else Node(Op.NOT, BOOL, (node,))
    column = table.by_name.get(code.removeprefix(FILLED_PREFIX))
    if not code.startswith(FILLED_PREFIX) or column is None or column.rule_type is None:
        return None
    return check_rule(f"{column.name} IS NULL", table.schema).root


def _repeated(table: Table) -> Tree:
    groups = Aggregate(Scan(table.code, table.keys), table.keys, (Figure(_COUNTED, Measure.COUNT),))
    several = check_rule(f"{_COUNTED} > 1", {_COUNTED: Fact(_COUNTED, number(18), _COUNTED)}).root
    return Filter(groups, several)


# ---- scores ----
def _rule_scores(table: Table, row: Mapping[str, object], rows: int, today: date) -> Iterator[RuleScore]:
    judged = {place for place, _, _ in _judged(table, today)}
    for place, rule in enumerate(table.rules):
        target = Decimal(rule.target)
        if place not in judged:
            yield RuleScore(rule.code, rule.label, rule.dimension, 0, 0, rows, target, judged=False)
            continue
        yes, known = _whole(row[f"yes_{place}"]), _whole(row[f"judged_{place}"])
        yield RuleScore(rule.code, rule.label, rule.dimension, yes, known - yes, rows - known, target)


def _filled_scores(table: Table, row: Mapping[str, object], rows: int) -> Iterator[RuleScore]:
    for place, column in _required(table):
        known = _whole(row[f"filled_{place}"])
        label = said("必填列“{column}”有值", column=column.label)
        yield RuleScore(f"{FILLED_PREFIX}{column.name}", label, Dimension.COMPLETENESS, known, rows - known, 0, _ONE)


def _unique_scores(table: Table, row: Mapping[str, object], rows: int, names: int | None) -> Iterator[RuleScore]:
    if not table.keys:
        return
    found = _whole(row[_NAMES]) if names is None else names
    yield RuleScore(UNIQUE_CODE, said("主键不重复"), Dimension.ACCURACY, found, rows - found, 0, _ONE)


def _fresh_scores(table: Table, latest: datetime | None, now: datetime) -> Iterator[RuleScore]:
    if not table.fresh_days:
        return
    label = said("{days} 天内归集过", days=table.fresh_days)
    yield _either(FRESH_CODE, label, Dimension.TIMELINESS, holds=is_fresh(table, latest, now))


def is_fresh(table: Table, latest: datetime | None, now: datetime) -> bool:
    """Tell whether a table was gathered lately enough; see `rules.tending.judge_freshness`."""
    state, _due = judge_freshness(table.fresh_days, latest, now)
    return state in {Freshness.FRESH, Freshness.AGEING}


def _either(code: str, label: str, dimension: Dimension, *, holds: bool) -> RuleScore:
    return RuleScore(code, label, dimension, int(holds), int(not holds), 0, _ONE)


# ---- rules as trees ----
def _judged(table: Table, today: date) -> Sequence[tuple[int, QualityRule, Node]]:
    """Return the rules that can be judged without opening sealed columns, with their place and tree."""
    bound = [(place, rule, _bound(rule, table, today)) for place, rule in enumerate(table.rules)]
    return [one for one in bound if not _is_sealed(table, one[2])]


def _bound(rule: QualityRule, table: Table, today: date) -> Node:
    return bind(check_rule(rule.text, table.schema).root, {"today": today})


def _is_sealed(table: Table, node: Node) -> bool:
    """Tell whether a rule asks more of a sealed column than whether there is a value."""
    asked = facts_of(node)
    if not any(table.by_name[name].sealed for name in asked if name in table.by_name):
        return False
    probe = Aggregate(Scan(table.code, tuple(sorted(asked))), (), (Figure("yes", Measure.COUNT_TRUE, node),))
    try:
        columns_of(probe, {table.code: table})
    except TreeInvalid:
        return True
    return False


def _required(table: Table) -> Sequence[tuple[int, Column]]:
    return [(place, one) for place, one in enumerate(table.columns) if one.required]


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(type(value))
    return value
