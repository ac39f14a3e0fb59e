"""Open live pages: how many streams one web worker holds, how soon an event is there, and what that costs.

    SHUZHENG_VAR=<a set-up demo city> python bench/live.py --url http://127.0.0.1:8000 --streams 500

The city must be served already. Sessions are made in its database for people of the pack; each opens one stream
over its own connection. Then a notice goes to everybody at once, several times.
Prints one JSON object.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuzheng.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import transaction  # noqa: E402

from shuzheng.base.directory.backends.sessions import SessionStore  # noqa: E402
from shuzheng.base.directory.models import Account, Person  # noqa: E402
from shuzheng.base.kernel import clock  # noqa: E402
from shuzheng.base.kernel.types import PersonId  # noqa: E402
from shuzheng.base.notices.actions import send_notice  # noqa: E402


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
    """Make `count` sessions for people of the pack, who get an account."""
    found = list(Person.objects.filter(retired_at__isnull=True, status="正常").order_by("pk")[:count])
    people = [found[number % len(found)] for number in range(count)]
    streams = []
    with transaction.atomic():
        for person in people:
            account, _made = Account.objects.get_or_create(
                sign_in_name=f"live-bench-{person.pk}",
                defaults={"person": person, "password": "!", "created_at": clock.now()},
            )
            store = SessionStore()
            store[SESSION_KEY] = str(account.pk)
            store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            store[HASH_SESSION_KEY] = account.get_session_auth_hash()
            store.save(must_create=True)
            cookie = f"{settings.SESSION_COOKIE_NAME}={store.session_key}"
            streams.append(Stream(PersonId(account.person.public_id), cookie))
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


def say(values: list[float]) -> dict[str, float]:
    """Return median, p95 and maximum in milliseconds."""
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return {"p50": round(statistics.median(ordered) * 1000), "p95": round(p95 * 1000), "max": round(ordered[-1] * 1000)}


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


async def measure(url: str, count: int, pid: int, idle: float, rounds: int) -> dict[str, Any]:
    """Open everything, then measure connecting, silence, and a notice to everybody."""
    host, port = urlsplit(url).hostname or "", urlsplit(url).port or 80
    streams = await asyncio.to_thread(make_sessions, count)
    found: dict[str, Any] = {"streams": len(streams), "memory_before_mb": round(cost(pid)[1])}
    found["page_before_ms"] = say(await page_times(host, port, 3))
    cpu = cost(pid)[0]
    found["all_open_s"] = round(await open_all(streams, host, port), 2)
    found["opening_cpu_ms_each"] = round((cost(pid)[0] - cpu) / len(streams) * 1000, 2)
    found["memory_open_mb"] = round(cost(pid)[1])
    cpu, began = cost(pid)[0], time.perf_counter()
    await asyncio.sleep(idle)
    found["idle_cpu_percent"] = round((cost(pid)[0] - cpu) / (time.perf_counter() - began) * 100, 1)
    found["page_while_open_ms"] = say(await page_times(host, port, 3))
    cpu = cost(pid)[0]
    delays = await tell_all(streams, rounds)
    found["notice_to_all_ms"] = say(delays)
    found["notice_cpu_ms_each"] = round((cost(pid)[0] - cpu) / len(delays) * 1000, 2)
    found["lost"] = sum(stream.closed for stream in streams)
    tasks = [stream.task for stream in streams if stream.task is not None]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return found


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--pid", type=int, required=True, help="process of the web worker, for its CPU and memory")
    parser.add_argument("--idle", type=float, default=30, help="seconds of silence to measure")
    parser.add_argument("--rounds", type=int, default=10)
    asked = parser.parse_args()
    print(json.dumps(asyncio.run(measure(asked.url, asked.streams, asked.pid, asked.idle, asked.rounds)), indent=2))


if __name__ == "__main__":
    main()
