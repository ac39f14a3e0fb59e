"""Trees read through a plan: the tables as the reader sees them, the subject of each row carried, groups limited."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from shuzheng.base.kernel.said import said
from shuzheng.engines.lake.errors import GroupsOnly
from shuzheng.engines.lake.rules.columns import tables_of
from shuzheng.engines.lake.rules.dialects import DUCKDB
from shuzheng.engines.lake.rules.grouping import SUBJECT
from shuzheng.engines.lake.rules.subjects import tables_told_by_tree
from shuzheng.engines.lake.rules.vetting import CATALOG, WITH_SUBJECT
from shuzheng.engines.lake.rules.writing import Writer
from shuzheng.engines.lake.types.reading import ReadingPlan, TablePlan, Vetted
from shuzheng.engines.lake.types.tables import Column, Table, TableCode
from shuzheng.engines.lake.types.trees import (
    Aggregate,
    Filter,
    Measure,
    Output,
    Plain,
    Project,
    Scan,
    Sort,
    Tree,
)
from shuzheng.engines.rules.rules.checking import facts_of

_CARRIED: Final = Column(SUBJECT, "主体")
_SAFE: Final = frozenset({Measure.COUNT})


def vet_tree(tree: Tree, plan: ReadingPlan, *, hash_key: bytes) -> Vetted:
    """Return what runs of a tree that is read through a plan.

    Args:
        tree: Over columns the reader sees.
        plan: Of every table the tree reads.
        hash_key: Key of the mask HASH, for masks the tree itself puts on.

    Raises:
        TreeInvalid: It names a column the reader does not see.
        GroupsOnly: It asks for more than groups where only groups are granted.
    """
    limited = {code: one for code, one in plan.tables.items() if one.least_group}
    carried: Tree | None = None
    if limited:
        tree = _grouped(tree, limited, plan.least_group)
    elif (found := _carried(tree, plan)) is not None:
        tree = carried = found
    tables = {code: _seen(one, with_subject=bool(one.table.subject)) for code, one in plan.tables.items()}
    writer = Writer(DUCKDB, tables, lambda code: _path(plan.tables[code].table), hash_key=hash_key, opened=True)
    sql, _columns = writer.write(tree)
    asked = tables_of(tree)
    subjects = ((SUBJECT, next(iter(asked))),) if carried is not None else ()
    about = () if limited or carried is not None else tables_told_by_tree(tree, asked, plan)
    return Vetted(sql, plan, subjects, about)


def _seen(plan: TablePlan, *, with_subject: bool) -> Table:
    columns = tuple(plan.table.by_name[name] for name in plan.columns)
    return replace(plan.table, columns=(*columns, _CARRIED) if with_subject else columns)


def _path(table: Table) -> str:
    name = (WITH_SUBJECT if table.subject else "") + table.code
    return ".".join(map(DUCKDB.quote_name, (CATALOG, "main", name)))


def _carried(tree: Tree, plan: ReadingPlan) -> Tree | None:
    """Return the tree with the subject of each row behind its columns, None where rows are not those of one table."""
    match tree:
        case Scan():
            one = plan.tables[tree.table]
            return replace(tree, columns=(*tree.columns, SUBJECT)) if one.table.subject else None
        case Filter() | Sort():
            below = _carried(tree.source, plan)
            return None if below is None else replace(tree, source=below)
        case Project():
            below = _carried(tree.source, plan)
            return None if below is None else _projected(tree, below)
        case _:
            return None


def _projected(tree: Project, below: Tree) -> Project:
    return Project(below, (*tree.outputs, Output(SUBJECT, Plain(SUBJECT))))


@dataclass(frozen=True, slots=True)
class _Limit:
    limited: Mapping[TableCode, TablePlan]
    least: int


def _grouped(tree: Tree, limited: Mapping[TableCode, TablePlan], least: int) -> Tree:
    """Return the tree with the limit on the one aggregate that reads a limited table."""
    if not tables_of(tree) & limited.keys():
        return tree
    if isinstance(tree, Aggregate) and not isinstance(tree.source, Aggregate):
        return _limited(tree, _Limit(limited, least))
    if isinstance(tree, Filter | Project | Sort | Aggregate):
        return replace(tree, source=_grouped(tree.source, limited, least))
    raise GroupsOnly(least=least, why=said("不能看单行"))


def _limited(tree: Aggregate, limit: _Limit) -> Tree:
    scan, path = tree.source, []
    while isinstance(scan, Filter):
        path.append(scan)
        scan = scan.source
    if not isinstance(scan, Scan) or scan.table not in limit.limited:
        raise GroupsOnly(least=limit.least, why=said("分组统计只能直接读一张表"))
    subject = limit.limited[scan.table].table.subject
    asked = {*tree.by, *(str(name) for one in path for name in facts_of(one.condition))}
    if not subject or subject in asked:
        raise GroupsOnly(least=limit.least, why=said("主体列 {name} 只能写在 count(DISTINCT …) 里", name=subject))
    if any(one.measure not in _SAFE for one in tree.figures):
        raise GroupsOnly(least=limit.least, why=said("分组统计只能用计数"))
    below: Tree = replace(scan, columns=(*scan.columns, SUBJECT))
    for one in reversed(path):
        below = replace(one, source=below)
    return replace(tree, source=below, least=max(limit.least, tree.least), of_whom=SUBJECT)
