"""Sources, batches and rows in quarantine."""

from typing import final

from django.db import models
from django.db.models import Q
from typing_extensions import override

from shuzheng.engines.lake.types.gathering import (
    BatchId,
    BatchKind,
    BatchState,
    BatchView,
    QuarantineState,
    SourceCode,
)
from shuzheng.engines.lake.types.tables import TableCode


@final
class SourceEdition(models.Model):
    """What a source is, in one edition."""

    code = models.CharField(max_length=60)
    edition = models.PositiveIntegerField()
    current = models.BooleanField()
    digest = models.CharField(max_length=64)
    definition = models.JSONField()
    """As the pack tells it; `rules.sources` reads it."""
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        """One edition is current."""

        constraints = [
            models.UniqueConstraint(fields=["code", "edition"], name="lake_source_edition"),
            models.UniqueConstraint(fields=["code"], condition=Q(current=True), name="lake_source_one_current"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.code} {self.edition}"


@final
class Batch(models.Model):
    """One batch of one source."""

    public_id = models.UUIDField(unique=True)
    source = models.CharField(max_length=60)
    table = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    """Counts upwards in a source; the number of its transaction in the table's log."""
    kind = models.CharField(max_length=10, default=BatchKind.GATHER)
    state = models.CharField(max_length=10, default=BatchState.RUNNING)
    file = models.CharField(max_length=400, blank=True, default="")
    """Name within a folder."""
    fingerprint = models.CharField(max_length=160, blank=True, default="")
    read = models.BigIntegerField(default=0)
    landed = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    checksum = models.CharField(max_length=160, blank=True, default="")
    watermark_before = models.CharField(max_length=160, blank=True, default="")
    watermark_after = models.CharField(max_length=160, blank=True, default="")
    message = models.JSONField(default=str, blank=True)
    """A sentence, see `kernel.said`."""
    version = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Constraints and indexes."""

        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="lake_batch_number"),
            models.UniqueConstraint(
                fields=["source"], condition=Q(state=BatchState.RUNNING), name="lake_batch_one_running"
            ),
            models.CheckConstraint(
                condition=~Q(state=BatchState.DONE) | Q(read=models.F("landed") + models.F("quarantined")),
                name="lake_batch_no_row_lost",
            ),
        ]
        indexes = [
            models.Index(fields=["table", "-ended_at"], name="lake_batch_of_table"),
            models.Index(fields=["source", "fingerprint"], name="lake_batch_same"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.source} {self.number}"

    def to_view(self, message: str) -> BatchView:
        """Return what pages show; `message` in words."""
        return BatchView(
            id=BatchId(self.public_id),
            source=SourceCode(self.source),
            table=TableCode(self.table),
            number=self.number,
            kind=BatchKind(self.kind),
            state=BatchState(self.state),
            file=self.file,
            read=self.read,
            landed=self.landed,
            quarantined=self.quarantined,
            bytes=self.bytes,
            checksum=self.checksum,
            started_at=self.started_at,
            ended_at=self.ended_at,
            watermark_before=self.watermark_before,
            watermark_after=self.watermark_after,
            message=message,
            version=self.version,
        )


@final
class Quarantined(models.Model):
    """One row of a source that did not land."""

    public_id = models.UUIDField(unique=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="rows")
    row = models.BigIntegerField()
    rule = models.CharField(max_length=140)
    values_sealed = models.BinaryField()
    """JSON by header of the source."""
    state = models.CharField(max_length=10, default=QuarantineState.OPEN)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=400, blank=True, default="")
    mended_in = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="mended")

    class Meta:
        """Indexes of the list."""

        indexes = [
            models.Index(fields=["batch", "row"], name="lake_quarantined_batch"),
            models.Index(fields=["id"], condition=Q(state=QuarantineState.OPEN), name="lake_quarantined_open"),
        ]

    @override
    def __str__(self) -> str:
        return str(self.public_id)
