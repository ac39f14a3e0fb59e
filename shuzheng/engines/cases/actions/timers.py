"""What moves without a person: timers that are due, and service tasks in the background."""

import logging
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import connection

from shuzheng.base.kernel.types import SYSTEM, CaseId, JsonObject
from shuzheng.engines.cases.actions.commands import make_command, run_command
from shuzheng.engines.cases.actions.steps import Act, begin_step, end_step
from shuzheng.engines.cases.actions.writing import lock_case
from shuzheng.engines.cases.models import Token as TokenRow
from shuzheng.engines.cases.queries.rows import Loaded, to_db, to_uuid
from shuzheng.engines.cases.rules.state import Token, TokenKind
from shuzheng.engines.cases.rules.table import TimerNode
from shuzheng.engines.cases.types import CaseView

AFTER_FAILURE = timedelta(minutes=10)

_log = logging.getLogger(__name__)
_DUE = (
    "select c.public_id, t.n from cases_token t join cases_case c on c.id = t.case_id "
    "where t.kind = 't' and t.state = 'o' and t.due_at <= %s order by t.due_at, t.id limit %s"
)


def fire_due_timers(*, at: datetime, limit: int = 200) -> int:
    """Let the timers that are due go off, the longest due first, each case in its own transaction.

    A case another worker holds is skipped (`SKIP LOCKED` on PostgreSQL) and found again by the next sweep. A case
    whose step fails is put back for ten minutes and logged, so that it does not hold up the others.

    Returns:
        How many went off.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [to_db(at), limit])
        due = [(CaseId(to_uuid(case_id)), int(n)) for case_id, n in cursor.fetchall()]
    return sum(_try_fire(case_id, n, at=at) for case_id, n in due)


def run_action_job(payload: JsonObject, at: datetime) -> None:
    """Run a background service task and move its case on; a job handler, safe to repeat.

    Args:
        payload: `case` (uuid) and `n` (number of the waiting token).
        at: Moment of the run.
    """
    case_id, n = CaseId(UUID(str(payload["case"]))), int(str(payload["n"]))
    command = make_command(uuid5(case_id, f"job:{n}"), "job", SYSTEM, [str(case_id), n])

    def body() -> CaseView:
        loaded = lock_case(case_id)
        token = None if loaded is None else _find(loaded, n, TokenKind.JOB)
        if loaded is None or token is None:
            raise _Over
        step = begin_step(loaded, command, actor=SYSTEM, at=at)
        step.finish_job(token)
        return end_step(step, Act("job", token.node, n), command, actor=SYSTEM)

    try:
        run_command(command, body)
    except _Over:
        _log.info("job %s of case %s was over already", n, case_id)


class _Over(Exception):
    """The token is not there any more, or the case is busy: nothing to do."""


def _try_fire(case_id: CaseId, n: int, *, at: datetime) -> bool:
    try:
        return _fire(case_id, n, at=at)
    except Exception:  # noqa: BLE001 - the sweep is an edge: one broken case must not hold up all others
        _log.exception("timer %s of case %s failed", n, case_id)
        waiting = TokenRow.objects.filter(case__public_id=case_id, n=n, state="o")
        waiting.update(due_at=at + AFTER_FAILURE)
        return False


def _fire(case_id: CaseId, n: int, *, at: datetime) -> bool:
    command = make_command(uuid5(case_id, f"timer:{n}"), "timer", SYSTEM, [str(case_id), n])

    def body() -> CaseView:
        loaded = lock_case(case_id, busy="skip")
        token = None if loaded is None else _find(loaded, n, TokenKind.TIMER)
        if loaded is None or token is None or token.due_at > at:
            raise _Over
        step = begin_step(loaded, command, actor=SYSTEM, at=at)
        node = step.table.nodes[token.node]
        host = token.host if isinstance(node, TimerNode) and node.interrupting else None
        step.fire(token)
        return end_step(step, Act("timer", token.node, host), command, actor=SYSTEM)

    try:
        run_command(command, body)
    except _Over:
        return False
    return True


def _find(loaded: Loaded, n: int, kind: TokenKind) -> Token | None:
    return next((token for token in loaded[1] if token.n == n and token.kind is kind), None)
