"""What an address of a list of policies asks for, and back; both fronts list them."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from shuzheng.services.benefits.types import PolicyFilter, Target

TEXT_MOST: Final = 60


def read_filter(given: Mapping[str, str]) -> PolicyFilter:
    """Return what an address asks for; words that mean nothing count as not given."""
    target, year = given.get("target", ""), given.get("year", "")
    return PolicyFilter(
        text=given.get("q", "").strip()[:TEXT_MOST],
        target=Target(target) if target in set(Target) else None,
        department=given.get("department", "")[:80],
        division=given.get("place", "")[:12],
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
    )


def filter_query(asked: PolicyFilter) -> str:
    """Return the query string of a filter, without what is not asked for."""
    parts = {
        "q": asked.text,
        "target": asked.target or "",
        "department": asked.department,
        "place": asked.division,
        "year": str(asked.year or ""),
    }
    return urlencode({name: value for name, value in parts.items() if value})
