"""The notice centre: told once, listed by key, read by the recipient only."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from shuzheng.base.kernel.types import SYSTEM, Actor, NoticeId, PersonId
from shuzheng.base.notices import errors
from shuzheng.base.notices.actions import mark_all_read, mark_read, send_notice
from shuzheng.base.notices.models import Notice
from shuzheng.base.notices.queries import count_unread, get_notice, list_notices

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ME, OTHER = PersonId(UUID(int=1)), PersonId(UUID(int=2))
I, STRANGER = Actor("甲", person=ME), Actor("乙", person=OTHER)  # noqa: E741
Queries = Callable[[int], AbstractContextManager[object]]


def tell(to: PersonId = ME, **over: Any) -> None:
    given: dict[str, Any] = {
        "kind": "case",
        "title": "已受理",
        "body": "请等候审批",
        "link": "/my/cases/1/",
        "key": "accepted:1",
        "at": AT,
    }
    send_notice(to, **(given | over))


def test_a_notice_is_told_and_shown(db: None) -> None:
    tell()
    (seen,) = list_notices(ME).rows
    assert (seen.kind, seen.title, seen.body, seen.link) == ("case", "已受理", "请等候审批", "/my/cases/1/")
    assert (seen.sent_at, seen.is_read, count_unread(ME)) == (AT, False, 1)


def test_telling_is_one_statement(db: None, django_assert_num_queries: Queries) -> None:
    with django_assert_num_queries(1):
        tell()


def test_the_same_key_tells_once(db: None) -> None:
    tell()
    tell(title="又受理了")
    assert [seen.title for seen in list_notices(ME).rows] == ["已受理"]


def test_the_same_key_tells_each_person(db: None) -> None:
    tell()
    tell(OTHER)
    assert (count_unread(ME), count_unread(OTHER)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_time_tells_once() -> None:
    def tell_from_a_thread(_: int) -> None:
        try:
            tell()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tell_from_a_thread, range(8)))
    assert Notice.objects.count() == 1


def test_an_unfit_notice_is_not_sent(db: None) -> None:
    with pytest.raises(errors.NoticeUnfit):
        tell(link="https://elsewhere.example/")
    assert not Notice.objects.exists()


def test_notices_are_paged_newest_first(db: None, django_assert_num_queries: Queries) -> None:
    for n in range(5):
        tell(key=str(n), title=f"第 {n} 条")
    with django_assert_num_queries(1):
        first = list_notices(ME, limit=3)
    rest = list_notices(ME, after=first.next, limit=3)
    assert [seen.title for seen in (*first.rows, *rest.rows)] == [f"第 {n} 条" for n in (4, 3, 2, 1, 0)]
    assert (first.next is None, rest.next) == (False, None)


@pytest.mark.parametrize("after", ["x", "-1", "", "1 or 1=1", "9" * 30])
def test_a_made_up_position_is_refused(db: None, after: str) -> None:
    with pytest.raises(errors.PositionInvalid):
        list_notices(ME, after=after)


def test_counting_stops_at_the_cap(db: None, django_assert_num_queries: Queries) -> None:
    for n in range(7):
        tell(key=str(n))
    with django_assert_num_queries(1):
        assert count_unread(ME, cap=5) == 5
    assert count_unread(ME) == 7


def test_counting_reads_no_more_rows_than_the_cap(db: None) -> None:
    sql = str(Notice.objects.filter(person_id=ME, read_at__isnull=True).order_by()[:100].query)
    assert "LIMIT 100" in sql


def test_the_recipient_marks_a_notice_read_and_the_first_time_counts(db: None) -> None:
    tell()
    (seen,) = list_notices(ME).rows
    mark_read(seen.id, actor=I, at=AT)
    mark_read(seen.id, actor=I, at=AT + timedelta(hours=1))
    assert get_notice(seen.id, person=ME).read_at == AT
    assert count_unread(ME) == 0
    assert list_notices(ME, unread_only=True).rows == ()


@pytest.mark.parametrize("actor", [STRANGER, SYSTEM])
def test_nobody_else_reads_or_marks_it(db: None, actor: Actor) -> None:
    tell()
    (seen,) = list_notices(ME).rows
    with pytest.raises(errors.NoSuchNotice):
        mark_read(seen.id, actor=actor, at=AT)
    with pytest.raises(errors.NoSuchNotice):
        get_notice(seen.id, person=OTHER)
    assert count_unread(ME) == 1


def test_an_unknown_notice_is_not_found(db: None) -> None:
    with pytest.raises(errors.NoSuchNotice):
        mark_read(NoticeId(UUID(int=9)), actor=I, at=AT)


def test_all_of_ones_own_are_marked_at_once(db: None) -> None:
    for n in range(3):
        tell(key=str(n))
    tell(OTHER)
    tell(key="later", at=AT + timedelta(minutes=1))
    assert mark_all_read(actor=I, at=AT) == 3
    assert (count_unread(ME), count_unread(OTHER)) == (1, 1)
    assert mark_all_read(actor=SYSTEM, at=AT) == 0


def test_no_repr_shows_what_was_told(db: None) -> None:
    tell(title="诊断书已收到")
    assert "诊断书" not in repr(list_notices(ME)) + str(Notice.objects.get())
