"""What the room announces; it lies below the ledger, so whoever listens records it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shuzheng.base.files.types import FileView
from shuzheng.base.kernel.events import Event
from shuzheng.base.kernel.types import PartyKind, PersonId


@dataclass(frozen=True, slots=True)
class FilePurged(Event):
    """The bytes of a file are being destroyed; its row stays.

    Attributes:
        reason: `retention` or `infected`.
        kind: Kind of retention that was over, or what the scanner found.
    """

    file: FileView = field(repr=False)
    owner_kind: PartyKind
    owner_id: UUID
    stored_by: PersonId | None
    reason: str
    kind: str
    at: datetime
