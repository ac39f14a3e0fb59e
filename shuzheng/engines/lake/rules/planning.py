"""Who sees what: from the grants of tables and a reader to one plan, which every path goes by.

Of the entries of a table those count whose role the reader holds, whose department is the reader's own or above it
(where the entry says `own`), and that name the purpose. What they give is added up row by row and cell by cell:

- a row is seen where one of them holds it;
- a cell is as open as the most open entry *that holds this row and has this column* leaves it, else NULL.

So rows of one entry are never shown with columns of another that does not hold them. What the sum can do, and is meant
to, is put side by side two cells of one row that two entries show each alone.

Entries with a small-group limit give no single rows. Where an entry without one fits too, single rows of it are what
is seen; the larger view of groups is asked for by `grouped`, and then every entry counts, under the strictest limit.

The reader's organization and division, and the day, are put into row conditions as constants before any row is read:
a condition that had to look them up would be a join, and engines evaluate a query's own conditions before a join's.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from shuzheng.engines.lake.errors import GrantMissing, NotOfThisUnit, PurposeNotGranted, ReadingPurposeMissing
from shuzheng.engines.lake.rules.definitions import ACTOR
from shuzheng.engines.lake.types.reading import Branch, Reader, ReadingPlan, TablePlan
from shuzheng.engines.lake.types.tables import GRADES, Access, Column, Mask, Table
from shuzheng.engines.rules.rules.binding import bind
from shuzheng.engines.rules.rules.checking import check_rule, facts_of
from shuzheng.engines.rules.types import Node, Value

_ASKED: Final = frozenset({*ACTOR, "today"})


def plan_reading(
    tables: Iterable[Table], reader: Reader, *, purpose: str, today: date, grouped: bool = False
) -> ReadingPlan:
    """Return what a reader sees of some tables for a purpose.

    Args:
        tables: Tables to be read, each once.
        reader: See `queries.reading.reader_of`.
        purpose: One a grant names, Chinese.
        today: Of the city, for row conditions.
        grouped: Prefer groups over single rows where a reader has both.

    Raises:
        ReadingPurposeMissing: No purpose was named.
        GrantMissing: No entry of a table names a role the reader holds.
        NotOfThisUnit: There is one, for the table's department and the units below it alone.
        PurposeNotGranted: There is one, for other purposes.
    """
    if not purpose.strip():
        raise ReadingPurposeMissing
    planned = {table.code: _planned(table, reader, purpose.strip(), today, grouped=grouped) for table in tables}
    return ReadingPlan(planned, reader, purpose.strip())


def plan_for_system(tables: Iterable[Table], *, purpose: str) -> ReadingPlan:
    """Return the plan of the platform's own work, which shows what it reads to nobody: every row, every column, clear.

    Raises:
        ReadingPurposeMissing: No purpose was named.
    """
    if not purpose.strip():
        raise ReadingPurposeMissing
    planned = {}
    for table in tables:
        names = tuple(column.name for column in table.columns)
        planned[table.code] = TablePlan(table, (Branch(dict.fromkeys(names, Mask.NONE)),), names)
    return ReadingPlan(planned, Reader(system=True), purpose.strip())


def purposes_of(table: Table, reader: Reader) -> tuple[str, ...]:
    """Return the purposes a reader may name for a table, in the order of its entries."""
    fitting = (entry for entry in table.access if _held(entry, reader) and _placed(entry, table, reader))
    return tuple(dict.fromkeys(purpose for entry in fitting for purpose in entry.purposes))


def mask_of(column: Column, entry: Access) -> Mask:
    """Return what an entry leaves of a column; one graded above `clear` that has no mask of its own is dropped."""
    if GRADES.index(column.grade) <= GRADES.index(entry.clear):
        return Mask.NONE
    return Mask.DROP if column.mask is Mask.NONE else column.mask


def _planned(table: Table, reader: Reader, purpose: str, today: date, *, grouped: bool) -> TablePlan:
    entries = _fitting(table, reader, purpose)
    branches = [one for entry in entries for one in _branch(table, entry, reader, today)]
    if not branches:
        raise NotOfThisUnit(table=table.label)
    single = [one for one in branches if not one.least_group]
    if single and not grouped:
        branches = single
    named = {name for one in branches for name in one.columns}
    columns = tuple(column.name for column in table.columns if column.name in named)
    return TablePlan(table, tuple(branches), columns, max(one.least_group for one in branches))


def _fitting(table: Table, reader: Reader, purpose: str) -> list[Access]:
    """Return the entries that fit, or say the first thing that is missing."""
    held = [entry for entry in table.access if _held(entry, reader)]
    if not held:
        raise GrantMissing(table=table.label)
    placed = [entry for entry in held if _placed(entry, table, reader)]
    if not placed:
        raise NotOfThisUnit(table=table.label)
    meant = [entry for entry in placed if purpose in entry.purposes]
    if not meant:
        may = "、".join(dict.fromkeys(one for entry in placed for one in entry.purposes))
        raise PurposeNotGranted(table=table.label, may=may)
    return meant


def _held(entry: Access, reader: Reader) -> bool:
    return reader.org is not None and bool(entry.roles & reader.roles)


def _placed(entry: Access, table: Table, reader: Reader) -> bool:
    return not entry.own or table.department in reader.above


def _branch(table: Table, entry: Access, reader: Reader, today: date) -> Iterator[Branch]:
    """Yield what an entry gives; nothing where its row condition asks what the reader does not have."""
    wanted = frozenset(entry.columns)
    columns = {one.name: mask_of(one, entry) for one in table.columns if not wanted or one.name in wanted}
    if not entry.rows:
        yield Branch(columns, None, entry.least_group)
        return
    rows = bound_rows(table, entry.rows, reader, today)
    if rows is not None:
        yield Branch(columns, rows, entry.least_group)


def bound_rows(table: Table, text: str, reader: Reader, today: date) -> Node | None:
    """Return a row condition with the reader's constants, None where it asks what the reader does not have."""
    known: Mapping[str, Value] = {"actor.org": reader.org, "actor.division": reader.division, "today": today}
    found = bind(_checked(table, text), known)
    return None if facts_of(found) & _ASKED else found


@lru_cache(maxsize=4096)
def _checked(table: Table, text: str) -> Node:
    """Return a row condition as a tree, with the reader still open; read once for as long as a definition stands."""
    return check_rule(text, {**table.schema, **ACTOR}).root
