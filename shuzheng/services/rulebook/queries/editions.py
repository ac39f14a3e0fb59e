"""Editions: the rule in force on a day, all of an owner's in one query, and the history of one."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Q, QuerySet

from shuzheng.services.rulebook.errors import RuleNotFound
from shuzheng.services.rulebook.models import RuleEdition
from shuzheng.services.rulebook.queries.sheets import views_of
from shuzheng.services.rulebook.types import RuleCode, RuleView


def in_force(on: date, as_of: datetime | None = None) -> Q:
    """Return the condition of being in force on a day; for this room only.

    Args:
        on: Local day.
        as_of: As the book was known at this moment: what was published or ended later does not count. None: as it is
            known now.
    """
    now = Q(held=False, valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    if as_of is None:
        return now
    ended_later = Q(held=False, valid_from__lte=on, closed_at__gt=as_of)
    ended_later &= Q(planned_to__isnull=True) | Q(planned_to__gt=on)
    return Q(published_at__lte=as_of) & (now | ended_later)


def rows_with_sheets() -> QuerySet[RuleEdition]:
    """Return all editions with their sheets' names, without the facts; for this room only."""
    return RuleEdition.objects.select_related("sheet").defer("sheet__facts", "haystack")


def get_rule(code: RuleCode | str, on: date, *, as_of: datetime | None = None) -> RuleView:
    """Return the edition of a rule in force on a day.

    Raises:
        RuleNotFound: None is.
    """
    found = rules_in_force([RuleCode(code)], on=on, as_of=as_of)
    if not found:
        raise RuleNotFound
    return found[0]


def rules_in_force(
    codes: Collection[RuleCode] | None = None, *, prefix: str = "", on: date, as_of: datetime | None = None
) -> tuple[RuleView, ...]:
    """Return the rules in force on a day, in order, by one query (and one more for facts not read before).

    Args:
        codes: These rules.
        prefix: Instead of `codes`: those of `<book>` or `<book>/<owner>`.
        on: Local day.
        as_of: As the book was known at this moment, see `in_force`.
    """
    rows = rows_with_sheets().filter(in_force(on, as_of))
    if codes is not None:
        rows = rows.filter(code__in=list(codes))
    else:
        book, _, owner = prefix.strip("/").partition("/")
        rows = rows.filter(book=book, owner=owner) if owner else rows.filter(book=book)
    newest: dict[str, RuleEdition] = {}
    for row in rows.order_by("place", "edition"):
        newest[row.code] = row
    return views_of(newest.values())


def history_of(code: RuleCode | str) -> tuple[RuleView, ...]:
    """Return every edition of a rule, the newest first; a pack's text that was held is among them.

    Raises:
        RuleNotFound: No such rule.
    """
    found = views_of(rows_with_sheets().filter(code=code).order_by("-edition"))
    if not found:
        raise RuleNotFound
    return found
