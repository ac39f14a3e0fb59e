"""Tell a person something, and mark what was read. Not ledgered: the act that is told about already is.

Telling is one statement inside the caller's transaction; through which channels it leaves is decided afterwards.
"""

from collections.abc import Iterable
from datetime import datetime

from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor, NoticeId, PersonId
from shuzheng.base.notices.errors import NoSuchNotice
from shuzheng.base.notices.models import Notice
from shuzheng.base.notices.rules import check_notice


def send_notice(to: PersonId, *, kind: str, title: str, body: str, link: str, key: str, at: datetime) -> None:
    """Tell a person something, once: a second notice with the same key to the same person is dropped. One statement.

    Args:
        to: The recipient.
        kind: Such as `case`.
        title: Chinese, at most 120 characters, without sealed personal data.
        body: Chinese.
        link: Path on this site, '' for none.
        key: What happened, such as `cases.accepted:<case id>`.
        at: When.

    Raises:
        NoticeUnfit: No title or key, or a link that leaves the site.
    """
    check_notice(title=title, link=link, key=key)
    notice = Notice(
        public_id=new_id(at), person_id=to, kind=kind, title=title, body=body, link=link, key=key, sent_at=at
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)


def send_notices(
    people: Iterable[PersonId], *, kind: str, title: str, body: str, link: str, key: str, at: datetime
) -> None:
    """Tell many people the same, once each; a statement for every few hundred. Arguments and refusal as above."""
    check_notice(title=title, link=link, key=key)
    notices = [
        Notice(public_id=new_id(at), person_id=to, kind=kind, title=title, body=body, link=link, key=key, sent_at=at)
        for to in people
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=500)


def mark_read(notice_id: NoticeId, *, actor: Actor, at: datetime) -> None:
    """Mark a notice as read by its recipient; the first time counts.

    Raises:
        NoSuchNotice: It does not exist, or is another person's.
    """
    if actor.person is None:
        raise NoSuchNotice
    mine = Notice.objects.filter(public_id=notice_id, person_id=actor.person)
    if mine.filter(read_at__isnull=True).update(read_at=at) == 0 and not mine.exists():
        raise NoSuchNotice


def mark_all_read(*, actor: Actor, at: datetime) -> int:
    """Mark everything sent to the actor so far as read; return how many notices that were."""
    if actor.person is None:
        return 0
    return Notice.objects.filter(person_id=actor.person, read_at__isnull=True, sent_at__lte=at).update(read_at=at)
