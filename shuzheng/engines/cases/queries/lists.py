"""Lists by keyset: an officer's inbox by due date, a party's cases, the search at the desk.

Permission is a condition on columns. Each post and duty is one branch with its own partial index; the branches are
merged. A position continues as `due >= d AND (due > d OR id > i)`: the naive OR-form reads the whole list again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import connection

from shuzheng.base.access.queries import scope_of
from shuzheng.base.access.types import PostScope
from shuzheng.base.kernel.types import Actor, CaseId, ItemCode, Page
from shuzheng.engines.cases.errors import PositionInvalid
from shuzheng.engines.cases.queries.cases import view_of
from shuzheng.engines.cases.queries.rows import DbValue, load_cases, to_db, to_moment, to_uuid
from shuzheng.engines.cases.queries.tables import city_calendar, get_table
from shuzheng.engines.cases.rules.clocks import Calendar
from shuzheng.engines.cases.rules.step import last_day
from shuzheng.engines.cases.types import CaseState, CaseView, InboxFilter, InboxRow

LIMIT_MAX: Final = 200
_DEEPEST: Final = 4
EVERYTHING: Final = InboxFilter()
_BRANCH: Final = (
    "select t.due_at, t.id, t.n, t.node, t.role, t.assignee_name, c.public_id, c.number, c.title, c.applicant_name, "
    "c.state, c.item, c.opened_at, c.process_id, p.digest from cases_token t join cases_case c on c.id = t.case_id "
    "join cases_process p on p.id = c.process_id where t.kind = 'u' and t.state = 'o'"
)


@dataclass(slots=True)
class _Where:
    """Conditions with their values, in the order written."""

    conditions: list[str] = field(default_factory=list)
    values: list[DbValue] = field(default_factory=list)

    def add(self, condition: str, *values: DbValue) -> None:
        """Add one condition, made of constants and `%s`."""
        self.conditions.append(condition)
        self.values.extend(map(to_db, values))

    @property
    def text(self) -> str:
        """Return the conditions joined, beginning with ` and `."""
        return "".join(f" and {condition}" for condition in self.conditions)


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
        PositionInvalid: `after` is not a position.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    position = _read_position(after) if after else None
    branches = [
        _branch(post, role, actor, filters, position)
        for post in scope_of(actor).posts
        for role in _roles(post, filters)
    ]
    if not branches:
        return Page(())
    rows = _run(branches, limit + 1)
    calendar = city_calendar()
    more = f"{_known(rows[limit - 1][0]).isoformat()}~{rows[limit - 1][1]}" if len(rows) > limit else None
    return Page(tuple(_inbox_row(row, calendar) for row in rows[:limit]), more)


def count_inbox(actor: Actor, *, cap: int = 100, filters: InboxFilter = EVERYTHING) -> int:
    """Return how many tasks an inbox holds, at most `cap`: a badge says '99+', and counting all would cost 65 ms."""
    return len(list_inbox(actor, limit=min(cap, LIMIT_MAX), filters=filters).rows)


def list_cases_of(
    actor: Actor, *, after: str | None = None, limit: int = 20, state: CaseState | None = None
) -> Page[CaseView]:
    """Return the cases of the party whose affairs the actor does, newest first; empty for an officer at the desk.

    Raises:
        PositionInvalid: `after` is not a position.
    """
    party = scope_of(actor).party
    if party is None:
        return Page(())
    where = _Where()
    where.add("k.applicant_id = %s", party.id)
    if state is not None:
        where.add("k.state = %s", state.value)
    return _page_of_cases(where, after, limit)


def find_cases(text: str, *, actor: Actor, after: str | None = None, limit: int = 20) -> Page[CaseView]:
    """Return cases by the beginning of their number or by the applicant's whole name, newest first.

    An officer finds the cases in which the post's unit has a part, a supervising post those of the units below too;
    a citizen finds their own.

    Raises:
        PositionInvalid: `after` is not a position.
    """
    scope, where = scope_of(actor), _Where()
    text = text.strip()
    if not text or (scope.party is None and not scope.posts):
        return Page(())
    if text.isascii() and text.isdigit():
        where.add("k.number >= %s", text)
        if set(text) != {"9"}:
            where.add("k.number < %s", str(int(text) + 1).zfill(len(text)))
    else:
        where.add("k.applicant_name = %s", text)
    if scope.party is not None:
        where.add("k.applicant_id = %s", scope.party.id)
    for post in scope.posts:
        if post.supervises:
            where.add(f"k.l{post.level} = %s", post.org)
        else:
            where.add(f"({_decided_by(post.level)} or {_HAD_TASK})", post.org, post.org)
    return _page_of_cases(where, after, limit)


_HAD_TASK: Final = "exists (select 1 from cases_token t where t.case_id = k.id and t.org = %s)"


def _decided_by(level: int) -> str:
    """Return the condition that the decider is the organization itself, not one below it."""
    below = f" and k.l{level + 1} = ''" if level < _DEEPEST else ""
    return f"(k.l{level} = %s{below})"


def _page_of_cases(where: _Where, after: str | None, limit: int) -> Page[CaseView]:
    limit = max(1, min(limit, LIMIT_MAX))
    if after is not None:
        if not (after.isascii() and after.isdigit() and len(after) <= 18):
            raise PositionInvalid
        where.add("k.id < %s", int(after))
    page = f"select k.id from cases_case k where 1 = 1{where.text} order by k.id desc limit %s"  # noqa: S608 - constants
    loaded = load_cases(f"c.id in ({page})", [*where.values, limit + 1])
    more = str(loaded[limit - 1][0].pk) if len(loaded) > limit else None
    return Page(tuple(map(view_of, loaded[:limit])), more)


def _roles(post: PostScope, filters: InboxFilter) -> Sequence[str]:
    return ("",) if filters.under and post.supervises else sorted(post.roles)


def _branch(
    post: PostScope, role: str, actor: Actor, filters: InboxFilter, position: tuple[datetime, int] | None
) -> _Where:
    where = _Where()
    if role:
        where.add("t.org = %s", post.org)
        where.add("t.role = %s", role)
    else:
        where.add(f"t.l{post.level} = %s", post.org)
    if filters.item is not None:
        where.add("t.item = %s", filters.item)
    if filters.overdue_at is not None:
        where.add("t.due_at <= %s", filters.overdue_at)
    if filters.assignee == "mine":
        where.add("t.assignee = %s", actor.person)
    elif filters.assignee == "nobody":
        where.add("t.assignee is null")
    if position is not None:
        where.add("t.due_at >= %s and (t.due_at > %s or t.id > %s)", position[0], *position)
    return where


def _run(branches: Sequence[_Where], limit: int) -> list[tuple[object, ...]]:
    parts = [
        f"select * from ({_BRANCH}{where.text} order by t.due_at, t.id limit {int(limit)}) as b{number}"  # noqa: S608
        for number, where in enumerate(branches)
    ]
    sql = f"{' union all '.join(parts)} order by due_at, id limit {int(limit)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for where in branches for value in where.values])
        return list(cursor.fetchall())


def _inbox_row(row: tuple[object, ...], calendar: Calendar) -> InboxRow:
    due_at, _, n, node, role, assignee, case_id, number, title, applicant, state, item, opened_at, process, digest = row
    table = get_table(int(str(process)), bytes(digest) if isinstance(digest, bytes | memoryview) else b"")
    return InboxRow(
        number=str(number),
        title=str(title),
        applicant_name=str(applicant),
        task_name=table.nodes[str(node)].name,
        task_n=int(str(n)),
        due_on=last_day(_known(due_at), calendar),
        state=CaseState(str(state)),
        assignee_name=str(assignee),
        case_id=CaseId(to_uuid(case_id)),
        item=ItemCode(str(item)),
        role=str(role),
        opened_at=_known(opened_at),
    )


def _known(value: object) -> datetime:
    at = to_moment(value)
    if at is None:
        raise TypeError("a moment that must be known is null")
    return at


def _read_position(after: str) -> tuple[datetime, int]:
    due_at, _, row_id = after.rpartition("~")
    try:
        at = datetime.fromisoformat(due_at)
        number = int(row_id)
    except ValueError as error:
        raise PositionInvalid from error
    if at.tzinfo is None or not 0 <= number < 1 << 63:
        raise PositionInvalid
    return at, number
