"""Find a case within one's unit: by its number, by the applicant's name, or by the item's words."""

from dataclasses import dataclass
from datetime import date

from shuzheng.base.kernel.errors import NotFound, Refused
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.cases.queries import find_cases, get_case, list_inbox
from shuzheng.engines.cases.types import InboxFilter
from shuzheng.portals.officer.presenting import Row, read_cases, read_rows
from shuzheng.services.items.queries import search_items

NUMBER_DIGITS = 18
"""A case number has six digits of the county, eight of the day, four or more of the running number."""
ITEMS = 3
"""Items whose open cases are listed, the best match first."""
PAGE = 20


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        number: Of the one case that was asked for by its full number.
        refusal: Why that case is not shown: another unit handles it.
        next: Position to continue from.
    """

    number: str = ""
    rows: tuple[Row, ...] = ()
    next: str | None = None
    refusal: Refused | None = None


def find_for(q: str, *, actor: Actor, today: date, after: str | None = None) -> Found:
    """Return the case of a full number; else cases by beginning of number or by applicant; else open ones by item."""
    if q.isdecimal() and len(q) >= NUMBER_DIGITS:
        try:
            return Found(number=get_case(q, actor=actor).number)
        except NotFound:
            return Found()
        except Refused as refusal:
            return Found(refusal=refusal)
    page = find_cases(q, actor=actor, after=after, limit=PAGE)
    if page.rows or q.isdecimal():
        return Found(rows=read_cases(page.rows, today=today), next=page.next)
    return Found(rows=_by_item(q, actor=actor, today=today))


def _by_item(q: str, *, actor: Actor, today: date) -> tuple[Row, ...]:
    rows: list[Row] = []
    for item in search_items(q, limit=ITEMS).rows:
        rows += read_rows(list_inbox(actor, limit=PAGE, filters=InboxFilter(items=(item.code,))).rows, today=today)
    return tuple(rows)
