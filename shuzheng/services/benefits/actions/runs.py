"""Look for everyone the policies of a family fit: asked for on a page, done in the background a year at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import duckdb
from django.conf import settings
from django.db import transaction

from shuzheng.base.directory.queries import find_organization
from shuzheng.base.jobs.actions import enqueue
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor, JsonObject
from shuzheng.base.ledger.actions import record
from shuzheng.engines.rules.rules.finding import find_everyone
from shuzheng.services.benefits.errors import MayNotFindEveryone, PolicyNotFound
from shuzheng.services.benefits.models import Run, RunCount, RunMatch
from shuzheng.services.benefits.queries.policies import get_family, list_published
from shuzheng.services.benefits.queries.sheets import sheet_of
from shuzheng.services.benefits.queries.tables import SUBJECT, make_table, open_engine
from shuzheng.services.benefits.rules.deciding import make_terms, seek
from shuzheng.services.benefits.rules.expansion import day_of
from shuzheng.services.benefits.rules.permitting import may_find
from shuzheng.services.benefits.rules.reading import FEN
from shuzheng.services.benefits.types import PolicyView, RunState, RunView

STEP_JOB: Final = "benefits.run_step"
BATCH: Final = 1000
_FACTS: Final = "facts"
_FOUND: Final = "found"
_COUNT: Final = (
    "SELECT rule, count(*) FILTER (WHERE fits), count(*) FILTER (WHERE fits IS NULL), sum(value) "
    "FROM found GROUP BY rule"
)
_LIST: Final = "SELECT rule, subject, fits, value FROM found ORDER BY rule, fits NULLS LAST, subject"


@transaction.atomic
def start_run(family: str, *, actor: Actor, at: datetime) -> RunView:
    """Begin to look for everyone the policies of a family fit; one that is under way is given back.

    Args:
        family: Code.
        actor: An officer who may see whom at least one of its policies fits.
        at: When.

    Raises:
        PolicyNotFound: No such family.
        MayNotFindEveryone: The post may not.
    """
    published = list_published(family)
    if not published:
        raise PolicyNotFound
    office = None if actor.org is None or not actor.is_officer else find_organization(actor.org)
    if not any(
        may_find(actor.roles, office, department=one.department, division=one.published.division) for one in published
    ):
        raise MayNotFindEveryone
    under_way = Run.objects.filter(family=family).exclude(state=RunState.DONE).order_by("-pk").first()
    if under_way is not None:
        return under_way.to_view()
    row = Run.objects.create(
        public_id=new_id(at),
        family=family,
        state=RunState.WAITING,
        total=len(published),
        asked_by=actor.signature,
        asked_at=at,
    )
    _go_on(row, at)
    record(
        "benefits.run_started",
        f"urn:shuzheng:policy-run:{row.public_id}",
        actor=actor,
        at=at,
        content={"family": family, "policies": len(published)},
    )
    return row.to_view()


def run_step(payload: JsonObject, at: datetime) -> None:
    """Decide the policies of the next year of a run, inside the job's transaction; the last step ends it."""
    row = Run.objects.select_for_update().filter(public_id=UUID(str(payload["run"]))).first()
    if row is None or row.state == RunState.DONE:
        return
    published = list_published(row.family)
    decided = set(RunCount.objects.filter(run=row).values_list("policy", flat=True))
    left = [one for one in published if one.code not in decided]
    if left:
        year = min(one.published.year for one in left)
        _decide(row, [one for one in left if one.published.year == year], at)
        left = [one for one in left if one.published.year != year]
    row.done, row.state = len(published) - len(left), RunState.RUNNING
    row.total = len(published)
    if left:
        _go_on(row, at)
    else:
        row.state, row.finished_at = RunState.DONE, at
        Run.objects.filter(family=row.family, pk__lt=row.pk).delete()
    row.save(update_fields=["done", "total", "state", "finished_at"])


def _go_on(row: Run, at: datetime) -> None:
    enqueue(STEP_JOB, {"run": str(row.public_id)}, key=f"{row.public_id}:{row.done}", at=at)


def _decide(row: Run, policies: Sequence[PolicyView], at: datetime) -> None:
    """Write counts and matches of the policies of one year."""
    today = local_date(at, settings.SHUZHENG.zone)
    first = policies[0]
    sheet = sheet_of(first.target)
    terms = make_terms(get_family(row.family, on=day_of(first.published, today)), sheet)
    rules = [seek(terms, policy.published, key=i, today=today) for i, policy in enumerate(policies)]
    with open_engine() as engine:
        make_table(engine, sheet, first.published, name=_FACTS)
        find_everyone(engine, rules, relation=_FACTS, subject=SUBJECT, into=_FOUND)
        _keep(row, policies, engine)


def _keep(row: Run, policies: Sequence[PolicyView], engine: duckdb.DuckDBPyConnection) -> None:
    counted = engine.execute(_COUNT).fetchall()
    sums = {rule: (fits, still_open, int((value or 0) * FEN)) for rule, fits, still_open, value in counted}
    RunCount.objects.bulk_create(
        RunCount(run=row, policy=policy.code, fits=fits, open=still_open, amount_fen=amount)
        for i, policy in enumerate(policies)
        for fits, still_open, amount in [sums.get(i, (0, 0, 0))]
    )
    found = engine.execute(_LIST)
    while batch := found.fetchmany(BATCH):
        RunMatch.objects.bulk_create(
            RunMatch(
                run=row,
                policy=policies[rule].code,
                subject_id=subject,
                fits=fits,
                amount_fen=None if value is None else int(value * FEN),
            )
            for rule, subject, fits, value in batch
        )
