"""What is wrong in facts, policies and facts of subjects, each with file, line and remedy.

The format of the files is checked by `shuzheng.packs`; these checks bear rows that are faulty there.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from shuzheng.base.kernel.pack import Fault, PackRows, Row, Table
from shuzheng.engines.rules.types import Kind
from shuzheng.services.benefits.pack.reading import SUBJECT_FACTS, meta_of, rows_of
from shuzheng.services.benefits.rules.expansion import count_published
from shuzheng.services.benefits.rules.faults import fault_of_given, faults_of_rule, faults_of_spec, window_of
from shuzheng.services.benefits.rules.reading import read_family, read_spec, read_type
from shuzheng.services.benefits.types import FactSpec, Target
from shuzheng.services.rulebook.pack.grades import read_grades
from shuzheng.services.rulebook.rules.grading import faults_of_grade

_SUBJECTS: Final = (*Target, "policy")
_RULE: Final = "按规则的写法改好这一处"


def check(pack: PackRows) -> list[Fault]:
    """Return every fault of both files, including references into other files of the pack."""
    specs = tuple(_specs(pack))
    faults = [*_check_facts(pack, specs), *_check_policies(pack, specs), *_check_subjects(pack, specs)]
    return faults or list(_check_meta(pack))


def _fault(row: Row, what: str, remedy: str, *, line: int | None = None) -> Fault:
    return Fault(row.file, row.line if line is None else line, what, remedy)


def _specs(pack: PackRows) -> Iterator[FactSpec]:
    for row in rows_of(pack, "fact"):
        if row.text("subject") in _SUBJECTS:
            yield read_spec(row.values)


def _check_facts(pack: PackRows, specs: tuple[FactSpec, ...]) -> Iterator[Fault]:
    by_name, grades = {(spec.subject, spec.name): spec for spec in specs}, read_grades(pack)
    for row in rows_of(pack, "fact"):
        name = f"{row.text('subject')}.{row.text('name')}"
        if read_type(row.text("type")) is None:
            what = f"事实 {name} 的类型“{row.text('type')}”不能用"
            yield _fault(row, what, "写 text、date、boolean 或 num(12,2)：共 12 位，小数 2 位")
            continue
        for what, remedy in faults_of_grade(row.values, grades):
            yield _fault(row, f"事实 {name} 的{what}", remedy)
        spec = by_name.get((row.text("subject"), row.text("name")))
        if spec is not None:
            for what, remedy in faults_of_spec(spec, specs):
                yield _fault(row, what, remedy)


def _check_policies(pack: PackRows, specs: tuple[FactSpec, ...]) -> Iterator[Fault]:
    divisions = {row.text("code") for row in pack.of("divisions.csv")}
    departments = {row.text("short_name") for row in pack.of("organizations.csv")}
    for row in rows_of(pack, "policy"):
        if row.text("department") not in departments:
            yield _fault(row, f"没有单位“{row.text('department')}”", "改成 organizations.csv 中的 short_name")
        yield from _check_places(row, divisions)
        yield from _check_years(row)
        if row.text("target") in set(Target):
            yield from _check_rules(row, specs, Target(row.text("target")))
        for key in ("cap_yuan", "budget_yuan"):
            value = row.values.get(key)
            if isinstance(value, int) and value <= 0:
                yield _fault(row, f"{key} 应当大于 0", "写元，例如 200000")


def _check_places(row: Row, divisions: set[str]) -> Iterator[Fault]:
    counties = row.values.get("counties")
    listed = counties if isinstance(counties, list) else []
    for county in listed:
        if county not in divisions:
            yield _fault(row, f"发布地 {county} 不在 divisions.csv 里", "改成该文件中的区划代码；全市发布一次就写 []")
    if len(set(map(str, listed))) != len(listed):
        yield _fault(row, "同一个发布地写了两次", "每个发布地只写一次")


def _check_years(row: Row) -> Iterator[Fault]:
    years, begins, ends = row.values.get("years"), row.values.get("valid_from"), row.values.get("valid_to")
    if not isinstance(years, list) or not all(isinstance(year, int) and 1900 < year < 9999 for year in years):
        yield _fault(row, "years 不是年份", "写成 years = [2023]")
        return
    if not years or len(set(years)) != len(years):
        yield _fault(row, "years 是空的，或有重复的年份", "每个年度写一次，例如 [2022, 2023]")
    if not isinstance(begins, date) or not isinstance(ends, date):
        return  # told by the format
    for year, some in window_of(years, begins, ends).items():
        if not some:
            yield _fault(row, f"{year} 年没有一天在有效期内", "改正 years，或 valid_from、valid_to")


def _check_rules(row: Row, specs: tuple[FactSpec, ...], target: Target) -> Iterator[Fault]:
    for table in row.tables("condition"):
        for what in faults_of_rule(str(table.get("expr", "")), specs, target, kind=Kind.BOOL):
            yield _fault(row, f"条件 {table.get('seq')}：{what}", _RULE, line=_line(table, row))
    for what in faults_of_rule(row.text("amount"), specs, target, kind=Kind.NUMBER):
        yield _fault(row, f"金额：{what}", _RULE)


def _line(table: object, row: Row) -> int:
    return table.line if isinstance(table, Table) else row.line


def _check_subjects(pack: PackRows, specs: tuple[FactSpec, ...]) -> Iterator[Fault]:
    by_name = {(spec.subject, spec.name): spec for spec in specs}
    known: Mapping[str, set[str]] = {
        Target.FIRM: {row.text("uscc") for row in pack.of("firms.csv")},
        Target.PERSON: {row.text("id_no") for row in pack.of("people.csv")},
    }
    files = {Target.FIRM: "firms.csv", Target.PERSON: "people.csv"}
    for row in pack.of(SUBJECT_FACTS):
        kind, name = row.text("subject_kind"), row.text("fact")
        if kind not in files:
            continue  # told by the format
        if row.text("subject_id") not in known[kind]:
            yield _fault(row, f"主体不在 {files[Target(kind)]} 里", "改正 subject_id，或补上这个主体")
        spec = by_name.get((kind, name))
        if spec is None:
            yield _fault(row, f"policies.toml 没有事实 {kind}.{name}", "改正 fact，或在 policies.toml 加上这个事实")
        elif what := fault_of_given(spec, row.text("value")):
            yield _fault(row, f"{spec.fact.label}的值{what}", "改成该事实的取值；来源没有答复就留空")


def _check_meta(pack: PackRows) -> Iterator[Fault]:
    families = [read_family(row.values) for row in rows_of(pack, "policy") if row.text("target") in set(Target)]
    row = next(iter(rows_of(pack, "meta")), None)
    if row is None:
        if families:
            first = rows_of(pack, "policy")[0]
            yield _fault(first, "没有 [meta]", "加上 [meta]：city_code、facts_year、families、published_target")
        return
    counted = {"families": len(families), "published_target": count_published(families)}
    for key, value in counted.items():
        if meta_of(pack).get(key) != value:
            yield _fault(row, f"{key} 写的是 {row.text(key)}，算出来是 {value}", f"改成 {value}，或核对政策")
    if row.text("city_code") not in {one.text("code") for one in pack.of("divisions.csv")}:
        yield _fault(row, f"city_code {row.text('city_code')} 不在 divisions.csv 里", "改成该文件中的区划代码")
