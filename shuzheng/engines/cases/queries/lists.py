"""Lists of cases by keyset, newest first: a party's own, what an officer decided, the search at the desk.

Permission is a condition on columns.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.db import connection

from shuzheng.base.access.queries import scope_of
from shuzheng.base.kernel.types import Actor, OrgId, Page, Party
from shuzheng.engines.cases.errors import PositionInvalid
from shuzheng.engines.cases.queries.cases import view_of
from shuzheng.engines.cases.queries.conditions import DEEPEST, LIMIT_MAX, Where, known, places, read_id
from shuzheng.engines.cases.queries.rows import load_cases, to_db
from shuzheng.engines.cases.queries.subtrees import check_root
from shuzheng.engines.cases.queries.tables import get_table
from shuzheng.engines.cases.rules.table import TaskNode
from shuzheng.engines.cases.types import CaseState, CaseView, DoneRow


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
    where = Where()
    _add_party(where, party, actor)
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
    scope, where = scope_of(actor), Where()
    text = text.strip()
    if not text or (scope.party is None and not scope.posts):
        return Page(())
    if text.isascii() and text.isdigit():
        where.begins("k.number", text)
    else:
        where.add("k.applicant_name = %s", text)
    if scope.party is not None:
        _add_party(where, scope.party, actor)
    for post in scope.posts:
        if post.supervises:
            where.add(f"k.l{post.level} = %s", post.org)
        else:
            where.add(f"({_decided_by(post.level)} or {_HAD_TASK})", post.org, post.org)
    return _page_of_cases(where, after, limit)


def list_decided(
    unit: OrgId, *, actor: Actor, since: date, alone: bool = False, after: str | None = None, limit: int = 30
) -> Page[CaseView]:
    """Return the cases a unit and those below it decided since a local day, the latest decided first.

    Args:
        unit: The actor's organization, or for a supervising post one below it.
        actor: In a post.
        since: First day.
        alone: Only what the unit itself decided.
        after: `Page.next` of the page before.
        limit: At most 200.

    Raises:
        OtherUnit: The unit is not the actor's to see.
        PositionInvalid: `after` is not a position.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    depth = check_root(unit, actor=actor).depth
    level = f"l{depth}"
    where = Where()
    where.add(f"k.{level} = %s and k.closed_on is not null and k.closed_on >= %s", unit, since)
    if level != "l1":
        where.add(f"k.{level} > ''")
    if alone and depth < DEEPEST:
        where.add(f"k.l{depth + 1} = ''")
    if after is not None:
        day, row_id = _read_day(after)
        where.add("k.closed_on <= %s and (k.closed_on < %s or k.id < %s)", day, day, row_id)
    order = "order by k.closed_on desc, k.id desc limit %s"
    sql = f"select k.id, k.closed_on from cases_case k where 1 = 1{where.text} {order}"  # noqa: S608 - constants
    with connection.cursor() as cursor:
        cursor.execute(sql, [*where.values, limit + 1])
        found = [(int(pk), str(day)) for pk, day in cursor.fetchall()]
    listed = found[:limit]
    more = f"{listed[-1][1]}~{listed[-1][0]}" if len(found) > limit else None
    if not listed:
        return Page(())
    values = [pk for pk, _ in listed]
    loaded = load_cases(f"c.id in ({', '.join(['%s'] * len(values))})", values)
    views: Mapping[int, CaseView] = {case.pk: view_of((case, tokens)) for case, tokens in loaded}
    return Page(tuple(views[pk] for pk in values), more)


_DONE: Final = (
    "select h.id, h.at, h.node, h.outcome, c.number, c.title, c.applicant_name, c.state, c.result, c.process_id, "
    "p.digest from cases_history h join cases_case c on c.id = h.case_id join cases_process p on p.id = c.process_id "
    "where h.act = 'completed' and h.person = %s and h.org = %s"
)


def list_done_by(actor: Actor, *, after: str | None = None, limit: int = 30) -> Page[DoneRow]:
    """Return the steps an officer completed in the organization of the post acted in, newest first.

    Raises:
        PositionInvalid: `after` is not a position.
    """
    if not actor.is_officer or actor.org is None:
        return Page(())
    limit = max(1, min(limit, LIMIT_MAX))
    where = Where()
    where.values = [to_db(actor.person), actor.org]
    if after is not None:
        where.add("h.id < %s", read_id(after))
    with connection.cursor() as cursor:
        cursor.execute(f"{_DONE}{where.text} order by h.id desc limit %s", [*where.values, limit + 1])
        rows = cursor.fetchall()
    more = str(rows[limit - 1][0]) if len(rows) > limit else None
    return Page(tuple(map(_done_row, rows[:limit])), more)


def _done_row(row: tuple[object, ...]) -> DoneRow:
    _, at, node_id, outcome_id, number, title, applicant, state, result, process, digest = row
    table = get_table(int(str(process)), bytes(digest) if isinstance(digest, bytes | memoryview) else b"")
    node = table.nodes.get(str(node_id))
    outcome = node.outcome(str(outcome_id)) if isinstance(node, TaskNode) else None
    return DoneRow(
        number=str(number),
        title=str(title),
        applicant_name=str(applicant),
        task_name=node.name if node else str(node_id),
        outcome_name=outcome.name if outcome else "",
        at=known(at),
        state=CaseState(str(state)),
        result=str(result),
    )


def _add_party(where: Where, party: Party, actor: Actor) -> None:
    """Keep the cases of a party; whoever acts by a mandate for named items sees those of these items."""
    where.add("k.applicant_id = %s", party.id)
    if actor.limited_to is not None:
        items = tuple(actor.limited_to)
        where.add(f"k.item in ({places(items)})" if items else "1 = 0", *items)


_HAD_TASK: Final = "exists (select 1 from cases_token t where t.case_id = k.id and t.org = %s)"


def _decided_by(level: int) -> str:
    """Return the condition that the decider is the organization itself, not one below it."""
    below = f" and k.l{level + 1} = ''" if level < DEEPEST else ""
    return f"(k.l{level} = %s{below})"


def _page_of_cases(where: Where, after: str | None, limit: int) -> Page[CaseView]:
    limit = max(1, min(limit, LIMIT_MAX))
    if after is not None:
        where.add("k.id < %s", read_id(after))
    page = f"select k.id from cases_case k where 1 = 1{where.text} order by k.id desc limit %s"  # noqa: S608 - constants
    loaded = load_cases(f"c.id in ({page})", [*where.values, limit + 1])
    more = str(loaded[limit - 1][0].pk) if len(loaded) > limit else None
    return Page(tuple(map(view_of, loaded[:limit])), more)


def _read_day(after: str) -> tuple[date, int]:
    day, _, row_id = after.rpartition("~")
    try:
        return date.fromisoformat(day), read_id(row_id)
    except ValueError as error:
        raise PositionInvalid from error
