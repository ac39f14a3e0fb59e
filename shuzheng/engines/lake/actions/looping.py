"""The lake's own loop: what was asked for, what is to be sealed, what is due, and the quality of what changed.

A gathering takes as long as its source; inside a job it would hold the database's write lock, and beside the ledger's
sequencer it would hold that back. So it runs in a thread of the worker, one source after the other. See ADR 19.
"""

import logging
import threading
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, close_old_connections, connection

from shuzheng.base.kernel import clock
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.lake.actions.gathering import gather, run_due_sources
from shuzheng.engines.lake.actions.quality import check_all_quality
from shuzheng.engines.lake.actions.sealing import seal_asked
from shuzheng.engines.lake.models import GatherRequest

_log = logging.getLogger(__name__)
_PAUSE_SECONDS: Final = 3.0
_EVERY: Final = timedelta(minutes=1)


def run_lake(stop: threading.Event) -> None:
    """Gather and check until told to stop; `shuzheng work` starts this in a thread.

    Args:
        stop: Set it to end the loop after the source at hand.
    """
    last = clock.now() - _EVERY
    while not stop.is_set():
        close_old_connections()
        at = clock.now()
        try:
            asked = gather_asked(at=at)
            if asked or at - last >= _EVERY:
                last = at
                tend(at=at)
            seal_asked(actor=SYSTEM, at=clock.now(), again=False)
        except DatabaseError as error:
            _log.warning("lake loop: database not usable: %s", type(error).__name__)
            connection.close()
        except Exception as error:  # noqa: BLE001 - what one source does must not end the gathering of all
            _log.warning("lake loop: %s", type(error).__qualname__)
        stop.wait(_PAUSE_SECONDS)
    connection.close()


def gather_asked(*, at: datetime) -> int:
    """Gather every source somebody asked for; return how many. What fails says so in its batch."""
    asked = list(GatherRequest.objects.order_by("asked_at").values_list("source", flat=True))
    for code in asked:
        try:
            gather(code, actor=SYSTEM, at=clock.now())
        except ShuzhengError as refused:
            _log.warning("gathering %s failed: %s", code, refused.code)
        finally:
            GatherRequest.objects.filter(source=code, asked_at__lte=at).delete()
    return len(asked)


def tend(*, at: datetime) -> None:
    """Gather what is due, go on with what is being sealed, and score tables that changed or were not scored today."""
    run_due_sources(at, actor=SYSTEM)
    seal_asked(actor=SYSTEM, at=at)
    try:
        check_all_quality(actor=SYSTEM, at=at)
    except ShuzhengError as refused:
        _log.warning("checking quality failed: %s", refused.code)
