"""What an operator asks of the room."""

from datetime import datetime

from shuzheng.base.jobs.models import Outbox
from shuzheng.base.jobs.types import Backlog, JobView


def list_dead_jobs(*, after: int = 0, limit: int = 50) -> tuple[JobView, ...]:
    """Return dead letters in the order they were enqueued, from the one after number `after`."""
    rows = Outbox.objects.filter(state="dead", id__gt=after).order_by("id")[:limit]
    return tuple(row.to_view() for row in rows)


def count_waiting() -> int:
    """Return how many jobs wait for their time or their next try."""
    return Outbox.objects.filter(state="waiting").count()


def count_dead() -> int:
    """Return how many jobs were given up and wait for an operator."""
    return Outbox.objects.filter(state="dead").count()


def get_backlog(*, at: datetime) -> Backlog:
    """Return how much is open at a moment."""
    rows = Outbox.objects.filter
    due = rows(state="waiting", run_at__lte=at).order_by("run_at").values_list("run_at", flat=True)
    return Backlog(
        waiting=count_waiting(),
        running=rows(state="running").count(),
        dead=count_dead(),
        oldest_due_at=due.first(),
    )
