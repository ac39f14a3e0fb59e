"""Which columns a tree gives, of what type; and what is wrong with a tree, before any engine sees it.

Types are Arrow's, as `rules.arrow` gives them. A sealed column is bytes until an engine was opened with the key: it can
be handed on, counted where it is known, and asked whether it is NULL; nothing else.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import pyarrow as pa

from shuzheng.engines.lake.errors import TreeInvalid
from shuzheng.engines.lake.rules.arrow import OWN_FIELDS, arrow_type, stored_type
from shuzheng.engines.lake.rules.masking import check_mask
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
from shuzheng.engines.rules.types import MOST_DIGITS, Kind, Node, Op, Type

Columns: TypeAlias = Mapping[str, pa.DataType]
"""Names in their order, and types."""
COUNT_TYPE: Final = pa.int64()
SUMMABLE_DIGITS: Final = 28
"""A sum of what is wider could pass 38 digits within 10^10 rows; one engine raises then, another gives nonsense."""
_OWN: Final = {field.name: field.type for field in OWN_FIELDS}
_NODE_TYPES: Final = {Kind.BOOL: pa.bool_(), Kind.DATE: pa.date32(), Kind.TEXT: pa.string()}


def sources_of(tree: Tree) -> tuple[Tree, ...]:
    """Return the trees a tree stands on, left first."""
    match tree:
        case Scan():
            return ()
        case Join():
            return tree.left, tree.right
        case Union():
            return tree.sources
        case _:
            return (tree.source,)


def tables_of(tree: Tree) -> frozenset[TableCode]:
    """Return the tables a tree reads."""
    if isinstance(tree, Scan):
        return frozenset({tree.table})
    return frozenset().union(*map(tables_of, sources_of(tree)))


def columns_of(tree: Tree, tables: Mapping[TableCode, Table], *, opened: bool = False) -> Columns:
    """Return the columns a tree gives.

    Args:
        tree: Any tree.
        tables: What there is.
        opened: Whether sealed columns are opened.

    Raises:
        TreeInvalid: It names what is not there, or compares what cannot be compared.
    """
    below = [columns_of(source, tables, opened=opened) for source in sources_of(tree)]
    return columns_above(tree, below, tables, opened=opened)


def columns_above(tree: Tree, below: Sequence[Columns], tables: Mapping[TableCode, Table], *, opened: bool) -> Columns:
    """Return the columns a tree gives, from those its sources give; see `columns_of`."""
    match tree:
        case Scan():
            return _scanned(tree, tables, opened=opened)
        case Filter():
            check_node(tree.condition, below[0], Kind.BOOL)
            return below[0]
        case Project():
            _check_names([one.name for one in tree.outputs])
            return {one.name: type_of(one.expression, below[0]) for one in tree.outputs}
        case Aggregate():
            return _grouped(tree, below[0])
        case Join() | Union():
            return _together(tree, below)
        case Sort():
            return _sorted(tree, below[0])


def table_columns(table: Table, *, opened: bool) -> Columns:
    """Return the columns a table has, the lake's own after them."""
    kind = arrow_type if opened else stored_type
    return {**{column.name: kind(column) for column in table.columns}, **_OWN}


def type_of(expression: Expression, below: Columns) -> pa.DataType:
    """Return the type of an expression over columns.

    Raises:
        TreeInvalid: See `columns_of`.
    """
    match expression:
        case Plain():
            return _column(expression.column, below)
        case Masked():
            return _masked(expression, below)
        case _:
            return check_node(expression, below)


def check_node(node: Node, below: Columns, kind: Kind | None = None) -> pa.DataType:
    """Return the type of a rule over columns.

    Args:
        node: Checked tree of a rule.
        below: What it may name.
        kind: What it has to be, None for any.

    Raises:
        TreeInvalid: See `columns_of`.
    """
    if kind is not None and node.type.kind is not kind:
        raise TreeInvalid(why=f"这里要的是{Type(kind)}，写的是{node.type}")
    for fact, asked in facts_of(node):
        found = _column(str(fact.value), below)
        if asked is not Op.IS_NULL or not pa.types.is_binary(found):
            _check_fact(fact, found)
    return node_type(node.type)


def node_type(found: Type) -> pa.DataType:
    """Return the Arrow type of a rule's values.

    Raises:
        TreeInvalid: A list, which no column is.
    """
    if found.kind is Kind.NUMBER:
        return pa.decimal128(found.digits, found.scale) if found.scale or found.digits > 18 else pa.int64()
    if found.kind not in _NODE_TYPES:
        raise TreeInvalid(why=f"{found}不能作列")
    return _NODE_TYPES[found.kind]


def facts_of(node: Node, above: Op | None = None) -> Iterator[tuple[Node, Op | None]]:
    """Yield the columns a rule names, each with the operator that asks for it."""
    if node.op is Op.FACT:
        yield node, above
    for part in node.parts:
        yield from facts_of(part, node.op)


def common_type(left: pa.DataType, right: pa.DataType) -> pa.DataType:
    """Return the type in which two columns can be compared.

    Raises:
        TreeInvalid: There is none.
    """
    if left == right:
        return left
    if _is_number(left) and _is_number(right):
        a, b = _as_decimal(left), _as_decimal(right)
        scale = max(a.scale, b.scale)
        digits = max(a.precision - a.scale, b.precision - b.scale) + scale
        if digits <= MOST_DIGITS:
            return pa.decimal128(digits, scale)
    raise TreeInvalid(why=f"{left} 和 {right} 不能比较")


def _scanned(tree: Scan, tables: Mapping[TableCode, Table], *, opened: bool) -> Columns:
    if tree.table not in tables:
        raise TreeInvalid(why=f"没有数据表 {tree.table}")
    _check_names(tree.columns)
    found = table_columns(tables[tree.table], opened=opened)
    return {name: _column(name, found) for name in tree.columns}


def _grouped(tree: Aggregate, below: Columns) -> Columns:
    _check_names([*tree.by, *(figure.name for figure in tree.figures)])
    if tree.least:
        _open(tree.of_whom, below)
    by = {name: _open(name, below) for name in tree.by}
    return {**by, **{figure.name: _measured(figure, below) for figure in tree.figures}}


def _measured(figure: Figure, below: Columns) -> pa.DataType:
    if figure.expression is None:
        if figure.measure is not Measure.COUNT:
            raise TreeInvalid(why=f"指标 {figure.name} 没有写算什么")
        return COUNT_TYPE
    found = type_of(figure.expression, below)
    if pa.types.is_binary(found) and figure.measure is not Measure.COUNT_KNOWN:
        raise TreeInvalid(why=f"指标 {figure.name} 要算的列加密存储")
    return _MEASURED[figure.measure](figure, found)


def _counted(_figure: Figure, _found: pa.DataType) -> pa.DataType:
    return COUNT_TYPE


def _decided(figure: Figure, found: pa.DataType) -> pa.DataType:
    if not pa.types.is_boolean(found):
        raise TreeInvalid(why=f"指标 {figure.name} 要数的不是条件")
    return COUNT_TYPE


def _summed(figure: Figure, found: pa.DataType) -> pa.DataType:
    if not _is_number(found):
        raise TreeInvalid(why=f"指标 {figure.name} 要加的不是数")
    if _as_decimal(found).precision > SUMMABLE_DIGITS:
        raise TreeInvalid(why=f"指标 {figure.name} 要加的数超过 {SUMMABLE_DIGITS} 位，先取整到较大的单位")
    return pa.decimal128(MOST_DIGITS, _as_decimal(found).scale)


_MEASURED: Final[Mapping[Measure, Callable[[Figure, pa.DataType], pa.DataType]]] = {
    Measure.COUNT: _counted,
    Measure.COUNT_KNOWN: _counted,
    Measure.COUNT_DISTINCT: _counted,
    Measure.COUNT_TRUE: _decided,
    Measure.COUNT_FALSE: _decided,
    Measure.SUM: _summed,
    Measure.LEAST: lambda _figure, found: found,
    Measure.MOST: lambda _figure, found: found,
}


def _together(tree: Join | Union, below: Sequence[Columns]) -> Columns:
    return _joined(tree, below[0], below[1]) if isinstance(tree, Join) else _united(below)


def _joined(tree: Join, left: Columns, right: Columns) -> Columns:
    if not tree.on:
        raise TreeInvalid(why="连接没有写按哪些列")
    for one, other in tree.on:
        common_type(_open(one, left), _open(other, right))
    if tree.kind in (JoinKind.SEMI, JoinKind.ANTI):
        return left
    _check_names([*left, *right])
    return {**left, **right}


def _united(below: Sequence[Columns]) -> Columns:
    if not below:
        raise TreeInvalid(why="没有要合并的")
    first = below[0]
    for other in below[1:]:
        for name, found in first.items():
            if _column(name, other) != found:
                raise TreeInvalid(why=f"合并的各部分里列 {name} 类型不同")
    return first


def _sorted(tree: Sort, below: Columns) -> Columns:
    if tree.limit < 0:
        raise TreeInvalid(why="最多行数小于零")
    for name, _falls in tree.by:
        _open(name, below)
    return below


def _masked(expression: Masked, below: Columns) -> pa.DataType:
    column, found = expression.column, _column(expression.column.name, below)
    check_mask(column, expression.mask)
    if pa.types.is_binary(found):
        if expression.mask not in (Mask.NONE, Mask.DROP):
            raise TreeInvalid(why=f"列 {column.name} 加密存储，只能由网关打开")
        return found if expression.mask is Mask.NONE else arrow_type(column)
    if found != arrow_type(column):
        raise TreeInvalid(why=f"列 {column.name} 不是它定义的类型")
    return found


def _column(name: str, below: Columns) -> pa.DataType:
    if name not in below:
        raise TreeInvalid(why=f"没有列 {name}")
    return below[name]


def _open(name: str, below: Columns) -> pa.DataType:
    found = _column(name, below)
    if pa.types.is_binary(found):
        raise TreeInvalid(why=f"列 {name} 加密存储，只能由网关打开")
    return found


def _check_fact(fact: Node, found: pa.DataType) -> None:
    name = str(fact.value)
    _open(name, {name: found})
    if fact.type.kind is not Kind.NUMBER:
        fits = _NODE_TYPES.get(fact.type.kind) == found
    elif pa.types.is_integer(found):
        fits = True
    else:
        fits = pa.types.is_decimal(found) and _holds(fact.type, found)
    if not fits:
        raise TreeInvalid(why=f"列 {name} 是 {found}，规则里当作{fact.type}")


def _holds(asked: Type, found: pa.DataType) -> bool:
    return bool(asked.scale >= found.scale and asked.digits - asked.scale >= found.precision - found.scale)


def _is_number(found: pa.DataType) -> bool:
    return bool(pa.types.is_integer(found) or pa.types.is_decimal(found))


def _as_decimal(found: pa.DataType) -> pa.DataType:
    return found if pa.types.is_decimal(found) else pa.decimal128(19, 0)


def _check_names(names: Sequence[str]) -> None:
    if not names:
        raise TreeInvalid(why="没有写列")
    twice = [name for name, times in Counter(name.lower() for name in names).items() if times > 1]
    if twice:
        raise TreeInvalid(why=f"列 {'、'.join(twice)} 写了不止一次")
