"""Reads of drafts. A draft belongs to the party it is for; nobody else learns that it exists."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings

from shuzheng.base.files.queries import get_files
from shuzheng.base.files.types import FileView
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Actor, CaseId, DraftId, FileId, ItemCode
from shuzheng.services.items.errors import DraftClosed, DraftExpired, DraftNotFound
from shuzheng.services.items.models import Draft
from shuzheng.services.items.queries.catalogue import form_of_row, name_unit
from shuzheng.services.items.queries.foreseeing import foresee_row
from shuzheng.services.items.queries.sealing import open_answers
from shuzheng.services.items.rules.papers import missing_papers
from shuzheng.services.items.rules.reading import read_answers
from shuzheng.services.items.types import (
    DRAFT_DAYS,
    Answer,
    DraftRow,
    DraftState,
    DraftView,
    FieldProblem,
    Foreseen,
    FormSpec,
    PaperProblem,
    PaperView,
)

STATE_WORDS: Mapping[str, str] = {
    DraftState.SUBMITTED: said("提交了"),
    DraftState.DISCARDED: said("删除了"),
    DraftState.EXPIRED: said("过期了"),
}


def get_draft_row(draft_id: DraftId | UUID, *, actor: Actor, at: datetime, lock: bool = False) -> Draft:
    """Return the row of one's own draft in whatever state but discarded; for this room only.

    Raises:
        DraftNotFound: No such draft, or it is another party's.
        DraftExpired: Ninety days without a change.
    """
    rows = Draft.objects.select_related("item", "unit")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(public_id=draft_id).first()
    party = actor.party
    if row is None or actor.is_officer or party is None or (party.kind, party.id) != (row.party_kind, row.party_id):
        raise DraftNotFound
    if actor.limited_to is not None and row.item.code not in actor.limited_to:
        raise DraftNotFound
    if row.state == DraftState.DISCARDED:
        raise DraftNotFound
    today = local_date(at, settings.SHUZHENG.zone)
    if row.state == DraftState.EXPIRED or (row.state == DraftState.OPEN and row.expires_on < today):
        raise DraftExpired(days=DRAFT_DAYS)
    return row


def get_open_draft_row(draft_id: DraftId | UUID, *, actor: Actor, at: datetime, lock: bool = True) -> Draft:
    """Return the row of one's own draft that can still be changed; for this room only.

    Raises:
        DraftNotFound, DraftExpired: See `get_draft_row`.
        DraftClosed: It was submitted.
    """
    row = get_draft_row(draft_id, actor=actor, at=at, lock=lock)
    if row.state != DraftState.OPEN:
        raise DraftClosed(state=STATE_WORDS[row.state], number=row.case_number)
    return row


def answers_of(row: Draft) -> dict[str, Answer]:
    """Return the answers of a draft, opened; for this room only."""
    return open_answers("draft.answers", row.public_id, row.answers)


def draft_view(row: Draft, answers: Mapping[str, Answer]) -> DraftView:
    """Return the public picture of a draft; for this room only."""
    return DraftView(
        id=row.draft_id,
        item=row.item.to_view(),
        unit=name_unit(row.unit.to_row()),
        party=row.party,
        person=row.person,
        answers=answers,
        rev=row.rev,
        saved_at=row.saved_at,
        expires_on=row.expires_on,
        state=DraftState(row.state),
        case_id=None if row.case_id is None else CaseId(row.case_id),
        case_number=row.case_number,
    )


def get_draft(draft_id: DraftId | UUID, *, actor: Actor, at: datetime) -> DraftView:
    """Return one's own draft; a submitted one has no answers any more but names its case.

    Raises:
        DraftNotFound: No such draft, it was discarded, or it is another party's.
        DraftExpired: Ninety days without a change.
    """
    row = get_draft_row(draft_id, actor=actor, at=at)
    return draft_view(row, answers_of(row))


def get_draft_form(draft_id: DraftId | UUID, *, actor: Actor, at: datetime) -> FormSpec:
    """Return the form in the version the draft was started with, every question of it. Raises like `get_draft`."""
    return form_of_row(get_draft_row(draft_id, actor=actor, at=at).item)


def foresee_draft(draft_id: DraftId | UUID, *, actor: Actor, at: datetime) -> Foreseen:
    """Return the form as it is to be asked now, and what will not do. Raises like `get_draft`."""
    row = get_draft_row(draft_id, actor=actor, at=at)
    return foreseen_of(row, answers_of(row), at=at)[0]


def foreseen_of(row: Draft, answers: Mapping[str, Answer], *, at: datetime) -> tuple[Foreseen, tuple[PaperView, ...]]:
    """Return what a draft comes to as it stands, and its papers; for this room only."""
    return foresee_row(row, answers, files_of(row), on=local_date(at, settings.SHUZHENG.zone))


def list_drafts(actor: Actor, *, at: datetime, limit: int = 20) -> tuple[DraftRow, ...]:
    """Return the open drafts of the party acted for, the last changed first."""
    party = actor.party
    if party is None or actor.is_officer:
        return ()
    rows = (
        Draft.objects.select_related("item")
        .defer("answers", "item__form", "item__materials", "item__guide", "item__licence_fields")
        .filter(
            state=DraftState.OPEN,
            party_id=party.id,
            party_kind=party.kind,
            expires_on__gte=local_date(at, settings.SHUZHENG.zone),
        )
        .order_by("-saved_at")
    )
    if actor.limited_to is not None:
        rows = rows.filter(item__code__in=actor.limited_to)
    return tuple(
        DraftRow(row.draft_id, ItemCode(row.item.code), row.item.name, row.party, row.saved_at, row.expires_on)
        for row in rows[: max(1, min(limit, 100))]
    )


def find_open_draft(item: str, *, actor: Actor, at: datetime) -> DraftRow | None:
    """Return the newest open draft of the party acted for of an item, so that a page can offer to go on with it."""
    return next((row for row in list_drafts(actor, at=at, limit=100) if row.item == item), None)


def files_of(row: Draft) -> dict[int, FileView]:
    """Return the files given with a draft by material; for this room only."""
    given = dict(row.papers.filter(removed_at__isnull=True).values_list("seq", "file_id"))
    files = get_files(FileId(file_id) for file_id in given.values())
    return {seq: files[FileId(file_id)] for seq, file_id in given.items() if FileId(file_id) in files}


def papers_of(row: Draft, *, at: datetime) -> tuple[PaperView, ...]:
    """Return the paper list of a draft; for this room only."""
    return foreseen_of(row, answers_of(row), at=at)[1]


def list_papers(draft_id: DraftId | UUID, *, actor: Actor, at: datetime) -> tuple[PaperView, ...]:
    """Return what papers a draft still needs, and why the others need not be given. Raises like `get_draft`."""
    return papers_of(get_draft_row(draft_id, actor=actor, at=at), at=at)


def get_draft_file(draft_id: DraftId | UUID, seq: int, *, actor: Actor, at: datetime) -> FileView:
    """Return the file given for a material of one's own draft.

    Raises:
        DraftNotFound: No such draft, or nothing was given for this material.
        DraftExpired: Ninety days without a change.
    """
    found = files_of(get_draft_row(draft_id, actor=actor, at=at)).get(seq)
    if found is None:
        raise DraftNotFound
    return found


def problems_of(
    form: FormSpec | None, answers: Mapping[str, Answer], papers: tuple[PaperView, ...]
) -> tuple[FieldProblem | PaperProblem, ...]:
    """Return everything wrong with a draft, step by step, then papers; for this room only. `form`: as it is asked."""
    found: list[FieldProblem | PaperProblem] = []
    for index, section in enumerate(form.sections if form else ()):
        raw = {spec.name: answers[spec.name].typed for spec in section.fields if spec.name in answers}
        _, problems = read_answers(section, raw)
        found += [FieldProblem(p.field, p.label, p.message, index) for p in problems]
    return (*found, *missing_papers(papers))


def check_draft(draft_id: DraftId | UUID, *, actor: Actor, at: datetime) -> tuple[FieldProblem | PaperProblem, ...]:
    """Return everything that still keeps a draft from being submitted; empty when it is ready.

    Raises like `get_draft`.
    """
    row = get_draft_row(draft_id, actor=actor, at=at)
    answers = answers_of(row)
    foreseen, papers = foreseen_of(row, answers, at=at)
    return problems_of(foreseen.form, answers, papers)
