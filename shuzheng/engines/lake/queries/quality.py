"""Scores of tables: the latest, over time, and the rules furthest below their target."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.conf import settings

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.said import load_said
from shuzheng.base.kernel.types import Page
from shuzheng.engines.lake.models import QualityRun, QualityScore
from shuzheng.engines.lake.queries.discovery import position
from shuzheng.engines.lake.queries.tables import find_table, get_table, list_tables
from shuzheng.engines.lake.rules.quality import failing_tree
from shuzheng.engines.lake.types.quality import QualityView, RuleScore, WorstRule
from shuzheng.engines.lake.types.tables import Dimension, Table, TableCode
from shuzheng.engines.lake.types.trees import Tree


def list_latest_quality() -> tuple[QualityView, ...]:
    """Return the latest check of each table now defined, without its rules, the lowest score first."""
    tables = list_tables()
    rows = QualityRun.objects.filter(latest=True, table__in=tables)
    views = [_view(row, tables[TableCode(row.table)]) for row in rows]
    return tuple(sorted(views, key=lambda view: (view.score is None, view.score, view.table)))


def find_quality(table_code: str) -> QualityView | None:
    """Return the latest check of a table with the score of each rule, None when it was never checked.

    Raises:
        TableNotFound: There is no such table.
    """
    table = get_table(table_code)
    row = QualityRun.objects.filter(table=table.code, latest=True).first()
    return None if row is None else quality_view(row, table)


def list_quality_trend(table_code: str, *, after: str | None = None, limit: int = 50) -> Page[QualityView]:
    """Return the checks of a table without their rules, newest first: its score and those of its dimensions over time.

    Args:
        table_code: Which table; one that is defined no more keeps its checks.
        after: `Page.next` of the page before.
        limit: At most 400.

    Raises:
        PositionInvalid: `after` is not a position.
    """
    limit = max(1, min(limit, 400))
    found = QualityRun.objects.filter(table=table_code)
    if after is not None:
        found = found.filter(pk__lt=position(after))
    rows = list(found.order_by("-pk")[: limit + 1])
    table = find_table(table_code)
    more = str(rows[limit - 1].pk) if len(rows) > limit else None
    return Page(tuple(_view(row, table) for row in rows[:limit]), more)


def list_worst_rules(limit: int = 20) -> tuple[WorstRule, ...]:
    """Return the rules furthest below their target in the latest checks of all tables, at most 200."""
    tables = list_tables()
    rows = (
        QualityScore.objects.filter(run__latest=True, run__table__in=tables, short__gt=0)
        .select_related("run")
        .order_by("-short", "pk")[: max(1, min(limit, 200))]
    )
    return tuple(
        WorstRule(TableCode(row.run.table), tables[TableCode(row.run.table)].label, row.run.day, _score(row))
        for row in rows
    )


def failing_rows(table_code: str, rule: str, *, at: datetime, limit: int = 20) -> Tree:
    """Return the tree of some rows that break a rule. Run it through the gate, which masks: never by an engine.

    Args:
        table_code: Which table.
        rule: Code, as scores name it.
        at: When; `today` of the rule is its day in the city.
        limit: At most 100 rows.

    Raises:
        TableNotFound, RuleNotFound: There is none, or none that single rows break.
    """
    today = local_date(at, settings.SHUZHENG.zone)
    return failing_tree(get_table(table_code), rule, today, max(1, min(limit, 100)))


def quality_view(row: QualityRun, table: Table | None) -> QualityView:
    """Return a check with the score of each rule."""
    return _view(row, table, tuple(map(_score, row.scores.order_by("pk"))))


def _view(row: QualityRun, table: Table | None, scores: tuple[RuleScore, ...] = ()) -> QualityView:
    dimensions: Mapping[str, float] = row.dimensions
    return QualityView(
        id=row.pk,
        table=TableCode(row.table),
        label=row.table if table is None else table.label,
        version=row.version,
        day=row.day,
        at=row.at,
        rows=row.rows,
        milliseconds=row.milliseconds,
        score=row.score,
        dimensions={Dimension(name): score for name, score in dimensions.items()},
        fails=row.fails,
        scores=scores,
    )


def _score(row: QualityScore) -> RuleScore:
    return RuleScore(
        code=row.code,
        label=load_said(row.label),
        dimension=Dimension(row.dimension),
        yes=row.yes,
        no=row.no,
        unknown=row.unknown,
        target=Decimal(row.target),
        judged=row.judged,
    )
