"""Positions, checkpoints and proofs."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from shuzheng.base.kernel.types import SYSTEM
from shuzheng.base.ledger import actions, errors, queries
from shuzheng.base.ledger.models import Checkpoint, Entry, Tile
from shuzheng.base.ledger.queries.log import log_key
from shuzheng.base.ledger.rules.merkle import check_consistency, check_inclusion, hash_leaf
from shuzheng.base.ledger.rules.notes import open_checkpoint

AT = datetime(2026, 11, 24, 1, 2, 3, 4, tzinfo=UTC)


def record_some(count: int, subject: str = "urn:x:1") -> None:
    for n in range(count):
        actions.record("t.acted", subject, actor=SYSTEM, at=AT + timedelta(milliseconds=n), content={"n": n})


@pytest.mark.django_db
def test_a_batch_gets_positions_from_zero_without_gap_in_the_order_of_time() -> None:
    record_some(5)
    assert actions.sequence_pending(at=AT, limit=3) == 3
    assert actions.sequence_pending(at=AT, limit=3) == 2
    assert actions.sequence_pending(at=AT, limit=3) == 0
    by_time = Entry.objects.order_by("public_id").values_list("position", flat=True)
    assert list(by_time) == [0, 1, 2, 3, 4]
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [3, 5]


@pytest.mark.django_db
def test_the_checkpoint_is_a_signed_note_of_size_and_root() -> None:
    assert queries.find_checkpoint() is None
    record_some(2)
    actions.sequence_pending(at=AT)
    checkpoint = queries.find_checkpoint()
    assert checkpoint is not None
    body = open_checkpoint(checkpoint.note, log_key().public_key())
    assert (body.size, body.root_hash) == (checkpoint.size, checkpoint.root_hash) == (2, checkpoint.root_hash)
    assert checkpoint.at == AT
    assert body.origin.endswith("/ledger")


@pytest.mark.django_db
def test_every_entry_has_an_inclusion_proof_and_every_checkpoint_a_consistency_proof() -> None:
    for count in (1, 6, 300):
        record_some(count)
        actions.sequence_pending(at=AT)
    last = queries.find_checkpoint()
    assert last is not None
    for entry in Entry.objects.filter(position__in=[0, 1, 6, 7, 255, 256, 306]):
        proof = queries.prove_inclusion(entry.public_id)
        check_inclusion(
            hash_leaf(proof.leaf), position=proof.position, size=proof.size, path=proof.path, root=last.root_hash
        )
    for earlier in Checkpoint.objects.all():
        consistency = queries.prove_consistency(earlier.size, last.size)
        check_consistency(
            first=earlier.size,
            second=last.size,
            path=consistency.path,
            first_root=bytes(earlier.root_hash),
            second_root=last.root_hash,
        )


@pytest.mark.django_db
def test_there_is_no_proof_for_what_is_unknown_pending_or_not_yet_written() -> None:
    pending = actions.record("t.acted", "urn:x:1", actor=SYSTEM, at=AT)
    with pytest.raises(errors.EntryNotFound):
        queries.prove_inclusion(uuid4())
    with pytest.raises(errors.EntryNotSequenced):
        queries.prove_inclusion(pending)
    for first, second in [(0, 1), (-1, 0), (2, 1)]:
        with pytest.raises(errors.SizeOutOfRange):
            queries.prove_consistency(first, second)


@pytest.mark.django_db
def test_entries_of_a_subject_are_listed_by_time_and_page_by_page() -> None:
    record_some(3, "urn:x:1")
    record_some(1, "urn:x:2")
    first = queries.list_entries("urn:x:1", limit=2)
    rest = queries.list_entries("urn:x:1", after=first[-1].id, limit=2)
    assert [entry.at for entry in (*first, *rest)] == [AT + timedelta(milliseconds=n) for n in range(3)]
    assert queries.get_entry(first[0].id) == first[0]
    with pytest.raises(errors.EntryNotFound):
        queries.get_entry(uuid4())


@pytest.mark.django_db(transaction=True)
def test_two_sequencers_at_once_give_each_position_once() -> None:
    record_some(60)
    gate = threading.Barrier(2)
    done: list[int] = []

    def sequence() -> None:
        gate.wait()
        while count := actions.sequence_pending(at=AT, limit=7):
            done.append(count)
        connection.close()

    threads = [threading.Thread(target=sequence) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(done) == 60
    by_place = Entry.objects.order_by("position").values_list("position", flat=True)
    assert list(by_place) == list(range(60))
    assert queries.verify_ledger().ok


@pytest.mark.django_db
def test_a_batch_costs_statements_by_pages_not_by_size() -> None:
    record_some(300)
    actions.sequence_pending(at=AT)
    assert Tile.objects.count() == 3
    assert set(Tile.objects.values_list("level", "index")) == {(0, 0), (0, 1), (1, 0)}
