"""Load a case under a lock and write what a step changed, by hand-written SQL common to SQLite and PostgreSQL.

Six statements: load; update the case where its revision is the one read; close rows; insert rows; history; ledger.
(A seventh moves due moments, only when a pause or a resumption touches tokens that stayed open; the step that decides
a case also counts it on its unit's day.)
On PostgreSQL the lock is a statement of its own before loading: a locking join that waited would return the new
revision with the old tokens.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, Literal

from django.db import connection

from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Actor, CaseId, JsonObject, OrgId, PartyKind
from shuzheng.base.ledger.actions import record
from shuzheng.engines.cases.actions.commands import Command
from shuzheng.engines.cases.errors import CaseChanged, CaseNotFound
from shuzheng.engines.cases.queries.rows import DbValue, Loaded, load_case, to_db
from shuzheng.engines.cases.rules.clocks import clocks_to_json
from shuzheng.engines.cases.rules.state import CaseData, Token
from shuzheng.engines.cases.rules.step import Step
from shuzheng.engines.cases.rules.table import APPLICANT
from shuzheng.engines.cases.rules.tallying import measure_closing
from shuzheng.engines.cases.rules.views import Entry, remember
from shuzheng.engines.cases.types import CaseState

_UPDATE: Final = (
    "update cases_case set rev = %s, next_n = %s, state = %s, result = %s, clocks = %s, received_at = %s, "
    "accepted_at = %s, closed_at = %s, paused_at = %s, due_on = %s, closed_on = %s where id = %s and rev = %s"
)
_COLUMNS: Final = (
    "case_id, n, node, kind, state, host, role, org, item, l1, l2, l3, l4, assignee, assignee_name, clock, due_at, "
    "opened_at, closed_at, outcome, back_org, told"
)
_ROW: Final = f"({', '.join(['%s'] * len(_COLUMNS.split(',')))})"
_HISTORY: Final = (
    "insert into cases_history (case_id, seq, at, act, task_n, node, outcome, person, name, org, org_name, payload, "
    "trail, command_id, fingerprint, answer) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)

_TALLY: Final = (
    "insert into cases_daytally (org, day, l1, l2, l3, l4, done, late, used_days) "
    "values (%s, %s, %s, %s, %s, %s, 1, %s, %s) on conflict (org, day) do update set done = cases_daytally.done + 1, "
    "late = cases_daytally.late + excluded.late, used_days = cases_daytally.used_days + excluded.used_days"
)


def lock_case(case_id: CaseId, *, busy: Literal["wait", "skip"] = "wait") -> Loaded | None:
    """Lock and load a case; None when there is none, or when it is busy and may be skipped.

    SQLite needs no lock of ours: its transactions begin IMMEDIATE, one writer at a time.
    """
    if connection.vendor == "postgresql":
        skip = " skip locked" if busy == "skip" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"select id from cases_case where public_id = %s for update{skip}", [case_id])  # noqa: S608
            if cursor.fetchone() is None:
                return None
    return load_case(case_id)


def get_locked(case_id: CaseId) -> Loaded:
    """Lock and load a case.

    Raises:
        CaseNotFound: No such case.
    """
    loaded = lock_case(case_id)
    if loaded is None:
        raise CaseNotFound
    return loaded


def write_step(step: Step, entry: Entry, command: Command, *, actor: Actor) -> None:
    """Write the difference a step made to a stored case. `entry.seq` becomes the revision.

    Raises:
        CaseChanged: The case moved since it was loaded.
    """
    step.case.rev = entry.seq
    _update_case(step, entry)
    _close_tokens(step, entry.outcome)
    _retime_tokens(step)
    write_tokens(step, actor=actor)
    count_closing(step)
    write_entry(step, entry, command, actor=actor)


def closed_on(step: Step) -> date | None:
    """Return the local day on which the case was decided; None under way and when withdrawn.

    None too for what was asked for inside the administration: lists and figures of decisions are about applicants.
    """
    case = step.case
    inside = case.applicant.kind is PartyKind.POST
    if inside or case.state is not CaseState.DONE or case.closed_at is None:
        return None
    return step.calendar.day_of(case.closed_at)


def count_closing(step: Step) -> None:
    """Count a case just decided on its unit's day; nothing while it is under way."""
    on = closed_on(step)
    if on is None:
        return
    closing = measure_closing(step.case.clocks, step.calendar.days)
    levels = [level or "" for level in step.case.levels.as_tuple()]
    org = [level for level in levels if level][-1]
    _execute(_TALLY, [org, on, *levels, int(closing.late), closing.used_days])


def write_tokens(step: Step, *, actor: Actor) -> None:
    """Insert the tokens a step opened, in one statement."""
    opened = [step.live[n] for n in step.opened]
    if not opened:
        return
    rows = [_token_row(step, token, actor) for token in opened]
    places = ", ".join([_ROW] * len(rows))
    _execute(
        f"insert into cases_token ({_COLUMNS}) values {places}",  # noqa: S608 - constants
        [value for row in rows for value in row],
    )


def write_entry(step: Step, entry: Entry, command: Command, *, actor: Actor) -> None:
    """Write the history row, with the command's id, fingerprint and answer, and the ledger entry."""
    case = step.case
    values: list[DbValue] = [
        case.pk,
        entry.seq,
        entry.at,
        entry.act,
        entry.task_n,
        entry.node,
        entry.outcome,
        actor.person,
        entry.by,
        entry.org,
        entry.org_name,
        _json(entry.payload),
        json.dumps(list(step.trail)),
        command.id,
        command.fingerprint,
        _json(remember(case, step.live.values())),
    ]
    _execute(_HISTORY, values)
    content: JsonObject = {
        "number": case.number,
        "seq": entry.seq,
        "node": entry.node,
        "outcome": entry.outcome,
        "state": case.state.value,
        "written": dict(entry.payload),
        "command": str(command.id),
    }
    related = [case.applicant.urn]
    if actor.stands_in_for is not None:
        related.append(f"urn:shuzheng:person:{actor.stands_in_for}")
    record(f"cases.{entry.act}", case.urn, actor=actor, at=entry.at, content=content, related=related)


def set_assignee(case: CaseData, token: Token) -> None:
    """Write who holds a task."""
    _execute(
        "update cases_token set assignee = %s, assignee_name = %s where case_id = %s and n = %s",
        [token.assignee, token.assignee_name, case.pk, token.n],
    )


def _update_case(step: Step, entry: Entry) -> None:
    case = step.case
    values: list[DbValue] = [
        entry.seq,
        case.next_n,
        case.state.value,
        case.result,
        clocks_to_json(case.clocks),
        case.received_at,
        case.accepted_at,
        case.closed_at,
        case.paused_at,
        case.due_on,
        closed_on(step),
        case.pk,
        entry.seq - 1,
    ]
    if _execute(_UPDATE, values) != 1:
        raise CaseChanged(by=said("系统"), when=said("刚才"), outcome=said("更新"), at=entry.at)


def _close_tokens(step: Step, outcome: str) -> None:
    closed = [*step.done, *step.cancelled]
    if not closed:
        return
    done = f"n in ({_places(step.done)})" if step.done else "1 = 0"
    sql = (
        f"update cases_token set state = case when {done} then 'd' else 'x' end, closed_at = %s, "  # noqa: S608
        f"outcome = case when {done} then %s else '' end where case_id = %s and n in ({_places(closed)})"
    )
    _execute(sql, [*step.done, step.at, *step.done, outcome, step.case.pk, *closed])


def _retime_tokens(step: Step) -> None:
    """Give all tokens of one clock their new moment in one statement each."""
    moved = [step.live[n] for n in step.retimed if n in step.live]
    for due_at in sorted({token.due_at for token in moved}):
        numbers = [token.n for token in moved if token.due_at == due_at]
        sql = f"update cases_token set due_at = %s, told = '' where case_id = %s and n in ({_places(numbers)})"  # noqa: S608
        _execute(sql, [due_at, step.case.pk, *numbers])


def _token_row(step: Step, token: Token, actor: Actor) -> Sequence[DbValue]:
    case = step.case
    waiting = actor.org or case.parts.get("window", OrgId(""))
    return (
        case.pk,
        token.n,
        token.node,
        token.kind.value,
        "o",
        token.host,
        token.role,
        token.org,
        case.item,
        *_levels(case, token),
        token.assignee,
        token.assignee_name,
        token.clock,
        token.due_at,
        step.at,
        None,
        "",
        waiting if token.role == APPLICANT else "",
        "",
    )


def _levels(case: CaseData, token: Token) -> Sequence[str]:
    """Return the units in whose figures a task counts; what waits for an officer who asked counts in none."""
    if token.role == APPLICANT and case.applicant.kind is PartyKind.POST:
        return ("", "", "", "")
    return [level or "" for level in case.levels.as_tuple()]


def _execute(sql: str, values: Iterable[DbValue]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, [to_db(value) for value in values])
        return int(cursor.rowcount)


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
