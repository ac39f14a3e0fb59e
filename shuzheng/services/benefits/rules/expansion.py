"""From a family to its published policies: once for each county (or once for the city) and year."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from shuzheng.engines.rules.rules.explaining import TODAY
from shuzheng.engines.rules.types import DATE, Fact, Sensitivity, Value
from shuzheng.services.benefits.types import Family, PolicyCode, Published

POLICY_FACTS: Final = frozenset(
    f"policy.{name}" for name in ("code", "year", "division_code", "period_from", "period_to", "as_of")
)
TODAY_FACT: Final = Fact(TODAY, DATE, "办理当天", sensitivity=Sensitivity.L1, changeable=False)


def expand(family: Family, *, city: str) -> tuple[Published, ...]:
    """Return the published policies: `max(1, counties) × years` of them.

    Args:
        family: What to publish.
        city: Division of a family that names no county.
    """
    return tuple(_publish(family, division, year) for division in family.counties or (city,) for year in family.years)


def _publish(family: Family, division: str, year: int) -> Published:
    return Published(
        code=PolicyCode(f"{family.code}-{division}-{year}"),
        family=family.code,
        division=division,
        year=year,
        valid_from=max(family.valid_from, date(year, 1, 1)),
        last_on=min(family.last_on, date(year, 12, 31)),
    )


def policy_facts(policy: Published, *, today: date) -> dict[str, Value]:
    """Return the facts that are the same for every subject of a published policy, and the day."""
    year = policy.year
    return {
        "policy.code": policy.code,
        "policy.year": Decimal(year),
        "policy.division_code": policy.division,
        "policy.period_from": date(year - 1, 1, 1),
        "policy.period_to": date(year - 1, 12, 31),
        "policy.as_of": date(year, 1, 1),
        TODAY: today,
    }


def day_of(policy: Published, today: date) -> date:
    """Return the day whose rules decide a policy: today while it is in force, else its first or last day."""
    return min(max(today, policy.valid_from), policy.last_on)


def count_published(families: Iterable[Family]) -> int:
    """Return how many policies families come to."""
    return sum(max(1, len(family.counties)) * len(family.years) for family in families)
