"""Count deadlines anew when an official notice replaced provisional working days."""

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid5

from shuzheng.base.kernel.types import SYSTEM, CaseId
from shuzheng.engines.cases.actions.commands import make_command, run_command
from shuzheng.engines.cases.actions.steps import Act, begin_step, end_step
from shuzheng.engines.cases.actions.writing import get_locked
from shuzheng.engines.cases.queries.rows import load_cases
from shuzheng.engines.cases.queries.tables import city_calendar
from shuzheng.engines.cases.rules.clocks import recount_clock
from shuzheng.engines.cases.rules.state import CaseData
from shuzheng.engines.cases.types import CaseView

_BATCH = 500


def recount_deadlines(*, at: datetime) -> int:
    """Bring every open case's clocks in line with the working days known now (重新计算期限).

    Run daily and after a notice was loaded. A case whose deadlines stay as they are is not touched; one whose
    deadlines move gets a history entry and a ledger entry, each in its own transaction.

    Returns:
        How many cases moved.
    """
    days = city_calendar().days
    moved = 0
    for case in _open_cases():
        if any(recount_clock(clock, days) != clock for clock in case.clocks):
            _recount(case.id, case.rev, at=at)
            moved += 1
    return moved


def _recount(case_id: CaseId, rev: int, *, at: datetime) -> CaseView:
    command = make_command(uuid5(case_id, f"recount:{rev}"), "recount", SYSTEM, str(case_id))

    def body() -> CaseView:
        step = begin_step(get_locked(case_id), command, actor=SYSTEM, at=at)
        step.recount()
        return end_step(step, Act("recounted", ""), command, actor=SYSTEM)

    return run_command(command, body)


def _open_cases() -> Iterator[CaseData]:
    after = 0
    while True:
        page = "select id from cases_case where state in ('open', 'paused') and id > %s order by id limit %s"
        cases = [case for case, _ in load_cases(f"c.id in ({page})", [after, _BATCH])]
        if not cases:
            return
        yield from reversed(cases)
        after = cases[0].pk
