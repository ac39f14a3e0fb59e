"""Reads of the notice centre."""

from shuzheng.base.kernel.types import NoticeId, Page, PersonId
from shuzheng.base.notices.errors import NoSuchNotice
from shuzheng.base.notices.models import Notice
from shuzheng.base.notices.rules import parse_position
from shuzheng.base.notices.types import NoticeView

PAGE_MOST = 100


def list_notices(
    person: PersonId, *, after: str | int | None = None, limit: int = 20, unread_only: bool = False
) -> Page[NoticeView]:
    """Return a person's notices, newest first.

    Args:
        person: Whose.
        after: `Page.next` of the page before.
        limit: At most 100.
        unread_only: Leave out what was read.

    Raises:
        PositionInvalid: `after` is not a position.
    """
    limit = max(1, min(limit, PAGE_MOST))
    rows = Notice.objects.filter(person_id=person)
    if unread_only:
        rows = rows.filter(read_at__isnull=True)
    if after is not None:
        rows = rows.filter(pk__lt=parse_position(after))
    listed = list(rows.order_by("-pk")[: limit + 1])
    more = str(listed[limit - 1].pk) if len(listed) > limit else None
    return Page(tuple(row.to_view() for row in listed[:limit]), more)


def get_notice(notice_id: NoticeId, *, person: PersonId) -> NoticeView:
    """Return one of a person's notices.

    Raises:
        NoSuchNotice: It does not exist, or is another person's.
    """
    row = Notice.objects.filter(public_id=notice_id, person_id=person).first()
    if row is None:
        raise NoSuchNotice
    return row.to_view()


def count_unread(person: PersonId, cap: int = 100) -> int:
    """Return how many notices are unread; counting stops at `cap`, so the cost does not grow with neglect."""
    return Notice.objects.filter(person_id=person, read_at__isnull=True).order_by()[:cap].count()
