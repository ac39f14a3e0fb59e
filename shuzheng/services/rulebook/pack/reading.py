"""Tables of a pack as definitions; a part that is written wrong is passed over here and told by the checks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from shuzheng.base.kernel.pack import PackRows, Row
from shuzheng.engines.rules.types import BOOL, DATE, LIST, TEXT, Fact, Sensitivity, Type
from shuzheng.engines.rules.types.tables import HitPolicy, InputColumn, OutputColumn, RowText, TableDefinition
from shuzheng.services.rulebook.pack.grades import read_grades
from shuzheng.services.rulebook.rules.grading import Grades, grade_of
from shuzheng.services.rulebook.rules.sheets import load_type

TABLES: Final = "rules/tables/*.toml"
TESTS: Final = "rules/tests/table-*.yaml"
_TYPES: Final[Mapping[str, Type]] = {"text": TEXT, "date": DATE, "boolean": BOOL, "list": LIST}


@dataclass(frozen=True, slots=True)
class PackTable:
    """One table of a pack.

    Attributes:
        heads: The lines its columns of conditions begin at, then those of results.
        rows: The lines its rows begin at.
        tests: YAML, '' where it has none.
    """

    file: str
    line: int
    code: str
    label: str
    department: str
    source: str
    source_url: str
    valid_from: date | None
    schema: Mapping[str, Fact]
    definition: TableDefinition
    heads: tuple[int, ...]
    rows: tuple[int, ...]
    tests: str


def read_tables(pack: PackRows) -> tuple[PackTable, ...]:
    """Return the tables of a pack, by file name."""
    grades = read_grades(pack)
    return tuple(_table(pack, file, grades) for file in pack.matching("rules/tables/", ".toml"))


def tests_file(code: str) -> str:
    """Return the file that holds a table's tests."""
    return f"rules/tests/table-{code}.yaml"


def code_of(file: str) -> str:
    """Return the code a table's file is named by."""
    return PurePosixPath(file).stem


def read_type(text: str) -> Type | None:
    """Return a type as packs write it: text, date, boolean, list or num(12,2); None for anything else."""
    if text in _TYPES:
        return _TYPES[text]
    try:
        return load_type(text) if text.startswith("num(") and text.endswith(")") else None
    except ValueError:
        return None


def _table(pack: PackRows, file: str, grades: Grades) -> PackTable:
    rows = pack.of(file)
    top = next((row for row in rows if row.table == ""), Row(file, 1, {}))
    inputs, outputs, lines = (list(_of(rows, table)) for table in ("column", "output", "row"))
    begins = top.values.get("valid_from")
    definition = TableDefinition(
        HitPolicy(top.text("policy")) if top.text("policy") in set(HitPolicy) else HitPolicy.UNIQUE,
        tuple(InputColumn(row.text("label"), row.text("expression"), row.text("allowed")) for row in inputs),
        tuple(
            OutputColumn(
                row.text("name"), row.text("label"), read_type(row.text("type")) or TEXT, _texts(row, "priority")
            )
            for row in outputs
        ),
        tuple(RowText(_texts(row, "when"), _texts(row, "then"), row.text("note")) for row in lines),
    )
    code = code_of(file)
    return PackTable(
        file=file,
        line=top.line,
        code=code,
        label=top.text("label"),
        department=top.text("department"),
        source=top.text("source"),
        source_url=top.text("source_url"),
        valid_from=_day(begins),
        schema={fact.name: fact for fact in (_fact(row, grades) for row in _of(rows, "fact"))},
        definition=definition,
        heads=tuple(row.line for row in (*inputs, *outputs)),
        rows=tuple(row.line for row in lines),
        tests="".join(row.text("text") for row in pack.of(tests_file(code))),
    )


def _day(value: object) -> date | None:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return None


def _of(rows: Iterable[Row], table: str) -> Iterator[Row]:
    return (row for row in rows if row.table == table)


def _texts(row: Row, key: str) -> tuple[str, ...]:
    value = row.values.get(key)
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _fact(row: Row, grades: Grades) -> Fact:
    return Fact(
        row.text("name"),
        read_type(row.text("type")) or TEXT,
        row.text("label"),
        unit=row.text("unit"),
        null_means=row.text("null") or "未提供",
        register=row.text("register"),
        column=row.text("column"),
        sensitivity=grade_of(row.values, grades) or Sensitivity.L2,
        choices=_texts(row, "choices"),
    )
