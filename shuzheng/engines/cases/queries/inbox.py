"""An officer's inbox by due date, by keyset, under every filter.

Permission is a condition on columns. Each duty of the post, and each subtree of a supervisor, is one branch with its
own partial index; the branches are merged. A position continues as `due >= d AND (due > d OR id > i)`: the naive
OR-form reads the whole list again.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from django.db import connection

from shuzheng.base.access.queries import scope_of
from shuzheng.base.access.types import PostScope, Scope
from shuzheng.base.kernel.types import Actor, CaseId, ItemCode, OrgId, Page, Party, PartyKind
from shuzheng.engines.cases.models import Process
from shuzheng.engines.cases.queries.conditions import DEEPEST, LIMIT_MAX, Where, known, places, read_moment
from shuzheng.engines.cases.queries.rows import to_uuid
from shuzheng.engines.cases.queries.subtrees import roots_of
from shuzheng.engines.cases.queries.tables import city_calendar, get_table
from shuzheng.engines.cases.rules.clocks import Calendar
from shuzheng.engines.cases.rules.step import last_day
from shuzheng.engines.cases.rules.table import APPLICANT, TaskNode
from shuzheng.engines.cases.types import SOON_WORKING_DAYS, CaseState, DueBand, InboxFilter, InboxRow

EVERYTHING: Final = InboxFilter()
_FROM: Final = " from cases_token t join cases_case c on c.id = t.case_id"
_OPEN: Final = " where t.kind = 'u' and t.state = 'o'"
_BRANCH: Final = (
    "select t.due_at, t.id, t.n, t.node, t.role, t.org, t.assignee_name, c.public_id, c.number, c.title, "
    "c.applicant_kind, c.applicant_id, c.applicant_name, c.state, c.item, c.opened_at, c.process_id, p.digest"
    f"{_FROM} join cases_process p on p.id = c.process_id{_OPEN}"
)


def due_window(band: DueBand | None, *, at: datetime) -> tuple[datetime | None, datetime | None]:
    """Return after which and by which moment a task of a band falls due, for `InboxFilter`."""
    calendar = city_calendar()
    today = calendar.day_of(at)
    match band:
        case None:
            return None, None
        case DueBand.LATE:
            return None, at
        case DueBand.TODAY:
            return at, calendar.end_of(today)
        case DueBand.SOON:
            return at, soon_by(at)


def soon_by(at: datetime) -> datetime:
    """Return the moment by which what falls due is nearly due: the end of the second working day after today."""
    calendar = city_calendar()
    return calendar.end_of(calendar.days.add(calendar.day_of(at), SOON_WORKING_DAYS))


def list_inbox(
    actor: Actor, *, after: str | None = None, limit: int = 30, filters: InboxFilter = EVERYTHING
) -> Page[InboxRow]:
    """Return the open tasks an officer's post may act on, by due date; empty on the public front.

    Args:
        actor: In a post.
        after: `Page.next` of the page before.
        limit: At most 200.
        filters: What to keep; `under` shows a supervising post everything open under its organization.

    Raises:
        OtherUnit: A unit of the filter is not the actor's to see.
        PositionInvalid: `after` is not a position.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    position = read_moment(after) if after else None
    branches = _branches(actor, filters)
    if not branches:
        return Page(())
    for where in branches:
        if position is not None:
            where.add("t.due_at >= %s and (t.due_at > %s or t.id > %s)", position[0], *position)
    rows = _run(branches, limit + 1)
    calendar = city_calendar()
    more = f"{known(rows[limit - 1][0]).isoformat()}~{rows[limit - 1][1]}" if len(rows) > limit else None
    return Page(tuple(_inbox_row(row, calendar) for row in rows[:limit]), more)


def count_inbox(actor: Actor, *, cap: int = 100, filters: InboxFilter = EVERYTHING) -> int:
    """Return how many tasks an inbox holds, at most `cap`: a badge says '99+', and counting all would cost 65 ms."""
    branches = _branches(actor, filters)
    if not branches:
        return 0
    joined = _FROM if filters.step or filters.text else " from cases_token t"
    parts = [
        f"select * from (select 1{joined}{_OPEN}{where.text} limit {int(cap)}) as b{number}"  # noqa: S608 - constants
        for number, where in enumerate(branches)
    ]
    sql = f"select count(*) from (select 1 as one from ({' union all '.join(parts)}) as u limit {int(cap)}) as v"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for where in branches for value in where.values])
        return int(cursor.fetchone()[0])


def list_inbox_items(actor: Actor, *, limit: int = 100) -> dict[ItemCode, str]:
    """Return the items an officer's post has open tasks of, with a title of theirs, by title.

    One index tells them; a case is read for each item, not for each task.
    """
    branches = _branches(actor, EVERYTHING)
    if not branches:
        return {}
    parts = [
        f"select t.item as item, max(t.id) as id from cases_token t{_OPEN}{where.text} group by t.item"  # noqa: S608
        for where in branches
    ]
    sql = (
        f"select x.item, max(c.title) from ({' union all '.join(parts)}) x join cases_token k on k.id = x.id "  # noqa: S608
        f"join cases_case c on c.id = k.case_id group by x.item order by 2 limit {int(limit)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for where in branches for value in where.values])
        return {ItemCode(str(item)): str(title) for item, title in cursor.fetchall()}


def list_steps(actor: Actor) -> tuple[str, ...]:
    """Return the names of the tasks an officer's post may meet, in the order processes were published."""
    if not actor.is_officer:
        return ()
    return tuple(dict.fromkeys(node.name for _, node in _tasks() if node.role in actor.roles))


def _tasks() -> Iterator[tuple[int, TaskNode]]:
    """Give every officer's task of every process version, with the version's key; versions are few and remembered."""
    for pk, digest in Process.objects.order_by("pk").values_list("pk", "digest"):
        for node in get_table(pk, bytes(digest)).nodes.values():
            if isinstance(node, TaskNode) and node.role != APPLICANT:
                yield pk, node


def _branches(actor: Actor, filters: InboxFilter) -> list[Where]:
    scope = scope_of(actor)
    branches = [where for post in scope.posts for where in _heads(scope, post, filters)]
    step = _step_condition(filters.step) if filters.step else None
    for where in branches:
        _narrow(where, actor, filters)
        if step is not None:
            where.add(step.conditions[0], *step.values)
    return branches


def _heads(scope: Scope, post: PostScope, filters: InboxFilter) -> Iterator[Where]:
    """Give the beginning of each branch: what an index finds, and what permits it."""
    if filters.under and post.supervises:
        for level, unit in roots_of(scope, post, filters.units):
            yield _subtree(level, unit, filters)
    elif filters.waiting:
        where = Where()
        where.add("t.back_org = %s and t.role = 'applicant'", post.org)
        yield where
    else:
        for role in sorted(post.roles):
            where = Where()
            where.add("t.org = %s", post.org)
            where.add("t.role = %s", role)
            yield where


def _subtree(level: int, unit: OrgId, filters: InboxFilter) -> Where:
    where = Where()
    where.add(f"t.l{level} = %s", unit)
    if level == DEEPEST:
        where.add(f"t.l{level} > ''")
    if filters.alone and level < DEEPEST:
        where.add(f"t.l{level + 1} = ''")
    if filters.waiting:
        where.add("t.role = 'applicant'")
    elif filters.working or filters.due_by is not None or filters.due_after is not None:
        where.add("t.role <> 'applicant'")
    return where


def _narrow(where: Where, actor: Actor, filters: InboxFilter) -> None:
    if filters.items:
        where.add(f"t.item in ({places(filters.items)})", *filters.items)
    if filters.due_after is not None:
        where.add("t.due_at > %s", filters.due_after)
    if filters.due_by is not None:
        where.add("t.due_at <= %s", filters.due_by)
    _of_assignee(where, actor, filters)
    if filters.text.isascii() and filters.text.isdigit():
        where.begins("c.number", filters.text)
    elif filters.text:
        named = "c.applicant_name like %s escape '!'"
        pattern = f"%{_unlike(filters.text)}%"
        if filters.text_items:
            where.add(f"({named} or t.item in ({places(filters.text_items)}))", pattern, *filters.text_items)
        else:
            where.add(named, pattern)


def _of_assignee(where: Where, actor: Actor, filters: InboxFilter) -> None:
    match filters.assignee:
        case "":
            return
        case "nobody":
            where.add("t.assignee is null")
        case "mine":
            hands = tuple(actor.hands)
            where.add(f"t.assignee in ({places(hands)})", *hands)
        case person:
            where.add("t.assignee = %s", person)


def _unlike(text: str) -> str:
    """Return a text whose wildcards match only themselves."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _step_condition(name: str) -> Where:
    """Return the condition that a task has this name, in whatever version of whatever process."""
    where = Where()
    found = [(pk, node.id) for pk, node in _tasks() if node.name == name]
    if not found:
        where.add("1 = 0")
        return where
    either = " or ".join(["(c.process_id = %s and t.node = %s)"] * len(found))
    where.add(f"({either})", *(value for pair in found for value in pair))
    return where


def _run(branches: Sequence[Where], limit: int) -> list[tuple[object, ...]]:
    parts = [
        f"select * from ({_BRANCH}{where.text} order by t.due_at, t.id limit {int(limit)}) as b{number}"  # noqa: S608
        for number, where in enumerate(branches)
    ]
    sql = f"{' union all '.join(parts)} order by due_at, id limit {int(limit)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for where in branches for value in where.values])
        return list(cursor.fetchall())


def _inbox_row(row: tuple[object, ...], calendar: Calendar) -> InboxRow:
    due_at, _, n, node, role, org, assignee, case_id, number, title, kind, applicant_id, applicant, *rest = row
    state, item, opened_at, process, digest = rest
    table = get_table(int(str(process)), bytes(digest) if isinstance(digest, bytes | memoryview) else b"")
    return InboxRow(
        number=str(number),
        title=str(title),
        applicant_name=str(applicant),
        task_name=table.nodes[str(node)].name,
        task_n=int(str(n)),
        due_on=last_day(known(due_at), calendar),
        state=CaseState(str(state)),
        assignee_name=str(assignee),
        case_id=CaseId(to_uuid(case_id)),
        item=ItemCode(str(item)),
        role=str(role),
        opened_at=known(opened_at),
        org=OrgId(str(org)) if org else None,
        applicant=Party(PartyKind(str(kind)), to_uuid(applicant_id), str(applicant)),
    )
