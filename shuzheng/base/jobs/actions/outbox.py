"""The life of a row: enqueued, claimed, done or tried again, dead, started again by hand, purged."""

import secrets
from datetime import datetime

from django.db import transaction

from shuzheng.base.jobs import errors, rules
from shuzheng.base.jobs.models import Outbox
from shuzheng.base.jobs.types import JobState, JobView
from shuzheng.base.kernel.types import JsonObject


def enqueue(handler: str, payload: JsonObject, *, key: str, at: datetime, run_at: datetime | None = None) -> None:
    """Add a job inside the caller's transaction; the same handler and key again changes nothing.

    Args:
        handler: Name in `HANDLERS`.
        payload: Ids and choices, never personal data.
        key: What makes the job one, such as the id of the event that asks for it.
        at: Moment of the act that asks.
        run_at: Not before; None means at once.
    """
    job = Outbox(handler=handler, key=key, payload=payload, enqueued_at=at, run_at=run_at or at)
    Outbox.objects.bulk_create([job], ignore_conflicts=True)


def claim_due_job(*, at: datetime) -> Outbox | None:
    """Take the longest-due job under a lease; no other worker gets it. Counts as an attempt."""
    due = Outbox.objects.filter(state="waiting", run_at__lte=at).order_by("run_at", "id")
    if not due.exists():
        return None
    with transaction.atomic():
        job = due.select_for_update(skip_locked=True).first()
        if job is None:
            return None
        job.state = JobState.RUNNING
        job.attempts += 1
        job.claim = secrets.token_hex(16)
        job.lease_until = at + rules.LEASE
        job.save(update_fields=["state", "attempts", "claim", "lease_until"])
    return job


def finish_job(job: Outbox, *, at: datetime) -> None:
    """Mark a job done, inside the transaction of its handler.

    Raises:
        LeaseLost: It belongs to another worker now; the transaction must be undone.
    """
    mine = Outbox.objects.filter(id=job.id, state="running", claim=job.claim)
    if not mine.update(state=JobState.DONE, finished_at=at, lease_until=None, claim="", last_error=""):
        raise errors.LeaseLost


def fail_job(job: Outbox, error: type[BaseException], *, at: datetime) -> None:
    """Set a failed job aside until its next try, or for good after the last."""
    state = rules.next_state(job.attempts)
    Outbox.objects.filter(id=job.id, state="running", claim=job.claim).update(
        state=state,
        run_at=at + rules.retry_delay(job.attempts),
        finished_at=at if state is JobState.DEAD else None,
        lease_until=None,
        claim="",
        last_error=class_path(error),
    )


def class_path(error: type[BaseException]) -> str:
    """Return an exception's class as text; its message may hold personal data and is never kept."""
    return f"{error.__module__}.{error.__qualname__}"[:200]


def reap_lost_jobs(*, at: datetime) -> int:
    """Free the jobs whose worker died or hung past its lease; return how many."""
    lost = Outbox.objects.filter(state="running", lease_until__lt=at).order_by("lease_until")
    jobs = list(lost[:100])
    for job in jobs:
        fail_job(job, errors.WorkerLost, at=at)
    return len(jobs)


def retry_dead_job(number: int, *, at: datetime) -> JobView:
    """Start a dead letter again, with all its attempts.

    Raises:
        JobNotFound, JobNotDead: What stands against it.
    """
    with transaction.atomic():
        job = Outbox.objects.select_for_update().filter(id=number).first()
        if job is None:
            raise errors.JobNotFound(number=number)
        if job.state != JobState.DEAD:
            raise errors.JobNotDead(number=number)
        job.state, job.attempts, job.run_at, job.finished_at = JobState.WAITING, 0, at, None
        job.save(update_fields=["state", "attempts", "run_at", "finished_at"])
    return job.to_view()


def purge_done_jobs(*, at: datetime, limit: int = 10_000) -> int:
    """Delete jobs done over thirty days ago; dead letters stay. Return how many."""
    old = Outbox.objects.filter(state="done", finished_at__lt=at - rules.KEEP_DONE).order_by("finished_at")
    deleted, _ = Outbox.objects.filter(id__in=list(old.values_list("id", flat=True)[:limit])).delete()
    return deleted
