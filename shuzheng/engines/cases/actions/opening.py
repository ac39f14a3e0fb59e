"""Open a case: number it, start its clock, put the first task before the right desk."""

import json
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor, CaseId, DivisionCode, Json
from shuzheng.engines.cases.actions.commands import Command, make_command, run_command
from shuzheng.engines.cases.actions.steps import Act, announce, begin_step, make_entry
from shuzheng.engines.cases.actions.writing import closed_on, count_closing, write_entry, write_tokens
from shuzheng.engines.cases.errors import PartMissing, ProcessNotFound
from shuzheng.engines.cases.models import Case, Process
from shuzheng.engines.cases.queries.rows import to_db
from shuzheng.engines.cases.queries.tables import city_calendar, get_table
from shuzheng.engines.cases.rules.clocks import clocks_to_json
from shuzheng.engines.cases.rules.state import CaseData
from shuzheng.engines.cases.rules.step import Step
from shuzheng.engines.cases.rules.views import case_view, history_view
from shuzheng.engines.cases.types import CaseView, NewCase

_NEXT_NUMBER = (
    "insert into cases_counter (division, day, last) values (%s, %s, 1) "
    "on conflict (division, day) do update set last = cases_counter.last + 1 returning last"
)


def open_case(new: NewCase, *, command_id: UUID, actor: Actor, at: datetime) -> CaseView:
    """Open a case on the latest version of its process (提交申请).

    Args:
        new: What it is about.
        command_id: Made when the form was shown; sent twice it opens one case.
        actor: The applicant, or who applies on its behalf.
        at: Moment of submission; its local day is not counted by the acceptance clock.

    Raises:
        ProcessNotFound: The process was never published.
        PartMissing: The process needs an organization the case does not name.
        CommandReused: The id came before with other content.
    """
    command = make_command(command_id, "open", actor, _content(new))
    return run_command(command, lambda: _open(new, command, actor=actor, at=at))


def _open(new: NewCase, command: Command, *, actor: Actor, at: datetime) -> CaseView:
    process = Process.objects.filter(key=new.process).order_by("-version").defer("xml", "table").first()
    if process is None:
        raise ProcessNotFound(process=new.process)
    for part in sorted(get_table(process.pk, bytes(process.digest)).parts - set(new.parts)):
        raise PartMissing(part=part)
    case = _case_of(new, process, number=next_number(new.division, city_calendar().day_of(at)), at=at)
    step = begin_step((case, []), command, actor=actor, at=at)
    step.start()
    entry = make_entry(step, Act("opened", step.table.start), actor=actor)
    case.rev = entry.seq
    case.pk = _insert(step)
    write_tokens(step, actor=actor)
    count_closing(step)
    write_entry(step, entry, command, actor=actor)
    view = case_view(case, step.live.values(), step.table, step.calendar)
    announce(step, view, history_view(entry, step.table))
    return view


def next_number(division: DivisionCode, on: date) -> str:
    """Return the next case number of a county and local day: division 6, day 8, running number of four digits or more.

    One upsert: no race, and no promise that numbers are without gaps.
    """
    county = division[:6]
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, [county, to_db(on)])
        (last,) = cursor.fetchone()
    return f"{county}{on:%Y%m%d}{last:04d}"


def _case_of(new: NewCase, process: Process, *, number: str, at: datetime) -> CaseData:
    return CaseData(
        id=CaseId(new_id(at)),
        number=number,
        process_pk=process.pk,
        process_key=process.key,
        process_version=process.version,
        process_digest=bytes(process.digest),
        item=new.item,
        item_version=new.item_version,
        title=new.title,
        division=new.division,
        applicant=new.applicant,
        contact=new.contact,
        parts=dict(new.parts),
        levels=new.levels,
        acceptance_days=new.acceptance_days,
        promised_days=new.promised_days,
        legal_days=new.legal_days,
        law=new.law,
        opened_at=at,
        received_at=at,
    )


def _insert(step: Step) -> int:
    case = step.case
    l1, l2, l3, l4 = (level or "" for level in case.levels.as_tuple())
    row = Case.objects.create(
        public_id=case.id,
        number=case.number,
        process_id=case.process_pk,
        item=case.item,
        item_version=case.item_version,
        title=case.title,
        division=case.division,
        applicant_kind=case.applicant.kind.value,
        applicant_id=case.applicant.id,
        applicant_name=case.applicant.name,
        contact=case.contact,
        parts=dict(case.parts),
        l1=l1,
        l2=l2,
        l3=l3,
        l4=l4,
        acceptance_days=case.acceptance_days,
        promised_days=case.promised_days,
        legal_days=case.legal_days,
        law=case.law,
        opened_at=case.opened_at,
        rev=case.rev,
        next_n=case.next_n,
        state=case.state.value,
        result=case.result,
        clocks=json.loads(clocks_to_json(case.clocks)),
        received_at=case.received_at,
        accepted_at=case.accepted_at,
        closed_at=case.closed_at,
        paused_at=case.paused_at,
        due_on=case.due_on,
        closed_on=closed_on(step),
    )
    return row.pk


def _content(new: NewCase) -> Json:
    return {
        "process": new.process,
        "item": [new.item, new.item_version, new.title],
        "division": new.division,
        "applicant": [new.applicant.urn, str(new.contact)],
        "parts": dict(new.parts),
        "days": [new.acceptance_days, new.promised_days, new.legal_days],
    }
