"""`shuzheng work`: the background worker alone; `shuzheng serve` starts one by itself."""

import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from shuzheng.base.jobs.actions import run_worker


class Command(BaseCommand):
    """Run due jobs, timers and the ledger's sequencer until told to stop."""

    help = "Run due jobs, timers and the ledger's sequencer until told to stop. Example: shuzheng work"

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()

        def end(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001
            stop.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        run_worker(stop)
