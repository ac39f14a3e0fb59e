"""Open live pages: how many streams one web worker holds, how soon an event is there, and what that costs.

A city is served by a process of its own, on SQLite. Each person opens one stream over a connection of its own; then a
notice goes to everybody at once, several times. The peer is the same server's page while no stream is open.
"""

import asyncio
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction

from bench.frame import SEED, Outcome, Say, quantile, scratch_database
from shuzheng.base.directory.backends.sessions import SessionStore
from shuzheng.base.directory.models import Account, Person
from shuzheng.base.kernel import clock
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import SYSTEM, PersonId
from shuzheng.base.notices.actions import send_notice
from shuzheng.config.configuration import build_dir
from shuzheng.packs.actions import load_pack

KEYS: Final = ("notice_p95_ms", "all_open_seconds", "idle_cpu_percent", "ratio_page_quiet")
STREAMS: Final = 500
IDLE_SECONDS: Final = 20
ROUNDS: Final = 10
PAGE_SECONDS: Final = 3
START_SECONDS: Final = 60


def run(scale: float, say: Say) -> Outcome:
    """Serve a city, open streams, tell everybody."""
    outcome = Outcome(peers=("granian",))
    share = min(1.0, scale)
    count, rounds = max(5, int(STREAMS * scale)), max(2, int(ROUNDS * share))
    with scratch_database():
        load_pack(build_dir("packs") / "template", actor=SYSTEM, at=clock.now())
        streams = make_sessions(count)
        say("starting the server")
        with _server() as (host, port, pid):
            say(f"{count} streams")
            idle, page = max(1.0, IDLE_SECONDS * share), max(0.5, PAGE_SECONDS * share)
            found = asyncio.run(measure(streams, host, port, pid, idle=idle, page=page, rounds=rounds))
    outcome.work = {"scale": scale, "streams": count, "rounds": rounds, "idle_seconds": idle, "seed": SEED}
    outcome.figures |= found
    outcome.notes.append("ratio_page_quiet: a page while all streams are open and silent against before any was")
    outcome.notes.append(
        "notice_*: from the end of the transaction until a stream has it; the watcher looks once a second"
    )
    return outcome


@contextmanager
def _server() -> Iterator[tuple[str, int, int]]:
    """Serve the scratch city; give host, port and the web worker's process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host, port = probe.getsockname()
    command = [sys.executable, "-m", "shuzheng.config.command", "serve", "--host", host, "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, "SHUZHENG_WORKERS": "1"}, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://{host}:{port}/healthz", process)
        yield host, port, _web_worker(process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.perf_counter() + START_SECONDS
    while time.perf_counter() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server does not answer")


def _web_worker(parent: int) -> int:
    """Return the largest child that is not the worker of background jobs."""
    children = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            above = int((folder / "stat").read_text("ascii").rsplit(")", 1)[1].split()[1])
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            continue
        if above == parent and b"work" not in command:
            children.append(int(folder.name))
    return max(children, key=lambda pid: cost(pid)[1])


class Stream:
    """One browser: its connection, and when what came."""

    def __init__(self, person: PersonId, cookie: str) -> None:
        self.person, self.cookie = person, cookie
        self.first_at = 0.0
        self.opened_at = 0.0
        self.told_at: list[float] = []
        self.closed = False
        self.task: asyncio.Task[None] | None = None

    async def run(self, host: str, port: int) -> None:
        """Open the stream and note the moment of every event."""
        reader, writer = await asyncio.open_connection(host, port)
        self.opened_at = time.perf_counter()
        asked = (
            f"GET /live/ HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {self.cookie}\r\nAccept: text/event-stream\r\n\r\n"
        )
        writer.write(asked.encode("ascii"))
        status = await reader.readline()
        if b" 200 " not in status:
            raise RuntimeError(status.decode())
        try:
            while line := await reader.readline():
                if line.startswith(b"event: notices"):
                    if self.first_at:
                        self.told_at.append(time.perf_counter())
                    else:
                        self.first_at = time.perf_counter()
        finally:
            self.closed = True
            writer.close()


def make_sessions(count: int) -> list[Stream]:
    """Make people with an account and a session, one stream each."""
    people = Person.objects.bulk_create(
        Person(public_id=new_id(clock.now()), name="甲", status="正常") for _ in range(count)
    )
    streams = []
    with transaction.atomic():
        for person in people:
            account = Account.objects.create(
                sign_in_name=f"live-bench-{person.pk}", person=person, password="!", created_at=clock.now()
            )
            store = SessionStore()
            store[SESSION_KEY] = str(account.pk)
            store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            store[HASH_SESSION_KEY] = account.get_session_auth_hash()
            store.save(must_create=True)
            cookie = f"{settings.SESSION_COOKIE_NAME}={store.session_key}"
            streams.append(Stream(PersonId(person.public_id), cookie))
    return streams


def tell(streams: list[Stream], key: str) -> float:
    """Send each a notice in one transaction; return the moment it was there for all."""
    at = clock.now()
    with transaction.atomic():
        for person in {stream.person for stream in streams}:
            send_notice(person, kind="other", title="压力测试", body="", link="", key=key, at=at)
    return time.perf_counter()


def cost(pid: int) -> tuple[float, float]:
    """Return CPU seconds so far and resident megabytes of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    ticks = os.sysconf("SC_CLK_TCK")
    return (int(fields[11]) + int(fields[12])) / ticks, int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def spread(name: str, values: list[float]) -> dict[str, float]:
    """Return median, p95 and maximum in milliseconds."""
    every = [value * 1000 for value in values]
    return {f"{name}_p50_ms": quantile(every, 50), f"{name}_p95_ms": quantile(every, 95), f"{name}_max_ms": max(every)}


async def page_times(host: str, port: int, seconds: float) -> list[float]:
    """Fetch a page again and again and return how long each took."""
    took, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(f"GET /healthz HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode("ascii"))
        await reader.read()
        writer.close()
        took.append(time.perf_counter() - began)
        await asyncio.sleep(0.05)
    return took


async def open_all(streams: list[Stream], host: str, port: int) -> float:
    """Open every stream; return how many seconds passed until each had its first event."""
    began = time.perf_counter()
    for stream in streams:
        stream.task = asyncio.create_task(stream.run(host, port))
    while not all(stream.first_at for stream in streams):
        await asyncio.sleep(0.05)
        for stream in streams:
            if stream.task is not None and stream.task.done():
                await stream.task
    return max(stream.first_at for stream in streams) - began


async def tell_all(streams: list[Stream], rounds: int) -> list[float]:
    """Send a notice to everybody, several times; return how long each stream waited for each."""
    delays: list[float] = []
    for number in range(rounds):
        for stream in streams:
            stream.told_at.clear()
        await asyncio.sleep(random.uniform(0, 1))  # meets the watcher at any moment of its second
        there = await asyncio.to_thread(tell, streams, f"bench:{time.time_ns()}:{number}")
        while not all(stream.told_at for stream in streams):
            await asyncio.sleep(0.02)
        delays += [max(0.0, stream.told_at[0] - there) for stream in streams]
    return delays


async def measure(
    streams: list[Stream], host: str, port: int, pid: int, *, idle: float, page: float, rounds: int
) -> dict[str, float]:
    """Open everything, then measure connecting, silence, and a notice to everybody."""
    before = await page_times(host, port, page)
    found = {"memory_before_mb": cost(pid)[1]} | spread("page_before", before)
    cpu = cost(pid)[0]
    found["all_open_seconds"] = await open_all(streams, host, port)
    found["opening_cpu_ms_each"] = (cost(pid)[0] - cpu) / len(streams) * 1000
    found["memory_open_mb"] = cost(pid)[1]
    cpu, began = cost(pid)[0], time.perf_counter()
    await asyncio.sleep(idle)
    found["idle_cpu_percent"] = (cost(pid)[0] - cpu) / (time.perf_counter() - began) * 100
    open_too = await page_times(host, port, page)
    found |= spread("page_while_open", open_too)
    found["ratio_page_quiet"] = statistics.median(before) / statistics.median(open_too)
    cpu = cost(pid)[0]
    delays = await tell_all(streams, rounds)
    found |= spread("notice", delays)
    found["notice_cpu_ms_each"] = (cost(pid)[0] - cpu) / len(delays) * 1000
    found["lost"] = sum(stream.closed for stream in streams)
    tasks = [stream.task for stream in streams if stream.task is not None]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return found
