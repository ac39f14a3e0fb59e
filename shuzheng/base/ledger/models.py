"""Tables of the ledger. Entries, tiles and checkpoints are only ever added; `position` and `salt` alone are set later.

Columns hold the very text that is hashed (an instant is ISO text, related URNs are joined by spaces), so that no two
different rows mean the same leaf.
"""

from typing import final

from django.db import models
from typing_extensions import override

from shuzheng.base.ledger.rules.leaf import Leaf, read_instant
from shuzheng.base.ledger.types import Checkpoint as CheckpointView, EntryView


@final
class Entry(models.Model):
    """One recorded act. The key is the UUIDv7 itself: it is hashed, a bigint beside it could be changed unseen."""

    public_id = models.UUIDField(primary_key=True)
    act = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    actor = models.CharField(max_length=200)
    post = models.CharField(max_length=36, blank=True)
    org = models.CharField(max_length=18, blank=True)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    at = models.CharField(max_length=27)
    related = models.TextField(blank=True)
    commitment = models.BinaryField(blank=True)
    salt = models.BinaryField(null=True)
    salt_hash = models.BinaryField(blank=True)
    leaf_hash = models.BinaryField()
    position = models.BigIntegerField(null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "public_id"], name="ledger_entry_subject"),
            models.Index(fields=["public_id"], name="ledger_entry_pending", condition=models.Q(position__isnull=True)),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.act} {self.public_id}"

    def to_leaf(self) -> Leaf:
        """Return the hashed part."""
        return Leaf(
            id=str(self.public_id),
            act=self.act,
            subject=self.subject,
            actor=self.actor,
            post=self.post,
            org=self.org,
            on_behalf_of=self.on_behalf_of,
            at=self.at,
            related=self.related,
            commitment=bytes(self.commitment),
            salt_hash=bytes(self.salt_hash),
        )

    def to_view(self) -> EntryView:
        """Return the entry as others see it."""
        return EntryView(
            id=self.public_id,
            position=self.position,
            act=self.act,
            subject=self.subject,
            actor=self.actor,
            post=self.post,
            org=self.org,
            on_behalf_of=self.on_behalf_of,
            at=read_instant(self.at),
            related=tuple(self.related.split()),
        )


@final
class SequencerLock(models.Model):
    """The one row a sequencer locks before it looks at anything else."""

    id = models.SmallIntegerField(primary_key=True)

    @override
    def __str__(self) -> str:
        return "lock"


@final
class Tile(models.Model):
    """Up to 256 neighbouring hashes of one level of the tree; every eighth level is stored. Source: C2SP tlog-tiles."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        verbose_name = "台账树页"
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="ledger_tile_place")]

    @override
    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


@final
class Checkpoint(models.Model):
    """A signed size and root, one for each batch."""

    size = models.BigIntegerField(primary_key=True)
    root_hash = models.BinaryField()
    at = models.CharField(max_length=27)
    note = models.TextField()

    @override
    def __str__(self) -> str:
        return f"checkpoint {self.size}"

    def to_view(self) -> CheckpointView:
        """Return the checkpoint as others see it."""
        return CheckpointView(size=self.size, root_hash=bytes(self.root_hash), at=read_instant(self.at), note=self.note)
