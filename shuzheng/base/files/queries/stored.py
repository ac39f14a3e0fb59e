"""Reads of stored files. Whether the reader may is the business of the room that holds the file's id."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from shuzheng.base.files.errors import FileDamaged, FileGone, FileNotScanned, NoSuchFile
from shuzheng.base.files.models import StoredFile
from shuzheng.base.files.types import FileState, FileView
from shuzheng.base.kernel.seal import SealBroken, unseal
from shuzheng.base.kernel.types import FileId


def get_file(file_id: FileId) -> FileView:
    """Return what is known of a file.

    Raises:
        NoSuchFile: The id is unknown.
    """
    row = StoredFile.objects.filter(public_id=file_id).first()
    if row is None:
        raise NoSuchFile
    return row.to_view()


def get_files(file_ids: Iterable[FileId]) -> dict[FileId, FileView]:
    """Return those of the files that are known, by id, in one statement."""
    wanted: list[UUID] = [*set(file_ids)]
    views = (row.to_view() for row in StoredFile.objects.filter(public_id__in=wanted))
    return {view.id: view for view in views}


def open_file(file_id: FileId) -> BinaryIO:
    """Return the bytes as uploaded, opened and proven unchanged.

    A portal sends them with `Content-Disposition`, `X-Content-Type-Options: nosniff` and the file's `media_type`.

    Raises:
        NoSuchFile: The id is unknown.
        FileGone: It was purged.
        FileNotScanned: It waits for the virus scanner.
        FileDamaged: The bytes are gone or were changed.
    """
    state = get_file(file_id).state
    if state is FileState.PURGED:
        raise FileGone
    if state is FileState.SCANNING:
        raise FileNotScanned
    return BytesIO(read_bytes(file_id))


def read_bytes(file_id: FileId) -> bytes:
    """Return the bytes of a file whatever its state, proven unchanged; for the room itself.

    Raises:
        FileDamaged: The bytes are gone or were changed.
    """
    try:
        sealed = path_of(file_id).read_bytes()
        return unseal(settings.SHUZHENG.read_key("seal"), sealed, seal_context(file_id))
    except (FileNotFoundError, SealBroken):
        raise FileDamaged from None


def list_missing(*, limit: int = 100) -> tuple[FileId, ...]:
    """Return files whose bytes are gone from disk, for the doctor; reads every row."""
    missing: list[FileId] = []
    kept = StoredFile.objects.filter(purged_at=None).order_by("pk")
    for public_id in kept.values_list("public_id", flat=True).iterator():
        if not path_of(FileId(public_id)).exists():
            missing.append(FileId(public_id))
            if len(missing) >= limit:
                break
    return tuple(missing)


def path_of(file_id: FileId) -> Path:
    """Return where a file's sealed bytes lie: two hexadecimal digits of its random end, then its id."""
    files_dir: Path = settings.SHUZHENG.files_dir
    return files_dir / str(file_id)[-2:] / str(file_id)


def preview_path_of(file_id: FileId) -> Path:
    """Return where the sealed preview of a file lies; it can be made again at any time."""
    files_dir: Path = settings.SHUZHENG.files_dir
    return files_dir / "previews" / str(file_id)[-2:] / str(file_id)


def seal_context(file_id: FileId) -> str:
    """Return the place the bytes are bound to: a file copied over another does not open."""
    return f"files:{file_id}"
