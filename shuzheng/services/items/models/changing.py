"""Tables of proposed changes of items (事项修改)."""

from django.db import models
from django.db.models import Q
from typing_extensions import override

from shuzheng.services.items.types.changing import ChangeState


class ItemChange(models.Model):
    """A proposed change of an item or of one of its units (事项修改)."""

    public_id = models.UUIDField(unique=True)
    item_code = models.CharField(max_length=14, db_index=True)
    item_name = models.CharField(max_length=240)
    unit_code = models.CharField(max_length=33, blank=True, default="")
    """'' when the item itself changes."""
    base_version = models.PositiveIntegerField()
    before = models.JSONField(default=dict)
    """Values of the fields it changes, as they were in force."""
    after = models.JSONField(default=dict)
    typed = models.JSONField(default=dict)
    """Texts of the editor that differ from what was in force, wrong ones too."""
    reason = models.TextField(blank=True, default="")
    wanted_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    version = models.PositiveIntegerField(null=True)
    """The version of the item it made."""
    state = models.CharField(max_length=12, default=ChangeState.DRAFT)
    rev = models.PositiveIntegerField(default=0)
    person_id = models.UUIDField()
    organization = models.CharField(max_length=18)
    division = models.CharField(max_length=12)
    """Where it lies: whose data authority reviews it."""
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=list(ChangeState)), name="item_change_state_known")]
        indexes = [
            models.Index(fields=["state", "division"], name="item_change_queue"),
            models.Index(fields=["organization", "state"], name="item_change_own"),
            models.Index(fields=["unit_code"], condition=~Q(unit_code=""), name="item_change_unit"),
        ]

    @override
    def __str__(self) -> str:
        return f"change {self.public_id}"


class ItemChangeStep(models.Model):
    """What was done with a change, by whom; never rewritten."""

    change = models.ForeignKey(ItemChange, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    act = models.CharField(max_length=12)
    at = models.DateTimeField()
    person_id = models.UUIDField(null=True)
    organization = models.CharField(max_length=18, blank=True, default="")
    words = models.TextField(blank=True, default="")
    command_id = models.UUIDField(null=True, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "seq"], name="item_change_step_once")]

    @override
    def __str__(self) -> str:
        return f"{self.change_id}/{self.seq} {self.act}"
