"""Checks of quality: all rules of a table in one pass, kept as scores.

The pass is a tree, and runs on the cluster where one is set: it gives one row back. Where its planner does not get on
with the tree, the pass is run in the process, so that no table goes without a score. Rows that break a rule are read
by the gate, in the process always: it masks them, and no cluster does that.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date, datetime
from time import perf_counter
from typing import Final

from django.conf import settings
from django.db import transaction

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.said import dump_said
from shuzheng.base.kernel.types import Actor, JsonObject
from shuzheng.base.ledger.actions import record
from shuzheng.engines.lake.backends.delta import Version
from shuzheng.engines.lake.backends.duckdb import DuckEngine, Means
from shuzheng.engines.lake.errors import EngineFailed, NothingStored
from shuzheng.engines.lake.models import QualityRun, QualityScore
from shuzheng.engines.lake.queries.discovery import check_may_decide
from shuzheng.engines.lake.queries.engines import open_embedded, open_engine
from shuzheng.engines.lake.queries.jobs import gathered_of
from shuzheng.engines.lake.queries.quality import quality_view
from shuzheng.engines.lake.queries.tables import get_table, list_tables, store
from shuzheng.engines.lake.rules.quality import ROWS, digest_of, is_fresh, names_tree, quality_tree, scores_of
from shuzheng.engines.lake.types.engines import Engine
from shuzheng.engines.lake.types.quality import QualityView, RuleScore, dimensions_of
from shuzheng.engines.lake.types.tables import Table

_log = logging.getLogger(__name__)
_MEANS: Final = Means(memory="1GB")


def check_quality(table_code: str, *, actor: Actor, at: datetime, means: Means = _MEANS) -> QualityView:
    """Score every rule of a table as it stands; where nothing has changed since a check of the day, that is given.

    Args:
        table_code: Which table.
        actor: The system, a data steward of the table's body, or a data authority over it.
        at: When; `today` of the rules is its day in the city.
        means: What the engine may use in the process.

    Raises:
        TableNotFound: There is no such table.
        GradingNotYours: The actor may not.
        NothingStored: It has no rows yet.
        EngineAway: A cluster is set and does not answer.
    """
    table = get_table(table_code)
    check_may_decide(table, actor)
    version = store().version(table.code)
    if version is None:
        raise NothingStored(table=table.label)
    today = local_date(at, settings.SHUZHENG.zone)
    gathered_at, reached = gathered_of(table.code)
    digest = digest_of(table, fresh=is_fresh(table, gathered_at, at), reached=reached)
    done = QualityRun.objects.filter(
        table=table.code, version=version.number, day=today, rules=digest, latest=True
    ).first()
    if done is not None:
        return quality_view(done, table)
    began = perf_counter()
    rows, scores = _measure(table, today, at, gathered_at, reached=reached, means=means)
    taken = round((perf_counter() - began) * 1000)
    return _keep(table, version, rows, scores, today, taken, digest, actor=actor, at=at)


def check_all_quality(
    *, actor: Actor, at: datetime, tell: Callable[[str, int, int], object] | None = None
) -> tuple[QualityView, ...]:
    """Check every table that has rows; see `check_quality`.

    Args:
        actor: One who may check each of them; the system mostly.
        at: When.
        tell: Told the table about to be checked, its number from 1, and how many there are.
    """
    tables = [table for table in list_tables().values() if store().version(table.code) is not None]
    checked = []
    for number, table in enumerate(tables, 1):
        if tell is not None:
            tell(table.code, number, len(tables))
        checked.append(check_quality(table.code, actor=actor, at=at))
    return tuple(checked)


def _measure(
    table: Table, today: date, at: datetime, gathered_at: datetime | None, *, reached: bool, means: Means
) -> tuple[int, tuple[RuleScore, ...]]:
    engine = open_engine({table.code: table}, means=means)
    try:
        row, names = _counted(engine, table, today)
    except EngineFailed as failed:
        if isinstance(engine, DuckEngine):
            raise
        _log.warning("quality of %s: %s failed, done in the process: %s", table.code, engine.name, failed.facts["why"])
        with closing(open_embedded({table.code: table}, means=means)) as own:
            row, names = _counted(own, table, today)
    finally:
        engine.close()
    scores = scores_of(table, row, names=names, now=at, today=today, reached=reached, gathered_at=gathered_at)
    return int(str(row[ROWS])), scores


def _counted(engine: Engine, table: Table, today: date) -> tuple[Mapping[str, object], int | None]:
    """Return the one row of the pass, and how many keys there are where that takes a second one."""
    [row] = engine.run(quality_tree(table, today)).read_all().to_pylist()
    several = names_tree(table)
    return row, None if several is None else engine.run(several).read_all().to_pylist()[0]["names"]


@transaction.atomic
def _keep(
    table: Table,
    version: Version,
    rows: int,
    scores: tuple[RuleScore, ...],
    today: date,
    taken: int,
    digest: str,
    *,
    actor: Actor,
    at: datetime,
) -> QualityView:
    dimensions = dimensions_of(scores)
    QualityRun.objects.filter(table=table.code, latest=True).update(latest=False)
    run, made = QualityRun.objects.get_or_create(
        table=table.code,
        version=version.number,
        day=today,
        rules=digest,
        defaults={
            "rows": rows,
            "at": at,
            "milliseconds": taken,
            "score": sum(dimensions.values()) / len(dimensions) if dimensions else None,
            "dimensions": dict(dimensions),
            "fails": sum(not one.passed for one in scores),
            "latest": True,
        },
    )
    if not made:
        run.latest = True
        run.save(update_fields=["latest"])
        return quality_view(run, table)
    QualityScore.objects.bulk_create(_row(run, one) for one in scores)
    content: JsonObject = {"version": version.number, "rows": rows, "score": run.score, "fails": run.fails}
    record("lake.quality_checked", f"urn:shuzheng:lake:table:{table.code}", actor=actor, at=at, content=content)
    return quality_view(run, table)


def _row(run: QualityRun, score: RuleScore) -> QualityScore:
    short = 0.0 if score.passed or score.score is None else float(score.target) - score.score
    return QualityScore(
        run=run,
        code=score.code,
        label=dump_said(score.label),
        dimension=score.dimension,
        yes=score.yes,
        no=score.no,
        unknown=score.unknown,
        target=str(score.target),
        judged=score.judged,
        short=short,
    )
