"""What every bench shares: timing in pairs, quantiles, the machine, versions, a scratch database, the object printed.

A and B are timed in turn, A B, B A, A B …, after a warm-up of both; what is quoted is the median of the pairwise
ratios, ours to the peer's as rates (larger is better), with the least and the largest beside it.
"""

import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Final

from django.core.management import call_command
from django.db import connection

PAIRS: Final = 7
SEED: Final = 20231124
Say = Callable[[str], object]
"""Shows one line of progress."""
Figure = int | float


@dataclass(slots=True)
class Outcome:
    """What a bench found.

    Attributes:
        work: What was done: scale, sizes, seeds and check values of generated data.
        figures: Numbers by key; each key of the bench's `KEYS` that could be measured, and more.
        notes: What was left out, and why, in sentences.
        peers: Distributions whose versions matter.
    """

    work: dict[str, object] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    peers: tuple[str, ...] = ()

    def as_json(self, bench: str) -> dict[str, object]:
        """Return the one object that `--json` prints."""
        return {
            "bench": bench,
            "machine": machine(),
            "versions": versions(self.peers),
            "work": self.work,
            "figures": {key: round(value, 4) for key, value in self.figures.items()},
            "notes": self.notes,
        }


@dataclass(frozen=True, slots=True)
class Pairs:
    """Seconds of ours and of the peer, pair by pair."""

    ours: tuple[float, ...]
    peer: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, ...]:
        """Return ours to the peer's as rates: 2.0 is twice as fast as the peer."""
        return tuple(peer / ours for ours, peer in zip(self.ours, self.peer, strict=True))

    @property
    def ratio(self) -> float:
        """Return the median of the pairwise ratios."""
        return median(self.ratios)

    @property
    def seconds(self) -> float:
        """Return the median seconds of ours."""
        return median(self.ours)

    def figures(self, key: str) -> dict[str, Figure]:
        """Return the ratio with its spread, as figures."""
        return {key: self.ratio, f"{key}_least": min(self.ratios), f"{key}_most": max(self.ratios)}


def time_pairs(ours: Callable[[], object], peer: Callable[[], object], *, pairs: int = PAIRS, warm: int = 1) -> Pairs:
    """Time the same work done by ours and by a peer, in turn."""
    for _ in range(warm):
        ours()
        peer()
    taken: list[tuple[float, float]] = []
    for number in range(pairs):
        if number % 2:
            other, own = seconds(peer), seconds(ours)
        else:
            own, other = seconds(ours), seconds(peer)
        taken.append((own, other))
    return Pairs(tuple(own for own, _ in taken), tuple(other for _, other in taken))


def seconds(work: Callable[[], object]) -> float:
    """Return how long something takes, by the clock on the wall."""
    began = perf_counter()
    work()
    return perf_counter() - began


def quantile(values: Sequence[float], percent: int) -> float:
    """Return a percentile; of a single value that value."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


def machine() -> dict[str, object]:
    """Return what the figures were taken on."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load": os.getloadavg()[0],
    }


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    if about.exists():
        for line in about.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def versions(peers: Sequence[str]) -> dict[str, str]:
    """Return the versions of what ran: ours, Python, the database, the peers that are installed."""
    found = {"shuzheng": version("shuzheng") if _installed("shuzheng") else "checkout"}
    found["python"] = platform.python_version()
    found["database"] = f"SQLite {sqlite3.sqlite_version}" if connection.vendor == "sqlite" else _server_version()
    return found | {peer: version(peer) for peer in peers if _installed(peer)}


def _installed(distribution: str) -> bool:
    try:
        version(distribution)
    except PackageNotFoundError:
        return False
    return True


def _server_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


@contextmanager
def scratch_database() -> Iterator[None]:
    """Give an empty, migrated database of this run.

    `shuzheng bench` has pointed the settings at a temporary folder; a server named by SHUZHENG_BENCH_DATABASE_URL gets
    a database of its own, dropped at the end.
    """
    if connection.vendor == "sqlite":
        call_command("migrate", verbosity=0)
        yield
        return
    before = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def show(bench: str, outcome: Outcome, wanted: Sequence[str]) -> Iterator[str]:
    """Give the lines a person reads: figures wanted first, then the others, then the notes."""
    about: Mapping[str, object] = machine()
    yield f"{bench}: {about['processor']}, {about['cores']} cores, load {about['load']:.1f}"
    yield ", ".join(f"{key} {value}" for key, value in outcome.work.items())
    keys = [key for key in wanted if key in outcome.figures]
    for key in [*keys, *(key for key in outcome.figures if key not in keys)]:
        yield f"  {key:32}{outcome.figures[key]:>14,.4g}"
    yield from (f"  · {note}" for note in outcome.notes)


def progress(line: str) -> None:
    """Show a line of progress where it does not disturb `--json`."""
    sys.stderr.write(f"  … {line}\n")
