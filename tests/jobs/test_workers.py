"""Several workers at once, on a database that really commits."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from shuzheng.base.jobs.actions import enqueue, run_due, run_worker
from shuzheng.base.jobs.models import Outbox
from shuzheng.base.jobs.types import Handler, Periodic
from shuzheng.base.kernel.registry import Registry
from shuzheng.base.kernel.types import JsonObject

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
JOBS = 24
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Counter[object]:
    ran: Counter[object] = Counter()

    def note(payload: JsonObject, at: datetime) -> None:
        ran[payload["n"]] += 1

    def tick(at: datetime) -> None:
        ran["tick"] += 1

    handlers: Registry[Handler] = Registry("job handler")
    handlers.register("t.note", note)
    schedule: Registry[Periodic] = Registry("schedule")
    schedule.register("t.tick", Periodic(timedelta(days=36_500), tick))
    monkeypatch.setattr("shuzheng.base.jobs.actions.worker.HANDLERS", handlers)
    monkeypatch.setattr("shuzheng.base.jobs.actions.worker.SCHEDULE", schedule)
    return ran


def add_jobs() -> None:
    for n in range(JOBS):
        enqueue("t.note", {"n": n}, key=str(n), at=AT)


def test_two_workers_at_once_take_each_job_and_each_period_once(ran: Counter[object]) -> None:
    add_jobs()
    gate = threading.Barrier(2)

    def work() -> None:
        gate.wait()
        run_due(at=AT)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert ran.pop("tick") == 1
    assert sorted(ran.items()) == [(n, 1) for n in range(JOBS)]
    assert set(Outbox.objects.values_list("state", "attempts")) == {("done", 1)}


def test_the_worker_loop_works_off_what_is_due_and_stops_when_told(ran: Counter[object]) -> None:
    add_jobs()
    stop = threading.Event()
    worker = threading.Thread(target=run_worker, args=(stop,))
    worker.start()
    for _ in range(200):
        if Outbox.objects.filter(state="done").count() == JOBS:
            break
        stop.wait(0.05)
    stop.set()
    worker.join(10)
    assert not worker.is_alive()
    assert ran["tick"] == 1
    assert sum(ran.values()) == JOBS + 1
