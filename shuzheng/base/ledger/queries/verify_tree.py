"""The tree's part of verifying: pages against pages, and the root of every size against its signed checkpoint."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shuzheng.base.ledger.errors import NoteInvalid
from shuzheng.base.ledger.queries.log import stored_tiles
from shuzheng.base.ledger.queries.rows import RawCheckpoint, read_checkpoints
from shuzheng.base.ledger.rules.merkle import HASH_BYTES, Frontier
from shuzheng.base.ledger.rules.notes import open_checkpoint
from shuzheng.base.ledger.rules.tiles import TILE_BYTES, TILE_WIDTH, Place, grow
from shuzheng.base.ledger.types import LedgerProblem, Problems

_PAGE: Final = "台账树页 {level}/{index} 缺失或被改动"
_NOTE: Final = "{size} 条时的检查点格式或签名不正确"
_COLUMNS: Final = "{size} 条时的检查点与签名的内容不符"
_ROOT: Final = "{size} 条时的检查点的根与台账树不符"


@dataclass(frozen=True, slots=True)
class TreeResult:
    """Root over all leaves, and how many checkpoints were held against the tree."""

    root_hash: bytes
    checkpoints: int


def check_tree(size: int, public_key: Ed25519PublicKey, problems: Problems) -> TreeResult:
    """Hold the stored pages of the first `size` leaves against each other and against the checkpoints."""
    check = _TreeCheck(size, public_key, problems)
    for index in range(-(-size // TILE_WIDTH)):
        check.add_page(index)
    check.finish()
    return TreeResult(check.frontier.root(), check.checkpoints)


class _TreeCheck:
    def __init__(self, size: int, public_key: Ed25519PublicKey, problems: Problems) -> None:
        self.frontier = Frontier()
        self.checkpoints = 0
        self._size = size
        self._public_key = public_key
        self._problems = problems
        self._stored = stored_tiles()
        self._growing: dict[Place, bytes] = {}
        self._waiting: Iterator[RawCheckpoint] = read_checkpoints()
        self._next = next(self._waiting, None)
        self._compare_checkpoints()

    def add_page(self, index: int) -> None:
        """Add the leaves of one page of the lowest level."""
        first = index * TILE_WIDTH
        length = min(TILE_WIDTH, self._size - first) * HASH_BYTES
        joined = self._stored(0, index)[:length]
        if len(joined) < length:
            self._problems.add(LedgerProblem(None, first, _PAGE.format(level=0, index=index)))
            joined = joined.ljust(length, b"\0")
        leaves = [joined[i : i + HASH_BYTES] for i in range(0, length, HASH_BYTES)]
        self._growing |= grow(first, leaves, lambda level, place: self._growing.get((level, place), b""))
        self._compare_pages(whole=True)
        for leaf in leaves:
            self.frontier.append(leaf)
            self._compare_checkpoints()

    def finish(self) -> None:
        """Compare the growing pages, and the checkpoints that claim more than there is."""
        self._compare_pages(whole=False)

    def _compare_pages(self, *, whole: bool) -> None:
        for (level, index), joined in list(self._growing.items()):
            if whole and len(joined) < TILE_BYTES:
                continue
            if self._stored(level, index)[: len(joined)] != joined and level > 0:
                self._problems.add(LedgerProblem(None, None, _PAGE.format(level=level, index=index)))
            del self._growing[level, index]

    def _compare_checkpoints(self) -> None:
        while self._next is not None and self._next.size <= self.frontier.size:
            self._compare(self._next)
            self._next = next(self._waiting, None)

    def _compare(self, row: RawCheckpoint) -> None:
        self.checkpoints += 1
        try:
            body = open_checkpoint(row.note, self._public_key)
        except NoteInvalid:
            self._name(row, _NOTE)
            return
        if (body.size, body.root_hash, body.at) != (row.size, row.root_hash, row.at):
            self._name(row, _COLUMNS)
        elif row.size != self.frontier.size or body.root_hash != self.frontier.root():
            self._name(row, _ROOT)

    def _name(self, row: RawCheckpoint, what: str) -> None:
        self._problems.add(LedgerProblem(None, row.size, what.format(size=row.size)))
