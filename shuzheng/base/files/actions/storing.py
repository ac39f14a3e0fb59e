"""Store an upload, and remove what a crash left behind."""

import errno
import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from django.conf import settings

from shuzheng.base.files.actions.scanning import scan_upload
from shuzheng.base.files.errors import StorageFull
from shuzheng.base.files.models import StoredFile
from shuzheng.base.files.queries import path_of, seal_context
from shuzheng.base.files.rules import LIMIT_BYTES, check_content, check_size, decide_kind, safe_name
from shuzheng.base.files.rules.retention import UNUSED
from shuzheng.base.files.types import RETENTION, FileView, MediaType
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.seal import seal
from shuzheng.base.kernel.types import Actor, FileId, Party

_CHUNK: Final = 64 * 1024
_BATCH: Final = 500
ORPHAN_AGE: Final = timedelta(hours=24)
"""A file younger than this may belong to a transaction that is still open."""


def store_upload(content: BinaryIO, *, name: str, owner: Party, actor: Actor, at: datetime) -> FileView:
    """Store an uploaded file: the bytes first, the row after, inside the caller's transaction.

    Args:
        content: Read once, never beyond one byte more than the limit of 10 MB.
        name: As the browser sent it; made safe, never trusted.
        owner: Whose paper it is.
        actor: Who uploads; the caller records the act in the ledger.
        at: When.

    Raises:
        FileEmpty, FileTooLarge, FileKindRefused, FileTruncated, FileLocked, FileActive, PictureTooLarge, FileInfected:
            The upload is refused; nothing is kept.
        ScannerDown: The city takes no file unscanned, and the scanner does not answer; nothing is kept.
        StorageFull: The disk took no more bytes; nothing is kept.
    """
    body, kind = read_upload(content)
    digest = hashlib.sha256(body).hexdigest()
    scan = scan_upload(body, digest, at=at)
    file_id = FileId(new_id(at))
    write_whole(path_of(file_id), seal(settings.SHUZHENG.read_key("seal"), body, seal_context(file_id)))
    row = StoredFile.objects.create(
        public_id=file_id,
        owner_kind=owner.kind,
        owner_id=owner.id,
        name=safe_name(name, kind),
        media_type=kind,
        size_bytes=len(body),
        sha256=digest,
        stored_by=actor.person,
        stored_at=at,
        scan=scan,
        look_at=at + RETENTION[UNUSED],
    )
    return row.to_view()


def sweep_orphans(*, at: datetime) -> int:
    """Remove files older than a day that no row names, as a crash or an undone transaction leaves them; purged too.

    Returns:
        How many were removed.
    """
    removed = 0
    batch: list[Path] = []
    for path in settings.SHUZHENG.files_dir.glob("??/*"):
        stored_at = _moment_of(path)
        if stored_at is not None and at - stored_at >= ORPHAN_AGE:
            batch.append(path)
        if len(batch) >= _BATCH:
            removed += _remove_orphans(batch)
            batch = []
    return removed + _remove_orphans(batch)


def screen_upload(content: BinaryIO, *, at: datetime) -> None:
    """Check and scan a file before the transaction that stores it, so that no lock is held while the scanner works.

    A portal calls this first; `store_upload` then finds the verdict by the digest of the bytes. Leaves the stream at
    its beginning.

    Raises:
        FileEmpty, FileTooLarge, FileKindRefused, FileTruncated, FileLocked, FileActive, PictureTooLarge, FileInfected,
        ScannerDown: See `store_upload`.
    """
    body, _ = read_upload(content)
    content.seek(0)
    scan_upload(body, hashlib.sha256(body).hexdigest(), at=at)


def read_upload(content: BinaryIO) -> tuple[bytes, MediaType]:
    """Read an upload and check size, kind and content. Raises like `store_upload`, but for the scanner."""
    body = _read(content, LIMIT_BYTES)
    check_size(len(body))
    kind = decide_kind(body)
    check_content(kind, body)
    return body, kind


def _read(content: BinaryIO, limit: int) -> bytes:
    """Read up to one byte more than the limit: enough to know that it is passed."""
    body = bytearray()
    while len(body) <= limit:
        chunk = content.read(min(_CHUNK, limit + 1 - len(body)))
        if not chunk:
            break
        body += chunk
    return bytes(body)


def write_whole(target: Path, sealed: bytes) -> None:
    """Write so that the file is there whole or not at all, also when the power fails."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{target.name}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(sealed)
            out.flush()
            os.fsync(out.fileno())
        draft.rename(target)
        _sync_folder(target.parent)
    except OSError as fault:
        draft.unlink(missing_ok=True)
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from fault
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _moment_of(path: Path) -> datetime | None:
    """Return when a file was stored: its id begins with the moment (UUIDv7). None for a name that is not ours."""
    try:
        milliseconds = UUID(path.name.removeprefix(".")).int >> 80
    except ValueError:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _remove_orphans(paths: list[Path]) -> int:
    ids = [path.name for path in paths if not path.name.startswith(".")]
    known = {
        str(public_id)
        for public_id in StoredFile.objects.filter(public_id__in=ids, purged_at=None).values_list(
            "public_id", flat=True
        )
    }
    orphans = [path for path in paths if path.name not in known]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)
