"""Checks of tables and the score of each rule in them. Counts only."""

from typing import ClassVar

from django.db import models
from typing_extensions import override

from shuzheng.engines.lake.types.tables import Dimension


class QualityRun(models.Model):
    """One check of a table: of one version, by one set of rules, on one day."""

    table = models.CharField(max_length=60)
    version = models.BigIntegerField()
    day = models.DateField()
    rules = models.CharField(max_length=64)
    """Digest of what decides the scores beside the rows."""
    rows = models.BigIntegerField()
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    score = models.FloatField(null=True)
    dimensions = models.JSONField()
    fails = models.PositiveIntegerField()
    latest = models.BooleanField()
    """No later check of the table was made."""

    class Meta:
        """Once a version, day and set of rules; one is the latest."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["table", "version", "day", "rules"], name="lake_quality_once"),
            models.UniqueConstraint(fields=["table"], condition=models.Q(latest=True), name="lake_quality_one_latest"),
        ]
        indexes: ClassVar = [models.Index(fields=["table", "-id"], name="lake_quality_trend")]

    @override
    def __str__(self) -> str:
        return f"{self.table} {self.day}"


class QualityScore(models.Model):
    """How many rows keep a rule."""

    run = models.ForeignKey(QualityRun, on_delete=models.CASCADE, related_name="scores")
    code = models.CharField(max_length=80)
    label = models.JSONField()
    dimension = models.CharField(max_length=10, choices=[(one, one) for one in Dimension])
    yes = models.BigIntegerField()
    no = models.BigIntegerField()
    unknown = models.BigIntegerField()
    target = models.CharField(max_length=20)
    judged = models.BooleanField()
    short = models.FloatField()
    """How far below the target, 0 to 1; 0 where it is met."""

    class Meta:
        """Once a check; found by how far short they fall."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "code"], name="lake_quality_score")]
        indexes: ClassVar = [models.Index(fields=["-short"], name="lake_quality_short")]

    @override
    def __str__(self) -> str:
        return f"{self.run_id} {self.code}"
