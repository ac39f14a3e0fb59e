"""Deadlines that tell of themselves: nearly due, then overdue, once each."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from shuzheng.base.kernel.events import publish
from shuzheng.base.kernel.types import CaseId
from shuzheng.engines.cases.events import TaskNearlyDue, TaskOverdue
from shuzheng.engines.cases.models import Token as TokenRow
from shuzheng.engines.cases.queries.cases import get_case_by_id
from shuzheng.engines.cases.queries.inbox import soon_by
from shuzheng.engines.cases.queries.rows import to_db, to_uuid

NEARLY_DUE: Final = "n"
OVERDUE: Final = "o"
_UNTOLD: Final = (
    "select t.id, t.n, t.told, t.due_at <= %s, c.public_id from cases_token t join cases_case c on c.id = t.case_id "
    "where t.kind = 'u' and t.state = 'o' and t.told < 'o' and t.role <> 'applicant' and t.due_at <= %s "
    "and (t.told = '' or t.due_at <= %s) order by t.due_at, t.id limit %s"
)


def escalate_due(*, at: datetime, limit: int = 200) -> int:
    """Announce tasks of officers that became nearly due or overdue, the most urgent first, each in a transaction.

    A deadline that moves, after a pause or an official notice, is announced anew. Run daily, until less than `limit`.

    Returns:
        How many were announced.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNTOLD, [to_db(at), to_db(soon_by(at)), to_db(at), limit])
        rows = cursor.fetchall()
    for pk, n, told, late, case_id in rows:
        _announce(int(pk), int(n), str(told), CaseId(to_uuid(case_id)), late=bool(late), at=at)
    return len(rows)


@transaction.atomic
def _announce(pk: int, n: int, told: str, case_id: CaseId, *, late: bool, at: datetime) -> None:
    mark = OVERDUE if late else NEARLY_DUE
    if TokenRow.objects.filter(pk=pk, told=told, state="o").update(told=mark) == 0:
        return
    case = get_case_by_id(case_id)
    task = next((task for task in case.tasks if task.n == n), None)
    if task is not None:
        publish(TaskOverdue(case, task, at) if late else TaskNearlyDue(case, task, at))
