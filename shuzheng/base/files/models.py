"""What is known of each stored file; the bytes lie sealed on disk under the public id."""

from django.db import models
from typing_extensions import override

from shuzheng.base.files.types import FileView
from shuzheng.base.kernel.types import FileId


class StoredFile(models.Model):
    """One uploaded file."""

    public_id = models.UUIDField(unique=True)
    owner_kind = models.CharField(max_length=10)
    owner_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_by = models.UUIDField(null=True)
    stored_at = models.DateTimeField()

    @override
    def __str__(self) -> str:
        return f"file {self.public_id}"

    def to_view(self) -> FileView:
        """Return what other rooms know of the file."""
        return FileView(
            id=FileId(self.public_id),
            name=self.name,
            media_type=self.media_type,
            size_bytes=self.size_bytes,
            sha256=self.sha256,
            stored_at=self.stored_at,
        )
