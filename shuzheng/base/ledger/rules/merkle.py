"""The Merkle tree of RFC 6962 and its proofs, over hashes only.

A tree of n leaves is a row of perfect subtrees, largest first, as the bits of n say. `Frontier` keeps their roots: it
is all that appending needs. Proofs are checked by the algorithms of RFC 9162, 2.1.3.2 and 2.1.4.2.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from shuzheng.base.ledger.errors import ProofInvalid

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
"""Root of the tree without leaves."""

NodeReader: TypeAlias = Callable[[int, int], bytes]
"""Gives the hash of the perfect subtree at (height, index): the leaves [index << height, index + 1 << height)."""


def hash_leaf(data: bytes) -> bytes:
    """Return the hash of a leaf's bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the perfect subtrees of a growing tree, largest first."""

    __slots__ = ("roots", "size")

    def __init__(self, size: int = 0, roots: Iterable[bytes] = ()) -> None:
        self.size = size
        self.roots = list(roots)
        if len(self.roots) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} perfect subtrees")

    def append(self, leaf_hash: bytes) -> None:
        """Add one leaf."""
        node, size = leaf_hash, self.size
        while size & 1:
            node = hash_children(self.roots.pop(), node)
            size >>= 1
        self.roots.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the whole tree."""
        return _join(self.roots)


def _join(roots: Sequence[bytes]) -> bytes:
    """Fold subtree roots, largest first, into one; no root at all is the empty tree."""
    if not roots:
        return EMPTY_ROOT
    node = roots[-1]
    for left in reversed(roots[:-1]):
        node = hash_children(left, node)
    return node


def range_hash(start: int, end: int, node: NodeReader) -> bytes:
    """Return the hash over the leaves [start, end), where start is a multiple of the largest subtree in it."""
    return _join([node(height, index) for height, index in _perfect(start, end)])


def _perfect(start: int, end: int) -> list[tuple[int, int]]:
    """Split [start, end) into perfect subtrees (height, index), largest first."""
    parts = []
    while start < end:
        height = (end - start).bit_length() - 1
        parts.append((height, start >> height))
        start += 1 << height
    return parts


def inclusion_path(position: int, size: int, node: NodeReader) -> tuple[bytes, ...]:
    """Return the neighbours from a leaf up to the root of a tree of `size` leaves. Source: RFC 9162, 2.1.3.1."""
    if not 0 <= position < size:
        raise ValueError("the leaf is not in the tree")
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if position < middle:
            path.append(range_hash(middle, end, node))
            end = middle
        else:
            path.append(range_hash(start, middle, node))
            start = middle
    return tuple(reversed(path))


def _split(count: int) -> int:
    """Return the largest power of two smaller than `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def consistency_path(first: int, second: int, node: NodeReader) -> tuple[bytes, ...]:
    """Return the proof that the first `first` leaves of a tree of `second` stayed. Source: RFC 9162, 2.1.4.1."""
    if not 0 <= first <= second:
        raise ValueError("the first tree is larger than the second")
    if first in (0, second):
        return ()
    path = []
    start, end, whole = 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(range_hash(middle, end, node))
            end = middle
        else:
            path.append(range_hash(start, middle, node))
            start, whole = middle, False
    if not whole:
        path.append(range_hash(start, end, node))
    return tuple(reversed(path))


def check_inclusion(leaf_hash: bytes, *, position: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf stands at a position of the tree with this root.

    Raises:
        ProofInvalid: It does not follow from the path.
    """
    if not 0 <= position < size or len(leaf_hash) != HASH_BYTES:
        raise ProofInvalid
    number, last, node = position, size - 1, leaf_hash
    for neighbour in path:
        if last == 0 or len(neighbour) != HASH_BYTES:
            raise ProofInvalid
        if number & 1 or number == last:
            node = hash_children(neighbour, node)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            node = hash_children(node, neighbour)
        number, last = number >> 1, last >> 1
    if last or not hmac.compare_digest(node, root):
        raise ProofInvalid


def check_consistency(*, first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes) -> None:
    """Check that the tree of `first` leaves is the beginning of the tree of `second`.

    Raises:
        ProofInvalid: It does not follow from the path.
    """
    if not 0 <= first <= second:
        raise ProofInvalid
    if first in (0, second):
        start_fits = first_root == (EMPTY_ROOT if first == 0 else second_root)
        if path or not start_fits:
            raise ProofInvalid
        return
    hashes = list(path)
    if first & (first - 1) == 0:
        hashes.insert(0, first_root)
    if not hashes or any(len(each) != HASH_BYTES for each in hashes):
        raise ProofInvalid
    old, new, last = _climb(first, second, hashes)
    if last or old != first_root or new != second_root:
        raise ProofInvalid


def _climb(first: int, second: int, hashes: Sequence[bytes]) -> tuple[bytes, bytes, int]:
    """Return both roots a consistency path leads to, and 0 when the path had the right length."""
    number, last = first - 1, second - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            raise ProofInvalid
        if number & 1 or number == last:
            old, new = hash_children(each, old), hash_children(each, new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            new = hash_children(new, each)
        number, last = number >> 1, last >> 1
    return old, new, last
