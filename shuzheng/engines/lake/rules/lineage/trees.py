"""Lineage of a tree: exact, for a tree says all it does."""

from collections.abc import Mapping
from typing import Final

from shuzheng.engines.lake.rules.columns import columns_of, facts_of
from shuzheng.engines.lake.rules.lineage.gathering import (
    Masks,
    Origins,
    Relation,
    all_of,
    carry,
    every_column,
    leaf,
    make_lineage,
)
from shuzheng.engines.lake.types.lineage import By, How, Lineage, Origin, Source
from shuzheng.engines.lake.types.tables import Mask, Table, TableCode
from shuzheng.engines.lake.types.trees import (
    Aggregate,
    Expression,
    Figure,
    Filter,
    Join,
    JoinKind,
    Masked,
    Measure,
    Plain,
    Project,
    Scan,
    Sort,
    Tree,
    Union,
)
from shuzheng.engines.rules.types import Node, Op

_MEASURED: Final[Mapping[Measure, How]] = {
    Measure.COUNT: How.COUNTED,
    Measure.COUNT_KNOWN: How.COUNTED,
    Measure.COUNT_TRUE: How.COUNTED,
    Measure.COUNT_FALSE: How.COUNTED,
    Measure.COUNT_DISTINCT: How.COUNTED,
    Measure.SUM: How.SUMMED,
    Measure.LEAST: How.LEAST,
    Measure.MOST: How.MOST,
}


def lineage_of_tree(tree: Tree, tables: Mapping[TableCode, Table], *, masks: Masks | None = None) -> Lineage:
    """Return where each column of a tree comes from.

    Args:
        tree: Any tree that can be run.
        tables: What there is.
        masks: What lies on columns for whoever reads; what is not named lies open.

    Raises:
        TreeInvalid: The tree names what is not there.
    """
    columns_of(tree, tables, opened=True)
    found = _walk(tree, masks or {})
    return make_lineage(list(found.columns.items()), found.influences, exact=True)


def _walk(tree: Tree, masks: Masks) -> Relation:
    match tree:
        case Scan():
            return _scanned(tree, masks)
        case Join():
            return _joined(tree, _walk(tree.left, masks), _walk(tree.right, masks))
        case Union():
            return _united([_walk(source, masks) for source in tree.sources])
        case _:
            return _over(tree, _walk(tree.source, masks))


def _over(tree: Filter | Project | Aggregate | Sort, below: Relation) -> Relation:
    match tree:
        case Filter():
            below.chosen(_facts(tree.condition, below), By.FILTERED)
            return below
        case Project():
            columns = {one.name: _value(one.expression, below) for one in tree.outputs}
            return Relation(columns, below.influences, below.rows)
        case Aggregate():
            return _grouped(tree, below)
        case Sort():
            below.chosen(all_of(below.columns[name] for name, _falls in tree.by), By.SORTED)
            return below


def _scanned(tree: Scan, masks: Masks) -> Relation:
    columns = {name: frozenset({leaf(tree.table, name, masks)}) for name in tree.columns}
    return Relation(columns, rows=frozenset({Origin(Source(tree.table, ""))}))


def _grouped(tree: Aggregate, below: Relation) -> Relation:
    by = {name: below.columns[name] for name in tree.by}
    figures = {figure.name: _figure(figure, below) for figure in tree.figures}
    made = Relation({**by, **figures}, below.influences, below.rows)
    made.chosen(every_column(by), By.GROUPED)
    if tree.least:
        made.chosen(below.columns[tree.of_whom], By.FILTERED)
    return made


def _figure(figure: Figure, below: Relation) -> Origins:
    made_of = below.rows if figure.expression is None else _value(figure.expression, below)
    return carry(made_of, _MEASURED[figure.measure])


def _joined(tree: Join, left: Relation, right: Relation) -> Relation:
    columns = left.columns if tree.kind in (JoinKind.SEMI, JoinKind.ANTI) else {**left.columns, **right.columns}
    rows = left.rows if tree.kind in (JoinKind.SEMI, JoinKind.ANTI) else left.rows | right.rows
    made = Relation(columns, left.influences | right.influences, rows)
    for one, other in tree.on:
        made.chosen(left.columns[one] | right.columns[other], By.JOINED)
    return made


def _united(sources: list[Relation]) -> Relation:
    columns = {name: all_of(source.columns[name] for source in sources) for name in sources[0].columns}
    influences = {one for source in sources for one in source.influences}
    return Relation(columns, influences, all_of(source.rows for source in sources))


def _value(expression: Expression, below: Relation) -> Origins:
    match expression:
        case Plain():
            return below.columns[expression.column]
        case Masked():
            how = How.AS_IS if expression.mask is Mask.NONE else How.MASKED
            return carry(below.columns[expression.column.name], how)
        case _:
            how = How.AS_IS if expression.op is Op.FACT else How.COMPUTED
            return carry(_facts(expression, below), how)


def _facts(node: Node, below: Relation) -> Origins:
    return all_of(below.columns[str(fact.value)] for fact, _above in facts_of(node))
