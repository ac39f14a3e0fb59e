"""`shuzheng work`: the background worker alone; `shuzheng serve` starts one by itself."""

import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from shuzheng.base.jobs.actions import run_worker
from shuzheng.base.notices.actions import run_deliveries
from shuzheng.engines.lake.actions import run_lake

SENDER_SECONDS = 10
"""How long messages on the wire may take to end, and a batch; what does not is done again, once."""


class Command(BaseCommand):
    """Run due jobs, timers and the ledger's sequencer, send messages, gather sources, until told to stop."""

    help = (
        "Run due jobs, timers and the ledger's sequencer, send messages, gather sources, until told to stop. "
        "Example: shuzheng work"
    )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()

        def end(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001
            stop.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        sender = threading.Thread(target=run_deliveries, args=(stop,), name="notices")
        gatherer = threading.Thread(target=run_lake, args=(stop,), name="lake", daemon=True)
        sender.start()
        gatherer.start()
        try:
            run_worker(stop)
        finally:
            stop.set()
            sender.join(SENDER_SECONDS)
            gatherer.join(SENDER_SECONDS)
