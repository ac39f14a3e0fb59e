"""Gather a source: batches that land whole, once, and lose no row.

A batch goes through these states, each of which a power failure may end: its row in the database says RUNNING; its
rows are staged; a manifest says that they are whole; one commit in the table's log, numbered as the batch, lands them;
one transaction notes the quarantine and says DONE. Whoever finds a batch RUNNING that nobody works on asks the log:
with the commit there, the manifest holds what is left to note; without it, nothing happened and the source is read
again.
"""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Final, TextIO

import duckdb
import pyarrow as pa
from deltalake.exceptions import DeltaError
from django.conf import settings
from django.db import transaction
from django.db.models import Max

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.said import dump_said, load_said, said
from shuzheng.base.kernel.seal import read_key_ring
from shuzheng.base.kernel.types import SYSTEM, Actor
from shuzheng.base.ledger.actions import record
from shuzheng.engines.lake.actions.sealing import fit_batch
from shuzheng.engines.lake.backends.delta import Store, said_of
from shuzheng.engines.lake.backends.sources.opening import Means, Offer, list_offers, open_source
from shuzheng.engines.lake.backends.sources.reading import Reader, say_os_error
from shuzheng.engines.lake.backends.staging import (
    Manifest,
    Stage,
    clear_stage,
    read_manifest,
    read_quarantine,
    read_staged,
    seal_staged,
)
from shuzheng.engines.lake.errors import MemoryShort, NotStored, SourceBusy, SourceDiffers, SourceEmpty
from shuzheng.engines.lake.models import Batch, Quarantined, SourceEdition, TableEdition
from shuzheng.engines.lake.queries.engines import seal_ring
from shuzheng.engines.lake.queries.gathering import get_source, inbox, list_sources
from shuzheng.engines.lake.queries.tables import get_table, store
from shuzheng.engines.lake.queries.tending import check_may_tend
from shuzheng.engines.lake.queries.waiting import hold_table
from shuzheng.engines.lake.rules.arrow import stored_schema
from shuzheng.engines.lake.rules.reading.headers import Header, match_header
from shuzheng.engines.lake.rules.reading.typing import Setting, make_plan
from shuzheng.engines.lake.rules.reading.values import date_form
from shuzheng.engines.lake.rules.tending import is_due
from shuzheng.engines.lake.types.gathering import (
    BatchKind,
    BatchState,
    BatchView,
    Mode,
    Progress,
    QuarantineState,
    Source,
)
from shuzheng.engines.lake.types.tables import Table

_TELL_SECONDS: Final = 1.0
_INSERT: Final = 1000
UNWRITTEN: Final = (OSError, MemoryError, duckdb.Error, pa.ArrowException, DeltaError)
"""What it is when something cannot be written, or there is no memory to do it with."""
_SHORT: Final = (MemoryError, duckdb.OutOfMemoryException)


def gather(source_code: str, *, actor: Actor, at: datetime, progress: Progress | None = None) -> tuple[BatchView, ...]:
    """Gather what a source has to give now; the same content again gives the batch it came with.

    Args:
        source_code: Which source.
        actor: Data authority, steward of the table's department, or the system.
        at: When.
        progress: Told about once a second how far it is.

    Returns:
        The batches, in order: one, or one for each new file of a folder.

    Raises:
        SourceNotFound: There is no such source.
        MayNotTend: The actor does not answer for the table.
        SourceBusy: It is being gathered.
        NotStored: Not even a lock can be written.
        ShuzhengError: The batch failed, see its message; nothing of it landed. Files of a folder are tried each, then
            the first failure is raised.
    """
    source = get_source(source_code)
    table = get_table(source.table)
    check_may_tend(actor, table)
    with hold_source(source):
        work = Work(source, table, digest_of(source), actor, at, progress)
        views: list[BatchView] = []
        failed: list[ShuzhengError] = []
        resumed = resume_batch(work)
        if resumed is not None:
            views.append(resumed)
        for offer in list_offers(source, _means(source), at=at):
            try:
                views += _gather_offer(work, offer)
            except ShuzhengError as why:
                failed.append(why)
    if failed:
        raise failed[0]
    return tuple(views)


def run_due_sources(at: datetime, *, actor: Actor) -> int:
    """Gather every source that is due; one that fails says so in its batch and does not keep others back.

    Returns:
        How many sources were gathered.
    """
    began = dict(Batch.objects.filter(kind=BatchKind.GATHER).values_list("source").annotate(Max("started_at")))
    count = 0
    for source in list_sources().values():
        if is_due(source, began.get(source.code), at):
            try:
                gather(source.code, actor=actor, at=at)
                count += 1
            except ShuzhengError:
                continue
    return count


@dataclass(frozen=True, slots=True)
class Work:
    """What a batch is made with."""

    source: Source
    table: Table
    digest: str
    actor: Actor
    at: datetime
    progress: Progress | None
    begun: float = field(default_factory=monotonic)

    @property
    def now(self) -> datetime:
        """Return the moment it is: the one it was asked at, and what has passed since."""
        return self.at + timedelta(seconds=monotonic() - self.begun)

    def folder(self, batch: Batch) -> Path:
        """Return the folder of one batch."""
        return store().root / "_work" / self.source.code / str(batch.number)


def digest_of(source: Source) -> str:
    """Return what changes with the definitions: the same file then means something else."""
    of_source = SourceEdition.objects.get(code=source.code, current=True).digest
    of_table = TableEdition.objects.get(code=source.table, current=True).digest
    return f"{of_source[:16]}{of_table[:16]}"


def _means(source: Source) -> Means:
    last = Batch.objects.filter(source=source.code, state=BatchState.DONE, kind=BatchKind.GATHER)
    since = last.order_by("-number").values_list("watermark_after", flat=True).first() if source.watermark else ""
    secret = settings.SHUZHENG.read_key(source.secret).decode().strip() if source.secret else ""
    return Means(inbox(), secret, since or "", settings.SHUZHENG.zone)


@contextmanager
def hold_source(source: Source) -> Iterator[None]:
    """Hold the source; the hold ends with the process, however that ends."""
    with _lock_of(source) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as why:
            raise SourceBusy(source=source.code) from why
        yield


def _lock_of(source: Source) -> TextIO:
    folder = store().root / "_work"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return (folder / f"{source.code}.lock").open("w")
    except OSError as why:
        raise unwritten(source, why) from why


# ---- batches that were cut off ----
def resume_batch(work: Work) -> BatchView | None:
    """Finish a batch that was cut off behind its commit; clear one that was cut off before."""
    batch = Batch.objects.filter(source=work.source.code, state=BatchState.RUNNING).first()
    if batch is None:
        return None
    folder = work.folder(batch)
    landed = store().landed(work.table.code, work.source.code)
    manifest = read_manifest(folder)
    if manifest is not None and landed is not None and landed >= batch.number:
        version = store().version(work.table.code)
        return finish_batch(work, batch, manifest, None if version is None else version.number)
    drop_batch(work, batch)
    with transaction.atomic():
        Quarantined.objects.filter(mended_in=batch).update(mended_in=None)
        _close(batch, state=BatchState.FAILED, message=said("上一次采集中断，没有入库任何数据"), at=work.now)
    return None


def drop_batch(work: Work, batch: Batch) -> None:
    """Remove what a batch that did not land left behind."""
    clear_stage(work.folder(batch))
    place = store().path(work.table.code)
    for path in place.glob(f"{_name(batch)}-*.parquet"):
        path.unlink()


def _name(batch: Batch) -> str:
    return f"{batch.source}-{batch.number}"


# ---- one batch ----
def _gather_offer(work: Work, offer: Offer) -> list[BatchView]:
    fingerprint = _fingerprint(work, offer)
    same = _same(work.source, fingerprint) if fingerprint else None
    if same is not None:
        return [] if work.source.is_folder else [same.to_view(load_said(same.message))]
    means = _means(work.source)
    batch = begin_batch(work.source, BatchKind.GATHER, at=work.now, file=offer.file, since=means.since)
    try:
        reader = open_source(work.source, offer, means)
        try:
            manifest = _stage(work, batch, reader, fingerprint)
        finally:
            reader.close()
        return [_land(work, batch, manifest)]
    except ShuzhengError as why:
        fail_batch(work, batch, why)
        raise
    except UNWRITTEN as why:
        refused = unwritten(work.source, why)
        fail_batch(work, batch, refused)
        raise refused from why


def _fingerprint(work: Work, offer: Offer) -> str:
    """Return the fingerprint of a file when one as large was gathered before; reading finds it anyway."""
    known = Batch.objects.filter(source=work.source.code, state=BatchState.DONE, bytes=offer.size)
    if offer.path is None or not known.exists():
        return ""
    return f"{offer.fingerprint()}:{work.digest}"


def _same(source: Source, fingerprint: str) -> Batch | None:
    """Return the batch this content came with; what replaces or merges must be the last that did."""
    done = Batch.objects.filter(source=source.code, state=BatchState.DONE, kind=BatchKind.GATHER).order_by("-number")
    if source.mode is Mode.APPEND or source.is_folder:
        return done.filter(fingerprint=fingerprint).first()
    last = done.first()
    return last if last is not None and last.fingerprint == fingerprint else None


@transaction.atomic
def begin_batch(source: Source, kind: BatchKind, *, at: datetime, file: str = "", since: str = "") -> Batch:
    """Begin a batch: from now on it has its number."""
    last = Batch.objects.filter(source=source.code).aggregate(last=Max("number"))["last"] or 0
    return Batch.objects.create(
        public_id=new_id(at),
        source=source.code,
        table=source.table,
        number=last + 1,
        kind=kind,
        file=file,
        watermark_before=since,
        started_at=at,
    )


def _stage(work: Work, batch: Batch, reader: Reader, fingerprint: str) -> Manifest:
    header = match_header(reader.names, work.table, work.source) if reader.names else Header((), {})
    stage = open_stage(work.table, work.source, batch, work.folder(batch))
    try:
        setting = make_setting(work.source, batch)
        stage.plan(make_plan(work.table, header.places, len(header.names), setting), header.names)
        told = monotonic()
        for chunk in reader.chunks():
            stage.take(chunk)
            if monotonic() - told >= _TELL_SECONDS:
                told = monotonic()
                _tell(work, batch, stage, reader.total)
        stage.settle({column: header.names[place] for column, place in header.places.items()})
        proof = reader.proof()
        if not stage.read and not work.source.may_be_empty and not work.source.watermark:
            raise SourceEmpty(source=work.source.code)
        if proof.rows is not None and proof.rows != stage.read:
            what = said("来源说有 {said} 行，读到 {read} 行", said=proof.rows, read=stage.read)
            raise SourceDiffers(source=work.source.code, what=what)
        stage.bytes = proof.bytes or stage.bytes
        known = fingerprint or (f"{proof.fingerprint}:{work.digest}" if proof.fingerprint else "")
        manifest = stage.seal(checksum=proof.checksum, fingerprint=known, watermark=proof.watermark)
        check_whole(work.source, manifest)
        return manifest
    finally:
        stage.close()


def open_stage(table: Table, source: Source, batch: Batch, folder: Path) -> Stage:
    """Return where a batch is made ready."""
    ring = read_key_ring(settings.SHUZHENG.read_key("seal"))
    return Stage(folder, table, source, ring, at=batch.started_at, name=_name(batch))


def make_setting(source: Source, batch: Batch) -> Setting:
    """Return what typing needs to know of a batch."""
    zone = settings.SHUZHENG.zone
    forms = tuple(form for text in source.date_formats if (form := date_form(text)) is not None)
    return Setting(str(batch.public_id), batch.started_at, local_date(batch.started_at, zone), zone, forms)


def check_whole(source: Source, manifest: Manifest) -> None:
    """Refuse a batch in which a row is neither landed nor in quarantine.

    Raises:
        SourceDiffers: See above.
    """
    if manifest.read != manifest.landed + manifest.quarantined:
        what = said(
            "读到 {read} 行，可入库 {landed} 行，问题数据 {bad} 行",
            read=manifest.read,
            landed=manifest.landed,
            bad=manifest.quarantined,
        )
        raise SourceDiffers(source=source.code, what=what)


def _tell(work: Work, batch: Batch, stage: Stage, total: int) -> None:
    Batch.objects.filter(pk=batch.pk).update(read=stage.read, bytes=stage.bytes)
    if work.progress is not None:
        work.progress(rows=stage.read, done=stage.bytes, total=total)


def _land(work: Work, batch: Batch, manifest: Manifest) -> BatchView:
    version = land_staged(store(), work.table, batch, manifest, work.folder(batch), mode=work.source.mode)
    return finish_batch(work, batch, manifest, version)


def land_staged(
    where: Store, table: Table, batch: Batch, manifest: Manifest, folder: Path, *, mode: Mode
) -> int | None:
    """Land a batch that is whole, by one commit; return the version, None when there was nothing to land.

    Columns that became L4 since it was made ready are sealed first, in the table and in the batch.

    Raises:
        NotSealed, SealChanged: See `actions.sealing.fit_batch`; nothing landed.
    """
    files = [(folder / name, rows) for name, rows in manifest.files]
    note = said_of(str(batch.public_id), batch.started_at)
    if not files and mode is not Mode.FULL:
        return None
    with hold_table(table.code):
        table = fit_batch(table, actor=SYSTEM, at=batch.started_at)
        seal_staged(folder, manifest.files, table, seal_ring())
        before = where.version(table.code)
        if mode is Mode.MERGE and before is not None and before.rows:
            rows = read_staged(folder, manifest.files, stored_schema(table))
            return where.merge(table, rows, writer=batch.source, batch=batch.number, said=note)
        return where.adopt(table, files, replace=mode is Mode.FULL, writer=batch.source, batch=batch.number, said=note)


def finish_batch(work: Work, batch: Batch, manifest: Manifest, version: int | None) -> BatchView:
    """Note what did not land, and say that the batch is done: in one transaction."""
    folder = work.folder(batch)
    with transaction.atomic():
        note_quarantine(batch, folder, at=work.now)
        found = close_batch(batch, manifest, version, actor=work.actor, at=work.now)
    clear_stage(folder)
    return found


def note_quarantine(batch: Batch, folder: Path, *, at: datetime) -> None:
    """Note the rows of a batch that did not land."""
    waiting: list[Quarantined] = []
    for key, row, rule, sealed in read_quarantine(folder):
        waiting.append(Quarantined(public_id=key, batch=batch, row=row, rule=rule, values_sealed=sealed, at=at))
        if len(waiting) == _INSERT:
            Quarantined.objects.bulk_create(waiting)
            waiting.clear()
    Quarantined.objects.bulk_create(waiting)


def close_batch(batch: Batch, manifest: Manifest, version: int | None, *, actor: Actor, at: datetime) -> BatchView:
    """Say that a batch is done, and record it; inside the caller's transaction."""
    batch.read, batch.landed, batch.quarantined = manifest.read, manifest.landed, manifest.quarantined
    batch.bytes, batch.checksum, batch.fingerprint = manifest.bytes, manifest.checksum, manifest.fingerprint
    batch.watermark_after = manifest.watermark or batch.watermark_before
    batch.version = version
    _close(batch, state=BatchState.DONE, message="", at=at)
    Quarantined.objects.filter(mended_in=batch).update(state=QuarantineState.MENDED, ended_at=at)
    content: Mapping[str, str | int] = {
        "source": batch.source,
        "table": batch.table,
        "number": batch.number,
        "read": batch.read,
        "landed": batch.landed,
        "quarantined": batch.quarantined,
        "checksum": batch.checksum,
    }
    record("lake.gathered", f"urn:shuzheng:lake:batch:{batch.public_id}", actor=actor, at=at, content=dict(content))
    return batch.to_view("")


def _close(batch: Batch, *, state: BatchState, message: str, at: datetime) -> None:
    batch.state, batch.message, batch.ended_at = state, dump_said(message), at
    batch.save()


def fail_batch(work: Work, batch: Batch, why: ShuzhengError) -> None:
    """Say that a batch failed, and why; nothing of it landed."""
    drop_batch(work, batch)
    with transaction.atomic():
        Quarantined.objects.filter(mended_in=batch).update(mended_in=None)
        _close(batch, state=BatchState.FAILED, message=said(why.text, **why.facts), at=work.now)


def unwritten(source: Source, why: Exception) -> ShuzhengError:
    """Return what failed in words of ours: an engine's own may hold values."""
    if isinstance(why, _SHORT):
        return MemoryShort(source=source.code)
    if "No space left" in str(why):  # deltalake raises an OSError without a number
        return NotStored(source=source.code, why=said("磁盘已满"))
    return NotStored(source=source.code, why=say_os_error(why) if isinstance(why, OSError) else said("读写出错"))
