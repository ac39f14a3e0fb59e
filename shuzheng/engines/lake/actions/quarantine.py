"""What could not land is put right and lands, or is set aside with a reason."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.said import said, said_together
from shuzheng.base.kernel.types import Actor, Json
from shuzheng.base.ledger.actions import record
from shuzheng.engines.lake.actions.gathering import (
    UNWRITTEN,
    Work,
    begin_batch,
    digest_of,
    fail_batch,
    finish_batch,
    hold_source,
    land_staged,
    make_setting,
    open_stage,
    resume_batch,
    unwritten,
)
from shuzheng.engines.lake.backends.sources.reading import make_chunk
from shuzheng.engines.lake.backends.staging import Manifest, read_quarantine
from shuzheng.engines.lake.errors import (
    HeaderInvalid,
    MendInvalid,
    QuarantinedNotFound,
    QuarantinedOver,
    ReasonMissing,
)
from shuzheng.engines.lake.models import Batch, Quarantined
from shuzheng.engines.lake.queries.gathering import get_source
from shuzheng.engines.lake.queries.tables import get_table, store
from shuzheng.engines.lake.queries.tending import check_may_tend
from shuzheng.engines.lake.rules.reading.headers import match_header
from shuzheng.engines.lake.rules.reading.typing import make_plan
from shuzheng.engines.lake.rules.tending import say_rule
from shuzheng.engines.lake.types.gathering import BatchKind, BatchView, Mode, QuarantinedId, QuarantineState


def mend(row: QuarantinedId, values: Mapping[str, str | None], *, actor: Actor, at: datetime) -> BatchView:
    """Land a row with the values an officer gives: a batch of its own, read as its source is read.

    Args:
        row: Which.
        values: By header of the source, column or label; whole, not only what is changed.
        actor: Data authority, or steward of the table's department.
        at: When.

    Raises:
        QuarantinedNotFound: There is no such row.
        QuarantinedOver: It was mended or discarded before.
        MayNotTend: The actor does not answer for the table.
        MendInvalid: The values are not right either; nothing landed.
        SourceBusy: The source is being gathered.
    """
    found = _open_row(row, actor)
    source = get_source(found.batch.source)
    work = Work(source, get_table(found.batch.table), digest_of(source), actor, at, None)
    with hold_source(source):
        resume_batch(work)
        _still_open(found)
        batch = begin_batch(source, BatchKind.MEND, at=at)
        Quarantined.objects.filter(pk=found.pk).update(mended_in=batch)
        try:
            manifest = _stage(work, batch, found.row, values)
            mode = Mode.MERGE if work.table.keys else Mode.APPEND
            version = land_staged(store(), work.table, batch, manifest, work.folder(batch), mode=mode)
        except ShuzhengError as why:
            fail_batch(work, batch, why)
            raise
        except UNWRITTEN as why:
            refused = unwritten(source, why)
            fail_batch(work, batch, refused)
            raise refused from why
        return finish_batch(work, batch, manifest, version)


def _open_row(row: QuarantinedId, actor: Actor) -> Quarantined:
    found = Quarantined.objects.select_related("batch").filter(public_id=row).first()
    if found is None:
        raise QuarantinedNotFound
    check_may_tend(actor, get_table(found.batch.table))
    return found


def _still_open(found: Quarantined) -> None:
    found.refresh_from_db(fields=["state"])
    if found.state != QuarantineState.OPEN:
        raise QuarantinedOver


def _stage(work: Work, batch: Batch, row: int, values: Mapping[str, str | None]) -> Manifest:
    names = tuple(values)
    try:
        header = match_header(names, work.table, work.source)
    except HeaderInvalid as why:
        raise MendInvalid(reasons=said(why.text, **why.facts)) from why
    stage = open_stage(work.table, work.source, batch, work.folder(batch))
    try:
        stage.plan(make_plan(work.table, header.places, len(names), make_setting(work.source, batch)), names)
        stage.take(make_chunk([tuple(values.values())], len(names), row))
        manifest = stage.seal(checksum="", fingerprint="", watermark="")
    finally:
        stage.close()
    if manifest.quarantined:
        rules = [rule for _, _, rule, _ in read_quarantine(work.folder(batch))]
        raise MendInvalid(reasons=said_together([say_rule(rule, work.table) for rule in rules], "；"))
    return manifest


@transaction.atomic
def discard(row: QuarantinedId, reason: str, *, actor: Actor, at: datetime) -> None:
    """Set a row aside that is not to land.

    Args:
        row: Which.
        reason: Why, Chinese; no personal data.
        actor: Data authority, or steward of the table's department.
        at: When.

    Raises:
        QuarantinedNotFound: There is no such row.
        QuarantinedOver: It was mended or discarded before.
        MayNotTend: The actor does not answer for the table.
        ReasonMissing: No reason was given.
    """
    found = _open_row(row, actor)
    if not reason.strip():
        raise ReasonMissing
    changed = Quarantined.objects.filter(pk=found.pk, state=QuarantineState.OPEN, mended_in=None).update(
        state=QuarantineState.DISCARDED, note=reason.strip()[:400], ended_at=at
    )
    if not changed:
        raise QuarantinedOver
    content: dict[str, Json] = {
        "table": found.batch.table,
        "row": found.row,
        "rule": found.rule,
        "reason": reason.strip(),
    }
    record("lake.discarded", f"urn:shuzheng:lake:quarantined:{row}", actor=actor, at=at, content=content)
