"""One case: its picture, its history, its deadlines and its drawing.

`get_case` checks the actor. The reads by id that follow it on a page need no second check; where an id comes from
outside, pass `actor` and it is checked.
"""

from datetime import datetime

from shuzheng.base.access.queries import check_may_see, scope_of
from shuzheng.base.kernel.types import SYSTEM, Actor, CaseId
from shuzheng.engines.cases.errors import CaseNotFound
from shuzheng.engines.cases.models import History, Process
from shuzheng.engines.cases.queries.rows import Loaded, load_case, load_cases
from shuzheng.engines.cases.queries.tables import city_calendar, table_of
from shuzheng.engines.cases.rules.state import CaseData
from shuzheng.engines.cases.rules.step import marking_of
from shuzheng.engines.cases.rules.views import (
    Entry,
    case_view,
    history_view,
    prove_deadlines,
    steps_of,
)
from shuzheng.engines.cases.types import CaseView, DeadlineProof, Diagram, HistoryView, ProcessView


def get_case(number: str, *, actor: Actor) -> CaseView:
    """Return a case by its number.

    Raises:
        CaseNotFound: No such case.
        NothingToSee: A stranger on the public front, who is told nothing.
        OtherUnit: An officer of a unit without a part in it.
    """
    loaded = next(iter(load_cases("c.number = %s", [number])), None)
    return view_of(checked(loaded, actor))


def get_case_by_id(case_id: CaseId, *, actor: Actor = SYSTEM) -> CaseView:
    """Return a case by its id; refusals as `get_case`."""
    return view_of(checked(load_case(case_id), actor))


def get_history(case_id: CaseId, *, actor: Actor = SYSTEM) -> tuple[HistoryView, ...]:
    """Return everything that happened to a case, oldest first; refusals as `get_case`."""
    case, _ = checked(load_case(case_id), actor)
    table = table_of(case)
    return tuple(history_view(entry_of(row), table) for row in _history(case))


def get_deadlines(case_id: CaseId, *, at: datetime, actor: Actor = SYSTEM) -> tuple[DeadlineProof, ...]:
    """Return the proofs of a case's deadlines: acceptance, then the decision (estimated before acceptance).

    Refusals as `get_case`.
    """
    case, _ = checked(load_case(case_id), actor)
    calendar = city_calendar()
    return prove_deadlines(case, table_of(case), calendar, calendar.day_of(at))


def get_diagram(case_id: CaseId, *, actor: Actor = SYSTEM) -> Diagram:
    """Return the drawing of a case's process version, what is done and now in it, and the same in words.

    Refusals as `get_case`.
    """
    case, tokens = checked(load_case(case_id), actor)
    table = table_of(case)
    trail = [node for row in _history(case) for node in row.trail]
    places = marking_of(tokens)
    now = tuple(node for node in table.nodes if node in places and table.nodes[node].kind != "timer")
    done = tuple(node for node in dict.fromkeys(trail) if node not in now)
    xml = Process.objects.values_list("xml", flat=True).get(pk=case.process_pk)
    return Diagram(xml, done, now, steps_of(table, trail, now, over=case.state.is_over))


def find_process(key: str) -> ProcessView | None:
    """Return the latest version of a process, None when none was published."""
    row = Process.objects.filter(key=key).order_by("-version").defer("xml", "table").first()
    return None if row is None else row.to_view()


def checked(loaded: Loaded | None, actor: Actor) -> Loaded:
    """Return a loaded case when the actor may see it; refusals as `get_case`."""
    if loaded is None:
        raise CaseNotFound
    check_may_open(loaded[0], actor)
    return loaded


def check_may_open(case: CaseData, actor: Actor) -> None:
    """Let pass who may see the case: who acts for the applicant now, units with a part in it, a supervisor above."""
    above = [org for org in case.levels.as_tuple() if org is not None]
    check_may_see(
        scope_of(actor),
        parties={case.applicant.id},
        orgs=tuple(dict.fromkeys(case.parts.values())),
        above=above,
        item=case.item,
    )


def view_of(loaded: Loaded) -> CaseView:
    """Return the picture of a loaded case."""
    case, tokens = loaded
    return case_view(case, tokens, table_of(case), city_calendar())


def entry_of(row: History) -> Entry:
    """Return a history row in memory."""
    return Entry(
        seq=row.seq,
        at=row.at,
        act=row.act,
        node=row.node,
        outcome=row.outcome,
        by=row.name,
        org=row.org,
        org_name=row.org_name,
        task_n=row.task_n,
        payload=row.payload,
        trail=tuple(row.trail),
    )


def _history(case: CaseData) -> list[History]:
    return list(History.objects.filter(case_id=case.pk).order_by("seq").defer("answer", "fingerprint"))
