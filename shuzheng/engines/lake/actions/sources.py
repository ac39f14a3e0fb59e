"""Definitions of sources as a pack brings them."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from shuzheng.base.kernel.canonical import canonical_json
from shuzheng.base.kernel.pack import Changes
from shuzheng.base.kernel.types import Actor
from shuzheng.base.ledger.actions import record
from shuzheng.engines.lake.models import SourceEdition


@transaction.atomic
def load_sources(definitions: Iterable[Mapping[str, Any]], *, actor: Actor, at: datetime) -> Changes:
    """Make the definitions given the ones in force; loading the same again changes nothing.

    Args:
        definitions: Checked, with `code`.
        actor: Who loads.
        at: When.
    """
    changes = Changes()
    held = {row.code: row for row in SourceEdition.objects.filter(current=True)}
    last = dict(SourceEdition.objects.values_list("code", "edition").order_by("code", "edition"))
    new: list[SourceEdition] = []
    over: list[SourceEdition] = []
    for definition in definitions:
        code = str(definition["code"])
        digest = hashlib.sha256(canonical_json(definition)).hexdigest()
        before = held.pop(code, None)
        if before is not None and before.digest == digest:
            changes.unchanged += 1
            continue
        if before is None:
            changes.added += 1
        else:
            changes.changed += 1
            over.append(before)
        edition = last.get(code, 0) + 1
        new.append(
            SourceEdition(code=code, edition=edition, current=True, digest=digest, definition=definition, added_at=at)
        )
    changes.retired = len(held)
    gone = [row.pk for row in (*over, *held.values())]
    SourceEdition.objects.filter(pk__in=gone).update(current=False, retired_at=at)
    SourceEdition.objects.bulk_create(new)
    if new or held:
        content = {"added": [f"{row.code} {row.edition} {row.digest}" for row in new], "retired": sorted(held)}
        record("lake.sources_loaded", "urn:shuzheng:lake:sources", actor=actor, at=at, content=content)
    return changes
