"""Queries in processes of their own: started beforehand, given one job each, ended when they overrun."""

import atexit
import json
import os
import pickle
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Final

import pyarrow as pa

from shuzheng.base.kernel.said import said
from shuzheng.engines.lake.backends.guarded_child import LENGTH, Job, Limits
from shuzheng.engines.lake.errors import AnswerTooLarge, QueryFailed, QueryRefused, QueryTooLong

__all__ = ["NAMES_MISFIT", "Job", "Limits", "Pool", "pool"]

NAMES_MISFIT: Final = said("列名、函数或类型对不上")
"""Said where the engine knows a name or a type not; which one it says is not repeated."""

GRACE: Final = 3.0
"""Seconds beyond its limit after which the process is killed; within it the engine is interrupted and says so."""
WARM: Final = 2
_HOME: Final = str(Path(__file__).parents[4])
"""Where the package lies: the process must run this code, not that of another checkout."""
_COMMAND: Final = (sys.executable, "-m", "shuzheng.engines.lake.backends.guarded_child")


class Pool:
    """Processes that wait for a job. Each serves one query and ends, so that none inherits anything of another's.

    Args:
        warm: How many wait.
    """

    def __init__(self, warm: int = WARM) -> None:
        self._warm = warm
        self._waiting: deque[subprocess.Popen[bytes]] = deque()
        self._lock = threading.Lock()
        self._owner = os.getpid()
        atexit.register(self.close)

    def run(self, job: Job) -> pa.Table:
        """Return at most one row more than the job's limit.

        Raises:
            QueryRefused: The second wall refused it, or a name or type does not fit.
            QueryFailed: It gave an error; nothing more is said.
            QueryTooLong: It used up its time or memory.
            AnswerTooLarge: The answer has too many bytes.
        """
        process = self._take()
        timer = threading.Timer(job.limits.seconds + GRACE, process.kill)
        timer.daemon = True
        timer.start()
        began = time.monotonic()
        try:
            given, _nothing = process.communicate(_framed(job))
        finally:
            timer.cancel()
            process.kill()
            process.wait()
        self.warm_up()
        late = time.monotonic() - began >= job.limits.seconds
        return _answer(given, job.limits, process.returncode, late=late)

    def warm_up(self) -> None:
        """Start processes until as many wait as should."""
        with self._lock:
            self._forget_forked()
            while len(self._waiting) < self._warm:
                self._waiting.append(_started())

    def close(self) -> None:
        """End those that wait."""
        with self._lock:
            self._forget_forked()
            while self._waiting:
                process = self._waiting.pop()
                process.kill()
                process.communicate()

    def _take(self) -> "subprocess.Popen[bytes]":
        with self._lock:
            self._forget_forked()
            while self._waiting:
                process = self._waiting.popleft()
                if process.poll() is None:
                    return process
        return _started()

    def _forget_forked(self) -> None:
        """After a fork the processes that wait are the parent's."""
        if self._owner != os.getpid():
            self._owner, self._waiting = os.getpid(), deque()


pool: Final = Pool()
"""Of this process."""


def _started() -> "subprocess.Popen[bytes]":
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "LANG") if name in os.environ}
    found = os.pathsep.join(filter(None, (_HOME, os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(  # noqa: S603 - our own program
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**kept, "PYTHONPATH": found, "PYTHONSAFEPATH": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"},
        close_fds=True,
        start_new_session=True,
    )


def _framed(job: Job) -> bytes:
    told = pickle.dumps(job, protocol=pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(told)) + told


def _answer(given: bytes, limits: Limits, ended: int, *, late: bool) -> pa.Table:
    if len(given) < LENGTH.size:
        if late or ended < 0:
            raise QueryTooLong(seconds=int(limits.seconds))
        raise QueryFailed
    end = LENGTH.size + LENGTH.unpack(given[: LENGTH.size])[0]
    head = json.loads(given[LENGTH.size : end])
    match head["outcome"]:
        case "done":
            with pa.ipc.open_stream(pa.py_buffer(given[end:])) as stream:
                return stream.read_all()
        case "refused":
            raise QueryRefused(why=said(head["text"], **head["facts"]))
        case "names":
            raise QueryRefused(why=NAMES_MISFIT)
        case "too_long":
            raise QueryTooLong(seconds=int(limits.seconds))
        case "too_large":
            raise AnswerTooLarge(limit_mb=limits.bytes >> 20)
    raise QueryFailed
