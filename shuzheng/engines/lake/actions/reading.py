"""Read the lake: a query, a tree, an export. One plan, one log, whoever asks by whatever way.

The reader log is written, whole, before the first row is handed out: where it cannot be written nothing is read.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.conf import settings
from django.db import transaction

from shuzheng.base.access.actions import record_bulk_reading, record_whole_reading
from shuzheng.base.access.types import Edition
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.actions.budget import spend
from shuzheng.engines.lake.actions.saving import record_query
from shuzheng.engines.lake.backends.guarded import NAMES_MISFIT, Job, Limits, pool
from shuzheng.engines.lake.errors import ExportTooLarge, QueryRefused
from shuzheng.engines.lake.queries.engines import hash_key
from shuzheng.engines.lake.queries.holding import urn_of
from shuzheng.engines.lake.queries.reading import job_of, plan_of
from shuzheng.engines.lake.queries.tables import get_table, list_tables
from shuzheng.engines.lake.rules.columns import tables_of
from shuzheng.engines.lake.rules.exporting import write_csv
from shuzheng.engines.lake.rules.grouping import SUBJECT
from shuzheng.engines.lake.rules.limiting import vet_tree
from shuzheng.engines.lake.rules.lineage import lineage_of_sql, lineage_of_tree
from shuzheng.engines.lake.rules.naming import unknown_column
from shuzheng.engines.lake.rules.vetting import CATALOG, WITH_SUBJECT, read_query, vet
from shuzheng.engines.lake.rules.workbooks import write_xlsx
from shuzheng.engines.lake.types.lineage import How, Lineage, Origin
from shuzheng.engines.lake.types.reading import AnswerColumn, ExportForm, QueryAnswer, ReadingPlan, Vetted
from shuzheng.engines.lake.types.saving import QueryState
from shuzheng.engines.lake.types.tables import Mask, Table, TableCode
from shuzheng.engines.lake.types.trees import Tree

MOST_ROWS: Final = 10_000
"""Of an answer on a page."""
EXPORT: Final = Limits(rows=1_000_000, bytes=512 << 20, seconds=300.0, memory_mb=2048)
SUBJECTS: Final = Limits(rows=100_000, seconds=60.0)
"""Of the list of those an answer may be about; beyond it the log says that the whole table was read."""


def run_query(
    text: str, *, actor: Actor, purpose: str, at: datetime, limit: int = 1000, grouped: bool = False
) -> QueryAnswer:
    """Return the answer to a reader's query, logged.

    Args:
        text: One SELECT over tables granted to the actor.
        actor: Who asks, in which post.
        purpose: One the grants name, Chinese.
        at: When.
        limit: Rows, at most `MOST_ROWS`.
        grouped: Prefer the view of groups over that of single rows where the actor has both.

    Raises:
        QueryUnreadable, QueryRefused, TableNotFound, GroupsOnly: See `rules.vetting`.
        ReadingPurposeMissing, GrantMissing, NotOfThisUnit, PurposeNotGranted: See `rules.planning`.
        BudgetSpent: The day's queries are used up.
        QueryFailed, QueryTooLong, AnswerTooLarge: It ran and gave no answer.
    """
    limits = _limits(limit)
    vetted, rows, ms = _run(text, actor=actor, purpose=purpose, at=at, grouped=grouped, limits=limits)
    lineage = lineage_of_sql(text, vetted.plan.seen, masks=vetted.plan.masks)
    return _answer(vetted, rows, limits.rows, ms, lineage)


def run_tree(tree: Tree, *, actor: Actor, purpose: str, at: datetime, limit: int = 1000) -> QueryAnswer:
    """Return the rows of a tree as the actor may see them: same plan, same masks, same log as a query.

    Args:
        tree: Over columns the actor sees; the lake's own columns are nobody's to see here.
        actor: Who reads; the platform itself sees everything and is not logged.
        purpose: One the grants name, Chinese.
        at: When.
        limit: Rows, at most `MOST_ROWS`.

    Raises:
        TreeInvalid, GroupsOnly: See `rules.limiting`.
        ReadingPurposeMissing, GrantMissing, NotOfThisUnit, PurposeNotGranted: See `rules.planning`.
    """
    plan = plan_of(actor, map(get_table, sorted(tables_of(tree))), purpose=purpose, at=at)
    vetted = vet_tree(tree, plan, hash_key=hash_key())
    began = monotonic()
    job = job_of(plan, vetted.sql, limits=_limits(limit), vetted=False)
    rows = pool.run(job)
    ms = int((monotonic() - began) * 1000)
    concerned = _concerned(vetted, rows, job)
    with transaction.atomic():
        _log(job, concerned, actor=actor, purpose=purpose, at=at)
        said_of = f"tree {type(tree).__name__}"
        _written(said_of, vetted, rows, limit, ms, actor=actor, purpose=purpose, at=at)
    return _answer(vetted, rows, limit, ms, lineage_of_tree(tree, plan.seen, masks=plan.masks))


def export_query(
    text: str, *, actor: Actor, purpose: str, at: datetime, form: ExportForm = ExportForm.CSV
) -> Iterator[bytes]:
    """Return the answer to a query as a file for a spreadsheet; logged before the first byte.

    As CSV it is UTF-8 with a mark that spreadsheets read, and a text they would take for a formula begins with `'`; in
    a workbook every text is one.

    Raises:
        ExportTooLarge: More rows than may leave at once.
        SheetTooSmall: A workbook does not hold it.
        ShuzhengError: See `run_query`; all raised here, not while the bytes are read.
    """
    vetted, rows, _ms = _run(text, actor=actor, purpose=purpose, at=at, grouped=False, limits=EXPORT)
    if rows.num_rows > EXPORT.rows:
        raise ExportTooLarge(rows=f"{EXPORT.rows:,}")
    write = write_xlsx if form is ExportForm.XLSX else write_csv
    return write(_shown(vetted, rows, EXPORT.rows), zone=ZoneInfo(settings.SHUZHENG.zone))


def make_ready() -> None:
    """Start the processes queries run in, so that the first one need not wait; for when somebody opens the page."""
    pool.warm_up()


def _limits(limit: int) -> Limits:
    return Limits(rows=max(1, min(limit, MOST_ROWS)))


def _run(
    text: str, *, actor: Actor, purpose: str, at: datetime, grouped: bool, limits: Limits
) -> tuple[Vetted, pa.Table, int]:
    named: list[TableCode] = []
    began = monotonic()
    try:
        vetted = _vetted(text, named.extend, actor=actor, purpose=purpose, at=at, grouped=grouped)
        job = job_of(vetted.plan, vetted.sql, limits=limits)
        rows = _answered(text, job)
    except ShuzhengError as refused:
        record_query(
            actor, text=text, purpose=purpose, tables=named, state=QueryState.REFUSED, at=at, refusal=refused.code
        )
        raise
    ms = int((monotonic() - began) * 1000)
    concerned = _concerned(vetted, rows, job)
    with transaction.atomic():
        _log(job, concerned, actor=actor, purpose=purpose, at=at)
        _written(text, vetted, rows, limits.rows, ms, actor=actor, purpose=purpose, at=at)
    return vetted, rows, ms


def _answered(text: str, job: Job) -> pa.Table:
    """Return what the process gives; where the engine knows a name not, say which column that is."""
    try:
        return pool.run(job)
    except QueryRefused as refused:
        if refused.facts["why"] == NAMES_MISFIT and (why := unknown_column(text, job.plan)) is not None:
            raise QueryRefused(why=why) from None
        raise


def _vetted(
    text: str,
    name: Callable[[Iterable[TableCode]], object],
    *,
    actor: Actor,
    purpose: str,
    at: datetime,
    grouped: bool,
) -> Vetted:
    tables = list_tables()
    query = read_query(text, tables)
    name(query.tables)
    read: list[Table] = [tables[code] for code in query.tables]
    plan = plan_of(actor, read, purpose=purpose, at=at, grouped=grouped)
    vetted = vet(query, plan)
    spend(actor, tables=read, at=at, in_groups=bool(plan.least_group))
    return vetted


def _concerned(vetted: Vetted, rows: pa.Table, job: Job) -> Mapping[TableCode, frozenset[bytes] | None]:
    """Return, by table, the keys of those a row is about, else of those the answer may tell of; None: too many to name.

    Asked of the versions the answer was read from. It may ask the engine, so it comes before the transaction: nothing
    waits for a lock meanwhile.
    """
    if vetted.plan.reader.system:
        return {}
    found: dict[TableCode, frozenset[bytes] | None] = {}
    for name, code in vetted.subjects:
        found[code] = (found.get(code) or frozenset()) | _keys(rows.column(name))
    for code in vetted.about:
        sql = f'SELECT DISTINCT "{SUBJECT}" FROM "{CATALOG}"."main"."{WITH_SUBJECT}{code}"'  # noqa: S608 - our names
        told = pool.run(replace(job, sql=sql, limits=SUBJECTS, vetted=False))
        found[code] = None if told.num_rows > SUBJECTS.rows else _keys(told.column(0))
    return found


def _log(
    job: Job,
    concerned: Mapping[TableCode, frozenset[bytes] | None],
    *,
    actor: Actor,
    purpose: str,
    at: datetime,
) -> None:
    """Write the reader log, inside the caller's transaction."""
    for code, keys in concerned.items():
        table = job.plan.tables[code].table
        if table.subject_kind is None:
            continue
        what = f"数据湖查询：{table.label}"
        if keys is None:
            record_whole_reading(
                actor,
                subject_kind=table.subject_kind,
                edition=Edition(urn_of(code), job.versions[code]),
                what=what,
                purpose=purpose,
                at=at,
            )
        else:
            record_bulk_reading(
                actor,
                subject_kind=table.subject_kind,
                subject_keys=keys,
                resource=urn_of(code),
                what=what,
                purpose=purpose,
                at=at,
            )


def _keys(column: pa.ChunkedArray) -> frozenset[bytes]:
    return frozenset(bytes.fromhex(one) for one in column.unique().to_pylist() if one is not None)


def _written(
    text: str, vetted: Vetted, rows: pa.Table, limit: int, ms: int, *, actor: Actor, purpose: str, at: datetime
) -> None:
    record_query(
        actor,
        text=text,
        purpose=purpose,
        tables=vetted.plan.tables,
        state=QueryState.OK,
        at=at,
        rows=min(rows.num_rows, limit),
        ms=ms,
    )


def _shown(vetted: Vetted, rows: pa.Table, limit: int) -> pa.Table:
    """Return the rows that leave: without the subjects they carry."""
    own = {name for name, _code in vetted.subjects}
    places = [place for place, name in enumerate(rows.column_names) if name not in own]
    return rows.select(places).slice(0, limit)


def _answer(vetted: Vetted, rows: pa.Table, limit: int, ms: int, lineage: Lineage) -> QueryAnswer:
    kept = _shown(vetted, rows, limit)
    followed = lineage.exact and len(lineage.outputs) == kept.num_columns
    columns = tuple(
        _column(vetted.plan, field, lineage.outputs[place].origins if followed else ())
        for place, field in enumerate(kept.schema)
    )
    least = vetted.plan.least_group
    notes = (said("少于 {least} 人的分组不显示", least=least),) if least else ()
    return QueryAnswer(columns, kept, rows.num_rows > limit, ms, notes, lineage)


def _column(plan: ReadingPlan, field: pa.Field, origins: tuple[Origin, ...]) -> AnswerColumn:
    """Return a column of an answer, named after the table's where it is one."""
    sources = tuple(one.source.name for one in origins)
    if len(origins) != 1 or origins[0].how not in {How.AS_IS, How.MASKED}:
        return AnswerColumn(field.name, field.name, str(field.type), Mask.NONE, sources)
    table, name = origins[0].source.table, origins[0].source.column
    seen = plan.tables[table]
    label, mask = seen.table.by_name[name].label, seen.masks.get(name, Mask.NONE)
    return AnswerColumn(field.name, label, str(field.type), mask, sources)
