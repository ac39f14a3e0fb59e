"""Several at once, on whichever database the tests run: one wins, the others are told, nothing is half done."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.base.ledger.queries import list_entries
from shuzheng.engines.cases import actions, errors
from shuzheng.engines.cases.actions.writing import lock_case
from shuzheng.engines.cases.models import Case, History, Token
from shuzheng.engines.cases.queries import get_case_by_id
from shuzheng.engines.cases.types import CaseView
from shuzheng.packs.queries import read_pack
from tests.cases.making import (
    AT,
    BUREAU,
    PACK,
    complete,
    drawing,
    local,
    make_new_case,
    make_officer,
    make_owner,
    open_one,
)

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


@pytest.fixture(autouse=True)
def _city() -> None:
    directory_pack.apply(read_pack(PACK), actor=SYSTEM, at=AT)
    actions.publish_process("promised", drawing("promised"), actor=SYSTEM, at=AT)


def at_once(*attempts: Callable[[], CaseView]) -> list[CaseView | ShuzhengError]:
    """Run attempts in threads that start together, each with a connection of its own."""
    gate = threading.Barrier(len(attempts))

    def run(attempt: Callable[[], CaseView]) -> CaseView | ShuzhengError:
        gate.wait()
        try:
            return attempt()
        except ShuzhengError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


def test_of_many_officers_at_once_one_wins_and_the_others_are_told() -> None:
    case = open_one()
    outcomes = ["accept", "supplement", "not_accept"] * (AT_ONCE // 3)
    officers = [make_officer(name=f"窗口{n}号") for n in range(AT_ONCE)]
    results = at_once(*(lambda o=o, a=a: complete(case, o, a) for o, a in zip(outcomes, officers, strict=True)))
    won = [result for result in results if isinstance(result, CaseView)]
    lost = [result for result in results if isinstance(result, errors.TaskGone)]
    assert (len(won), len(lost)) == (1, AT_ONCE - 1)
    winner = History.objects.get(act="completed").name
    assert {error.facts["by"] for error in lost} == {winner}
    assert get_case_by_id(case.id) == won[0]
    assert won[0].rev == 2
    assert len(list_entries(case.urn)) == 2


def test_one_command_sent_many_times_at_once_acts_once() -> None:
    case, clerk, command = open_one(), make_officer(), uuid4()
    results = at_once(*[lambda: complete(case, "accept", clerk, command_id=command)] * AT_ONCE)
    assert all(result == results[0] and isinstance(result, CaseView) for result in results)
    assert History.objects.filter(act="completed").count() == 1


def test_a_form_submitted_many_times_at_once_opens_one_case() -> None:
    owner, command = make_owner(), uuid4()
    new = make_new_case(owner)
    results = at_once(*[lambda: actions.open_case(new, command_id=command, actor=owner, at=AT)] * AT_ONCE)
    assert all(result == results[0] for result in results)
    assert Case.objects.count() == 1


def test_cases_opened_at_once_get_different_numbers() -> None:
    results = at_once(*[open_one] * AT_ONCE)
    numbers = sorted(result.number for result in results if isinstance(result, CaseView))
    assert numbers == [f"99010220261120{n:04d}" for n in range(1, AT_ONCE + 1)]


def test_sweeps_at_once_fire_each_timer_once() -> None:
    for minute in range(6):
        open_one(at=AT + timedelta(minutes=minute))
    night, fired = local(2026, 11, 28, 0, 1), []

    def sweep() -> CaseView:
        fired.append(actions.fire_due_timers(at=night))
        raise errors.CaseNotFound

    at_once(*[sweep] * 4)
    while left := actions.fire_due_timers(at=night):
        fired.append(left)
    assert sum(fired) == History.objects.filter(act="timer").count() == 6
    assert not Token.objects.filter(node="acceptance_timer", state="o").exists()


@pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="needs PostgreSQL: row locks do not exist on SQLite; set DATABASE_URL=postgresql://… to run it",
)
def test_a_busy_case_is_skipped_by_the_sweep_and_waits_for_no_one() -> None:
    case = open_one()
    with transaction.atomic():
        assert lock_case(case.id)
        swept: list[int] = []

        def sweep() -> CaseView:
            swept.append(actions.fire_due_timers(at=local(2026, 11, 28, 0, 1)))
            raise errors.CaseNotFound

        at_once(sweep)
    assert swept == [0]
    assert actions.fire_due_timers(at=local(2026, 11, 28, 0, 1)) == 1


@pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="needs PostgreSQL: a writer that waited must read the tokens after the lock; set DATABASE_URL to run it",
)
def test_who_waited_for_the_lock_sees_the_tokens_of_the_new_revision() -> None:
    case, entered = open_one(), threading.Event()
    results: list[CaseView | ShuzhengError] = []

    def second() -> None:
        entered.wait()
        results.extend(at_once(lambda: complete(case, "supplement", make_officer(BUREAU))))

    waiting = threading.Thread(target=second)
    waiting.start()
    with transaction.atomic():
        complete(case, "accept", make_officer())
        entered.set()
        waiting.join(0.3)
        assert not results
    waiting.join()
    assert isinstance(results[0], errors.TaskGone)
