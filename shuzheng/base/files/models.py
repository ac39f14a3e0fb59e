"""What is known of each stored file; the bytes lie sealed on disk under the public id."""

from typing import final

from django.db import models
from django.db.models import Q
from typing_extensions import override

from shuzheng.base.files.types import FileState, FileView, ScanState
from shuzheng.base.kernel.types import FileId


@final
class StoredFile(models.Model):
    """One uploaded file. Purging removes the bytes and keeps the row."""

    public_id = models.UUIDField(unique=True)
    owner_kind = models.CharField(max_length=10)
    owner_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_by = models.UUIDField(null=True)
    stored_at = models.DateTimeField()
    scan = models.CharField(max_length=10, default=ScanState.NONE)
    look_at = models.DateTimeField()
    """When to decide again whether it is still kept."""
    purged_at = models.DateTimeField(null=True)
    purged_for = models.CharField(max_length=80, blank=True, default="")
    """`retention:<kind>` or `infected:<signature>`."""

    class Meta:
        """Constraints and indexes."""

        constraints = [models.CheckConstraint(condition=Q(scan__in=list(ScanState)), name="file_scan_known")]
        indexes = [
            models.Index(fields=["look_at"], condition=Q(purged_at__isnull=True), name="file_look"),
            models.Index(fields=["id"], condition=Q(scan="pending"), name="file_unscanned"),
        ]

    @override
    def __str__(self) -> str:
        return f"file {self.public_id}"

    @property
    def state(self) -> FileState:
        """Return whether it can be opened."""
        if self.purged_at is not None:
            return FileState.PURGED
        return FileState.SCANNING if self.scan == ScanState.PENDING else FileState.READY

    def to_view(self) -> FileView:
        """Return what other rooms know of the file."""
        return FileView(
            id=FileId(self.public_id),
            name=self.name,
            media_type=self.media_type,
            size_bytes=self.size_bytes,
            sha256=self.sha256,
            stored_at=self.stored_at,
            state=self.state,
        )


@final
class Screening(models.Model):
    """What the scanner said of some bytes, so that a file screened before the transaction is not scanned in it."""

    sha256 = models.CharField(max_length=64, unique=True)
    found = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField(db_index=True)

    @override
    def __str__(self) -> str:
        return f"screening {self.pk}"
