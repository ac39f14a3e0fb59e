"""What is typed into a form is kept as it is typed, for its writer, until it is sent or thirty days have passed."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from shuzheng.base.kernel.types import PersonId
from shuzheng.services.items.errors import HeldTooLarge, KeptElsewhere
from shuzheng.services.items.models import KeptInput
from shuzheng.services.items.queries.sealing import open_bytes, seal_bytes
from shuzheng.services.items.types import KEPT_DAYS, KEPT_FORMS


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one form; `rev` grows with each saving, 0 when nothing is kept."""

    rev: int
    saved_at: datetime
    typed: Mapping[str, Sequence[str]]


def keep_input(path: str, typed: Mapping[str, Sequence[str]], *, rev: int, person: PersonId, at: datetime) -> Kept:
    """Keep what stands in a form now.

    Args:
        path: Where the form is sent to, without query.
        typed: Texts by input name; no files, no passwords.
        rev: Of the text this page began with, 0 when there was none.
        person: Who typed it; nobody else ever reads it.
        at: When.

    Raises:
        KeptElsewhere: Another page saved the same form since; nothing of either is lost.
        HeldTooLarge: More than 200,000 bytes.
    """
    plain = json.dumps(typed, ensure_ascii=False).encode()
    if len(plain) > HeldTooLarge.limit:
        raise HeldTooLarge
    place, owner = _place(person, path)
    content = seal_bytes("kept", owner, plain)
    if rev:
        mine = KeptInput.objects.filter(person_id=person, place=place, rev=rev)
        if not mine.update(content=content, rev=rev + 1, saved_at=at):
            raise KeptElsewhere
        return Kept(rev + 1, at, typed)
    try:
        with transaction.atomic():
            KeptInput.objects.create(public_id=owner, person_id=person, place=place, content=content, saved_at=at)
    except IntegrityError as taken:
        raise KeptElsewhere from taken
    _drop_oldest(person)
    return Kept(1, at, typed)


def read_kept(paths: Iterable[str], *, person: PersonId, at: datetime) -> dict[str, Kept]:
    """Return what is kept of the forms of one page, by where they are sent to."""
    asked = {_place(person, path): path for path in paths}
    places = {place: (owner, path) for (place, owner), path in asked.items()}
    rows = KeptInput.objects.filter(person_id=person, place__in=list(places), saved_at__gt=at - timedelta(KEPT_DAYS))
    found: dict[str, Kept] = {}
    for row in rows:
        owner, path = places[bytes(row.place)]
        found[path] = Kept(row.rev, row.saved_at, json.loads(open_bytes("kept", owner, row.content)))
    return found


def drop_kept(path: str, *, person: PersonId) -> None:
    """Forget what was kept of a form: it was sent, or emptied by hand."""
    KeptInput.objects.filter(person_id=person, place=_place(person, path)[0]).delete()


def purge_kept(at: datetime) -> None:
    """Forget what nobody came back for; run hourly by the schedule."""
    KeptInput.objects.filter(saved_at__lte=at - timedelta(KEPT_DAYS)).delete()


def _drop_oldest(person: PersonId) -> None:
    mine = KeptInput.objects.filter(person_id=person).order_by("-saved_at", "-pk")
    KeptInput.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[KEPT_FORMS : KEPT_FORMS + 50])).delete()


def _place(person: PersonId, path: str) -> tuple[bytes, UUID]:
    place = hashlib.sha256(f"kept:{person}:{path}".encode()).digest()
    return place, UUID(bytes=place[:16])
