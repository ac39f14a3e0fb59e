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
