"""Ask the virus scanner, remember what it said, and scan later what was taken while it was out of order."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from shuzheng.base.files.actions.purging import purge_row
from shuzheng.base.files.errors import FileDamaged, FileInfected, ScannerDown
from shuzheng.base.files.models import Screening, StoredFile
from shuzheng.base.files.queries.stored import read_bytes
from shuzheng.base.files.types import SCANNERS, ScanState
from shuzheng.base.kernel.types import FileId

REMEMBERED: Final = timedelta(hours=1)
"""Signatures change: a verdict counts for the upload at hand, not for ever."""


def scan_upload(body: bytes, digest: str, *, at: datetime) -> ScanState:
    """Return what the scanner says of an upload; asks it once for the same bytes.

    Raises:
        FileInfected: It found something.
        ScannerDown: It does not answer, and the city takes no file unscanned.
    """
    if "scanner" not in SCANNERS:
        return ScanState.NONE
    port = SCANNERS["scanner"]
    known = Screening.objects.filter(sha256=digest, at__gt=at - REMEMBERED, at__lte=at).first()
    if known is None:
        try:
            found = port.scanner.scan(body)
        except ScannerDown:
            if port.accept_when_down:
                return ScanState.PENDING
            raise
        Screening.objects.update_or_create(sha256=digest, defaults={"found": found[:120], "at": at})
    else:
        found = known.found
    if found:
        raise FileInfected(signature=found[:80])
    return ScanState.CLEAN


def rescan_pending(*, at: datetime, limit: int = 100) -> int:
    """Scan what was taken while the scanner was out of order; an infected file is purged. Run by the schedule.

    Scans outside any transaction. Stops when the scanner is still out of order.

    Returns:
        How many files got a verdict.
    """
    if "scanner" not in SCANNERS:
        return 0
    scanner = SCANNERS["scanner"].scanner
    waiting = StoredFile.objects.filter(scan=ScanState.PENDING, purged_at=None).order_by("pk")
    done = 0
    for key, public_id in waiting.values_list("pk", "public_id")[:limit]:
        try:
            found = scanner.scan(read_bytes(FileId(public_id)))
        except ScannerDown:
            break
        except FileDamaged:
            continue
        with transaction.atomic():
            row = StoredFile.objects.select_for_update().get(pk=key)
            row.scan = ScanState.INFECTED if found else ScanState.CLEAN
            row.save(update_fields=["scan"])
            if found:
                purge_row(row, reason="infected", kind=found[:60], at=at)
        done += 1
    return done


def forget_screenings(*, at: datetime) -> int:
    """Forget verdicts that no longer count; return how many."""
    deleted, _ = Screening.objects.filter(at__lte=at - REMEMBERED).delete()
    return deleted
