"""From a source to what it offers now, and to the reader of its kind."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from shuzheng.engines.lake.backends.sources.databases import DatabaseReader
from shuzheng.engines.lake.backends.sources.delimited import DelimitedReader
from shuzheng.engines.lake.backends.sources.http import HttpReader
from shuzheng.engines.lake.backends.sources.reading import Reader, say_os_error
from shuzheng.engines.lake.backends.sources.whole_files import ExcelReader, JsonLinesReader, ParquetReader
from shuzheng.engines.lake.errors import SourceAway
from shuzheng.engines.lake.types.gathering import FILES, Source, SourceKind


@dataclass(frozen=True, slots=True)
class Means:
    """What a reader may need beside its source.

    Attributes:
        inbox: Folder of files.
        secret: Password or token; '' without one.
        since: Watermark up to which was gathered; '' gathers all.
        zone: IANA name of the city's zone.
    """

    inbox: Path
    secret: str = ""
    since: str = ""
    zone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a source has to give: one batch.

    Attributes:
        file: Name within a folder; '' where the source is one thing.
        path: Of a file.
        size: Of a file.
    """

    file: str = ""
    path: Path | None = None
    size: int = 0

    def fingerprint(self) -> str:
        """Return by what the same content is known again, before anything is read; '' when it cannot be."""
        if self.path is None:
            return ""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def list_offers(source: Source, means: Means, *, at: datetime) -> Iterator[Offer]:
    """Yield what a source has to give now; of a folder the files nobody writes to any more, in the order of names.

    Raises:
        SourceAway: The file or folder is not there.
    """
    if source.kind not in FILES:
        yield Offer()
        return
    path = means.inbox / source.where
    try:
        if not source.is_folder:
            yield Offer("", path, path.stat().st_size)
            return
        found = sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
        for one in found:
            about = one.stat()
            if at.timestamp() - about.st_mtime >= source.settle_seconds:
                yield Offer(one.name, one, about.st_size)
    except OSError as why:
        raise SourceAway(source=source.code, why=say_os_error(why)) from why


def open_source(source: Source, offer: Offer, means: Means) -> Reader:
    """Return the reader of what is offered.

    Raises:
        SourceAway: It does not answer, or is not there.
    """
    if offer.path is not None:
        return _FILES[source.kind](offer.path, source)
    if source.kind is SourceKind.HTTP:
        return HttpReader(source, secret=means.secret, since=means.since)
    return DatabaseReader(source, inbox=means.inbox, secret=means.secret, since=means.since)


_FILES: Final[Mapping[SourceKind, Callable[[Path, Source], Reader]]] = {
    SourceKind.CSV: DelimitedReader,
    SourceKind.EXCEL: ExcelReader,
    SourceKind.JSONL: JsonLinesReader,
    SourceKind.PARQUET: ParquetReader,
}
