"""Decision tables and rule tests of a pack: read, checked and run; every fault has its place; handed to the book."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pytest

from shuzheng.base.kernel.pack import Fault
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.rules.tables.checking import check_table
from shuzheng.engines.rules.rules.tables.deciding import decide_table
from shuzheng.engines.rules.rules.tables.findings import findings_of
from shuzheng.engines.rules.types.tables import Severity
from shuzheng.packs.queries import check_pack, read_pack
from shuzheng.services.items.pack import book as form_book
from shuzheng.services.rulebook import pack as part
from shuzheng.services.rulebook.pack.reading import read_tables
from shuzheng.services.rulebook.queries import get_rule, get_sheet, rules_in_force
from shuzheng.services.rulebook.rules.tables import dump_table, load_table, read_table
from shuzheng.services.rulebook.rules.testing import run_rule_tests
from shuzheng.services.rulebook.types import RuleKind
from tests.packs.conftest import LUAN, TEMPLATE

AT = datetime(2031, 1, 2, 2, 0, tzinfo=UTC)
TABLE = "rules/tables/shop-visit.toml"
TESTS = "rules/tests/table-shop-visit.yaml"
FORM = "rules/tests/form-000199001001.yaml"

Spoil = Callable[[str, str, str], None]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return copytree(TEMPLATE, tmp_path / "pack")


@pytest.fixture
def spoil(pack: Path) -> Spoil:
    def replace(file: str, old: str, new: str) -> None:
        text = (pack / file).read_text("utf-8")
        assert text.count(old) == 1, f"{file}: {old!r} stands there {text.count(old)} times"
        (pack / file).write_text(text.replace(old, new), "utf-8")

    return replace


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "says"),
    [
        (TABLE, 'when = ["[30..60)"]', 'when = ["[30..60"]', 28, "第 1 列，第 8 个字符"),
        (TABLE, 'when = ["[30..60)"]', 'when = ["[30..60)", "-"]', 28, "2 格条件"),
        (TABLE, 'when = ["[30..60)"]', 'when = ["[30..60]"]', 28, "第 2 行和第 3 行会同时符合"),
        (TABLE, 'when = ["[30..60)"]', 'when = ["（30..60]"]', 28, "半角"),
        (TABLE, 'then = ["2"]', "then = [\"'两次'\"]", 28, "这一列的结果是数值"),
        (TABLE, 'expression = "score"', 'expression = "scor"', 14, "没有名为“scor”"),
        (TABLE, 'allowed = "[0..100]"', 'allowed = "0..100"', 14, "看不懂"),
        (TABLE, 'type = "num(2,0)"', 'type = "int"', 19, "type"),
        (TABLE, 'type = "num(3,0)"', 'type = "num(x)"', 8, "type"),
        (TABLE, 'policy = "UNIQUE"', 'policy = "ANY"', 2, "policy"),
        (TABLE, 'department = "市市场监管局"', 'department = "市监局"', 2, "department"),
        (TABLE, "valid_from = 2023-01-01\n", "", 2, "valid_from"),
        (TABLE, 'unit = "分"', 'units = "分"', 8, "units"),
        (TESTS, "{score: 29}", "{score: 30}", 1, "结果应为1，实际是2"),
        (TESTS, "{score: 29}", "{scores: 29}", 3, "第 8 列：没有名为“scores”"),
        (TESTS, "{风险分值: 30}", "{风险分值: 三十}", 8, "数值"),
        (TESTS, "  行: 3", "  行: 2", 11, "行应为2，实际是3"),
        (TESTS, "60 分一年四次", "29 分一年一次", 11, "名称重复"),
        (FORM, "form.area: 9.99", "form.area: 10", 7, "结论应为不符合，实际是符合"),
        (FORM, "form.area: 9.99", "form.area: no", 9, "数值"),
        (FORM, "缺少: [企业登记状态]", "缺少: [登记]", 23, "没有名为“登记”"),
        (FORM, "结论: 待核", "结论: 不知道", 22, "符合、不符合、待核"),
    ],
)
def test_a_fault_is_told_with_its_file_and_line(
    pack: Path, spoil: Spoil, file: str, old: str, new: str, line: int, says: str
) -> None:
    spoil(file, old, new)
    found = check_pack(pack)
    assert any(f.file == file and f.line == line and says in f.what for f in found), found
    assert all(f.remedy for f in found)


def test_tests_without_their_rule_and_tables_without_tests_are_told(pack: Path) -> None:
    (pack / TESTS).rename(pack / "rules/tests/table-other.yaml")
    (pack / FORM).rename(pack / "rules/tests/form-000199001002.yaml")
    (pack / "rules/tests/stray.yaml").write_text("")
    told = [(one.file, one.what) for one in check_pack(pack)]
    assert ("rules/tests/table-other.yaml", "没有它要测试的决策表") in told
    assert (TESTS, "决策表没有测试") in told
    assert ("rules/tests/form-000199001002.yaml", "没有它要测试的申请表") in told
    assert any(file == "rules/tests/stray.yaml" for file, _ in told)


def test_every_fault_is_told_at_once(pack: Path, spoil: Spoil) -> None:
    spoil(TABLE, 'when = ["< 30"]', 'when = [""]')
    spoil(TABLE, 'when = ["[30..60)"]', 'when = ["三"]')
    spoil(FORM, "form.area: 9.99", "form.area: no")
    assert len([fault for fault in check_pack(pack) if fault.file.startswith("rules/")]) == 3


@pytest.mark.django_db
def test_tables_go_into_the_book_with_their_facts_and_tests() -> None:
    rows = read_pack(TEMPLATE)
    first = part.apply(rows, actor=SYSTEM, at=AT)
    assert (first.added, first.changed) == (1, 0)
    assert part.apply(rows, actor=SYSTEM, at=AT).nothing_changed
    rule = get_rule("table/shop-visit", date(2031, 1, 2))
    assert (rule.kind, rule.label, rule.department) == (RuleKind.TABLE, "小餐饮每年检查次数", "市市场监管局")
    assert rule.valid_from == date(2023, 1, 1)
    table = read_table(rule.text, get_sheet("table/shop-visit").facts)
    assert decide_table(table, {"score": Decimal(45)}).values == ({"visits": Decimal(2)},)
    results = run_rule_tests(rule.text, rule.kind, rule.schema, rule.tests)
    assert [(one.name, one.passed) for one in results] == [
        ("29 分一年一次", True),
        ("30 分一年两次", True),
        ("60 分一年四次", True),
    ]


@pytest.mark.django_db
def test_a_condition_carries_what_the_tests_of_its_form_say_of_it() -> None:
    form_book.apply(read_pack(TEMPLATE), actor=SYSTEM, at=AT)
    status, area = rules_in_force(prefix="form/000199001001", on=date(2031, 1, 2))
    assert "fact.ent_status" not in area.tests
    assert [one.name for one in run_rule_tests(area.text, area.kind, area.schema, area.tests)] == [
        "面积正好 10 平方米的，符合",
        "面积 9.99 平方米的，不符合",
    ]
    found = run_rule_tests(status.text, status.kind, status.schema, status.tests)
    assert [one.passed for one in found] == [True, True]
    changed = run_rule_tests("form.area >= 11", area.kind, area.schema, area.tests)
    assert [(one.passed, one.said) for one in changed] == [(False, "结论应为符合，实际是不符合"), (True, "")]


def test_tests_that_cannot_be_read_come_to_one_result_that_says_where() -> None:
    schema = read_tables(read_pack(TEMPLATE))[0].schema
    assert run_rule_tests("score >", RuleKind.CONDITION, schema, "- 甲") == ()
    (bad_tests,) = run_rule_tests("score > 1", RuleKind.CONDITION, schema, "- 甲")
    assert "第 1 行第 3 列" in bad_tests.said
    assert run_rule_tests("score > 1", RuleKind.CONDITION, schema, "") == ()
    (value,) = run_rule_tests(
        "score * 2", RuleKind.VALUE, schema, "- {名称: 甲, 日期: 2031-01-01, 已知: {score: 4}, 结论: 8}"
    )
    assert value.passed


def test_the_text_of_a_table_reads_back_the_same() -> None:
    for one in read_tables(read_pack(LUAN)):
        text = dump_table(one.definition)
        assert load_table(text) == one.definition
        assert (
            text.count("\n") == len(one.definition.rows) + len(one.definition.inputs) + len(one.definition.outputs) + 7
        )


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"policy": "FIRST", "columns": 1}', "[" * 100_000, "x > 1", '{"policy": "ANY"}', "1" * 400_001],
)
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(RuleTextInvalid, match="不是决策表"):
        load_table(text)


class TestTheCity:
    def faults(self) -> list[Fault]:
        rows = read_pack(LUAN)
        return [*part.check(rows), *form_book.check(rows)]

    def test_its_tables_and_tests_have_no_fault(self) -> None:
        assert self.faults() == []

    def test_its_tables_leave_no_gap_and_no_row_unused(self) -> None:
        tables = read_tables(read_pack(LUAN))
        assert len(tables) >= 4
        for one in tables:
            found = findings_of(check_table(one.definition, one.schema))
            assert not [finding.words for finding in found if finding.severity is not Severity.NOTE]

    def test_every_form_has_a_test_that_passes_and_one_that_fails_and_every_condition_is_tested(self) -> None:
        rows = read_pack(LUAN)
        files = rows.matching("rules/tests/form-", ".yaml")
        assert len(files) == 30
        for file in files:
            text = rows.of(file)[0].text("text")
            assert "结论: 符合" in text
            assert "结论: 不符合" in text
