"""What can be wrong with a rule's text or with the facts given to it."""

from dataclasses import dataclass

from shuzheng.base.kernel.errors import Invalid
from shuzheng.base.kernel.said import said


@dataclass(frozen=True, slots=True)
class TableFault:
    """One thing wrong in a decision table.

    Attributes:
        row: From 1; 0 is the heading.
        column: From 1, the columns of conditions first, then those of results; 0 is the whole row.
        character: The place within the cell's text, from 1.
        problem: Chinese.
    """

    row: int
    column: int
    character: int
    problem: str

    @property
    def place(self) -> str:
        """Return where it is, Chinese."""
        row = said("第 {row} 行", row=self.row) if self.row else said("表头")
        return said("{row}第 {column} 列", row=row, column=self.column) if self.column else row


@dataclass(frozen=True, slots=True)
class TextFault:
    """One thing wrong in a text of several lines; line and column from 1."""

    line: int
    column: int
    problem: str


class RuleTextInvalid(Invalid):
    """The text is no rule. `problem` says why; `line` and `column` (from 1) say where."""

    code = "rules.text_invalid"
    text = "第 {line} 行第 {column} 列：{problem}"
    hint = "改好这一处再检查；可用的写法见规则说明"

    def __init__(self, *, line: int, column: int, problem: str) -> None:
        self.at = (line, column)
        self.problem = problem
        super().__init__(line=line, column=column, problem=problem)


class FactInvalid(Invalid):
    """A value does not fit the schema of its fact."""

    code = "rules.fact_invalid"
    text = "“{label}”应为{wanted}"
    hint = "请改成这种写法；不清楚时留空，按未提供处理"


class TableInvalid(Invalid):
    """The definition is no decision table; `faults` holds everything that is wrong, with row and column."""

    code = "rules.table_invalid"
    text = "决策表有 {n} 处不对，第一处：{place}：{problem}"
    hint = "逐处改好再检查；格子的写法见规则说明"

    def __init__(self, faults: tuple[TableFault, ...]) -> None:
        self.faults = faults
        first = faults[0]
        super().__init__(n=len(faults), place=first.place, problem=first.problem)


class RuleTestsInvalid(Invalid):
    """The text is no list of rule tests; `faults` holds everything that is wrong, with line and column."""

    code = "rules.tests_invalid"
    text = "规则测试有 {n} 处不对，第一处：第 {line} 行第 {column} 列：{problem}"
    hint = "逐处改好再检查；写法见操作指南“给规则写测试”"

    def __init__(self, faults: tuple[TextFault, ...]) -> None:
        self.faults = faults
        first = faults[0]
        super().__init__(n=len(faults), line=first.line, column=first.column, problem=first.problem)
