"""The worker: an edge of the platform, where the clock is read and unexpected errors are caught."""

import logging
import threading
import traceback
from datetime import datetime
from types import TracebackType
from typing import Final

from django.db import DatabaseError, close_old_connections, connection, transaction

from shuzheng.base.jobs.actions.outbox import claim_due_job, class_path, fail_job, finish_job, reap_lost_jobs
from shuzheng.base.jobs.models import Outbox, Tick
from shuzheng.base.jobs.rules import period_of
from shuzheng.base.jobs.types import HANDLERS, SCHEDULE
from shuzheng.base.kernel import clock

_log: Final = logging.getLogger(__name__)
_IDLE_SECONDS: Final = 1.0
_AFTER_DATABASE_ERROR_SECONDS: Final = 5.0


def run_due(*, at: datetime, limit: int = 100) -> int:
    """Free lost jobs, begin due schedules, run due jobs; return how many jobs and schedules were run.

    Args:
        at: The moment that counts as now.
        limit: At most so many jobs.
    """
    reap_lost_jobs(at=at)
    ran = run_schedules(at=at)
    for _ in range(limit):
        job = claim_due_job(at=at)
        if job is None:
            break
        _run_job(job, at=at)
        ran += 1
    return ran


def run_schedules(*, at: datetime) -> int:
    """Begin every schedule whose period was not begun yet; return how many."""
    periods = {name: period_of(SCHEDULE[name], at) for name in SCHEDULE}
    begun = dict(Tick.objects.values_list("name", "period"))
    due = [name for name, period in periods.items() if begun.get(name, period - 1) < period]
    claimed = [name for name in due if _claim_period(name, periods[name], at=at)]
    for name in claimed:
        _run_schedule(name, at=at)
    return len(claimed)


def run_worker(stop: threading.Event) -> None:
    """Run what is due until told to stop; sleeps a second when nothing was due. `shuzheng serve` starts this.

    Args:
        stop: Set it to end the loop after the job at hand.
    """
    _log.info("worker begins")
    while not stop.is_set():
        close_old_connections()
        try:
            pause = 0.0 if run_due(at=clock.now(), limit=20) else _IDLE_SECONDS
        except DatabaseError as error:
            _log.warning("database not usable: %s", class_path(type(error)))
            connection.close()
            pause = _AFTER_DATABASE_ERROR_SECONDS
        if pause:
            stop.wait(pause)
    connection.close()
    _log.info("worker ends")


def _run_job(job: Outbox, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            HANDLERS[job.handler](job.payload, at)
            finish_job(job, at=at)
    except Exception as error:  # noqa: BLE001 - a job's failure must not stop the others
        fail_job(job, type(error), at=at)
        _log.warning("job %s %s failed: %s", job.handler, job.id, _where(error, error.__traceback__))


def _claim_period(name: str, period: int, *, at: datetime) -> bool:
    Tick.objects.bulk_create([Tick(name=name, period=period - 1, begun_at=at)], ignore_conflicts=True)
    return bool(Tick.objects.filter(name=name, period__lt=period).update(period=period, begun_at=at, last_error=""))


def _run_schedule(name: str, *, at: datetime) -> None:
    try:
        SCHEDULE[name].run(at)
    except Exception as error:  # noqa: BLE001 - a schedule's failure must not stop the others
        Tick.objects.filter(name=name).update(last_error=class_path(type(error)))
        _log.warning("schedule %s failed: %s", name, _where(error, error.__traceback__))


def _where(error: BaseException, trace: TracebackType | None) -> str:
    """Return class and place of an error, without its message."""
    frames = traceback.extract_tb(trace)
    place = f" at {frames[-1].name}:{frames[-1].lineno}" if frames else ""
    return class_path(type(error)) + place
