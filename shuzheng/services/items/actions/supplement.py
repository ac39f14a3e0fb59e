"""Answering a supplement request (补正)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from shuzheng.base.files.actions import store_upload
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Actor
from shuzheng.base.ledger.actions import record
from shuzheng.engines.cases.actions import complete_task
from shuzheng.engines.cases.queries import get_case, get_history
from shuzheng.engines.cases.types import CaseView, TaskInput, TaskView
from shuzheng.services.items.errors import NoteTooLong, NothingAsked, NotYourTask, SupplementEmpty
from shuzheng.services.items.models import Application, ApplicationPaper, Supplement
from shuzheng.services.items.queries.applications import (
    check_materials,
    get_application_row,
    last_request,
    material_names,
)
from shuzheng.services.items.queries.sealing import seal_bytes
from shuzheng.services.items.types import Upload

NOTE_LIMIT: Final = 500


@transaction.atomic
def supplement_case(
    case_number: str, files: Mapping[int, Upload], *, note: str = "", command_id: UUID, actor: Actor, at: datetime
) -> CaseView:
    """Give the materials that were asked for, or say why not, and hand the case back.

    Args:
        case_number: One's own case.
        files: By material; every asked one, unless a note explains what is missing.
        note: Explanation, at most 500 characters; stored sealed.
        command_id: Made with the page; the same one again changes nothing and gives the case.
        actor: The applicant.
        at: When.

    Raises:
        NothingToSee: Not this actor's case.
        NotYourTask: An officer, who cannot answer for the applicant.
        NothingAsked: No supplement is due, or it was given already.
        SupplementEmpty, NoteTooLong, MaterialNotFound: What was sent is not enough or too much.
        FileTooLarge, FileEmpty, FileKindRefused: A file is refused; nothing was kept.
    """
    case = get_case(case_number, actor=actor)
    row = Application.objects.select_for_update().get(pk=get_application_row(case.id).pk)
    if actor.is_officer or actor.party is None or actor.party.id != row.party_id:
        raise NotYourTask
    if row.supplements.filter(command_id=command_id).exists():
        return get_case(case_number, actor=actor)
    case = get_case(case_number, actor=actor)
    task = find_applicant_task(case)
    if task is None:
        raise NothingAsked
    note = note.strip()
    if len(note) > NOTE_LIMIT:
        raise NoteTooLong(limit=NOTE_LIMIT, length=len(note))
    asked = last_request(get_history(case.id))
    _check_enough(row, asked.papers if asked else (), files, note)
    _keep(row, files, actor, at)
    sealed = seal_bytes("supplement.note", command_id, note.encode())
    Supplement.objects.create(application=row, command_id=command_id, note=sealed, at=at)
    given = TaskInput(note=_summary(row, files, note))
    record(
        "items.supplemented",
        f"urn:shuzheng:application:{row.public_id}",
        actor=actor,
        at=at,
        content={"papers": sorted(files), "note": note},
        related=[case.urn],
    )
    return complete_task(case.id, task.n, task.outcomes[0].id, given=given, command_id=command_id, actor=actor, at=at)


def _summary(row: Application, files: Mapping[int, Upload], note: str) -> str:
    names = material_names(row)
    given = "补交：" + "、".join(names[seq] for seq in sorted(files)) if files else ""
    return "；".join(filter(None, (given, "另附说明" if note else "")))


def find_applicant_task(case: CaseView) -> TaskView | None:
    """Return what the applicant must do now, None when nothing."""
    return next((task for task in case.tasks if task.org is None and task.outcomes), None)


def _check_enough(row: Application, asked: tuple[int, ...], files: Mapping[int, Upload], note: str) -> None:
    check_materials(row, list(files))
    names = material_names(row)
    missing = [names.get(seq, str(seq)) for seq in asked if seq not in files]
    if (missing or not files) and not note:
        raise SupplementEmpty(names="、".join(missing) or said("请上传材料或写明情况"))


def _keep(row: Application, files: Mapping[int, Upload], actor: Actor, at: datetime) -> None:
    for seq, upload in files.items():
        file = store_upload(upload.content, name=upload.name, owner=row.party, actor=actor, at=at)
        ApplicationPaper.objects.create(application=row, seq=seq, file_id=file.id, given_at=at)
