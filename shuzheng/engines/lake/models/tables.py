"""Definitions of tables. A changed definition is a new edition; one that is gone keeps its row."""

from django.db import models
from django.db.models import Q
from typing_extensions import override


class TableEdition(models.Model):
    """What a table of the lake is, in one edition."""

    code = models.CharField(max_length=60)
    edition = models.PositiveIntegerField()
    current = models.BooleanField()
    digest = models.CharField(max_length=64)
    definition = models.JSONField()
    """As the pack tells it, `department` as code; `rules.definitions` reads it."""
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        """One edition is current."""

        constraints = [
            models.UniqueConstraint(fields=["code", "edition"], name="lake_table_edition"),
            models.UniqueConstraint(fields=["code"], condition=Q(current=True), name="lake_table_one_current"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.code} {self.edition}"
