"""From a table as written to a table that can be decided, translated and looked through; every fault at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar

from shuzheng.base.kernel.said import said
from shuzheng.engines.rules.errors import FactInvalid, RuleTextInvalid, TableFault, TableInvalid
from shuzheng.engines.rules.rules.checking import check_syntax, facts_of
from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.rules.facts import read_value
from shuzheng.engines.rules.rules.reading import Syntax, read_text
from shuzheng.engines.rules.rules.tables.cells import read_cell, read_result
from shuzheng.engines.rules.types import KIND_LABELS, At, Fact, Kind, Node, Op, Schema, Type, Value
from shuzheng.engines.rules.types.tables import (
    Column,
    HitPolicy,
    InputColumn,
    Output,
    OutputColumn,
    Row,
    RowText,
    Table,
    TableDefinition,
)

MOST_ROWS: Final = 1000
MOST_COLUMNS: Final = 30
_T = TypeVar("_T")


def check_table(definition: TableDefinition, schema: Schema) -> Table:
    """Return a table that can be decided.

    Args:
        definition: As its author wrote it.
        schema: The facts it may ask about, by name.

    Raises:
        TableInvalid: With every fault, each with its row and column.
    """
    checker = _Checker(dict(schema))
    table = checker.table(definition)
    if table is None or checker.faults:
        raise TableInvalid(tuple(sorted(checker.faults, key=lambda one: (one.row, one.column))))
    return table


@dataclass(slots=True)
class _Checker:
    schema: dict[str, Fact]
    faults: list[TableFault] = field(default_factory=list)

    def table(self, definition: TableDefinition) -> Table | None:
        if not self._shape(definition):
            return None
        columns = [self._column(i, column) for i, column in enumerate(definition.inputs, 1)]
        first = len(columns) + 1
        outputs = [self._output(i, column) for i, column in enumerate(definition.outputs, first)]
        if definition.policy is HitPolicy.PRIORITY and not any(one.priority for one in definition.outputs):
            self._fault(0, first, said("优先策略要列出结果的先后：priority"))
        rows = [self._row(number, row, columns, outputs) for number, row in enumerate(definition.rows, 1)]
        checked = tuple(one for one in columns if one is not None)
        given = tuple(one for one in outputs if one is not None)
        if self.faults or len(checked) < len(columns) or len(given) < len(outputs):
            return None
        ranked = sorted(rows, key=lambda row: _rank(row, given)) if definition.policy is HitPolicy.PRIORITY else rows
        return Table(definition.policy, checked, given, tuple(rows), tuple(ranked), self.schema)

    def _shape(self, definition: TableDefinition) -> bool:
        if not definition.inputs or not definition.outputs or not definition.rows:
            self._fault(0, 0, said("决策表至少要有一列条件、一列结果和一行"))
        width = len(definition.inputs) + len(definition.outputs)
        if len(definition.rows) > MOST_ROWS or width > MOST_COLUMNS:
            self._fault(0, 0, said("决策表最多 {rows} 行、{columns} 列", rows=MOST_ROWS, columns=MOST_COLUMNS))
        names = [output.name for output in definition.outputs]
        for i, name in enumerate(names):
            if not name or name in names[:i]:
                self._fault(0, len(definition.inputs) + i + 1, said("结果列的名称不能空着，也不能重复"))
        return not self.faults

    def _column(self, i: int, column: InputColumn) -> Column | None:
        root = self._try(0, i, lambda: check_syntax(read_text(column.expression), self.schema))
        if root is None:
            return None
        subject = root
        if root.op is not Op.FACT:
            unit = _unit(root, self.schema)
            self.schema[f"#{i}"] = Fact(f"#{i}", root.type, column.label or column.expression, unit, changeable=False)
            subject = Node(Op.FACT, root.type, (), f"#{i}")
        allowed = None
        if column.allowed.strip():
            allowed = self._try(0, i, lambda: self._test(column.allowed, subject))
        return Column(column.label or column.expression, root, subject, allowed)

    def _output(self, i: int, column: OutputColumn) -> Output | None:
        fact = Fact(column.name, column.type, column.label)
        try:
            return Output(column.name, column.label, column.type, tuple(read_value(fact, v) for v in column.priority))
        except FactInvalid as fault:
            self._fault(0, i, said("优先顺序里：{problem}", problem=fault.message))
            return None

    def _row(self, number: int, row: RowText, columns: list[Column | None], outputs: list[Output | None]) -> Row:
        if len(row.tests) != len(columns) or len(row.values) != len(outputs):
            self._fault(
                number,
                0,
                said(
                    "这一行有 {n} 格条件、{m} 格结果，应为 {columns} 格和 {outputs} 格",
                    n=len(row.tests),
                    m=len(row.values),
                    columns=len(columns),
                    outputs=len(outputs),
                ),
            )
            return Row(number, (), ())
        tests = [
            self._try(number, i, partial(self._test, text, None if column is None else column.subject))
            for i, (column, text) in enumerate(zip(columns, row.tests, strict=True), 1)
        ]
        values = [
            self._value(number, i, text, output)
            for i, (output, text) in enumerate(zip(outputs, row.values, strict=True), len(columns) + 1)
        ]
        return Row(number, tuple(tests), tuple(one for one in values if one is not None))

    def _test(self, text: str, subject: Node | None) -> Node | None:
        if subject is None:  # the column itself is wrong; a cell can still be written wrong
            read_cell(text, Syntax("bool", At()), Kind.TEXT, self.schema)
            return None
        name = str(subject.value)
        syntax = read_cell(text, Syntax("name", At(), text=name), subject.type.kind, self.schema)
        return None if syntax is None else check_syntax(syntax, self.schema)

    def _value(self, number: int, i: int, text: str, output: Output | None) -> Node | None:
        node = self._try(number, i, lambda: check_syntax(read_result(text, self.schema), self.schema))
        if node is None or output is None:
            return None
        problem = _misfit(node, output)
        if problem:
            self._fault(number, i, problem)
        return node

    def _try(self, row: int, column: int, make: Callable[[], _T]) -> _T | None:
        try:
            return make()
        except RuleTextInvalid as fault:
            self.faults.append(TableFault(row, column, fault.at[1], fault.problem))
            return None

    def _fault(self, row: int, column: int, problem: str) -> None:
        self.faults.append(TableFault(row, column, 1, problem))


def _unit(node: Node, schema: Schema) -> str:
    """Return the unit of a value that is made of one fact without changing what it measures."""
    keeps = {Op.ROUND, Op.ABS, Op.FLOOR, Op.CEIL, Op.COALESCE, Op.GREATEST, Op.LEAST, Op.ADD, Op.SUBTRACT}
    units = {schema[name].unit for name in facts_of(node)}
    return units.pop() if node.op in keeps and len(units) == 1 else ""


def _misfit(node: Node, output: Output) -> str:
    found, wanted = node.type, output.type
    if found.kind is not wanted.kind:
        return said("这一列的结果是{wanted}，写的是{found}", wanted=KIND_LABELS[wanted.kind], found=found)
    if found.kind is Kind.NUMBER and not _holds(wanted, found):
        return said("结果可能是{found}，放不进{wanted}；请先 round 或放宽这一列", found=found, wanted=wanted)
    if output.priority and (node.op is not Op.LITERAL or constant_of(node) not in output.priority):
        return said("结果要是优先顺序里列出的一个常量")
    return ""


def _holds(wanted: Type, found: Type) -> bool:
    return found.scale <= wanted.scale and found.digits - found.scale <= wanted.digits - wanted.scale


def _rank(row: Row, outputs: tuple[Output, ...]) -> tuple[int, ...]:
    return tuple(
        output.priority.index(constant_of(value))
        for output, value in zip(outputs, row.values, strict=True)
        if output.priority
    )


def constant_of(node: Node) -> Value:
    """Return the value of a tree that asks about no fact."""
    return make_closure(node)({})


def facts_of_table(table: Table) -> frozenset[str]:
    """Return the names of the facts a table asks about."""
    named = frozenset[str]().union(*(facts_of(node) for node in _nodes(table)))
    return named - {str(column.subject.value) for column in table.columns if column.subject is not column.root}


def _nodes(table: Table) -> Iterator[Node]:
    for column in table.columns:
        yield column.root
    for row in table.rows:
        yield from (test for test in row.tests if test is not None)
        yield from row.values
