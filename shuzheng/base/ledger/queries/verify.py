"""Verify: compute the whole ledger again from its rows and name what is not as it was.

Three statements are held against each other: a row against its leaf hash, the leaf hash against the tree's page
(here), the tree against every signed checkpoint (`verify_tree`). Rows are read in order, a thousand at a time. New
entries may arrive meanwhile: what only a newer checkpoint covers is left to the next run.
"""

import hashlib
from collections.abc import Callable
from typing import Final, TypeAlias

from shuzheng.base.ledger.queries.entries import get_size
from shuzheng.base.ledger.queries.log import log_key, stored_tiles
from shuzheng.base.ledger.queries.rows import RawEntry, read_pending, read_sequenced
from shuzheng.base.ledger.queries.verify_tree import check_tree
from shuzheng.base.ledger.rules.leaf import leaf_bytes
from shuzheng.base.ledger.rules.merkle import HASH_BYTES, hash_leaf
from shuzheng.base.ledger.rules.tiles import TILE_WIDTH
from shuzheng.base.ledger.types import LedgerProblem, LedgerReport, Problems

_CHANGED: Final = "记录的内容与写入时的散列不符，有字段被改动"
_SALT: Final = "记录的盐与写入时的散列不符，被改动"
_MOVED: Final = "记录与台账树第 {position} 位的散列不符，内容或位置被改动"
_UNCOVERED: Final = "记录的位置不在任何检查点之内，位置被改动"
_CLEARED: Final = "记录原在第 {position} 位，位置被清除"
_GONE: Final = "从第 {position} 位起有 {count} 条记录不见了"
_REMEMBERED: Final = 1_000

Progress: TypeAlias = Callable[[int, int], None]


def verify_ledger(*, progress: Progress | None = None) -> LedgerReport:
    """Compute the ledger again.

    Args:
        progress: Called every thousand entries with entries done and entries in all.

    Returns:
        What was found; `ok` when nothing is wrong. Memory does not grow with the ledger.
    """
    size = get_size()
    problems = Problems()
    tree = check_tree(size, log_key().public_key(), problems)
    check = _RowCheck(size, problems, progress)
    check.sequenced()
    pending = check.pending()
    return LedgerReport(
        ok=not problems.found,
        size=size,
        root_hash=tree.root_hash.hex(),
        pending=pending,
        checkpoints=tree.checkpoints,
        problems=tuple(problems.found),
    )


class _RowCheck:
    """The pass over rows; remembers what is missing so that a row that lost its place is named."""

    def __init__(self, size: int, problems: Problems, progress: Progress | None) -> None:
        self._size = size
        self._problems = problems
        self._progress = progress
        self._tile = stored_tiles()
        self._missing: dict[bytes, int] = {}
        self._astray: list[RawEntry] = []

    def sequenced(self) -> None:
        """Check every row with a position, and that no position lacks its row."""
        expected = 0
        for row in read_sequenced():
            if row.position is None or not expected <= row.position < self._size:
                self._astray.append(row)
                self._astray = self._astray[:_REMEMBERED]
                continue
            self._check_gap(expected, row.position)
            self._check_row(row, self._leaf_hash(row.position))
            expected = row.position + 1
            if self._progress is not None and (expected % 1000 == 0 or expected == self._size):
                self._progress(expected, self._size)
        self._check_gap(expected, self._size)
        self._check_astray()

    def pending(self) -> int:
        """Check every row without a position; return how many there are."""
        count = 0
        for count, row in enumerate(read_pending(), 1):  # noqa: B007 - the last count is the answer
            self._check_row(row, None)
            if row.leaf_hash in self._missing:
                self._name(row, _CLEARED.format(position=self._missing[row.leaf_hash]))
        return count

    def _check_row(self, row: RawEntry, tree_hash: bytes | None) -> None:
        if row.leaf is None or hash_leaf(leaf_bytes(row.leaf)) != row.leaf_hash:
            self._name(row, _CHANGED)
        elif not _salt_fits(row.salt, row.leaf.salt_hash):
            self._name(row, _SALT)
        elif tree_hash is not None and row.leaf_hash != tree_hash:
            self._name(row, _MOVED.format(position=row.position))

    def _check_gap(self, start: int, end: int) -> None:
        if start == end:
            return
        self._problems.add(LedgerProblem(None, start, _GONE.format(position=start, count=end - start)))
        for position in range(start, min(end, start + _REMEMBERED - len(self._missing))):
            self._missing[self._leaf_hash(position)] = position

    def _check_astray(self) -> None:
        """Name rows at a place no checkpoint covers, unless a newer checkpoint came meanwhile and covers it."""
        now = get_size()
        for row in self._astray:
            if row.position is None or not self._size <= row.position < now:
                self._name(row, _UNCOVERED)

    def _leaf_hash(self, position: int) -> bytes:
        index, offset = divmod(position, TILE_WIDTH)
        return self._tile(0, index)[offset * HASH_BYTES : (offset + 1) * HASH_BYTES]

    def _name(self, row: RawEntry, what: str) -> None:
        self._problems.add(LedgerProblem(row.id, row.position, what))


def _salt_fits(salt: bytes | None, salt_hash: bytes) -> bool:
    """An erased salt fits; one that is there must be the one that was hashed."""
    return salt is None or hashlib.sha256(salt).digest() == salt_hash
