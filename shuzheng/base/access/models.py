"""The reader log. Rows are never changed except to count the same reading again within ten minutes."""

from django.db import models
from typing_extensions import override


class Reading(models.Model):
    """One reader looked at one thing of one person or firm."""

    subject_kind = models.CharField(max_length=10)
    subject_id = models.UUIDField()
    """The subject key: who may see this entry."""
    resource = models.CharField(max_length=160)
    what = models.CharField(max_length=160)
    purpose = models.CharField(max_length=160)
    reader_id = models.UUIDField()
    reader_name = models.CharField(max_length=60)
    post_id = models.UUIDField(null=True)
    organization_code = models.CharField(max_length=18, blank=True, default="")
    organization_name = models.CharField(max_length=160, blank=True, default="")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        """Constraints and indexes."""

        indexes = [
            models.Index(fields=["subject_id", "-id"], name="reading_subject"),
            models.Index(fields=["reader_id", "subject_id", "first_at"], name="reading_again"),
        ]

    @override
    def __str__(self) -> str:
        return f"reading {self.pk}"
