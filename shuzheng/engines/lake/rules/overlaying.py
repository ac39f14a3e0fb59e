"""Grades a person confirmed, laid over a definition: a load of the pack does not undo them, and may only go higher."""

from collections.abc import Mapping
from dataclasses import replace

from shuzheng.engines.lake.rules.definitions import may_mask
from shuzheng.engines.lake.types.tables import GRADES, Column, Grade, Mask, Table


def overlay(table: Table, confirmed: Mapping[str, tuple[Grade, Mask]]) -> Table:
    """Return the table with what was confirmed for its columns.

    Args:
        table: As the pack defines it.
        confirmed: Grade and mask by column. One that the definition exceeds by now, that is gone, or whose type no
            longer takes the mask is passed over; only L4 is not, whose mask is DROP then.
    """
    if not confirmed:
        return table
    return replace(table, columns=tuple(_over(column, confirmed.get(column.name)) for column in table.columns))


def _over(column: Column, confirmed: tuple[Grade, Mask] | None) -> Column:
    if confirmed is None:
        return column
    grade, mask = confirmed
    if grade is Grade.L4 and not may_mask(column.kind, mask):
        mask = Mask.DROP  # a column once sealed stays so, whatever becomes of its type
    if GRADES.index(column.grade) > GRADES.index(grade) or not may_mask(column.kind, mask):
        return column
    if column.grade is grade and mask is Mask.NONE:
        return column
    return replace(column, grade=grade, mask=mask)
