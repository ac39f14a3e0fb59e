"""Trees read through a plan: the tables as the reader sees them, the subject of each row carried, groups limited."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, NoReturn

from shuzheng.base.kernel.said import Said, said
from shuzheng.engines.lake.errors import GroupsOnly
from shuzheng.engines.lake.rules.columns import sources_of, tables_of
from shuzheng.engines.lake.rules.dialects import DUCKDB
from shuzheng.engines.lake.rules.grouping import SUBJECT
from shuzheng.engines.lake.rules.subjects import tables_told_by_tree
from shuzheng.engines.lake.rules.vetting import CATALOG, WITH_SUBJECT
from shuzheng.engines.lake.rules.writing import Writer
from shuzheng.engines.lake.types.reading import ReadingPlan, TablePlan, Vetted
from shuzheng.engines.lake.types.tables import Column, Table, TableCode
from shuzheng.engines.lake.types.trees import (
    Aggregate,
    Expression,
    Figure,
    Filter,
    Join,
    JoinKind,
    Masked,
    Measure,
    Output,
    Plain,
    Project,
    Scan,
    Sort,
    Tree,
    Union,
)
from shuzheng.engines.rules.rules.checking import facts_of
from shuzheng.engines.rules.types import Op

_CARRIED: Final = Column(SUBJECT, "主体")
_FIGURES: Final = frozenset({Measure.COUNT, Measure.COUNT_KNOWN, Measure.COUNT_DISTINCT, Measure.SUM})
"""Those a query may ask for, of which a tree has no average."""


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
        tree = _Limiter(limited, plan.least_group).grouped(tree)
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


# ---- groups alone ----
# What `grouping` lets pass of a query and nothing else; only an aggregate over two limited tables joined is a query's
# alone, and a tree has no average. `tests/lake/test_groups.py` holds both to one table of cases.
@dataclass(frozen=True, slots=True)
class _Below:
    """What stands below an aggregate: its rows with their subjects, and the columns that are none of a table's."""

    tree: Tree
    made: frozenset[str] = frozenset()


class _Limiter:
    def __init__(self, limited: Mapping[TableCode, TablePlan], least: int) -> None:
        self.limited, self.least = limited, least
        self.subjects = {one.table.subject for one in limited.values()}
        if "" in self.subjects:
            self.refuse(said("这张表没有写行的主体，不能按人数限制"))

    def refuse(self, why: Said) -> NoReturn:
        raise GroupsOnly(least=self.least, why=why)

    def reads(self, tree: Tree) -> bool:
        return bool(tables_of(tree) & self.limited.keys())

    def grouped(self, tree: Tree) -> Tree:
        """Return the tree with the limit on the one aggregate that reads a limited table."""
        if not self.reads(tree):
            return tree
        match tree:
            case Aggregate() if not _aggregates(tree.source, self):
                return self.limit(tree)
            case Filter() | Project() | Sort() | Aggregate():
                return replace(tree, source=self.grouped(tree.source))
            case Join():
                return self.joined(tree)
            case Union():
                if sum(map(self.reads, tree.sources)) > 1:
                    self.refuse(said("一条查询里只能有一个读这些表的 SELECT"))
                return replace(tree, sources=tuple(map(self.grouped, tree.sources)))
        raise GroupsOnly(least=self.least, why=said("不能看单行"))

    def joined(self, tree: Join) -> Tree:
        self.check_sides(tree)
        return replace(tree, left=self.grouped(tree.left), right=self.grouped(tree.right))

    def check_sides(self, tree: Join) -> None:
        right = self.reads(tree.right)
        if right and self.reads(tree.left):
            self.refuse(said("一条查询里只能有一个读这些表的 SELECT"))
        if right and tree.kind in (JoinKind.SEMI, JoinKind.ANTI):
            self.refuse(said("这样的子查询不能写在条件或列里"))

    def limit(self, tree: Aggregate) -> Aggregate:
        below = self.carried(tree.source)
        self.check_names(tree.by)
        for figure in tree.figures:
            self.check_figure(figure, below.made)
        return replace(tree, source=below.tree, least=max(self.least, tree.least), of_whom=SUBJECT)

    def carried(self, tree: Tree) -> _Below:
        """Return the rows of one limited table, as they are joined and filtered, each with its subject."""
        match tree:
            case Scan():
                return _Below(replace(tree, columns=(*tree.columns, SUBJECT)))
            case Filter():
                self.check_names(str(fact) for fact in facts_of(tree.condition))
                below = self.carried(tree.source)
                return replace(below, tree=replace(tree, source=below.tree))
            case Project():
                return self.projected(tree, self.carried(tree.source))
            case Join():
                return self.carried_join(tree)
        raise GroupsOnly(least=self.least, why=said("不能看单行"))

    def projected(self, tree: Project, below: _Below) -> _Below:
        made = set()
        for one in tree.outputs:
            column = _plain(one.expression)
            if column is None or column in below.made:
                made.add(one.name)
            if column is None or column != one.name:
                self.check_names(_names(one.expression))
        return _Below(_projected(tree, below.tree), frozenset(made))

    def carried_join(self, tree: Join) -> _Below:
        self.check_sides(tree)
        self.check_names(name for pair in tree.on for name in pair)
        if self.reads(tree.left):
            below = self.carried(tree.left)
            return replace(below, tree=replace(tree, left=below.tree))
        below = self.carried(tree.right)
        return replace(below, tree=replace(tree, right=below.tree))

    def check_names(self, names: Iterable[str]) -> None:
        for name in names:
            if name in self.subjects:
                self.refuse(said("主体列 {name} 只能写在 count(DISTINCT …) 里", name=name))

    def check_figure(self, figure: Figure, made: frozenset[str]) -> None:
        if figure.measure not in _FIGURES:
            self.refuse(said("只能用 count、sum 和 avg，不能用 FILTER 和窗口"))
        if figure.expression is None:
            return
        column = _plain(figure.expression)
        if column is None or column in made:
            self.refuse(said("count、sum 和 avg 里只能写一个列"))
        if figure.measure is not Measure.COUNT_DISTINCT:
            self.check_names((column,))


def _aggregates(tree: Tree, limiter: _Limiter) -> bool:
    """Tell whether an aggregate further down reads a limited table."""
    if not limiter.reads(tree):
        return False
    return isinstance(tree, Aggregate) or any(_aggregates(one, limiter) for one in sources_of(tree))


def _plain(expression: Expression) -> str | None:
    """Return the column an expression is, None where it is computed."""
    match expression:
        case Plain():
            return expression.column
        case Masked():
            return None
    return str(expression.value) if expression.op is Op.FACT else None


def _names(expression: Expression) -> Iterator[str]:
    match expression:
        case Plain():
            yield expression.column
        case Masked():
            yield expression.column.name
        case _:
            yield from map(str, facts_of(expression))
