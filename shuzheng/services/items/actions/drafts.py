"""Filling in: start, save, attach, discard. Nothing typed is lost, right or wrong."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from shuzheng.base.directory.queries import check_may_act
from shuzheng.base.files.actions import store_upload
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor, DraftId, ItemCode, Party, PersonId
from shuzheng.base.ledger.actions import record
from shuzheng.base.notices.actions import send_notices
from shuzheng.services.items.errors import (
    ApplicantWrong,
    Difference,
    DraftChanged,
    MaterialNotFound,
    OfficerMayNotApply,
    SectionNotFound,
    UnitNotFound,
)
from shuzheng.services.items.models import Draft, DraftPaper, Item
from shuzheng.services.items.queries.catalogue import (
    form_of_row,
    get_item_row,
    get_unit_row,
    materials_of_row,
)
from shuzheng.services.items.queries.drafts import (
    answers_of,
    draft_view,
    foreseen_of,
    get_draft_row,
    get_open_draft_row,
    papers_of,
    problems_of,
)
from shuzheng.services.items.queries.known import known_for
from shuzheng.services.items.queries.sealing import seal_answers
from shuzheng.services.items.rules import wording
from shuzheng.services.items.rules.prefill import prefill, same_answer, take_answer
from shuzheng.services.items.rules.reading import TYPED_LIMIT, read_answers
from shuzheng.services.items.types import (
    DRAFT_DAYS,
    Answer,
    Applicant,
    DraftState,
    DraftView,
    FieldProblem,
    FieldSpec,
    FieldType,
    Foreseen,
    PaperView,
    SectionSpec,
)

TYPED_MOST = 100
"""Values of one field that are kept: no form offers as many choices."""
WARN_DAYS = (1, 7)
"""Days before a draft expires on which its writer is told, the nearer first."""


def _today(at: datetime) -> date:
    return local_date(at, settings.SHUZHENG.zone)


def check_may_apply(item: Item, actor: Actor, *, at: datetime) -> Party:
    """Return for whom the actor applies; asked when an application begins, and again when it is submitted.

    Raises:
        MandateDoesNotCover: The actor may not, or no longer, act in this item for whom they act for.
        OfficerMayNotApply: The actor stands in a post.
        ApplicantWrong: A firm's item as a person, or the reverse.
    """
    party = actor.party
    if actor.is_officer or party is None or actor.person is None:
        raise OfficerMayNotApply
    if item.applicant not in (Applicant.BOTH, party.kind):
        who = "企业和个体工商户" if item.applicant == Applicant.FIRM else "个人"
        raise ApplicantWrong(item=item.name, who=who)
    check_may_act(actor, item=ItemCode(item.code), at=at)
    return party


def start_draft(item: str, unit_code: str, *, actor: Actor, at: datetime, command_id: UUID | None = None) -> DraftView:
    """Start an application and fill in what the platform knows, each answer with its source.

    Args:
        item: Basic code of an item in force.
        unit_code: Implementing item, 31 characters.
        actor: The applicant, or the legal representative acting for a firm.
        at: When.
        command_id: The same one twice starts one draft; None starts another each time.

    Raises:
        ItemNotFound, UnitNotFound, FormNotFound: There is no such thing to apply for.
        OfficerMayNotApply, ApplicantWrong: Not for this actor.
        DraftNotFound: The command started somebody else's.
    """
    if command_id is not None and (started := _started(command_id, actor=actor, at=at)):
        return started
    try:
        return _start(item, unit_code, actor=actor, at=at, draft_id=command_id or new_id(at))
    except IntegrityError:  # the same command at the same moment
        if command_id is not None and (started := _started(command_id, actor=actor, at=at)):
            return started
        raise


def _started(command_id: UUID, *, actor: Actor, at: datetime) -> DraftView | None:
    if not Draft.objects.filter(public_id=command_id).exists():
        return None
    row = get_draft_row(command_id, actor=actor, at=at)
    return draft_view(row, answers_of(row))


@transaction.atomic
def _start(item: str, unit_code: str, *, actor: Actor, at: datetime, draft_id: UUID) -> DraftView:
    row = get_item_row(item)
    unit = get_unit_row(unit_code)
    if unit.item_code != row.code:
        raise UnitNotFound
    party = check_may_apply(row, actor, at=at)
    if actor.person is None:
        raise OfficerMayNotApply
    form = form_of_row(row)
    rules, known = known_for(form, party, on=_today(at))
    answers = prefill(form, rules, known)
    draft = Draft.objects.create(
        public_id=draft_id,
        item=row,
        unit=unit,
        party_kind=party.kind,
        party_id=party.id,
        party_name=party.name,
        person_id=actor.person,
        answers=seal_answers("draft.answers", draft_id, answers),
        started_at=at,
        saved_at=at,
        expires_on=_today(at) + timedelta(days=DRAFT_DAYS),
    )
    sources = sorted({a.source.record for a in answers.values() if a.source is not None})
    record(
        "items.draft_started",
        f"urn:shuzheng:draft:{draft_id}",
        actor=actor,
        at=at,
        content={"item": row.code, "version": row.version, "unit": unit.code},
        related=[party.urn, *sources],
    )
    return draft_view(draft, answers)


@transaction.atomic
def save_section(
    draft_id: DraftId | UUID,
    section_index: int,
    raw: Mapping[str, Sequence[str]],
    *,
    actor: Actor,
    at: datetime,
    expected_rev: int | None = None,
) -> tuple[DraftView, tuple[FieldProblem, ...], Foreseen]:
    """Save one step of the form: what is right as a value, what is wrong as it was typed.

    Args:
        draft_id: One's own open draft.
        section_index: Step, from 0.
        raw: Typed texts by field name; a field that is not sent is saved as empty.
        actor: The applicant.
        at: When; the draft is kept for ninety days from now.
        expected_rev: Revision the page was shown with. When the draft moved on since, only fields that nobody else
            changed are taken; if any differs, nothing is saved and both texts come back.

    Returns:
        The draft, what is wrong with this step, and what the draft comes to now.

    Raises:
        DraftNotFound, DraftExpired, DraftClosed: It cannot be changed.
        SectionNotFound: The form has no such step.
        DraftChanged: Saved in another tab with other content.
    """
    row = get_open_draft_row(draft_id, actor=actor, at=at)
    form = form_of_row(row.item)
    if not 0 <= section_index < len(form.sections):
        raise SectionNotFound
    section = form.sections[section_index]
    answers = answers_of(row)
    kept = {name: tuple(text[:TYPED_LIMIT] for text in texts[:TYPED_MOST]) for name, texts in raw.items()}
    values, _ = read_answers(section, kept)
    taken = {
        spec.name: take_answer(answers.get(spec.name), values.get(spec.name), kept.get(spec.name, ()), rev=row.rev + 1)
        for spec in section.fields
        if spec.type is not FieldType.FILE
    }
    changed = {name: answer for name, answer in taken.items() if not same_answer(answers.get(name), answer)}
    if expected_rev is not None:
        _check_unchanged(section, answers, changed, expected_rev, row.rev)
    answers |= changed
    _save(row, answers, at=at, moved=bool(changed))
    foreseen = foreseen_of(row, answers, at=at)[0]
    wrong = problems_of(foreseen.form, answers, ())
    here = tuple(p for p in wrong if isinstance(p, FieldProblem) and p.section == section_index)
    return draft_view(row, answers), here, foreseen


def _check_unchanged(
    section: SectionSpec, saved: Mapping[str, Answer], mine: Mapping[str, Answer], expected: int, rev: int
) -> None:
    def differs(spec: FieldSpec) -> bool:
        return spec.name in mine and spec.name in saved and saved[spec.name].rev > expected

    differences = tuple(
        Difference(spec.name, spec.label, mine[spec.name].typed, saved[spec.name].typed)
        for spec in section.fields
        if differs(spec)
    )
    if differences:
        raise DraftChanged(differences, rev=rev)


def _save(row: Draft, answers: Mapping[str, Answer], *, at: datetime, moved: bool) -> None:
    row.answers = seal_answers("draft.answers", row.public_id, answers)
    row.rev += int(moved)
    row.saved_at = at
    row.expires_on = _today(at) + timedelta(days=DRAFT_DAYS)
    row.save(update_fields=["answers", "rev", "saved_at", "expires_on"])


@transaction.atomic
def attach_paper(
    draft_id: DraftId | UUID, seq: int, content: BinaryIO, name: str, *, actor: Actor, at: datetime
) -> tuple[PaperView, ...]:
    """Give a file for a material; it replaces the one given before. Returns the paper list.

    Raises:
        DraftNotFound, DraftExpired, DraftClosed: The draft cannot be changed.
        MaterialNotFound: The item has no such material.
        FileTooLarge, FileEmpty, FileKindRefused: See `files.actions.store_upload`.
    """
    row = get_open_draft_row(draft_id, actor=actor, at=at)
    if seq not in {material.seq for material in materials_of_row(row.item)}:
        raise MaterialNotFound(seq=seq)
    file = store_upload(content, name=name, owner=row.party, actor=actor, at=at)
    row.papers.filter(seq=seq, removed_at__isnull=True).update(removed_at=at)
    DraftPaper.objects.create(draft=row, seq=seq, file_id=file.id, given_at=at)
    _touch(row, at)
    record(
        "items.paper_attached",
        f"urn:shuzheng:draft:{row.public_id}",
        actor=actor,
        at=at,
        content={"seq": seq, "sha256": file.sha256},
        related=[f"urn:shuzheng:file:{file.id}"],
    )
    return papers_of(row, at=at)


@transaction.atomic
def remove_paper(draft_id: DraftId | UUID, seq: int, *, actor: Actor, at: datetime) -> tuple[PaperView, ...]:
    """Take back the file given for a material; nothing happens when there is none. Returns the paper list.

    Raises:
        DraftNotFound, DraftExpired, DraftClosed: The draft cannot be changed.
    """
    row = get_open_draft_row(draft_id, actor=actor, at=at)
    if row.papers.filter(seq=seq, removed_at__isnull=True).update(removed_at=at):
        _touch(row, at)
        subject = f"urn:shuzheng:draft:{row.public_id}"
        record("items.paper_removed", subject, actor=actor, at=at, content={"seq": seq})
    return papers_of(row, at=at)


def _touch(row: Draft, at: datetime) -> None:
    row.saved_at = at
    row.expires_on = _today(at) + timedelta(days=DRAFT_DAYS)
    row.save(update_fields=["saved_at", "expires_on"])


@transaction.atomic
def discard_draft(draft_id: DraftId | UUID, *, actor: Actor, at: datetime) -> None:
    """Delete a draft: its answers are wiped at once. Twice is the same as once for the one who deleted it.

    Raises:
        DraftNotFound, DraftExpired, DraftClosed: It cannot be deleted.
    """
    row = get_open_draft_row(draft_id, actor=actor, at=at)
    row.state = DraftState.DISCARDED
    row.answers = b""
    row.save(update_fields=["state", "answers"])
    row.papers.filter(removed_at__isnull=True).update(removed_at=at)
    record("items.draft_discarded", f"urn:shuzheng:draft:{row.public_id}", actor=actor, at=at)


def purge_expired(at: datetime) -> None:
    """Wipe the answers of drafts nobody changed for ninety days; run daily by the schedule."""
    rows = Draft.objects.filter(state=DraftState.OPEN, expires_on__lt=_today(at))
    rows.update(state=DraftState.EXPIRED, answers=b"")


def warn_expiring(at: datetime) -> None:
    """Tell writers of drafts that expire within seven days, and again on the last; run daily by the schedule.

    One notice a person, day of expiry and warning, however often it runs; a run that was missed is made up for.
    """
    today = _today(at)
    rows = Draft.objects.filter(
        state=DraftState.OPEN, expires_on__gte=today, expires_on__lte=today + timedelta(WARN_DAYS[-1])
    )
    people: dict[tuple[date, int], set[UUID]] = defaultdict(set)
    for expires_on, person in rows.values_list("expires_on", "person_id"):
        days = next(days for days in WARN_DAYS if expires_on <= today + timedelta(days))
        people[expires_on, days].add(person)
    for (expires_on, days), found in sorted(people.items()):
        telling = wording.tell_draft_expiring(expires_on=expires_on, days=days, kept_days=DRAFT_DAYS, today=today)
        send_notices(
            [PersonId(person) for person in sorted(found)],
            kind="draft",
            title=telling.title,
            body=telling.body,
            link=telling.link,
            key=telling.key,
            at=at,
        )
