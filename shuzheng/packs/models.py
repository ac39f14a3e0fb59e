"""The one table of this room: which pack this platform runs."""

from django.db import models
from typing_extensions import override


class LoadedPack(models.Model):
    """The pack in force. One row: a platform is one city."""

    only = models.BooleanField(default=True, unique=True)
    """True in the one row there may be."""
    name = models.CharField(max_length=60)
    content_hash = models.CharField(max_length=64)
    """SHA-256 in hex over the files as loaded."""
    loaded_at = models.DateTimeField()
    info = models.JSONField()

    class Meta:
        """One row only."""

        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="one_pack")]

    @override
    def __str__(self) -> str:
        return self.name
