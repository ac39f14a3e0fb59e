"""Record that somebody read somebody's data."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Final, TypedDict
from uuid import UUID

from django.db import transaction
from django.db.models import F

from shuzheng.base.access.errors import PurposeMissing
from shuzheng.base.access.models import BulkReading, BulkReadingSubject, Reading, WholeReading
from shuzheng.base.access.queries import subject_keys_of
from shuzheng.base.access.rules import TOGETHER, is_own
from shuzheng.base.access.types import Edition
from shuzheng.base.kernel.types import Actor, JsonObject, Party, PartyKind
from shuzheng.base.ledger.actions import record

BATCH: Final = 5_000
"""Subjects written in one statement, where the database takes so many values."""


def record_reading(actor: Actor, *, subject: Party, resource: str, what: str, purpose: str, at: datetime) -> None:
    """Write the reader log, before the data is shown.

    The same reader, thing and purpose within ten minutes is counted on the same entry; a new entry also stands in
    the ledger. One's own data and the platform's own work are not logged.

    Args:
        actor: Who reads, in which post; a machine reads as itself.
        subject: Whose data it is.
        resource: URN of the thing, such as `urn:shuzheng:case:<uuid>`.
        what: What was seen, Chinese, such as `申请表和材料`.
        purpose: What for, Chinese, such as `审查申请材料`.
        at: When.

    Raises:
        PurposeMissing: No purpose was given.
    """
    reader = actor.person or actor.machine
    if reader is None or is_own(actor, subject):
        return
    if not purpose.strip():
        raise PurposeMissing
    with transaction.atomic():
        again = Reading.objects.filter(
            reader_id=reader,
            subject_id=subject.id,
            subject_kind=subject.kind,
            post_id=actor.post,
            resource=resource,
            what=what,
            purpose=purpose,
            first_at__gt=at - TOGETHER,
            first_at__lte=at,
        ).update(count=F("count") + 1, last_at=at)
        if again:
            return
        Reading.objects.create(
            subject_kind=subject.kind,
            subject_id=subject.id,
            resource=resource,
            what=what,
            purpose=purpose,
            **_by(actor, reader),
            first_at=at,
            last_at=at,
        )
        content = {"what": what, "purpose": purpose, "organization": actor.org or ""}
        record("access.read", subject.urn, actor=actor, at=at, content=content, related=[resource])


def record_readings(
    actor: Actor, *, subjects: Iterable[Party], resource: str, what: str, purpose: str, at: datetime
) -> int:
    """Write the reader log for a list taken out of the house: an entry for each person or firm, one in the ledger.

    Args:
        actor: Who reads, in which post.
        subjects: Whose data it is; each is logged once, one's own is not.
        resource: URN of the list, such as `urn:shuzheng:organization:<code>:cases`.
        what: What was seen, Chinese.
        purpose: What for, Chinese.
        at: When.

    Returns:
        How many entries were written.

    Raises:
        PurposeMissing: No purpose was given.
    """
    reader = actor.person or actor.machine
    concerned = {subject.id: subject for subject in subjects if not is_own(actor, subject)}
    if reader is None:
        return 0
    if not purpose.strip():
        raise PurposeMissing
    readings = [
        Reading(
            subject_kind=subject.kind,
            subject_id=subject.id,
            resource=resource,
            what=what,
            purpose=purpose,
            **_by(actor, reader),
            first_at=at,
            last_at=at,
        )
        for subject in concerned.values()
    ]
    key = hashlib.sha256("\n".join(sorted(map(str, concerned))).encode()).hexdigest()
    content = {"what": what, "purpose": purpose, "organization": actor.org or "", "count": len(readings), "key": key}
    with transaction.atomic():
        Reading.objects.bulk_create(readings, batch_size=500)
        record("access.read_list", resource, actor=actor, at=at, content=content)
    return len(readings)


def record_bulk_reading(
    actor: Actor,
    *,
    subject_kind: PartyKind,
    subject_keys: Iterable[bytes],
    resource: str,
    what: str,
    purpose: str,
    at: datetime,
) -> int:
    """Write the reader log for rows read out of the lake, before they leave: one act, and each whom it concerns.

    One's own rows and the platform's own work are not logged; nothing is written when nobody else is concerned. In
    the ledger stands one entry with the count and a digest over the keys.

    Args:
        actor: Who reads, in which post; a machine reads as itself.
        subject_kind: Whether the rows are about people or firms.
        subject_keys: `queries.subject_key` of each whom a row is about; twice is once.
        resource: URN of what was read, such as `urn:shuzheng:lake:table:<code>`.
        what: What was seen, Chinese, such as `数据湖查询：人口基本信息`.
        purpose: What for, Chinese.
        at: When.

    Returns:
        How many people or firms it concerns, the reader not counted.

    Raises:
        PurposeMissing: No purpose was given.
    """
    reader = actor.person or actor.machine
    if reader is None:
        return 0
    if not purpose.strip():
        raise PurposeMissing
    keys = sorted(set(subject_keys).difference(_own_keys(actor)))
    if not keys:
        return 0
    reading = BulkReading(
        subject_kind=subject_kind,
        resource=resource,
        what=what,
        purpose=purpose,
        **_by(actor, reader),
        at=at,
        count=len(keys),
    )
    _keep(reading, keys, actor)
    return len(keys)


def record_whole_reading(
    actor: Actor, *, subject_kind: PartyKind, edition: Edition, what: str, purpose: str, at: datetime
) -> None:
    """Write the reader log for a resource read whole, before it leaves: it concerns everyone who stands in it.

    For where they are too many to be noted one by one (`record_bulk_reading`). The platform's own work is not logged.

    Args:
        actor: Who reads, in which post; a machine reads as itself.
        subject_kind: Whether people or firms stand in it.
        edition: What was read, of which version.
        what: What was seen, Chinese.
        purpose: What for, Chinese.
        at: When.

    Raises:
        PurposeMissing: No purpose was given.
    """
    reader = actor.person or actor.machine
    if reader is None:
        return
    if not purpose.strip():
        raise PurposeMissing
    content: JsonObject = {
        "what": what,
        "purpose": purpose,
        "organization": actor.org or "",
        "kind": subject_kind,
        "version": edition.version,
    }
    with transaction.atomic():
        WholeReading.objects.create(
            subject_kind=subject_kind,
            resource=edition.resource,
            version=edition.version,
            what=what,
            purpose=purpose,
            **_by(actor, reader),
            at=at,
        )
        record("access.read_whole", edition.resource, actor=actor, at=at, content=content)


class _Reader(TypedDict):
    reader_id: UUID
    reader_name: str
    post_id: UUID | None
    organization_code: str
    organization_name: str


def _by(actor: Actor, reader: UUID) -> _Reader:
    """Return the columns that say who read, in which post."""
    return {
        "reader_id": reader,
        "reader_name": actor.name,
        "post_id": actor.post,
        "organization_code": actor.org or "",
        "organization_name": actor.org_name,
    }


@transaction.atomic
def _keep(reading: BulkReading, keys: list[bytes], actor: Actor) -> None:
    reading.save(force_insert=True)
    subjects = (BulkReadingSubject(reading=reading, subject_key=key) for key in keys)
    BulkReadingSubject.objects.bulk_create(subjects, batch_size=BATCH)
    content: JsonObject = {
        "what": reading.what,
        "purpose": reading.purpose,
        "organization": reading.organization_code,
        "kind": reading.subject_kind,
        "count": reading.count,
        "key": hashlib.sha256(b"".join(keys)).hexdigest(),
    }
    record("access.read_bulk", reading.resource, actor=actor, at=reading.at, content=content)


def _own_keys(actor: Actor) -> tuple[bytes, ...]:
    own = [] if actor.person is None else [Party(PartyKind.PERSON, actor.person, actor.name)]
    acted_for = [] if actor.on_behalf_of is None else [actor.on_behalf_of]
    return tuple(key for party in (*own, *acted_for) for key in subject_keys_of(party))
