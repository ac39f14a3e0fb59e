"""A list as a file for a spreadsheet: masked, and no cell a formula."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import StringIO
from typing import Final

from shuzheng.base.kernel.mask import mask_name
from shuzheng.base.kernel.spreadsheet import plain_cell
from shuzheng.base.kernel.types import OrgId, Party, PartyKind
from shuzheng.engines.cases.types import RESULT_LABELS, STATE_LABELS, CaseView, InboxRow

ROWS_MAX: Final = 2000
BOM: Final = "\ufeff"
"""Without it a spreadsheet program takes the file for another encoding."""
OPEN_HEAD: Final = ("到期", "编号", "事项", "申请人", "环节", "承办单位", "处理人", "状态")
DECIDED_HEAD: Final = ("办结日期", "编号", "事项", "申请人", "结果", "提交日期", "决定单位")


def open_cells(rows: Iterable[InboxRow], units: Mapping[OrgId, str]) -> list[Sequence[str]]:
    """Return the cells of open tasks."""
    return [
        (
            row.due_on.isoformat() if row.due_on else "",
            row.number,
            row.title,
            mask_party(row.applicant),
            row.task_name,
            units.get(row.org, "") if row.org else "",
            row.assignee_name,
            STATE_LABELS[row.state],
        )
        for row in rows
    ]


def decided_cells(
    cases: Iterable[CaseView], units: Mapping[OrgId, str], day_of: Mapping[str, tuple[date, date]]
) -> list[Sequence[str]]:
    """Return the cells of decided cases; `day_of` gives local days of submission and decision by number."""
    return [
        (
            day_of[case.number][1].isoformat(),
            case.number,
            case.title,
            mask_party(case.applicant),
            RESULT_LABELS.get(case.result, ""),
            day_of[case.number][0].isoformat(),
            units.get(case.parts.get("decider", OrgId("")), ""),
        )
        for case in cases
    ]


def mask_party(party: Party | None) -> str:
    """Return a person's name masked; a firm's is public."""
    if party is None:
        return ""
    return mask_name(party.name) if party.kind is PartyKind.PERSON else party.name


def write_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV file in UTF-8 that spreadsheet programs open, no cell of which is taken for a formula."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([plain_cell(cell) for cell in row] for row in rows)
    return (BOM + out.getvalue()).encode()
