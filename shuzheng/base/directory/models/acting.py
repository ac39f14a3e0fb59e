"""Tables of who may act for whom: guardians of children, and mandates."""

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from shuzheng.base.directory.models.records import Firm, Person
from shuzheng.base.directory.types import MandateState


class Guardianship(models.Model):
    """A guardian (监护人) of a child; it ends by itself on the child's eighteenth birthday."""

    guardian = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    relation = models.CharField(max_length=10)
    from_pack = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Constraints and indexes."""

        constraints = [models.UniqueConstraint(fields=["guardian", "ward"], name="guardianship_once")]

    @override
    def __str__(self) -> str:
        return f"guardianship {self.pk}"


class Mandate(models.Model):
    """A mandate (委托): a person or firm lets a person act for them, in named items or all, from a day to a day."""

    public_id = models.UUIDField(unique=True)
    command_id = models.UUIDField(unique=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    """The principal, when a person."""
    firm = models.ForeignKey(Firm, null=True, on_delete=models.PROTECT, related_name="+")
    """The principal, when a firm."""
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    mandatary = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    items = models.JSONField(default=list)
    """Basic codes of the items; empty means all."""
    valid_from = models.DateField()
    valid_to = models.DateField()
    """The first day on which the mandate no longer holds."""
    state = models.CharField(max_length=10, default=MandateState.OFFERED.value)
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Constraints and indexes."""

        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True, firm__isnull=False) | Q(person__isnull=False, firm__isnull=True),
                name="mandate_one_principal",
            ),
            models.CheckConstraint(condition=Q(valid_from__lt=F("valid_to")), name="mandate_days_in_order"),
        ]

    @override
    def __str__(self) -> str:
        return f"mandate {self.public_id}"
