"""Outlines of divisions, for maps."""

from django.db import models
from typing_extensions import override

from shuzheng.base.directory.rules.outlines import BoundaryView
from shuzheng.base.kernel.types import DivisionCode


class Boundary(models.Model):
    """The outline of a division (区划边界), simplified for drawing; one that left the pack is deleted with its file."""

    division_code = models.CharField(max_length=12, unique=True)
    parent_code = models.CharField(max_length=12, db_index=True)
    rings = models.JSONField()
    """Lists of `[longitude, latitude]` in degrees; a closed line does not repeat its first corner."""
    label = models.JSONField()
    """`[longitude, latitude]`: where its name stands."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the outline as the pack gives it."""

    @override
    def __str__(self) -> str:
        return f"boundary {self.division_code}"

    def to_view(self) -> BoundaryView:
        """Return the public picture of this row."""
        return BoundaryView(
            division=DivisionCode(self.division_code),
            rings=tuple(tuple((x, y) for x, y in ring) for ring in self.rings),
            label=(self.label[0], self.label[1]),
        )
