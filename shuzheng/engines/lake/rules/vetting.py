"""The first wall: a reader's text is read, judged by our own list, and written anew over secured views.

Nothing of the text itself runs. Tables become quoted three-part names of views that hold only what the reader may see;
names of the reader's own common tables are given a prefix no view or system table has, so that a name used outside its
reach means nothing instead of something of the engine's. Casts of anything but a constant become TRY_CAST. The second
wall (`verifying`) is told nothing of this and looks at the engine's own tree of exactly the text that will run.

What is said of a refusal names words of the reader's own text, never a value and never what the engine said.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final, TypeVar

from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from shuzheng.base.kernel.said import said
from shuzheng.engines.lake.errors import QueryRefused, QueryUnreadable, TableNotFound
from shuzheng.engines.lake.rules.grouping import secure_groups
from shuzheng.engines.lake.rules.parsing import SQL, parse_texts
from shuzheng.engines.lake.rules.subjects import carry_subjects, rowwise_select, tables_told
from shuzheng.engines.lake.types.reading import Query, ReadingPlan, Vetted
from shuzheng.engines.lake.types.tables import TableCode

MOST_CHARACTERS: Final = 20_000
MOST_TABLES: Final = 40
MOST_DEPTH: Final = 120
CATALOG: Final = "memory"
"""Catalog of the secured views: the engine's own, where what opens sealed columns is known."""
WITH_SUBJECT: Final = "subject of "
"""Before a table's name: the view that has the keyed subject of each row besides; no text can name it."""
OWN: Final = "~"
"""Before the name of a common table of the reader's."""
_REFUSED: Final = (
    exp.Pivot, exp.Placeholder, exp.Parameter, exp.SessionParameter, exp.Command, exp.Into, exp.DDL, exp.DML,
    exp.Drop, exp.Copy, exp.TableSample, exp.Lock, exp.Columns, exp.HistoricalData, exp.Lateral, exp.Comprehension,
    exp.Lambda, exp.MatchRecognize, exp.Hint, exp.PositionalColumn, exp.Values, exp.Connect,
)  # fmt: skip
_TABLE_PARTS: Final = frozenset({"this", "alias", "joins"})
_ROOTS: Final = (exp.Select, exp.SetOperation, exp.Subquery)
_RELATIONS: Final = (exp.Table, exp.Subquery, exp.CTE, exp.Unnest)
_PATTERNS: Final = (exp.RegexpLike, exp.RegexpExtract, exp.RegexpReplace, exp.SimilarTo, exp.RegexpFullMatch)
_JOINS: Final = frozenset({"", "NATURAL"})

_Node = TypeVar("_Node", bound=exp.Expr)


def read_query(text: str, known: Collection[str]) -> Query:
    """Return a text as one query, and the tables of the catalogue it names.

    Args:
        text: As the reader wrote it.
        known: Codes of every table of the lake.

    Raises:
        QueryUnreadable: Not SQL, with the place.
        QueryRefused: Not one SELECT, or it names what it may not.
        TableNotFound: It names a table that is none of the lake.
    """
    tree = _parsed(text)
    nodes = list(_checked(tree))
    own = _own_names(nodes, known)
    named: dict[TableCode, None] = {}
    for table in _of(nodes, exp.Table):
        code = _table_name(table)
        if code in known:
            named[TableCode(code)] = None
        elif code not in own:
            raise TableNotFound(table=table.name)
    if not named:
        raise QueryRefused(why=said("没有写数据表"))
    if len(named) > MOST_TABLES:
        raise QueryRefused(why=said("数据表超过 {most} 张", most=MOST_TABLES))
    return Query(text, tuple(named), tree)


def vet(query: Query, plan: ReadingPlan) -> Vetted:
    """Return what may run of a query that `read_query` read.

    Args:
        query: From `read_query`; its tree is written anew in place, so that it can be vetted once.
        plan: Of every table the query names.

    Raises:
        QueryRefused: It asks for what no query may.
        GroupsOnly: It asks for more than groups where only groups are granted.
    """
    tree = query.tree
    nodes = list(tree.walk())
    _check_words(nodes)
    _check_whole_rows(nodes)
    limited = {code for code, one in plan.tables.items() if one.least_group}
    grouped = secure_groups(tree, {code: plan.tables[code] for code in limited}, plan.least_group) if limited else None
    rowwise = None if limited else rowwise_select(tree, plan)
    about = () if limited else tables_told(nodes, plan, rowwise)
    subjects = () if rowwise is None else carry_subjects(rowwise, plan)
    tables = list(_of(nodes, exp.Table))
    _rename_own(nodes, tables)
    _secure_tables(tables, plan, carried=grouped or rowwise)
    _soften_casts(tree.walk() if limited else nodes)
    _settle_order(nodes)
    return Vetted(tree.sql(SQL, comments=False), plan, subjects, about)


def _of(nodes: Iterable[exp.Expr], kind: type[_Node]) -> Iterator[_Node]:
    return (node for node in nodes if isinstance(node, kind))


# ---- reading ----
def _parsed(text: str) -> exp.Expr:
    if len(text) > MOST_CHARACTERS or "\x00" in text:
        raise QueryRefused(why=said("文字超过 {most} 个字符或含有不能用的字符", most=MOST_CHARACTERS))
    try:
        found = parse_texts(text)
    except ParseError as failed:
        first: dict[str, object] = dict(failed.errors[0]) if failed.errors else {}
        raise QueryUnreadable(line=first.get("line") or 1, column=first.get("col") or 1) from None
    except (SqlglotError, RecursionError):
        raise QueryUnreadable(line=1, column=1) from None
    if len(found) != 1 or not isinstance(found[0], _ROOTS):
        raise QueryRefused(why=said("只能写一条 SELECT"))
    return found[0]


def _checked(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Yield every node, in the order of the text, that a query may hold; the first that it may not is refused."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MOST_DEPTH:
            raise QueryRefused(why=said("一层套一层太深"))
        _check_node(node)
        waiting.extend((one, depth + 1) for one in node.iter_expressions(reverse=True))
        yield node


def _check_node(node: exp.Expr) -> None:
    if isinstance(node, _REFUSED):
        raise QueryRefused(why=said("不能用 {what}", what=type(node).__name__.upper()))
    if isinstance(node, exp.With) and node.args.get("recursive"):
        raise QueryRefused(why=said("不能用 {what}", what="RECURSIVE"))
    if isinstance(node, exp.Identifier) and node.name.startswith((OWN, WITH_SUBJECT)):
        raise QueryRefused(why=said("名称不能以“{sign}”开头", sign=OWN))
    if isinstance(node, exp.Dot):
        raise QueryRefused(why=said("名称里的点太多"))
    _check_place(node)


def _check_place(node: exp.Expr) -> None:
    if isinstance(node, exp.Column) and (node.args.get("db") or node.args.get("catalog")):
        raise QueryRefused(why=said("列名前最多写一个表名"))
    if isinstance(node, exp.Join) and str(node.args.get("method") or "").upper() not in _JOINS:
        raise QueryRefused(why=said("不能用 {what}", what=f"{node.args['method']} JOIN".upper()))


def _own_names(nodes: Iterable[exp.Expr], known: Collection[str]) -> frozenset[str]:
    """Return names of common tables, lower-case; none may be a table of the lake's in any writing."""
    own = frozenset(one.alias.lower() for one in _of(nodes, exp.CTE))
    if clash := sorted(own & set(known)):
        raise QueryRefused(why=said("WITH 里的名称 {name} 和数据表重名", name=clash[0]))
    return own


def _table_name(table: exp.Table) -> str:
    if not isinstance(table.this, exp.Identifier):
        raise QueryRefused(why=said("FROM 后面不能用函数"))
    if table.args.get("db") or table.args.get("catalog"):
        raise QueryRefused(why=said("表名前不能写库名"))
    if any(value for part, value in table.args.items() if part not in _TABLE_PARTS):
        raise QueryRefused(why=said("表名后面有不能用的内容"))
    return table.name.lower()


def _check_whole_rows(nodes: list[exp.Expr]) -> None:
    """A table's name written as a column is its whole row, whatever stands in it."""
    rows = {one.alias_or_name.lower() for one in nodes if isinstance(one, _RELATIONS)}
    for column in _of(nodes, exp.Column):
        if not column.table and column.name.lower() in rows:
            raise QueryRefused(why=said("{name} 是表的名称，不能当作列；请写列名", name=column.name))


def _check_words(nodes: Iterable[exp.Expr]) -> None:
    """A pattern that is not a constant can be made wrong for some rows alone; the engine then says so."""
    for node in nodes:
        if isinstance(node, _PATTERNS) and not isinstance(node.expression, exp.Literal):
            raise QueryRefused(why=said("正则表达式只能是常量"))


# ---- writing anew ----
def _rename_own(nodes: Iterable[exp.Expr], tables: Iterable[exp.Table]) -> None:
    own = set()
    for one in _of(nodes, exp.CTE):
        alias = one.args["alias"]
        own.add(alias.name.lower())
        alias.set("this", exp.to_identifier(OWN + alias.name.lower(), quoted=True))
    for table in tables:
        if table.name.lower() in own:
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name, quoted=True)))
            table.set("this", exp.to_identifier(OWN + table.name.lower(), quoted=True))


def _secure_tables(tables: Iterable[exp.Table], plan: ReadingPlan, *, carried: exp.Select | None) -> None:
    for table in tables:
        code = TableCode(table.name.lower())
        if code not in plan.tables:
            continue
        if not table.alias:
            table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name, quoted=True)))
        with_subject = plan.tables[code].table.subject and carried is not None and table.parent_select is carried
        table.set("this", exp.to_identifier((WITH_SUBJECT if with_subject else "") + code, quoted=True))
        table.set("db", exp.to_identifier("main", quoted=True))
        table.set("catalog", exp.to_identifier(CATALOG, quoted=True))


def _soften_casts(nodes: Iterable[exp.Expr]) -> None:
    for cast in list(_of(nodes, exp.Cast)):
        if type(cast) is exp.Cast and not isinstance(cast.this, exp.Literal):
            cast.replace(exp.TryCast(this=cast.this, to=cast.args["to"]))


def _settle_order(nodes: Iterable[exp.Expr]) -> None:
    """Some rows of many are the first of an order: which ones an engine meets first may depend on rows not seen."""
    for one in _of(nodes, exp.Query):
        limited = one.args.get("limit") or one.args.get("offset")
        if limited and not one.args.get("order") and not (isinstance(one, exp.Select) and _is_scan(one)):
            one.set("order", exp.Order(expressions=[exp.Ordered(this=exp.var("ALL"), nulls_first=False)]))


def _is_scan(select: exp.Select) -> bool:
    if any(select.args.get(part) for part in ("joins", "group", "distinct")):
        return False
    rows = select.args.get("from_")
    return rows is not None and isinstance(rows.this, exp.Table)
