"""Where tables come from, and what gathering did: sources, batches, quarantined rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType, Protocol
from uuid import UUID

import pyarrow as pa

from shuzheng.engines.lake.types.tables import TableCode

SourceCode = NewType("SourceCode", str)
"""Name of a source; the writer its batches have in the table's log."""
BatchId = NewType("BatchId", UUID)
QuarantinedId = NewType("QuarantinedId", UUID)

WHOLE: Final = ""
"""Under this name a quarantined row that could not be taken apart keeps its text as it stood."""


class SourceKind(StrEnum):
    """What a source is."""

    CSV = "csv"
    EXCEL = "excel"
    JSONL = "jsonl"
    PARQUET = "parquet"
    POSTGRESQL = "postgresql"
    MYSQL = "mysql"
    SQLITE = "sqlite"
    HTTP = "http"
    VIEW = "view"
    """One of the platform's own `lake_*` views."""


FILES: Final = frozenset({SourceKind.CSV, SourceKind.EXCEL, SourceKind.JSONL, SourceKind.PARQUET})
DATABASES: Final = frozenset({SourceKind.POSTGRESQL, SourceKind.MYSQL, SourceKind.SQLITE, SourceKind.VIEW})


class Mode(StrEnum):
    """How a batch meets what is there."""

    FULL = "full"
    """In place of all."""
    APPEND = "append"
    """Behind it."""
    MERGE = "merge"
    """By key: newer rows replace older ones."""


class Drift(StrEnum):
    """What happens when the columns of a source are not those expected. Moved columns are found by name."""

    IGNORE = "ignore"
    """A column more is passed over; a column missing is NULL throughout."""
    REFUSE = "refuse"
    """The batch fails and nothing lands."""


class Paging(StrEnum):
    """How an HTTP source gives the next page."""

    NONE = "none"
    NUMBER = "number"
    """`page_param` counts from `first_page`; an empty page is behind the last."""
    CURSOR = "cursor"
    """The answer holds at `next_at` what `page_param` is next."""
    LINK = "link"
    """The header `Link: <…>; rel="next"` (RFC 8288)."""


class BatchKind(StrEnum):
    """Why rows landed."""

    GATHER = "gather"
    MEND = "mend"
    """Quarantined rows, put right by an officer."""


class BatchState(StrEnum):
    """Where a batch stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """Nothing of it landed."""


class QuarantineState(StrEnum):
    """Where a quarantined row stands."""

    OPEN = "open"
    MENDED = "mended"
    DISCARDED = "discarded"


class Freshness(StrEnum):
    """How old what a table holds is."""

    FRESH = "新鲜"
    AGEING = "将过期"
    """Less than a quarter of the time is left."""
    STALE = "已过期"
    NEVER = "未采集"


@dataclass(frozen=True, slots=True)
class Source:
    """One source of one table.

    Attributes:
        where: A path in the inbox for files, for a folder one that ends in `/`; `scheme://user@host:port/name` for
            database servers; the URL for HTTP; the view's name for a view.
        relation: Table or view of a database that is read.
        secret: Name of the file under `var/keys` that holds the password or token; secrets are never in a pack.
        watermark: Column of the source by which only what is newer is gathered; '' gathers all each time.
        mapping: Column of the table → header in the source. Others are found by the column's name or label.
        encoding: `auto`, `utf-8` or `gb18030`.
        date_formats: Further forms of dates, as `strptime` writes them, such as `%d/%m/%Y`.
        skip_rows: Lines, or rows of a sheet, above the header.
        rows_at: Where in an HTTP answer the rows lie, such as `result.items`; '' is the answer itself.
        next_at: See `Paging.CURSOR`.
        since_param: Parameter of an HTTP source that takes the watermark.
        settle_seconds: A file of a folder younger than this is still being written.
        may_be_empty: Whether an empty source empties the table; else it is refused.
        most_quarantined: With more bad rows the batch fails: the source is then another than expected.
        every_minutes: Gathered by itself so often; 0: only when asked.
    """

    code: SourceCode
    table: TableCode
    kind: SourceKind
    where: str
    label: str = ""
    relation: str = ""
    secret: str = ""
    mode: Mode = Mode.FULL
    watermark: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    new_columns: Drift = Drift.IGNORE
    missing_columns: Drift = Drift.REFUSE
    encoding: str = "auto"
    delimiter: str = ","
    date_formats: tuple[str, ...] = ()
    skip_rows: int = 0
    sheet: str = ""
    rows_at: str = ""
    paging: Paging = Paging.NONE
    page_param: str = "page"
    first_page: int = 1
    next_at: str = ""
    since_param: str = ""
    settle_seconds: int = 60
    may_be_empty: bool = False
    most_quarantined: int = 100_000
    every_minutes: int = 0
    valid_from: date = date(2000, 1, 1)
    source: str = ""

    @property
    def is_folder(self) -> bool:
        """Tell whether the source is a folder that fills up."""
        return self.kind in FILES and self.where.endswith("/")


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that could not be read.

    Attributes:
        row: Its number in the source, from 1.
        rule: `quote`, `columns`, `encoding`, `json`; of a row that was read: `type:<column>`, `missing:<column>`,
            `rule:<code>`, `duplicate`.
        values: By header; under `WHOLE` the text as it stood.
    """

    row: int
    rule: str
    values: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a source as text.

    Attributes:
        rows: Text columns `s0`, `s1`, … in the order of the header; NULL or blank where nothing was given.
        numbers: Of each row, its number in the source.
        bytes: How many bytes of the source it took.
        trimmed: It is known that no text begins or ends with a blank.
    """

    rows: pa.Table
    numbers: pa.Array
    faults: tuple[Fault, ...] = ()
    bytes: int = 0
    trimmed: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """What a source says of itself at its end, to compare with what was read.

    Attributes:
        rows: Rows it counts; None when it cannot count.
        checksum: SHA-256 of a file's bytes, or what a database sums; '' when there is none.
        fingerprint: By which the same content is known again; '' when it cannot be.
        watermark: Greatest value of the watermark column; '' without one.
        bytes: Read in all.
    """

    rows: int | None = None
    checksum: str = ""
    fingerprint: str = ""
    watermark: str = ""
    bytes: int = 0


class Progress(Protocol):
    """Told from time to time how far a batch is."""

    def __call__(self, *, rows: int, done: int, total: int) -> None:
        """Take notice.

        Args:
            rows: Read so far.
            done: Bytes read so far.
            total: Bytes in all, 0 when unknown.
        """


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch.

    Attributes:
        read: Rows of the source; `landed + quarantined` of a batch that is done.
        checksum: See `Proof`.
        message: Chinese, why it failed or what is to be known.
        version: Version of the table it made; None when it landed nothing.
    """

    id: BatchId
    source: SourceCode
    table: TableCode
    number: int
    kind: BatchKind
    state: BatchState
    file: str
    read: int
    landed: int
    quarantined: int
    bytes: int
    checksum: str
    started_at: datetime
    ended_at: datetime | None
    watermark_before: str
    watermark_after: str
    message: str
    version: int | None


@dataclass(frozen=True, slots=True)
class QuarantinedView:
    """One row that did not land.

    Attributes:
        values: By header of the source; None when the list is shown to whoever may not open it.
        reason: Chinese.
    """

    id: QuarantinedId
    batch: BatchId
    source: SourceCode
    table: TableCode
    row: int
    rule: str
    reason: str
    state: QuarantineState
    values: Mapping[str, str | None] | None
    at: datetime


@dataclass(frozen=True, slots=True)
class FreshnessView:
    """How fresh a table is."""

    table: TableCode
    label: str
    landed_at: datetime | None
    due_at: datetime | None
    state: Freshness
