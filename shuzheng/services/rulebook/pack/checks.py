"""What is wrong with the tables of a pack and their tests, with file, line and remedy."""

from collections.abc import Iterable, Iterator
from typing import Final

from shuzheng.base.kernel.pack import Fault, PackRows
from shuzheng.engines.rules.errors import RuleTestsInvalid, TableInvalid
from shuzheng.engines.rules.rules.tables.checking import check_table
from shuzheng.engines.rules.rules.tables.findings import findings_of
from shuzheng.engines.rules.rules.testing.reading import read_tests
from shuzheng.engines.rules.rules.testing.running import gives_of, run_tests
from shuzheng.engines.rules.types import Schema
from shuzheng.engines.rules.types.tables import Severity, Table
from shuzheng.engines.rules.types.testing import RuleTestResult
from shuzheng.services.rulebook.pack.grades import read_grades
from shuzheng.services.rulebook.pack.reading import PackTable, read_tables, read_type, tests_file
from shuzheng.services.rulebook.rules.grading import faults_of_grade

_CELLS: Final = "格子的写法见 docs/explanation/rules.md，改好这一格"


def check(pack: PackRows) -> list[Fault]:
    """Return every fault in this part's files."""
    tables = read_tables(pack)
    known = {tests_file(one.code) for one in tables}
    strays = [file for file in pack.matching("rules/tests/table-", ".yaml") if file not in known]
    untyped = list(_types(pack))
    told = {fault.file for fault in untyped}
    return [
        *untyped,
        *_grades(pack),
        *(fault for one in tables if one.file not in told for fault in _check_table(one)),
        *_departments(pack, tables),
        *(Fault(file, 1, "没有它要测试的决策表", "文件名写成 table-<决策表文件名>.yaml，或删去它") for file in strays),
    ]


def _types(pack: PackRows) -> Iterator[Fault]:
    for file in pack.matching("rules/tables/", ".toml"):
        for row in pack.of(file):
            if row.table in {"fact", "output"} and read_type(row.text("type")) is None:
                yield Fault(file, row.line, "type 不能用", "改成 text、date、boolean、list 或 num(12,2)")


def _grades(pack: PackRows) -> Iterator[Fault]:
    grades = read_grades(pack)
    for file in pack.matching("rules/tables/", ".toml"):
        for row in pack.of(file):
            if row.table == "fact":
                for what, remedy in faults_of_grade(row.values, grades):
                    yield Fault(file, row.line, f"事实 {row.text('name')} 的{what}", remedy)


def _departments(pack: PackRows, tables: Iterable[PackTable]) -> Iterator[Fault]:
    known = {row.text("short_name") for row in pack.of("organizations.csv")}
    for one in tables:
        if one.department and one.department not in known:
            what = f"department “{one.department}”不在 organizations.csv 里"
            yield Fault(one.file, one.line, what, "写该文件中的一个 short_name")


def _check_table(one: PackTable) -> Iterator[Fault]:
    try:
        table = check_table(one.definition, one.schema)
    except TableInvalid as refused:
        for fault in refused.faults:
            where = f"{fault.place}，第 {fault.character} 个字符：" if fault.column else f"{fault.place}："
            yield Fault(one.file, _line(one, fault.row, fault.column), where + fault.problem, _CELLS)
        return
    for finding in findings_of(table):
        if finding.severity is Severity.ERROR:
            line = _line(one, finding.rows[0], 0) if finding.rows else one.line
            yield Fault(one.file, line, finding.words, "改窄其中一行，或改用 FIRST、PRIORITY、COLLECT")
    yield from check_tests(tests_file(one.code), one.tests, one.schema, table)


def _line(one: PackTable, row: int, column: int) -> int:
    if row:
        return one.rows[row - 1] if row <= len(one.rows) else one.line
    return one.heads[column - 1] if 0 < column <= len(one.heads) else one.line


def check_tests(file: str, text: str, schema: Schema, table: Table) -> Iterator[Fault]:
    """Yield what is wrong with a table's tests; a table without tests is told too."""
    if not text.strip():
        yield Fault(file, 1, "决策表没有测试", "每种结果至少写一个，写法见 docs/how-to/write-rule-tests.md")
        return
    try:
        tests = read_tests(text, schema, gives_of(table))
    except RuleTestsInvalid as refused:
        yield from faults_of_tests(file, refused)
        return
    yield from failures_of(file, run_tests(tests, table, schema))


def faults_of_tests(file: str, refused: RuleTestsInvalid) -> Iterator[Fault]:
    """Yield the faults of a file of tests that cannot be read."""
    for fault in refused.faults:
        what = f"第 {fault.column} 列：{fault.problem}"
        yield Fault(file, fault.line, what, "写法见 docs/how-to/write-rule-tests.md，改好这一处")


def failures_of(file: str, results: Iterable[RuleTestResult]) -> Iterator[Fault]:
    """Yield a fault for each test that did not come out."""
    for result in results:
        if not result.passed:
            what = f"测试“{result.test.name}”没有通过：{'；'.join(result.problems)}"
            yield Fault(file, result.test.line, what, "核对规则和测试，哪一个写错了就改哪一个")
