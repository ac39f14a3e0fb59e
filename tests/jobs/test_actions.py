"""Jobs: enqueued with the act, run once, tried again, given up, freed after a death."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from shuzheng.base.jobs import errors, rules
from shuzheng.base.jobs.actions import enqueue, purge_done_jobs, retry_dead_job, run_due
from shuzheng.base.jobs.actions.outbox import claim_due_job, finish_job
from shuzheng.base.jobs.models import Outbox, Tick
from shuzheng.base.jobs.queries import count_dead, count_waiting, get_backlog, list_dead_jobs
from shuzheng.base.jobs.types import HANDLERS, SCHEDULE, Handler, JobState, Periodic
from shuzheng.base.kernel.registry import Registry
from shuzheng.base.kernel.types import JsonObject

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


class Desk:
    """Handlers that note what they did."""

    def __init__(self) -> None:
        self.ran: list[JsonObject] = []
        self.ticks: list[datetime] = []
        self.broken = False

    def note(self, payload: JsonObject, at: datetime) -> None:
        """Note, or fail after a write that must be undone."""
        if self.broken:
            enqueue("t.note", {"leak": True}, key="leak", at=at)
            raise LookupError("身份证 11010519491231002X")
        self.ran.append(payload)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk()
    handlers: Registry[Handler] = Registry("job handler")
    schedule: Registry[Periodic] = Registry("schedule")
    handlers.register("t.note", desk.note)
    monkeypatch.setattr("shuzheng.base.jobs.actions.worker.HANDLERS", handlers)
    monkeypatch.setattr("shuzheng.base.jobs.actions.worker.SCHEDULE", schedule)
    return desk


def add_schedule(monkeypatch: pytest.MonkeyPatch, run: Callable[[datetime], None], **over: timedelta) -> None:
    schedule: Registry[Periodic] = Registry("schedule")
    schedule.register("t.tick", Periodic(over.get("every", timedelta(hours=1)), run, over.get("offset", timedelta(0))))
    monkeypatch.setattr("shuzheng.base.jobs.actions.worker.SCHEDULE", schedule)


def job(key: str = "k") -> Outbox:
    return Outbox.objects.get(key=key)


def test_a_due_job_runs_once_and_its_key_is_remembered(desk: Desk) -> None:
    enqueue("t.note", {"n": 1}, key="k", at=AT)
    enqueue("t.note", {"n": 2}, key="k", at=AT)
    assert run_due(at=AT) == 1
    enqueue("t.note", {"n": 3}, key="k", at=AT)
    assert run_due(at=AT) == 0
    assert desk.ran == [{"n": 1}]
    assert (job().state, job().attempts, job().finished_at) == (JobState.DONE, 1, AT)


def test_a_job_waits_for_its_time(desk: Desk) -> None:
    later = AT + timedelta(hours=2)
    enqueue("t.note", {}, key="k", at=AT, run_at=later)
    assert run_due(at=later - timedelta(microseconds=1)) == 0
    assert run_due(at=later) == 1


def test_jobs_run_in_the_order_they_fell_due(desk: Desk) -> None:
    for n in (3, 1, 2):
        enqueue("t.note", {"n": n}, key=f"k{n}", at=AT, run_at=AT + timedelta(seconds=n))
    assert run_due(at=AT + timedelta(minutes=1), limit=2) == 2
    assert desk.ran == [{"n": 1}, {"n": 2}]


def test_a_job_does_not_exist_when_its_act_was_undone(desk: Desk) -> None:
    with transaction.atomic():
        enqueue("t.note", {}, key="k", at=AT)
        transaction.set_rollback(True)
    assert not Outbox.objects.exists()


def test_a_failure_undoes_its_writes_keeps_the_class_only_and_waits_longer_each_time(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.broken = True
    enqueue("t.note", {}, key="k", at=AT)
    assert run_due(at=AT) == 1
    assert (job().state, job().attempts, job().last_error) == (JobState.WAITING, 1, "builtins.LookupError")
    assert job().run_at == AT + timedelta(seconds=10)
    assert not Outbox.objects.filter(key="leak").exists()
    assert "11010519491231002X" not in caplog.text
    assert run_due(at=AT + timedelta(seconds=9)) == 0
    assert run_due(at=AT + timedelta(seconds=10)) == 1
    assert job().run_at == AT + timedelta(seconds=10 + 40)
    desk.broken = False
    assert run_due(at=AT + timedelta(seconds=50)) == 1
    assert (job().state, job().last_error, desk.ran) == (JobState.DONE, "", [{}])


def test_a_poison_job_ends_as_a_dead_letter_and_does_not_hold_up_others(desk: Desk) -> None:
    enqueue("t.nobody", {}, key="poison", at=AT)
    enqueue("t.note", {"n": 1}, key="good", at=AT)
    now = AT
    for _ in range(rules.MAX_ATTEMPTS):
        run_due(at=now)
        now = max(now, job("poison").run_at)
    assert desk.ran == [{"n": 1}]
    assert (job("poison").state, job("poison").last_error) == (JobState.DEAD, "builtins.KeyError")
    assert run_due(at=now + timedelta(days=30)) == 0
    (dead,) = list_dead_jobs()
    assert (dead.handler, dead.attempts) == ("t.nobody", rules.MAX_ATTEMPTS)
    assert (get_backlog(at=now).dead, count_dead(), count_waiting()) == (1, 1, 0)


def test_a_dead_letter_can_be_started_again_and_only_a_dead_one(desk: Desk) -> None:
    enqueue("t.note", {}, key="k", at=AT)
    with pytest.raises(errors.JobNotDead):
        retry_dead_job(job().id, at=AT)
    with pytest.raises(errors.JobNotFound):
        retry_dead_job(0, at=AT)
    assert job().attempts == 0
    Outbox.objects.update(state="dead", attempts=8)
    assert retry_dead_job(job().id, at=AT).state is JobState.WAITING
    assert run_due(at=AT) == 1


def test_a_job_whose_worker_was_killed_is_freed_when_the_lease_ends(desk: Desk) -> None:
    enqueue("t.note", {"n": 1}, key="k", at=AT)
    dead_worker = claim_due_job(at=AT)
    assert dead_worker is not None
    assert run_due(at=AT + rules.LEASE) == 0, "the lease still holds"
    lapsed = AT + rules.LEASE + timedelta(seconds=1)
    assert run_due(at=lapsed) == 0
    assert (job().state, job().last_error) == (JobState.WAITING, "shuzheng.base.jobs.errors.WorkerLost")
    assert run_due(at=lapsed + timedelta(seconds=10)) == 1
    assert desk.ran == [{"n": 1}]


def test_a_job_that_kills_every_worker_ends_as_a_dead_letter(desk: Desk) -> None:
    enqueue("t.note", {}, key="k", at=AT)
    now = AT
    for _ in range(rules.MAX_ATTEMPTS):
        assert claim_due_job(at=now) is not None
        now += rules.LEASE + timedelta(seconds=1)
        run_due(at=now)
        now = max(now, job().run_at)
    assert job().state == JobState.DEAD
    assert desk.ran == []


def test_a_worker_that_outlived_its_lease_cannot_finish_the_job(desk: Desk) -> None:
    enqueue("t.note", {}, key="k", at=AT)
    slow = claim_due_job(at=AT)
    assert slow is not None
    lapsed = AT + rules.LEASE + timedelta(seconds=1)
    run_due(at=lapsed)
    assert run_due(at=lapsed + timedelta(seconds=10)) == 1
    with pytest.raises(errors.LeaseLost):
        finish_job(slow, at=lapsed)
    assert job().state == JobState.DONE


def test_a_schedule_runs_at_most_once_a_period(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    add_schedule(monkeypatch, desk.ticks.append)
    assert run_due(at=AT) == 1
    assert run_due(at=AT + timedelta(minutes=59)) == 0
    assert run_due(at=AT + timedelta(hours=1)) == 1
    assert run_due(at=AT + timedelta(hours=5)) == 1, "missed periods are not made up"
    assert run_due(at=AT + timedelta(hours=2)) == 0, "nor does a clock set back repeat one"
    assert desk.ticks == [AT, AT + timedelta(hours=1), AT + timedelta(hours=5)]


def test_an_offset_moves_the_start_of_a_period(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    add_schedule(monkeypatch, desk.ticks.append, every=timedelta(days=1), offset=timedelta(hours=18))
    day = datetime(2026, 11, 24, 17, 59, tzinfo=UTC)
    assert run_due(at=day) == 1
    assert run_due(at=day + timedelta(minutes=1)) == 1


def test_a_failing_schedule_is_noted_and_jobs_still_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(at: datetime) -> None:
        raise ZeroDivisionError

    add_schedule(monkeypatch, fail)
    enqueue("t.note", {"n": 1}, key="k", at=AT)
    assert run_due(at=AT) == 2
    assert Tick.objects.get().last_error == "builtins.ZeroDivisionError"
    assert desk.ran == [{"n": 1}]


def test_purging_deletes_only_what_was_done_long_ago(desk: Desk) -> None:
    enqueue("t.note", {}, key="k", at=AT)
    run_due(at=AT)
    enqueue("t.nobody", {}, key="dead", at=AT)
    Outbox.objects.filter(key="dead").update(state="dead", finished_at=AT)
    assert purge_done_jobs(at=AT + rules.KEEP_DONE) == 0
    assert purge_done_jobs(at=AT + rules.KEEP_DONE + timedelta(seconds=1)) == 1
    assert job("dead").state == JobState.DEAD


def test_the_backlog_says_since_when_the_oldest_job_is_due(desk: Desk) -> None:
    assert get_backlog(at=AT).oldest_due_at is None
    enqueue("t.note", {}, key="k", at=AT)
    backlog = get_backlog(at=AT + timedelta(hours=1))
    assert (backlog.waiting, backlog.running, backlog.oldest_due_at) == (1, 0, AT)


def test_the_ports_are_empty_until_the_composition_root_fills_them() -> None:
    assert "t.note" not in HANDLERS
    assert "t.tick" not in SCHEDULE
