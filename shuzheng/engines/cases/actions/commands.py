"""A command is done once: its id, a fingerprint of its content, and the stored answer.

Never look before inserting: the unique command id in the history table decides. A command that comes again meets
either that constraint or a case that moved on; then, and only then, the earlier answer is looked for.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from shuzheng.base.kernel.canonical import canonical_json
from shuzheng.base.kernel.errors import Conflict
from shuzheng.base.kernel.types import Actor, Json
from shuzheng.engines.cases.errors import CommandReused
from shuzheng.engines.cases.models import History
from shuzheng.engines.cases.queries.cases import view_of
from shuzheng.engines.cases.queries.rows import load_cases
from shuzheng.engines.cases.rules.views import recall
from shuzheng.engines.cases.types import CaseView


@dataclass(frozen=True, slots=True)
class Command:
    """One attempt to do one thing; `fingerprint` is a SHA-256 over who and what."""

    id: UUID
    fingerprint: bytes


def make_command(command_id: UUID, kind: str, actor: Actor, content: Json) -> Command:
    """Return a command; the same person and post with the same content give the same fingerprint."""
    party = actor.party
    who: Json = [str(actor.person or ""), str(actor.post or ""), "" if party is None else str(party.id)]
    return Command(command_id, hashlib.sha256(canonical_json([kind, who, content])).digest())


def run_command(command: Command, body: Callable[[], CaseView]) -> CaseView:
    """Run a command in its transaction, or give the answer it got before.

    Raises:
        CommandReused: The id came before with other content.
        Conflict: As `body`, when the command was never carried out.
    """
    try:
        with transaction.atomic():
            return body()
    except (Conflict, IntegrityError):
        answered = find_answer(command)
        if answered is None:
            raise
        return answered


def find_answer(command: Command) -> CaseView | None:
    """Return what a command answered before, None when it was never carried out.

    Raises:
        CommandReused: The id came before with other content.
    """
    row = History.objects.filter(command_id=command.id).only("case_id", "fingerprint", "answer").first()
    if row is None:
        return None
    if bytes(row.fingerprint) != command.fingerprint:
        raise CommandReused
    loaded = load_cases("c.id = %s", [row.case_id])
    return view_of(recall(loaded[0][0], row.answer))
