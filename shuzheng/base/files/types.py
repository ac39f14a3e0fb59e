"""What is known of a stored file."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shuzheng.base.kernel.types import FileId


class MediaType(StrEnum):
    """The kinds of file that are taken."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"


ENDINGS: dict[MediaType, tuple[str, ...]] = {
    MediaType.PDF: (".pdf",),
    MediaType.JPEG: (".jpg", ".jpeg"),
    MediaType.PNG: (".png",),
}
"""Name endings of each kind; the first is given to a name without a right one."""


@dataclass(frozen=True, slots=True)
class FileView:
    """A stored file.

    Attributes:
        name: Safe to show and to offer for download; its ending fits the kind.
        media_type: Decided by content.
        sha256: Hex digest of the bytes as uploaded.
    """

    id: FileId
    name: str = field(repr=False)
    media_type: str
    size_bytes: int
    sha256: str
    stored_at: datetime
