"""Connect the files room: the scanner, what files are used for, how long they are kept, and what is said of it."""

from datetime import datetime, timedelta

from django.conf import settings

from shuzheng.base.files.actions import forget_screenings, purge_files, rescan_pending, sweep_orphans
from shuzheng.base.files.backends.clamd import ClamdScanner
from shuzheng.base.files.events import FilePurged
from shuzheng.base.files.types import RETENTION, SCANNERS, USES, ScannerPort
from shuzheng.base.jobs.types import SCHEDULE, Periodic
from shuzheng.base.kernel.events import subscribe
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.base.ledger.actions import record
from shuzheng.base.notices.actions import send_notice
from shuzheng.services.items.queries.file_uses import file_uses

BATCH = 500


def register_files() -> None:
    """Fill the ports of the files room and its schedule."""
    options = settings.OPTIONS
    if options.scanner:
        accepting = options.scanner_down == "accept"
        SCANNERS.register("scanner", ScannerPort(ClamdScanner(options.scanner), accept_when_down=accepting))
        SCHEDULE.register("files.rescan", Periodic(timedelta(minutes=1), _rescan))
    RETENTION.register("application", timedelta(days=options.keep_application_days))
    RETENTION.register("draft", timedelta(days=options.keep_draft_days))
    RETENTION.register("unused", timedelta(days=options.keep_unused_days))
    USES.register("items", file_uses)
    subscribe(FilePurged, note_purged)
    day = timedelta(days=1)
    SCHEDULE.register("files.orphans", Periodic(day, _sweep, offset=timedelta(hours=18, minutes=40)))
    SCHEDULE.register("files.purge", Periodic(day, _purge, offset=timedelta(hours=18, minutes=30)))


def note_purged(event: FilePurged) -> None:
    """Record that a file was destroyed, and tell who uploaded an infected one."""
    content = {"reason": event.reason, "kind": event.kind, "sha256": event.file.sha256}
    owner = f"urn:shuzheng:{event.owner_kind}:{event.owner_id}"
    file = f"urn:shuzheng:file:{event.file.id}"
    record("files.purged", file, actor=SYSTEM, at=event.at, content=content, related=[owner])
    if event.reason == "infected" and event.stored_by is not None:
        send_notice(
            event.stored_by,
            kind="case",
            title="您上传的一份材料带有病毒，已经删除",
            body=f"“{event.file.name}”查出病毒（{event.kind}）。请用杀毒软件检查您的设备，再补交一份没有问题的。",
            link="/my/",
            key=f"files.infected:{event.file.id}",
            at=event.at,
        )


def _sweep(at: datetime) -> None:
    sweep_orphans(at=at)


def _purge(at: datetime) -> None:
    while purge_files(at=at, limit=BATCH) == BATCH:
        pass
    forget_screenings(at=at)


def _rescan(at: datetime) -> None:
    rescan_pending(at=at)
