"""Papers are used while their draft or case is open; the period begins when it is over."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest

from shuzheng.base.files.types import FileUse
from shuzheng.base.kernel.types import FileId
from shuzheng.engines.cases.actions import withdraw_case
from shuzheng.services.items import actions
from shuzheng.services.items.models import ApplicationPaper, DraftPaper
from shuzheng.services.items.queries.file_uses import file_uses
from tests.items.city import AT, PDF, fill, for_firm, start, submitted

LATER = AT + timedelta(days=3)


def file_ids() -> list[FileId]:
    return [FileId(row.file_id) for row in DraftPaper.objects.order_by("pk")]


@pytest.mark.usefixtures("city")
def test_a_paper_of_an_open_draft_is_in_use() -> None:
    fill(start())
    assert file_uses(file_ids()) == {file: FileUse("draft", None) for file in file_ids()}


@pytest.mark.usefixtures("city")
def test_a_paper_that_was_replaced_is_over_at_that_moment() -> None:
    draft = fill(start())
    actions.attach_paper(draft.id, 6, BytesIO(PDF), "新的.pdf", actor=for_firm(), at=LATER)
    uses = file_uses(file_ids())
    assert sorted(use.ended_at == LATER for use in uses.values()) == [False, False, True]


@pytest.mark.usefixtures("city")
def test_a_discarded_draft_sets_its_papers_free() -> None:
    draft = fill(start())
    actions.discard_draft(draft.id, actor=for_firm(), at=LATER)
    assert all(use.kind == "draft" and use.ended_at for use in file_uses(file_ids()).values())


@pytest.mark.usefixtures("city")
def test_a_paper_of_an_application_is_in_use_until_the_case_is_closed() -> None:
    case = submitted()
    files = [FileId(row.file_id) for row in ApplicationPaper.objects.all()]
    assert file_uses(files) == {file: FileUse("application", None) for file in files}
    withdraw_case(case.id, reason="不办了", command_id=uuid4(), actor=for_firm(), at=LATER)
    assert file_uses(files) == {file: FileUse("application", LATER) for file in files}


@pytest.mark.usefixtures("city")
def test_a_file_that_is_no_paper_has_no_use_here() -> None:
    assert file_uses([FileId(UUID(int=1))]) == {}
