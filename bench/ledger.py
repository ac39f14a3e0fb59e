"""The ledger: recording acts and giving them their place in the signed tree; proving that one is in it.

Peers: the same rows by bare INSERT, which is the database's own limit; and pymerkle for the tree alone, in memory.
"""

import random
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from bench.frame import SEED, Outcome, Say, scratch_database, seconds, time_pairs
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor, PersonId
from shuzheng.base.ledger.actions import record, sequence_pending
from shuzheng.base.ledger.models import Entry
from shuzheng.base.ledger.queries import get_size, prove_inclusion, verify_ledger

HAS_PYMERKLE: Final = find_spec("pymerkle") is not None
if HAS_PYMERKLE:
    import pymerkle

KEYS: Final = ("appends_per_second", "proofs_per_second")
AT: Final = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
BATCH: Final = 1000
"""Acts in one transaction and in one signed checkpoint."""
WARM_BATCHES: Final = 20
"""Batches in the tree before proofs are asked for."""
PROOFS: Final = 500
ACTOR: Final = Actor("李小华", person=PersonId(UUID(int=1)))
_COPIED: Final = "act, subject, actor, post, org, on_behalf_of, at, related, commitment, salt, salt_hash, leaf_hash"


def run(scale: float, say: Say) -> Outcome:
    """Record, sequence, prove; beside it the bare statements and the bare tree."""
    outcome = Outcome(peers=("pymerkle",))
    size = max(50, int(BATCH * min(1.0, scale)))
    with scratch_database():
        say("recording beside bare inserts")
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE bare (public_id char(32) PRIMARY KEY, rest text)")
        pairs = time_pairs(lambda: _append(size), lambda: _insert_bare(size))
        outcome.figures["appends_per_second"] = size / pairs.seconds
        outcome.figures |= pairs.figures("ratio_bare_insert")
        outcome.notes.append(
            "appends: record() in transactions of a batch, then positions, tree and one signed checkpoint a batch;"
            " ratio_bare_insert: against as many INSERTs of rows as wide, without hash, tree or signature"
        )
        for _ in range(max(1, int(WARM_BATCHES * min(1.0, scale)))):
            _append(size)
        _prove(outcome, max(20, int(PROOFS * min(1.0, scale))), say)
        outcome.work = {"scale": scale, "batch": size, "entries": get_size(), "seed": SEED}
        report = verify_ledger()
        if not report.ok:
            raise AssertionError(f"the ledger does not verify: {report.problems[:3]}")
    return outcome


def _append(size: int) -> None:
    with transaction.atomic():
        for number in range(size):
            record(
                "cases.accepted",
                f"urn:shuzheng:case:{UUID(int=number)}",
                actor=ACTOR,
                at=AT + timedelta(milliseconds=number),
                content={"opinion": "材料齐全，予以受理", "task": number},
            )
    while sequence_pending(at=AT, limit=BATCH) == BATCH:
        pass


def _insert_bare(size: int) -> None:
    wide = "x" * 420
    with transaction.atomic(), connection.cursor() as cursor:
        for number in range(size):
            key = new_id(AT + timedelta(milliseconds=number)).hex
            cursor.execute("INSERT INTO bare VALUES (%s, %s)", [key, wide])


def _prove(outcome: Outcome, count: int, say: Say) -> None:
    say(f"{count} proofs")
    chance = random.Random(SEED)
    ids = list(Entry.objects.filter(position__isnull=False).values_list("public_id", flat=True))
    wanted = [chance.choice(ids) for _ in range(count)]

    def ours() -> object:
        return [prove_inclusion(entry) for entry in wanted]

    if not HAS_PYMERKLE:
        outcome.figures["proofs_per_second"] = count / seconds(ours)
        outcome.notes.append("pymerkle is not installed (dependency group `bench`): ratio_pymerkle left out")
        return
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in ids:
        tree.append_entry(entry.bytes)
    places = {entry: place for place, entry in enumerate(ids, 1)}
    pairs = time_pairs(ours, lambda: [tree.prove_inclusion(places[entry]) for entry in wanted], pairs=5)
    outcome.figures["proofs_per_second"] = count / pairs.seconds
    outcome.figures |= pairs.figures("ratio_pymerkle")
    outcome.notes.append("ratio_pymerkle: proofs from our stored tiles against proofs from a tree held in memory")
