"""Seal columns of a table that holds rows: a column was graded L4, by a person or by a new edition of the pack.

The grade is in force from the moment it is written down: whoever reads is masked as L4 says. What is stored follows,
and at each step the files say what was done, so that a power failure between any two of them costs only time:

1. *Asked.* One transaction writes the grade and that the table waits. Readers go by the grade, engines by the files:
   a column still in clear is given to the gate alone, as a sealed one is. A batch that would land seals first.
2. *Written anew.* One commit replaces every file and makes the column bytes. A batch that lands meanwhile makes it fail
   and be done again; a batch that was made ready before is sealed as it lands. Readers have this version or the one
   before, whole; one that planned by the older grade is refused (`SealChanged`) and asks again.
3. *Written down.* A checkpoint, after which no commit before it is needed.
4. *Forgotten.* When nobody can be reading the versions before, their files are removed, and their commits, which hold
   the least and the greatest value of columns. Else they would stay until tidied, a week at least; the commits a month.

The key ring is read while the table is held, and `rotate-keys` waits for the table: no key goes that was just used.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

import pyarrow as pa
from deltalake.exceptions import CommitFailedError, DeltaError
from django.db import transaction
from django.db.models import F

from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.said import dump_said, said
from shuzheng.base.kernel.seal import KeyRing
from shuzheng.base.kernel.types import Actor, JsonObject
from shuzheng.base.ledger.actions import record
from shuzheng.engines.lake.backends.delta import Version
from shuzheng.engines.lake.errors import NotSealed, SealChanged
from shuzheng.engines.lake.models import Sealing
from shuzheng.engines.lake.queries.discovery import check_may_decide
from shuzheng.engines.lake.queries.engines import seal_ring
from shuzheng.engines.lake.queries.tables import find_table, get_table, list_tables, store
from shuzheng.engines.lake.queries.waiting import hold_table, progress_file
from shuzheng.engines.lake.rules.overlaying import overlay
from shuzheng.engines.lake.rules.sealing import seal_column
from shuzheng.engines.lake.types.sealing import GRACE, Sealed, SealProgress
from shuzheng.engines.lake.types.tables import Table, TableCode

_TRIES: Final = 3
_TELL_SECONDS: Final = 1.0


def in_silence(rows: int, total: int) -> None:
    """Tell nobody how far it is."""


def ask_sealing(table: Table, *, actor: Actor, at: datetime) -> bool:
    """Note, inside the caller's transaction, that columns of a table are to be sealed.

    Args:
        table: With its columns graded as they are from now on.
        actor: Who graded them.
        at: When.

    Returns:
        Whether anything is to be done: some column is stored in clear, or was until lately.
    """
    version = store().version(table.code)
    clear = frozenset() if version is None else version.in_clear(table)
    if not clear:
        return Sealing.objects.filter(table=table.code).exists()
    row, new = Sealing.objects.get_or_create(table=table.code, defaults={"asked_by": actor.signature, "asked_at": at})
    if not new:
        Sealing.objects.filter(pk=row.pk).update(asked=F("asked") + 1, sealed_at=None, message="")
    return True


def seal_table(
    code: str, *, actor: Actor, at: datetime, progress: SealProgress = in_silence, grace: timedelta = GRACE
) -> Sealed:
    """Go on with the sealing of a table from wherever it stands; where nothing waits, nothing is done.

    Args:
        code: Which table.
        actor: The system, a data steward of the table's body, or a data authority over it.
        at: When.
        progress: Told about once a second how many rows are written anew.
        grace: How long readers of the versions before are left their files.

    Raises:
        TableNotFound: There is no such table.
        GradingNotYours: The actor may not.
        NotSealed: Batches kept landing, or it could not be written; see its message. Nothing was changed.
    """
    check_may_decide(get_table(code), actor)
    begun = monotonic()
    with hold_table(TableCode(code)):
        with transaction.atomic():
            ask_sealing(get_table(code), actor=actor, at=at)
        row = Sealing.objects.filter(table=code).first()
        table = get_table(code)  # behind the row: what is graded from now on counts it upwards, and is not ended here
        try:
            version = seal_stored(table, progress)
        except NotSealed as failed:
            Sealing.objects.filter(table=code).update(message=dump_said(str(failed.facts["why"])))
            raise
        columns = tuple(column.name for column in table.columns if column.sealed)
        done = Sealed(table.code, columns, 0 if version is None else version.rows)
        if row is None or version is None:
            return done
        now = at + timedelta(seconds=monotonic() - begun)
        return _end(row, done, actor=actor, at=now, grace=grace)


def seal_asked(*, actor: Actor, at: datetime, again: bool = True) -> int:
    """Go on with every table that waits; one that fails says so and does not keep others back.

    Args:
        actor: The system.
        at: When.
        again: Also those that failed, and those that wait for their readers.

    Returns:
        How many tables were gone on with.
    """
    rows = Sealing.objects.order_by("asked_at", "pk")
    if again:
        _ask_unasked(actor, at)
    waiting = rows if again else rows.filter(sealed_at=None, message="")
    count = 0
    for code in list(waiting.values_list("table", flat=True)):
        if find_table(code) is None:
            continue  # its definition is gone, nobody reads it; once it is back, this goes on
        try:
            seal_table(code, actor=actor, at=at)
            count += 1
        except ShuzhengError:
            continue
    return count


def _ask_unasked(actor: Actor, at: datetime) -> None:
    """Note tables that hold an L4 column in clear and do not wait: a first batch landed while a person decided."""
    waiting = set(Sealing.objects.values_list("table", flat=True))
    for code, table in list_tables().items():
        if code not in waiting and any(column.sealed for column in table.columns):
            with transaction.atomic():
                ask_sealing(table, actor=actor, at=at)


# ---- the steps ----
def fit_batch(table: Table, *, actor: Actor, at: datetime) -> Table:
    """Return the definition a batch lands by: that it was made ready with, and what is L4 by now; see `seal_stored`.

    The caller holds the table, and lands before it lets go.

    Raises:
        NotSealed: What is stored could not be sealed first.
        SealChanged: The batch is sealed where the table is not to be any more.
    """
    now = find_table(table.code) or table
    if any(one.sealed for one in table.columns if one.name in now.by_name and not now.by_name[one.name].sealed):
        raise SealChanged(table=table.label)
    if not any(column.sealed for column in now.columns):
        return table
    with transaction.atomic():
        ask_sealing(now, actor=actor, at=at)
    seal_stored(now)
    return overlay(table, {column.name: (column.grade, column.mask) for column in now.columns if column.sealed})


def seal_stored(table: Table, progress: SealProgress = in_silence) -> Version | None:
    """Write a table anew whose columns are stored in clear; return the version there is then. The caller holds it.

    Raises:
        NotSealed: See `seal_table`.
    """
    try:
        for _ in range(_TRIES):
            version = store().version(table.code)
            clear = frozenset() if version is None else version.in_clear(table)
            if version is None or not clear:
                return version
            if _rewrite(table, clear, version.rows, progress):
                return store().version(table.code)
    except (OSError, DeltaError, pa.ArrowException) as failed:
        why = said("磁盘已满") if "No space left" in str(failed) else said("读写出错")
        raise NotSealed(table=table.label, why=why) from None  # what the engine says may hold values
    finally:
        progress_file(table.code).unlink(missing_ok=True)
    raise NotSealed(table=table.label, why=said("一直有新的数据入库"))


def _rewrite(table: Table, clear: frozenset[str], total: int, progress: SealProgress) -> bool:
    """Write every row anew, some columns sealed, by one commit; tell whether, or whether a batch landed meanwhile."""
    change = _Change(table, clear, seal_ring(), total, progress)
    try:
        store().rewrite(table.code, change, said={"batch": "seal"}, sealed=clear)
    except CommitFailedError:
        return False
    return True


class _Change:
    """Seals columns of the batches it is called with, and tells how many rows that were."""

    def __init__(self, table: Table, clear: frozenset[str], ring: KeyRing, total: int, progress: SealProgress) -> None:
        self._table, self._clear, self._ring, self._total, self._progress = table, clear, ring, total, progress
        self._rows, self._told = 0, monotonic()

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        fields, columns = zip(*self._columns(batch), strict=True)
        changed = pa.RecordBatch.from_arrays(list(columns), schema=pa.schema(fields))
        self._rows += batch.num_rows
        if monotonic() - self._told >= _TELL_SECONDS:
            self._told = monotonic()
            _note_progress(self._table.code, self._rows, self._total)
            self._progress(self._rows, self._total)
        return changed

    def _columns(self, batch: pa.RecordBatch) -> Iterator[tuple[pa.Field, pa.Array]]:
        for field, values in zip(batch.schema, batch.columns, strict=True):
            if field.name not in self._clear:
                yield field, values
                continue
            column = self._table.by_name[field.name]
            yield field.with_type(pa.binary()), seal_column(values, self._table.code, column, self._ring)


def _note_progress(code: TableCode, rows: int, total: int) -> None:
    path = progress_file(code)
    new = path.with_suffix(".new")
    new.write_text(json.dumps([rows, total]), "utf-8")
    new.replace(path)


def _end(row: Sealing, done: Sealed, *, actor: Actor, at: datetime, grace: timedelta) -> Sealed:
    """Take the steps behind the commit: write down, wait for readers, forget."""
    mine = Sealing.objects.filter(pk=row.pk, asked=row.asked)
    if row.sealed_at is None or row.version is None:
        row.version, row.sealed_at = store().checkpoint(done.table), at
        mine.update(version=row.version, sealed_at=row.sealed_at, message="")
    if at < row.sealed_at + grace:
        return Sealed(done.table, done.columns, done.rows, clear_until=row.sealed_at + grace)
    removed = store().forget_clear(done.table, done.columns, before=row.version)
    with transaction.atomic():
        if mine.delete()[0]:
            content: JsonObject = {"columns": list(done.columns), "version": row.version, "removed": removed}
            record("lake.sealed", f"urn:shuzheng:lake:table:{done.table}", actor=actor, at=at, content=content)
    return Sealed(done.table, done.columns, done.rows, removed)
