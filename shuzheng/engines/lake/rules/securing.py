"""Secured views: a plan of a table as SQL.

Rows and masks lie underneath whatever a reader asks, so that filtering, sorting and joining on a masked column tells no
more than reading it.
"""

from collections.abc import Iterator
from typing import Final

import pyarrow as pa

from shuzheng.engines.lake.rules.arrow import arrow_type
from shuzheng.engines.lake.rules.dialects import DUCKDB
from shuzheng.engines.lake.rules.grouping import SUBJECT
from shuzheng.engines.lake.rules.masking import mask_sql
from shuzheng.engines.lake.types.reading import Branch, TablePlan
from shuzheng.engines.lake.types.tables import Column, Mask, Table
from shuzheng.engines.rules.rules.checking import facts_of
from shuzheng.engines.rules.types import Node

_ROW: Final = "r"
_WIDE: Final = "０１２３４５６７８９ＸｘＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＴＵＷＹ"
_NARROW: Final = "0123456789XXABCDEFGHJKLMNPQRTUWY"
"""Full-width forms of the characters identity numbers and unified social credit codes are made of."""
_IDEOGRAPHIC_SPACE: Final = "\u3000"


def secured_select(plan: TablePlan, relation: str, *, hash_key: bytes, subject_key: bytes | None = None) -> str:
    """Return the SELECT of a view; keys stand in it: never log or show it.

    Args:
        plan: From `planning`.
        relation: The table as a subquery in parentheses, typed, sealed columns opened where `needs_opening`.
        hash_key: Key of the mask HASH.
        subject_key: Key of subjects; where given, the column SUBJECT, the keyed subject of each row, stands behind the
            others.
    """
    cells = [_cell(plan, plan.table.by_name[name], hash_key) for name in plan.columns]
    if subject_key is not None:
        cells.append(f"{_keyed(plan, subject_key)} AS {DUCKDB.quote_name(SUBJECT)}")
    rows = "" if plan.every_row else f" WHERE {' OR '.join(_holds(one.rows) for one in plan.branches if one.rows)}"
    return f"SELECT {', '.join(cells)} FROM {relation} AS {_ROW}{rows}"  # noqa: S608 - names of definitions, quoted


def needs_opening(plan: TablePlan, *, subject: bool = False) -> bool:
    """Tell whether sealed columns have to be opened for what a plan shows, or for its row conditions."""
    sealed = {column.name for column in plan.table.columns if column.sealed}
    shown = {name for one in plan.branches for name, mask in one.columns.items() if mask is not Mask.DROP}
    asked = {name for one in plan.branches if one.rows is not None for name in facts_of(one.rows)}
    return bool(sealed & (shown | asked | ({plan.table.subject} if subject else set())))


def _keyed(plan: TablePlan, key: bytes) -> str:
    """Return SQL of what `base.access.queries.subject_key` makes of a number, in hexadecimal: HMAC-SHA-256.

    Source: RFC 2104.
    """
    plain = _spelt(plan.table)
    inner, outer = (bytes(one ^ pad for one in key.ljust(64, b"\0")) for pad in (0x36, 0x5C))
    prefix = f"access.subject.{plan.table.subject_kind}:".encode()
    return f"sha256({_blob(outer)} || unhex(sha256({_blob(inner + prefix)} || encode({plain}))))"


def spelt_sql(table: Table, number: str) -> str:
    """Return the condition that a row of `r` is about a number, in any spelling that comes down to it.

    Spelling each row is dear; one as long in bytes as the number, of characters of one byte, differs in case at most.

    Args:
        table: One with subjects.
        number: SQL of the number, as `base.access.queries.spelt` spells it.
    """
    text = _text(table)
    return f"(upper({text}) = {number} OR (strlen({text}) > strlen({number}) AND {_spelt(table)} = {number}))"


def _spelt(table: Table) -> str:
    return f"upper(trim(translate({_text(table)}, '{_WIDE}', '{_NARROW}'), ' {_IDEOGRAPHIC_SPACE}'))"


def _text(table: Table) -> str:
    return DUCKDB.typed(_column(table.subject), pa.string())


def _blob(given: bytes) -> str:
    return f"unhex('{given.hex()}')"


def _cell(plan: TablePlan, column: Column, hash_key: bytes) -> str:
    """Return one column: in each row as the most open of the branches that hold the row leaves it."""
    name = DUCKDB.quote_name(column.name)
    masks = [(one, one.columns[column.name]) for one in plan.branches if column.name in one.columns]
    ways = list(_ways(plan, column, masks, hash_key))
    if len(ways) == 1 and not ways[0][0]:
        return f"{ways[0][1]} AS {name}"
    branches = " ".join(f"WHEN {condition or 'TRUE'} THEN {value}" for condition, value in ways)
    return f"{DUCKDB.typed(f'(CASE {branches} END)', arrow_type(column))} AS {name}"


def _ways(
    plan: TablePlan, column: Column, masks: list[tuple[Branch, Mask]], hash_key: bytes
) -> Iterator[tuple[str, str]]:
    """Yield (condition, value), the most open first; '' holds in every row that is seen."""
    for mask in sorted({mask for _branch, mask in masks}, key=lambda one: one is not Mask.NONE):
        holding = [one for one, left in masks if left is mask]
        value = mask_sql(column, mask, _column(column.name), DUCKDB, hash_key=hash_key)
        if len(holding) == len(plan.branches) or any(one.rows is None for one in holding):
            yield "", value
            return
        yield " OR ".join(_holds(one.rows) for one in holding if one.rows is not None), value


def _holds(rows: Node | None) -> str:
    return "TRUE" if rows is None else f"({DUCKDB.node(rows, _column)})"


def _column(name: str) -> str:
    return f"{_ROW}.{DUCKDB.quote_name(name)}"
