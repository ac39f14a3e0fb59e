"""Telling the applicant: event handlers enqueue notices inside the step, jobs send them after it.

For a firm, its legal representative is told too when somebody else applied. Nobody is told twice: keys name the
event, and both the job queue and the notice centre drop repetitions. What a job will say waits sealed: an officer's
words may name somebody.
"""

import base64
import json
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from shuzheng.base.directory.queries import get_firm, get_organizations
from shuzheng.base.jobs.actions import enqueue
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import PUBLIC_KINDS, FirmId, JsonObject, OrgId, PartyKind, PersonId
from shuzheng.base.notices.actions import send_notice
from shuzheng.engines.cases.events import CaseClosed, CaseMoved, CaseOpened
from shuzheng.engines.cases.queries import get_history
from shuzheng.engines.cases.types import CaseState, CaseView
from shuzheng.services.items.actions.supplement import find_applicant_task
from shuzheng.services.items.models import Application, Decision, Item
from shuzheng.services.items.queries.applications import last_request, material_names, words_of
from shuzheng.services.items.queries.sealing import open_bytes, seal_bytes
from shuzheng.services.items.rules import wording
from shuzheng.services.items.rules.wording import Telling

JOB = "items.send_case_notice"
"""Name under which the composition root registers `send_case_notice`."""


def send_case_notice(payload: JsonObject, at: datetime) -> None:
    """Send one notice; the job handler."""
    to = UUID(str(payload["to"]))
    title, body = json.loads(open_bytes("notice", to, base64.b64decode(str(payload["sealed"]))))
    send_notice(
        PersonId(to), kind="case", title=title, body=body, link=str(payload["link"]), key=str(payload["key"]), at=at
    )


def on_case_opened(event: CaseOpened) -> None:
    """Tell that the application arrived."""
    case = event.case
    if case.applicant.kind not in PUBLIC_KINDS:
        return
    window = _name(case, "window")
    telling = wording.tell_opened(
        number=case.number, title=case.title, window=window, due_on=case.due_on, today=_today(case.opened_at)
    )
    _tell(case, telling, at=case.opened_at)


def on_case_moved(event: CaseMoved) -> None:
    """Tell what must be supplemented, or that the application was accepted."""
    case, at = event.case, event.entry.at
    if case.state.is_over or case.applicant.kind not in PUBLIC_KINDS:
        return
    task = find_applicant_task(case)
    if task is not None:
        _tell(case, _asked(case, task.n, task.due_on, at), at=at)
    elif case.accepted_at is not None:
        telling = wording.tell_accepted(
            number=case.number,
            title=case.title,
            decider=_name(case, "decider"),
            due_on=case.due_on,
            today=_today(at),
        )
        _tell(case, telling, at=at)


def _asked(case: CaseView, n: int, due_on: date | None, at: datetime) -> Telling:
    asked = last_request(get_history(case.id))
    row = Application.objects.filter(case_id=case.id).first()
    names = {} if row is None else material_names(row)
    return wording.tell_asked(
        number=case.number,
        title=case.title,
        n=n,
        papers=[names[seq] for seq in (asked.papers if asked else ()) if seq in names],
        opinion=words_of(asked) if asked else "",
        due_on=due_on,
        today=_today(at),
    )


def on_case_closed(event: CaseClosed) -> None:
    """Note a decision the process did not note itself (not accepted, lapsed), and tell how the case ended."""
    case = event.case
    if case.applicant.kind not in PUBLIC_KINDS:
        return
    at = case.closed_at or case.opened_at
    if case.result in {"not_accepted", "lapsed"}:
        _note(case, at)
    _tell(case, _closing(case), at=at)


def _note(case: CaseView, at: datetime) -> None:
    row = Application.objects.filter(case_id=case.id, decision__isnull=True).first()
    if row is None:
        return
    last = get_history(case.id)[-1]
    Decision.objects.create(
        application=row,
        result=case.result,
        opinion=last.opinion,
        reasons=list(last.reasons),
        decided_at=at,
        organization=last.org or "",
    )


def _closing(case: CaseView) -> Telling:
    number, title = case.number, case.title
    if case.state is CaseState.WITHDRAWN:
        return wording.tell_withdrawn(number=number, title=title)
    if case.result == "lapsed":
        return wording.tell_lapsed(number=number, title=title)
    if case.result == "granted":
        row = Item.objects.filter(code=case.item, version=case.item_version).first()
        licence, name = ("", "") if row is None else (row.licence_type, row.result_name)
        return wording.tell_granted(number=number, title=title, licence_type=licence, result_name=name)
    decision = Decision.objects.filter(application__case_id=case.id).first()
    opinion, reasons = ("", []) if decision is None else (decision.opinion, decision.reasons)
    return wording.tell_refused(
        number=number, title=title, result=case.result, opinion=opinion, reasons=[str(reason) for reason in reasons]
    )


def _tell(case: CaseView, telling: Telling, *, at: datetime) -> None:
    for person in _recipients(case):
        plain = json.dumps([telling.title, telling.body], ensure_ascii=False).encode()
        sealed = base64.b64encode(seal_bytes("notice", person, plain)).decode()
        payload = {"to": str(person), "key": telling.key, "link": telling.link, "sealed": sealed}
        enqueue(JOB, payload, key=f"{telling.key}:{person}", at=at)


def _recipients(case: CaseView) -> tuple[PersonId, ...]:
    if case.applicant.kind is not PartyKind.FIRM:
        return (case.contact,)
    legal_rep = get_firm(FirmId(case.applicant.id)).legal_rep
    return tuple(dict.fromkeys((case.contact, legal_rep)))


def _name(case: CaseView, part: str) -> str:
    code = case.parts.get(part, OrgId(""))
    found = get_organizations([code]).get(code)
    return "办理单位" if found is None else found.short_name


def _today(at: datetime) -> date:
    return local_date(at, settings.SHUZHENG.zone)
