"""The table of ratings."""

from django.db import models
from django.db.models import Q
from typing_extensions import override

from shuzheng.base.kernel.types import CaseId
from shuzheng.services.feedback.types import RatingLevel, RatingView


class Rating(models.Model):
    """A rating (评价) of one case; one for each case, never changed."""

    public_id = models.UUIDField(unique=True)
    case_id = models.UUIDField(unique=True)
    item_code = models.CharField(max_length=14)
    window = models.CharField(max_length=18, blank=True, default="")
    decider = models.CharField(max_length=18, blank=True, default="")
    level = models.PositiveSmallIntegerField()
    tags = models.JSONField(default=list)
    comment = models.CharField(max_length=500, blank=True, default="")
    rated_by = models.UUIDField()
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="rating_level_known"),
        ]
        indexes = [
            models.Index(fields=["decider", "rated_at"], name="rating_decider"),
            models.Index(fields=["item_code", "rated_at"], name="rating_item"),
        ]

    @override
    def __str__(self) -> str:
        return f"rating {self.public_id}"

    def to_view(self) -> RatingView:
        """Return the public picture of this row."""
        return RatingView(
            case_id=CaseId(self.case_id),
            level=RatingLevel(self.level),
            tags=tuple(self.tags),
            comment=self.comment,
            rated_at=self.rated_at,
        )
