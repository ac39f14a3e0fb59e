"""Published policies and their families: lists, one, and what lists can be narrowed by."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from django.db.models import QuerySet

from shuzheng.base.kernel.types import Page
from shuzheng.services.benefits.errors import PolicyNotFound
from shuzheng.services.benefits.models import Policy, PolicyFamily, Specs
from shuzheng.services.benefits.queries.sheets import sheet_of
from shuzheng.services.benefits.rules.expansion import day_of
from shuzheng.services.benefits.rules.reading import read_family
from shuzheng.services.benefits.rules.rulebook import with_rules
from shuzheng.services.benefits.rules.telling import criteria_of, payment_of
from shuzheng.services.benefits.types import (
    BOOK,
    Criterion,
    Family,
    FamilyCard,
    FamilyCode,
    FamilyLine,
    Payment,
    PolicyFilter,
    PolicyPage,
    PolicyView,
    Target,
)
from shuzheng.services.rulebook.queries import rules_in_force

PAGE_MOST: Final = 100
WORDS_MOST: Final = 8


def list_policies(asked: PolicyFilter, *, after: str | None = None, limit: int = 30) -> Page[PolicyView]:
    """Return published policies by code.

    Args:
        asked: What to keep.
        after: `Page.next` of the page before.
        limit: At most 100.
    """
    limit = max(1, min(limit, PAGE_MOST))
    rows = _of(asked)
    if after:
        rows = rows.filter(code__gt=after)
    listed = list(rows.order_by("code")[: limit + 1])
    more = listed[limit - 1].code if len(listed) > limit else None
    return Page(tuple(row.to_view() for row in listed[:limit]), more)


def _of(asked: PolicyFilter) -> QuerySet[Policy]:
    exact = {"target": asked.target, "department": asked.department, "division": asked.division, "year": asked.year}
    rows = Policy.objects.filter(current=True, **{name: value for name, value in exact.items() if value})
    for word in asked.text.lower().split()[:WORDS_MOST]:
        rows = rows.filter(haystack__contains=word)
    return rows


def list_families(asked: PolicyFilter, *, after: str | None = None, limit: int = 30) -> Page[FamilyLine]:
    """Return the families with a published policy that is asked for, by code; arguments as `list_policies`."""
    limit = max(1, min(limit, PAGE_MOST))
    rows = _of(asked).filter(family__gt=after) if after else _of(asked)
    named = rows.order_by("family").values_list("family", "title", "department", "target", "cap_fen", "budget_fen")
    listed = [
        FamilyLine(FamilyCode(code), title, department, Target(target), cap_fen, budget_fen)
        for code, title, department, target, cap_fen, budget_fen in named.distinct()[: limit + 1]
    ]
    more = listed[limit - 1].code if len(listed) > limit else None
    return Page(tuple(listed[:limit]), more)


def list_cards(asked: PolicyFilter, *, home: str = "", after: str | None = None, limit: int = 30) -> Page[FamilyCard]:
    """Return the families that have a policy asked for, each with one of those; two queries.

    Args:
        asked: What to keep.
        home: Division of the reader, whose policy is shown when there is one.
        after: `Page.next` of the page before.
        limit: At most 100.
    """
    page = list_families(asked, after=after, limit=limit)
    rows = _of(asked).filter(family__in=[line.code for line in page.rows]).order_by("-year", "division")
    by_family: dict[str, list[Policy]] = {}
    for row in rows:
        by_family.setdefault(row.family, []).append(row)
    return Page(tuple(_card(by_family[line.code], home) for line in page.rows), page.next)


def _card(rows: Sequence[Policy], home: str) -> FamilyCard:
    shown = next((row for row in rows if row.division == home), rows[0])
    years = tuple(sorted({row.year for row in rows}, reverse=True))
    return FamilyCard(shown.to_view(), len({row.division for row in rows}), years)


def list_facets() -> tuple[tuple[str, ...], tuple[tuple[str, str], ...], tuple[int, ...]]:
    """Return what lists can be narrowed by: departments, (division, its name), years."""
    rows = Policy.objects.filter(current=True).order_by()
    departments = sorted(rows.values_list("department", flat=True).distinct())
    places = sorted(rows.values_list("division", "place").distinct())
    years = sorted(rows.values_list("year", flat=True).distinct(), reverse=True)
    return tuple(departments), tuple(places), tuple(years)


def get_policy(code: str) -> PolicyView:
    """Return a published policy.

    Raises:
        PolicyNotFound: The code is unknown, or the policy is gone.
    """
    row = Policy.objects.filter(code=code, current=True).first()
    if row is None:
        raise PolicyNotFound
    return row.to_view()


def list_published(family: str) -> tuple[PolicyView, ...]:
    """Return the published policies of a family, by division and year."""
    rows = Policy.objects.filter(family=family, current=True).order_by("division", "year")
    return tuple(row.to_view() for row in rows)


def list_open(target: Target, home: str) -> tuple[PolicyView, ...]:
    """Return every policy for a kind of subject, of a county and of the whole city, the newest year first.

    Args:
        target: For whom.
        home: Division of 6 digits; '' for the city's policies only. Some hundreds of policies at most.
    """
    city = Specs.objects.values_list("city", flat=True).first() or ""
    rows = Policy.objects.filter(current=True, target=target, division__in=[city, home])
    return tuple(row.to_view() for row in rows.order_by("-year", "code"))


def get_family(code: str, *, on: date) -> Family:
    """Return a family with the rules in force on a day.

    Raises:
        PolicyNotFound: The code is unknown, or the family is gone.
    """
    row = PolicyFamily.objects.filter(code=code, current=True).first()
    if row is None:
        raise PolicyNotFound
    return with_rules(read_family(row.table), rules_in_force(prefix=f"{BOOK}/{code}", on=on))


def get_page(code: str, *, today: date) -> PolicyPage:
    """Return a published policy in full, with the rules of its day.

    Raises:
        PolicyNotFound: The code is unknown, or the policy is gone.
    """
    view = get_policy(code)
    family = get_family(view.published.family, on=day_of(view.published, today))
    return PolicyPage(view, family, list_criteria(family), get_payment(family))


def list_criteria(family: Family) -> tuple[Criterion, ...]:
    """Return a family's conditions with the facts they look at."""
    return criteria_of(family, sheet_of(family.target))


def get_payment(family: Family) -> Payment:
    """Return what a family pays, in words."""
    return payment_of(family, sheet_of(family.target))


def get_families(codes: Collection[str], *, on: date) -> dict[str, Family]:
    """Return those of the families that are in the book, by code, with the rules in force on a day; two queries."""
    rules: dict[str, list[int]] = {}
    found = rules_in_force(prefix=BOOK, on=on)
    for position, rule in enumerate(found):
        rules.setdefault(rule.owner, []).append(position)
    rows = PolicyFamily.objects.filter(code__in=list(codes), current=True)
    return {row.code: with_rules(read_family(row.table), [found[i] for i in rules.get(row.code, [])]) for row in rows}
