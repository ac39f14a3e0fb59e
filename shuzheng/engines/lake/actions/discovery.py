"""Looking through a table for what should be graded higher, and the decisions of persons on it.

The looking is in the process, on DuckDB, also where a cluster is set: what a value is (check digits, surnames, months)
Python tells, value by value, and no tree does; and the 20,000 rows it looks at stay on this machine.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.said import dump_said
from shuzheng.base.kernel.types import Actor, JsonObject, PartyKind
from shuzheng.base.ledger.actions import record
from shuzheng.engines.lake.actions.sealing import ask_sealing
from shuzheng.engines.lake.backends.duckdb import Means
from shuzheng.engines.lake.backends.sampling import sample
from shuzheng.engines.lake.errors import (
    AnswerMissing,
    KeyNotSealed,
    ProposalDecided,
    ProposalNotFound,
    ProposalOutdated,
)
from shuzheng.engines.lake.models import GradeOverride, Proposal
from shuzheng.engines.lake.queries.discovery import bodies_of, check_may_decide, view_of
from shuzheng.engines.lake.queries.engines import open_embedded
from shuzheng.engines.lake.queries.tables import find_table, get_table, store
from shuzheng.engines.lake.rules.discovery.grading import is_enough, strictest
from shuzheng.engines.lake.rules.discovery.looking import look
from shuzheng.engines.lake.rules.grading import check_may_confirm
from shuzheng.engines.lake.types.discovery import DiscoveryReport, Finding, Grading, ProposalState, ProposalView
from shuzheng.engines.lake.types.tables import GRADES, Column, Grade, Mask, Table

_LONGEST: Final = 500
_MEANS: Final = Means(memory="1GB")
Progress = Callable[[int, int], object]
"""Told columns done and columns in all."""


def in_silence(done: int, total: int) -> None:
    """Tell nobody how far it is."""


def discover(table_code: str, *, actor: Actor, at: datetime, progress: Progress = in_silence) -> DiscoveryReport:
    """Look through a sample of a stored table and write down what should be graded higher.

    Looking again changes nothing where nothing changed; what a person declined is not proposed again.

    Args:
        table_code: Which table.
        actor: The system, a data steward of the table's body, or a data authority over it.
        at: When; nobody is born later.
        progress: Told how far it is.

    Raises:
        TableNotFound: There is no such table.
        GradingNotYours: The actor may not.
    """
    table = get_table(table_code)
    check_may_decide(table, actor)
    found_version = store().version(table.code)
    sealed = tuple(column.name for column in table.columns if column.sealed)
    if found_version is None:
        return DiscoveryReport(table.code, None, 0, skipped=sealed)
    open_columns = [column for column in table.columns if not column.sealed]
    rows, findings = _look(table, open_columns, at, progress)
    fitting, silent, wanted = _sorted(open_columns, findings, table.subject_kind)
    made = _write(table, wanted, version=found_version.number, actor=actor, at=at)
    views = tuple(view_of(row, table) for row in made)
    return DiscoveryReport(table.code, found_version.number, rows, views, tuple(fitting), sealed, tuple(silent))


def _look(
    table: Table, columns: Sequence[Column], at: datetime, progress: Progress
) -> tuple[int, Mapping[str, tuple[Finding, ...]]]:
    today = local_date(at, settings.SHUZHENG.zone)
    engine = open_embedded({table.code: table}, means=_MEANS)
    try:
        samples = sample(engine, table.code, [column.name for column in columns])
    finally:
        engine.close()
    found: dict[str, tuple[Finding, ...]] = {}
    for done, column in enumerate(columns, 1):
        found[column.name] = look(column, samples[column.name], today=today)
        progress(done, len(columns))
    rows = max((one.rows + one.empty for one in samples.values()), default=0)
    return rows, found


def _sorted(
    columns: Sequence[Column], findings: Mapping[str, tuple[Finding, ...]], about: PartyKind | None
) -> tuple[list[str], list[str], dict[str, tuple[Finding, Grading]]]:
    """Return columns graded well enough, those in which nothing was found, and what to propose for the others."""
    fitting, silent = [], []
    wanted: dict[str, tuple[Finding, Grading]] = {}
    for column in columns:
        chosen = strictest(findings[column.name], column, about)
        if chosen is None:
            silent.append(column.name)
        elif is_enough(column, chosen[1]):
            fitting.append(column.name)
        else:
            wanted[column.name] = chosen
    return fitting, silent, wanted


@transaction.atomic
def _write(
    table: Table, wanted: Mapping[str, tuple[Finding, Grading]], *, version: int, actor: Actor, at: datetime
) -> list[Proposal]:
    held = list(Proposal.objects.select_for_update().filter(table=table.code))
    waiting = {row.column: row for row in held if row.state == ProposalState.OPEN}
    declined = {_gist(row) for row in held if row.state == ProposalState.DECLINED}
    made: list[Proposal] = []
    for column, (finding, grading) in wanted.items():
        row = _proposal(table, column, finding, grading, version, at)
        before = waiting.pop(column, None)
        if before is not None and _gist(before) == _gist(row):
            continue
        if before is not None:
            waiting[column] = before
        if _gist(row) not in declined:
            made.append(row)
    over = [row.pk for row in waiting.values()]
    Proposal.objects.filter(pk__in=over).update(state=ProposalState.REPLACED, decided_at=at)
    for row in made:
        row.save()
    content: JsonObject = {
        "version": version,
        "proposed": [f"{row.column} {row.found} {row.grade} {row.mask}" for row in made],
        "replaced": sorted(row.column for row in waiting.values()),
    }
    record("lake.discovered", _urn(table), actor=actor, at=at, content=content)
    return made


def _gist(row: Proposal) -> tuple[str, str, str, str]:
    return row.column, row.found, row.grade, row.mask


def _proposal(table: Table, column: str, finding: Finding, grading: Grading, version: int, at: datetime) -> Proposal:
    return Proposal(
        table=table.code,
        column=column,
        found=finding.found,
        confidence=finding.confidence,
        share=round(finding.evidence.share, 4),
        evidence={name: float(value) for name, value in asdict(finding.evidence).items()},
        grade=grading.grade,
        mask=grading.mask,
        reason=dump_said(grading.reason),
        state=ProposalState.OPEN,
        version=version,
        at=at,
    )


@transaction.atomic
def confirm_proposal(proposal_id: int, *, actor: Actor, at: datetime) -> ProposalView:
    """Grade and mask the column as proposed, from now on, over whatever the pack says.

    A column graded L4 is masked as such at once; where the table holds rows, the lake's loop writes it anew, sealed
    (`actions.sealing`). Confirming again before that is over sets it going again, and is refused afterwards.

    Args:
        proposal_id: Which proposal.
        actor: A data steward of the table's body, or a data authority over it.
        at: When.

    Raises:
        ProposalNotFound, ProposalDecided: There is none, or none that waits.
        ProposalOutdated: The column is gone, or graded as high by now.
        GradingNotYours: The actor may not.
        KeyNotSealed: L4 for a column that names rows.
    """
    row, table = _found(proposal_id, actor)
    if row.state == ProposalState.CONFIRMED and ask_sealing(table, actor=actor, at=at):
        return view_of(row, table)
    _check_open(row)
    column = table.by_name.get(row.column)
    grading = Grading(Grade(row.grade), Mask(row.mask), "")
    if column is None or is_enough(column, grading) or GRADES.index(column.grade) > GRADES.index(grading.grade):
        raise ProposalOutdated(table=table.code, column=row.column)
    if grading.grade is Grade.L4 and column.key:
        raise KeyNotSealed(column=column.label)
    GradeOverride.objects.update_or_create(
        table=table.code,
        column=row.column,
        defaults={"grade": row.grade, "mask": row.mask, "proposal": row, "at": at},
    )
    ask_sealing(get_table(table.code), actor=actor, at=at)
    return _decide(row, ProposalState.CONFIRMED, "", actor=actor, at=at)


@transaction.atomic
def decline_proposal(proposal_id: int, reason: str, *, actor: Actor, at: datetime) -> ProposalView:
    """Leave the column as it is; the same is not proposed again.

    Args:
        proposal_id: Which proposal.
        reason: Why, at most 500 characters.
        actor: See `confirm_proposal`.
        at: When.

    Raises:
        AnswerMissing: No reason, or a long one.
        ProposalNotFound, ProposalDecided, GradingNotYours: See `confirm_proposal`.
    """
    if not 0 < len(reason.strip()) <= _LONGEST:
        raise AnswerMissing
    row, _ = _found(proposal_id, actor)
    _check_open(row)
    return _decide(row, ProposalState.DECLINED, reason.strip(), actor=actor, at=at)


def _found(proposal_id: int, actor: Actor) -> tuple[Proposal, Table]:
    row = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    if row is None:
        raise ProposalNotFound
    table = find_table(row.table)
    if table is None:
        raise ProposalOutdated(table=row.table, column=row.column)
    office, owner = bodies_of(table, actor)
    check_may_confirm(actor, office=office, owner=owner)
    return row, table


def _check_open(row: Proposal) -> None:
    if row.state != ProposalState.OPEN:
        raise ProposalDecided


def _decide(row: Proposal, state: ProposalState, answer: str, *, actor: Actor, at: datetime) -> ProposalView:
    row.state, row.answer, row.decided_at = state, answer, at
    row.by, row.by_name = actor.person, actor.signature
    row.save(update_fields=["state", "answer", "decided_at", "by", "by_name"])
    table = get_table(row.table)
    content: JsonObject = {
        "column": row.column,
        "found": row.found,
        "grade": row.grade,
        "mask": row.mask,
        "proposal": row.pk,
    }
    record(f"lake.grade_{state}", _urn(table), actor=actor, at=at, content=content)
    return view_of(row, table)


def _urn(table: Table) -> str:
    return f"urn:shuzheng:lake:table:{table.code}"
