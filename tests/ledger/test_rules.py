"""The tree against the published vectors of transparency-dev/merkle, and laws over any tree.

Source of vectors: github.com/transparency-dev/merkle, testonly/constants.go (leaves, roots) and proof_test.go.
"""

import base64
import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings, strategies as st

from shuzheng.base.ledger.errors import NoteInvalid, ProofInvalid
from shuzheng.base.ledger.rules.merkle import (
    EMPTY_ROOT,
    Frontier,
    check_consistency,
    check_inclusion,
    consistency_path,
    hash_children,
    hash_leaf,
    inclusion_path,
    range_hash,
)
from shuzheng.base.ledger.rules.notes import CheckpointBody, open_checkpoint, sign_checkpoint
from shuzheng.base.ledger.rules.tiles import grow, read_node

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = [
    (0, 8, ["96a296d2", "5f083f0a", "6b47aaf2"]),
    (5, 8, ["bc1a0643", "ca854ea1", "d37ee418"]),
    (2, 3, ["fac54203"]),
    (1, 5, ["6e340b9c", "5f083f0a", "bc1a0643"]),
]
CONSISTENCY = [
    (1, 8, ["96a296d2", "5f083f0a", "6b47aaf2"]),
    (6, 8, ["0ebc5d34", "ca854ea1", "d37ee418"]),
    (2, 5, ["5f083f0a", "bc1a0643"]),
    (6, 7, ["0ebc5d34", "b08693ec", "d37ee418"]),
]


class Tree:
    """A tree in pages, as the database keeps it."""

    def __init__(self, leaves: list[bytes], batch: int = 3) -> None:
        self.pages: dict[tuple[int, int], bytes] = {}
        self.hashes = [hash_leaf(leaf) for leaf in leaves]
        for start in range(0, len(leaves), batch):
            self.pages |= grow(start, self.hashes[start : start + batch], self.page)

    def page(self, level: int, index: int) -> bytes:
        return self.pages.get((level, index), b"")

    def node(self, height: int, index: int) -> bytes:
        return read_node(height, index, self.page)

    def root(self, size: int) -> bytes:
        return range_hash(0, size, self.node)


def recursive_root(leaves: list[bytes]) -> bytes:
    """Compute RFC 6962, 2.1 word by word: the oracle."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hash_leaf(leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hash_children(recursive_root(leaves[:k]), recursive_root(leaves[k:]))


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_published_tree(size: int) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(hash_leaf(leaf))
    assert frontier.root().hex() == ROOTS[size]
    assert Tree(LEAVES).root(size).hex() == ROOTS[size]
    assert recursive_root(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("position", "size", "path"), INCLUSION)
def test_inclusion_paths_are_the_published_ones(position: int, size: int, path: list[str]) -> None:
    assert [each.hex()[:8] for each in inclusion_path(position, size, Tree(LEAVES).node)] == path


@pytest.mark.parametrize(("first", "second", "path"), CONSISTENCY)
def test_consistency_paths_are_the_published_ones(first: int, second: int, path: list[str]) -> None:
    assert [each.hex()[:8] for each in consistency_path(first, second, Tree(LEAVES).node)] == path


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 700), st.integers(1, 300), st.data())
def test_a_paged_tree_grown_in_batches_has_the_root_and_proofs_of_the_definition(
    size: int, batch: int, data: st.DataObject
) -> None:
    leaves = [n.to_bytes(2) for n in range(size)]
    tree = Tree(leaves, batch)
    part = data.draw(st.integers(1, size))
    position = data.draw(st.integers(0, part - 1))
    root = tree.root(part)
    assert root == recursive_root(leaves[:part])
    path = inclusion_path(position, part, tree.node)
    check_inclusion(tree.hashes[position], position=position, size=part, path=path, root=root)
    proof = consistency_path(part, size, tree.node)
    check_consistency(first=part, second=size, path=proof, first_root=root, second_root=tree.root(size))
    wrong = bytearray(tree.root(size))
    wrong[data.draw(st.integers(0, 31))] ^= 1
    with pytest.raises(ProofInvalid):
        check_consistency(first=part, second=size, path=proof, first_root=root, second_root=bytes(wrong))
    with pytest.raises(ProofInvalid):
        check_inclusion(tree.hashes[position], position=position, size=part, path=(*path, root), root=root)


def test_every_wrong_position_size_or_short_hash_is_refused() -> None:
    tree = Tree(LEAVES)
    for position in range(8):
        path = inclusion_path(position, 8, tree.node)
        right = {"position": position, "size": 8}
        for changed in ({"position": position ^ 1}, {"position": 8}, {"position": -1}, {"size": 0}, {"size": 64}):
            with pytest.raises(ProofInvalid):
                check_inclusion(tree.hashes[position], path=path, root=tree.root(8), **{**right, **changed})
        for short in (path[:-1], (path[0][:31], *path[1:]), ()):
            with pytest.raises(ProofInvalid):
                check_inclusion(tree.hashes[position], path=short, root=tree.root(8), **right)
    with pytest.raises(ProofInvalid):
        check_inclusion(b"", position=0, size=1, path=(), root=b"")


def test_the_empty_log_is_the_beginning_of_every_log_and_needs_no_path() -> None:
    root = Tree(LEAVES).root(8)
    check_consistency(first=0, second=8, path=(), first_root=EMPTY_ROOT, second_root=root)
    check_consistency(first=8, second=8, path=(), first_root=root, second_root=root)
    for path, first, first_root in [((root,), 0, EMPTY_ROOT), ((), 0, root), ((), 8, EMPTY_ROOT), ((), 3, root)]:
        with pytest.raises(ProofInvalid):
            check_consistency(first=first, second=8, path=path, first_root=first_root, second_root=root)
    with pytest.raises(ProofInvalid):
        check_consistency(first=9, second=8, path=(), first_root=root, second_root=root)


def test_a_batch_of_a_thousand_touches_few_pages_of_a_large_log() -> None:
    pages = {(level, 10**6 >> (8 * (level + 1))): b"\1" * 32 * 256 for level in range(3)}
    changed = grow(10**6, [hash_leaf(b"x")] * 1000, lambda level, index: pages[level, index])
    assert len(changed) <= 8


KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
BODY = CheckpointBody("city.example/ledger", 5, bytes.fromhex(ROOTS[5]), "2026-11-24T01:02:03.000004Z")


def test_a_checkpoint_opens_with_its_key_and_says_what_was_signed() -> None:
    note = sign_checkpoint(BODY, KEY)
    lines = note.split("\n")
    assert lines[:3] == ["city.example/ledger", "5", base64.b64encode(BODY.root_hash).decode()]
    assert lines[4] == ""
    assert lines[5].startswith("— city.example/ledger ")
    assert open_checkpoint(note, KEY.public_key()) == BODY
    cosigned = note + "— witness.example/w " + base64.b64encode(bytes(76)).decode() + "\n"
    assert open_checkpoint(cosigned, KEY.public_key()) == BODY


def test_any_changed_character_of_a_checkpoint_is_refused() -> None:
    note = sign_checkpoint(BODY, KEY)
    for i, character in enumerate(note):
        changed = note[:i] + ("A" if character != "A" else "B") + note[i + 1 :]
        with pytest.raises(NoteInvalid):
            open_checkpoint(changed, KEY.public_key())
    for other in ("", "\n\n", note[:-1], note.partition("\n\n")[0] + "\n\n"):
        with pytest.raises(NoteInvalid):
            open_checkpoint(other, KEY.public_key())


def test_another_key_or_another_body_does_not_open_a_checkpoint() -> None:
    other = Ed25519PrivateKey.generate()
    with pytest.raises(NoteInvalid):
        open_checkpoint(sign_checkpoint(BODY, other), KEY.public_key())
    mine, forged = sign_checkpoint(BODY, KEY), sign_checkpoint(replace(BODY, size=6), other)
    mixed = forged.partition("\n\n")[0] + "\n\n" + mine.partition("\n\n")[2]
    with pytest.raises(NoteInvalid):
        open_checkpoint(mixed, KEY.public_key())
