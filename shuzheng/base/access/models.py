"""The reader log. Rows are never changed except to count the same reading again within ten minutes.

What is read in bulk out of the lake is about people and firms whom the lake knows by number, not by our ids: of each
it keeps a keyed blind index alone (`queries.subject_key`), 32 bytes, so that who looks at the table learns nobody's
number and the person concerned still finds the entry. The key is `index`, which is never changed: the numbers are not
stored here, so the indexes could not be made again under another.

Where so many stand in what was read that they are not noted one by one, the reading says which version of the resource
was read; whom it concerns is asked of the room that keeps the resource (`types.HOLDERS`).

Retention: kept as long as the ledger, whose entry names their count and digest. A subject of a reading takes about 100
bytes with its index; a query over 10,000 people costs a megabyte.
"""

from django.db import models
from typing_extensions import override


class _Read(models.Model):
    """What was read, what for, by whom, in which post."""

    subject_kind = models.CharField(max_length=10)
    resource = models.CharField(max_length=160)
    what = models.CharField(max_length=160)
    purpose = models.CharField(max_length=160)
    reader_id = models.UUIDField()
    reader_name = models.CharField(max_length=60)
    post_id = models.UUIDField(null=True)
    organization_code = models.CharField(max_length=18, blank=True, default="")
    organization_name = models.CharField(max_length=160, blank=True, default="")

    class Meta:
        """Columns of every kind of entry."""

        abstract = True


class Reading(_Read):
    """One reader looked at one thing of one person or firm."""

    subject_id = models.UUIDField()
    """The subject key: who may see this entry."""
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


class BulkReading(_Read):
    """One reader read rows of the lake about many people or firms in one act."""

    at = models.DateTimeField()
    count = models.PositiveIntegerField()
    """How many people or firms."""

    class Meta:
        """The readings of one reader."""

        indexes = [models.Index(fields=["reader_id", "-id"], name="bulk_reading_reader")]

    @override
    def __str__(self) -> str:
        return f"bulk reading {self.pk}"


class BulkReadingSubject(models.Model):
    """One of those whom a bulk reading concerns."""

    reading = models.ForeignKey(BulkReading, on_delete=models.PROTECT, related_name="subjects", db_index=False)
    subject_key = models.BinaryField(max_length=32)
    """The subject key: who may see this entry."""

    class Meta:
        """Found by subject, newest first: the constraint's index, read backwards."""

        constraints = [models.UniqueConstraint(fields=["subject_key", "reading"], name="bulk_reading_subject")]

    @override
    def __str__(self) -> str:
        return f"subject of bulk reading {self.reading_id}"


class WholeReading(_Read):
    """One reader read a resource in which too many stand to note each: it concerns all who stand in it."""

    version = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        """Found by kind, newest first."""

        indexes = [models.Index(fields=["subject_kind", "-id"], name="whole_reading_kind")]

    @override
    def __str__(self) -> str:
        return f"reading of a whole resource {self.pk}"
