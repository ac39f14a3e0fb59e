"""What is known of a stored file, and the ports: a virus scanner, and what files are used for."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol, TypeAlias

from shuzheng.base.kernel.registry import Registry
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


class FileState(StrEnum):
    """Whether a file can be opened."""

    READY = "ready"
    SCANNING = "scanning"
    PURGED = "purged"


FILE_STATE_LABELS: Final = {
    FileState.READY: "可以打开",
    FileState.SCANNING: "正在检查病毒",
    FileState.PURGED: "已过保存期，已销毁",
}


@dataclass(frozen=True, slots=True)
class FileView:
    """A stored file.

    Attributes:
        name: Safe to show and to offer for download; its ending fits the kind.
        media_type: Decided by content.
        sha256: Hex digest of the bytes as uploaded.
        state: What remains of a purged file is this view; its bytes are gone.
    """

    id: FileId
    name: str = field(repr=False)
    media_type: str
    size_bytes: int
    sha256: str
    stored_at: datetime
    state: FileState = FileState.READY


@dataclass(frozen=True, slots=True)
class Preview:
    """A small picture of a file, made anew from its pixels: no metadata, nothing active."""

    content: bytes = field(repr=False)
    media_type: str


class ScanState(StrEnum):
    """What the scanner said of a file; `NONE` when the city has no scanner."""

    NONE = "none"
    CLEAN = "clean"
    PENDING = "pending"
    INFECTED = "infected"


class Scanner(Protocol):
    """A virus scanner."""

    def scan(self, body: bytes) -> str:
        """Return the name of what was found, '' for nothing.

        Raises:
            ScannerDown: It did not answer, or not as it should.
        """
        ...  # pragma: no cover


@dataclass(frozen=True, slots=True)
class ScannerPort:
    """The scanner of this city.

    Attributes:
        accept_when_down: Take a file while the scanner is out of order; it cannot be opened until it was scanned.
    """

    scanner: Scanner
    accept_when_down: bool


SCANNERS: Final[Registry[ScannerPort]] = Registry("virus scanner")
"""`scanner`, or nothing; filled by the composition root."""


@dataclass(frozen=True, slots=True)
class FileUse:
    """What a room above uses a file for.

    Attributes:
        kind: Kind of retention, such as `draft` or `application`.
        ended_at: When that use was over and the period began; None while it lasts.
    """

    kind: str
    ended_at: datetime | None


UsesOf: TypeAlias = Callable[[Collection[FileId]], Mapping[FileId, FileUse]]
USES: Final[Registry[UsesOf]] = Registry("uses of files")
"""Which files each room uses, by room; filled by the composition root. A file nobody uses is purged after a week."""
RETENTION: Final[Registry[timedelta]] = Registry("retention of files")
"""How long files are kept after their use, by kind; a kind without an entry keeps them for ever."""
RETENTION_LABELS: Final[Mapping[str, str]] = {
    "application": "申请材料",
    "draft": "草稿材料",
    "unused": "没有用上的文件",
}


@dataclass(frozen=True, slots=True)
class Keeping:
    """What was decided about a file.

    Attributes:
        look_at: When to decide again.
        until: When it is purged; None while somebody uses it.
    """

    kind: str
    look_at: datetime
    until: datetime | None
