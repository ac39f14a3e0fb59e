"""What the ledger tells others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EntryView:
    """One recorded act.

    Attributes:
        id: Public id of the entry.
        position: Place in the log from 0; None until sequenced.
        act: Such as `cases.accepted`.
        subject: URN of what it was done to.
        actor: URN of the person, or of the system.
        post: Post id as text, '' on the public front.
        org: Code of the organization, ''.
        on_behalf_of: URN of the party acted for, ''.
        at: Moment of the act.
        related: URNs of others concerned.
    """

    id: UUID
    position: int | None
    act: str
    subject: str
    actor: str
    post: str
    org: str
    on_behalf_of: str
    at: datetime
    related: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LedgerProblem:
    """One thing that is not as it was recorded.

    Attributes:
        entry: The entry's public id; None when its row is gone or the fault is in a checkpoint or tree page.
        position: Place in the log; None for an entry not yet sequenced.
        what: Chinese sentence.
    """

    entry: UUID | None
    position: int | None
    what: str


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """The outcome of computing the whole ledger again.

    Attributes:
        ok: No problem was found.
        size: Sequenced entries.
        root_hash: Root over them, hexadecimal.
        pending: Entries not yet sequenced.
        checkpoints: Signed checkpoints checked.
        problems: The first problems, at most 1,000.
    """

    ok: bool
    size: int
    root_hash: str
    pending: int
    checkpoints: int
    problems: tuple[LedgerProblem, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement of the log's size and root; `note` is the C2SP signed note."""

    size: int
    root_hash: bytes
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """Shows that an entry stands in the log of a checkpoint: `rules.merkle.check_inclusion` verifies it.

    Attributes:
        entry: Public id.
        leaf: The exact leaf bytes, canonical JSON.
        position: Place in the log.
        size: Size of the log the proof is for.
        path: Hashes from the leaf's neighbour to the root.
        checkpoint: Signed note of that size.
    """

    entry: UUID
    leaf: bytes
    position: int
    size: int
    path: tuple[bytes, ...]
    checkpoint: str


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """Shows that the log of `first` entries is the beginning of the log of `second`."""

    first: int
    second: int
    path: tuple[bytes, ...]


class Problems:
    """The first thousand problems found; whoever needs more has restored the wrong backup."""

    MOST: Final = 1_000

    def __init__(self) -> None:
        self.found: list[LedgerProblem] = []

    def add(self, problem: LedgerProblem) -> None:
        """Note a problem."""
        if len(self.found) < self.MOST:
            self.found.append(problem)
