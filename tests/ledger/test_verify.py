"""Whatever is changed by hand is found and named."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from shuzheng.base.kernel.types import SYSTEM, Actor, FirmId, OrgId, Party, PartyKind, PersonId, PostId
from shuzheng.base.ledger import actions, queries
from shuzheng.base.ledger.models import Checkpoint, Entry, Tile
from shuzheng.base.ledger.types import LedgerProblem

AT = datetime(2026, 11, 24, 1, 2, 3, 4, tzinfo=UTC)
CLERK = Actor(
    "李小华",
    PersonId(uuid4()),
    PostId(uuid4()),
    OrgId("91350100M000100Y43"),
    on_behalf_of=Party(PartyKind.FIRM, FirmId(uuid4()), "青禾"),
)
SEQUENCED, PENDING = 7, 3
COLUMNS = [field.column for field in Entry._meta.concrete_fields]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ledger() -> None:
    for n in range(SEQUENCED + PENDING):
        actions.record(
            "t.acted",
            f"urn:x:{n}",
            actor=CLERK,
            at=AT + timedelta(seconds=n),
            content={"n": n},
            related=["urn:x:a", "urn:x:b"],
        )
        if n in (2, SEQUENCED - 1):
            actions.sequence_pending(at=AT)


def entry(n: int) -> UUID:
    return Entry.objects.order_by("public_id").values_list("public_id", flat=True)[n]


def tamper(sql: str, *values: int | str | bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount == 1


def key(entry_id: UUID) -> str:
    return str(Entry._meta.pk.get_db_prep_value(entry_id, connection))


def named() -> set[UUID | None]:
    report = queries.verify_ledger()
    assert report.ok is (report.problems == ())
    return {problem.entry for problem in report.problems}


def flip(value: int | str | bytes | memoryview) -> int | str | bytes:
    """Return the value with one bit of one byte changed."""
    if isinstance(value, int):
        return value ^ (1 << 20)
    if isinstance(value, str):
        return value[:-1] + chr(ord(value[-1]) ^ 1)
    changed = bytearray(value)
    changed[-1] ^= 1
    return bytes(changed)


def test_an_untouched_ledger_is_whole() -> None:
    report = queries.verify_ledger()
    assert (report.ok, report.size, report.pending, report.checkpoints) == (True, SEQUENCED, PENDING, 2)
    checkpoint = queries.find_checkpoint()
    assert checkpoint is not None
    assert report.root_hash == checkpoint.root_hash.hex()
    assert queries.get_size() == SEQUENCED


def test_an_empty_ledger_is_whole() -> None:
    Entry.objects.all().delete()
    Tile.objects.all().delete()
    Checkpoint.objects.all().delete()
    report = queries.verify_ledger()
    assert (report.ok, report.size, report.checkpoints) == (True, 0, 0)


@pytest.mark.parametrize("n", [0, 3, SEQUENCED - 1, SEQUENCED, SEQUENCED + PENDING - 1])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_byte_changed_in_any_column_of_any_row_names_that_entry(column: str, n: int) -> None:
    target = entry(n)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM ledger_entry WHERE public_id = %s', [key(target)])
        (value,) = cursor.fetchone()
    if column == "public_id":
        target = UUID(int=target.int ^ 1)
        changed: int | str | bytes = key(target)
    else:
        changed = 12345 if value is None else flip(value)
    tamper(f'UPDATE ledger_entry SET "{column}" = %s WHERE public_id = %s', changed, key(entry(n)))
    assert target in named()


@pytest.mark.parametrize("n", [3, SEQUENCED])
@pytest.mark.parametrize("column", [c for c in COLUMNS if c not in ("public_id", "position", "salt")])
def test_a_column_emptied_names_that_entry(column: str, n: int) -> None:
    empty = b"" if column in ("commitment", "salt_hash", "leaf_hash") else ""
    target = entry(n)
    tamper(f'UPDATE ledger_entry SET "{column}" = %s WHERE public_id = %s', empty, key(target))
    assert target in named()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite stores another spelling or a broken text")
@pytest.mark.parametrize("n", [3, SEQUENCED])
@pytest.mark.parametrize(
    "change",
    [
        "act = CAST(x'ff' AS TEXT)",
        "at = replace(at, 'Z', '+')",
        "related = related || ' '",
        "position = 'x'",
        "position = 3.5",
    ],
)
def test_what_a_lenient_reader_would_overlook_names_that_entry(change: str, n: int) -> None:
    target = entry(n)
    tamper(f"UPDATE ledger_entry SET {change} WHERE public_id = %s", key(target))
    assert target in named()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has one spelling of an id")
def test_an_id_spelled_in_capitals_is_a_change() -> None:
    target = entry(3)
    tamper("UPDATE ledger_entry SET public_id = upper(public_id) WHERE public_id = %s", key(target))
    (problem,) = queries.verify_ledger().problems
    assert (problem.entry, problem.position) == (None, 3)


def test_erasing_a_salt_leaves_the_ledger_whole() -> None:
    for n in (3, SEQUENCED):
        Entry.objects.filter(public_id=entry(n)).update(salt=None)
    assert named() == set()


def test_a_deleted_row_is_named_by_its_position() -> None:
    Entry.objects.filter(position=3).delete()
    assert queries.verify_ledger().problems == (LedgerProblem(None, 3, "从第 3 位起有 1 条记录不见了"),)
    Entry.objects.filter(position__gte=5).delete()
    assert [problem.position for problem in queries.verify_ledger().problems] == [3, 5]


def test_two_rows_that_changed_places_are_both_named() -> None:
    first, second = entry(1), entry(4)
    for target, position in ((first, 99), (second, 1), (first, 4)):
        Entry.objects.filter(public_id=target).update(position=position)
    assert named() == {first, second}


def test_a_row_whose_place_was_cleared_is_named_with_the_place_it_had() -> None:
    target = entry(4)
    Entry.objects.filter(public_id=target).update(position=None)
    found = {(problem.entry, problem.position): problem.what for problem in queries.verify_ledger().problems}
    assert (None, 4) in found
    assert found[target, None] == "记录原在第 4 位，位置被清除"


def test_a_row_put_into_the_log_by_hand_is_named() -> None:
    for position in (SEQUENCED, -1):
        target = entry(SEQUENCED)
        Entry.objects.filter(public_id=target).update(position=position)
        assert named() == {target}


def test_a_row_forged_with_its_own_hash_is_named_once_sequenced() -> None:
    forged = actions.record("t.forged", "urn:x:1", actor=SYSTEM, at=AT + timedelta(seconds=50))
    leaf_hash = Entry.objects.get(public_id=forged).leaf_hash
    target = entry(2)
    Entry.objects.filter(public_id=forged).delete()
    Entry.objects.filter(public_id=target).update(act="t.forged", leaf_hash=leaf_hash)
    assert named() == {target}


FORGERIES: list[Callable[[], object]] = [
    lambda: Checkpoint.objects.filter(size=3).update(root_hash=bytes(32)),
    lambda: Checkpoint.objects.filter(size=3).update(at="2020-01-01T00:00:00.000000Z"),
    lambda: Checkpoint.objects.filter(size=3).update(note=Checkpoint.objects.get(size=7).note),
    lambda: Checkpoint.objects.filter(size=3).update(
        note=Checkpoint.objects.get(size=3).note.replace("\n3\n", "\n4\n")
    ),
    lambda: Checkpoint.objects.filter(size=3).update(note=""),
    lambda: Checkpoint.objects.create(size=5, root_hash=bytes(32), at="x", note="forged"),
    lambda: Checkpoint.objects.create(size=-5, root_hash=bytes(32), at="x", note="forged"),
]


@pytest.mark.parametrize("forge", FORGERIES)
def test_a_forged_checkpoint_is_reported_and_no_entry_is_blamed(forge: Callable[[], object]) -> None:
    forge()
    assert named() == {None}


@pytest.mark.parametrize("level", [0, 1])
def test_a_changed_page_of_the_tree_is_reported(level: int) -> None:
    for n in range(300):
        actions.record("t.acted", "urn:x:1", actor=SYSTEM, at=AT + timedelta(minutes=1, milliseconds=n))
    actions.sequence_pending(at=AT)
    tile = Tile.objects.get(level=level, index=0)
    Tile.objects.filter(pk=tile.pk).update(hashes=flip(tile.hashes))
    assert not queries.verify_ledger().ok
    Tile.objects.filter(pk=tile.pk).delete()
    assert not queries.verify_ledger().ok


def test_a_lost_last_checkpoint_leaves_its_entries_uncovered() -> None:
    Checkpoint.objects.filter(size=SEQUENCED).delete()
    assert named() == {entry(n) for n in range(3, SEQUENCED)}


def test_a_row_with_a_hash_of_another_length_is_not_sequenced_but_named() -> None:
    target = entry(SEQUENCED)
    Entry.objects.filter(public_id=target).update(leaf_hash=b"short")
    assert actions.sequence_pending(at=AT) == PENDING - 1
    assert named() == {target}


def test_a_thousand_problems_are_enough() -> None:
    Entry.objects.bulk_create(
        Entry(public_id=uuid4(), act="x", subject="x", actor="x", at="x", leaf_hash=b"", position=None)
        for _ in range(1_010)
    )
    assert len(queries.verify_ledger().problems) == 1_000


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    queries.verify_ledger(progress=lambda done, of: told.append((done, of)))
    assert told == [(SEQUENCED, SEQUENCED)]
