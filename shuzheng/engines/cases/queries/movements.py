"""Where something moved since a position: for live pages, which follow the history by its growing key.

One history row is one command on one case. Whose inbox it touches is read from the case's tasks, open and closed:
a task that was taken away changes an inbox as much as one that came.
"""

from typing import Final

from django.db import connection

from shuzheng.base.kernel.types import OrgId
from shuzheng.engines.cases.types import Movement

_LAST: Final = "select max(id) from cases_history"
_SINCE: Final = (
    "select h.id, t.org, t.role, t.l1, t.l2, t.l3, t.l4 from "
    "(select id, case_id from cases_history where id > %s order by id limit %s) as h "
    "left join cases_token t on t.case_id = h.case_id and t.kind = 'u' order by h.id"
)


def last_movement() -> int:
    """Return the position after the newest command, 0 before the first."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        (last,) = cursor.fetchone()
    return int(last or 0)


def list_movements(*, after: int, limit: int) -> tuple[Movement, ...]:
    """Return whose inboxes up to `limit` commands after a position touched, oldest first; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, [after, limit])
        rows = cursor.fetchall()
    return tuple(
        Movement(int(position), org or "", role or "", tuple(OrgId(level) for level in levels if level))
        for position, org, role, *levels in rows
    )
