"""Find a case within one's unit: by its number, by the applicant's name, or by the item."""

from dataclasses import dataclass

from shuzheng.base.kernel.errors import NotFound, Refused
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.cases.queries import get_case, list_inbox
from shuzheng.engines.cases.types import InboxFilter, InboxRow

SCANNED = 600
"""Open cases looked through for a name, the earliest due first; the page says so when there are more."""
PAGE = 100
NUMBER_DIGITS = 18
"""A case number has six digits of the county, eight of the day, four or more of the running number."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: a case by its number, or rows."""

    number: str = ""
    rows: tuple[InboxRow, ...] = ()
    capped: bool = False
    refusal: Refused | None = None


def find_cases(q: str, *, actor: Actor) -> Found:
    """Return the case of a full number, else the open cases whose number, applicant or item contains the words."""
    if q.isdecimal() and len(q) >= NUMBER_DIGITS:
        try:
            return Found(number=get_case(q, actor=actor).number)
        except NotFound:
            return Found()
        except Refused as refusal:
            return Found(refusal=refusal)
    wanted = q.casefold()
    rows: list[InboxRow] = []
    after: str | None = None
    for _page in range(SCANNED // PAGE):
        page = list_inbox(actor, after=after, limit=PAGE, filters=InboxFilter(under=True))
        rows += [row for row in page.rows if _holds(row, wanted)]
        after = page.next
        if after is None:
            break
    return Found(rows=tuple(rows), capped=after is not None)


def _holds(row: InboxRow, wanted: str) -> bool:
    return any(wanted in text.casefold() for text in (row.number, row.applicant_name, row.title))
