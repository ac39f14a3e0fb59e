"""`shuzheng serve`: web server and background worker in one command."""

import resource
import socket
import subprocess
import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from granian import Granian
from granian.constants import Interfaces, Loops
from typing_extensions import override

from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.config import welcome

RESTART_SECONDS = 2.0
STOP_SECONDS = 10
"""How long a web worker may take to finish its requests."""
REQUESTS_MOST = 256
"""Requests a web worker holds at the same time, streams not counted; others wait to be let in."""
SPARE_FILES = 512
"""Files a process opens beside its connections."""


class Worker:
    """Keeps one `shuzheng work` process alive while the server runs."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        """Start the process and watch it."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the process to finish its job and end; wait at most ten seconds."""
        self._stop.set()
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _keep(self) -> None:
        while not self._stop.is_set():
            command = [sys.executable, "-m", "shuzheng.config.command", "work"]
            self._process = subprocess.Popen(command)  # noqa: S603
            self._process.wait()
            self._stop.wait(RESTART_SECONDS)


class Command(BaseCommand):
    """Serve the city."""

    help = "Serve pages, API and background work. Example: shuzheng serve --port 8080"

    @override
    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--host", default=settings.OPTIONS.host, help="address to listen on")
        parser.add_argument("--port", type=int, default=settings.OPTIONS.port, help="port to listen on")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        check_free(host, port)
        allow_open_files(settings.OPTIONS.live_streams + REQUESTS_MOST + SPARE_FILES)
        try:
            text = welcome.text(f"http://{host}:{port}")
        except ShuzhengError as error:
            raise CommandError(f"{error.message} {error.hint}") from error
        worker = Worker()
        server = Granian(
            "shuzheng.config.gateway:application",
            address=host,
            port=port,
            interface=Interfaces.RSGI,
            loop=Loops.asyncio,
            workers=settings.OPTIONS.workers,
            workers_kill_timeout=STOP_SECONDS,
            backpressure=REQUESTS_MOST + settings.OPTIONS.live_streams,
            respawn_failed_workers=True,
            log_enabled=False,
        )
        worker.start()
        self.stdout.write(text)
        self.stdout.flush()
        try:
            server.serve()
        finally:
            worker.stop()


def allow_open_files(wanted: int) -> None:
    """Raise the number of files the processes may open, as far as the system lets us: a stream is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def check_free(host: str, port: int) -> None:
    """Raise unless the port can be listened on.

    Raises:
        CommandError: Something else listens there; says how to choose another.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"端口 {port} 用不了（{error.strerror}）。换一个：SHUZHENG_PORT={port + 1} make run，"
                f"或 shuzheng serve --port {port + 1}"
            ) from error
