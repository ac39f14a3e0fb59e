"""Small groups: where only groups are granted, a query is one grouped figure, and no group under the limit is in it.

What is promised is that no single answer shows a group below the limit. Two answers can be taken from one another;
against that stand purpose, log and a number of queries a day, and for publication tables of fixed dimensions.

So that one answer cannot do it alone there is one grouped SELECT in it, without ROLLUP, without FILTER; figures are
counts, sums and averages of plain columns, and one is left out where fewer subjects than the limit have, or lack, a
value. Least, most, lists, quantiles and windows show single values. The subject is counted and nothing else.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NoReturn

from sqlglot import exp

from shuzheng.base.kernel.said import Said, said
from shuzheng.engines.lake.errors import GroupsOnly
from shuzheng.engines.lake.types.reading import TablePlan
from shuzheng.engines.lake.types.tables import TableCode

SUBJECT: Final = "~subject"
_FIGURES: Final = (exp.Count, exp.Sum, exp.Avg)
_UNKNOWN: Final = (exp.Filter, exp.Window, exp.Anonymous, exp.AnonymousAggFunc, exp.Lambda, exp.WithinGroup)
_ABOVE: Final[Mapping[type[exp.Expr], set[str]]] = {exp.Select: {"from_", "joins", "with_"}, exp.Join: {"this"}}


def secure_groups(tree: exp.Expr, limited: Mapping[TableCode, TablePlan], least: int) -> exp.Select | None:
    """Put the limit into a query that names limited tables; return its grouped select, None where it names none.

    Args:
        tree: As the reader wrote it; changed in place.
        limited: Tables of which only groups are granted.
        least: Subjects a group has at least.

    Raises:
        GroupsOnly: It asks for something else, with what.
    """
    tables = [table for table in tree.find_all(exp.Table) if TableCode(table.name.lower()) in limited]
    if not tables:
        return None
    guard = _Guard(limited, least)
    select = guard.only_select(tables)
    guard.check_place(select)
    guard.check_shape(select)
    guard.check_columns(select, tables)
    guard.secure(select, tables)
    return select


class _Guard:
    def __init__(self, limited: Mapping[TableCode, TablePlan], least: int) -> None:
        self.limited, self.least = limited, least
        self.subjects = {one.table.subject for one in limited.values()}
        if "" in self.subjects:
            self.refuse(said("这张表没有写行的主体，不能按人数限制"))

    def refuse(self, why: Said) -> NoReturn:
        raise GroupsOnly(least=self.least, why=why)

    def only_select(self, tables: list[exp.Table]) -> exp.Select:
        selects = {id(table.parent_select): table.parent_select for table in tables}
        [select, *more] = selects.values()
        if more or not isinstance(select, exp.Select):
            self.refuse(said("一条查询里只能有一个读这些表的 SELECT"))
        return select

    def check_place(self, select: exp.Select) -> None:
        """The select may stand in FROM, in WITH, in a set operation; not in a condition or a column."""
        node: exp.Expr = select
        while node.parent is not None:
            allowed = _ABOVE.get(type(node.parent))
            if allowed is not None and node.arg_key not in allowed:
                self.refuse(said("这样的子查询不能写在条件或列里"))
            if not isinstance(
                node.parent,
                exp.Select | exp.Join | exp.Subquery | exp.From | exp.CTE | exp.With | exp.SetOperation,
            ):
                self.refuse(said("这样的子查询不能写在条件或列里"))
            node = node.parent

    def check_shape(self, select: exp.Select) -> None:
        if any(select.args.get(part) for part in ("distinct", "qualify", "windows")):
            self.refuse(said("不能用 DISTINCT、QUALIFY 和窗口"))
        group = select.args.get("group")
        if group is not None and (group.find(exp.Rollup, exp.Cube, exp.GroupingSets) or group.args.get("totals")):
            self.refuse(said("不能用 ROLLUP、CUBE 和 GROUPING SETS"))
        inside = list(_inside(select))
        if group is None and not any(isinstance(node, exp.AggFunc) for node in inside):
            self.refuse(said("不能看单行"))
        for node in inside:
            self.check_node(node)

    def check_node(self, node: exp.Expr) -> None:
        if isinstance(node, exp.Query):
            if not isinstance(node.parent, exp.From | exp.Join | exp.CTE):
                self.refuse(said("条件和列里不能有子查询"))
        elif isinstance(node, _UNKNOWN) or (isinstance(node, exp.AggFunc) and not isinstance(node, _FIGURES)):
            self.refuse(said("只能用 count、sum 和 avg，不能用 FILTER 和窗口"))
        elif isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count):
            self.refuse(said("不能用 *"))
        elif isinstance(node, exp.Join) and (node.args.get("method") or node.args.get("using")):
            self.check_using(node)

    def check_using(self, join: exp.Join) -> None:
        if join.args.get("method") or {one.name.lower() for one in join.args["using"]} & self.subjects:
            self.refuse(said("不能按主体连接"))

    def check_columns(self, select: exp.Select, tables: list[exp.Table]) -> None:
        rows = {table.alias_or_name.lower() for table in tables}
        for node in _inside(select):
            if isinstance(node, _FIGURES):
                self.check_figure(node)
            if not isinstance(node, exp.Column) or isinstance(node.this, exp.Star):
                continue
            name = node.name.lower()
            if name in rows:
                self.refuse(said("不能看整行"))
            if name in self.subjects and not _is_counted(node):
                self.refuse(said("主体列 {name} 只能写在 count(DISTINCT …) 里", name=node.name))

    def check_figure(self, figure: exp.Expr) -> None:
        inner = figure.this
        if isinstance(inner, exp.Distinct) and isinstance(figure, exp.Count) and len(inner.expressions) == 1:
            inner = inner.expressions[0]
        plain = isinstance(inner, exp.Column) or (isinstance(figure, exp.Count) and isinstance(inner, exp.Star))
        if not plain or figure.expressions:
            self.refuse(said("count、sum 和 avg 里只能写一个列"))

    def secure(self, select: exp.Select, tables: list[exp.Table]) -> None:
        """Add the limit to HAVING, and to each figure over a column that some rows may lack."""
        subjects = [
            exp.column(SUBJECT, table=exp.to_identifier(table.alias_or_name, quoted=True), quoted=True)
            for table in tables
        ]
        for figure in [node for node in _inside(select) if isinstance(node, _FIGURES)]:
            if isinstance(figure.this, exp.Column):
                guarded = exp.Case().when(self._known(figure.this, subjects), figure.copy())
                figure.replace(guarded)
        for subject in subjects:
            select.having(exp.GTE(this=_count(subject), expression=self._least()), copy=False)

    def _known(self, column: exp.Expr, subjects: list[exp.Column]) -> exp.Expr:
        conditions: list[exp.Expr] = []
        for subject in subjects:
            having = _count(exp.Case().when(exp.Not(this=exp.Is(this=column.copy(), expression=exp.Null())), subject))
            lacking = _count(exp.Case().when(exp.Is(this=column.copy(), expression=exp.Null()), subject))
            conditions.append(exp.GTE(this=having, expression=self._least()))
            none = exp.EQ(this=lacking.copy(), expression=exp.Literal.number(0))
            conditions.append(exp.paren(exp.or_(none, exp.GTE(this=lacking, expression=self._least()))))
        return exp.and_(*conditions)

    def _least(self) -> exp.Expr:
        return exp.Literal.number(self.least)


def _inside(select: exp.Select) -> Iterator[exp.Expr]:
    """Yield what stands in a select itself; selects within it are yielded and not gone into."""
    for node in select.walk(prune=lambda one: isinstance(one, exp.Query) and one is not select):
        if node is not select:
            yield node


def _is_counted(column: exp.Column) -> bool:
    return isinstance(column.parent, exp.Distinct) and isinstance(column.parent.parent, exp.Count)


def _count(value: exp.Expr) -> exp.Count:
    return exp.Count(this=exp.Distinct(expressions=[value.copy()]))
