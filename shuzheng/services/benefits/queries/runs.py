"""Searches for everyone: the last one of a family, its counts, its matches page by page."""

from typing import Final

from shuzheng.base.kernel.types import Page
from shuzheng.services.benefits.errors import RunNotFound
from shuzheng.services.benefits.models import Run, RunMatch
from shuzheng.services.benefits.types import Match, PolicyCode, RunView

PAGE_MOST: Final = 500


def find_run(family: str) -> RunView | None:
    """Return the last search for a family with its counts so far, None before the first. Counts name nobody."""
    row = Run.objects.filter(family=family).order_by("-pk").first()
    return None if row is None else row.to_view(tuple(count.to_view() for count in row.counts.order_by("policy")))


def list_matches(
    run: RunView, policy: PolicyCode | str, *, after: int = 0, limit: int = 50, only_fits: bool = False
) -> Page[Match]:
    """Return whom a policy fits or may fit. The caller has checked the post and writes the reader log.

    Raises:
        RunNotFound: Another search took this one's place.
    """
    row = Run.objects.filter(public_id=run.id).first()
    if row is None:
        raise RunNotFound
    limit = max(1, min(limit, PAGE_MOST))
    rows = RunMatch.objects.filter(run=row, policy=policy, pk__gt=after)
    if only_fits:
        rows = rows.filter(fits=True)
    listed = list(rows.order_by("pk")[: limit + 1])
    more = str(listed[limit - 1].pk) if len(listed) > limit else None
    return Page(tuple(match.to_view() for match in listed[:limit]), more)
