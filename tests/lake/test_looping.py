"""The lake's loop goes on, whatever one source does."""

import threading
from types import SimpleNamespace

import pytest

from shuzheng.engines.lake.actions import looping


def test_a_failure_nobody_foresaw_does_not_end_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, seen = threading.Event(), []

    def tend(**_: object) -> None:
        seen.append("tended")
        if len(seen) > 1:
            stop.set()
        raise RuntimeError("a source of another world")

    monkeypatch.setattr(looping, "gather_asked", lambda **_: 1)
    monkeypatch.setattr(looping, "tend", tend)
    monkeypatch.setattr(looping, "close_old_connections", lambda: None)
    monkeypatch.setattr(looping, "connection", SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(looping, "_PAUSE_SECONDS", 0.0)
    looping.run_lake(stop)
    assert seen == ["tended", "tended"]


def test_the_loop_goes_on_with_what_is_being_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, asked = threading.Event(), []

    def seal_asked(*, again: bool = True, **_: object) -> int:
        asked.append(again)
        if not again:
            stop.set()
        return 0

    monkeypatch.setattr(looping, "gather_asked", lambda **_: 0)
    monkeypatch.setattr(looping, "run_due_sources", lambda *_, **__: 0)
    monkeypatch.setattr(looping, "check_all_quality", lambda **_: ())
    monkeypatch.setattr(looping, "seal_asked", seal_asked)
    monkeypatch.setattr(looping, "close_old_connections", lambda: None)
    monkeypatch.setattr(looping, "connection", SimpleNamespace(close=lambda: None))
    looping.run_lake(stop)
    assert asked == [True, False]
