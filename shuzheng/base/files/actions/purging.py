"""Destroy the bytes of files whose time is over; the row stays and says what was there and why it went."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction

from shuzheng.base.files.events import FilePurged
from shuzheng.base.files.models import StoredFile
from shuzheng.base.files.queries.stored import path_of, preview_path_of
from shuzheng.base.files.rules.retention import decide_keeping
from shuzheng.base.files.types import RETENTION, USES, FileUse
from shuzheng.base.kernel.events import publish
from shuzheng.base.kernel.types import FileId, PartyKind, PersonId

BATCH: Final = 500


def purge_files(*, at: datetime, limit: int = BATCH) -> int:
    """Decide about files whose moment has come; destroy those whose time is over. Run daily by the schedule.

    The rooms above are asked what each file is used for: nothing they use is touched, and the period of a kind begins
    only when the use is over. Repeat until it returns less than `limit`.

    Returns:
        How many files were looked at.
    """
    due = StoredFile.objects.filter(purged_at=None, look_at__lte=at).order_by("look_at", "pk")
    with transaction.atomic():
        rows = list(due.select_for_update(skip_locked=True)[:limit])
        uses = _uses_of({FileId(row.public_id) for row in rows})
        days = {kind: RETENTION[kind] for kind in RETENTION}
        for row in rows:
            keeping = decide_keeping(uses.get(row.public_id, ()), stored_at=row.stored_at, days=days, at=at)
            if keeping.until is not None and keeping.until <= at:
                purge_row(row, reason="retention", kind=keeping.kind, at=at)
            else:
                row.look_at = keeping.look_at
                row.save(update_fields=["look_at"])
    return len(rows)


def purge_row(row: StoredFile, *, reason: str, kind: str, at: datetime) -> None:
    """Mark a file purged inside the caller's transaction and destroy its bytes after the commit.

    When the process ends between the two, `sweep_orphans` destroys them.
    """
    row.purged_at, row.purged_for = at, f"{reason}:{kind}"[:80]
    row.save(update_fields=["purged_at", "purged_for"])
    publish(
        FilePurged(
            file=row.to_view(),
            owner_kind=PartyKind(row.owner_kind),
            owner_id=row.owner_id,
            stored_by=None if row.stored_by is None else PersonId(row.stored_by),
            reason=reason,
            kind=kind,
            at=at,
        )
    )
    transaction.on_commit(partial(_destroy, FileId(row.public_id)))


def _destroy(file_id: FileId) -> None:
    for path in (path_of(file_id), preview_path_of(file_id)):
        path.unlink(missing_ok=True)


def _uses_of(files: Collection[FileId]) -> dict[UUID, list[FileUse]]:
    found: dict[UUID, list[FileUse]] = {}
    for name in USES:
        for file_id, use in USES[name](files).items():
            found.setdefault(file_id, []).append(use)
    return found
