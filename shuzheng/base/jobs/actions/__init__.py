"""The verbs of the room."""

from shuzheng.base.jobs.actions.outbox import enqueue, purge_done_jobs, reap_lost_jobs, retry_dead_job
from shuzheng.base.jobs.actions.worker import run_due, run_worker

__all__ = ["enqueue", "purge_done_jobs", "reap_lost_jobs", "retry_dead_job", "run_due", "run_worker"]
