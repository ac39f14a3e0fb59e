"""Of whom an answer tells: whose rows it holds, and the tables of whose subjects something may be learnt besides.

Rows that are rows of one table carry their subjects. Of every other table that has subjects, all of them are written
into the log, unless the answer tells no more than counts and figures over columns graded L1. What is told is judged by
names alone: a name of a column anywhere but in a plain count is taken to be used, whatever table it may belong to.
So it is said too often rather than too seldom, and nothing has to be resolved.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from sqlglot import exp

from shuzheng.engines.lake.rules.grouping import SUBJECT
from shuzheng.engines.lake.types.reading import ReadingPlan
from shuzheng.engines.lake.types.tables import Grade, TableCode
from shuzheng.engines.lake.types.trees import (
    Aggregate,
    Expression,
    Filter,
    Join,
    Masked,
    Measure,
    Plain,
    Project,
    Scan,
    Sort,
    Tree,
    Union,
)
from shuzheng.engines.rules.rules.checking import facts_of

_FIGURES: Final = (exp.Count, exp.CountIf, exp.ApproxDistinct, exp.Sum, exp.Avg, exp.Min, exp.Max)
"""Aggregates that make one figure of many rows; others can list them."""
_COUNTS: Final = frozenset({Measure.COUNT, Measure.COUNT_KNOWN, Measure.COUNT_DISTINCT})


# ---- queries ----
def rowwise_select(tree: exp.Expr, plan: ReadingPlan) -> exp.Select | None:
    """Return the select whose every answer row is one row of its tables, None where there is no such thing."""
    if not isinstance(tree, exp.Select):
        return None
    if any(tree.args.get(part) for part in ("group", "having", "distinct", "qualify")):
        return None
    if any(isinstance(node, exp.AggFunc | exp.Anonymous | exp.Window) for node in _inside(tree)):
        return None
    return tree if any(True for _ in _subject_tables(tree, plan)) else None


def carry_subjects(select: exp.Select, plan: ReadingPlan) -> tuple[tuple[str, TableCode], ...]:
    """Put the keyed subject of each row behind the columns, in place; stars leave it out.

    Returns:
        The names of the columns, each with its table.
    """
    for star in select.find_all(exp.Star):
        if star.parent_select is select:
            star.set("except_", [*(star.args.get("except_") or []), exp.column(SUBJECT, quoted=True)])
    names = []
    for number, table in enumerate(list(_subject_tables(select, plan))):
        names.append((f"{SUBJECT} {number}", TableCode(table.name.lower())))
        column = exp.column(SUBJECT, table=exp.to_identifier(table.alias_or_name, quoted=True), quoted=True)
        select.append("expressions", exp.alias_(column, names[-1][0], quoted=True))
    return tuple(names)


def tables_told(nodes: Iterable[exp.Expr], plan: ReadingPlan, rowwise: exp.Select | None) -> tuple[TableCode, ...]:
    """Return the tables of which something about single subjects may be learnt that no carried column names.

    Args:
        nodes: Every node of a query as it was read.
        plan: Of every table it names.
        rowwise: The select whose rows carry subjects.
    """
    nodes = list(nodes)
    carried = set() if rowwise is None else {id(table) for table in _subject_tables(rowwise, plan)}
    left = [node for node in nodes if isinstance(node, exp.Table) and id(node) not in carried]
    named = _names(nodes)
    found = {
        code
        for table in left
        if _has_subject(plan, code := TableCode(table.name.lower()))
        if named is None or _tells(plan, code, named) or not _in_figures(table)
    }
    return tuple(sorted(found))


def _inside(select: exp.Select) -> Iterator[exp.Expr]:
    """Yield what stands in a select itself, not in selects within it."""
    for node in select.walk(prune=lambda one: isinstance(one, exp.Query) and one is not select):
        if not isinstance(node, exp.Query):
            yield node


def _subject_tables(select: exp.Select, plan: ReadingPlan) -> Iterator[exp.Table]:
    for table in select.find_all(exp.Table):
        if table.parent_select is select and _has_subject(plan, TableCode(table.name.lower())):
            yield table


def _names(nodes: Iterable[exp.Expr]) -> set[str] | None:
    """Return the names of columns that are used in any way but to be counted; None: any may be."""
    found: set[str] = set()
    for node in nodes:
        if _names_any(node):
            return None
        if isinstance(node, exp.Column) and not _is_counted(node):
            found.add(node.name.lower())
        elif isinstance(node, exp.Join):
            found |= {one.name.lower() for one in node.args.get("using") or ()}
    return found


def _names_any(node: exp.Expr) -> bool:
    """Tell whether a node stands for columns it does not name: a star that is not counted, a natural join."""
    if isinstance(node, exp.Star):
        return not isinstance(node.parent, exp.Count)
    return isinstance(node, exp.Join) and bool(node.args.get("method"))


def _is_counted(column: exp.Column) -> bool:
    above = column.parent
    return isinstance(above.parent if isinstance(above, exp.Distinct) else above, exp.Count)


def _in_figures(table: exp.Table) -> bool:
    """Tell whether rows of a table come out as figures alone, or only decide about rows of others."""
    node: exp.Expr | None = table
    while node is not None:
        if isinstance(node, exp.Where | exp.Having | exp.Exists):
            return True
        if isinstance(node, exp.Select) and _makes_figures(node):
            return True
        node = node.parent
    return False


def _makes_figures(select: exp.Select) -> bool:
    grouped = bool(select.args.get("group"))
    for node in _inside(select):
        if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc):
            return False
        if isinstance(node, exp.AggFunc) and not node.find_ancestor(exp.Window):
            if not isinstance(node, _FIGURES):
                return False
            grouped = True
    return grouped


# ---- trees ----
def tables_told_by_tree(tree: Tree, tables: Collection[TableCode], plan: ReadingPlan) -> tuple[TableCode, ...]:
    """Return the tables of which a tree whose rows carry no subjects tells something about single ones.

    Args:
        tree: Over columns the reader sees.
        tables: What it reads.
        plan: Of these.
    """
    named = frozenset(_tree_names(tree)) if _is_grouped(tree) else None
    return tuple(
        code for code in sorted(tables) if _has_subject(plan, code) and (named is None or _tells(plan, code, named))
    )


def _is_grouped(tree: Tree) -> bool:
    match tree:
        case Aggregate():
            return True
        case Filter() | Sort() | Project():
            return _is_grouped(tree.source)
        case Union():
            return all(map(_is_grouped, tree.sources))
        case _:
            return False


def _tree_names(tree: Tree) -> Iterator[str]:
    match tree:
        case Scan():
            return
        case Union():
            for source in tree.sources:
                yield from _tree_names(source)
        case Join():
            yield from _tree_names(tree.left)
            yield from _tree_names(tree.right)
            yield from (name for pair in tree.on for name in pair)
        case _:
            yield from _tree_names(tree.source)
            yield from _step_names(tree)


def _step_names(tree: Filter | Sort | Project | Aggregate) -> Iterator[str]:
    match tree:
        case Filter():
            yield from facts_of(tree.condition)
        case Sort():
            yield from (name for name, _falls in tree.by)
        case Project():
            for output in tree.outputs:
                yield from _expression_names(output.expression)
        case Aggregate():
            yield from tree.by
            for figure in tree.figures:
                counted = figure.measure in _COUNTS and isinstance(figure.expression, Plain)
                if figure.expression is not None and not counted:
                    yield from _expression_names(figure.expression)


def _expression_names(expression: Expression) -> frozenset[str]:
    match expression:
        case Plain():
            return frozenset({expression.column})
        case Masked():
            return frozenset({expression.column.name})
        case _:
            return facts_of(expression)


# ---- both ----
def _has_subject(plan: ReadingPlan, code: TableCode) -> bool:
    return code in plan.tables and bool(plan.tables[code].table.subject)


def _tells(plan: ReadingPlan, code: TableCode, named: Collection[str]) -> bool:
    """Tell whether one of some names is that of a column that is graded above L1 or points at a single row."""
    table = plan.tables[code].table
    return any(
        column.name in named and (column.grade is not Grade.L1 or column.key or column.name == table.subject)
        for column in table.columns
    )
