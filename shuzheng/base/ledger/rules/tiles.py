"""The stored form of the tree: pages of 256 hashes, one row of pages for every eighth level. Source: C2SP tlog-tiles.

Page (level, index) holds the nodes at height 8·level from 256·index on. Only the last page of a level grows; a batch
of a thousand leaves touches about six pages, whatever the size of the log.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from shuzheng.base.ledger.rules.merkle import HASH_BYTES, hash_children

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT
TILE_BYTES: Final = TILE_WIDTH * HASH_BYTES

Place: TypeAlias = tuple[int, int]
"""Level and index of a page."""
TileReader: TypeAlias = Callable[[int, int], bytes]
"""Gives the hashes of a page, joined; b'' when there is none."""


def grow(size: int, leaf_hashes: Sequence[bytes], read_tile: TileReader) -> dict[Place, bytes]:
    """Return the pages that change when leaves are added to a tree of `size` leaves."""
    changed: dict[Place, bytes] = {}
    level, first, hashes = 0, size, list(leaf_hashes)
    while hashes:
        above = []
        done = 0
        while done < len(hashes):
            index, offset = divmod(first + done, TILE_WIDTH)
            added = hashes[done : done + TILE_WIDTH - offset]
            kept = read_tile(level, index)[: offset * HASH_BYTES] if offset else b""
            changed[level, index] = kept + b"".join(added)
            if offset + len(added) == TILE_WIDTH:
                above.append(fold_hashes(changed[level, index]))
            done += len(added)
        level, first, hashes = level + 1, first // TILE_WIDTH, above
    return changed


def fold_hashes(joined: bytes) -> bytes:
    """Return the root over a power of two of joined hashes."""
    row = [joined[i : i + HASH_BYTES] for i in range(0, len(joined), HASH_BYTES)]
    while len(row) > 1:
        row = [hash_children(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def read_node(height: int, index: int, read_tile: TileReader) -> bytes:
    """Return the hash of a perfect subtree from the page below it.

    Raises:
        LookupError: The pages do not reach it.
    """
    level, rest = divmod(height, TILE_HEIGHT)
    tile, offset = divmod(index << rest, TILE_WIDTH)
    joined = read_tile(level, tile)[offset * HASH_BYTES : (offset + (1 << rest)) * HASH_BYTES]
    if len(joined) != HASH_BYTES << rest:
        raise LookupError(f"tree page {level}/{tile} is incomplete")
    return fold_hashes(joined)


def overlay(changed: Mapping[Place, bytes], read_tile: TileReader) -> TileReader:
    """Return a reader that sees changed pages before stored ones."""

    def read(level: int, index: int) -> bytes:
        return changed[level, index] if (level, index) in changed else read_tile(level, index)

    return read
