"""Reads of outlines, for maps."""

from shuzheng.base.directory.models.boundaries import Boundary
from shuzheng.base.directory.rules.outlines import BoundaryView
from shuzheng.base.kernel.types import DivisionCode


def list_boundaries(parent: DivisionCode) -> tuple[BoundaryView, ...]:
    """Return the outlines of the divisions directly below one, by code; none when the pack brings no map."""
    return tuple(row.to_view() for row in Boundary.objects.filter(parent_code=parent).order_by("division_code"))
