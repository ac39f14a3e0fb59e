"""Figures of a subtree, by the organizations directly below its head; no table is read as a whole.

What is open is summed from one index over open tasks alone, whose columns begin with the levels; what was decided,
from the roll-up of days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from django.db import connection

from shuzheng.base.kernel.types import Actor, OrgId
from shuzheng.engines.cases.queries.conditions import DEEPEST, Where
from shuzheng.engines.cases.queries.inbox import soon_by
from shuzheng.engines.cases.queries.rows import to_db
from shuzheng.engines.cases.queries.subtrees import check_root
from shuzheng.engines.cases.types import UnitTally


def tally_units(unit: OrgId, *, actor: Actor, since: date, at: datetime) -> tuple[UnitTally, ...]:
    """Return the figures of an organization itself and of each one directly below, with everything below that.

    Only organizations with something to show, by code; the organization itself, with `org` None, comes first.

    Args:
        unit: The actor's organization, or for a supervising post one below it.
        actor: In a post.
        since: First local day of what counts as done.
        at: Moment that decides what is overdue.

    Raises:
        OtherUnit: The unit is not the actor's to see.
    """
    organization = check_root(unit, actor=actor)
    depth = organization.depth
    below = f"l{depth + 1}" if depth < DEEPEST else "''"
    found = _open_tallies([level for level in organization.levels.as_tuple() if level], below, at=at)
    for org, done, late, used in _done_tallies(unit, depth, below, since=since):
        found[org] = replace(found.get(org, UnitTally(org)), done=done, done_late=late, used_days=used)
    return tuple(found[org] for org in sorted(found, key=lambda org: org or ""))


def _open_tallies(levels: Iterable[str], below: str, *, at: datetime) -> dict[OrgId | None, UnitTally]:
    where = Where()
    for number, level in enumerate(levels, start=1):
        where.add(f"l{number} = %s", level)
    sql = (
        f"select {below}, sum(case when role <> 'applicant' then 1 else 0 end), "  # noqa: S608 - constants
        "sum(case when role <> 'applicant' and due_at <= %s then 1 else 0 end), "
        "sum(case when role <> 'applicant' and due_at > %s and due_at <= %s then 1 else 0 end), "
        "sum(case when role = 'applicant' then 1 else 0 end) "
        f"from cases_token where kind = 'u' and state = 'o'{where.text} group by 1"
    )
    moments = [to_db(at), to_db(at), to_db(soon_by(at))]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*moments, *where.values])
        rows = cursor.fetchall()
    found: Mapping[OrgId | None, UnitTally] = {
        _org(org): UnitTally(_org(org), int(opened), int(late), int(soon), int(waiting))
        for org, opened, late, soon, waiting in rows
    }
    return dict(found)


def _done_tallies(
    unit: OrgId, depth: int, below: str, *, since: date
) -> tuple[tuple[OrgId | None, int, int, int], ...]:
    column = "org" if depth == DEEPEST else f"l{depth}"
    sql = (
        f"select {below}, sum(done), sum(late), sum(used_days) from cases_daytally "  # noqa: S608 - constants
        f"where {column} = %s and day >= %s group by 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [unit, to_db(since)])
        rows = cursor.fetchall()
    return tuple((_org(org), int(done), int(late), int(used)) for org, done, late, used in rows)


def _org(code: object) -> OrgId | None:
    return OrgId(str(code)) if code else None
