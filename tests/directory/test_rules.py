"""Locks, names and passwords."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.directory.errors import NameUnfit, PasswordUnfit
from shuzheng.base.directory.rules.signing import (
    LOCK,
    NAME_FAILURES,
    WINDOW,
    Tries,
    check_name,
    check_password,
    count_failure,
    lock_of,
    may_manage,
    may_sign_in,
)
from shuzheng.base.kernel.types import SYSTEM, Actor, PersonId
from tests.directory.builders import AT


@given(st.lists(st.integers(min_value=0, max_value=3600), min_size=1, max_size=40))
def test_a_lock_falls_exactly_when_five_failures_lie_within_fifteen_minutes(seconds: list[int]) -> None:
    moments = [AT + timedelta(seconds=s) for s in sorted(seconds)]
    tries = Tries()
    recent: list[datetime] = []
    for moment in moments:
        tries = count_failure(tries, limit=NAME_FAILURES, at=moment)
        recent = [*(m for m in recent if moment - m < WINDOW), moment]
        assert (lock_of(tries, moment) is not None) == (len(recent) >= NAME_FAILURES)
        recent = [] if len(recent) >= NAME_FAILURES else recent


def test_a_lock_ends_after_fifteen_minutes() -> None:
    tries = Tries(locked_until=AT + LOCK)
    assert lock_of(tries, AT + LOCK - timedelta(seconds=1)) == AT + LOCK
    assert lock_of(tries, AT + LOCK) is None


@pytest.mark.parametrize("name", ["ab", "Zhang", "1zhang", "zhang wei", "张伟", "a" * 33, "zhang\n"])
def test_a_sign_in_name_of_another_form_is_refused(name: str) -> None:
    with pytest.raises(NameUnfit):
        check_name(name)


@pytest.mark.parametrize("password", ["short", "x" * 257, "aaaaaaaaaa", "ZhangWei88"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(PasswordUnfit):
        check_password(password, sign_in_name="zhangwei88")


def test_only_a_person_in_normal_status_signs_in() -> None:
    assert may_sign_in(status="正常", closed=False)
    assert not may_sign_in(status="死亡", closed=False)
    assert not may_sign_in(status="正常", closed=True)


def test_accounts_are_managed_by_the_platform_and_its_administrators_only(person_id: PersonId) -> None:
    assert may_manage(SYSTEM)
    assert may_manage(Actor("甲", person=person_id, roles=frozenset({"administrator"})))
    assert not may_manage(Actor("甲", person=person_id, roles=frozenset({"approval"})))
