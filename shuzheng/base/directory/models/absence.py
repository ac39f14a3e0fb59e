"""Table of absences: who stands in for the holder of a post, from a day to a day."""

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from shuzheng.base.directory.models.records import Person, Post


class Absence(models.Model):
    """A deputy (代理人) named for a post while its holder is away. Why is nobody's business and not kept."""

    public_id = models.UUIDField(unique=True)
    command_id = models.UUIDField(unique=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField()
    """The first day on which the deputy no longer acts."""
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """When it was revoked before its last day."""

    class Meta:
        """Constraints and indexes."""

        constraints = [models.CheckConstraint(condition=Q(valid_from__lt=F("valid_to")), name="absence_days_in_order")]

    @override
    def __str__(self) -> str:
        return f"absence {self.public_id}"
