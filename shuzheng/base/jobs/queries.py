"""What an operator asks of the room."""

from datetime import datetime

from shuzheng.base.jobs.models import Outbox
from shuzheng.base.jobs.types import Backlog, JobState, JobView


def list_dead_jobs(*, after: int = 0, limit: int = 50) -> tuple[JobView, ...]:
    """Return dead letters in the order they were enqueued, from the one after number `after`."""
    rows = Outbox.objects.filter(state="dead", id__gt=after).order_by("id")[:limit]
    return tuple(row.to_view() for row in rows)


def get_backlog(*, at: datetime) -> Backlog:
    """Return how much is open at a moment."""
    rows = Outbox.objects.filter
    due = rows(state="waiting", run_at__lte=at).order_by("run_at").values_list("run_at", flat=True)
    return Backlog(
        waiting=rows(state=JobState.WAITING).count(),
        running=rows(state=JobState.RUNNING).count(),
        dead=rows(state=JobState.DEAD).count(),
        oldest_due_at=due.first(),
    )
