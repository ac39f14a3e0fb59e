"""From a draft to a case: one transaction, once, however often the button is pressed."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from shuzheng.base.directory.queries import county_of, get_organization
from shuzheng.base.files.types import FileView
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor, DivisionCode, DraftId, ItemCode, OrgId
from shuzheng.base.ledger.actions import record
from shuzheng.engines.cases.actions import open_case
from shuzheng.engines.cases.queries import get_case
from shuzheng.engines.cases.types import CaseView, NewCase
from shuzheng.services.items.actions.drafts import attach_paper, check_may_apply, save_section, start_draft
from shuzheng.services.items.errors import DraftClosed, Incomplete
from shuzheng.services.items.models import Application, ApplicationPaper, Draft
from shuzheng.services.items.queries.applications import dump_paper
from shuzheng.services.items.queries.catalogue import find_form
from shuzheng.services.items.queries.drafts import (
    STATE_WORDS,
    answers_of,
    files_of,
    foreseen_of,
    get_draft_form,
    get_draft_row,
    problems_of,
)
from shuzheng.services.items.queries.sealing import seal_answers
from shuzheng.services.items.types import ACCEPTANCE_DAYS, Answer, DraftState, FieldType, PaperView


@transaction.atomic
def submit_draft(draft_id: DraftId | UUID, *, command_id: UUID, actor: Actor, at: datetime) -> CaseView:
    """Check everything again and open the case.

    Args:
        draft_id: One's own open draft.
        command_id: Made with the page; the same one again gives the same case.
        actor: The applicant.
        at: When; the acceptance clock starts.

    Returns:
        The case, with its number and dates.

    Raises:
        DraftNotFound, DraftExpired: There is nothing to submit.
        DraftClosed: It was submitted before by another command.
        Incomplete: Something is missing or wrong; carries every problem.
    """
    row = get_draft_row(draft_id, actor=actor, at=at, lock=True)
    if row.state == DraftState.SUBMITTED and row.command_id == command_id:
        return get_case(row.case_number, actor=actor)
    if row.state != DraftState.OPEN:
        raise DraftClosed(state=STATE_WORDS[row.state], number=row.case_number)
    check_may_apply(row.item, actor, at=at)
    answers = answers_of(row)
    foreseen, papers = foreseen_of(row, answers, at=at)
    problems = problems_of(foreseen.form, answers, papers)
    if problems:
        raise Incomplete(problems)
    case = open_case(_new_case(row, actor), command_id=command_id, actor=actor, at=at)
    files = files_of(row)
    application = _write_application(row, case, _with_files(row, answers, files), papers, command_id, actor, at)
    ApplicationPaper.objects.bulk_create(
        ApplicationPaper(application=application, seq=seq, file_id=file.id, given_at=at) for seq, file in files.items()
    )
    row.state, row.command_id, row.case_id, row.case_number = DraftState.SUBMITTED, command_id, case.id, case.number
    row.answers = b""
    row.save(update_fields=["state", "command_id", "case_id", "case_number", "answers"])
    return case


def _new_case(row: Draft, actor: Actor) -> NewCase:
    item, unit = row.item, row.unit
    decider = get_organization(OrgId(unit.decider))
    return NewCase(
        process=item.handling,
        item=ItemCode(item.code),
        item_version=item.version,
        title=item.name,
        division=county_of(DivisionCode(unit.division)),
        applicant=row.party,
        contact=actor.person or row.person,
        parts={"window": OrgId(unit.window), "decider": OrgId(unit.decider)},
        levels=decider.levels,
        acceptance_days=ACCEPTANCE_DAYS,
        promised_days=item.promised_days if unit.promised_days is None else unit.promised_days,
        legal_days=item.legal_days,
        law=item.legal_basis,
    )


def _with_files(row: Draft, answers: Mapping[str, Answer], files: Mapping[int, FileView]) -> dict[str, Answer]:
    """Return the answers with the id of the given file in each file field."""
    complete = dict(answers)
    form = find_form(row.item)
    for spec in form.fields() if form else ():
        file = files.get(spec.material_seq or 0)
        if spec.type is FieldType.FILE and file is not None:
            complete[spec.name] = Answer(str(file.id), None, (file.name,), None, row.rev)
    return complete


def _write_application(
    row: Draft,
    case: CaseView,
    answers: Mapping[str, Answer],
    papers: Sequence[PaperView],
    command_id: UUID,
    actor: Actor,
    at: datetime,
) -> Application:
    application_id = new_id(at)
    used = sorted({a.source.record for a in answers.values() if a.source is not None})
    waived = sorted({paper.ref.record for paper in papers if paper.ref is not None})
    record(
        "items.submitted",
        f"urn:shuzheng:application:{application_id}",
        actor=actor,
        at=at,
        content={"item": row.item.code, "version": row.item.version, "answers": _plain(answers)},
        related=[case.urn, f"urn:shuzheng:draft:{row.public_id}", *dict.fromkeys((*used, *waived))],
    )
    return Application.objects.create(
        public_id=application_id,
        case_id=case.id,
        case_number=case.number,
        command_id=command_id,
        item=row.item,
        unit=row.unit,
        party_kind=row.party_kind,
        party_id=row.party_id,
        party_name=row.party_name,
        contact_id=case.contact,
        answers=seal_answers("application.answers", application_id, answers),
        papers=[dump_paper(paper) for paper in papers],
        submitted_at=at,
    )


def _plain(answers: Mapping[str, Answer]) -> dict[str, str]:
    """Return the answers as text for the ledger's commitment, which keeps a salted hash and no content."""
    return {name: "|".join(answer.typed) for name, answer in sorted(answers.items())}


def apply_at_once(
    item: str,
    unit_code: str,
    raw: Mapping[str, Sequence[str]],
    files: Mapping[int, tuple[str, bytes]],
    *,
    command_id: UUID,
    actor: Actor,
    at: datetime,
) -> CaseView:
    """Apply in one call, for machines: prefilled like a draft, checked by the same validator, all or nothing.

    Args:
        item: Basic code.
        unit_code: Implementing item, 31 characters.
        raw: Typed texts by field name; what is not sent keeps its prefilled value.
        files: Name and bytes by material.
        command_id: The same one again gives the same case.
        actor: The applicant.
        at: When.

    Raises:
        Incomplete: Something is missing or wrong; nothing was kept.
        Others: As `start_draft` and `attach_paper`.
    """
    done = _submitted_by(command_id, actor, at)
    if done is not None:
        return done
    try:
        with transaction.atomic():
            draft = _fill(item, unit_code, raw, files, actor=actor, at=at)
            return submit_draft(draft, command_id=command_id, actor=actor, at=at)
    except IntegrityError:
        done = _submitted_by(command_id, actor, at)
        if done is None:
            raise
        return done


def _submitted_by(command_id: UUID, actor: Actor, at: datetime) -> CaseView | None:
    done = Draft.objects.filter(command_id=command_id).first()
    return None if done is None else submit_draft(done.public_id, command_id=command_id, actor=actor, at=at)


def _fill(
    item: str,
    unit_code: str,
    raw: Mapping[str, Sequence[str]],
    files: Mapping[int, tuple[str, bytes]],
    *,
    actor: Actor,
    at: datetime,
) -> DraftId:
    draft = start_draft(item, unit_code, actor=actor, at=at)
    for index, section in enumerate(get_draft_form(draft.id, actor=actor, at=at).sections):
        known = {s.name: draft.answers[s.name].typed for s in section.fields if s.name in draft.answers}
        given = {s.name: raw[s.name] for s in section.fields if s.name in raw}
        save_section(draft.id, index, {**known, **given}, actor=actor, at=at)
    for seq, (name, content) in files.items():
        attach_paper(draft.id, seq, io.BytesIO(content), name, actor=actor, at=at)
    return draft.id
