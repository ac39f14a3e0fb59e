"""What discovery proposed, what a person decided, and the grades that therefore lie over the pack's definitions."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from typing_extensions import override

from shuzheng.engines.lake.types.discovery import Found, ProposalState
from shuzheng.engines.lake.types.tables import Grade, Mask


class Proposal(models.Model):
    """A grade and mask proposed for a column. Counts only: no value of the table is kept."""

    table = models.CharField(max_length=60)
    column = models.CharField(max_length=60)
    found = models.CharField(max_length=20, choices=[(one, one) for one in Found])
    confidence = models.FloatField()
    share = models.FloatField()
    evidence = models.JSONField()
    grade = models.CharField(max_length=2, choices=[(one, one) for one in Grade])
    mask = models.CharField(max_length=12, choices=[(one, one) for one in Mask])
    reason = models.JSONField()
    state = models.CharField(max_length=10, choices=[(one, one) for one in ProposalState])
    version = models.BigIntegerField()
    """Of the stored table."""
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    """Person who decided."""
    by_name = models.CharField(max_length=100, default="")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, default="")

    class Meta:
        """One proposal of a column waits at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["table", "column"], condition=Q(state=ProposalState.OPEN), name="lake_proposal_one_open"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "table"], name="lake_proposal_state")]

    @override
    def __str__(self) -> str:
        return f"{self.table}.{self.column} {self.grade}"


class GradeOverride(models.Model):
    """A grade and mask a person confirmed; lies over whatever edition of the table a pack brings, never below it."""

    table = models.CharField(max_length=60)
    column = models.CharField(max_length=60)
    grade = models.CharField(max_length=2, choices=[(one, one) for one in Grade])
    mask = models.CharField(max_length=12, choices=[(one, one) for one in Mask])
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        """One a column."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["table", "column"], name="lake_override_column"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.table}.{self.column} {self.grade}"
