"""What is wrong across files: references, rules between columns, forms that could not be filled in.

The format of each file (columns, kinds, keys) is checked by `shuzheng.packs`; these checks bear faulty rows.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from shuzheng.base.kernel.codes import ITEM_DIGITS
from shuzheng.base.kernel.pack import Fault, PackRows, Row, Table, rows_of
from shuzheng.engines.credentials.types import SystemValue
from shuzheng.services.items.pack.reading import split
from shuzheng.services.items.rules.conditions import faults_of, register_keys
from shuzheng.services.items.rules.grading import faults_of_grades
from shuzheng.services.items.rules.licence import field_name, is_plain
from shuzheng.services.items.rules.prefill import FIRM_FIELDS, PERSON_FIELDS
from shuzheng.services.items.rules.specs import parse_precision
from shuzheng.services.items.types import KIND_NAMES, FieldType, Handling
from shuzheng.services.rulebook.pack.grades import read_grades
from shuzheng.services.rulebook.rules.grading import Grades

Found = Iterator[Fault]
_TYPES: Final = frozenset(FieldType)


def check(pack: PackRows) -> list[Fault]:
    """Return every fault in this part's files, including references into other parts' files."""
    items = {row.text("basic_code"): row for row in pack.of("items.csv")}
    checks: tuple[Callable[[PackRows, Mapping[str, Row]], Iterable[Fault]], ...] = (
        _check_items,
        _check_materials,
        _check_forms,
        _check_guides,
        _check_licence_fields,
        _check_prefill,
    )
    return [fault for look in checks for fault in look(pack, items)]


def _fault(row: Row, what: str, remedy: str, *, line: int | None = None) -> Fault:
    return Fault(row.file, row.line if line is None else line, what, remedy)


def _licence_types(pack: PackRows) -> dict[str, list[str]]:
    return {row.text("name"): split(row.text("key_fields")) for row in pack.of("licence_types.csv")}


def _check_items(pack: PackRows, items: Mapping[str, Row]) -> Found:
    types = _licence_types(pack)
    for code, row in items.items():
        if len(code) not in ITEM_DIGITS or not (code.isascii() and code.isdigit()):
            yield _fault(
                row,
                "basic_code 不是 12 位数字",
                "基本编码：2 位省码、2 位类型、5 位主项、3 位子项；业务办理项再加 2 位",
            )
        elif code[2:4] != row.text("kind") and not row.text("source_code"):
            yield _fault(row, "kind 与 basic_code 第 3、4 位不一致", f"kind 改成 {code[2:4]}")
        if row.text("kind") not in KIND_NAMES:
            yield _fault(row, "kind 不是事项类型", f"改成其中之一：{'、'.join(KIND_NAMES)}")
        instant = row.text("handling") == Handling.INSTANT
        if instant and row.text("promised_days") not in ("0", ""):
            yield _fault(row, "即办件的 promised_days 应当是 0", "改成 0，或把 handling 改成 promised")
        if not instant and row.text("promised_days") == "0":
            yield _fault(row, "承诺件没有承诺时限", "promised_days 填工作日数，例如 5")
        licence_type = row.text("licence_type")
        if licence_type and licence_type not in types:
            yield _fault(row, f"licence_type “{licence_type}”不在 licence_types.csv 里", "改成该文件中的名称，或留空")


def _check_materials(pack: PackRows, items: Mapping[str, Row]) -> Found:
    types = _licence_types(pack)
    for row in pack.of("materials.csv"):
        if row.text("basic_code") not in items:
            yield _fault(row, "basic_code 不在 items.csv 里", "改成该文件中的事项编码")
        licence_type, source = row.text("licence_type"), row.text("source")
        if source == "licence" and not licence_type:
            yield _fault(row, "由电子证照代替的材料没有写 licence_type", "写 licence_types.csv 中的证照类型名称")
        if licence_type and licence_type not in types:
            yield _fault(row, f"licence_type “{licence_type}”不在 licence_types.csv 里", "改成该文件中的名称，或留空")
        if row.text("required") == "conditional" and not row.text("condition_zh"):
            yield _fault(row, "有条件提交的材料没有写 condition_zh", "写什么情况下要交，例如：委托他人办理的")


def _check_forms(pack: PackRows, items: Mapping[str, Row]) -> Found:
    seqs: dict[str, set[int]] = {}
    grades = read_grades(pack)
    for row in pack.of("materials.csv"):
        if row.text("seq").isdigit():
            seqs.setdefault(row.text("basic_code"), set()).add(int(row.text("seq")))
    for row in rows_of(pack, "forms.toml", "form"):
        code = row.text("basic_code")
        if code not in items:
            yield _fault(row, "basic_code 不在 items.csv 里", "改成该文件中的事项编码")
        yield from _check_fields(row, seqs.get(code, set()))
        yield from _check_covers(row, seqs.get(code, set()))
        yield from _check_conditions(row)
        yield from _check_grades(row, grades)


def _check_grades(row: Row, grades: Grades) -> Found:
    for table, what, remedy in faults_of_grades(row.values, grades):  # type: ignore[arg-type]  # TOML holds JSON's kinds and dates
        yield _fault(row, what, remedy, line=table.line if isinstance(table, Table) else row.line)


def _check_fields(row: Row, seqs: set[int]) -> Found:
    names: set[str] = set()
    for field in _fields(row):
        name = str(field.get("name", ""))
        if name in names:
            yield _fault(row, f"字段名 {name} 在同一份申请表里重复", "每个字段名只用一次", line=field.line)
        names.add(name)
        for what, remedy in _problems_of_field(field, seqs):
            yield _fault(row, f"字段 {name} {what}", remedy, line=field.line)


def _check_covers(row: Row, seqs: set[int]) -> Found:
    kinds = {str(field.get("name", "")): field.get("type") for field in _fields(row)}
    for table in row.tables("material"):
        covered, seq = str(table.get("covered_by", "")), table.get("seq")
        how, _, name = covered.partition(":")
        if covered != "form" and (how not in ("form", "field") or name not in kinds):
            remedy = "改成 form、form:字段名 或 field:字段名"
            yield _fault(row, f"材料由 {covered} 承接，申请表没有这个字段", remedy, line=table.line)
        elif how == "field" and kinds[name] != FieldType.FILE:
            yield _fault(
                row, f"材料由 {covered} 承接，这个字段不是文件", "改成 form:字段名，或另写文件字段", line=table.line
            )
        if seq not in seqs:
            yield _fault(row, f"材料 {seq} 不在 materials.csv 里", "改成该事项的材料序号", line=table.line)


def _check_conditions(row: Row) -> Found:
    if any(field.get("type") not in _TYPES for field in _fields(row)):
        return  # told already; no schema can be made
    for table, what in faults_of(row.values):  # type: ignore[arg-type]  # TOML holds JSON's kinds and dates
        line = table.line if isinstance(table, Table) else row.line
        where = f"条件 {table.get('seq')}" if "seq" in table else f"事实 {table.get('name')}"
        yield _fault(row, f"{where}：{what}", "按规则的写法改好这一处", line=line)


def _fields(row: Row) -> Iterator[Table]:
    for section in row.tables("section"):
        fields = section.get("field")
        if isinstance(fields, list):
            yield from (field for field in fields if isinstance(field, Table))


def _problems_of_field(field: Table, seqs: set[int]) -> Iterator[tuple[str, str]]:
    kind = field.get("type")
    if kind not in _TYPES:
        return
    if kind in (FieldType.CHOICE, FieldType.MULTICHOICE) and not field.get("choices"):
        yield "没有选项", 'choices = ["甲", "乙"]'
    if kind == FieldType.NUMBER and parse_precision(str(field.get("precision", ""))) is None:
        yield "没有写数字的精度", 'precision = "num(12,2)"：共 12 位，小数 2 位'
    if kind == FieldType.FILE and field.get("material_seq") not in seqs:
        yield "没有对应的材料", "material_seq 写 materials.csv 中该事项的材料序号"


def _check_guides(pack: PackRows, items: Mapping[str, Row]) -> Found:
    for row in rows_of(pack, "guides.toml", "guide"):
        if row.text("basic_code") not in items:
            yield _fault(row, "basic_code 不在 items.csv 里", "改成该文件中的事项编码")


def _check_licence_fields(pack: PackRows, items: Mapping[str, Row]) -> Found:
    types = _licence_types(pack)
    names = {
        row.text("basic_code"): {str(field.get("name", "")) for field in _fields(row)}
        for row in rows_of(pack, "forms.toml", "form")
    }
    for row in pack.of("form_licence_fields.csv"):
        code, kind, value = row.text("basic_code"), row.text("licence_type"), row.text("value")
        if code not in items:
            yield _fault(row, "basic_code 不在 items.csv 里", "改成该文件中的事项编码")
        elif items[code].text("licence_type") != kind:
            yield _fault(row, "licence_type 与 items.csv 中该事项的不一致", f"改成 {items[code].text('licence_type')}")
        if kind not in types:
            yield _fault(row, f"licence_type “{kind}”不在 licence_types.csv 里", "改成该文件中的名称")
        elif row.text("licence_field") not in types[kind]:
            yield _fault(row, f"{kind}没有“{row.text('licence_field')}”这个字段", f"改成其中之一：{_some(types[kind])}")
        if row.text("source") == "system" and value not in set(SystemValue):
            yield _fault(row, f"没有系统值 {value}", f"改成其中之一：{_some(list(SystemValue))}")
        if row.text("source") == "expression" and is_plain(value) and field_name(value) not in names.get(code, set()):
            yield _fault(row, f"申请表没有 {value} 这个字段", "改成 form. 加上该事项申请表中的字段名")


def _check_prefill(pack: PackRows, items: Mapping[str, Row]) -> Found:  # noqa: ARG001 - one shape for all checks
    types = _licence_types(pack)
    asked = {str(field.get("prefill", "")) for row in rows_of(pack, "forms.toml", "form") for field in _fields(row)}
    asked |= {key for row in rows_of(pack, "forms.toml", "form") for key in register_keys(row.values).values()}  # type: ignore[arg-type]  # TOML holds JSON's kinds and dates
    fields: dict[str, frozenset[str]] = {"firm": FIRM_FIELDS, "person": PERSON_FIELDS}
    for row in pack.of("prefill.toml"):
        origin, field = row.text("from"), row.text("field")
        if row.table not in asked:
            yield _fault(row, f"没有申请表用到“{row.table}”", "改成 forms.toml 里 prefill 的写法，或删去这一行")
        if origin == "licence":
            kind = row.text("type")
            if kind not in types:
                yield _fault(row, f"type “{kind}”不在 licence_types.csv 里", "改成该文件中的名称")
            elif field not in types[kind]:
                yield _fault(row, f"{kind}没有“{field}”这个字段", f"改成其中之一：{_some(types[kind])}")
        elif origin in fields and field not in fields[origin]:
            yield _fault(row, f"{origin} 没有 {field} 这个字段", f"改成其中之一：{_some(sorted(fields[origin]))}")


def _some(words: Sequence[str]) -> str:
    return "、".join(words)
