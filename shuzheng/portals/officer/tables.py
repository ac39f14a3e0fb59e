"""Decision tables as the desk's pages show and edit them: a grid of inputs, faults cell by cell, findings, a trial."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from shuzheng.engines.rules.errors import RuleTextInvalid, TableFault, TableInvalid
from shuzheng.engines.rules.rules.saying import say_value
from shuzheng.engines.rules.rules.tables.checking import MOST_COLUMNS, MOST_ROWS, check_table
from shuzheng.engines.rules.rules.tables.deciding import decide_table, explain_table
from shuzheng.engines.rules.rules.tables.findings import findings_of
from shuzheng.engines.rules.types import Facts, Finding, Node, Op, Schema, Value
from shuzheng.engines.rules.types.tables import (
    OUTCOME_LABELS,
    POLICY_LABELS,
    HitPolicy,
    InputColumn,
    Outcome,
    RowText,
    Severity,
    Table,
    TableDefinition,
)
from shuzheng.portals.officer.presenting import Tag
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.services.rulebook.rules.tables import load_table, read_table
from shuzheng.services.rulebook.types import RuleKind, RuleView

MOST_TYPED: Final = 4000
_SEVERITY_TAGS: Final[Mapping[Severity, tuple[str, str, str]]] = {
    Severity.ERROR: ("必须改", "bad", "x"),
    Severity.WARNING: ("请核对", "warn", "alert"),
    Severity.NOTE: ("说明", "", "info"),
}
_OUTCOME_TAGS: Final[Mapping[Outcome, tuple[str, str]]] = {
    Outcome.DECIDED: ("ok", "check"),
    Outcome.NONE: ("", "x"),
    Outcome.UNKNOWN: ("warn", "help"),
    Outcome.SEVERAL: ("bad", "alert"),
}


@dataclass(frozen=True, slots=True)
class GridCell:
    """An input of the grid: its name, what it is called, what was typed, what is wrong with it."""

    name: str
    label: str
    typed: str
    fault: str = ""
    result: bool = False


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of conditions with its three inputs; `fault` is about its value or its allowed values."""

    number: int
    label: str
    expression: str
    allowed: str
    fault: str = ""

    @property
    def focus_name(self) -> str:
        """Return the input to go on with when the column is new."""
        return f"c-{self.number}-label"


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row; `fault` is about the whole of it."""

    number: int
    cells: tuple[GridCell, ...]
    note: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class GridFinding:
    """What a look over the table found, with the rows it names."""

    tag: Tag
    words: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as a page shows it.

    Attributes:
        faults: By input name, in the order of the table; the name is '' for what is about the whole.
        findings: None while there are faults: only a table that can be read is looked at as a whole.
    """

    policy: HitPolicy
    policies: tuple[tuple[str, str], ...]
    columns: tuple[GridColumn, ...]
    outputs: tuple[str, ...]
    rows: tuple[GridRow, ...]
    faults: tuple[tuple[str, str], ...] = ()
    findings: tuple[GridFinding, ...] | None = None

    @property
    def help(self) -> tuple[tuple[str, str], ...]:
        """Return ways to write a cell, each with what it asks."""
        return (
            ("-", str(_("不限"))),
            (">= 500", str(_("比较"))),
            ("[1..5)", str(_("从 1 起、不到 5"))),
            ("'甲', '乙'", str(_("其中之一"))),
            ("非('甲')", str(_("都不是"))),
            ("2026-01-31", str(_("日期"))),
            ("是, 否", str(_("是否"))),
            ("空, 不为空", str(_("有没有这个值"))),
        )

    @property
    def policy_label(self) -> str:
        """Return what the policy does, in the reader's language."""
        return tr(POLICY_LABELS[self.policy])


def grid_of(definition: TableDefinition, schema: Schema) -> Grid:
    """Return a table with its inputs, checked."""
    faults: tuple[TableFault, ...] = ()
    findings: tuple[GridFinding, ...] | None = None
    try:
        findings = _findings(check_table(definition, schema))
    except TableInvalid as refused:
        faults = refused.faults
    wrong = {_name_of(fault, definition): tr(fault.problem) for fault in reversed(faults)}
    return Grid(
        policy=definition.policy,
        policies=tuple((str(policy), tr(label)) for policy, label in POLICY_LABELS.items()),
        columns=tuple(
            GridColumn(i, column.label, column.expression, column.allowed, wrong.get(f"c-{i}-expression", ""))
            for i, column in enumerate(definition.inputs, 1)
        ),
        outputs=tuple(output.label for output in definition.outputs),
        rows=tuple(_row(number, row, definition, wrong) for number, row in enumerate(definition.rows, 1)),
        faults=tuple((_name_of(fault, definition), _say_fault(fault)) for fault in faults),
        findings=findings,
    )


def _say_fault(fault: TableFault) -> str:
    return str(_("%(place)s：%(problem)s") % {"place": tr(fault.place), "problem": tr(fault.problem)})


def _name_of(fault: TableFault, definition: TableDefinition) -> str:
    """Return the input a fault is about, '' for none."""
    if fault.row:
        return f"r-{fault.row}-{max(fault.column, 1)}"
    return f"c-{fault.column}-expression" if 0 < fault.column <= len(definition.inputs) else ""


def _row(number: int, row: RowText, definition: TableDefinition, wrong: Mapping[str, str]) -> GridRow:
    labels = [
        *(column.label or column.expression for column in definition.inputs),
        *(output.label for output in definition.outputs),
    ]
    cells = tuple(
        GridCell(f"r-{number}-{i}", label, typed, wrong.get(f"r-{number}-{i}", ""), i > len(definition.inputs))
        for i, (label, typed) in enumerate(zip(labels, (*row.tests, *row.values), strict=False), 1)
    )
    return GridRow(number, cells, row.note)


def _findings(table: Table) -> tuple[GridFinding, ...]:
    found = []
    for finding in findings_of(table):
        words, kind, icon = _SEVERITY_TAGS[finding.severity]
        found.append(GridFinding(Tag(tr(words), kind, icon), tr(finding.words), finding.rows))
    return tuple(found)


def grid_of_rule(rule: RuleView, text: str = "") -> Grid | None:
    """Return a rule's table, or that of another text on its facts; None for what is no table."""
    if rule.kind is not RuleKind.TABLE:
        return None
    try:
        return grid_of(load_table(text or rule.text), rule.schema)
    except RuleTextInvalid:
        return None


# ---- what was typed ----
def read_table_typed(posted: QueryDict, shown: TableDefinition) -> TableDefinition:
    """Return the table that was typed, right or wrong; without the grid's inputs it is the one shown."""
    n, width = _count(posted, "rows", MOST_ROWS), _count(posted, "columns", MOST_COLUMNS)
    if not n or not width:
        return shown
    inputs = tuple(
        InputColumn(*(_typed(posted, f"c-{i}-{part}") for part in ("label", "expression", "allowed")))
        for i in range(1, width + 1)
    )
    last = width + len(shown.outputs)
    rows = tuple(
        RowText(
            tuple(_typed(posted, f"r-{number}-{i}") for i in range(1, width + 1)),
            tuple(_typed(posted, f"r-{number}-{i}") for i in range(width + 1, last + 1)),
            _typed(posted, f"r-{number}-note"),
        )
        for number in range(1, n + 1)
    )
    policy = posted.get("policy", "")
    return TableDefinition(HitPolicy(policy) if policy in set(HitPolicy) else shown.policy, inputs, shown.outputs, rows)


def _count(posted: QueryDict, name: str, most: int) -> int:
    text = posted.get(name, "")
    return min(int(text), most) if re.fullmatch(r"[0-9]{1,5}", text, re.ASCII) else 0


def _typed(posted: QueryDict, name: str) -> str:
    return posted.get(name, "").strip()[:MOST_TYPED]


# ---- rows and columns come, go and move ----
@dataclass(frozen=True, slots=True)
class Changed:
    """A table after a step, and the input to go on with."""

    definition: TableDefinition
    focus: str


def is_step(go: str) -> bool:
    """Say whether a button changes the grid instead of keeping it."""
    return go.partition(":")[0] in _STEPS


def change_table(definition: TableDefinition, go: str) -> Changed:
    """Return the table after a button was pressed, such as `row-add` or `row-up:3`; any other changes nothing."""
    name, _sign, number = go.partition(":")
    step = _STEPS.get(name)
    at = int(number) if re.fullmatch(r"[0-9]{1,4}", number, re.ASCII) else 0
    return Changed(definition, "") if step is None else step(definition, at)


def _blank(definition: TableDefinition) -> RowText:
    return RowText(("-",) * len(definition.inputs), ("",) * len(definition.outputs))


def _row_add(definition: TableDefinition, at: int) -> Changed:
    """Add a row below row `at`; at the end where none is named."""
    place = at if 0 < at <= len(definition.rows) else len(definition.rows)
    if len(definition.rows) >= MOST_ROWS:
        return Changed(definition, f"r-{place}-1")
    rows = (*definition.rows[:place], _blank(definition), *definition.rows[place:])
    return Changed(replace(definition, rows=rows), f"r-{place + 1}-1")


def _row_remove(definition: TableDefinition, at: int) -> Changed:
    if not 0 < at <= len(definition.rows) or len(definition.rows) == 1:
        return Changed(definition, "r-1-1")
    rows = (*definition.rows[: at - 1], *definition.rows[at:])
    return Changed(replace(definition, rows=rows), f"r-{min(at, len(rows))}-1")


def _row_up(definition: TableDefinition, at: int) -> Changed:
    if not 1 < at <= len(definition.rows):
        return Changed(definition, "r-1-1")
    rows = list(definition.rows)
    rows[at - 2], rows[at - 1] = rows[at - 1], rows[at - 2]
    return Changed(replace(definition, rows=tuple(rows)), f"r-{at - 1}-1")


def _row_down(definition: TableDefinition, at: int) -> Changed:
    if not 0 < at < len(definition.rows):
        return Changed(definition, f"r-{len(definition.rows)}-1")
    return replace(_row_up(definition, at + 1), focus=f"r-{at + 1}-1")


def _column_add(definition: TableDefinition, _at: int) -> Changed:
    n = len(definition.inputs)
    if n + len(definition.outputs) >= MOST_COLUMNS:
        return Changed(definition, f"c-{n}-label")
    rows = tuple(replace(row, tests=(*row.tests, "-")) for row in definition.rows)
    return Changed(replace(definition, inputs=(*definition.inputs, InputColumn("", "")), rows=rows), f"c-{n + 1}-label")


def _column_remove(definition: TableDefinition, at: int) -> Changed:
    if not 0 < at <= len(definition.inputs) or len(definition.inputs) == 1:
        return Changed(definition, "c-1-label")
    inputs = (*definition.inputs[: at - 1], *definition.inputs[at:])
    rows = tuple(replace(row, tests=(*row.tests[: at - 1], *row.tests[at:])) for row in definition.rows)
    return Changed(replace(definition, inputs=inputs, rows=rows), f"c-{min(at, len(inputs))}-label")


_STEPS: Final[Mapping[str, Callable[[TableDefinition, int], Changed]]] = {
    "row-add": _row_add,
    "row-remove": _row_remove,
    "row-up": _row_up,
    "row-down": _row_down,
    "column-add": _column_add,
    "column-remove": _column_remove,
}


# ---- trying ----
@dataclass(frozen=True, slots=True)
class TriedRow:
    """A row that was tried: why it holds, does not, or is not known; `counts` where its result is taken."""

    number: int
    holds: bool | None
    counts: bool
    cells: Sequence[Finding]
    results: str


@dataclass(frozen=True, slots=True)
class TriedTable:
    """What a table came to for one set of facts."""

    tag: Tag
    results: Sequence[str] = ()
    missing: Sequence[str] = ()
    rows: Sequence[TriedRow] = field(default_factory=tuple)


def try_table(rule: RuleView, facts: Facts) -> TriedTable | None:
    """Return what a table gives for facts, row by row; None for what is no table."""
    if rule.kind is not RuleKind.TABLE:
        return None
    try:
        table = read_table(rule.text, rule.schema)
    except RuleTextInvalid:
        return None
    decided = decide_table(table, facts)
    kind, icon = _OUTCOME_TAGS[decided.outcome]
    taken = dict(zip(decided.rows, (_say_results(table, values) for values in decided.values), strict=True))
    return TriedTable(
        Tag(tr(OUTCOME_LABELS[decided.outcome]), kind, icon),
        tuple(taken.values()),
        tuple(rule.schema[name].label for name in sorted(decided.missing) if name in rule.schema),
        tuple(
            TriedRow(row.number, row.holds, row.number in taken, tuple(row.cells.values()), taken.get(row.number, ""))
            for row in explain_table(table, facts)
        ),
    )


def _say_results(table: Table, values: Mapping[str, Value]) -> str:
    said = []
    for output in table.outputs:
        value = say_value(values[output.name], table.schema, Node(Op.LITERAL, output.type))
        said.append(f"{output.label}：{value}")
    return "，".join(said)
