"""Tables in which a column became L4 while they held rows: what is still to be done there."""

from typing import final

from django.db import models
from typing_extensions import override

from shuzheng.engines.lake.types.sealing import SealingView
from shuzheng.engines.lake.types.tables import TableCode


@final
class Sealing(models.Model):
    """Columns of one table are to be stored sealed; gone once nothing holds them in clear. Which are, files say."""

    table = models.CharField(max_length=60, unique=True)
    asked = models.PositiveIntegerField(default=1)
    """Counts upwards with each time it was asked for, so that an older finding ends nothing that was asked since."""
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    """Since when the present version holds nothing in clear, and the log before `version` is needed no more."""
    version = models.BigIntegerField(null=True)
    message = models.JSONField(default=str, blank=True)
    """Why the last try ended, see `kernel.said`; '' when none failed."""

    @override
    def __str__(self) -> str:
        return self.table

    def to_view(self, message: str, rows: int, total: int) -> SealingView:
        """Return what pages show; `message` in words, and how far the writing is."""
        return SealingView(
            table=TableCode(self.table),
            asked_at=self.asked_at,
            sealed_at=self.sealed_at,
            message=message,
            rows=rows,
            total=total,
        )
