"""The list of rules, one line a rule, as a reader may see it."""

from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuzheng.base.kernel.types import Actor, Page
from shuzheng.services.rulebook.models import RuleEdition
from shuzheng.services.rulebook.queries.editions import in_force, rows_with_sheets
from shuzheng.services.rulebook.queries.sheets import views_of
from shuzheng.services.rulebook.rules.permitting import readable_books
from shuzheng.services.rulebook.types import RuleFilter, RuleState, RuleView

PAGE_MOST: Final = 100
WORDS_MOST: Final = 8


def list_rules(
    asked: RuleFilter, *, on: date, actor: Actor | None = None, after: str | None = None, limit: int = 30
) -> Page[RuleView]:
    """Return rules by book, owner and position.

    Args:
        asked: What to keep.
        on: The day of `asked.state`.
        actor: The reader; who is no officer sees the public books only.
        after: `Page.next` of the page before.
        limit: At most 100.
    """
    limit = max(1, min(limit, PAGE_MOST))
    rows = _of(asked, on).filter(book__in=readable_books(actor))
    if after:
        rows = rows.filter(place__gt=after)
    listed = list(rows.order_by("place")[: limit + 1])
    more = listed[limit - 1].place if len(listed) > limit else None
    return Page(views_of(listed[:limit]), more)


def _of(asked: RuleFilter, on: date) -> QuerySet[RuleEdition]:
    rows = rows_with_sheets().filter(_state(asked.state, on))
    if asked.book:
        rows = rows.filter(book=asked.book)
    if asked.owner:
        rows = rows.filter(owner=asked.owner)
    if asked.kind is not None:
        rows = rows.filter(kind=asked.kind)
    for word in asked.text.lower().split()[:WORDS_MOST]:
        rows = rows.filter(haystack__contains=word)
    return rows


def _state(state: RuleState | None, on: date) -> Q:
    newer = RuleEdition.objects.filter(code=OuterRef("code"), edition__gt=OuterRef("edition"), held=False)
    match state:
        case RuleState.IN_FORCE:
            return in_force(on)
        case RuleState.COMING:
            return Q(Q(valid_to__isnull=True) | Q(valid_to__gt=on), held=False, valid_from__gt=on)
        case RuleState.ENDED:
            return Q(~Exists(newer), held=False, valid_to__lte=on)
        case _:
            return Q(~Exists(newer), held=False)
