"""The name of a column that does not fit, found after the engine refused a query for its names.

Only columns granted to the reader are known here, so that one that is hidden and one that never was are spoken of in
the same words.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Final

from sqlglot import exp
from sqlglot.errors import SqlglotError

from shuzheng.base.kernel.said import Said, said
from shuzheng.engines.lake.rules.parsing import parse_texts
from shuzheng.engines.lake.types.reading import ReadingPlan, TablePlan
from shuzheng.engines.lake.types.tables import TableCode

MOST_SHOWN: Final = 60
_GIVEN: Final = frozenset({"all", "default"})
"""Words that are read as columns and are none."""


def unknown_column(text: str, plan: ReadingPlan) -> Said | None:
    """Return what is said of the first column of a text that no table read has, for this reader; None: there is none.

    Args:
        text: As the reader wrote it.
        plan: Of every table it names.
    """
    try:
        nodes = [node for tree in parse_texts(text) for node in tree.walk()]
    except (SqlglotError, RecursionError):
        return None
    names = _Names(nodes, plan)
    unknown = [one for one in nodes if isinstance(one, exp.Column) and names.lacks(one)]
    if not unknown:
        return None
    first = min(unknown, key=_start)
    start, name = _start(first), first.name
    line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    near = get_close_matches(name.lower(), sorted(names.granted_of(first)), 1)
    shown = name[:MOST_SHOWN]
    if near:
        return said(
            "第 {line} 行第 {column} 列：没有列 {name}，是不是 {near}",
            line=line,
            column=column,
            name=shown,
            near=near[0],
        )
    return said("第 {line} 行第 {column} 列：没有列 {name}", line=line, column=column, name=shown)


class _Names:
    """The names of columns a text may use: granted ones, and those it makes itself."""

    def __init__(self, nodes: Iterable[exp.Expr], plan: ReadingPlan) -> None:
        nodes = list(nodes)
        self._plan = plan
        self._tables: dict[str, set[str]] = {}
        for table in nodes:
            if isinstance(table, exp.Table | exp.Subquery | exp.Unnest):
                self._tables.setdefault(table.alias_or_name.lower(), set()).add(table.name.lower())
        self._granted = {name for one in plan.tables.values() for name in one.columns}
        self._known = self._granted | _GIVEN | set(_made(nodes))

    def lacks(self, column: exp.Column) -> bool:
        """Tell whether a column is certainly none of the tables read."""
        if isinstance(column.this, exp.Star):
            return False
        name = column.name.lower()
        if not column.table:
            return name not in self._known
        plan = self._plan_of(column)
        return plan is not None and name not in plan.columns

    def granted_of(self, column: exp.Column) -> set[str]:
        """Return the granted columns that one that is lacking may be meant for."""
        plan = self._plan_of(column)
        return self._granted if plan is None else set(plan.columns)

    def _plan_of(self, column: exp.Column) -> TablePlan | None:
        """Return the table a column is written with, where that is one of the lake's and only one."""
        codes = [TableCode(one) for one in self._tables.get(column.table.lower(), ())]
        return self._plan.tables.get(codes[0]) if len(codes) == 1 else None


def _made(nodes: Iterable[exp.Expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, exp.Alias | exp.PropertyEQ):
            yield node.alias_or_name.lower()
        elif isinstance(node, exp.TableAlias):
            yield node.name.lower()
            yield from (one.name.lower() for one in node.args.get("columns") or ())


def _start(column: exp.Column) -> int:
    place = column.this.meta.get("start", 0) if isinstance(column.this, exp.Expr) else 0
    return int(place)
