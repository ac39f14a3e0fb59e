"""Record that somebody read somebody's data."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from shuzheng.base.access.errors import PurposeMissing
from shuzheng.base.access.models import Reading
from shuzheng.base.access.rules import TOGETHER, is_own
from shuzheng.base.kernel.types import Actor, Party
from shuzheng.base.ledger.actions import record


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
            reader_id=reader,
            reader_name=actor.name,
            post_id=actor.post,
            organization_code=actor.org or "",
            organization_name=actor.org_name,
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
            reader_id=reader,
            reader_name=actor.name,
            post_id=actor.post,
            organization_code=actor.org or "",
            organization_name=actor.org_name,
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
