"""Gatherings that were asked for."""

from typing import final

from django.db import models
from typing_extensions import override


@final
class GatherRequest(models.Model):
    """Somebody wants a source gathered now; gone once it was."""

    source = models.CharField(max_length=60, unique=True)
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()

    @override
    def __str__(self) -> str:
        return self.source
