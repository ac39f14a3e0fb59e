"""Tables of the room."""

from typing import final

from django.db import models
from typing_extensions import override

from shuzheng.base.jobs.types import JobState, JobView


@final
class Outbox(models.Model):
    """One job. `claim` is a token of the worker that runs it; a worker that finds another's token has lost the job."""

    id = models.BigAutoField(primary_key=True)
    handler = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    payload = models.JSONField()
    state = models.CharField(max_length=10, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    enqueued_at = models.DateTimeField()
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)
    finished_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "后台任务"
        constraints = [models.UniqueConstraint(fields=["handler", "key"], name="jobs_outbox_key")]
        indexes = [
            models.Index(fields=["run_at", "id"], name="jobs_outbox_due", condition=models.Q(state="waiting")),
            models.Index(fields=["lease_until"], name="jobs_outbox_lease", condition=models.Q(state="running")),
            models.Index(fields=["id"], name="jobs_outbox_dead", condition=models.Q(state="dead")),
            models.Index(fields=["finished_at"], name="jobs_outbox_done", condition=models.Q(state="done")),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.handler} {self.id}"

    def to_view(self) -> JobView:
        """Return the job as an operator sees it."""
        return JobView(
            id=self.id,
            handler=self.handler,
            key=self.key,
            state=JobState(self.state),
            attempts=self.attempts,
            enqueued_at=self.enqueued_at,
            run_at=self.run_at,
            finished_at=self.finished_at,
            last_error=self.last_error,
        )


@final
class Tick(models.Model):
    """The last period of a schedule that was begun; claiming a period is one conditional UPDATE."""

    name = models.CharField(max_length=80, primary_key=True)
    period = models.BigIntegerField()
    begun_at = models.DateTimeField()
    last_error = models.CharField(max_length=200, blank=True)

    @override
    def __str__(self) -> str:
        return f"{self.name} {self.period}"
