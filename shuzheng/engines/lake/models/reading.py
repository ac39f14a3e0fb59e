"""Who asked the lake what, what is kept to be asked again, and how much of the day's budget is used up.

The texts of queries are sealed: an analyst may write an identity number into one.
"""

from django.db import models
from typing_extensions import override


class QueryRecord(models.Model):
    """One query, answered or refused; never changed."""

    public_id = models.UUIDField(unique=True)
    person_id = models.UUIDField(null=True)
    machine_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    organization_code = models.CharField(max_length=18, blank=True, default="")
    purpose = models.CharField(max_length=160)
    text_sealed = models.BinaryField(default=b"")
    text_index = models.BinaryField(max_length=32)
    """Keyed digest of the text: the same text asked again is seen without opening it."""
    tables = models.JSONField()
    rows = models.PositiveBigIntegerField(default=0)
    """Rows that left."""
    ms = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10)
    refusal = models.CharField(max_length=60, blank=True, default="")
    """Code of the error, where it was refused."""
    at = models.DateTimeField()

    class Meta:
        """History of a person, newest first."""

        indexes = [
            models.Index(fields=["person_id", "-id"], name="lake_query_person"),
            models.Index(fields=["machine_id", "-id"], name="lake_query_machine"),
        ]

    @override
    def __str__(self) -> str:
        return f"query {self.public_id}"


class SavedQuery(models.Model):
    """A query kept by its owner, perhaps shared with the unit."""

    public_id = models.UUIDField(unique=True)
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=60)
    post_id = models.UUIDField()
    organization_code = models.CharField(max_length=18)
    title = models.CharField(max_length=60)
    purpose = models.CharField(max_length=160)
    text_sealed = models.BinaryField(default=b"")
    """Emptied when the query is deleted."""
    chart = models.JSONField(null=True)
    """How the result is drawn, as the page writes it; None: as a table."""
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        """What a unit has, newest first."""

        indexes = [models.Index(fields=["organization_code", "-id"], name="lake_saved_unit")]

    @override
    def __str__(self) -> str:
        return f"saved query {self.public_id}"


class BudgetDay(models.Model):
    """How many queries a reader asked on one day, in one post."""

    reader = models.CharField(max_length=44)
    """`post:<uuid>`, `machine:<uuid>`, or `person:<uuid>`."""
    day = models.DateField()
    """In the city's zone."""
    used = models.PositiveIntegerField(default=0)
    used_in_groups = models.PositiveIntegerField(default=0)

    class Meta:
        """One row a reader and day; actions change it in one statement each."""

        constraints = [models.UniqueConstraint(fields=["reader", "day"], name="lake_budget_day")]

    @override
    def __str__(self) -> str:
        return f"budget {self.reader} {self.day}"
