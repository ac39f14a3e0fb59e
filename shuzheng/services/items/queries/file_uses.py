"""What files are used for here: papers of drafts and of applications; retention begins when that is over."""

from collections.abc import Collection
from datetime import datetime

from shuzheng.base.files.types import FileUse
from shuzheng.base.kernel.types import CaseId, FileId
from shuzheng.engines.cases.queries import get_case_by_id
from shuzheng.services.items.models import ApplicationPaper, DraftPaper
from shuzheng.services.items.types import DraftState

APPLICATION, DRAFT = "application", "draft"


def file_uses(files: Collection[FileId]) -> dict[FileId, FileUse]:
    """Return the use of those of the files that are papers here.

    A paper of an application is used until its case is closed; one of a draft until the draft is over or the paper was
    taken out. A file that came from a draft into an application is the application's.
    """
    found = {row.file_id: FileUse(DRAFT, _end_of(row)) for row in _draft_papers(files)}
    closed: dict[CaseId, datetime | None] = {}
    for row in ApplicationPaper.objects.filter(file_id__in=list(files)).select_related("application"):
        case_id = CaseId(row.application.case_id)
        if case_id not in closed:
            closed[case_id] = get_case_by_id(case_id).closed_at
        found[row.file_id] = FileUse(APPLICATION, closed[case_id])
    return {FileId(file_id): use for file_id, use in found.items()}


def _draft_papers(files: Collection[FileId]) -> list[DraftPaper]:
    return list(DraftPaper.objects.filter(file_id__in=list(files)).select_related("draft").order_by("pk"))


def _end_of(row: DraftPaper) -> datetime | None:
    if row.removed_at is not None:
        return row.removed_at
    return None if row.draft.state == DraftState.OPEN else row.draft.saved_at
