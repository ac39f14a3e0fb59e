"""Definitions in editions, as a pack brings them: what is the same stays, what changed is a new edition."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from shuzheng.base.kernel.canonical import canonical_json
from shuzheng.base.kernel.pack import Changes
from shuzheng.base.kernel.types import Actor
from shuzheng.base.ledger.actions import record
from shuzheng.engines.lake.models import SourceEdition, TableEdition


def load_editions(
    model: type[TableEdition] | type[SourceEdition],
    definitions: Iterable[Mapping[str, Any]],
    *,
    what: str,
    actor: Actor,
    at: datetime,
) -> Changes:
    """Make the definitions given the ones in force, inside the caller's transaction; the same again changes nothing.

    Args:
        model: Where they are kept.
        definitions: Checked, with `code`.
        what: `tables` or `sources`, for the ledger.
        actor: Who loads.
        at: When.
    """
    changes = Changes()
    held = {row.code: row for row in model.objects.filter(current=True)}
    last = dict(model.objects.values_list("code", "edition").order_by("code", "edition"))
    new: list[Any] = []
    over: list[int] = []
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
            over.append(before.pk)
        edition = last.get(code, 0) + 1
        new.append(model(code=code, edition=edition, current=True, digest=digest, definition=definition, added_at=at))
    changes.retired = len(held)
    gone = [*over, *(row.pk for row in held.values())]
    model.objects.filter(pk__in=gone).update(current=False, retired_at=at)
    model.objects.bulk_create(new)
    if new or held:
        content = {"added": [f"{row.code} {row.edition} {row.digest}" for row in new], "retired": sorted(held)}
        record(f"lake.{what}_loaded", f"urn:shuzheng:lake:{what}", actor=actor, at=at, content=content)
    return changes
